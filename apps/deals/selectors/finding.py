"""Narrowing deals: by words, people, state of the next step, and what rots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    DurationField,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import JSONObject
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.rights import visible
from apps.core.folding import fold
from apps.core.formats import money_text
from apps.core.models import UserPreference
from apps.core.search import Found
from apps.deals import next_steps
from apps.deals.models import Deal, Pipeline, Quotation, Stage, StageKind


@dataclass(frozen=True)
class DealFilter:
    """What narrows the board; empty values ask for nothing."""

    query: str = ""
    owner_id: UUID | None = None
    step: str = ""
    is_rotting: bool = False
    source: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is asked for."""
        return self == DealFilter()


def deals(user: Any, *, action: str = "view") -> QuerySet[Deal]:
    """Return the deals in use that a person may see (or change)."""
    return visible(user, Deal.objects.filter(is_archived=False), f"deals.{action}")


def narrowed(
    rows: QuerySet[Deal], chosen: DealFilter, *, today: date, now: datetime
) -> QuerySet[Deal]:
    """Return the deals that fit what was asked."""
    rows = with_words(rows, chosen.query)
    if chosen.owner_id is not None:
        rows = rows.filter(owner=chosen.owner_id)
    if chosen.source:
        rows = rows.filter(source=chosen.source)
    if chosen.step:
        rows = next_steps.narrow(rows, chosen.step, today)
    return rotting(rows, now=now) if chosen.is_rotting else rows


def with_words(rows: QuerySet[Deal], query: str) -> QuerySet[Deal]:
    """Keep the deals in whose name or customer each word stands."""
    for word in fold(query).split()[:8]:
        rows = rows.filter(search_name__contains=word)
    return rows


def rotting(rows: QuerySet[Deal], *, now: datetime) -> QuerySet[Deal]:
    """Keep the open deals that nobody touched for longer than their stage allows (G015)."""
    allowed = ExpressionWrapper(
        F("stage__rotting_days") * Value(timedelta(days=1)), output_field=DurationField()
    )
    return rows.filter(
        closed_at__isnull=True, stage__rotting_days__isnull=False, touched_at__lt=now - allowed
    )


def rotten_days(*, stage: Stage, touched_at: datetime, now: datetime) -> int:
    """Return for how many days a deal is untouched, when that is too long; else 0."""
    if stage.rotting_days is None or stage.kind != StageKind.OPEN:
        return 0
    days = (now - touched_at).days
    return days if days >= stage.rotting_days and touched_at < now else 0


def pipelines(**more: Any) -> list[Pipeline]:
    """Return the pipelines in use with ``in_order``: their stages in use; one query.

    ``more`` is read with each stage.
    """
    found: dict[UUID, Pipeline] = {}
    rows = Stage.objects.filter(is_archived=False, pipeline__is_archived=False)
    for stage in rows.annotate(**more).select_related("pipeline").order_by(
        "pipeline__position", "pipeline_id", "position", "id"
    ):
        pipeline = found.setdefault(stage.pipeline_id, stage.pipeline)
        stage.pipeline = pipeline
        pipeline.__dict__.setdefault("in_order", []).append(stage)
    return list(found.values())


def pipelines_and_people(user: Any, look: str = "") -> tuple[list[Pipeline], list[User], Any]:
    """Return the pipelines, who may be responsible, and how a person wants a screen; one query."""
    people = User.objects.filter(is_active=True).order_by("full_name", "email", "id")
    wanted = UserPreference.objects.filter(user_id=user.pk, key=look)
    told = JSONObject(id="id", full_name="full_name", email="email")
    found = pipelines(
        of_people=ArraySubquery(people.values(row=told)),
        look=Subquery(wanted.values("value")[:1]),
    )
    if not found:
        return [], [], None
    first: Any = found[0].in_order[0]  # type: ignore[attr-defined]
    rows = [User(**{**each, "id": UUID(each["id"])}) for each in first.of_people]
    return found, rows, first.look


def stages_by_pipeline() -> Mapping[str, list[Stage]]:
    """Return the stages in use by the name of their pipeline."""
    return {each.name: each.in_order for each in pipelines()}  # type: ignore[attr-defined]


def found(user: Any, query: str, limit: int) -> list[Found]:
    """Return what the command palette shows for a query."""
    rows = with_words(deals(user), query).select_related("counterparty", "stage")
    return [
        Found(
            f"{row.name} · {row.counterparty}",
            f"{row.stage} · {money_text(row.amount, row.currency)}",
            reverse("deals:card", args=[row.pk]),
        )
        for row in rows.order_by("-touched_at", "-id")[:limit]
    ]


def quotations_found(user: Any, query: str, limit: int) -> list[Found]:
    """Return the quotations the command palette shows for a query."""
    rows = visible(user, Quotation.objects.all(), "quotations.view")
    for word in query.split()[:8]:
        rows = rows.filter(
            Q(number__icontains=word) | Q(deal__search_name__contains=fold(word))
        )
    rows = rows.select_related("deal__counterparty").order_by("-issued_on", "-id")
    return [
        Found(
            f"{row.number} · {row.deal.counterparty}", money_text(row.total, row.currency),
            reverse("deals:quotation", args=[row.pk]),
        )
        for row in rows[:limit]
    ]  # fmt: skip
