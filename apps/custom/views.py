"""Screens of the administrators' own fields and objects, and of the rows of those objects."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import User
from apps.accounts.rights import can, needs, visible
from apps.core import objects
from apps.core.lists import chosen_rows, show_list
from apps.core.meanwhile import seen_as, seen_of
from apps.core.objects import ChangedMeanwhile, ObjectKind, Refused
from apps.custom import layouts, onec, services
from apps.custom import rows as own_rows
from apps.custom.forms import CustomInputs, FieldForm, ObjectForm, input_of
from apps.custom.formulas.checking import countable
from apps.custom.lists import OwnRows
from apps.custom.models import CustomField, CustomObject, CustomRow
from apps.custom.selectors import facts


@require_safe
@needs("customization.change")
def home(request: HttpRequest) -> HttpResponse:
    """Show every kind that takes own fields, and the company's own objects."""
    counts = dict(
        CustomField.objects.filter(is_archived=False)
        .order_by()
        .values_list("kind")
        .annotate(number=Count("pk"))
    )
    made = {row.key: row for row in CustomObject.objects.all()}
    kinds = [
        (kind, counts.get(kind.key, 0), made.get(kind.key))
        for kind in objects.kinds()
        if kind.is_extensible
    ]
    retired = [row for row in made.values() if row.is_archived]
    arranged = {kind.key for kind in layouts.arranged_kinds()}
    context = {"kinds": kinds, "retired": retired, "arranged": arranged}
    return render(request, "custom/home.html", context)


@require_safe
@needs("customization.change")
def fields(request: HttpRequest, kind: str) -> HttpResponse:
    """Show the own fields of a kind in their order, the retired ones below."""
    found = _kind(kind)
    rows = list(CustomField.objects.filter(kind=kind))
    context = {
        "kind": found,
        "problems": services.problems(kind=kind),
        "rows": [row for row in rows if not row.is_archived],
        "retired": [row for row in rows if row.is_archived],
        "own": list(found.fields),
    }
    return render(request, "custom/fields.html", context)


@require_http_methods(["GET", "POST"])
@needs("customization.change")
def field_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Add a field."""
    return _field_form(request, _kind(kind), None)


@require_http_methods(["GET", "POST"])
@needs("customization.change")
def field_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a field."""
    row = get_object_or_404(CustomField, pk=pk)
    return _field_form(request, _kind(row.kind), row)


