"""Forms of the room: a field, an object, and the inputs of custom fields on any form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.rights import fields
from apps.core import objects
from apps.core.lists import conditions
from apps.core.objects import Field, ObjectKind
from apps.custom import onec, related
from apps.custom.computing import labelled
from apps.custom.fields import custom_fields, is_filled_by_1c
from apps.custom.models import CustomField, CustomType
from apps.custom.related import HOW
from apps.custom.rows import keep
from apps.custom.services import FieldValues

ICONS = {
    "package": _("Parcel"), "building": _("Building"), "file-invoice": _("Document"),
    "settings": _("Gear"), "users": _("People"), "tag": _("Label"), "inbox": _("Tray"),
    "calendar": _("Calendar"),
}  # fmt: skip
PREFIX = "custom"
_ORDER_HINT = _(
    "The requisite of 1C's order that holds this value. It then travels both ways with invoices."
)
_GOODS_HINT = _(
    "The property of goods in 1C that fills this field. It is then changed in 1C alone."
)
_DIRECTORY_HINT = _("The column of the directory of 1C that fills this field.")
SEVERAL = 200  # a related object is chosen from a list up to so many, else by its key


class FieldForm(forms.Form):
    """What an administrator says of a field."""

    label = forms.CharField(label=_("Name"), max_length=100)
    type = forms.ChoiceField(label=_("Type"), choices=CustomType.choices)
    choices = forms.CharField(
        label=_("Choices"), required=False, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One on a line; for the two types that choose from a list."),
    )  # fmt: skip
    related = forms.ChoiceField(
        label=_("Which object"), required=False, help_text=_("For the type “Another object”."),
    )  # fmt: skip
    formula = forms.CharField(
        label=_("Formula"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "class": "is-code"}),
        help_text=_("For the type “Formula”, for example: [Price] * [Quantity]"),
    )  # fmt: skip
    shown = forms.ChoiceField(
        label=_("Which field of which object"), required=False,
        help_text=_("For the type “Field of a related object”."),
    )  # fmt: skip
    rows = forms.ChoiceField(
        label=_("Rows that lead here"), required=False,
        help_text=_("For the type “Total of related rows”."),
    )  # fmt: skip
    how = forms.ChoiceField(
        label=_("How the figure is made"), required=False, choices=list(HOW.items())
    )
    measure = forms.ChoiceField(
        label=_("Of which field"), required=False,
        help_text=_("Not when rows are counted. Amounts count in the company's currency."),
    )  # fmt: skip
    only = forms.ChoiceField(
        label=_("Only rows whose field"), required=False, help_text=_("Without it: all rows."),
    )  # fmt: skip
    operator = forms.ChoiceField(
        label=_("Comparison"), required=False,
        choices=[("", "—"), *((key, each.label) for key, each in conditions.OPERATORS.items())],
    )  # fmt: skip
    value = forms.CharField(
        label=_("Value"), required=False, max_length=200,
        help_text=_("Several with a comma between them; two ends with “;”."),
    )  # fmt: skip
    name_1c = forms.CharField(
        label=_("Name in 1C"), max_length=100, required=False,
        widget=forms.TextInput(attrs={"list": "names-in-1c", "autocomplete": "off"}),
    )  # fmt: skip
    help = forms.CharField(
        label=_("Explanation"), max_length=200, required=False,
        help_text=_("Stands below the field on forms."),
    )  # fmt: skip
    default = forms.CharField(label=_("Value of new rows"), max_length=500, required=False)
    is_required = forms.BooleanField(label=_("Required"), required=False)
    is_unique = forms.BooleanField(label=_("No two rows with the same value"), required=False)
    key = forms.CharField(
        label=_("Key"), max_length=42, required=False,
        help_text=_("By this the API and imports name the field; made from the name if empty."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, kind: ObjectKind, row: CustomField | None = None, **kwargs: Any
    ) -> None:
        initial = {
            "shown": "{through}.{field}".format(**row.recipe) if row.type == "lookup" else "",
            **(_total_of(row) if row.type == "rollup" else {}),
            "formula": labelled(row.recipe.get("formula", ""), objects.fields_of(kind)),
            "label": row.label, "type": row.type, "related": row.related, "help": row.help,
            "choices": "\n".join(label for _value, label in row.choices), "key": row.key,
            "default": row.default, "is_required": row.is_required, "is_unique": row.is_unique,
            "name_1c": row.name_1c,
        } if row else {}  # fmt: skip
        super().__init__(*args, **{"label_suffix": "", "initial": initial, **kwargs})
        kinds = [("", "—"), *((k.key, k.label_plural) for k in objects.kinds())]
        self.fields["related"].choices = kinds  # type: ignore[attr-defined]
        self.fields["shown"].choices = [("", "—"), *shown_choices(kind)]  # type: ignore[attr-defined]
        for name, offered in total_choices(kind).items():
            self.fields[name].choices = [("", "—"), *offered]  # type: ignore[attr-defined]
        self._name_in_1c(kind, row)
        if row is not None:
            for name in ("type", "key", "related"):
                self.fields[name].disabled = True

    def _name_in_1c(self, kind: ObjectKind, row: CustomField | None) -> None:
        """Ask for the name in 1C where the field may have one, and say what it does there."""
        hints = {"invoices": _ORDER_HINT, "counterparties": _ORDER_HINT, "products": _GOODS_HINT}
        self.names_in_1c = onec.offered(kind.key)
        if kind.key in hints or is_filled_by_1c(kind.key):
            self.fields["name_1c"].help_text = hints.get(kind.key, _DIRECTORY_HINT)
            if row is None or onec.can_be_named(kind.key, row.type):
                return
        del self.fields["name_1c"]

    def values(self) -> FieldValues:
        """Return what the service takes."""
        data = self.cleaned_data
        return FieldValues(
            label=data["label"], type=data["type"], key=data["key"],
            choices=data["choices"].splitlines(), related=data["related"], help=data["help"],
            default=data["default"] or None, is_required=data["is_required"],
            is_unique=data["is_unique"], formula=data["formula"],
            shown=data["shown"], name_1c=data.get("name_1c", ""),
            **{name: data[name] for name in _TOTAL},
        )  # fmt: skip


def shown_choices(kind: ObjectKind) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the fields of the objects that a kind's relations lead to, relation by relation."""
    found = []
    for through in filter(related.leads, objects.fields_of(kind)):
        try:
            of = objects.kind(through.related)
        except KeyError:
            continue  # it is out of use
        offered = [
            (f"{through.key}.{each.key}", f"{through.label} → {each.label}")
            for each in objects.fields_of(of) if related.can_be_shown(each)
        ]  # fmt: skip
        found.append((str(through.label), offered))
    return found


