"""Reading invoices for screens, exports and the API."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Case, CharField, Count, F, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, JSONObject, NullIf
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.rights import mask, visible
from apps.catalog.confidential import shown_types
from apps.core.folding import fold
from apps.core.formats import money_text
from apps.core.models import Organization
from apps.core.search import Found
from apps.counterparties.models import Counterparty
from apps.finance.models import Payment
from apps.inventory.models import Warehouse
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
    overdue: Decimal = Decimal(0)


@dataclass(frozen=True)
class InvoiceCard:
    """Everything the card of an invoice shows."""

    invoice: Invoice
    lines: list[InvoiceLine]
    settlements: list[InvoicePayment]
    deliveries: list[Delivery]
    events: list[InvoiceEvent]
    conflicts: list[dict[str, Any]]  # pk, line_name, field, base, ours, theirs
    steps: list[Step]
    nodes: list[dict[str, Any]]  # name and the moment of the latest contact

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


def totals(found: QuerySet[Invoice], *, today: date) -> list[Total]:
    """Return what these invoices come to, currency by currency."""
    counted = Q(status__in=COUNTED)
    late = counted & Q(due_on__lt=today) & ~Q(payment_state=PaymentState.PAID)
    left = F("total") - F("paid_total")
    rows = (
        Invoice.objects.filter(pk__in=found.order_by().values("pk"))
        .exclude(status=InvoiceStatus.CANCELLED)
        .values("currency")
        .annotate(
            number=Count("pk"), amount=Sum("total"),
            unpaid=Sum(left, filter=counted, default=Decimal(0)),
            overdue=Sum(left, filter=late, default=Decimal(0)),
        )
        .order_by("currency")
    )  # fmt: skip
    return [
        Total(row["currency"], row["number"], row["amount"], row["unpaid"], row["overdue"])
        for row in rows
    ]


def card(invoice_id: UUID, *, among: QuerySet[Invoice] | None = None) -> InvoiceCard:
    """Return an invoice with all that belongs to it, in five queries.

    :raises Invoice.DoesNotExist: there is none in this company, or ``among`` these rows.
    """
    opened = InvoiceConflict.objects.filter(invoice=OuterRef("pk"), state=ConflictState.OPEN)
    conflict = JSONObject(
        pk="pk", line_name="line_name", field="field", base="base", ours="ours", theirs="theirs"
    )
    nodes = Node.objects.filter(is_active=True).order_by("name", "id")
    invoice = (
        (Invoice.objects.all() if among is None else among)
        .select_related("counterparty", "organization", "price_type", "warehouse", "responsible")
        .annotate(
            open_conflicts=ArraySubquery(opened.order_by("created_at", "id").values(row=conflict)),
            partners=ArraySubquery(
                nodes.values(row=JSONObject(name="name", at="latest_contact_at"))
            ),
        )
        .get(pk=invoice_id)
    )
    events = list(invoice.events.select_related("author").order_by("at", "id"))
    return InvoiceCard(
        invoice=invoice,
        lines=list(invoice.lines.order_by("position", "id")),
        settlements=list(
            invoice.settlements.select_related("payment").order_by("payment__paid_on", "id")
        ),
        deliveries=list(invoice.deliveries.filter(is_archived=False).order_by("shipped_on", "id")),
        events=events,
        conflicts=invoice.open_conflicts,
        steps=road(invoice, events),
        nodes=[
            {"name": each["name"], "at": datetime.fromisoformat(each["at"]) if each["at"] else None}
            for each in invoice.partners
        ],
    )


_DEBTS = """
SELECT counterparty_id, currency, sum(total - paid_total) FROM sales_invoice
WHERE counterparty_id = ANY(%s::uuid[]) AND status = ANY(%s) AND NOT is_archived
GROUP BY counterparty_id, currency HAVING sum(total - paid_total) <> 0 ORDER BY currency
"""


def debts(ids: Sequence[UUID]) -> Mapping[UUID, list[tuple[str, Decimal]]]:
    """Return what these counterparties owe, currency by currency."""
    found: dict[UUID, list[tuple[str, Decimal]]] = defaultdict(list)
    with connection.cursor() as cursor:  # on each page of customers: the ORM takes longer to ask
        cursor.execute(_DEBTS, [list(ids), [str(each) for each in COUNTED]])
        for counterparty_id, currency, owed in cursor.fetchall():
            found[counterparty_id].append((currency, owed))
    return found


def customers(user: User, query: str, *, limit: int = 20) -> list[dict[str, Any]]:
    """Return counterparties for the editor's picker, with their terms of trade."""
    found = visible(user, Counterparty.objects.filter(is_archived=False), "counterparties.view")
    found = found.select_related("trade_terms__price_type")
    for word in fold(query).split():
        found = found.filter(Q(sort_name__contains=word) | Q(tax_number__startswith=word.upper()))
    rows = list(found.order_by("sort_name", "id")[:limit])
    mask(user, rows)
    return [_customer(each) for each in rows]