@require_POST
@needs("customization.change")
def field_retire(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a field out of use, or bring it back; one that others are computed of stays."""
    found = get_object_or_404(CustomField, pk=pk)
    back = request.POST.get("back") == "yes"
    try:
        row = services.retire_field(field_id=pk, is_archived=not back)
    except Refused as refused:
        for sentence in refused.errors[""]:
            messages.error(request, sentence)
        return redirect("custom:fields", found.kind)
    text = _("“%(name)s” is back, with its values.") if back else _(
        "“%(name)s” is not shown any more; its values are kept."
    )  # fmt: skip
    messages.success(request, text % {"name": row.label})
    return redirect("custom:fields", row.kind)


@require_POST
@needs("customization.change")
def field_move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Move a field one place up or down."""
    row = get_object_or_404(CustomField, pk=pk)
    keys = list(
        CustomField.objects.filter(kind=row.kind, is_archived=False).values_list("pk", flat=True)
    )
    if pk in keys:
        place = keys.index(pk)
        other = place + (-1 if request.POST.get("way") == "up" else 1)
        if 0 <= other < len(keys):
            keys[place], keys[other] = keys[other], keys[place]
            services.order_fields(kind=row.kind, keys=keys)
    return redirect("custom:fields", row.kind)


@require_http_methods(["GET", "POST"])
@needs("customization.change")
def object_new(request: HttpRequest) -> HttpResponse:
    """Make a kind of the company's own."""
    return _object_form(request, None)


@require_http_methods(["GET", "POST"])
@needs("customization.change")
def object_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change what a kind is called."""
    return _object_form(request, get_object_or_404(CustomObject, pk=pk))


@require_POST
@needs("customization.change")
def object_retire(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a kind out of use, or bring it back; one that others are computed of stays."""
    get_object_or_404(CustomObject, pk=pk)
    is_archived = request.POST.get("back") != "yes"
    try:
        row = services.retire_object(object_id=pk, is_archived=is_archived)
    except Refused as refused:
        for sentence in refused.errors[""]:
            messages.error(request, sentence)
    else:
        messages.success(request, _("“%(name)s” is saved.") % {"name": row.label_plural})
    return redirect("custom:home")


@require_safe
@needs("custom_objects.view")
def row_list(request: HttpRequest, kind: str) -> HttpResponse:
    """Show the rows of a kind of the company's own."""
    screen = OwnRows(request, _own(kind))
    return show_list(request, screen, template="custom/rows.html")


@require_safe
@needs("custom_objects.view")
def row_card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show everything of one row."""
    row, kind = _row(request, pk)
    layout = layouts.layout_for(kind, cast(User, request.user))
    context: dict[str, Any] = {
        "row": row, "kind": kind,
        "facts": facts(kind, row, by=request.user, but=layout.grouped),
        "may_change": can(request.user, "custom_objects.change"),
        "card_url": reverse("custom:row", args=[pk]),
    }  # fmt: skip
    context |= layouts.on_card(
        layout, kind, row, request=request, tab=request.GET.get("tab", "")
    )
    return render(request, "custom/row.html", context)


@require_http_methods(["GET", "POST"])
@needs("custom_objects.create")
def row_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Enter a row."""
    return _row_form(request, _own(kind), None)


@require_http_methods(["GET", "POST"])
@needs("custom_objects.change")
def row_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a row."""
    row, kind = _row(request, pk, right="custom_objects.change")
    return _row_form(request, kind, row)


@require_POST
@needs("custom_objects.delete")
def rows_archive(request: HttpRequest, kind: str) -> HttpResponse:
    """Take the chosen rows out of use, or bring them back."""
    found = _own(kind)
    chosen = visible(
        request.user, chosen_rows(OwnRows(request, found)), "custom_objects.delete"
    ).values_list("pk", flat=True)
    back = request.POST.get("back") == "yes"
    count = own_rows.archive(list(chosen), not back)
    if back:
        text = ngettext("%(count)d is back in use.", "%(count)d are back in use.", count)
    else:
        text = ngettext("%(count)d was archived.", "%(count)d were archived.", count)
    messages.success(request, text % {"count": count})
    return redirect("custom:rows", kind)


def _kind(key: str) -> ObjectKind:
    try:
        found = objects.kind(key)
    except KeyError:
        raise Http404(key) from None
    if not found.is_extensible:
        raise Http404(key)
    return found


def _own(key: str) -> ObjectKind:
    found = _kind(key)
    if found.model is not CustomRow:
        raise Http404(key)
    return found


def _row(
    request: HttpRequest, pk: UUID, *, right: str = "custom_objects.view"
) -> tuple[CustomRow, ObjectKind]:
    rows = CustomRow.objects.select_related("kind", "responsible")
    row = visible(request.user, rows, right).filter(pk=pk).first()
    if row is None:
        raise Http404(str(pk))
    return row, _own(row.kind.key)


def _field_form(request: HttpRequest, kind: ObjectKind, row: CustomField | None) -> HttpResponse:
    form = FieldForm(request.POST or None, kind=kind, row=row)
    if request.method == "POST" and form.is_valid():
        try:
            if row is None:
                row = services.add_field(kind=kind.key, values=form.values())
            else:
                row = services.change_field(field_id=row.pk, values=form.values())
        except Refused as refused:
            _show(form, refused)
        else:
            messages.success(
                request, _("“%(name)s” is saved and in use from now on.") % {"name": row.label}
            )
            return redirect("custom:fields", kind.key)
    others = [each for each in objects.fields_of(kind) if row is None or each.key != row.key]
    context = {"form": form, "kind": kind, "row": row, "countable": countable(others)}
    return render(request, "custom/field.html", context, status=422 if form.errors else 200)


def _object_form(request: HttpRequest, row: CustomObject | None) -> HttpResponse:
    initial = {
        name: getattr(row, name)
        for name in ("label", "label_plural", "icon", "has_counterparty", "directory_1c")
    } if row else {}  # fmt: skip
    form = ObjectForm(request.POST or None, initial=initial, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.save_object(
                values=form.cleaned_data, object_id=row.pk if row else None
            )
        except Refused as refused:
            _show(form, refused)
        else:
            messages.success(request, _("“%(name)s” is saved.") % {"name": saved.label_plural})
            return redirect("custom:fields", saved.key)
    context = {"form": form, "row": row, "names_in_1c": onec.offered("directories")}
    return render(request, "custom/object.html", context, status=422 if form.errors else 200)


def _row_form(request: HttpRequest, kind: ObjectKind, row: CustomRow | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = _OwnForm(kind, data, row=row, by=request.user)
    inputs = CustomInputs(kind.key, data, row=row, by=request.user)
    clash = None
    if data is not None and form.is_valid() & inputs.is_valid():
        try:
            saved = objects.save(
                kind, values={**form.cleaned_data, **inputs.values()}, by=request.user,
                key=row.pk if row else None, seen=form.seen,
            )  # fmt: skip
        except Refused as refused:
            own = {key: value for key, value in refused.errors.items() if key in form.fields}
            for key, sentences in own.items():
                form.add_error(key, sentences)
            inputs.take({k: v for k, v in refused.errors.items() if k not in own})
        except ChangedMeanwhile as error:
            clash = error.row
        else:
            messages.success(request, _("“%(name)s” is saved.") % {"name": saved})
            return redirect("custom:row", saved.pk)
    context = {
        "form": form, "inputs": inputs, "kind": kind, "row": row, "clash": clash,
        "seen": seen_as(clash or row),
        "theirs": facts(kind, clash, by=request.user) if clash else (),
    }  # fmt: skip
    return render(request, "custom/row_form.html", context, status=422 if data is not None else 200)


class _OwnForm(CustomInputs):
    """The inputs of the fields every own object has."""

    def __init__(self, kind: ObjectKind, data: Any, *, row: CustomRow | None, by: Any) -> None:
        super().__init__("", data)
        self.prefix = None
        for each in kind.fields:
            if each.is_writable:
                value = getattr(row, f"{each.key}_id", None) or getattr(row, each.key, None)
                if row is None and each.key == "responsible":
                    value = by.pk
                self.fields[each.key] = input_of(each, value)

    @property
    def seen(self) -> datetime | None:
        """Return the version the person saw."""
        return seen_of((self.data or {}).get("seen", ""))

    def clean(self) -> dict[str, Any]:
        """Turn keys of people and counterparties into keys."""
        data = super().clean() or self.cleaned_data
        for name in ("responsible", "counterparty"):
            if name in data:
                data[name] = UUID(data[name]) if data[name] else None
        return data


def _show(form: Any, refused: Refused) -> None:
    for key, sentences in refused.errors.items():
        form.add_error(key if key in form.fields else None, sentences)
