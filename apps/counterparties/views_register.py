"""Asking an official register for a tax number: from a form while typing, and from the card."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.accounts.rights import needs, row_or_404, signed_in, visible
from apps.core.lists import chosen_rows
from apps.core.objects import Refused
from apps.counterparties import register
from apps.counterparties.lists import CounterpartyList
from apps.counterparties.models import Counterparty
from apps.counterparties.tasks import check_with_register
from apps.registers import services
from apps.registers.providers import NotTold
from apps.registers.words import sentence

MOST_ASKED = 500  # at once: registers count the questions of a day
REFUSALS = (NotTold, services.NoKey, services.NoRegister, services.UnknownThere)


@require_POST
@needs("counterparties.create")
def ask_new(request: HttpRequest) -> HttpResponse:
    """Answer the form of a new counterparty with what the register says, as a fragment."""
    return _fragment(request, None)


@require_POST
@needs("counterparties.edit")
def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer the form of a counterparty with a fragment, its card with a page."""
    partner = _row(request, pk)
    if request.headers.get("HX-Request") == "true":
        return _fragment(request, partner)
    told, problem = _told(request, partner.tax_number, vars(partner), partner)
    context = {"partner": partner, "told": told, "problem": problem}
    return render(request, "counterparties/register.html", context)


@require_POST
@needs("counterparties.edit")
def take(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the ticked fields over from the register, as it was told within the day."""
    partner = _row(request, pk)
    names = request.POST.getlist("field")
    try:
        taken = register.take(partner, names=names, by=request.user, now=timezone.now())
    except REFUSALS as refused:
        said = sentence(services.asked_register(partner.tax_number), refused)
        messages.error(request, said)
    except Refused as refused:
        messages.error(request, " ".join(text for said in refused.errors.values() for text in said))
    else:
        count = len(taken)
        text = ngettext(
            "%(count)d field is taken over from the register.",
            "%(count)d fields are taken over from the register.", count,
        )  # fmt: skip
        messages.success(request, text % {"count": count})
    return redirect("counterparties:card", partner.pk)


@require_POST
@needs("counterparties.change")
def ask_many(request: HttpRequest) -> HttpResponse:
    """Have the registers asked for the chosen counterparties, behind the screen."""
    rows = visible(request.user, chosen_rows(CounterpartyList(request)), "counterparties.edit")
    numbered = rows.exclude(tax_number="").order_by("pk").values_list("pk", flat=True)
    keys = [str(key) for key in numbered[:MOST_ASKED]]
    if keys:
        user_id = str(signed_in(request).pk)
        transaction.on_commit(partial(check_with_register.delay, keys=keys, user_id=user_id))
    text = ngettext(
        "%(count)d is being checked with its register; the bell tells what came of it.",
        "%(count)d are being checked with their registers; the bell tells what came of it.",
        len(keys),
    )
    messages.success(request, text % {"count": len(keys)})
    return redirect("counterparties:list")


def _fragment(request: HttpRequest, partner: Counterparty | None) -> HttpResponse:
    number = request.POST.get("tax_number", "")[:30]
    told, problem = _told(request, number, request.POST, partner)
    context = {"told": told, "problem": problem}
    return render(request, "counterparties/_register.html", context)


def _told(
    request: HttpRequest, number: str, here: Mapping[str, Any], partner: Counterparty | None
) -> tuple[register.Told | None, str]:
    """Return what a register says beside what stands here, or why it says nothing."""
    try:
        entry = services.look_up(number)
    except REFUSALS as refused:
        return None, sentence(services.asked_register(number), refused)
    if partner is not None:
        register.keep_state(partner, entry=entry, now=timezone.now())
    return register.compared(entry, here, by=request.user, row=partner), ""


def _row(request: HttpRequest, pk: UUID) -> Counterparty:
    rows = Counterparty.objects.all()
    return cast(Counterparty, row_or_404(request.user, rows, "counterparties.edit", pk))
