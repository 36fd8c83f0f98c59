"""Reading complaints and service requests: cards, the board, the report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.urls import reverse

from apps.accounts.rights import visible
from apps.core.search import Found
from apps.counterparties.models import ContactPerson, Counterparty
from apps.service.models import CLOSED, OPEN, RequestState, ServiceRequest
from tenants.prepared import PreparedBy

IN_A_COLUMN = 20
ON_A_CARD = 8


def requests(user: Any) -> QuerySet[ServiceRequest]:
    """Return the requests a person may see, with what a list shows."""
    rows = ServiceRequest.objects.select_related("counterparty", "owner")
    return visible(user, rows, "requests.view")


def overdue(rows: QuerySet[Any], now: datetime) -> QuerySet[Any]:
    """Keep those still open after their deadline."""
    return rows.filter(closed_at__isnull=True, due_at__lt=now)


@dataclass(frozen=True)
class Column:
    """One column of the board: its first requests and how many there are."""

    state: str
    label: str
    count: int
    rows: list[ServiceRequest]


def board(rows: QuerySet[ServiceRequest]) -> list[Column]:
    """Return the states with their most pressing requests, in two queries."""
    counts = dict(rows.order_by().values_list("state").annotate(number=Count("pk")))
    place = Window(
        RowNumber(), partition_by=F("state"),
        order_by=[F("is_urgent").desc(), F("due_at").asc(nulls_last=True), F("id").desc()],
    )  # fmt: skip
    first: dict[str, list[ServiceRequest]] = {}
    for row in rows.annotate(place=place).filter(place__lte=IN_A_COLUMN).order_by("state", "place"):
        first.setdefault(row.state, []).append(row)
    return [
        Column(state, str(label), counts.get(state, 0), first.get(state, []))
        for state, label in RequestState.choices
    ]


@dataclass(frozen=True)
class Line:
    """What one person (``None``: nobody) had to see to in a period."""

    owner_id: UUID | None
    name: str
    entered: int
    open: int
    overdue: int
    solved: int
    rejected: int
    taken_after: timedelta | None
    closed_after: timedelta | None


def report(user: Any, *, from_on: date, until_on: date, now: datetime) -> list[Line]:
    """Return how requests entered in a period went, person by person, the whole last."""
    rows = visible(user, ServiceRequest.objects.filter(is_archived=False), "requests.view")
    rows = rows.filter(created_at__date__gte=from_on, created_at__date__lte=until_on)
    counted = {
        "entered": Count("pk"),
        "open": Count("pk", filter=Q(state__in=OPEN)),
        "overdue": Count("pk", filter=Q(closed_at__isnull=True, due_at__lt=now)),
        "solved": Count("pk", filter=Q(state=RequestState.SOLVED)),
        "rejected": Count("pk", filter=Q(state=RequestState.REJECTED)),
        "taken_after": Avg(F("taken_at") - F("created_at")),
        "closed_after": Avg(F("closed_at") - F("created_at"), filter=Q(state__in=CLOSED)),
    }
    lines = [
        Line(row.pop("owner_id"), row.pop("owner__full_name") or "", **row)
        for row in rows.values("owner_id", "owner__full_name")
        .annotate(**counted)
        .order_by("owner__full_name", "owner_id")
    ]
    return [*lines, Line(None, "", **rows.aggregate(**counted))] if lines else []


def of_customer(partner: Counterparty, user: Any) -> dict[str, Any]:
    """Return what a customer's card shows of its requests."""
    return {"requests": _latest(user, partner.pk)}


def of_person(person: ContactPerson, user: Any) -> dict[str, Any]:
    """Return the latest requests that a contact person came with."""
    rows = requests(user).filter(person_id=person.pk, is_archived=False)
    return {"person_requests": list(rows.order_by("-created_at", "-id")[:ON_A_CARD])}


def _latest_of(user: Any, key: UUID) -> QuerySet[ServiceRequest]:
    rows = requests(user).filter(counterparty_id=key, is_archived=False)
    return rows.order_by("-created_at", "-id")[:ON_A_CARD]


_latest = PreparedBy(_latest_of, UUID(int=1))


def found(user: Any, query: str, limit: int) -> list[Found]:
    """Return what the command palette shows for a query."""
    rows = requests(user).filter(is_archived=False)
    for word in query.split()[:5]:
        rows = rows.filter(subject__icontains=word)
    return [
        Found(row.subject, row.counterparty.name, reverse("service:card", args=[row.pk]))
        for row in rows.order_by("-created_at", "-id")[:limit]
    ]
