"""Reading invoices for screens, exports and the API."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.core.folding import fold
from apps.core.formats import money_text
from apps.core.search import Found
from apps.counterparties.models import Counterparty
from apps.finance.models import Payment
from apps.sales.models import (
    ConflictState,
    Delivery,
    Invoice,
    InvoiceConflict,
    InvoiceEvent,
    InvoiceLine,
    InvoicePayment,
    InvoiceStatus,
    PaymentState,
    TradeTerms,
)
from apps.sales.road import Step, road
from exchange.models import Node

PAGE = 50
COUNTED = (InvoiceStatus.ISSUED, InvoiceStatus.SENT)  # what a customer owes


@dataclass(frozen=True)
class InvoiceFilter:
    """What narrows the list of invoices; empty texts ask for nothing."""

    query: str = ""
    status: str = ""
    payment: str = ""  # a payment state, or "overdue"
    delivery: str = ""
    counterparty_id: UUID | None = None
    responsible_id: UUID | None = None
    from_on: date | None = None
    until_on: date | None = None
    has_conflict: bool = False


@dataclass(frozen=True)
class Total:
    """What a list of invoices comes to in one currency; the unpaid part of those that count."""

    currency: str
    count: int
    amount: Decimal
    unpaid: Decimal


@dataclass(frozen=True)
class InvoiceCard:
    """Everything the card of an invoice shows."""

    invoice: Invoice
    lines: list[InvoiceLine]
    settlements: list[InvoicePayment]
    deliveries: list[Delivery]
    events: list[InvoiceEvent]
    conflicts: list[InvoiceConflict]
    steps: list[Step]
    nodes: list[Node]

    @property
    def unpaid(self) -> Decimal:
        """What is still to pay."""
        return max(self.invoice.total - self.invoice.paid_total, Decimal(0))


def invoices(chosen: InvoiceFilter, *, today: date) -> QuerySet[Invoice]:
    """Return invoices, newest first."""
    found = Invoice.objects.filter(is_archived=False)
    equal = {
        "status": chosen.status,
        "delivery_state": chosen.delivery,
        "counterparty_id": chosen.counterparty_id,
        "responsible_id": chosen.responsible_id,
        "issued_on__gte": chosen.from_on,
        "issued_on__lte": chosen.until_on,
    }
    found = found.filter(**{name: value for name, value in equal.items() if value})
    if chosen.payment == "overdue":
        found = _overdue(found, today)
    elif chosen.payment:
        found = found.filter(payment_state=chosen.payment)
    if chosen.has_conflict:
        found = found.filter(conflicts__state=ConflictState.OPEN).distinct()
    for word in fold(chosen.query).split():
        found = found.filter(
            Q(number__icontains=word)
            | Q(number_1c__icontains=word)
            | Q(counterparty__sort_name__contains=word)
            | Q(comment__icontains=word)
        )
    return found.order_by("-issued_on", "-id")


def page(found: QuerySet[Invoice], *, after: UUID | None) -> tuple[list[Invoice], UUID | None]:
    """Return one page after this invoice, and what the next page stands after."""
    latest = Invoice.objects.filter(pk=after).values_list("issued_on", flat=True).first()
    if latest is not None:
        found = found.filter(Q(issued_on__lt=latest) | Q(issued_on=latest, pk__lt=after))
    rows = list(found.select_related("counterparty", "responsible")[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None


def totals(found: QuerySet[Invoice]) -> list[Total]:
    """Return what these invoices come to, currency by currency."""
    counted = Q(status__in=COUNTED)
    rows = (
        Invoice.objects.filter(pk__in=found.order_by().values("pk"))
        .exclude(status=InvoiceStatus.CANCELLED)
        .values("currency")
        .annotate(
            number=Count("pk"), amount=Sum("total"),
            unpaid=Sum(F("total") - F("paid_total"), filter=counted, default=Decimal(0)),
        )
        .order_by("currency")
    )  # fmt: skip
    return [Total(row["currency"], row["number"], row["amount"], row["unpaid"]) for row in rows]


def card(invoice_id: UUID) -> InvoiceCard:
    """Return an invoice with all that belongs to it; nine queries.

    :raises Invoice.DoesNotExist: there is none in this company.
    """
    invoice = Invoice.objects.select_related(
        "counterparty", "organization", "price_type", "warehouse", "responsible"
    ).get(pk=invoice_id)
    events = list(invoice.events.select_related("author").order_by("at", "id"))
    conflicts = invoice.conflicts.filter(state=ConflictState.OPEN).order_by("created_at", "id")
    return InvoiceCard(
        invoice=invoice,
        lines=list(invoice.lines.select_related("product").order_by("position", "id")),
        settlements=list(
            invoice.settlements.select_related("payment").order_by("payment__paid_on", "id")
        ),
        deliveries=list(invoice.deliveries.filter(is_archived=False).order_by("shipped_on", "id")),
        events=events,
        conflicts=list(conflicts),
        steps=road(invoice, events),
        nodes=list(Node.objects.filter(is_active=True).order_by("name", "id")),
    )


def debts(ids: Sequence[UUID]) -> Mapping[UUID, list[tuple[str, Decimal]]]:
    """Return what these counterparties owe, currency by currency."""
    rows = (
        Invoice.objects.filter(counterparty__in=ids, status__in=COUNTED, is_archived=False)
        .values_list("counterparty_id", "currency")
        .annotate(owed=Sum(F("total") - F("paid_total")))
        .exclude(owed=0)
        .order_by("currency")
    )
    found: dict[UUID, list[tuple[str, Decimal]]] = defaultdict(list)
    for counterparty_id, currency, owed in rows:
        found[counterparty_id].append((currency, owed))
    return found


def trade_of(counterparty: Counterparty, user: User) -> dict[str, Any]:
    """Return what the card of a counterparty shows of the trade with it."""
    today = timezone.localdate()
    mine = Invoice.objects.filter(counterparty=counterparty, is_archived=False)
    overdue = (
        _overdue(mine, today)
        .values_list("currency")
        .annotate(amount=Sum(F("total") - F("paid_total")))
        .order_by("currency")
    )
    payments = Payment.objects.filter(
        Q(counterparty=counterparty) | Q(settlements__invoice__counterparty=counterparty)
    )
    return {
        "invoices": list(mine.order_by("-issued_on", "-id")[:10]),
        "totals": totals(mine),
        "overdue": list(overdue),
        "today": today,
        "payments": list(payments.distinct().order_by("-paid_on", "-id")[:10]),
        "terms": TradeTerms.objects.select_related("price_type")
        .filter(counterparty=counterparty)
        .first(),
    }


def customers(query: str, *, limit: int = 20) -> list[dict[str, Any]]:
    """Return counterparties for the editor's picker, with their terms of trade."""
    found = Counterparty.objects.filter(is_archived=False).select_related("trade_terms__price_type")
    for word in fold(query).split():
        found = found.filter(Q(sort_name__contains=word) | Q(tax_number__startswith=word.upper()))
    return [_customer(each) for each in found.order_by("sort_name", "id")[:limit]]


