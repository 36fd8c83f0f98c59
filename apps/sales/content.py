"""What both sides may change of an invoice, in a form that can be compared and kept.

``{"cancelled": bool, "head": {"comment", "due_on"}, "lines": {key: {"name", "quantity",
"price"}}, "own": {field: text}}`` where a line's key is the product's identifier at the node (with
its characteristic), numbered when it stands in several; ``own`` are fields of administrators
(``apps.sales.own``). An empty text in a document's head says nothing: many senders leave it out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from apps.sales import own
from apps.sales.models import Invoice, InvoiceLine, InvoiceStatus
from exchange.formats.commerceml.writer import COMMENT_LENGTH, printable
from exchange.rows import DocumentLine, DocumentRow

Content = dict[str, Any]
FIELDS = ("quantity", "price")
HEAD = ("comment", "due_on")
_OF_INVOICE = f"{own.INVOICE}."


@dataclass(frozen=True)
class Difference:
    """What has to be done about one field: ours, theirs and what they were agreed on before."""

    key: str  # of the line; "" for the head
    field: str  # "quantity", "price", "line", "cancelled", "comment", "due_on", "invoices.x_…"
    base: Any
    ours: Any
    theirs: Any


def of_invoice(invoice: Invoice, lines: Iterable[InvoiceLine], *, node_id: UUID) -> Content:
    """Return the content of our invoice as this node would name it."""
    found: dict[str, Any] = {}
    for line in lines:
        key = numbered(line_key(line, node_id=node_id), found)
        found[key] = _line(line.name, line.quantity, told_price(line, invoice.is_tax_included))
    return {
        "cancelled": invoice.status == InvoiceStatus.CANCELLED,
        "head": _head(invoice.comment, invoice.due_on),
        "lines": found,
        "own": own.of_invoice(invoice),
    }


def of_document(
    row: DocumentRow, *, is_cancelled: bool, said_of_own: Mapping[str, str] | None = None
) -> Content:
    """Return the content of a document of 1C; lines of no quantity are no lines.

    ``said_of_own`` is what its requisites say of own fields: those not named stay unsaid.
    """
    found: dict[str, Any] = {}
    for line in row.lines:
        if line.quantity is None or line.quantity == 0:
            continue
        key = numbered(document_key(line), found)
        found[key] = _line(line.name, line.quantity, document_price(line))
    return {
        "cancelled": is_cancelled, "head": _head(row.comment, row.due_on), "lines": found,
        "own": dict(said_of_own or {}),
    }  # fmt: skip


def agreed(theirs: Content, ours: Content, *, former: Content) -> Content:
    """Return what a document agrees on: what its head leaves unsaid stays as it is here.

    Of own fields it leaves unsaid, what was agreed on before stays agreed on.
    """
    head = {field: theirs["head"][field] or ours["head"][field] for field in HEAD}
    return {**theirs, "head": head, "own": former.get("own", {}) | theirs["own"]}


def is_said(agreed: Content | None, ours: Content) -> bool:
    """Tell whether a node said itself all that our invoice says.

    What a customer's own fields say is no reason to bring it an order anew.
    """
    return agreed is not None and _of_order(agreed) == _of_order(ours)


def _of_order(content: Content) -> Content:
    said = content.get("own", {}).items()
    own_of_it = {name: text for name, text in said if text and name.startswith(_OF_INVOICE)}
    return {**content, "own": own_of_it}


def line_key(line: InvoiceLine, *, node_id: UUID) -> str:
    """Return what names a line's product at the node; needs ``product`` and ``characteristic``."""
    if line.product is None:
        return f"name:{line.name}"
    ref = line.product.ref if line.product.node_id == node_id else str(line.product_id)
    if line.characteristic is not None:
        return f"{ref}#{line.characteristic.ref or line.characteristic_id}"
    return ref


def told_price(line: InvoiceLine, is_tax_included: bool) -> Decimal:
    """Return the price 1C is told: a discount travels inside it, so that 1C's sum is ours."""
    if not line.discount_percent or not line.quantity:
        return line.price
    total = line.total if is_tax_included else line.total - line.tax
    return (total / line.quantity).quantize(Decimal("0.0001"))


def document_key(line: DocumentLine) -> str:
    """Return the same for a line of 1C's document."""
    if not line.product_ref:
        return f"name:{line.name}"
    if line.characteristic_ref:
        return f"{line.product_ref}#{line.characteristic_ref}"
    return line.product_ref


def document_price(line: DocumentLine) -> Decimal:
    """Return the price of a document's line, from its sum when it names none."""
    if line.price is not None:
        return line.price
    if line.total is not None and line.quantity:
        return (line.total / line.quantity).quantize(Decimal("0.0001"))
    return Decimal(0)


def numbered(key: str, taken: dict[str, Any]) -> str:
    """Return the key, with a number when it is taken."""
    if key not in taken:
        return key
    number = 2
    while f"{key}@{number}" in taken:
        number += 1
    return f"{key}@{number}"


def compare(
    *, base: Content | None, ours: Content, theirs: Content
) -> tuple[list[Difference], list[Difference]]:
    """Return what to take from 1C, and what both sides changed differently.

    Without a base 1C's document counts as the first word about everything.
    """
    former = (base or {}).get("own", {})
    base = base or ours
    taken: list[Difference] = []
    conflicts: list[Difference] = []

    def settle(key: str, field: str, b: Any, o: Any, t: Any) -> None:
        if o == t or t == b:
            return
        (taken if o == b else conflicts).append(Difference(key, field, b, o, t))

    settle("", "cancelled", base["cancelled"], ours["cancelled"], theirs["cancelled"])
    head = base["head"] if "head" in base else ours["head"]
    for field in HEAD:
        if theirs["head"][field]:
            settle("", field, head[field], ours["head"][field], theirs["head"][field])
    for name, said in theirs["own"].items():
        if name in former:
            settle("", name, former[name], ours["own"].get(name, ""), said)
        elif name.startswith(_OF_INVOICE) or not ours["own"].get(name):
            # Never spoken of: an empty value takes it, another one wants a person. Of a customer
            # each old order says something, so that there its own value stays.
            settle("", name, "", ours["own"].get(name, ""), said)
    for key in dict.fromkeys([*ours["lines"], *theirs["lines"]]):
        b, o, t = (side["lines"].get(key) for side in (base, ours, theirs))
        if b is None or o is None or t is None:
            settle(key, "line", _plain(b), _plain(o), _plain(t))
        else:
            for field in FIELDS:
                settle(key, field, b[field], o[field], t[field])
    return taken, conflicts


def _head(comment: str, due_on: date | None) -> dict[str, str]:
    said = printable(comment.replace("\r\n", "\n"))[:COMMENT_LENGTH].strip()
    return {"comment": said, "due_on": due_on.isoformat() if due_on is not None else ""}


def _line(name: str, quantity: Decimal, price: Decimal) -> dict[str, str]:
    return {"name": name, "quantity": text(quantity), "price": text(price)}


def _plain(line: dict[str, str] | None) -> dict[str, str] | None:
    """Return a line without its name: names are 1C's affair."""
    return {field: line[field] for field in FIELDS} if line is not None else None


def text(number: Decimal) -> str:
    """Return a number in one spelling: 2, 2.5."""
    return f"{number.normalize():f}"
