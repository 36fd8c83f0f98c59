"""Own fields of invoices and their customers as requisites of 1C's orders, both ways.

They are a part of what both sides may change of an invoice (``apps.sales.content``): by
``invoices.x_delivery`` or ``counterparties.x_region`` stands the value as 1C writes it
(``apps.custom.onec``), ``""`` for none. A customer's field travels with each of its orders.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from apps.core import objects
from apps.core.objects import Refused
from apps.counterparties.models import Counterparty
from apps.custom import onec
from apps.custom.fields import named_in_1c
from apps.custom.models import CustomField
from apps.custom.rows import keep as keep_values
from apps.custom.selectors import text_of
from apps.custom.values import read
from apps.sales.models import Invoice
from exchange.rows import ProblemCode, Requisite

INVOICE, CUSTOMER = onec.ORDERS


class Unread(NamedTuple):
    """A requisite whose text is none of its field's values."""

    field: CustomField
    text: str
    code: ProblemCode


def is_own(field: str) -> bool:
    """Tell whether a field of an invoice's content is one of these."""
    return field.startswith((f"{INVOICE}.", f"{CUSTOMER}."))


def of_invoice(invoice: Invoice) -> dict[str, str]:
    """Return what an invoice and its customer say; empty where no field is named in 1C."""
    return {
        f"{kind}.{field.key}": onec.said(field, (row.custom or {}).get(field.key))
        for kind, row in _rows(invoice)
        for field in named_in_1c(kind)
    }


def of_requisites(requisites: Iterable[Requisite]) -> tuple[dict[str, str], list[Unread]]:
    """Return what an order says of own fields, and what of it is no value of its field.

    A requisite that is empty says nothing: many senders leave out what they do not know.
    """
    told = {onec.place(each.name): each.value for each in requisites if each.value.strip()}
    found: dict[str, str] = {}
    unread: list[Unread] = []
    for kind in onec.ORDERS:
        fields = {field.key: field for field in named_in_1c(kind)}
        read, bad = onec.told_among(fields.values(), told)
        unread += [Unread(*each) for each in bad]
        found |= {f"{kind}.{key}": onec.said(fields[key], kept) for key, kept in read.items()}
    return {name: text for name, text in found.items() if text}, unread


def requisites(invoice: Invoice, agreed: Mapping[str, str] | None) -> Iterator[Requisite]:
    """Yield the requisites of the order that 1C takes.

    An empty value is told only where 1C was told another one before (``agreed``).
    """
    said = of_invoice(invoice)
    for kind in onec.ORDERS:
        for field in named_in_1c(kind):
            name = f"{kind}.{field.key}"
            if said[name] or (agreed or {}).get(name):
                yield Requisite(field.name_1c, said[name])


def keep(invoice: Invoice, *, field: str, text: str) -> None:
    """Keep what 1C says of an own field; the row is saved.

    :raises Refused: the value is taken by another row, or is none of the field's any more.
    """
    kind, _point, key = field.partition(".")
    known = {each.key: each for each in named_in_1c(kind)}
    if key not in known:
        return  # out of use since
    try:
        kept = onec.heard(known[key], text)
    except onec.Unfit as problem:
        raise Refused({key: [str(problem)]}) from problem
    row: Any = invoice
    if kind == CUSTOMER:
        row = Counterparty.objects.select_for_update().get(pk=invoice.counterparty_id)
    keep_values(objects.kind(kind), row, {key: kept}, is_new=False)
    if kind == CUSTOMER:
        invoice.counterparty = row


def refused(field: str, text: str) -> Unread:
    """Return what to say of a value that ``keep`` refused: another row has it, as a rule."""
    kind, _point, key = field.partition(".")
    found = next(each for each in named_in_1c(kind) if each.key == key)
    code = ProblemCode.VALUE_TAKEN if found.is_unique else ProblemCode.NOT_OF_FIELD
    return Unread(found, text, code)


def label(field: str) -> str:
    """Return how people call an own field; its key when it is out of use."""
    found = _field(field)
    return str(found.label) if found is not None else field.partition(".")[2]


def shown(field: str, text: str) -> str:
    """Return a value as people read it; as 1C wrote it where the field is out of use."""
    kind, _point, key = field.partition(".")
    known = _field(field)
    for each in named_in_1c(kind):
        if each.key == key and known is not None:
            try:
                kept = onec.heard(each, text)
            except onec.Unfit:
                return text
            return text_of(known, read(each.type, kept))
    return text


def _field(field: str) -> objects.Field | None:
    kind, _point, key = field.partition(".")
    try:
        return objects.kind(kind).field(key)
    except KeyError:
        return None


def fields_now() -> Sequence[tuple[str, str, str, Any]]:
    """Return what reading an order depends on beside the order itself: fields named in 1C."""
    return [
        (f"{kind}.{each.key}", each.name_1c, each.type, each.choices)
        for kind in onec.ORDERS for each in named_in_1c(kind)
    ]  # fmt: skip


def _rows(invoice: Invoice) -> Iterator[tuple[str, Any]]:
    yield INVOICE, invoice
    if named_in_1c(CUSTOMER):
        yield CUSTOMER, invoice.counterparty
