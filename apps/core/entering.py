"""Settings that programs write go through the form of their screen: one set of rules for both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _

from apps.core.objects import ChangedMeanwhile, Refused

M = TypeVar("M", bound=Model)


def merged(initial: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a form is given: what stands there, with what a program names."""
    return {**initial, **values}


def entered(form: forms.BaseForm, *, names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return what a bound form takes; ``names`` are the keys of fields by those of the form.

    :raises Refused: with the form's sentences by field.
    """
    if not form.is_valid():
        raise Refused({
            (names or {}).get(name, "" if name == "__all__" else name): [str(e) for e in errors]
            for name, errors in form.errors.items()
        })  # fmt: skip
    return dict(form.cleaned_data)


def unchanged(model: type[M], key: Any, seen: datetime | None) -> M:
    """Return a row, locked until the end of the transaction, as the one who changes it saw it.

    :raises ChangedMeanwhile: it is newer than ``seen``.
    :raises Refused: it is gone.
    """
    row = model._default_manager.select_for_update().filter(pk=key).first()
    if row is None:
        raise Refused({"": [_("It is not there any more.")]})
    if seen is not None and row.updated_at > seen:  # type: ignore[attr-defined]
        raise ChangedMeanwhile(row)
    return row


def show(form: forms.BaseForm, refused: Refused) -> None:
    """Let a form show what a service refused, each sentence at its field."""
    for key, sentences in refused.errors.items():
        form.add_error(key if key in form.fields else None, sentences)
