"""Entering quickly from anywhere, choosing a counterparty, who is entered already."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.rights import fields, needs, visible
from apps.core.searching import best
from apps.counterparties import contacts, register, selectors, services
from apps.counterparties.duplicates import like as who_is_like
from apps.counterparties.forms import as_key
from apps.counterparties.models import (
    Counterparty,
    CounterpartyKind,
    CounterpartyStatus,
    PointKind,
)
from apps.counterparties.people import PersonValues, save_person
from apps.counterparties.services import CounterpartyValues

OFFERED = 12


class QuickForm(forms.Form):
    """The few words with which a customer begins."""

    name = forms.CharField(label=_("Company or person"), max_length=250)
    person = forms.CharField(label=_("Contact person"), max_length=150, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=50, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    tax_number = forms.CharField(label=_("Tax number"), max_length=20, required=False)
    is_lead = forms.BooleanField(label=pgettext_lazy("quick entry", "It is a lead"), required=False)
    # Filled in from a register, not typed.
    full_name = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)
    tax_reason_code = forms.CharField(max_length=9, required=False, widget=forms.HiddenInput)
    registration_number = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    legal_address = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"].strip()
        problem = contacts.problem(PointKind.PHONE, phone)
        if problem:
            raise forms.ValidationError(problem)
        return str(phone)


@require_http_methods(["GET", "POST"])
@needs("counterparties.create")
def quick(request: HttpRequest) -> HttpResponse:
    """Enter a counterparty by name, phone and e-mail: a page, or a dialog over the one open."""
    form = QuickForm(request.POST or None, initial={"name": request.GET.get("name", "")})
    if request.method == "POST" and form.is_valid():
        saved = _saved(form, request)
        messages.success(request, gettext("“%(name)s” is entered.") % {"name": saved.name})
        address = reverse("counterparties:card", args=[saved.pk])
        if request.headers.get("HX-Request"):
            answer = HttpResponse(status=204)
            answer["HX-Redirect"] = address
            return answer
        return redirect(address)
    is_part = request.headers.get("HX-Request") == "true"
    template = "counterparties/_quick.html" if is_part else "counterparties/quick.html"
    return render(request, template, {"form": form}, status=422 if form.is_bound else 200)


def _saved(form: QuickForm, request: HttpRequest) -> Counterparty:
    told = form.cleaned_data
    is_lead = told["is_lead"]
    partner = services.save_counterparty(
        values=CounterpartyValues(
            name=told["name"], kind=CounterpartyKind.COMPANY, phone=told["phone"],
            email=told["email"], tax_number="".join(told["tax_number"].split()),
            responsible_id=request.user.pk,
            status=CounterpartyStatus.LEAD if is_lead else CounterpartyStatus.CUSTOMER,
            **register.shown_to(request.user, {name: told[name] for name in register.FIELDS[1:]}),
        )
    )  # fmt: skip
    register.keep_known(partner, now=timezone.now())
    if told["person"]:
        save_person(
            values=PersonValues(
                full_name=told["person"], counterparty_id=partner.pk, phone=told["phone"],
                email=told["email"],
            )
        )  # fmt: skip
    return partner


@require_safe
@needs("counterparties.view")
def like(request: HttpRequest) -> HttpResponse:
    """Say while typing who is entered already with this number, phone, e-mail or name."""
    asked = {
        name: request.GET.get(name, "")[:250] for name in ("name", "tax_number", "phone", "email")
    }
    found = who_is_like(by=request.user, but=as_key(request.GET.get("but", "")), **asked)
    return render(request, "counterparties/_like.html", {"found": found})


@require_safe
@needs("counterparties.view")
def pick(request: HttpRequest) -> HttpResponse:
    """Offer counterparties for what is typed into the field that ``field`` names.

    ``above`` leaves out a counterparty and all that belong to it: the others can stand above it.
    """
    query = request.GET.get(request.GET.get("field", "q"), "")[:100]
    rows = visible(
        request.user, Counterparty.objects.filter(is_archived=False), "counterparties.view"
    )
    below = as_key(request.GET.get("above", ""))
    rows = rows.exclude(pk__in=selectors.family(below)) if below else rows
    found = best(rows, query, limit=OFFERED, by=request.user) if query.strip() else []
    return render(request, "counterparties/_picked.html", {"found": found})


@require_safe
@needs("counterparties.view")
def sources(request: HttpRequest) -> HttpResponse:
    """Offer where counterparties have come from so far, once the field is entered."""
    is_hidden = "source" in fields(request.user, "counterparties").hidden
    found = [] if is_hidden else selectors.sources()
    return render(request, "counterparties/_sources.html", {"sources": found})
