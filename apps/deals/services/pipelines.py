"""Making and changing pipelines, stages, reasons of loss and the rules of selling."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from apps.deals.models import (
    Deal,
    DealSettings,
    Document,
    EntersOn,
    LossReason,
    Pipeline,
    Stage,
    StageKind,
)
from apps.deals.services.errors import NoPipeline, StageInUse
from replication.nodes import this_office
from tenants.models import Company
from tenants.prepared import Prepared
from tenants.signup import SignUp


@dataclass(frozen=True)
class StageValues:
    """A stage as it is entered."""

    name: str
    probability: int = 0
    rotting_days: int | None = None
    most_deals: int | None = None
    required_fields: Sequence[str] = ()
    makes: str = ""
    enters_on: str = ""


def prepare(company: Company, asked: SignUp) -> None:
    """Give a company that signs up its first pipeline, in its language."""
    with override(asked.language):
        begin()


def begin() -> Pipeline:
    """Return the default pipeline; the first is made here, with usual stages and reasons.

    :raises NoPipeline: an office has none yet: pipelines come from the centre.
    """
    return _default.first() or _first_pipeline()


_default = Prepared(
    lambda: Pipeline.objects.filter(is_archived=False).order_by(
        "-is_default", "position", "id"
    )[:1]
)


@transaction.atomic
def _first_pipeline() -> Pipeline:
    if this_office() is not None:
        raise NoPipeline
    pipeline = Pipeline.objects.create(name=_("Sales"), is_default=True)
    _put_stages(pipeline, _usual_stages())
    LossReason.objects.bulk_create(
        LossReason(name=name, position=place) for place, name in enumerate(_usual_reasons())
    )
    return pipeline


@transaction.atomic
def create_pipeline(*, name: str) -> Pipeline:
    """Make a pipeline with the usual stages, behind the others."""
    latest = Pipeline.objects.aggregate(latest=Max("position"))["latest"]
    is_first = not Pipeline.objects.filter(is_default=True).exists()
    pipeline = Pipeline.objects.create(
        name=name, position=0 if latest is None else latest + 1, is_default=is_first
    )
    _put_stages(pipeline, _usual_stages())
    return pipeline


@transaction.atomic
def change_pipeline(*, pipeline_id: UUID, name: str, is_default: bool) -> Pipeline:
    """Rename a pipeline, make it the one deals begin in; the same again writes nothing."""
    pipeline = Pipeline.objects.select_for_update().get(pk=pipeline_id)
    if is_default and not pipeline.is_default:
        Pipeline.objects.filter(is_default=True).update(is_default=False)
    if (pipeline.name, pipeline.is_default) != (name, is_default or pipeline.is_default):
        pipeline.name, pipeline.is_default = name, is_default or pipeline.is_default
        pipeline.save()
    return pipeline


@transaction.atomic
def save_stage(*, pipeline_id: UUID, values: StageValues, stage_id: UUID | None = None) -> Stage:
    """Make an open stage at the end of the open ones, or change any; the same writes nothing."""
    wanted = {**values.__dict__, "required_fields": list(values.required_fields)}
    if stage_id is None:
        last = Stage.objects.filter(pipeline=pipeline_id, kind=StageKind.OPEN).aggregate(
            latest=Max("position")
        )["latest"]
        place = 0 if last is None else last + 1
        _make_room(pipeline_id, place)
        return Stage.objects.create(pipeline_id=pipeline_id, position=place, **wanted)
    stage = Stage.objects.select_for_update().get(pk=stage_id, pipeline=pipeline_id)
    if stage.kind != StageKind.OPEN:  # won is certain, lost is impossible
        wanted["probability"] = 100 if stage.kind == StageKind.WON else 0
        wanted["rotting_days"] = wanted["most_deals"] = None
    if any(getattr(stage, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(stage, name, value)
        stage.save()
    return stage


@transaction.atomic
def order_stages(*, pipeline_id: UUID, stage_ids: Sequence[UUID]) -> None:
    """Let the open stages stand in this order, won and lost behind them."""
    stages = {each.pk: each for each in Stage.objects.filter(pipeline=pipeline_id)}
    chosen = [stages[key] for key in stage_ids if key in stages]
    first = [each for each in chosen if each.kind == StageKind.OPEN]
    named = {each.pk for each in first}
    rest = [each for each in stages.values() if each.pk not in named]
    rest.sort(key=lambda each: (each.kind != StageKind.OPEN, each.position))
    changed = []
    for place, stage in enumerate([*first, *rest]):
        if stage.position != place:
            stage.position = place
            changed.append(stage)
    Stage.objects.bulk_update(changed, ["position"])


@transaction.atomic
def archive_stage(*, stage_id: UUID) -> Stage:
    """Take an open stage out of use; the way of deals that passed it keeps it.

    :raises StageInUse: deals stand in it, or it is the only open one, or won or lost.
    """
    stage = Stage.objects.select_for_update().get(pk=stage_id)
    count = Deal.objects.filter(stage=stage, is_archived=False).count()
    others = Stage.objects.filter(
        pipeline=stage.pipeline_id, kind=StageKind.OPEN, is_archived=False
    ).exclude(pk=stage.pk)
    if count or stage.kind != StageKind.OPEN or not others.exists():
        raise StageInUse(stage, count)
    stage.is_archived = True
    stage.save(update_fields=["is_archived", "updated_at"])
    return stage


@transaction.atomic
def put_reasons(*, names: Sequence[str]) -> None:
    """Let these be the reasons of loss, in this order; those left out stay with their deals."""
    known = {each.name: each for each in LossReason.objects.select_for_update().order_by("pk")}
    wanted = list(dict.fromkeys(name.strip()[:100] for name in names if name.strip()))
    for place, name in enumerate(wanted):
        reason = known.pop(name, None)
        if reason is None:
            LossReason.objects.create(name=name, position=place)
        elif (reason.position, reason.is_archived) != (place, False):
            reason.position, reason.is_archived = place, False
            reason.save()
    LossReason.objects.filter(pk__in=[each.pk for each in known.values()]).exclude(
        is_archived=True
    ).update(is_archived=True)


def settings() -> DealSettings:
    """Return the rules of selling; the usual ones while nobody has changed them."""
    return DealSettings.objects.order_by("pk").first() or DealSettings()


@transaction.atomic
def change_settings(
    *, discount_limit: Decimal, quotation_days: int, quotation_terms: str
) -> DealSettings:
    """Set the rules of selling; the same again writes nothing."""
    rules = settings()
    wanted: dict[str, Any] = {
        "discount_limit": discount_limit, "quotation_days": quotation_days,
        "quotation_terms": quotation_terms,
    }  # fmt: skip
    if rules._state.adding or any(getattr(rules, name) != v for name, v in wanted.items()):
        for name, value in wanted.items():
            setattr(rules, name, value)
        rules.save()
    return rules


def _put_stages(pipeline: Pipeline, stages: Collection[dict[str, Any]]) -> None:
    Stage.objects.bulk_create(
        Stage(pipeline=pipeline, position=place, **values) for place, values in enumerate(stages)
    )


def _make_room(pipeline_id: UUID, place: int) -> None:
    behind = list(
        Stage.objects.select_for_update()
        .filter(pipeline=pipeline_id, position__gte=place)
        .order_by("pk")
    )
    for stage in behind:
        stage.position += 1
    Stage.objects.bulk_update(behind, ["position"])


def _usual_stages() -> list[dict[str, Any]]:
    return [
        {"name": pgettext("stage", "New"), "probability": 10, "rotting_days": 7},
        {"name": pgettext("stage", "Needs are clear"), "probability": 30, "rotting_days": 14},
        {"name": pgettext("stage", "Quotation"), "probability": 50, "rotting_days": 10,
         "enters_on": EntersOn.QUOTATION_SENT},
        {"name": pgettext("stage", "Agreed"), "probability": 80, "rotting_days": 10,
         "enters_on": EntersOn.QUOTATION_ACCEPTED},
        {"name": pgettext("stage", "Waits for payment"), "probability": 90, "rotting_days": 14,
         "enters_on": EntersOn.INVOICE_ISSUED, "makes": Document.INVOICE},
        {"name": pgettext("stage", "Won"), "kind": StageKind.WON, "probability": 100,
         "required_fields": ["amount"], "enters_on": EntersOn.PAID},
        {"name": pgettext("stage", "Lost"), "kind": StageKind.LOST},
    ]  # fmt: skip


def _usual_reasons() -> list[str]:
    return [
        pgettext("loss", "Too expensive"),
        pgettext("loss", "Bought from a competitor"),
        pgettext("loss", "Not in stock, or too late"),
        pgettext("loss", "Not needed any more"),
        pgettext("loss", "No answer"),
    ]
