"""The card of an activity, its form, what is said about it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_time
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.rights import can, mask, needs, seeing, visible, with_rights
from apps.accounts.withholding import withhold
from apps.activities import cards, moments, repeating, services
from apps.activities.forms import ActivityForm, differences
from apps.activities.lists import MentionList
from apps.activities.models import Activity, ActivityKind, Importance
from apps.activities.views.common import (
    activity_or_404,
    key_of,
    not_told_text,
    person,
    refusal_text,
)
from apps.core import tagging
from apps.core.folding import fold
from apps.core.lists import show_list
from apps.core.objects import ChangedMeanwhile, Refused
from apps.counterparties.models import Counterparty
from apps.custom.forms import CustomInputs

CHOICES = 12


@require_safe
@needs("activities.view")
def card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show an activity with what was said about it; ``?part=body`` without the shell."""
    activity = activity_or_404(request, pk)
    links = [(each.kind, each.key) for each in activity.links.order_by("kind", "key")]
    named = cards.titles(links, request.user)
    mask(request.user, [activity])
    tagging.named([activity])
    me = person(request)
    context = {
        "activity": activity,
        "links": [(cards.kind_of(link[0]), link[1], title) for link, title in named.items()],
        "people": activity.people.select_related("user").order_by("role", "pk"),
        "comments": activity.comments.select_related("author").order_by("created_at", "pk"),
        "may_change": can(request.user, "activities.change"),
        "is_mine": activity.owner_id == me.pk,
        "is_given": activity.giver_id is not None and activity.giver_id != activity.owner_id,
        "is_late": activity.is_open
        and moments.is_late(
            activity.planned_at, is_all_day=activity.is_all_day, now=timezone.now()
        ),
    }
    is_part = request.GET.get("part") == "body"
    return render(request, "activities/_card.html" if is_part else "activities/card.html", context)


@require_http_methods(["GET", "POST"])
@needs("activities.create")
def new(request: HttpRequest, kind: str = ActivityKind.TASK) -> HttpResponse:
    """Enter an activity; ``?on=invoices:<key>`` puts it on a card, ``?day=`` on a day."""
    return _edit(request, None, kind=kind)


@require_http_methods(["GET", "POST"])
@needs("activities.change")
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change an activity; what somebody else saved meanwhile is shown (F269, G029)."""
    return _edit(request, activity_or_404(request, pk, action="change"))


@require_POST
@needs("activities.view")
def comment(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say something about an activity."""
    activity = activity_or_404(request, pk)
    text = request.POST.get("text", "")[:20000]
    try:
        services.comment(activity_id=pk, text=text, by=person(request))
    except Refused as refused:
        messages.error(request, refusal_text(refused))
    else:
        not_told = not_told_text(activity, text)
        if not_told:
            messages.warning(request, not_told)
    return redirect("activities:card", pk)


@require_safe
@needs("activities.change")
def customers(request: HttpRequest) -> HttpResponse:
    """Return the counterparties to choose from, as options."""
    rows = visible(
        request.user, Counterparty.objects.filter(is_archived=False), "counterparties.view"
    )
    for word in fold(request.GET.get("q", "")[:100].replace("\x00", "")).split():
        rows = rows.filter(sort_name__contains=word)
    found = list(rows.order_by("sort_name", "pk")[:CHOICES])
    mask(request.user, found)
    return render(request, "activities/_customers.html", {"customers": found})


@require_safe
@needs("activities.view")
def people(request: HttpRequest) -> HttpResponse:
    """Return the people whom ``@`` and some letters may mean, as options.

    With ``?on=kind:key`` those alone who may see that card: nobody is called to a closed door.
    """
    wanted = fold(request.GET.get("q", "")[:60])
    found = [each for each in with_rights().order_by("full_name", "email", "id")
             if wanted in fold(str(each))]  # fmt: skip
    for kind, key in _cards_asked(request):
        card = cards.kind_of(kind)
        rows = card.model._default_manager.filter(pk=key)
        allowed = seeing(found, rows, card.right) & {
            each.pk for each in found if can(each, "activities.view")
        }
        found = [each for each in found if each.pk in allowed]
    return render(request, "activities/_people.html", {"people": found[:8]})


@require_safe
@needs("activities.view")
def mentions(request: HttpRequest) -> HttpResponse:
    """Show where one was named, the latest first (F147)."""
    return show_list(request, MentionList(request), template="activities/mentions.html",
                     context={"tab": "mentions"})  # fmt: skip


