"""How invoices travel: with their counterparty; sums follow from lines, payments, deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import F, Q

from apps.sales.models import Invoice, InvoiceLine
from apps.sales.services.settlement import refresh_states
from apps.sales.totals import LineTotals, document_totals
from replication import plan
from replication.nodes import this_office
from replication.plan import Travelling


def settle_invoices(keys: Sequence[UUID]) -> None:
    """Bring totals and states of invoices to their lines, payments and deliveries."""
    for invoice in Invoice.objects.filter(pk__in=keys).order_by("pk").select_for_update():
        lines = InvoiceLine.objects.filter(invoice=invoice).order_by("position", "pk")
        sums = [LineTotals(line.total, line.tax) for line in lines]
        if sums:
            total, tax = document_totals(sums)
            if (invoice.total, invoice.tax_total) != (total, tax):
                invoice.total, invoice.tax_total = total, tax
                invoice.save(update_fields=["total", "tax_total", "updated_at"])
        refresh_states(invoice=invoice)
    if this_office() is None:  # who has the invoice open at the centre hears that it changed
        Invoice.objects.filter(pk__in=keys).update(version=F("version") + 1)


def settle_children(keys: Sequence[UUID]) -> None:
    """Bring the invoices up to date whose lines, payments or deliveries changed."""
    chosen = Q(lines__in=keys) | Q(settlements__in=keys) | Q(deliveries__in=keys)
    settle_invoices(list(Invoice.objects.filter(chosen).distinct().values_list("pk", flat=True)))


plan.travels(Travelling("sales.TradeTerms", "rows", follows=("counterparty",)))
plan.travels(
    Travelling(
        "sales.Invoice",
        "rows",
        follows=("counterparty",),
        renames="number",
        derived=("total", "tax_total", "paid_total", "payment_state", "delivery_state", "version"),
        settle=settle_invoices,
    )
)
for name in ("InvoiceLine", "InvoicePayment", "Delivery"):
    plan.travels(Travelling(f"sales.{name}", "rows", follows=("invoice",), settle=settle_children))
plan.travels(Travelling("sales.InvoiceEvent", "keys", follows=("invoice",)))
plan.travels(Travelling("sales.InvoiceConflict", "rows", follows=("invoice",), policy="centre"))
