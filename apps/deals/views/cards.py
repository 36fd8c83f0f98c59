"""The card of a deal, who takes part, and what is done with one or many deals."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.rights import can, hidden_of, mask, needs, visible
from apps.core import objects, tagging
from apps.core.lists import chosen_rows, show_list
from apps.core.objects import Refused
from apps.counterparties.files import files_of
from apps.custom import layouts
from apps.deals import next_steps, services
from apps.deals.forms import owner_of
from apps.deals.lists import DealList
from apps.deals.models import Deal, MemberRole, ParticipantRole
from apps.deals.sections import by_key, sections
from apps.deals.selectors.cards import DealCard, card, colleagues, may_take_part, persons_to_add
from apps.deals.selectors.finding import stages_by_pipeline
from apps.deals.views.common import back_to, deal_or_404, key, person, refused, stage_or_404


@require_safe
@needs("deals.view")
def deal_list(request: HttpRequest) -> HttpResponse:
    """Show the deals as a list; with ``?part=`` the body, rows or count alone."""
    context = {"may_change": can(request.user, "deals.change")}
    return show_list(request, DealList(request), template="deals/list.html", context=context)


@require_safe
@needs("deals.view")
def deal_card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a deal with its road; ``?part=body`` without the shell, ``?part=people`` who to add,
    ``?part=main`` what other rooms show below it."""
    if request.GET.get("part") == "people":
        deal = deal_or_404(request, pk, action="change")
        return render(
            request, "deals/_add_people.html",
            {"deal": deal, "persons": persons_to_add(deal), "colleagues": colleagues(),
             "participant_roles": ParticipantRole.choices, "member_roles": MemberRole.choices},
        )  # fmt: skip
    if request.GET.get("part") == "main":
        parts = _parts(deal_or_404(request, pk), request, "main")
        return render(request, "deals/_parts.html", {"parts": parts})
    try:
        shown = card(request.user, pk, now=timezone.now())
    except Deal.DoesNotExist as error:
        raise Http404(str(pk)) from error
    mask(request.user, [shown.deal])
    tagging.named([shown.deal])
    today = timezone.localdate()
    step = next_steps.of([pk]).get(pk)
    is_part = request.GET.get("part") == "body"
    context = {
        "card": shown, "deal": shown.deal, "today": today, "may_change": shown.may_change,
        "may_quote": can(request.user, "quotations.create"),
        "may_invoice": can(request.user, "invoices.create"),
        "may_see_invoices": can(request.user, "invoices.view"),
        "step": step, "card_url": reverse("deals:card", args=[pk]),
        "step_state": step.state(today) if step else "none",
        "phone": _phone(request, shown), "hides_phones": _hides_phones(request, shown),
        "files": files_of(kind="deals", key=pk), "kind": "deals", "key": pk,
        "knows_steps": next_steps.is_known(), "plan_url": next_steps.plan_url(pk),
    }  # fmt: skip
    kind, user = objects.kind("deals"), person(request)
    context |= layouts.on_card(
        layouts.layout_for(kind, user), kind, shown.deal, request=request,
        tab=request.GET.get("tab", ""), made=partial(_made, shown.deal, request),
        may=partial(_may_see, request),
    )  # fmt: skip
    return render(request, "deals/_card.html" if is_part else "deals/card.html", context)


def _made(deal: Deal, request: HttpRequest, part: layouts.Part) -> str:
    """Return what another room shows at the side; nothing for a part of the card's own."""
    each = by_key(part.key)
    if each is None:
        return ""
    return render_to_string(each.template, each.context(deal, request), request=request)


def _may_see(request: HttpRequest, part: layouts.Part) -> bool:
    each = by_key(part.key)
    return each is None or not each.right or can(request.user, each.right)


def _phone(request: HttpRequest, shown: DealCard) -> str:
    """Return the number to call about a deal: that of who takes part, else the customer's."""
    if _hides_phones(request, shown):
        return ""
    of_people = (each.phone for each in shown.participants if each.phone)
    return next(of_people, "") or shown.deal.counterparty.phone


def _hides_phones(request: HttpRequest, shown: DealCard) -> bool:
    """Tell whether the customer's phones are not for this person: a VIP's, or by their role."""
    return "phone" in hidden_of(request.user, shown.deal.counterparty)


def _parts(deal: Deal, request: HttpRequest, place: str) -> list[str]:
    """Return what other rooms show at a place of the card."""
    return [
        render_to_string(each.template, each.context(deal, request), request=request)
        for each in sections()
        if each.place == place and (not each.right or can(request.user, each.right))
    ]