def _edit(request: HttpRequest, activity: Activity | None, *, kind: str = "") -> HttpResponse:
    on = _cards_asked(request) if activity is None else []
    initial = ActivityForm.initial_of(activity) if activity else _initial(request, kind, on)
    form = ActivityForm(request.POST if request.method == "POST" else None, initial=initial)
    withhold(form, user=request.user, kind="activities", row=activity)
    theirs: list[tuple[str, str, str]] = []
    posted = request.POST if request.method == "POST" else None
    inputs = CustomInputs("activities", posted, row=activity, by=request.user)
    is_good = posted is not None and form.is_valid() & inputs.is_valid()
    if is_good and _may_name(request, form, activity):
        try:
            with transaction.atomic():
                saved = services.save_activity(
                    values=form.values(), by=person(request), now=timezone.now(),
                    activity_id=activity.pk if activity else None, seen=form.seen_at(),
                    cards_of=None if activity else on,
                    participants=form.people()["participants"],
                    watchers=form.people()["watchers"],
                )  # fmt: skip
                inputs.keep(saved, is_new=activity is None)
        except Refused as refused:
            own = {k: v for k, v in refused.errors.items() if k in inputs.fields}
            inputs.take(own)
            form.take(Refused({k: v for k, v in refused.errors.items() if k not in own}))
        except ChangedMeanwhile as changed:
            theirs = differences(form, changed.row)  # type: ignore[arg-type]
            data = request.POST.copy()
            data["seen"] = changed.row.updated_at.isoformat()  # type: ignore[attr-defined]
            form.data = data
        else:
            messages.success(request, _("“%(subject)s” is saved.") % {"subject": saved.subject})
            return redirect("activities:card", saved.pk)
    partner_id = form["counterparty"].value()
    context = {
        "form": form, "known_tags": tagging.tags(),
        "inputs": inputs,
        "activity": activity,
        "theirs": theirs,
        "partner": _partner(request, partner_id, activity),
        "shown_kind": form["kind"].value(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "activities/form.html", context, status=status)


def _may_name(request: HttpRequest, form: ActivityForm, activity: Activity | None) -> bool:
    """Tell whether the person may name the customer; the one that stands there stays."""
    key = form.cleaned_data["counterparty"]
    if key is None or (activity is not None and activity.counterparty_id == key):
        return True
    rows = Counterparty.objects.filter(pk=key)
    if visible(request.user, rows, "counterparties.view").exists():
        return True
    form.add_error(None, _("There is no such counterparty."))
    return False


def _cards_asked(request: HttpRequest) -> list[tuple[str, UUID]]:
    """Return the card of ``?on=kind:key``.

    :raises Http404: there is none that the person may see.
    """
    kind, _colon, text = request.GET.get("on", "").partition(":")
    key = key_of(text)
    if not kind:
        return []
    if key is None:
        raise Http404(text[:40])
    try:
        cards.find(request.user, kind, key)
    except cards.NoSuchCard as error:
        raise Http404(kind[:40]) from error
    return [(kind, key)]


def _partner(request: HttpRequest, text: Any, activity: Activity | None) -> Counterparty | None:
    """Return the customer the form shows, as far as the person sees it."""
    key = key_of(str(text or ""))
    if key is None:
        return None
    if activity is not None and activity.counterparty_id == key:
        return activity.counterparty
    rows = Counterparty.objects.filter(pk=key)
    return visible(request.user, rows, "counterparties.view").first()


def _initial(request: HttpRequest, kind: str, on: list[tuple[str, UUID]]) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "kind": kind, "importance": Importance.NORMAL, "owner": request.user.pk,
    }  # fmt: skip
    for card_kind, key in on:
        found, row = cards.find(request.user, card_kind, key)
        initial["counterparty"] = cards.customer_of(card_kind, key)
        if card_kind != cards.CUSTOMERS:
            initial["subject"] = found.title(row)
        if request.GET.get("remind") and getattr(row, "due_on", None):
            initial |= _reminder_of(row)
    try:
        day = parse_date(request.GET.get("day", "")[:10])
    except ValueError:
        day = None
    if day is not None:
        at = datetime.combine(day, _clock(request.GET.get("at", "")) or time(10))
        field = "starts_at" if kind in ("meeting", "absence") else "due_at"
        initial[field] = timezone.make_aware(at)
    return initial


def _clock(text: str) -> time | None:
    try:
        return parse_time(text[:5])
    except ValueError:
        return None


def _reminder_of(row: Any) -> dict[str, Any]:
    """Return what a reminder of a document that falls due begins with (F150)."""
    due_on: date = row.due_on
    begin = max(due_on - timedelta(days=3), timezone.localdate())
    at = max(moments.midnight(begin) + timedelta(hours=10), timezone.now())
    return {
        "subject": _("Invoice %(number)s: payment") % {"number": row},
        "starts_at": at,
        "remind_at": at,
        "remind_rule": repeating.WORKDAYS,
        "due_at": moments.midnight(due_on) + timedelta(hours=18),
        "importance": Importance.HIGH,
    }