@dataclass(frozen=True)
class EditorChoices:
    """What may be chosen in the head of an invoice, as (key, name); the first one by default."""

    organization: list[tuple[str, str]]
    price_type: list[tuple[str, str]]
    warehouse: list[tuple[str, str]]
    responsible: list[tuple[str, str]]


def editor_choices(user: Any, *, price_type: UUID | None = None) -> EditorChoices:
    """Return the choices of the editor in one query; ``price_type`` is chosen already."""
    parts = [
        _choices("organization", Organization.objects.filter(is_archived=False), has_default=True),
        _choices("price_type", shown_types(user, but=price_type), has_default=True),
        _choices("warehouse", Warehouse.objects.filter(is_archived=False, is_total=False)),
        _choices("responsible", User.objects.filter(is_active=True)),
    ]
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in EditorChoices.__annotations__}
    for kind, key, name, _ in parts[0].union(*parts[1:]).order_by("kind", "place", "label", "key"):
        found[kind].append((str(key), name))
    return EditorChoices(**found)


def _choices(kind: str, rows: QuerySet[Any], *, has_default: bool = False) -> QuerySet[Any]:
    is_user = rows.model is User
    own_name = NullIf("full_name", Value(""))
    label = Coalesce(own_name, "email", output_field=CharField()) if is_user else F("name")
    place = Case(When(is_default=True, then=0), default=1) if has_default else Value(1)
    chosen: QuerySet[Any] = (
        rows.order_by()
        .annotate(kind=Value(kind), key=F("pk"), label=label, place=place)
        .values_list("kind", "key", "label", "place")
    )
    return chosen


def found(user: Any, query: str, limit: int) -> list[Found]:
    """Return what the command palette shows for a query."""
    rows = invoices(InvoiceFilter(query=query), today=timezone.localdate())
    rows = visible(user, rows, "invoices.view")
    return [
        Found(
            f"{row} · {row.counterparty}", money_text(row.total, row.currency),
            reverse("sales:card", args=[row.pk]),
        )
        for row in rows.select_related("counterparty")[:limit]
    ]  # fmt: skip


def payments() -> QuerySet[Payment]:
    """Return every payment with its customer and the invoices it settles."""
    found = Payment.objects.select_related("counterparty")
    return found.prefetch_related("settlements__invoice")


def payments_with(found: QuerySet[Payment], words: Sequence[str]) -> QuerySet[Payment]:
    """Keep the payments in which each word stands: number, purpose or customer."""
    for word in words:
        found = found.filter(
            Q(number__icontains=word)
            | Q(purpose__icontains=word)
            | Q(counterparty__sort_name__contains=fold(word))
        )
    return found


def unmatched(found: QuerySet[Payment]) -> QuerySet[Payment]:
    """Keep the payments that settle no invoice and were not withdrawn."""
    return found.filter(settlements__isnull=True, is_posted=True)


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