@require_POST
@needs("deals.delete")
def archive(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a deal into the archive, or with ``back=yes`` take it out again."""
    deal = deal_or_404(request, pk, action="delete")
    is_back = request.POST.get("back") == "yes"
    services.archive_deals(ids=[pk], is_archived=not is_back, now=timezone.now())
    text = _("“%(deal)s” is back.") if is_back else _("“%(deal)s” is in the archive.")
    messages.success(request, text % {"deal": deal})
    return redirect("deals:card", pk)


@require_POST
@needs("deals.change")
def participant(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a contact person take part (``person``, ``role``), or no more (``remove``)."""
    deal = deal_or_404(request, pk, action="change")
    gone = key(request.POST.get("remove", ""))
    person_id = key(request.POST.get("person", ""))
    if gone is not None:
        services.remove_participant(deal_id=pk, participant_id=gone)
        return redirect("deals:card", pk)
    try:
        if person_id is None or not may_take_part(request.user, deal, person_id):
            raise Refused({"person": [_("Choose a contact person and a role.")]})
        services.put_participant(
            deal_id=pk, person_id=person_id, role=request.POST.get("role", "")
        )
    except Refused as error:
        refused(request, error)
    return redirect("deals:card", pk)


@require_POST
@needs("deals.change")
def member(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let one of our people take part (``user``, ``role``), or no more (``remove``)."""
    deal_or_404(request, pk, action="change")
    gone = key(request.POST.get("remove", ""))
    user_id = key(request.POST.get("user", ""))
    if gone is not None:
        services.remove_member(deal_id=pk, member_id=gone)
        return redirect("deals:card", pk)
    try:
        if user_id is None:
            raise Refused({"user": [_("Choose a person and a role.")]})
        services.put_member(deal_id=pk, user_id=user_id, role=request.POST.get("role", ""))
    except Refused as error:
        refused(request, error)
    return redirect("deals:card", pk)


@require_http_methods(["GET", "POST"])
@needs("deals.change")
def bulk(request: HttpRequest) -> HttpResponse:
    """Do one thing with the chosen deals, or with all that match; GET offers what.

    ``do=owner`` with ``owner``, ``do=stage`` with ``stage``, ``do=archive``.
    """
    if request.method == "GET":
        offered = {"people": colleagues(), "stages": stages_by_pipeline()}
        return render(request, "deals/_bulk.html", offered)
    rows = chosen_rows(DealList(request))
    action = request.POST.get("do", "")
    right = "deals.delete" if action == "archive" else "deals.change"
    mine = visible(request.user, Deal.objects.all(), right).filter(
        pk__in=rows.order_by().values("pk")
    )
    keys = list(mine.values_list("pk", flat=True))
    now = timezone.now()
    if action == "owner":
        owner = owner_of(request.POST.get("owner", ""))
        if owner is None:
            messages.error(request, _("Choose who is to be responsible."))
        else:
            count = services.hand_over(
                deal_ids=keys, owner_id=owner.pk, by=person(request), now=now
            )
            messages.success(
                request,
                ngettext("%(count)d deal now belongs to %(owner)s.",
                         "%(count)d deals now belong to %(owner)s.", count)
                % {"count": count, "owner": owner},
            )  # fmt: skip
    elif action == "stage":
        if not request.POST.get("stage"):
            messages.error(request, _("Choose a stage."))
        else:
            stage = stage_or_404(request.POST["stage"])
            moved, lacking = services.move_many(
                deal_ids=keys, stage_id=stage.pk, by=person(request), now=now
            )
            _tell_moved(request, moved, lacking, stage)
    elif action == "archive":
        count = services.archive_deals(ids=keys, is_archived=True, now=now)
        messages.success(
            request,
            ngettext("%(count)d deal is in the archive.", "%(count)d deals are in the archive.",
                     count) % {"count": count},
        )  # fmt: skip
    return redirect(back_to(request, reverse("deals:list")))


def _tell_moved(request: HttpRequest, moved: int, lacking: int, stage: Any) -> None:
    values: Mapping[str, Any] = {"count": moved, "stage": stage}
    messages.success(
        request,
        ngettext("%(count)d deal is now in “%(stage)s”.",
                 "%(count)d deals are now in “%(stage)s”.", moved) % values,
    )  # fmt: skip
    if lacking:
        messages.error(
            request,
            ngettext("%(count)d deal lacks what “%(stage)s” asks for and stays.",
                     "%(count)d deals lack what “%(stage)s” asks for and stay.", lacking)
            % {"count": lacking, "stage": stage},
        )  # fmt: skip


