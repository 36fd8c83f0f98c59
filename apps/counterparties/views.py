"""Screens of counterparties: list, card, form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db import connection
from django.forms import BaseFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import User
from apps.accounts.rights import can, needs
from apps.core import requisites
from apps.core.lists import chosen_rows, show_list
from apps.counterparties import sections, selectors, services
from apps.counterparties.forms import AccountFormSet, ContactFormSet, CounterpartyForm
from apps.counterparties.lists import CounterpartyList
from apps.counterparties.models import Counterparty
from replication.nodes import offices_by_name


@require_safe
@needs("counterparties.view")
def counterparty_list(request: HttpRequest) -> HttpResponse:
    """Show counterparties by name; with ``?part=`` the body, rows or count alone."""
    return show_list(request, CounterpartyList(request))


@require_safe
@needs("counterparties.view")
def counterparty_card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show everything of one counterparty; ``?part=body`` without the shell."""
    partner = _found(pk)
    context: dict[str, Any] = {
        "partner": partner,
        "may_change": can(request.user, "counterparties.change"),
        "office_name": offices_by_name().get(partner.office_id) if partner.office_id else "",
        "sections": [
            render_to_string(
                each.template,
                {**each.context(partner, cast(User, request.user)), "partner": partner},
                request=request,
            )
            for each in sections.sections()
        ],
    }
    is_part = request.GET.get("part") == "body"
    template = "counterparties/_card.html" if is_part else "counterparties/card.html"
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
@needs("counterparties.change")
def counterparty_new(request: HttpRequest) -> HttpResponse:
    """Enter a counterparty."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@needs("counterparties.change")
def counterparty_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a counterparty."""
    partner = Counterparty.objects.filter(pk=pk).first()
    if partner is None:
        raise Http404(str(pk))
    return _edit(request, partner)


@require_safe
@needs("counterparties.view")
def check(request: HttpRequest) -> HttpResponse:
    """Say while typing whether a tax number can be right and who has it already."""
    number = "".join(request.GET.get("tax_number", "").split())
    but = _key(request.GET.get("but", ""))
    before = Counterparty.objects.filter(pk=but).only("tax_number").first() if but else None
    context = {
        "problem": requisites.problem_unless(
            before.tax_number if before else "",
            number,
            requisites.tax_number_problem(
                number,
                currency=connection.tenant.currency,  # type: ignore[attr-defined]
            ),
        ),
        "same": services.same_tax_number(tax_number=number, but=but),
    }
    return render(request, "counterparties/_check.html", context)


@require_POST
@needs("counterparties.change")
def hand_over(request: HttpRequest) -> HttpResponse:
    """Let another office serve the chosen counterparties; nothing chosen is the centre."""
    office_id = _key(request.POST.get("office", ""))
    chosen = list(chosen_rows(CounterpartyList(request)).values_list("pk", flat=True))
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
@needs("counterparties.change")
def archive(request: HttpRequest) -> HttpResponse:
    """Archive the chosen counterparties, or bring them back."""
    chosen = list(chosen_rows(CounterpartyList(request)).values_list("pk", flat=True))
    back = request.POST.get("back") == "yes"
    count = services.archive_counterparties(ids=chosen, is_archived=not back)
    if back:
        text = ngettext("%(count)d is back in use.", "%(count)d are back in use.", count)
    else:
        text = ngettext("%(count)d was archived.", "%(count)d were archived.", count)
    messages.success(request, text % {"count": count})
    return redirect("counterparties:list")


def _edit(request: HttpRequest, partner: Counterparty | None) -> HttpResponse:
    form, people, accounts = _forms(request, partner)
    same: list[Counterparty] = []
    if request.method == "POST" and form.is_valid() & people.is_valid() & accounts.is_valid():
        values = form.values(people, accounts, partner)
        but = partner.pk if partner else None
        if not request.POST.get("confirmed"):
            same = services.same_tax_number(tax_number=values.tax_number, but=but)
        if not same:
            saved = services.save_counterparty(values=values, counterparty_id=but)
            messages.success(request, _("“%(name)s” is saved.") % {"name": saved.name})
            return redirect("counterparties:card", saved.pk)
    context = {
        "form": form, "people": people, "accounts": accounts, "partner": partner, "same": same,
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return render(request, "counterparties/form.html", context, status=status)


def _forms(
    request: HttpRequest, partner: Counterparty | None
) -> tuple[CounterpartyForm, BaseFormSet[Any], BaseFormSet[Any]]:
    data = request.POST if request.method == "POST" else None
    if partner is None:
        initial = {"kind": "company", "responsible": request.user.pk}
        people: list[dict[str, Any]] = []
        accounts: list[dict[str, Any]] = []
    else:
        initial = CounterpartyForm.initial_of(partner)
        people = _plain(
            partner.contact_persons.order_by("created_at", "id").values(
                "full_name", "job_title", "phone", "email"
            )
        )
        accounts = _plain(
            partner.bank_accounts.order_by("created_at", "id").values(
                "number", "bank_name", "bank_code", "correspondent_account"
            )
        )
    return (
        CounterpartyForm(data, initial=initial, but=partner.pk if partner else None),
        ContactFormSet(data, initial=people, prefix="people"),
        AccountFormSet(data, initial=accounts, prefix="accounts"),
    )


def _plain(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in rows]


def _found(pk: UUID) -> Counterparty:
    try:
        return selectors.card(pk)
    except Counterparty.DoesNotExist as error:
        raise Http404(str(pk)) from error


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
