"""Reading values of a kind's fields for cards."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.rights import fields, hidden_of
from apps.core import computed, objects
from apps.core.formats import number_text
from apps.core.objects import Field, ObjectKind, value_of


class Fact(NamedTuple):
    """One field of a card: its name, the value as people read it, and where it leads."""

    field: Field
    label: str
    text: str
    url: str = ""


def facts(
    kind: ObjectKind, row: Any, *, by: Any, is_custom: bool = False,
    keys: Sequence[str] | None = None, but: Collection[str] = (),
) -> list[Fact]:  # fmt: skip
    """Return the fields of a row that a person sees.

    One query for each kind they lead to, and one for all that are computed.

    ``is_custom``: only those that administrators added; ``keys``: these, in this order; ``but``:
    not these, which stand elsewhere.
    """
    hidden = hidden_of(by, row) | fields(by, kind.right_object).hidden | set(but)
    hidden |= fields(by, kind.key).hidden
    wanted = [
        field for field in objects.fields_of(kind)
        if (field.is_custom or field.computed is not None or not is_custom)
        and field.key not in hidden
    ]  # fmt: skip
    if keys is not None:
        by_key = {field.key: field for field in wanted}
        wanted = [by_key[key] for key in keys if key in by_key]
    computed.give([row], wanted, kind=kind, user=by)
    values = [(field, value_of(field, row)) for field in wanted]
    named = _names(values)
    return [Fact(f, str(f.label), *_shown(f, value, named)) for f, value in values]


def text_of(field: Field, value: Any) -> str:
    """Return a value as people read it; keys as they are."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal | int | float):
        return number_text(Decimal(str(value)), places=None)
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    labels = dict(field.offered())
    if isinstance(value, list | tuple):
        return ", ".join(labels.get(str(each), str(each)) for each in value)
    return labels.get(str(value), str(value))


def _names(values: Sequence[tuple[Field, Any]]) -> dict[str, tuple[str, str]]:
    """Return (name, address) of each person or object that the values lead to, by key."""
    wanted: dict[str, set[UUID]] = {}
    for field, value in values:
        if value and field.type in {"user", "relation"}:
            wanted.setdefault(field.related if field.type == "relation" else "", set()).add(value)
    found: dict[str, tuple[str, str]] = {}
    for key, keys in wanted.items():
        if not key:
            found |= {str(user.pk): (str(user), "") for user in User.objects.filter(pk__in=keys)}
            continue
        try:
            kind = objects.kind(key)
        except KeyError:
            continue
        for row in kind.model._default_manager.filter(pk__in=keys):
            url = reverse(kind.card_url_name, args=[row.pk]) if kind.card_url_name else ""
            found[str(row.pk)] = (str(row), url)
    return found


def _shown(field: Field, value: Any, named: dict[str, tuple[str, str]]) -> tuple[str, str]:
    if value and field.type in {"user", "relation"}:
        return named.get(str(value), (_("(no longer there)"), ""))
    text = text_of(field, value)
    if text and field.type == "url":
        return text, text
    if text and field.type == "email":
        return text, f"mailto:{text}"
    if text and field.type == "phone":
        return text, f"tel:{text.replace(' ', '')}"
    return text, ""
