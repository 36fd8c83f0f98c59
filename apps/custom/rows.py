"""Writing rows of the kinds that administrators made, and values of custom fields of any row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.core import objects
from apps.core.folding import fold
from apps.core.objects import ChangedMeanwhile, Field, ObjectKind, Refused
from apps.custom.models import CustomField, CustomRow
from apps.custom.values import NotAValue, stored

_COLUMNS = {
    "name": "name", "responsible": "responsible_id", "counterparty": "counterparty_id",
}  # fmt: skip


def own_fields(*, has_counterparty: bool) -> Sequence[Field]:
    """Return the fields every kind of the administrators' making has."""
    belongs = Field(
        "counterparty", gettext_lazy("Counterparty"), "relation", path="counterparty_id",
        related="counterparties", read=lambda row: row.counterparty_id,
    )  # fmt: skip
    return (
        Field("name", gettext_lazy("Name"), is_required=True, is_sortable=True, path="name"),
        Field("responsible", gettext_lazy("Responsible"), "user"),
        *((belongs,) if has_counterparty else ()),
        Field("created_at", gettext_lazy("Entered"), "moment", is_writable=False),
        Field("updated_at", gettext_lazy("Changed"), "moment", is_writable=False),
    )


def saver(kind_id: UUID) -> Callable[..., Model]:
    """Return the service that saves rows of one kind; see ``apps.core.objects.Save``."""
    return partial(save_row, kind_id=kind_id)


@transaction.atomic
def save_row(
    *,
    kind_id: UUID,
    values: Mapping[str, Any],
    by: Any,
    key: UUID | None = None,
    seen: datetime | None = None,
) -> CustomRow:
    """Make a row or bring one to these values; the same again writes nothing.

    :raises Refused: it has no name, or names a person or counterparty that is not there.
    :raises ChangedMeanwhile: the row is newer than ``seen``.
    """
    if key:
        row = CustomRow.objects.select_for_update().get(pk=key, kind_id=kind_id)
    else:
        row = CustomRow(kind_id=kind_id, responsible_id=getattr(by, "pk", None))
    if key and seen is not None and row.updated_at > seen:
        raise ChangedMeanwhile(row)
    wanted = {_COLUMNS[name]: value for name, value in values.items() if name in _COLUMNS}
    name = " ".join(str(wanted.get("name", row.name) or "").split())
    if not name:
        raise Refused({"name": [_("It needs a name.")]})
    wanted |= {"name": name[:250], "sort_name": fold(name)[:250]}
    responsible = wanted.get("responsible_id")
    if responsible and not User.objects.filter(pk=responsible).exists():
        raise Refused({"responsible": [_("There is no such person.")]})
    changed = [column for column, value in wanted.items() if getattr(row, column) != value]
    for column in changed:
        setattr(row, column, wanted[column])
    if changed or row._state.adding:
        row.save()
    return row


@transaction.atomic
def archive(keys: Collection[UUID], is_archived: bool) -> int:
    """Take rows out of use, or bring them back; return how many changed."""
    found = CustomRow.objects.filter(pk__in=keys, is_archived=not is_archived)
    return found.update(is_archived=is_archived, updated_at=timezone.now())


@transaction.atomic
def keep(kind: ObjectKind, row: Model, given: Mapping[str, Any], is_new: bool) -> None:
    """Check values of custom fields and keep them on a saved row; see ``apps.core.objects.save``.

    A new row takes the defaults; a field that was archived keeps what it had.

    :raises Refused: with sentences by field; nothing was changed.
    """
    fields = {each.key: each for each in CustomField.objects.filter(kind=kind.key)}
    before: dict[str, Any] = dict(row.custom or {})  # type: ignore[attr-defined]
    after, errors = dict(before), {}
    for key, field in fields.items():
        if field.is_archived:
            continue
        if key in given:
            value, sentence = _checked(field, given[key])
            if sentence:
                errors[key] = [sentence]
            after[key] = value
        elif is_new and field.default is not None:
            after[key] = field.default
        if field.is_required and after.get(key) is None and (key in given or is_new):
            errors.setdefault(key, [_("“%(field)s” is required.") % {"field": field.label}])
    after = {key: value for key, value in after.items() if value is not None}
    for key, field in fields.items():
        if field.is_unique and key in after and after[key] != before.get(key):
            _lock(kind, key)
            same = kind.model._default_manager.filter(**kind.only)
            same = same.filter(**{f"custom__{key}": after[key]})
            if same.exclude(pk=row.pk).exists():
                errors[key] = [_("Another one has this value already.")]
    if errors:
        raise Refused(errors)
    if after != before:
        row.custom = after  # type: ignore[attr-defined]
        row.save(update_fields=["custom", "updated_at"])


def _checked(field: CustomField, given: Any) -> tuple[Any, str]:
    try:
        value = stored(field.type, given)
    except NotAValue as error:
        return None, str(error)
    if value is None:
        return None, ""
    offered = {str(each) for each, _label in field.choices or ()}
    if field.type == "choice" and value not in offered:
        return None, _("“%(value)s” is not among the choices.") % {"value": value}
    if field.type == "choices" and not set(value) <= offered:
        extra = sorted(set(value) - offered)[0]
        return None, _("“%(value)s” is not among the choices.") % {"value": extra}
    if field.type == "user" and not User.objects.filter(pk=value).exists():
        return None, _("There is no such person.")
    if field.type == "relation":
        try:
            related = objects.kind(field.related)
        except KeyError:
            return None, _("What this field leads to is not there any more.")
        if not related.model._default_manager.filter(**related.only, pk=value).exists():
            return None, _("There is no such object.")
    return value, ""


def _lock(kind: ObjectKind, key: str) -> None:
    """Let writers of one unique value wait for each other until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{kind.key}.{key}"])