def found(query: str, limit: int) -> list[Found]:
    """Return what the command palette shows for a query."""
    rows = invoices(InvoiceFilter(query=query), today=timezone.localdate())
    return [
        Found(
            f"{row} · {row.counterparty}", money_text(row.total, row.currency),
            reverse("sales:card", args=[row.pk]),
        )
        for row in rows.select_related("counterparty")[:limit]
    ]  # fmt: skip


def payments(
    *, is_unmatched: bool, query: str, after: UUID | None
) -> tuple[list[Payment], UUID | None]:
    """Return one page of payments, newest first, with the invoices each settles."""
    found = Payment.objects.order_by("-paid_on", "-id")
    if is_unmatched:
        found = found.filter(settlements__isnull=True, is_posted=True)
    for word in query.split():
        found = found.filter(
            Q(number__icontains=word)
            | Q(purpose__icontains=word)
            | Q(counterparty__sort_name__contains=fold(word))
        )
    latest = Payment.objects.filter(pk=after).values_list("paid_on", flat=True).first()
    if latest is not None:
        found = found.filter(Q(paid_on__lt=latest) | Q(paid_on=latest, pk__lt=after))
    wanted = found.select_related("counterparty").prefetch_related("settlements__invoice")
    rows = list(wanted[: PAGE + 1])
    return rows[:PAGE], rows[PAGE - 1].pk if len(rows) > PAGE else None


def _customer(each: Counterparty) -> dict[str, Any]:
    terms: TradeTerms | None = getattr(each, "trade_terms", None)
    return {
        "id": str(each.pk),
        "name": each.name,
        "detail": each.tax_number,
        "price_type": str(terms.price_type_id) if terms and terms.price_type_id else "",
        "payment_days": terms.payment_days if terms else None,
    }


def _overdue(found: QuerySet[Invoice], today: date) -> QuerySet[Invoice]:
    return found.filter(due_on__lt=today, status__in=COUNTED).exclude(
        payment_state=PaymentState.PAID
    )
