"""The board: columns of cards that are dragged, moved by keyboard or by a menu."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.rights import can, needs
from apps.core import preferences
from apps.core.objects import Refused
from apps.deals import next_steps, services
from apps.deals.forms import StageForm
from apps.deals.models import Deal, Pipeline, Stage
from apps.deals.selectors import board as boards
from apps.deals.selectors.finding import DealFilter, pipelines_and_people
from apps.deals.services import DealError, NothingToUndo, StageNeeds
from apps.deals.services.pipelines import begin
from apps.deals.views.common import back_to, deal_or_404, key, person, refused, stage_or_404

LOOK = "deals:board"  # {"folded": columns, "fields": what stands on cards} of one person
CARD_FIELDS = ("customer", "amount", "owner", "expected", "step", "since")
USUAL = ("customer", "amount", "owner", "expected", "step")


@require_safe
@needs("deals.view")
def board(request: HttpRequest) -> HttpResponse:
    """Show a pipeline: ``?pipeline=``; ``?part=board`` without the shell, ``?part=column`` more."""
    found, colleagues, saved = pipelines_and_people(request.user, LOOK)
    if not found:
        return _nothing_yet(request)
    pipeline = _chosen_pipeline(request, found)
    now, today = timezone.now(), timezone.localdate()
    chosen = asked_filter(request)
    stages: list[Stage] = pipeline.in_order  # type: ignore[attr-defined]
    look_ = _look(saved)
    shared: dict[str, Any] = {
        "pipeline": pipeline, "may_change": can(request.user, "deals.change"), "today": today,
        "fields": look_["fields"], "here": _here(request, pipeline),
        "knows_steps": next_steps.is_known(),
    }  # fmt: skip
    if request.GET.get("part") == "column":
        stage = next((s for s in stages if str(s.pk) == request.GET.get("stage")), None)
        if stage is None:
            return HttpResponse("")
        column = boards.more_cards(
            request.user, stage, after=request.GET.get("after", ""), chosen=chosen, today=today,
            now=now,
        )  # fmt: skip
        return render(request, "deals/_cards.html", shared | {"column": column})
    shown = boards.board(
        request.user, pipeline, stages, chosen=chosen, today=today, now=now,
        shown=_shown(request.GET.get("shown", "")),
    )  # fmt: skip
    context = shared | {
        "board": shown, "chosen": chosen, "folded": look_["folded"],
        "pipelines": found, "people": colleagues, "states": next_steps.STATES,
        "all_fields": _all_fields(), "owner": str(chosen.owner_id or ""),
    }  # fmt: skip
    is_part = request.GET.get("part") == "board"
    return render(request, "deals/_board.html" if is_part else "deals/board.html", context)


@require_http_methods(["GET", "POST"])
@needs("deals.change")
def move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Bring a deal to ``stage``; what it asks for is asked in a small form.

    To the script of the board it answers JSON, and the form (422) as a fragment.
    """
    deal = deal_or_404(request, pk, action="change")
    stage = stage_or_404(request.POST.get("stage") or request.GET.get("stage", ""))
    missing = services.deals.missing_for(deal, stage)
    if request.method == "GET":
        return _ask(request, deal, stage, StageForm(deal=deal, stage=stage, missing=missing), 200)
    is_filled = "filled" in request.POST
    form = StageForm(
        request.POST if is_filled else None, deal=deal, stage=stage, missing=missing
    )
    if missing and not (is_filled and form.is_valid()):
        return _ask(request, deal, stage, form, 422)
    former = deal.stage
    try:
        services.move_deal(
            deal_id=pk, stage_id=stage.pk, by=person(request), now=timezone.now(),
            values=form.values() if missing else None,
        )  # fmt: skip
    except (StageNeeds, Refused) as error:
        if isinstance(error, Refused):
            for name, sentences in error.errors.items():
                form.add_error(name if name in form.fields else None, sentences)
        return _ask(request, deal, stage, form, 422)
    text = _("“%(deal)s” is now in “%(stage)s”.") % {"deal": deal, "stage": stage}
    if _wants_json(request):
        return JsonResponse(_told(request, deal, former, stage, text))
    messages.success(request, text)
    return redirect(back_to(request, reverse("deals:card", args=[pk])))


