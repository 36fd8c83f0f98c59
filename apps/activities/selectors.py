"""Reads of activities: a person's day, a card's next steps, a team's week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.rights import visible
from apps.activities import cards, moments
from apps.activities.models import (
    OPEN_STATES,
    PLANNED_KINDS,
    Activity,
    ActivityKind,
    ActivityPerson,
    ActivityState,
)
from apps.activities.words import when_text
from apps.core.search import Found
from tenants.prepared import PreparedBy

OPEN = Q(state__in=OPEN_STATES, is_archived=False)
AT_ONCE = 300
NEXT_DAYS = 7
LATE, TODAY, LATER, NONE = "late", "today", "later", "none"


def seen_by(user: Any, *, action: str = "view") -> QuerySet[Activity]:
    """Return the activities a person may see, with what every screen shows of them."""
    rows = Activity.objects.select_related("owner", "giver", "counterparty", "completed_by")
    return visible(user, rows, f"activities.{action}")


@dataclass
class Day:
    """What a person has to do: late, today, soon, without a date, and what others do for them."""

    late: list[Activity] = field(default_factory=list)
    today: list[Activity] = field(default_factory=list)
    soon: list[Activity] = field(default_factory=list)
    undated: list[Activity] = field(default_factory=list)
    given: list[Activity] = field(default_factory=list)
    done: int = 0  # today

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be done."""
        return not (self.late or self.today or self.soon or self.undated or self.given)


def day_of(*, user: User, viewer: Any, now: datetime) -> Day:
    """Return a person's day as another may see it; three queries."""
    today = timezone.localtime(now).date()
    rows = seen_by(viewer).filter(OPEN, kind__in=PLANNED_KINDS)
    mine = Q(owner=user) | Q(pk__in=ActivityPerson.objects.filter(
        user=user, role="participant").values("activity"))  # fmt: skip
    horizon = moments.midnight(today + timedelta(days=NEXT_DAYS + 1))
    near = rows.filter(mine).filter(Q(planned_at__lt=horizon) | Q(planned_at__isnull=True))
    day = Day()
    for each in near.order_by("planned_at", "pk")[:AT_ONCE]:
        _place(each, day, today=today, now=now)
    others = rows.filter(giver=user).exclude(owner=user).exclude(owner=None)
    day.given = list(others.order_by("planned_at", "pk")[:50])
    day.done = Activity.objects.filter(
        owner=user, state=ActivityState.DONE, kind__in=PLANNED_KINDS,
        completed_at__gte=moments.midnight(today),
    ).count()  # fmt: skip
    day.today.sort(key=lambda each: (not each.is_all_day, each.planned_at or now))
    return day


def _place(each: Activity, day: Day, *, today: date, now: datetime) -> None:
    if each.planned_at is None:
        day.undated.append(each)
    elif moments.is_late(each.planned_at, is_all_day=each.is_all_day, now=now) and not _runs(
        each, now
    ):
        day.late.append(each)
    elif moments.day_of(each.planned_at, is_all_day=each.is_all_day) <= today:
        day.today.append(each)
    else:
        day.soon.append(each)


def _runs(each: Activity, now: datetime) -> bool:
    """Tell whether a meeting has begun and not ended."""
    return each.kind == ActivityKind.MEETING and each.ends_at is not None and each.ends_at >= now


def of_card(kind: str, key: UUID) -> Q:
    """Return the condition for the activities of a card; a customer's hold those of its deals."""
    if kind == cards.CUSTOMERS:
        return Q(counterparty_id=key)
    return Q(links__kind=kind, links__key=key)


def next_of_card(*, user: Any, kind: str, key: UUID) -> list[Activity]:
    """Return what is planned for a card, the earliest first."""
    if kind == cards.CUSTOMERS:
        return _next_of_customer(user, key)
    return list(_next(user, kind, key))


def _next(user: Any, kind: str, key: UUID) -> QuerySet[Activity]:
    rows = seen_by(user).filter(OPEN, of_card(kind, key), kind__in=PLANNED_KINDS)
    return rows.order_by("planned_at", "pk")[:20]


_next_of_customer = PreparedBy(lambda user, key: _next(user, cards.CUSTOMERS, key), UUID(int=1))


@dataclass(frozen=True)
class NextStep:
    """The next thing to do on a card; ``state`` is late, today, later or none."""

    state: str
    activity_id: UUID | None = None
    subject: str = ""
    kind: str = ""
    at: datetime | None = None
    is_all_day: bool = False

    @property
    def url(self) -> str:
        """Return the address of the activity."""
        return reverse("activities:card", args=[self.activity_id]) if self.activity_id else ""


