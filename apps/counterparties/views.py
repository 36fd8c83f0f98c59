"""Screens of counterparties: list, card, form."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.forms import BaseFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import User
from apps.accounts.rights import can, covers, mask, needs, visible
from apps.accounts.security import note_reading
from apps.accounts.withholding import withhold
from apps.core import objects, requisites, tagging
from apps.core.lists import chosen_rows, show_list
from apps.core.meanwhile import differences, seen_as, seen_of
from apps.core.objects import ChangedMeanwhile, Refused
from apps.counterparties import contacts, leads, register, sections, selectors, services
from apps.counterparties.forms import (
    AccountFormSet,
    ContactFormSet,
    CounterpartyForm,
    DateFormSet,
    PointFormSet,
    Rows,
    as_key,
)
from apps.counterparties.lists import CounterpartyList
from apps.counterparties.models import Counterparty, CounterpartyStatus
from apps.custom import layouts
from apps.custom.forms import CustomInputs
from apps.duplicates import selectors as duplicates
from tenants.current import current_company


@require_safe
@needs("counterparties.view")
def counterparty_list(request: HttpRequest) -> HttpResponse:
    """Show counterparties by name; with ``?part=`` the body, rows or count alone."""
    return show_list(request, CounterpartyList(request))


@require_safe
@needs("counterparties.view")
def counterparty_card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show everything of one counterparty; ``?part=body`` without the shell, ``?tab=`` a tab."""
    partner = _found(request, pk)
    user = cast(User, request.user)
    kind = objects.kind("counterparties")
    if partner.is_archived and (kept := duplicates.led_to(kind, pk, by=user)) is not None:
        messages.info(request, _("“%(name)s” was merged into this one.") % {"name": partner.name})
        return redirect("counterparties:card", kept)
    layout = layouts.layout_for(kind, user)
    context: dict[str, Any] = {
        "partner": partner,
        "country": contacts.region(),
        "may_change": covers(user, partner, "counterparties.edit"),
        "steps": leads.steps_of(partner),
    }

    def may(part: layouts.Part) -> bool:
        right = sections.section(part.key).right
        return not right or can(user, right)

    def made(part: layouts.Part) -> str:
        each = sections.section(part.key)
        told = {**context, "grouped_fields": layout.grouped, **each.context(partner, user)}
        return render_to_string(each.template, told, request=request)

    context |= layouts.on_card(
        layout, kind, partner, request=request, tab=request.GET.get("tab", ""), made=made, may=may
    )
    context["is_timeline"] = [each.key for each in context["middle"]] == ["activities.customer"]
    is_part = request.GET.get("part") == "body"
    template = "counterparties/_card.html" if is_part else "counterparties/card.html"
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
@needs("counterparties.create")
def counterparty_new(request: HttpRequest) -> HttpResponse:
    """Enter a counterparty."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@needs("counterparties.edit")
def counterparty_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a counterparty."""
    partner = (
        visible(request.user, Counterparty.objects.all(), "counterparties.change")
        .select_related("parent")
        .filter(pk=pk)
        .first()
    )
    if partner is None:
        raise Http404(str(pk))
    return _edit(request, partner)


@require_safe
@needs("counterparties.view")
def check(request: HttpRequest) -> HttpResponse:
    """Say while typing whether a tax number can be right and who has it already."""
    number = "".join(request.GET.get("tax_number", "").split())
    but = as_key(request.GET.get("but", ""))
    is_quick = request.GET.get("in") == "quick"
    before = Counterparty.objects.filter(pk=but).only("tax_number").first() if but else None
    context = {
        "problem": requisites.problem_unless(
            before.tax_number if before else "",
            number,
            requisites.tax_number_problem(
                number,
                currency=current_company().currency,
            ),
        ),
        "same": [
            each for each in services.same_tax_number(tax_number=number, but=but)
            if covers(request.user, each, "counterparties.view")
        ],
        "place": "quick-register" if is_quick else "register-offer",
        "ask_url": register.ask_url(number, by=request.user, but=but),
    }
    return render(request, "counterparties/_check.html", context)


@require_POST
@needs("counterparties.change")
def hand_over(request: HttpRequest) -> HttpResponse:
    """Let another office serve the chosen counterparties; nothing chosen is the centre."""
    office_id = as_key(request.POST.get("office", ""))
    rows = visible(request.user, chosen_rows(CounterpartyList(request)), "counterparties.edit")
    chosen = list(rows.values_list("pk", flat=True))
    try:
        count = services.hand_over(ids=chosen, office_id=office_id)
    except services.UnknownOffice:
        raise Http404("office") from None
    text = ngettext(
        "%(count)d is handed over; it moves with the next exchange.",
        "%(count)d are handed over; they move with the next exchange.", count,
    )  # fmt: skip
    messages.success(request, text % {"count": count})
    return redirect("counterparties:list")


