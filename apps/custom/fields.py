"""What administrators made, as the registry of kinds knows it: read once for each request."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from apps.core import objects
from apps.core.objects import Field, ObjectKind
from apps.custom import values
from apps.custom.computing import Computing
from apps.custom.models import CustomField, CustomObject, CustomRow
from apps.custom.rows import archive, own_fields, saver, saver_of_many
from tenants.current import company_or_none

PREFIX = "x_"
FROM_1C = frozenset({"products"})  # a field of these that is named in 1C is entered there alone
OBJECT_PREFIX = "o_"
_MEMO, _MEMO_KINDS, _MEMO_READ = "_kopru_custom", "_kopru_custom_kinds", "_kopru_custom_read"
_MEMO_LAYOUTS = "_kopru_card_layouts"
_MEMO_NAMED, _MEMO_DIRECTORIES = "_kopru_custom_in_1c", "_kopru_custom_directories"
_MEMOS = (_MEMO, _MEMO_KINDS, _MEMO_READ, _MEMO_LAYOUTS, _MEMO_NAMED, _MEMO_DIRECTORIES)
# Fields, kinds and layouts of cards as one JSON value, read with the person who is signed in.
READ = """(SELECT json_build_array(
    (SELECT coalesce(json_agg(json_build_object('kind', cf.kind, 'key', cf.key, 'label', cf.label,
        'type', cf.type, 'choices', cf.choices, 'related', cf.related, 'recipe', cf.recipe,
        'is_required', cf.is_required, 'is_unique', cf.is_unique, 'help', cf.help,
        'name_1c', cf.name_1c)
        ORDER BY cf.kind, cf.position, cf.id), '[]')
        FROM custom_customfield cf WHERE NOT cf.is_archived),
    (SELECT coalesce(json_agg(json_build_object('id', co.id, 'key', co.key, 'label', co.label,
        'label_plural', co.label_plural, 'icon', co.icon, 'has_counterparty', co.has_counterparty,
        'directory_1c', co.directory_1c)
        ORDER BY co.label_plural, co.id), '[]')
        FROM custom_customobject co WHERE NOT co.is_archived),
    (SELECT coalesce(json_agg(json_build_array(cl.kind, cl.role, cl.value)), '[]')
        FROM custom_cardlayout cl)))"""


def custom_fields(kind: str) -> Sequence[Field]:
    """Return the custom fields of a kind in their order."""
    found: Sequence[Field] = _known(_MEMO, _fields).get(kind, ())
    return found


def named_in_1c(kind: str) -> Sequence[CustomField]:
    """Return the custom fields of a kind that stand in 1C, too: ``apps.custom.onec``."""
    found: Sequence[CustomField] = _known(_MEMO_NAMED, _named).get(kind, ())
    return found


def kinds_of_directories() -> Sequence[CustomObject]:
    """Return the kinds of the administrators' making whose rows a directory of 1C tells."""
    found: Sequence[CustomObject] = _known(_MEMO_DIRECTORIES, _told_by_directories) or ()
    return found


def is_filled_by_1c(kind: str) -> bool:
    """Tell whether a directory of 1C tells the rows of a kind of the administrators' making."""
    return any(each.key == kind for each in kinds_of_directories())


def custom_kinds() -> Sequence[ObjectKind]:
    """Return the kinds that administrators of this company made."""
    return _known(_MEMO_KINDS, _kinds) or ()


def card_layouts() -> dict[tuple[str, str], dict[str, Any]]:
    """Return how cards are arranged, by kind and role (``""`` is everybody), read once."""
    known: dict[tuple[str, str], dict[str, Any]] = _known(
        _MEMO_LAYOUTS, lambda read: {(kind, role): value for kind, role, value in read[2]}
    )
    return known


def forget() -> None:
    """Let the next question read anew: something was changed in this request."""
    company = company_or_none()
    for memo in _MEMOS if company is not None else ():
        company.__dict__.pop(memo, None)


def field_of(row: CustomField) -> Field:
    """Return a custom field as every generic door knows it."""

    def value(of: Any) -> Any:
        return values.read(row.type, (of.custom or {}).get(row.key))

    return Field(
        key=row.key,
        label=row.label,
        type=row.type,  # type: ignore[arg-type]
        path=f"custom__{row.key}",
        choices=tuple((str(value), str(label)) for value, label in row.choices or ()),
        related=row.related,
        read=value,
        stored=lambda given: values.stored(row.type, given),
        is_required=row.is_required,
        is_unique=row.is_unique,
        is_sortable=row.type not in {"long_text", "choices"},
        is_writable=not (row.name_1c and (row.kind in FROM_1C or is_filled_by_1c(row.kind))),
        words=(row.name_1c,) if row.name_1c else (),
        is_custom=True,
        help=row.help,
    )


def kind_of(row: CustomObject) -> ObjectKind:
    """Return a kind that administrators made as every generic door knows it."""
    return ObjectKind(
        key=row.key,
        label=row.label,
        label_plural=row.label_plural,
        icon=row.icon,
        model=CustomRow,
        fields=own_fields(has_counterparty=row.has_counterparty),
        card_url_name="custom:row",
        title="name",
        owner="responsible",
        related=("responsible", "kind"),
        search=("sort_name__contains",),
        order="sort_name",
        save=saver(row.pk),
        save_many=saver_of_many(row.pk),
        archive=archive,
        is_extensible=True,
        right="custom_objects",
        only={"kind_id": row.pk},
    )


def take(_person: Any, read: Any) -> None:
    """Keep what was read with the person of this request."""
    company = company_or_none()
    if company is not None:
        company.__dict__.setdefault(_MEMO_READ, read)


def _known(memo: str, made_of: Callable[[Any], Any]) -> Any:
    """Return what was read once for this request; fields and kinds are made when asked for."""
    company = company_or_none()
    if company is None:  # outside every company there is none
        return {}
    memos = company.__dict__
    if memo not in memos:
        if _MEMO_READ not in memos:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {READ}::text")
                memos[_MEMO_READ] = json.loads(cursor.fetchone()[0])
        memos[memo] = made_of(memos[_MEMO_READ])
    return memos[memo]


def _fields(read: Any) -> dict[str, list[Field]]:
    found = defaultdict(list)
    for row in read[0]:
        found[row["kind"]].append(CustomField(**row))
    made = computing(found)
    return {kind: made.fields(kind) for kind in found}


def _named(read: Any) -> dict[str, list[CustomField]]:
    found = defaultdict(list)
    for row in read[0]:
        if row["name_1c"]:
            found[row["kind"]].append(CustomField(**row))
    return found


def _told_by_directories(read: Any) -> list[CustomObject]:
    return [
        CustomObject(**{**row, "id": UUID(row["id"])}) for row in read[1] if row["directory_1c"]
    ]


def computing(rows: Mapping[str, Sequence[CustomField]], *, gone: str = "") -> Computing:
    """Return what makes fields of what administrators said of them; ``gone`` is no kind any
    more.
    """
    there = {kind: found for kind, found in rows.items() if kind != gone}
    return Computing(
        there, plain=field_of, own=lambda kind: () if kind == gone else _own_fields(kind)
    )


def _own_fields(kind: str) -> Sequence[Field]:
    try:
        return objects.kind(kind).fields
    except KeyError:
        return ()


def _kinds(read: Any) -> list[ObjectKind]:
    return [kind_of(CustomObject(**{**row, "id": UUID(row["id"])})) for row in read[1]]