_TOTAL = ("rows", "how", "measure", "only", "operator", "value")
_Groups = list[tuple[str, list[tuple[str, str]]]]


def total_choices(kind: ObjectKind) -> dict[str, list[tuple[str, str]] | _Groups]:
    """Return the rows that lead to a kind, their figures, and what they may be narrowed by."""
    rows: list[tuple[str, str]] = []
    measures: _Groups = []
    narrowing: _Groups = []
    for of in filter(related.is_guarded, objects.kinds()):
        known = objects.fields_of(of)
        found = [each for each in known if related.leads(each) and each.related == kind.key]
        if not found:
            continue
        rows += [(f"{of.key}.{each.key}", f"{of.label_plural} ({each.label})") for each in found]
        label = str(of.label_plural)
        measures.append((label, [_named(of, each) for each in known if _is_figure(each)]))
        narrowing.append((label, [_named(of, each) for each in known if _is_compared(each)]))
    return {"rows": rows, "measure": measures, "only": narrowing}


def _named(of: ObjectKind, field: Field) -> tuple[str, str]:
    return f"{of.key}.{field.key}", str(field.label)


def _is_figure(field: Field) -> bool:
    return related.can_be_totalled(field, "max")


def _is_compared(field: Field) -> bool:
    is_column = field.read is None or field.is_custom or field.computed is not None
    return field.type in related.COMPARED and field.is_filterable and is_column


def _total_of(row: CustomField) -> dict[str, str]:
    """Return what a total is made of as its form shows it."""
    recipe = row.recipe
    key, operator, *values = recipe.get("only") or ("", "")
    field = None
    try:
        of = objects.kind(recipe["kind"])
        field = of.field(key) if key else None
    except KeyError:
        pass  # out of use: shown as it is kept
    names = dict(field.offered()) if field else {}
    names |= {name: str(label) for name, label in conditions.PERIODS.items()}
    takes = conditions.OPERATORS[operator].takes if operator else "one"
    return {
        "rows": f"{recipe['kind']}.{recipe['through']}", "how": recipe["how"],
        "measure": f"{recipe['kind']}.{recipe['field']}" if "field" in recipe else "",
        "only": f"{recipe['kind']}.{key}" if key else "", "operator": operator,
        "value": ("; " if takes == "two" else ", ").join(names.get(each, each) for each in values),
    }  # fmt: skip


