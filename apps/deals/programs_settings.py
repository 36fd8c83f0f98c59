"""Pipelines, stages, reasons of loss and rules of selling as programs read and write them.

Whoever sees deals sees the way they go; it is arranged by whoever may arrange pipelines.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.core import objects
from apps.core.entering import entered, merged, unchanged
from apps.core.objects import Action, Document, Field, ObjectKind, Refused
from apps.deals import words
from apps.deals.forms import PipelineForm, RulesForm, StageEditForm
from apps.deals.models import Document as Made
from apps.deals.models import EntersOn, LossReason, Pipeline, Stage, StageKind
from apps.deals.services import DealError
from apps.deals.services import pipelines as services
from apps.deals.services.pipelines import StageValues

_RIGHTS = {"view": "deals.view", "change": "pipelines.change"}


def save_pipeline(
    *, values: Mapping[str, Any], by: Any, key: UUID | None = None, seen: datetime | None = None
) -> Pipeline:
    """Make a pipeline with the usual stages, or rename one and let new deals begin in it.

    :raises Refused: with sentences by field.
    :raises ChangedMeanwhile: the row is newer than ``seen``.
    """
    stands: dict[str, Any] = {}
    if key is not None:
        row = unchanged(Pipeline, key, seen)
        stands = {"name": row.name, "is_default": row.is_default}
    told = entered(PipelineForm(merged(stands, values)))
    if key is None:
        key = services.create_pipeline(name=told["name"]).pk
    return services.change_pipeline(pipeline_id=key, **told)


def _order(*, key: UUID, values: Mapping[str, Any], by: Any) -> None:
    """Let the open stages stand in the order in which they are named; the others follow."""
    mine = {str(each.pk) for each in Stage.objects.filter(pipeline=key, is_archived=False)}
    named = [str(each) for each in values.get("stages") or ()]
    if not set(named) <= mine:
        raise Refused({"stages": [_("Name stages of this pipeline.")]})
    services.order_stages(pipeline_id=key, stage_ids=[UUID(each) for each in named])


def _stages() -> list[tuple[str, str]]:
    rows = Stage.objects.filter(is_archived=False).order_by("pipeline__position", "position", "id")
    return [(str(row.pk), row.name) for row in rows]


objects.register_for_programs(
    ObjectKind(
        key="pipelines", label=gettext_lazy("Pipeline"), label_plural=gettext_lazy("Pipelines"),
        icon="git-branch", model=Pipeline, rights_to=_RIGHTS, is_of_centre=True,
        save=save_pipeline,
        fields=(
            Field("name", gettext_lazy("Name"), is_required=True),
            Field("is_default", gettext_lazy("New deals begin here"), "boolean"),
            Field("position", gettext_lazy("Position"), "number", is_writable=False),
            Field("is_archived", gettext_lazy("archived"), "boolean", is_writable=False),
            Field("updated_at", gettext_lazy("changed"), "moment", is_writable=False),
        ),
        actions=(
            Action("order", gettext_lazy("Put the stages in order"), "pipelines.change", _order,
                   (Field("stages", gettext_lazy("Stages"), "choices", choices=_stages),)),
        ),
    )
)  # fmt: skip


def save_stage(
    *, values: Mapping[str, Any], by: Any, key: UUID | None = None, seen: datetime | None = None
) -> Stage:
    """Make an open stage at the end of the open ones of its pipeline, or change any.

    :raises Refused: with sentences by field.
    :raises ChangedMeanwhile: the row is newer than ``seen``.
    """
    stage = unchanged(Stage, key, seen) if key is not None else None
    if stage is not None and stage.is_archived:
        raise Refused({"": [_("This stage is out of use.")]})
    pipeline = stage.pipeline_id if stage is not None else values.get("pipeline")
    if pipeline is None or not Pipeline.objects.filter(pk=pipeline, is_archived=False).exists():
        raise Refused({"pipeline": [_("Name the pipeline.")]})
    stands = StageEditForm.initial_of(stage) if stage is not None else {"probability": 50}
    if stage is not None and stage.kind != StageKind.OPEN:
        fixed = [name for name in StageEditForm.OF_OPEN if name in values]
        if any(values[name] != stands[name] for name in fixed):
            sentence = _("Won is certain and lost is impossible: this is so of open stages alone.")
            raise Refused({name: [sentence] for name in fixed if values[name] != stands[name]})
    told = entered(StageEditForm(merged(stands, values), stage=stage))
    return services.save_stage(pipeline_id=pipeline, values=StageValues(**told), stage_id=key)


def _archive_stage(*, key: UUID, by: Any) -> None:
    try:
        services.archive_stage(stage_id=key)
    except DealError as error:
        raise Refused({"": [words.refusal(error)]}) from error


def _fillable() -> list[tuple[str, str]]:
    return list(StageEditForm().fields["required_fields"].choices)  # type: ignore[attr-defined]


objects.register_for_programs(
    ObjectKind(
        key="stages", label=gettext_lazy("Stage"), label_plural=gettext_lazy("Stages"),
        icon="git-branch", model=Stage, rights_to=_RIGHTS, is_of_centre=True,
        save=save_stage, remove=_archive_stage,
        fields=(
            Field("pipeline", gettext_lazy("Pipeline"), "relation", related="pipelines",
                  is_required=True, is_writable=False, is_of_new=True),
            Field("name", gettext_lazy("Name"), is_required=True),
            Field("kind", pgettext_lazy("of a stage", "Kind"), "choice",
                  choices=StageKind.choices, is_writable=False),
            Field("position", gettext_lazy("Position"), "number", is_writable=False),
            Field("probability", gettext_lazy("Probability, %"), "number"),
            Field("rotting_days", gettext_lazy("Untouched for too long after, days"), "number"),
            Field("most_deals", gettext_lazy("At most, deals"), "number"),
            Field("required_fields", gettext_lazy("Fields that must be filled"), "choices",
                  choices=_fillable),
            Field("makes", gettext_lazy("Makes a document"), "choice", choices=Made.choices),
            Field("enters_on", gettext_lazy("Deals come here by themselves when"), "choice",
                  choices=EntersOn.choices),
            Field("is_archived", gettext_lazy("archived"), "boolean", is_writable=False),
            Field("updated_at", gettext_lazy("changed"), "moment", is_writable=False),
        ),
    )
)  # fmt: skip


# Settings of selling ------------------------------------------------------------------------------


def _reasons(*, by: Any) -> dict[str, Any]:
    rows = LossReason.objects.filter(is_archived=False).order_by("position", "id")
    return {"reasons": [{"id": row.pk, "name": row.name} for row in rows]}


def _put_reasons(*, values: Mapping[str, Any], by: Any) -> None:
    """Let these be the reasons of loss, in this order; those left out stay with their deals."""
    if "reasons" in values:
        services.put_reasons(names=[str(row.get("name", "")) for row in values["reasons"]])


objects.register_document(
    Document(
        key="loss_reasons", label=gettext_lazy("Reasons of loss"), rights_to=_RIGHTS,
        is_of_centre=True, read=_reasons, save=_put_reasons,
        fields=(
            Field("reasons", gettext_lazy("Reasons of loss"), "rows", parts=(
                Field("id", gettext_lazy("Key"), is_writable=False),
                Field("name", gettext_lazy("Name")),
            )),
        ),
    )
)  # fmt: skip


def _rules(*, by: Any) -> dict[str, Any]:
    rules = services.settings()
    return {
        "discount_limit": rules.discount_limit, "quotation_days": rules.quotation_days,
        "quotation_terms": rules.quotation_terms,
    }  # fmt: skip


def _change_rules(*, values: Mapping[str, Any], by: Any) -> None:
    services.change_settings(**entered(RulesForm(merged(_rules(by=by), values))))


objects.register_document(
    Document(
        key="selling_rules", label=gettext_lazy("Rules of selling"),
        rights_to={"view": "pipelines.change", "change": "pipelines.change"}, is_of_centre=True,
        read=_rules, save=_change_rules,
        fields=(
            Field("discount_limit", gettext_lazy("Discount without approval up to, %"), "number",
                  is_required=True),
            Field("quotation_days", gettext_lazy("A quotation is valid for, days"), "number",
                  is_required=True),
            Field("quotation_terms", gettext_lazy("Terms on every quotation"), "long_text"),
        ),
    )
)  # fmt: skip
