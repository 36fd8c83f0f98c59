"""What the columns of a file mean: by their headings in three languages, else by their values.

A file with the same headings as an earlier one means what that one meant (``KnownMapping``).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils import translation
from django.utils.functional import Promise

from apps.core.folding import fold
from apps.core.objects import ObjectKind
from apps.imports.targets import Target, targets

LANGUAGES = ("en", "ru", "tr")
_SIGNS = re.compile(r"[^\w]+")
_MAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_PHONE = re.compile(r"^\+?[\d\s().\-]{7,25}$")
_DAY = re.compile(r"^\s*(\d{1,4})[./\-](\d{1,2})[./\-](\d{1,4})(?:[ T].*)?$")
# What columns are headed in files people have, beside the names of the fields themselves.
WORDS: dict[str, tuple[str, ...]] = {
    "name": (
        "наименование", "название", "контрагент", "клиент", "заказчик", "покупатель",
        "организация", "компания", "фирма", "имя", "company", "company name", "customer",
        "customer name", "client", "account", "account name", "firma", "firma adı", "müşteri",
        "müşteri adı", "cari", "cari adı", "şirket", "ünvan", "ad", "adı",
    ),
    "title": ("наименование", "название", "тема", "name", "subject", "başlık", "konu", "ad"),
    "full_name": (
        "полное наименование", "фио", "ф и о", "full name", "legal name", "tam ad", "ad soyad",
        "adı soyadı", "ticari unvan",
    ),
    "tax_number": (
        "инн", "инн кпп", "tax id", "tax no", "tax number", "vat", "vat number", "vkn", "tckn",
        "vergi no", "vergi numarası", "vergi kimlik no", "vkn tckn",
    ),
    "tax_reason_code": ("кпп", "kpp"),
    "registration_number": ("огрн", "огрнип", "mersis no", "mersis", "sicil no"),
    "phone": (
        "телефон", "тел", "телефоны", "моб", "мобильный", "сотовый", "phone", "phones", "tel",
        "mobile", "cell", "telephone", "telefon", "telefon no", "gsm", "cep", "cep telefonu",
    ),
    "email": (
        "почта", "эл почта", "электронная почта", "email", "e mail", "mail", "eposta", "e posta",
        "e posta adresi",
    ),
    "address": ("адрес", "фактический адрес", "address", "street", "adres", "açık adres"),
    "legal_address": ("юридический адрес", "юр адрес", "legal address", "fatura adresi"),
    "responsible": (
        "ответственный", "менеджер", "owner", "manager", "account owner", "assigned to",
        "sorumlu", "temsilci", "müşteri temsilcisi",
    ),
    "comment": (
        "комментарий", "примечание", "заметка", "comment", "note", "notes", "remark",
        "description", "açıklama", "not", "notlar",
    ),
    "kind": ("вид", "тип", "вид контрагента", "kind", "type", "tür", "tip"),
    "job_title": ("должность", "position", "job title", "görev", "pozisyon"),
    "counterparty": (
        "контрагент", "клиент", "компания", "организация", "company", "customer", "account",
        "firma", "müşteri", "şirket", "cari",
    ),
    "id": ("id", "guid", "uuid"),
    "ref": ("ид", "ид 1с", "код 1с", "внешний код", "1c id", "external id"),
    "created_at": (
        "дата создания", "создан", "дата регистрации", "created", "created at", "created on",
        "create date", "kayıt tarihi", "oluşturma tarihi",
    ),
}  # fmt: skip


def fingerprint(headings: Sequence[str]) -> str:
    """Return what tells files with other headings apart; their order does not matter."""
    told = "\n".join(sorted(plain(each) for each in headings))
    return hashlib.sha256(told.encode()).hexdigest()


def plain(heading: str) -> str:
    """Return a heading without case, signs and doubled blanks."""
    return " ".join(_SIGNS.sub(" ", fold(heading)).split())


def guess(
    kind: ObjectKind, headings: Sequence[str], samples: Sequence[Sequence[str]],
    known: dict[str, Any] | None = None,
) -> list[dict[str, str]]:  # fmt: skip
    """Return {"field", "format"} for each column; ``known`` is the mapping of an earlier file."""
    offered = targets(kind)
    words = [(each, _words(each)) for each in offered]
    chosen: list[str] = [""] * len(headings)
    scores = []
    for column, heading in enumerate(headings):
        former = (known or {}).get(plain(heading))
        if former is not None and any(each.key == former["field"] for each in offered):
            chosen[column] = former["field"]
            continue
        if former is not None:
            continue  # left out on purpose the last time
        for place, (target, names) in enumerate(words):
            score = _score(plain(heading), names)
            if score:
                scores.append((-score, target.is_child, place, column, target))
    taken = {each for each in chosen if each}
    for _rank, _child, _place, column, target in sorted(scores, key=lambda each: each[:4]):
        if not chosen[column] and _is_free(target, taken):
            chosen[column] = target.key
            taken.add(target.key)
    _by_values(chosen, taken, headings, samples, offered, known or {})
    return [
        {
            "field": field,
            "format": (known or {}).get(plain(headings[column]), {}).get("format", "")
            or format_of(samples[column]),
        }
        for column, field in enumerate(chosen)
    ]


def format_of(values: Iterable[str]) -> str:
    """Return how the days or numbers of a column are written.

    ``dmy``, ``mdy``, ``ymd``; ``comma`` or ``point`` for the decimal sign; "" for other text.
    """
    filled = [each for each in values if each]
    days = [found for found in map(_DAY.match, filled) if found]
    if days and len(days) * 10 >= len(filled) * 8:
        return _order_of([each.groups() for each in days])
    figures = [each for each in filled if _is_figure(each)]
    if figures and len(figures) * 10 >= len(filled) * 8:
        return _decimal_sign(figures)
    return ""


def _is_free(target: Target, taken: set[str]) -> bool:
    return target.key not in taken or target.field.type in ("phone", "email")


def _words(target: Target) -> set[str]:
    """Return every name of a target, folded: its label in each language, its key, its words."""
    field = target.field
    own = {plain(each) for each in (*field.words, *WORDS.get(field.key, ()), field.key)}
    own |= _in_each_language(field.label)
    if not target.is_child:
        return own
    if target.is_part:
        return {plain(each) for each in field.words} | _in_each_language(target.label)
    kinds = _in_each_language(target.kind.label)
    spoken = {f"{kind} {word}" for kind in kinds for word in own}
    return spoken | (kinds if field.source == target.kind.title else set())


def _in_each_language(label: str | Promise) -> set[str]:
    found = set()
    for language in LANGUAGES:
        with translation.override(language):
            found.add(plain(str(label)))
    return found


def _score(heading: str, names: set[str]) -> int:
    if not heading:
        return 0
    if heading in names:
        return 100
    words = heading.split()
    best = 0
    for name in names:
        parts = name.split()
        if len(name) >= 3 and parts and all(part in words for part in parts):
            best = max(best, 50 + 10 * len(parts) - len(words))
    return best


def _by_values(
    chosen: list[str], taken: set[str], headings: Sequence[str], samples: Sequence[Sequence[str]],
    offered: Sequence[Target], known: dict[str, Any],
) -> None:  # fmt: skip
    """Give e-mail addresses and phones their field where the heading says nothing."""
    for kind, pattern in (("email", _MAIL), ("phone", _PHONE)):
        for column, values in enumerate(samples):
            filled = [each for each in values if each]
            if chosen[column] or not filled or plain(headings[column]) in known:
                continue
            if sum(1 for each in filled if pattern.match(each)) * 10 < len(filled) * 8:
                continue
            if kind == "phone" and not any(each[0] == "+" for each in filled):
                continue
            free = [t for t in offered if t.field.type == kind and t.key not in taken]
            if free and not free[0].is_child:
                chosen[column] = free[0].key
                taken.add(free[0].key)


def _order_of(days: Sequence[tuple[str, ...]]) -> str:
    if all(len(first) == 4 for first, _second, _third in days):
        return "ymd"
    if any(int(second) > 12 for _first, second, _third in days):
        return "mdy"
    return "dmy"


def _is_figure(text: str) -> bool:
    bare = re.sub(r"[^\d]", "", text)
    return bool(bare) and len(bare) * 2 >= len(text.replace(" ", "")) and not text.startswith("0")


def _decimal_sign(figures: Sequence[str]) -> str:
    commas = points = 0
    for text in figures:
        comma, point = text.rfind(","), text.rfind(".")
        place = max(comma, point)
        if place < 0:
            continue
        if comma >= 0 and point >= 0:
            weight = 3
        elif text.count(text[place]) > 1:  # 1.234.567: it parts thousands
            commas, points = commas + 2 * (text[place] == "."), points + 2 * (text[place] == ",")
            continue
        else:
            weight = 1 if len(text) - place - 1 == 3 else 2
        if text[place] == ",":
            commas += weight
        else:
            points += weight
    return "comma" if commas > points else "point"


