"""Settings of the funnel: pipelines, stages, reasons of loss, rules of selling."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.rights import needs
from apps.deals.forms import PipelineForm, ReasonsForm, RulesForm, StageEditForm
from apps.deals.models import LossReason, Pipeline
from apps.deals.selectors.finding import pipelines
from apps.deals.services import DealError
from apps.deals.services import pipelines as services
from apps.deals.services.pipelines import StageValues
from apps.deals.views.common import key, pipeline_or_404, refused, stage_or_404


@require_safe
@needs("pipelines.change")
def overview(request: HttpRequest) -> HttpResponse:
    """Show the pipelines with their stages, the reasons of loss and the rules of selling."""
    return _page(request)


@require_POST
@needs("pipelines.change")
def new_pipeline(request: HttpRequest) -> HttpResponse:
    """Make a pipeline with the usual stages."""
    form = PipelineForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _page(request, new=form, status=422)
    made = services.create_pipeline(name=form.cleaned_data["name"])
    messages.success(request, _("Pipeline “%(name)s” is made.") % {"name": made})
    return redirect("deals:pipelines")


@require_http_methods(["GET", "POST"])
@needs("pipelines.change")
def edit_pipeline(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Rename a pipeline, or let new deals begin in it."""
    pipeline = pipeline_or_404(pk)
    initial = {"name": pipeline.name, "is_default": pipeline.is_default}
    form = PipelineForm(request.POST or None, initial=initial, label_suffix="")
    if request.method == "POST" and form.is_valid():
        services.change_pipeline(pipeline_id=pk, **form.cleaned_data)
        messages.success(request, _("The pipeline is saved."))
        return redirect("deals:pipelines")
    context = {"form": form, "title": pipeline.name}
    return render(request, "deals/setting_form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@needs("pipelines.change")
def new_stage(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add an open stage to a pipeline."""
    pipeline = pipeline_or_404(pk)
    form = StageEditForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.save_stage(pipeline_id=pk, values=StageValues(**form.cleaned_data))
        messages.success(request, _("The stage is saved."))
        return redirect("deals:pipelines")
    context = {"form": form, "title": f"{pipeline}: {_('New stage')}"}
    return render(request, "deals/setting_form.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@needs("pipelines.change")
def edit_stage(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a stage, or with ``do=archive`` take it out of use."""
    stage = stage_or_404(pk)
    if request.POST.get("do") == "archive":
        try:
            services.archive_stage(stage_id=pk)
        except DealError as error:
            refused(request, error)
        return redirect("deals:pipelines")
    form = StageEditForm(request.POST or None, stage=stage)
    if request.method == "POST" and form.is_valid():
        values = StageValues(**form.cleaned_data)
        services.save_stage(pipeline_id=stage.pipeline_id, values=values, stage_id=pk)
        messages.success(request, _("The stage is saved."))
        return redirect("deals:pipelines")
    context = {"form": form, "title": f"{stage.pipeline}: {stage}", "stage": stage}
    return render(request, "deals/setting_form.html", context, status=422 if form.is_bound else 200)


@require_POST
@needs("pipelines.change")
def order_stages(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Move one stage up or down (``stage``, ``step=up|down``) among the open ones."""
    pipeline = pipeline_or_404(pk)
    keys = [each.pk for each in _in_order(pipeline) if each.kind == "open"]
    wanted = key(request.POST.get("stage", ""))
    if wanted in keys:
        at = keys.index(wanted)
        to = max(0, min(len(keys) - 1, at + (1 if request.POST.get("step") == "down" else -1)))
        keys.insert(to, keys.pop(at))
        services.order_stages(pipeline_id=pk, stage_ids=keys)
    return redirect("deals:pipelines")


@require_POST
@needs("pipelines.change")
def reasons(request: HttpRequest) -> HttpResponse:
    """Set the reasons of loss, one a line."""
    services.put_reasons(names=request.POST.get("names", "")[:5000].splitlines())
    messages.success(request, _("The reasons are saved."))
    return redirect("deals:pipelines")


@require_POST
@needs("pipelines.change")
def rules(request: HttpRequest) -> HttpResponse:
    """Set the rules of selling."""
    form = RulesForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _page(request, rules=form, status=422)
    services.change_settings(**form.cleaned_data)
    messages.success(request, _("The rules are saved."))
    return redirect("deals:pipelines")


def _page(
    request: HttpRequest, *, new: PipelineForm | None = None, rules: RulesForm | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    names = LossReason.objects.filter(is_archived=False).order_by("position", "id")
    text = "\n".join(names.values_list("name", flat=True))
    context: dict[str, Any] = {
        "pipelines": pipelines(),
        "new": new or PipelineForm(label_suffix="", auto_id="new_%s"),
        "reasons": ReasonsForm(initial={"names": text}, label_suffix=""),
        "rules": rules
        or RulesForm(initial=RulesForm.initial_of(services.settings()), label_suffix=""),
    }
    return render(request, "deals/pipelines.html", context, status=status)


def _in_order(pipeline: Pipeline) -> list[Any]:
    return list(pipeline.stages.filter(is_archived=False).order_by("position", "id"))