class ObjectForm(forms.Form):
    """What an administrator says of a kind of the company's own."""

    label = forms.CharField(label=_("Name of one"), max_length=60)
    label_plural = forms.CharField(label=_("Name of many"), max_length=60)
    icon = forms.ChoiceField(label=_("Icon"), choices=list(ICONS.items()))
    has_counterparty = forms.BooleanField(label=_("Belongs to a counterparty"), required=False)
    directory_1c = forms.CharField(
        label=_("Directory of 1C"), max_length=250, required=False,
        widget=forms.TextInput(attrs={"list": "names-in-1c", "autocomplete": "off"}),
        help_text=_("Its entries become rows here and follow 1C; empty for rows of your own."),
    )  # fmt: skip


class CustomInputs(forms.Form):
    """The inputs of a kind's custom fields, beside a room's own form; empty without any.

    Names begin with ``custom-``, so that they meet none of the room's own.
    """

    def __init__(self, kind: str, data: Any = None, *, row: Any = None, by: Any = None) -> None:
        super().__init__(data, prefix=PREFIX, label_suffix="")
        self.kind = kind
        rights = fields(by, kind) if by is not None and kind else None
        closed = rights.hidden | rights.locked if rights else frozenset()
        self.rows = [
            each for each in custom_fields(kind) if each.is_writable and each.key not in closed
        ]
        for each in self.rows:
            value = each.read(row) if row is not None and each.read else None
            self.fields[each.key] = input_of(each, value)

    def values(self) -> dict[str, Any]:
        """Return the values by key of the field, for ``objects.save``."""
        return {each.key: self.cleaned_data[each.key] for each in self.rows}

    def keep(self, row: Any, *, is_new: bool) -> None:
        """Keep the values on a row that a room's own service has just saved.

        Call it in the same transaction, so that a refusal takes the row back, too.

        :raises Refused: see ``take``.
        """
        keep(objects.kind(self.kind), row, self.values(), is_new)

    def take(self, errors: Mapping[str, list[str]]) -> None:
        """Show at its field what a service refused."""
        for key, sentences in errors.items():
            for sentence in sentences:
                self.add_error(key if key in self.fields else None, sentence)


def input_of(field: Field, value: Any = None) -> forms.Field:
    """Return the form field by which a person enters a value of a kind's field."""
    common: dict[str, Any] = {
        "label": str(field.label), "required": field.is_required, "help_text": str(field.help),
        "initial": value,
    }  # fmt: skip
    if field.type == "long_text":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **common)
    if field.type in {"number", "money", "quantity"}:
        return forms.DecimalField(**common)
    if field.type == "date":
        day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(widget=day, **common)
    if field.type == "moment":
        moment = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        return forms.DateTimeField(widget=moment, **common)
    if field.type == "boolean":
        return forms.BooleanField(**{**common, "required": False})
    if field.type in {"choice", "user", "relation"}:
        return forms.ChoiceField(choices=[("", "—"), *_offered(field, value)], **common)
    if field.type == "choices":
        return forms.MultipleChoiceField(
            choices=field.offered(), widget=forms.CheckboxSelectMultiple, **common
        )
    if field.type == "email":
        return forms.EmailField(**common)
    if field.type == "url":
        return forms.URLField(assume_scheme="https", **common)
    return forms.CharField(max_length=500, **common)


def _offered(field: Field, value: Any) -> list[tuple[str, str]]:
    if field.type == "user":
        people = User.objects.filter(is_active=True).order_by("full_name", "email", "id")
        return [(str(person.pk), str(person)) for person in people]
    if field.type == "relation":
        return _related(objects.kind(field.related), value)
    offered = field.offered()
    if value and str(value) not in dict(offered):  # a choice that is not offered any more
        offered.append((str(value), str(value)))
    return offered


def _related(kind: ObjectKind, value: Any) -> list[tuple[str, str]]:
    rows = kind.model._default_manager.filter(**kind.only).order_by(kind.order, "pk")
    found = {str(row.pk): str(row) for row in rows[:SEVERAL]}
    if value and str(value) not in found:
        found |= {str(row.pk): str(row) for row in rows.filter(pk=value)}
    return list(found.items())
