"""Own fields in 1C: which are named there, and their values as 1C writes them.

A field names what holds its value in 1C (``CustomField.name_1c``): a requisite of the order
document for fields of invoices and counterparties, a property of goods for fields of products, a
column of a free directory for fields of own objects that name one (``CustomObject.directory_1c``).
``docs/admin/customization.md`` tells administrators of it, ``docs/protocol/commerceml.md`` where
in a message each stands.

A value travels as text: a number with a dot, a day ``2026-11-28``, a moment
``2026-11-28T10:00:00`` in the company's time zone, ``true`` and ``false``, choices by their labels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from apps.core.folding import fold
from apps.custom.models import COMPUTED, CustomField, CustomType
from apps.custom.values import NotAValue, stored
from exchange.formats.commerceml import values as written
from exchange.formats.commerceml.writer import printable
from exchange.rows import ProblemCode

LONGEST = 1000  # letters of one requisite
ORDERS, GOODS = ("invoices", "counterparties"), "products"
_TAKEN = frozenset({  # requisites of orders that say something else already
    "Номер по 1С", "Дата по 1С", "Номер оплаты по 1С", "Дата оплаты по 1С", "Номер отгрузки по 1С",
    "Дата отгрузки по 1С", "ПометкаУдаления", "Проведен", "Отменен", "Статус заказа",
    "Статуса заказа ИД", "Оплачен", "Отгружен", "СтатусЗаказа", "Организация", "Вид цен", "Склад",
})  # fmt: skip
_NEVER = COMPUTED | {CustomType.USER, CustomType.RELATION}
_SEPARATOR = ";"



class Unfit(NotAValue):
    """A text of 1C is none of the field's values; ``code`` says what was expected."""

    def __init__(self, code: ProblemCode, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True)
class NamedIn1C:
    """Fields of a kind stand in 1C from now on, or differently than before."""

    kind: str


def can_be_named(kind: str, type_: str) -> bool:
    """Tell whether a field of this kind and type may stand in 1C.

    People, links and computed values may not: 1C would not know what they mean.
    """
    return type_ not in _NEVER and (kind in (*ORDERS, GOODS) or kind.startswith("o_"))


def is_taken_up(kind: str, name: str) -> bool:
    """Tell whether 1C's orders say something else under this name, so that no field may."""
    return kind in ORDERS and place(written.canonical_requisite(name)) in map(place, _TAKEN)


def place(name: str) -> str:
    """Return what two names in 1C are compared by: without case, their blanks single."""
    return " ".join(name.split()).casefold()


def said(field: CustomField, kept: Any) -> str:
    """Return a value that a row keeps as 1C is told it; ``""`` for nothing."""
    if kept is None or kept == "" or kept == []:
        return ""
    text = _SAID.get(field.type, _as_text)(field, kept)
    return printable(text.replace("\r\n", "\n"))[:LONGEST].strip()


def heard(field: CustomField, text: str) -> Any:
    """Return what a row keeps of a text of 1C; ``None`` for nothing.

    :raises Unfit: it is none of the field's values; the text is a sentence for the person.
    """
    text = text.strip()
    if not text:
        return None
    hear = _HEARD.get(field.type)
    try:
        return stored(field.type, hear(field, text) if hear else text)
    except Unfit:
        raise
    except NotAValue as problem:
        raise Unfit(_CODES.get(field.type, ProblemCode.NOT_OF_FIELD), str(problem)) from None


def told_among(
    fields: Iterable[CustomField], told: Mapping[str, str]
) -> tuple[dict[str, Any], list[tuple[CustomField, str, ProblemCode]]]:
    """Return the values that fields find among named texts, and what none of them could read.

    ``told`` is by ``place`` of the name. The first answer is by key of the field and holds only
    fields that were named; the second has the field, the text and what was expected for each
    value that is none of the field's.
    """
    found: dict[str, Any] = {}
    unread = []
    for field in fields:
        text = told.get(place(field.name_1c))
        if text is None:
            continue
        try:
            found[field.key] = heard(field, text)
        except Unfit as problem:
            unread.append((field, text, problem.code))
    return found, unread


