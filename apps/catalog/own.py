"""Own fields and own objects that 1C fills: from properties of goods, from free directories.

What 1C said is kept as it came (property values, entries of directories). Here it becomes values
of fields that administrators named in 1C (``apps.custom.onec``): with each exchange for what it
brought, and for everything when a field or an object is named anew, so that nobody waits for 1C to
send its catalogue again. 1C is the one who says: a value that was taken away there is taken away
here; one that cannot be read leaves what stood there and comes back as a problem.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from apps.catalog.models import DirectoryEntry, Property
from apps.core.folding import fold
from apps.custom import onec
from apps.custom.fields import kinds_of_directories, named_in_1c
from apps.custom.models import CustomField, CustomObject, CustomRow
from exchange.rows import ProblemCode

BATCH = 2000
_SEPARATOR = "; "
# By product: its own values as they are, and (property, value) pairs of the properties asked for.
_GOODS = """
    SELECT p.id, p.ref, p.name, p.custom, (
        SELECT json_agg(json_build_array(v.property_id, COALESCE(o.value, v.value))
            ORDER BY COALESCE(o.value, v.value), v.id)
        FROM catalog_productpropertyvalue v
        LEFT JOIN catalog_propertyoption o ON o.id = v.option_id
        WHERE v.product_id = p.id AND v.property_id = ANY(%(properties)s::uuid[]))
    FROM catalog_product p WHERE p.id = ANY(%(keys)s::uuid[]) ORDER BY p.id FOR UPDATE OF p"""
_PUT = """
    UPDATE catalog_product p SET custom = d.custom, updated_at = COALESCE(%(now)s, p.updated_at)
    FROM jsonb_to_recordset(%(rows)s::jsonb) AS d (id uuid, custom jsonb)
    WHERE p.id = d.id AND p.custom IS DISTINCT FROM d.custom"""
_ARCHIVED_THERE = """
    UPDATE custom_customrow c SET is_archived = d.is_archived, updated_at = %(now)s
    FROM catalog_directoryentry d
    WHERE c.kind_id = %(kind)s AND d.node_id = c.node_id AND d.ref = c.ref
        AND d.directory_ref = ANY(%(directories)s) AND c.is_archived <> d.is_archived"""


class Unread(NamedTuple):
    """A value of 1C that is none of its field's: of which row, of which field."""

    ref: str
    name: str
    field: CustomField
    text: str
    code: ProblemCode


class Filled(NamedTuple):
    """What became of products: which changed, and what could not be read."""

    changed: list[UUID]
    unread: list[Unread]


# Properties of goods ------------------------------------------------------------------------------
def fill_products(
    *, now: datetime | None, keys: Sequence[UUID] | None = None, node_id: UUID | None = None
) -> Filled:
    """Bring the own fields of these products, or of all, to what 1C says of their properties.

    ``now``: when they changed, ``None`` where the caller notes that; ``node_id``: by the properties
    of this 1C alone. A field whose property no 1C has told of keeps what people entered. Set by
    set; the same again writes nothing.
    """
    filled = Filled([], [])
    fields = named_in_1c(onec.GOODS)
    if not fields or keys == []:
        return filled
    names = _properties(fields, node_id)
    known = {names[key] for key in names}
    asked = [field for field in fields if onec.place(field.name_1c) in known]
    for batch in _batches(keys) if asked else ():
        _fill(batch, asked, names, now, filled)
    return filled


def _properties(fields: Iterable[CustomField], node_id: UUID | None) -> dict[str, str]:
    """Return the properties that fields are called by: what ``onec`` compares, by key."""
    wanted = {onec.place(field.name_1c) for field in fields}
    rows = Property.objects.all() if node_id is None else Property.objects.filter(node_id=node_id)
    told = ((str(key), onec.place(name)) for key, name in rows.values_list("pk", "name"))
    return {key: name for key, name in told if name in wanted}


def _batches(keys: Sequence[UUID] | None) -> Iterator[Sequence[UUID]]:
    """Yield these products, or all that 1C owns, some thousand at once."""
    if keys is not None:
        for start in range(0, len(keys), BATCH):
            yield keys[start : start + BATCH]
        return
    after = UUID(int=0)
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM catalog_product WHERE node_id IS NOT NULL AND id > %s"
                " ORDER BY id LIMIT %s", [after, BATCH],
            )  # fmt: skip
            found = [key for (key,) in cursor.fetchall()]
        if not found:
            return
        yield found
        after = found[-1]


@transaction.atomic
def _fill(
    batch: Sequence[UUID], fields: Sequence[CustomField], names: Mapping[str, str],
    now: datetime | None, filled: Filled,
) -> None:  # fmt: skip
    changed = []
    with connection.cursor() as cursor:
        cursor.execute(_GOODS, {"keys": list(batch), "properties": list(names)})
        for key, ref, name, custom, said in cursor.fetchall():
            former = _json(custom) or {}
            told: dict[str, list[str]] = {}
            for property_id, text in _json(said) or ():
                told.setdefault(names[property_id], []).append(text)
            wanted, bad = _values(fields, former, told)
            filled.unread.extend(Unread(ref, name, *each) for each in bad)
            if wanted != former:
                changed.append({"id": str(key), "custom": wanted})
                filled.changed.append(key)
        if changed:
            cursor.execute(_PUT, {"rows": json.dumps(changed), "now": now})


