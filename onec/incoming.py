"""How the simulated 1C reads the site's orders: as strictly as the real clients do.

One document of another operation or without a currency rejects the whole answer; УТ matches orders
by the first eleven characters of the number, УНФ makes its own number from the digits; tax that is
not marked as included comes on top (CommerceML reference, chapter 9, quirks 28, 29, 33, 34).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from uuid import uuid4

from lxml import etree

from onec.base import CENT, Base, OneCError


class AnswerRefused(OneCError):
    """The answer to ``query`` cannot be taken; nothing of it was, and no ``success`` is sent."""


@dataclass
class Taken:
    """What became of the orders of one answer."""

    created: int = 0
    changed: int = 0
    skipped: int = 0
    duplicates: int = 0  # products that 1C had to invent because the line named an unknown one


def read_orders(answer: bytes, base: Base, *, dialect: str) -> Taken:
    """Take the orders of an answer in one transaction.

    :raises AnswerRefused: any of them breaks a rule of the client.
    """
    if not answer.startswith(b"<?xml"):
        raise AnswerRefused(
            "не удалось прочитать данные, загруженные с сервера (no <?xml at the start)"
        )
    try:
        message = etree.fromstring(answer, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise AnswerRefused(f"the answer is not XML: {error}") from error
    documents = list(_documents(message, dialect))
    for document in documents:
        _require(document)
    taken = Taken()
    with base.transaction():
        for document in documents:
            _take(document, base, dialect, taken)
    return taken


def _documents(message: etree._Element, dialect: str) -> Iterator[etree._Element]:
    if dialect == "bus":
        containers = message.findall("{*}Контейнер")
        if not containers and message.find("{*}Документ") is not None:
            raise AnswerRefused("нет документов для обработки (documents without Контейнер)")
        for container in containers:
            yield from (d for d in container.findall("{*}Документ") if _is_order(d))
    else:
        yield from message.findall("{*}Документ")


def _text(element: etree._Element, path: str) -> str:
    return (element.findtext("/".join(f"{{*}}{part}" for part in path.split("/"))) or "").strip()


def _is_order(document: etree._Element) -> bool:
    return _text(document, "ХозОперация") == "Заказ товара"


def _require(document: etree._Element) -> None:
    number = _text(document, "Номер")
    if not _is_order(document):
        raise AnswerRefused(f"document {number}: ХозОперация «{_text(document, 'ХозОперация')}»")
    for name in ("Ид", "Номер", "Дата", "Валюта", "Сумма"):
        if not _text(document, name):
            raise AnswerRefused(f"document {number}: {name} is empty")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", _text(document, "Дата")):
        raise AnswerRefused(
            f"document {number}: Дата «{_text(document, 'Дата')}» is not yyyy-MM-dd"
        )
    if document.find("{*}Контрагенты/{*}Контрагент") is None:
        raise AnswerRefused(f"document {number}: no counterparty")
    for name in ("Сумма", "Курс"):
        _number(_text(document, name) or "1", f"document {number}: {name}")


def _number(text: str, where: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise AnswerRefused(f"{where}: «{text}» is not a number") from None


def _requisites(document: etree._Element) -> dict[str, str]:
    return {
        _text(r, "Наименование"): _text(r, "Значение")
        for r in document.findall("{*}ЗначенияРеквизитов/{*}ЗначениеРеквизита")
    }


# What a client reads itself; every other requisite of an order is kept beside it.
_OWN_WORDS = frozenset({
    "Статус заказа", "Статуса заказа ИД", "Отменен", "Организация", "Вид цен", "Склад",
})  # fmt: skip


def _take(document: etree._Element, base: Base, dialect: str, taken: Taken) -> None:
    site_number = _text(document, "Номер")
    key = site_number[:11] if dialect == "ut" else site_number
    values = _requisites(document)
    cancelled = values.get("Отменен") == "true"
    found = base.one("SELECT * FROM customer_order WHERE site_number = ?", key)
    moment = f"{_text(document, 'Дата')}T{_text(document, 'Время') or '00:00:00'}"
    partner = json.dumps(_partner(document, base), ensure_ascii=False)
    included = _text(document, "Налоги/Налог/УчтеноВСумме") == "true"
    lines = list(_lines(document, base, taken, site_number, included=included))
    further = json.loads(found["requisites"]) if found is not None else {}
    further |= {name: text for name, text in values.items() if name not in _OWN_WORDS}
    additional = json.dumps({k: v for k, v in further.items() if v}, ensure_ascii=False)
    if found is None:
        ref = str(uuid4())
        own_number = _own_number(base, site_number, dialect)
        base.run(
            "INSERT INTO customer_order (ref, site_ref, site_number, number, ordered_at, currency,"
            " partner, comment, status, is_tax_included, is_cancelled, requisites)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ref,
            _text(document, "Ид"),
            key,
            own_number,
            moment,
            _text(document, "Валюта"),
            partner,
            _text(document, "Комментарий"),
            values.get("Статус заказа", ""),
            int(included),
            int(cancelled),
            additional,
        )
        taken.created += 1
    else:
        ref = found["ref"]
        if base.paid(ref) or base.shipped(ref):
            taken.skipped += 1  # only its properties may change now
            return
        before = (base.lines(ref), found["comment"], found["is_cancelled"], found["requisites"])
        base.run(
            "UPDATE customer_order SET partner = ?, comment = ?, status = ?, is_cancelled = ?,"
            " is_tax_included = ?, requisites = ? WHERE ref = ?",
            partner,
            _text(document, "Комментарий"),
            values.get("Статус заказа", ""),
            int(cancelled),
            int(included),
            additional,
            ref,
        )
        _replace_lines(base, ref, lines)
        after = (base.lines(ref), _text(document, "Комментарий"), int(cancelled), additional)
        taken.changed += int(before != after)
        taken.skipped += int(before == after)
        if before != after:
            base.run("UPDATE customer_order SET version = version + 1 WHERE ref = ?", ref)
            base.register("order", [ref])
        return
    _replace_lines(base, ref, lines)
    base.register("order", [ref])


def _own_number(base: Base, site_number: str, dialect: str) -> str:
    if dialect != "unf":
        return base.next_order_number()
    number = "СА" + re.sub(r"\D", "", site_number).rjust(6, "0")
    if base.one("SELECT 1 FROM customer_order WHERE number = ?", number):
        raise AnswerRefused(f"order {site_number}: the number {number} is taken by another order")
    return number


def _partner(document: etree._Element, base: Base) -> dict[str, str]:
    holder = document.find("{*}Контрагенты/{*}Контрагент")
    assert holder is not None  # noqa: S101  (checked by _require)
    names = ("Ид", "Наименование", "ПолноеНаименование", "ОфициальноеНаименование", "ИНН", "КПП")
    data = {name: _text(holder, name) for name in names}
    if not data["Наименование"]:
        raise AnswerRefused("a counterparty has no Наименование")
    known = base.one(
        "SELECT * FROM partner WHERE (tax_number = ? AND ? <> '') OR name = ? LIMIT 1",
        data["ИНН"],
        data["ИНН"],
        data["Наименование"],
    )
    if known is None:
        ref = str(uuid4())
        base.run(
            "INSERT INTO partner VALUES (?, ?, ?, ?, ?, '', '', '')",
            ref,
            data["Наименование"],
            data["ПолноеНаименование"],
            data["ИНН"],
            data["КПП"],
        )
        data["Ид"] = ref
    else:
        data["Ид"] = known["ref"]
    return data


def _lines(
    document: etree._Element, base: Base, taken: Taken, number: str, *, included: bool
) -> Iterator[tuple[str, str, str, str, str, Decimal, Decimal, Decimal, str]]:
    for item in document.findall("{*}Товары/{*}Товар"):
        where = f"document {number}, «{_text(item, 'Наименование')}»"
        quantity = _number(_text(item, "Количество"), where)
        if quantity == 0:
            continue  # УТ skips such lines
        price = _number(_text(item, "ЦенаЗаЕдиницу") or _text(item, "Цена"), where)
        total = _number(_text(item, "Сумма"), where)
        tax = _text(item, "Налоги/Налог/Ставка") or _text(item, "СтавкиНалогов/СтавкаНалога/Ставка")
        if not included and tax.replace(".", "").isdigit():
            total = (total * (100 + Decimal(tax)) / 100).quantize(CENT, ROUND_HALF_UP)
        product_ref, _, variant_ref = _text(item, "Ид").partition("#")
        if base.one("SELECT 1 FROM product WHERE ref = ?", product_ref) is None:
            taken.duplicates += 1
        yield (
            product_ref,
            variant_ref,
            _text(item, "Артикул"),
            _text(item, "Наименование"),
            _text(item, "Единица") or _text(item, "БазоваяЕдиница"),
            quantity,
            price,
            total,
            tax,
        )


def _replace_lines(
    base: Base,
    ref: str,
    lines: list[tuple[str, str, str, str, str, Decimal, Decimal, Decimal, str]],
) -> None:
    base.run("DELETE FROM order_line WHERE order_ref = ?", ref)
    for position, line in enumerate(lines, 1):
        base.run(
            "INSERT INTO order_line VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            ref,
            position,
            *(str(value) for value in line),
        )
