"""Writing rows of the kinds that administrators made, and values of custom fields of any row."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.core import bulk, objects
from apps.core.folding import fold
from apps.core.objects import ChangedMeanwhile, Field, ObjectKind, Refused, Saved, SaveMany
from apps.custom.models import COMPUTED, CustomField, CustomRow
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


def saver_of_many(kind_id: UUID) -> SaveMany:
    """Return the service that saves thousands of rows of one kind."""
    return partial(save_rows, kind_id=kind_id)


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
    named = values.get("responsible")
    people = User.objects.filter(pk=named).values_list("pk", flat=True) if named else ()
    wanted = _wanted(row, values, list(people))
    changed = [column for column, value in wanted.items() if getattr(row, column) != value]
    for column in changed:
        setattr(row, column, wanted[column])
    if changed or row._state.adding:
        row.save()
    return row


@transaction.atomic
def save_rows(
    *, kind_id: UUID, rows: Sequence[tuple[UUID | None, Mapping[str, Any]]], by: Any
) -> list[Saved]:
    """Make rows of one kind or bring thousands to values; see ``apps.core.objects.SaveMany``."""
    found = CustomRow.objects.select_for_update().filter(
        pk__in=[key for key, _values in rows if key is not None], kind_id=kind_id
    )
    known = {row.pk: row for row in found.order_by("pk")}
    former = bulk.columns_now(known.values())
    named = {values["responsible"] for _key, values in rows if values.get("responsible")}
    people = set(User.objects.filter(pk__in=named).values_list("pk", flat=True)) if named else set()
    answers: list[Saved] = []
    fresh: list[CustomRow] = []
    fit: dict[UUID, CustomRow] = {}
    for key, values in rows:
        row = known.get(key) if key else CustomRow(
            kind_id=kind_id, responsible_id=getattr(by, "pk", None)
        )  # fmt: skip
        if row is None:
            answers.append(Saved(key, refused=Refused({"": [_("It is gone.")]})))
            continue
        try:
            wanted = _wanted(row, values, people)
        except Refused as refused:
            answers.append(Saved(key, refused=refused))
            continue
        is_changed = any(getattr(row, column) != value for column, value in wanted.items())
        for column, value in wanted.items():
            setattr(row, column, value)
        if key is None:
            fresh.append(row)
        else:
            fit[row.pk] = row
        answers.append(Saved(row.pk, is_new=key is None, is_changed=key is None or is_changed))
    CustomRow.objects.bulk_create(fresh)
    bulk.update_changed(CustomRow, former, list(fit.values()), now=timezone.now())
    return answers


def _wanted(
    row: CustomRow, values: Mapping[str, Any], people: Collection[UUID]
) -> dict[str, Any]:
    """Return the columns a row is to have; ``people`` are those who are there.

    :raises Refused: it has no name, or names a person who is not there.
    """
    wanted = {_COLUMNS[name]: value for name, value in values.items() if name in _COLUMNS}
    name = " ".join(str(wanted.get("name", row.name) or "").split())
    if not name:
        raise Refused({"name": [_("It needs a name.")]})
    if row.node_id is not None and name[:250] != row.name:
        raise Refused({"name": [_("1C tells this name: change it there.")]})
    responsible = wanted.get("responsible_id")
    if responsible and responsible not in people:
        raise Refused({"responsible": [_("There is no such person.")]})
    return wanted | {"name": name[:250], "sort_name": fold(name)[:250]}


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
    before: dict[str, Any] = dict(row.custom or {})  # type: ignore[attr-defined]
    (after,) = _settled(kind, [_Wanted(row.pk, before, given, is_new)])
    if isinstance(after, Refused):
        raise after
    if after != before:
        row.custom = after  # type: ignore[attr-defined]
        changed = ["custom", "updated_at"]
        if hasattr(row, "version"):  # whoever has the row open hears that it changed
            row.version += 1
            changed.append("version")
        row.save(update_fields=changed)


def settle_many(
    kind: ObjectKind, rows: Sequence[tuple[UUID | None, Mapping[str, Any]]]
) -> list[objects.Settled | Refused]:
    """Check values of custom fields of many rows, before any of them is written.

    Each row is its key, or ``None`` for one to be made, with what is given of the custom fields.
    Call it in the transaction that writes: nobody else may take a unique value meanwhile. The
    answers stand in the same order.
    """
    keys = [key for key, _given in rows if key is not None]
    kept = dict(kind.model._default_manager.filter(pk__in=keys).values_list("pk", "custom"))
    wanted = [
        _Wanted(key, dict(kept.get(key) or {}) if key else {}, given, key is None)
        for key, given in rows
    ]
    return [
        after if isinstance(after, Refused) else objects.Settled(after, after != each.before)
        for each, after in zip(wanted, _settled(kind, wanted), strict=True)
    ]


def put_many(kind: ObjectKind, values: Mapping[UUID, Mapping[str, Any]]) -> None:
    """Write the settled values of many saved rows at once."""
    if not values:
        return
    table = kind.model._meta.db_table
    told = [{"key": str(key), "value": value} for key, value in values.items()]
    has_version = any(each.name == "version" for each in kind.model._meta.concrete_fields)
    version = ", version = t.version + 1" if has_version else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{table}" t SET custom = d.value, updated_at = %s{version}'  # noqa: S608 - our own name
            " FROM jsonb_to_recordset(%s::jsonb) AS d (key uuid, value jsonb)"
            " WHERE t.id = d.key AND t.custom IS DISTINCT FROM d.value",
            [timezone.now(), json.dumps(told)],
        )


class _Wanted(NamedTuple):
    """A row whose custom values are to be settled."""

    key: UUID | None
    before: dict[str, Any]
    given: Mapping[str, Any]
    is_new: bool


def _settled(kind: ObjectKind, rows: Sequence[_Wanted]) -> list[dict[str, Any] | Refused]:
    """Return what each row is to keep, or why it is refused; the first of equal ones is taken."""
    entered = CustomField.objects.filter(kind=kind.key).exclude(type__in=COMPUTED)
    fields = {each.key: each for each in entered}
    named = [_read(fields, row.given) for row in rows]
    there = _there(fields, [values for values, _errors in named])
    found: list[dict[str, Any] | Refused] = []
    taken: dict[str, dict[Any, UUID | None]] = {
        key: _taken(kind, key, [values[key] for values, _errors in named if key in values])
        for key, field in fields.items() if field.is_unique
    }  # fmt: skip
    for row, (values, errors) in zip(rows, named, strict=True):
        after = dict(row.before)
        for key, field in fields.items():
            if field.is_archived:
                continue
            if key in row.given:
                after[key] = values.get(key)
                if after[key] is not None and key in there and str(after[key]) not in there[key]:
                    errors.setdefault(key, [_missing(field)])
            elif row.is_new and field.default is not None:
                after[key] = field.default
            if field.is_required and after.get(key) is None and (key in row.given or row.is_new):
                errors.setdefault(key, [_("“%(field)s” is required.") % {"field": field.label}])
        after = {key: value for key, value in after.items() if value is not None}
        for key, owners in taken.items():
            if key not in after or after[key] == row.before.get(key):
                continue
            if owners.get(_as_key(after[key]), row.key) != row.key:
                errors.setdefault(key, [_("Another one has this value already.")])
        if errors:
            found.append(Refused(errors))
            continue
        for key, owners in taken.items():
            if key in after:
                owners[_as_key(after[key])] = row.key or uuid4()
        found.append(after)
    return found


def _read(
    fields: Mapping[str, CustomField], given: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    values, errors = {}, {}
    for key, field in fields.items():
        if key in given and not field.is_archived:
            values[key], sentence = _checked(field, given[key])
            if sentence:
                errors[key] = [sentence]
    return values, errors


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
    return value, ""


def _there(
    fields: Mapping[str, CustomField], rows: Sequence[Mapping[str, Any]]
) -> dict[str, set[str]]:
    """Return which of the people and objects that are named there are, by field."""
    found = {}
    for key, field in fields.items():
        if field.type not in {"user", "relation"} or field.is_archived:
            continue
        keys = {values[key] for values in rows if values.get(key) is not None}
        there = _rows_of(field) if keys else None
        found[key] = (
            {str(each) for each in there.filter(pk__in=keys).values_list("pk", flat=True)}
            if there is not None else set()
        )  # fmt: skip
    return found


def _rows_of(field: CustomField) -> QuerySet[Any] | None:
    if field.type == "user":
        return User.objects.all()
    try:
        related = objects.kind(field.related)
    except KeyError:
        return None
    return related.model._default_manager.filter(**related.only)


def _missing(field: CustomField) -> str:
    if field.type == "user":
        return _("There is no such person.")
    if _rows_of(field) is None:
        return _("What this field leads to is not there any more.")
    return _("There is no such object.")


def _taken(kind: ObjectKind, key: str, values: Sequence[Any]) -> dict[Any, UUID | None]:
    """Return who has the values of a unique field, holding back others who want them."""
    values = [value for value in values if value is not None]
    fields = CustomField.objects.filter(kind=kind.key, key=key, default__isnull=False)
    values += fields.values_list("default", flat=True)
    if not values:
        return {}
    _lock(kind, key)
    rows = kind.model._default_manager.filter(**kind.only)
    found = rows.filter(**{f"custom__{key}__in": values}).values_list(f"custom__{key}", "pk")
    return {_as_key(value): owner for value, owner in found}


def _as_key(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _lock(kind: ObjectKind, key: str) -> None:
    """Let writers of one unique value wait for each other until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{kind.key}.{key}"])