@require_POST
@needs("counterparties.delete")
def archive(request: HttpRequest) -> HttpResponse:
    """Archive the chosen counterparties, or bring them back."""
    rows = visible(
        request.user, chosen_rows(CounterpartyList(request)), "counterparties.delete"
    )
    chosen = list(rows.values_list("pk", flat=True))
    back = request.POST.get("back") == "yes"
    count = services.archive_counterparties(ids=chosen, is_archived=not back)
    if back:
        text = ngettext("%(count)d is back in use.", "%(count)d are back in use.", count)
    else:
        text = ngettext("%(count)d was archived.", "%(count)d were archived.", count)
    messages.success(request, text % {"count": count})
    return redirect("counterparties:list")


def _edit(request: HttpRequest, partner: Counterparty | None) -> HttpResponse:
    form, rows = _forms(request, partner)
    same: list[Counterparty] = []
    changed: Counterparty | None = None
    data = request.POST if request.method == "POST" else None
    inputs = CustomInputs("counterparties", data, row=partner, by=request.user)
    if data is not None and form.is_valid() & rows.are_valid() & inputs.is_valid():
        values = form.values(rows, partner)
        but = partner.pk if partner else None
        if not request.POST.get("confirmed"):
            same = services.same_tax_number(tax_number=values.tax_number, but=but)
        if not same:
            seen = seen_of(request.POST.get("seen", ""))
            try:
                with transaction.atomic():
                    saved = services.save_counterparty(
                        values=values, counterparty_id=but, seen=seen
                    )
                    inputs.keep(saved, is_new=partner is None)
                    register.keep_known(saved, now=timezone.now())
            except Refused as refused:
                inputs.take(refused.errors)
            except services.BelongsToItself:
                text = _("A company cannot belong to itself or to one below it.")
                form.add_error("parent_name", text)
            except ChangedMeanwhile as meanwhile:
                changed = cast(Counterparty, meanwhile.row)
            else:
                messages.success(request, _("“%(name)s” is saved.") % {"name": saved.name})
                return redirect("counterparties:card", saved.pk)
    context = {
        "form": form, "rows": rows, "partner": partner, "same": same, "inputs": inputs,
        "known_tags": tagging.tags(),
        "seen": seen_as(changed) if changed else request.POST.get("seen") or seen_as(partner),
        "differences": (
            differences(form, CounterpartyForm.initial_of(changed)) if changed else None
        ),
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return render(request, "counterparties/form.html", context, status=status)


def _forms(request: HttpRequest, partner: Counterparty | None) -> tuple[CounterpartyForm, Rows]:
    data = request.POST if request.method == "POST" else None
    if partner is None:
        asked = {name: request.GET[name] for name in _PRESET if name in request.GET}
        usual = {"kind": "company", "status": CounterpartyStatus.CUSTOMER, "is_customer": True}
        initial = {**usual, "responsible": request.user.pk} | asked
    else:
        initial = CounterpartyForm.initial_of(partner)
    but = partner.pk if partner else None
    form = CounterpartyForm(data, initial=initial, by=request.user, but=but)
    withhold(form, user=request.user, kind="counterparties", row=partner)
    is_closed = partner is not None and selectors.hides_contacts(request.user, partner)
    made: dict[str, BaseFormSet[Any] | None] = {}
    parts = selectors.parts(partner) if partner is not None else {}
    for prefix, formset in _LISTS:
        if is_closed:
            made[prefix] = None
            continue
        if data is not None and f"{prefix}-TOTAL_FORMS" not in data:
            made[prefix] = None
            continue
        made[prefix] = formset(data, initial=parts.get(prefix, []), prefix=prefix)
    return form, Rows(**made)


_PRESET = ("name", "phone", "email", "status", "kind", "source")
_LISTS: tuple[tuple[str, Any], ...] = (
    ("people", ContactFormSet), ("accounts", AccountFormSet), ("points", PointFormSet),
    ("dates", DateFormSet),
)  # fmt: skip


def _found(request: HttpRequest, pk: UUID) -> Any:
    """Return a counterparty the person may see."""
    try:
        partner = selectors.card(pk, by=request.user)
    except Counterparty.DoesNotExist as error:
        raise Http404(str(pk)) from error
    if partner.is_vip:
        note_reading(request=request, row=partner)
    if selectors.hides_contacts(request.user, partner):
        partner.further, partner.accounts, partner.days = [], [], []
    mask(request.user, [partner])
    return partner

