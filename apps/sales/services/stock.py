"""Whether what an invoice asks for is there: on hand less what other invoices have promised."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import F, Sum

from apps.catalog.models import Product
from apps.inventory.models import StockBalance
from apps.sales.models import DeliveryState, InvoiceLine, InvoiceStatus

ZERO = Decimal(0)
Key = tuple[UUID, UUID | None]


@dataclass(frozen=True)
class Shortage:
    """A product of which less is free than asked for, in base units."""

    product_id: UUID
    characteristic_id: UUID | None
    name: str
    wanted: Decimal
    free: Decimal


def shortages(
    *, lines: Iterable[tuple[UUID | None, UUID | None, Decimal]], invoice_id: UUID | None = None
) -> list[Shortage]:
    """Return what is short for these (product, characteristic, quantity) lines.

    Services and lines without a product are never short. The invoice's own former promise does not
    count against it.
    """
    wanted: dict[Key, Decimal] = defaultdict(lambda: ZERO)
    for product_id, characteristic_id, quantity in lines:
        if product_id is not None:
            wanted[product_id, characteristic_id] += quantity
    if not wanted:
        return []
    products = {key[0] for key in wanted}
    goods = dict(
        Product.objects.filter(pk__in=products, is_service=False).values_list("pk", "name")
    )
    free = free_quantities(product_ids=list(goods), but_invoice=invoice_id)
    return [
        Shortage(product_id, characteristic_id, goods[product_id], quantity, available)
        for (product_id, characteristic_id), quantity in wanted.items()
        if product_id in goods
        and quantity > (available := free.get((product_id, characteristic_id), ZERO))
    ]


def free_quantities(
    *, product_ids: list[UUID], but_invoice: UUID | None = None
) -> dict[Key, Decimal]:
    """Return what is free by product and characteristic: on hand less promised, two queries."""
    on_hand = (
        StockBalance.objects.filter(product__in=product_ids, warehouse__is_archived=False)
        .values_list("product_id", "characteristic_id")
        .annotate(total=Sum("quantity"))
        .order_by()
    )
    free: dict[Key, Decimal] = {(p, c): total for p, c, total in on_hand}
    for product_id, characteristic_id, promised in _promised(product_ids, but_invoice):
        key = (product_id, characteristic_id)
        free[key] = free.get(key, ZERO) - promised
    return free


def _promised(
    product_ids: list[UUID], but_invoice: UUID | None
) -> Iterable[tuple[UUID, UUID | None, Decimal]]:
    lines = InvoiceLine.objects.filter(
        product__in=product_ids,
        invoice__status__in=[InvoiceStatus.ISSUED, InvoiceStatus.SENT],
        quantity__gt=F("shipped_quantity"),
    ).exclude(invoice__delivery_state=DeliveryState.SHIPPED)
    if but_invoice is not None:
        lines = lines.exclude(invoice_id=but_invoice)
    return (
        lines.values_list("product_id", "characteristic_id")
        .annotate(promised=Sum(F("quantity") - F("shipped_quantity")))
        .order_by()
    )
