"""Screens of contact persons: list, card, form."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.forms import BaseForm, BaseFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import User
from apps.accounts.rights import can, covers, hidden_of, mask, needs, visible
from apps.accounts.security import note_reading
from apps.accounts.withholding import withhold
from apps.core import objects, tagging
from apps.core.lists import chosen_rows, show_list
from apps.core.meanwhile import differences, seen_as, seen_of
from apps.core.objects import ChangedMeanwhile, Refused
from apps.counterparties import contacts, people, privacy, sections
from apps.counterparties.files import files_of
from apps.counterparties.forms import (
    PointFormSet,
    _values,
    as_key,
    chosen_counterparty,
)
from apps.counterparties.lists import PeopleList
from apps.counterparties.models import ContactPerson, Counterparty, PointKind
from apps.counterparties.people import PersonValues, RoleValues
from apps.custom import layouts
from apps.custom.forms import CustomInputs
from apps.duplicates import selectors as duplicates


class PersonForm(forms.Form):
    """What people say of a contact person."""

    full_name = forms.CharField(
        label=pgettext_lazy("person", "Name"), max_length=150,
        widget=forms.TextInput({"autofocus": True}),
    )  # fmt: skip
    counterparty = forms.CharField(required=False, widget=forms.HiddenInput)
    counterparty_name = forms.CharField(label=_("Counterparty"), max_length=250)
    job_title = forms.CharField(label=_("Job title"), max_length=150, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=50, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    born_on = forms.DateField(
        label=_("Birthday"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    tags = forms.CharField(label=_("Tags"), max_length=1000, required=False)
    preferences = forms.CharField(
        label=_("Preferences"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    comment = forms.CharField(
        label=_("Comment"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.by = by

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"]).strip()
        problem = contacts.problem(PointKind.PHONE, phone)
        if problem and phone != self.initial.get("phone"):
            raise forms.ValidationError(problem)
        return phone

    def clean_counterparty(self) -> UUID | None:
        return chosen_counterparty(self, "counterparty", by=self.by)


class RoleForm(forms.Form):
    """What a person is at a further counterparty; an emptied name takes the role away."""

    counterparty = forms.CharField(required=False, widget=forms.HiddenInput)
    counterparty_name = forms.CharField(label=_("Counterparty"), max_length=250, required=False)
    role = forms.CharField(label=_("Role there"), max_length=150, required=False)

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by

    def clean_counterparty(self) -> UUID | None:
        return chosen_counterparty(self, "counterparty", by=self.by)


RoleFormSet = forms.formset_factory(RoleForm, extra=1, max_num=30)


@require_safe
@needs("counterparties.view")
def person_list(request: HttpRequest) -> HttpResponse:
    """Show contact persons by name; with ``?part=`` the body, rows or count alone."""
    return show_list(request, PeopleList(request))


@require_POST
@needs("counterparties.delete")
def person_archive(request: HttpRequest) -> HttpResponse:
    """Archive the chosen contact persons, or bring them back."""
    rows = visible(request.user, chosen_rows(PeopleList(request)), "counterparties.delete")
    chosen = list(rows.values_list("pk", flat=True))
    back = request.POST.get("back") == "yes"
    count = people.archive_people(ids=chosen, is_archived=not back)
    if back:
        text = ngettext("%(count)d is back in use.", "%(count)d are back in use.", count)
    else:
        text = ngettext("%(count)d was archived.", "%(count)d were archived.", count)
    messages.success(request, text % {"count": count})
    return redirect("counterparties:people")


@require_safe
@needs("counterparties.view")
def person_card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show everything of one contact person; ``?part=body`` without the shell."""
    try:
        person = people.card(pk, by=request.user)
    except ContactPerson.DoesNotExist as error:
        raise Http404(str(pk)) from error
    if person.is_archived:
        kept = duplicates.led_to(objects.kind("contacts"), pk, by=request.user)
        if kept is not None:
            text = _("“%(name)s” was merged into this one.") % {"name": person.full_name}
            messages.info(request, text)
            return redirect("counterparties:person", kept)
    tagging.named([person])
    if person.counterparty.is_vip:
        note_reading(request=request, row=person.counterparty)
    mask(request.user, [person])
    if {"phone", "email"} <= hidden_of(request.user, person):
        person._prefetched_objects_cache["points"] = []  # type: ignore[attr-defined]  # Django's own
    context = {
        "person": person,
        "may_change": covers(request.user, person, "counterparties.edit"),
        "files": files_of(kind="contacts", key=pk),
        "consents": privacy.consents_of(person=person),
        "kind": "contacts",
        "key": pk,
        "card_url": reverse("counterparties:person", args=[pk]),
    }
    kind, user = objects.kind("contacts"), cast(User, request.user)
    layout = layouts.layout_for(kind, user)

    def may(part: layouts.Part) -> bool:
        each = sections.person_section(part.key)
        return each is None or not each.right or can(user, each.right)

    def made(part: layouts.Part) -> str:
        each = sections.person_section(part.key)
        if each is None:
            return ""
        told = {**context, "grouped_fields": layout.grouped, **each.context(person, user)}
        return render_to_string(each.template, told, request=request)

    context |= layouts.on_card(
        layout, kind, person, request=request, tab=request.GET.get("tab", ""), made=made, may=may
    )
    is_part = request.GET.get("part") == "body"
    template = "counterparties/_person.html" if is_part else "counterparties/person.html"
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
@needs("counterparties.create")
def person_new(request: HttpRequest) -> HttpResponse:
    """Enter a contact person, at the counterparty that ``?counterparty=`` names."""
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@needs("counterparties.change")
def person_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a contact person."""
    rows = visible(request.user, people.rows(), "counterparties.change")
    person = rows.filter(pk=pk).first()
    if person is None:
        raise Http404(str(pk))
    return _edit(request, person)


def _edit(request: HttpRequest, person: ContactPerson | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = PersonForm(data, initial=_initial(request, person), by=request.user)
    withhold(form, user=request.user, kind="contacts", row=person)
    points, roles = _lists(request, data, person)
    if person is not None and {"phone", "email"} <= hidden_of(request.user, person):
        points = None
    lists = [each for each in (points, roles) if each is not None]
    changed: ContactPerson | None = None
    inputs = CustomInputs("contacts", data, row=person, by=request.user)
    entered: list[BaseForm | BaseFormSet[Any]] = [form, *lists, inputs]
    told = [each.is_valid() for each in entered] if data is not None else [False]
    if data is not None and all(told):
        try:
            with transaction.atomic():
                saved = people.save_person(
                    values=_told(form, points, roles), person_id=person.pk if person else None,
                    seen=seen_of(data.get("seen", "")),
                )  # fmt: skip
                inputs.keep(saved, is_new=person is None)
        except Refused as refused:
            inputs.take(refused.errors)
        except people.NoCounterparty:
            form.add_error("counterparty_name", gettext("This counterparty is gone."))
        except ChangedMeanwhile as meanwhile:
            changed = people.rows().get(pk=meanwhile.row.pk)
        else:
            messages.success(request, gettext("“%(name)s” is saved.") % {"name": saved.full_name})
            return redirect("counterparties:person", saved.pk)
    context = {
        "form": form, "points": points, "roles": roles, "person": person, "inputs": inputs,
        "known_tags": tagging.tags(),
        "seen": seen_as(changed) if changed else request.POST.get("seen") or seen_as(person),
        "differences": differences(form, _initial(request, changed)) if changed else None,
    }  # fmt: skip
    status = 422 if data is not None else 200
    return render(request, "counterparties/person_form.html", context, status=status)


def _initial(request: HttpRequest, person: ContactPerson | None) -> dict[str, Any]:
    if person is None:
        key = as_key(request.GET.get("counterparty", ""))
        rows = visible(request.user, Counterparty.objects.all(), "counterparties.view")
        partner = rows.filter(pk=key).first() if key else None
        return {
            "counterparty": str(partner.pk) if partner else "",
            "counterparty_name": partner.name if partner else "",
        }
    names = ("full_name", "job_title", "phone", "email", "born_on", "preferences", "comment")
    return {name: getattr(person, name) for name in names} | {
        "counterparty": str(person.counterparty_id),
        "counterparty_name": person.counterparty.name,
        "tags": tagging.typed(person.tags),
    }


def _lists(
    request: HttpRequest, data: Any, person: ContactPerson | None
) -> tuple[BaseFormSet[Any] | None, BaseFormSet[Any] | None]:
    made = []
    points = person.points.order_by("created_at", "id") if person else ()
    roles = person.roles.select_related("counterparty").order_by("created_at") if person else ()
    for prefix, formset, known in (
        ("points", PointFormSet,
         [{"kind": each.kind, "value": each.value, "label": each.label} for each in points]),
        ("roles", RoleFormSet,
         [{"counterparty": str(each.counterparty_id), "role": each.role,
           "counterparty_name": each.counterparty.name} for each in roles]),
    ):  # fmt: skip
        is_told = data is None or f"{prefix}-TOTAL_FORMS" in data
        more: dict[str, Any] = {"form_kwargs": {"by": request.user}} if prefix == "roles" else {}
        made.append(formset(data, initial=known, prefix=prefix, **more) if is_told else None)
    return made[0], made[1]


def _told(
    form: PersonForm, points: BaseFormSet[Any] | None, roles: BaseFormSet[Any] | None
) -> PersonValues:
    told = dict(form.cleaned_data)
    told.pop("counterparty_name")
    rows = [each.cleaned_data for each in roles] if roles is not None else []
    return PersonValues(
        **told | {
            "counterparty_id": told.pop("counterparty"),
            "tags": tagging.tags_called(told["tags"].split(",")),
        },
        points=_values(points, contacts.PointValues, "value"),
        roles=None if roles is None else [
            RoleValues(row["counterparty"], row.get("role", ""))
            for row in rows if row.get("counterparty")
        ],
    )  # fmt: skip
