"""What 1C knows of a customer, for the customer's card: orders, payments, shipments, debt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.rights import visible
from apps.counterparties.models import Counterparty
from apps.finance.models import Payment
from apps.sales.models import Delivery, Invoice, TradeTerms
from apps.sales.selectors import COUNTED
from tenants.prepared import PreparedBy

SHOWN = 10
ZERO = Decimal(0)
# The age of a debt in days since it was to be paid: (from, to); to none: older still.
AGES: tuple[tuple[int, int | None], ...] = ((1, 30), (31, 60), (61, 90), (91, None))


@dataclass
class Debt:
    """What a customer owes in one currency, how much of it is late, and for how long."""

    currency: str
    amount: Decimal = ZERO
    overdue: Decimal = ZERO
    days: int = 0  # of the oldest unpaid invoice since it was to be paid
    ages: list[tuple[int, int | None, Decimal]] = field(default_factory=list)

    @property
    def current(self) -> Decimal:
        """What is not to be paid yet."""
        return self.amount - self.overdue


def trade_of(counterparty: Counterparty, user: User) -> dict[str, Any]:
    """Return what the tab of 1C shows: invoices with their orders, shipments and payments."""
    today = timezone.localdate()
    mine = _invoices(counterparty, user)
    payments = Payment.objects.filter(
        Q(counterparty=counterparty) | Q(settlements__invoice__in=mine.values("pk"))
    )
    deliveries = Delivery.objects.filter(invoice__in=mine.values("pk"), is_archived=False)
    return {
        "invoices": list(mine.order_by("-issued_on", "-id")[:SHOWN]),
        "debts": debts_of(counterparty, user, today=today),
        "today": today,
        "payments": list(
            visible(user, payments, "payments.view").distinct().order_by("-paid_on", "-id")[:SHOWN]
        ),
        "deliveries": list(
            deliveries.select_related("invoice").order_by("-shipped_on", "-id")[:SHOWN]
        ),
        "terms": TradeTerms.objects.select_related("price_type")
        .filter(counterparty=counterparty)
        .first(),
    }


def debt_of(counterparty: Counterparty, user: User) -> dict[str, Any]:
    """Return the debt for the right column, in one query."""
    return {"debts": debts_of(counterparty, user, today=timezone.localdate())}


def debts_of(counterparty: Counterparty, user: User, *, today: date) -> list[Debt]:
    """Return what a customer owes, currency by currency, with the age of what is late.

    The same invoices count as in the report on receivables: issued or sent, not paid in full. The
    card asks twice and is answered by one query.
    """
    known: dict[Any, list[Debt]] = counterparty.__dict__.setdefault("_debts", {})
    asked = (getattr(user, "pk", None), today)
    if asked not in known:
        known[asked] = _debts(counterparty, user, today)
    return known[asked]


def turnover(ids: Sequence[UUID]) -> Mapping[UUID, list[tuple[str, Decimal]]]:
    """Return what was sold to these counterparties, currency by currency."""
    rows = (
        Invoice.objects.filter(counterparty__in=ids, status__in=COUNTED, is_archived=False)
        .values_list("counterparty_id", "currency")
        .annotate(sold=Sum("total"))
        .order_by("currency")
    )
    found: dict[UUID, list[tuple[str, Decimal]]] = defaultdict(list)
    for counterparty_id, currency, sold in rows:
        found[counterparty_id].append((currency, sold))
    return found


def _debts(counterparty: Counterparty, user: User, today: date) -> list[Debt]:
    found: dict[str, Debt] = {}
    parts: dict[str, list[Decimal]] = defaultdict(lambda: [ZERO] * len(AGES))
    for currency, due_on, owed in _owed(user, counterparty.pk):
        debt = found.setdefault(currency, Debt(currency))
        debt.amount += owed
        late = (today - due_on).days if due_on else 0
        if late <= 0:
            continue
        debt.overdue += owed
        debt.days = max(debt.days, late)
        parts[currency][_age(late)] += owed
    for currency, debt in found.items():
        debt.ages = [
            (first, last, amount)
            for (first, last), amount in zip(AGES, parts[currency], strict=True)
            if amount
        ]
    return list(found.values())


def _owed_by(user: User, key: UUID) -> QuerySet[Any, Any]:
    mine = Invoice.objects.filter(counterparty_id=key, is_archived=False, status__in=COUNTED)
    owed: QuerySet[Any, Any] = (
        visible(user, mine, "invoices.view")
        .exclude(total=F("paid_total"))
        .values_list("currency", "due_on")
        .annotate(owed=Sum(F("total") - F("paid_total")))
        .order_by("currency", "due_on")
    )
    return owed


_owed = PreparedBy(_owed_by, UUID(int=1))


def _invoices(counterparty: Counterparty, user: User) -> Any:
    mine = Invoice.objects.filter(counterparty=counterparty, is_archived=False)
    return visible(user, mine, "invoices.view")


def _age(late: int) -> int:
    return next(
        place for place, (_first, last) in enumerate(AGES) if last is None or late <= last
    )