def next_steps(
    *, kind: str, keys: Collection[UUID], now: datetime
) -> Mapping[UUID, NextStep]:
    """Return the next open activity of each card, with one query; each key is answered.

    Red late, green today, grey later, yellow none (G016).
    """
    rows = Activity.objects.filter(OPEN, kind__in=PLANNED_KINDS)
    if kind == cards.CUSTOMERS:
        rows = rows.filter(counterparty__in=keys)
        path = "counterparty_id"
    else:
        rows = rows.filter(links__kind=kind, links__key__in=keys)
        path = "links__key"
    columns = (path, "pk", "subject", "kind", "planned_at", "is_all_day")
    first = (
        rows.order_by(path, "planned_at", "pk").distinct(path).values_list(*columns)
    )
    found: dict[UUID, NextStep] = dict.fromkeys(keys, NextStep(NONE))
    today = timezone.localtime(now).date()
    for key, pk, subject, what, at, is_all_day in first:
        state = LATER
        if at is not None and moments.is_late(at, is_all_day=is_all_day, now=now):
            state = LATE
        elif at is not None and moments.day_of(at, is_all_day=is_all_day) == today:
            state = TODAY
        found[key] = NextStep(state, pk, subject, what, at, is_all_day)
    return found


def cards_with_next_step(kind: str) -> QuerySet[Any]:
    """Return the keys of cards of a kind that have something planned: for a filter."""
    from_links = Activity.objects.filter(OPEN, kind__in=PLANNED_KINDS, links__kind=kind)
    return from_links.values("links__key")


@dataclass(frozen=True)
class PersonWeek:
    """One person's week: open by day, and what is late and done."""

    user: User
    monday: date
    days: Sequence[Sequence[Activity]]
    late: int
    done: int

    @property
    def dated(self) -> list[tuple[date, Sequence[Activity]]]:
        """Return each day with what stands on it."""
        return [(self.monday + timedelta(days=at), day) for at, day in enumerate(self.days)]

    @property
    def open(self) -> int:
        """How many are open in the week."""
        return sum(1 for day in self.days for each in day if each.is_open)


def team_week(*, viewer: Any, people: Sequence[User], monday: date, now: datetime) -> list[
    PersonWeek
]:  # fmt: skip
    """Return each person's week: what is open each day, late, and done in it; four queries."""
    until = monday + timedelta(days=7)
    owners = [each.pk for each in people]
    rows = seen_by(viewer).filter(owner__in=owners, is_archived=False)
    kinds = (*PLANNED_KINDS, ActivityKind.ABSENCE)
    by_person: dict[UUID, list[list[Activity]]] = defaultdict(lambda: [[] for _ in range(7)])
    planned = rows.filter(moments.on_days(monday, until), kind__in=kinds)
    planned = planned.exclude(state=ActivityState.DECLINED)
    for each in planned.order_by("planned_at", "pk")[: AT_ONCE * 4]:
        if each.planned_at is None or each.owner_id is None:
            continue
        first = moments.day_of(each.planned_at, is_all_day=each.is_all_day)
        last = first
        if each.kind == ActivityKind.ABSENCE and each.ends_at is not None:
            last = moments.day_of(each.ends_at, is_all_day=True)
        for place in range((first - monday).days, min((last - monday).days, 6) + 1):
            by_person[each.owner_id][place].append(each)
    late = _counts(rows.filter(OPEN, moments.late(now), kind__in=PLANNED_KINDS))
    done = _counts(
        rows.filter(
            state=ActivityState.DONE, kind__in=PLANNED_KINDS,
            completed_at__gte=moments.midnight(monday), completed_at__lt=moments.midnight(until),
        )
    )  # fmt: skip
    return [
        PersonWeek(each, monday, by_person[each.pk], late.get(each.pk, 0), done.get(each.pk, 0))
        for each in people
    ]


def _counts(rows: QuerySet[Activity]) -> dict[UUID, int]:
    counted = rows.order_by().values_list("owner").annotate(number=Count("pk"))
    return dict(counted)


def active_people() -> QuerySet[User]:
    """Return whom one can give something to."""
    return User.objects.filter(is_active=True).order_by("full_name", "email", "id")


def found(user: Any, query: str, limit: int) -> list[Found]:
    """Return what the palette shows: of one's own, what is to be done."""
    rows = seen_by(user).filter(OPEN, owner=user, subject__icontains=query)
    return [
        Found(
            each.subject, when_text(each),
            reverse("activities:card", args=[each.pk]),
        )
        for each in rows.order_by("planned_at", "pk")[:limit]
    ]  # fmt: skip