# What 1C calls its own, offered to who names a field -------------------------------------------
_offers: dict[str, Callable[[], Sequence[str]]] = {}


def offer(kind: str, names: Callable[[], Sequence[str]]) -> None:
    """Have ``names`` say what 1C told of for this kind: properties of goods, directories' columns.

    ``kind`` is ``products``, ``directories`` (their names) or ``columns`` (of directories).
    """
    _offers[kind] = names


def offered(kind: str) -> Sequence[str]:
    """Return the names that 1C told of."""
    asked = _offers.get("columns" if kind.startswith("o_") else kind)
    return asked() if asked is not None else ()


# Values as texts ----------------------------------------------------------------------------------
def _as_text(_field: CustomField, kept: Any) -> str:
    return str(kept)


def _number(_field: CustomField, kept: Any) -> str:
    return f"{Decimal(str(kept)).normalize():f}"


def _truth(_field: CustomField, kept: Any) -> str:
    return "true" if kept else "false"


def _label(field: CustomField, kept: Any) -> str:
    labels = {str(value): str(label) for value, label in field.choices or ()}
    return labels.get(str(kept), str(kept))


def _labels(field: CustomField, kept: Any) -> str:
    return f"{_SEPARATOR} ".join(_label(field, each) for each in kept)


def _local(_field: CustomField, kept: Any) -> str:
    at = parse_datetime(str(kept))
    if at is None:
        return str(kept)
    return timezone.localtime(at).replace(tzinfo=None).isoformat(timespec="seconds")


def _heard_number(_field: CustomField, text: str) -> Any:
    try:
        return written.number(text)
    except ValueError:
        raise NotAValue(_("“%(value)s” is not a number.") % {"value": text}) from None


def _heard_day(_field: CustomField, text: str) -> Any:
    try:
        return written.day(text)
    except (ValueError, OverflowError):
        raise NotAValue(_("“%(value)s” is not a date.") % {"value": text}) from None


def _heard_moment(_field: CustomField, text: str) -> datetime | None:
    try:
        return written.moment(text)
    except (ValueError, OverflowError):
        raise NotAValue(_("“%(value)s” is not a date with a time.") % {"value": text}) from None


def _heard_truth(_field: CustomField, text: str) -> Any:
    known = written.truth(text)
    return text if known is None else known


def _chosen(field: CustomField, text: str) -> str:
    """Return the choice that 1C names by its label, or by the value the API knows it by."""
    wanted = fold(text)
    for value, label in field.choices or ():
        if wanted in (fold(str(label)), fold(str(value))):
            return str(value)
    sentence = _("“%(value)s” is not among the choices.") % {"value": text}
    raise Unfit(ProblemCode.NOT_OFFERED, sentence)


def _several(field: CustomField, text: str) -> list[str]:
    whole = fold(text)  # a label may hold the separator itself
    for value, label in field.choices or ():
        if whole == fold(str(label)):
            return [str(value)]
    return [_chosen(field, each) for each in text.split(_SEPARATOR) if each.strip()]


_CODES = {
    "number": ProblemCode.NOT_A_NUMBER, "money": ProblemCode.NOT_A_NUMBER,
    "date": ProblemCode.NOT_A_DATE, "moment": ProblemCode.NOT_A_DATE,
}  # fmt: skip
_SAID: dict[str, Callable[[CustomField, Any], str]] = {
    "number": _number, "money": _number, "boolean": _truth, "choice": _label, "choices": _labels,
    "moment": _local,
}  # fmt: skip
_HEARD: dict[str, Callable[[CustomField, str], Any]] = {
    "number": _heard_number, "money": _heard_number, "date": _heard_day, "moment": _heard_moment,
    "boolean": _heard_truth, "choice": _chosen, "choices": _several,
}  # fmt: skip

