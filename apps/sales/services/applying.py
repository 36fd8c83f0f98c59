"""Bringing what 1C changed into an invoice's lines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max

from apps.catalog.models import Characteristic, Product
from apps.sales import content
from apps.sales.models import Invoice, InvoiceLine
from apps.sales.totals import LineTotals, document_totals, line_totals

ZERO = Decimal(0)


def lines_by_key(invoice: Invoice, *, node_id: UUID) -> dict[str, InvoiceLine]:
    """Return the lines of an invoice by what names them at the node."""
    found: dict[str, InvoiceLine] = {}
    for line in invoice.lines.select_related("product", "characteristic"):
        found[content.numbered(content.line_key(line, node_id=node_id), found)] = line
    return found


def apply_difference(
    invoice: Invoice, *, node_id: UUID, key: str, field: str, theirs: Any, name: str,
    unit: str = "", article: str = "", tax_rate: Decimal | None = None,
) -> None:  # fmt: skip
    """Take 1C's quantity, price, new line or removal of a line; totals follow by ``recount``."""
    line = lines_by_key(invoice, node_id=node_id).get(key)
    if theirs is None:
        if line is not None:
            line.delete()
        return
    values = theirs if field == "line" else {field: theirs}
    if line is None:
        line = _new_line(invoice, node_id=node_id, key=key, name=name)
        line.unit, line.article = unit[:50], article[:100]
        if tax_rate is not None:
            line.tax_rate = tax_rate
    if "quantity" in values:
        line.quantity = Decimal(str(values["quantity"]))
    if "price" in values:
        line.price, line.discount_percent = Decimal(str(values["price"])), ZERO
    line.total, line.tax = _totals(invoice, line)
    line.save()


def apply_head(invoice: Invoice, *, field: str, theirs: str) -> None:
    """Take 1C's comment or date of payment (does not save)."""
    if field == "due_on":
        invoice.due_on = date.fromisoformat(theirs) if theirs else None
    else:
        invoice.comment = theirs


def recount(invoice: Invoice) -> None:
    """Bring the totals of an invoice to the sum of its lines (does not save)."""
    sums = [LineTotals(line.total, line.tax) for line in invoice.lines.all()]
    invoice.total, invoice.tax_total = document_totals(sums)


def _new_line(invoice: Invoice, *, node_id: UUID, key: str, name: str) -> InvoiceLine:
    product, characteristic = product_at(node_id=node_id, key=key)
    highest = invoice.lines.aggregate(highest=Max("position"))["highest"] or 0
    return InvoiceLine(
        invoice=invoice, position=highest + 1, name=name[:500], product=product,
        characteristic=characteristic, quantity=ZERO, price=ZERO, total=ZERO,
        tax_rate=product.tax_rate if product is not None else None,
    )  # fmt: skip


def product_at(*, node_id: UUID, key: str) -> tuple[Product | None, Characteristic | None]:
    """Return the product and characteristic that a key of this node names, as far as known."""
    ref, _, characteristic_ref = key.split("@")[0].partition("#")
    product = Product.objects.filter(node_id=node_id, ref=ref).first()
    if product is None:
        product = Product.objects.filter(pk=ref).first() if _is_uuid(ref) else None
    if product is None or not characteristic_ref:
        return product, None
    return product, product.characteristics.filter(ref=characteristic_ref).first()


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _totals(invoice: Invoice, line: InvoiceLine) -> LineTotals:
    return line_totals(
        quantity=line.quantity, price=line.price, discount_percent=line.discount_percent,
        tax_rate=line.tax_rate, is_tax_included=invoice.is_tax_included,
    )  # fmt: skip