def _values(
    fields: Sequence[CustomField], former: Mapping[str, Any], told: Mapping[str, Sequence[str]]
) -> tuple[dict[str, Any], list[tuple[CustomField, str, ProblemCode]]]:
    """Return what a row keeps when 1C says this of it, and what could not be read."""
    said = {name: _SEPARATOR.join(texts) for name, texts in told.items()}
    found, unread = onec.told_among(fields, said)
    bad = {field.key for field, _text, _code in unread}
    wanted = dict(former)
    for field in fields:
        value = found.get(field.key)
        if value is not None:
            wanted[field.key] = value
        elif field.key not in bad:
            wanted.pop(field.key, None)
    return wanted, unread


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


# Free directories ---------------------------------------------------------------------------------
def fill_objects(
    *, now: datetime, kind: str = "", node_id: UUID | None = None,
    entries: Sequence[tuple[str, str]] | None = None,
) -> list[Unread]:  # fmt: skip
    """Bring the rows of own objects to the entries of the directories that fill them.

    ``kind``: of this object alone; ``node_id`` and ``entries`` (directory, identifier): these
    entries of one 1C. The same again writes nothing.
    """
    unread: list[Unread] = []
    for of in kinds_of_directories():
        if kind not in ("", of.key):
            continue
        for node, directory in _directories(of, node_id):
            found = DirectoryEntry.objects.filter(node_id=node, directory_ref=directory)
            if entries is not None:
                refs = [ref for told, ref in entries if told == directory]
                found = found.filter(ref__in=refs)
            unread += _take_entries(of, node, found.order_by("ref"), now)
    return unread


def archive_as_told(*, now: datetime) -> int:
    """Archive the rows whose entries a directory left out, and bring back those it has again."""
    changed = 0
    for of in kinds_of_directories():
        refs = sorted({directory for _node, directory in _directories(of, None)})
        with connection.cursor() as cursor:
            cursor.execute(_ARCHIVED_THERE, {"kind": of.pk, "directories": refs, "now": now})
            changed += cursor.rowcount
    return changed


def _directories(of: CustomObject, node_id: UUID | None) -> list[tuple[UUID, str]]:
    """Return (node, directory) of what fills an object: called so, or with this identifier."""
    rows = DirectoryEntry.objects.all()
    rows = rows if node_id is None else rows.filter(node_id=node_id)
    named = rows.order_by().values_list("node_id", "directory_ref", "directory_name").distinct()
    wanted = onec.place(of.directory_1c)
    return sorted({
        (node, ref) for node, ref, name in named
        if node is not None and wanted in (onec.place(name), onec.place(ref))
    })  # fmt: skip


def _take_entries(of: CustomObject, node_id: UUID, entries: Any, now: datetime) -> list[Unread]:
    unread: list[Unread] = []
    fields = named_in_1c(of.key)
    told = entries.values_list("ref", "name", "values", "is_archived").iterator(chunk_size=BATCH)
    while batch := list(islice(told, BATCH)):
        unread += _take_batch(of, node_id, fields, batch, now)
    return unread


@transaction.atomic
def _take_batch(
    of: CustomObject, node_id: UUID, fields: Sequence[CustomField],
    batch: Sequence[tuple[str, str, Any, bool]], now: datetime,
) -> list[Unread]:  # fmt: skip
    refs = [ref for ref, _name, _values, _gone in batch]
    there = CustomRow.objects.filter(kind_id=of.pk, node_id=node_id, ref__in=refs)
    known = {row.ref: row for row in there.order_by("pk").select_for_update()}
    unread: list[Unread] = []
    new: list[CustomRow] = []
    changed: list[CustomRow] = []
    for ref, name, said, is_archived in batch:
        row = known.get(ref) or CustomRow(kind_id=of.pk, node_id=node_id, ref=ref)
        texts = {onec.place(column): [str(text)] for column, text in said.items()}
        custom, bad = _values(fields, row.custom, texts)
        unread += [Unread(ref, name, *each) for each in bad]
        wanted = {
            "name": name[:250], "sort_name": fold(name)[:250], "custom": custom,
            "is_archived": is_archived,
        }  # fmt: skip
        if ref in known and all(getattr(row, each) == value for each, value in wanted.items()):
            continue
        for each, value in wanted.items():
            setattr(row, each, value)
        row.updated_at = now
        (changed if ref in known else new).append(row)
    CustomRow.objects.bulk_create(new, ignore_conflicts=True)
    CustomRow.objects.bulk_update(
        changed, ["name", "sort_name", "custom", "is_archived", "updated_at"]
    )
    return unread


# What 1C told of, offered where a field or an object is named -------------------------------------
MOST_NAMES = 300


def names_of_properties() -> list[str]:
    """Return what properties of goods are called."""
    rows = Property.objects.filter(is_archived=False).order_by("name")
    return list(rows.values_list("name", flat=True).distinct()[:MOST_NAMES])


def names_of_directories() -> list[str]:
    """Return what free directories are called."""
    rows = DirectoryEntry.objects.exclude(directory_name="").order_by("directory_name")
    return list(rows.values_list("directory_name", flat=True).distinct()[:MOST_NAMES])


def names_of_columns() -> list[str]:
    """Return what the columns of free directories are called, of all directories together."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT jsonb_object_keys(d.values) AS name FROM (SELECT values"
            " FROM catalog_directoryentry ORDER BY updated_at DESC LIMIT 2000) d ORDER BY name"
            " LIMIT %s", [MOST_NAMES],
        )  # fmt: skip
        return [name for (name,) in cursor.fetchall()]
