"""Deals: their timeline, their next step in four states, and where one is planned (G016)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from apps.activities import moments, selectors
from apps.activities.models import OPEN_STATES, PLANNED_KINDS, ActivityLink
from apps.deals import next_steps, sections
from apps.deals.models import Deal
from apps.deals.next_steps import NextStep, Source

KIND = "deals"
NOON = timedelta(hours=12)


def of(deal_ids: Sequence[UUID]) -> Mapping[UUID, NextStep]:
    """Return the earliest open activity of each deal that has one, with one query."""
    found = selectors.next_steps(kind=KIND, keys=deal_ids, now=timezone.now())
    steps = {}
    for key, step in found.items():
        if step.activity_id is None:
            continue
        due_at = step.at
        if due_at is not None and step.is_all_day:
            due_at = moments.midnight(moments.day_of(due_at, is_all_day=True)) + NOON
        steps[key] = NextStep(step.subject, due_at, step.url)
    return steps


def narrow(rows: QuerySet[Any], state: str, today: date) -> QuerySet[Any]:
    """Keep the deals whose next step is in a state."""
    open_ones = ActivityLink.objects.filter(
        kind=KIND, key=OuterRef("pk"), activity__state__in=OPEN_STATES,
        activity__kind__in=PLANNED_KINDS, activity__is_archived=False,
    )  # fmt: skip
    if state == "none":
        return rows.filter(~Exists(open_ones))
    first = open_ones.order_by().values("key").annotate(first=Min("activity__planned_at"))
    rows = rows.annotate(next_step_at=Subquery(first.values("first")))
    begin, end = moments.midnight(today), moments.midnight(today + timedelta(days=1))
    conditions = {
        "overdue": Q(next_step_at__lt=begin),
        "today": Q(next_step_at__gte=begin, next_step_at__lt=end),
        "later": Q(Exists(open_ones))
        & (Q(next_step_at__gte=end) | Q(next_step_at__isnull=True)),
    }
    return rows.filter(conditions[state])


def plan_url(deal_id: UUID) -> str:
    """Return where a next step of a deal is planned."""
    return f"{reverse('activities:new_task')}?on={KIND}:{deal_id}"


def _context(deal: Deal, request: HttpRequest) -> dict[str, Any]:
    return {"deal": deal}


next_steps.register(Source(of=of, narrow=narrow, plan_url=plan_url))
sections.register_section(
    sections.Section("activities/_of_deal.html", _context, position=5, right="activities.view")
)