@require_POST
@needs("deals.change")
def undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the move to ``stage`` back, as long as nothing followed it."""
    deal_or_404(request, pk, action="change")
    stage_id = key(request.GET.get("stage", ""))
    try:
        if stage_id is None:
            raise NothingToUndo(pk)
        services.undo_move(deal_id=pk, stage_id=stage_id)
    except NothingToUndo as error:
        refused(request, error)
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return HttpResponse(status=204, headers={"HX-Trigger": "deal-moved"})


@require_POST
@needs("deals.view")
def look(request: HttpRequest) -> HttpResponse:
    """Remember how a person wants the board: ``fold``/``unfold`` a column, ``field`` on cards."""
    user = person(request)
    look_ = _look(preferences.read(user_id=user.pk, key=LOOK))
    if "fields" in request.POST:
        look_["fields"] = [name for name in request.POST.getlist("field") if name in CARD_FIELDS]
        preferences.keep(user_id=user.pk, key=LOOK, value=look_)
        return redirect(back_to(request, reverse("deals:board")))
    fold, unfold = request.POST.get("fold", ""), request.POST.get("unfold", "")
    folded = [each for each in look_["folded"] if each not in (fold, unfold)]
    look_["folded"] = [*folded, *([fold] if key(fold) is not None else [])][-100:]
    preferences.keep(user_id=user.pk, key=LOOK, value=look_)
    return HttpResponse(status=204)


@require_POST
@needs("pipelines.change")
def start(request: HttpRequest) -> HttpResponse:
    """Make the first pipeline, with usual stages."""
    try:
        begin()
    except DealError as error:
        refused(request, error)
    return redirect("deals:board")


def asked_filter(request: HttpRequest) -> DealFilter:
    """Return what the address asks for; values nobody could have chosen are as none."""
    asked = request.GET
    owner = asked.get("owner", "")
    step = asked.get("step", "")
    return DealFilter(
        query=asked.get("q", "")[:200].replace("\x00", " ").strip(),
        owner_id=person(request).pk if owner == "me" else key(owner),
        step=step if step in next_steps.STATES else "",
        is_rotting=asked.get("rotting") == "yes",
    )


def _nothing_yet(request: HttpRequest) -> HttpResponse:
    context = {"may_begin": can(request.user, "pipelines.change")}
    return render(request, "deals/nothing_yet.html", context)


def _chosen_pipeline(request: HttpRequest, found: list[Pipeline]) -> Pipeline:
    wanted = request.GET.get("pipeline", "")
    chosen = next((each for each in found if str(each.pk) == wanted), None)
    return chosen or next((each for each in found if each.is_default), found[0])


def _here(request: HttpRequest, pipeline: Pipeline) -> str:
    values = request.GET.copy()
    for name in ("part", "after", "stage", "shown"):
        values.pop(name, None)
    values["pipeline"] = str(pipeline.pk)
    for name in [name for name, value in values.items() if not value]:
        values.pop(name)
    return f"{reverse('deals:board')}?{values.urlencode()}"


def _shown(text: str) -> Mapping[UUID, int]:
    """Read ``stage:cards,stage:cards``: how much of each column the page had."""
    found: dict[UUID, int] = {}
    for part in text[:4000].split(","):
        name, _colon, number = part.partition(":")
        pk = key(name)
        if pk is not None and number.isdecimal() and len(number) < 5:
            found[pk] = int(number)
    return found


def _look(saved: Any) -> dict[str, list[str]]:
    saved = saved if isinstance(saved, dict) else {}
    folded, fields = saved.get("folded"), saved.get("fields")
    return {
        "folded": folded if isinstance(folded, list) else [],
        "fields": fields if isinstance(fields, list) else list(USUAL),
    }


def _all_fields() -> list[tuple[str, str]]:
    return [
        ("customer", _("Customer")), ("amount", _("Amount")), ("owner", _("Responsible")),
        ("expected", _("Expected on")), ("step", _("Next step")), ("since", _("Days in the stage")),
    ]  # fmt: skip


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


def _ask(
    request: HttpRequest, deal: Deal, stage: Stage, form: StageForm, status: int
) -> HttpResponse:
    context = {
        "deal": deal, "stage": stage, "form": form, "next": request.POST.get("next", ""),
    }  # fmt: skip
    template = "deals/_stage_form.html" if _wants_json(request) else "deals/stage_form.html"
    return render(request, template, context, status=status)


def _told(
    request: HttpRequest, deal: Deal, former: Stage, stage: Stage, text: str
) -> dict[str, Any]:
    """Return what the board needs to know after a move: a sentence, the way back, new sums."""
    chosen = asked_filter(request)
    stages = [each for each in (former, stage) if each.pipeline_id == stage.pipeline_id]
    for each in stages:
        each.pipeline = stage.pipeline
    columns = boards.heads(
        request.user, stages, chosen=chosen, today=timezone.localdate(), now=timezone.now()
    )
    undo_url = f"{reverse('deals:undo', args=[deal.pk])}?stage={stage.pk}"
    return {
        "text": text,
        "undo": {"label": _("Undo"), "url": undo_url},
        "heads": {
            str(column.stage.pk): render_to_string(
                "deals/_sums.html", {"column": column}, request=request
            )
            for column in columns
        },
    }
