"""Timelines of cards, what is entered at them, following a card."""

from __future__ import annotations

import json
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.rights import needs, require
from apps.activities import cards, services, showing, telling
from apps.activities.forms import ComposerForm
from apps.activities.views.common import back, done, not_told_text, person, refusal_text
from apps.core.objects import Refused
from apps.history import services as history


@require_safe
@needs("activities.view")
def timeline(request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
    """Show a card's timeline; ``?part=body`` the part of a card, ``?part=rows`` further entries."""
    card = _card_or_404(request, kind, key)
    part = request.GET.get("part", "")
    if part != "rows":
        history.gather_now(now=timezone.now())
    context = showing.timeline_of(
        request, card, only=request.GET.get("only", "")[:40], after=request.GET.get("after", "")
    )
    templates = {"rows": "activities/timeline/_rows.html", "body": "activities/timeline/_body.html"}
    return render(request, templates.get(part, "activities/timeline/page.html"), context)


@require_POST
@needs("activities.create")
def compose(request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
    """Enter a note, task, call or meeting at a card's timeline."""
    card = _card_or_404(request, kind, key)
    form = ComposerForm(request.POST)
    now = timezone.now()
    text, level = "", "bad"
    if form.is_valid():
        values, is_done = form.values(now=now)
        try:
            made = services.save_activity(
                values=values, by=person(request), now=now, cards_of=[(kind, key)],
                is_done=is_done, done_at=values.due_at or values.starts_at if is_done else None,
            )  # fmt: skip
            text, level = not_told_text(made, telling.said_in(made)), "info"
        except Refused as refused:
            text = refusal_text(refused)
    else:
        text = _("Write something first.")
    if request.headers.get("HX-Request") == "true":
        context = showing.timeline_of(request, card)
        answer = render(request, "activities/timeline/_body.html", context)
        if text:
            answer["HX-Trigger"] = json.dumps({"toast": {"text": text, "level": level}})
        return answer
    if text:
        (messages.error if level == "bad" else messages.warning)(request, text)
    return redirect(back(request))


@require_POST
@needs("activities.view")
def follow(request: HttpRequest, kind: str, key: UUID) -> HttpResponse:
    """Follow a card, or stop following it with ``stop=yes``."""
    _card_or_404(request, kind, key)
    if request.POST.get("stop") == "yes":
        services.unfollow(kind=kind, key=key, user=person(request))
        return done(request, _("You will not hear of this any more."))
    services.follow(kind=kind, key=key, user=person(request))
    return done(request, _("You will hear of everything new here."))


def _card_or_404(request: HttpRequest, kind: str, key: UUID) -> showing.Shown:
    try:
        card, row = cards.find(request.user, kind, key)
    except cards.NoSuchCard as error:
        raise Http404(kind) from error
    require(request.user, card.right)
    return showing.Shown(card, key, row)
