"""Two people edit one row: the second is shown what the first changed, and nothing is lost.

A form carries ``seen``, the ``updated_at`` of the version its reader saw. When the service raises
``ChangedMeanwhile`` the form comes back with the difference; saved once more it takes over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django import forms
from django.db.models import Model
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

NOTHING = "—"
_Pairs = Iterable[tuple[Any, Any]]


@dataclass(frozen=True)
class Difference:
    """A field that stands otherwise now than the second editor would save it."""

    label: str
    theirs: str
    yours: str


def seen_of(text: str) -> datetime | None:
    """Return the moment a form carries as ``seen``; ``None`` for what is none."""
    try:
        return parse_datetime(text)
    except ValueError:
        return None


def seen_as(row: Model | None) -> str:
    """Return what a form carries as ``seen`` for the version of a row it shows."""
    return row.updated_at.isoformat() if row is not None else ""  # type: ignore[attr-defined]


def differences(form: forms.Form, theirs: Mapping[str, Any]) -> list[Difference]:
    """Return where a bound form says something else than ``theirs``, field by field."""
    found = []
    for name, field in form.fields.items():
        if field.widget.is_hidden or name not in theirs:
            continue
        there = _shown(field, theirs[name])
        here = _shown(field, form[name].value())
        if there != here:
            found.append(Difference(str(field.label or name), there, here))
    return found


def _shown(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.BooleanField):
        return _("yes") if field.to_python(value) else _("no")
    if isinstance(value, Model):
        value = value.pk
    if value is None or value == "":
        return NOTHING
    if isinstance(field, forms.ModelChoiceField | forms.ChoiceField):
        names = {str(key): str(name) for key, name in cast(_Pairs, field.choices)}
        return names.get(str(value), str(value))
    return " ".join(str(value).split()) or NOTHING
