"""Gathering the history from the journal, and bringing a former value back.

Data flow: triggers write the journal → ``gather`` copies what is new to its reader into
``history_rowchange`` (one statement, in one transaction with the reader's place) → cards read it.
A card that is opened gathers first, so it shows what was saved a moment ago.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, models, transaction
from django.utils.translation import gettext as _

from apps.core import naming
from apps.history.models import RowChange
from apps.history.tracked import Refused, Tracked, all_tracked, of_table
from replication.journal import window
from replication.models import Reader
from replication.readers import ReaderBusy, ReaderReleased, advance, begin
from tenants.context import acting

READER = "history"
KEPT = timedelta(days=3 * 366)
PATIENCE = "2s"  # of a card: what a large import left to gather is gathered by the clock
# A line of one row holds {column: [old, new]}, one of many rows {column: [[old, …], [new, …]]} in
# the order of its keys; of rows that were made or deleted in bulk only the keys are known.
_COPY = """
WITH lines AS MATERIALIZED (
    SELECT l.*, w.hidden FROM replication_journal l
    JOIN jsonb_to_recordset(%s::jsonb) AS w (name text, hidden text[], made boolean)
        ON w.name = l.table_name
    WHERE {window} AND (l.operation <> 'I' OR w.made) AND l.cause IS DISTINCT FROM 'erased'
),
of_one AS (
    SELECT id, key, coalesce(route, key) AS owner, changed - hidden AS changed
    FROM lines WHERE keys IS NULL
),
of_many AS (
    SELECT l.id, r.key, coalesce(r.route, r.key) AS owner,
        jsonb_object_agg(c.key, jsonb_build_array(r.old, r.new)) AS changed
    FROM lines l CROSS JOIN LATERAL jsonb_each(l.changed - l.hidden) c
    CROSS JOIN LATERAL ROWS FROM (
        unnest(l.keys), unnest(l.routes),
        jsonb_array_elements(c.value -> 0), jsonb_array_elements(c.value -> 1)
    ) AS r (key, route, old, new)
    WHERE l.keys IS NOT NULL AND r.old IS DISTINCT FROM r.new
    GROUP BY l.id, r.key, r.route
),
made AS (
    SELECT l.id, r.key, coalesce(r.route, r.key) AS owner, NULL::jsonb AS changed
    FROM lines l CROSS JOIN LATERAL unnest(l.keys, l.routes) AS r (key, route)
    WHERE l.keys IS NOT NULL AND l.operation = 'I'
)
INSERT INTO history_rowchange
    (line, "table", key, owner, operation, changed, author, origin, cause, moment)
SELECT l.id, l.table_name, r.key, r.owner, l.operation, r.changed, l.author, l.origin,
    left(l.cause, 100), l.moment
FROM (
    SELECT * FROM of_one UNION ALL SELECT * FROM of_many UNION ALL SELECT * FROM made
) r JOIN lines l ON l.id = r.id
WHERE l.operation = 'I' OR r.changed <> '{{}}'::jsonb
ORDER BY l.id
"""


def gather(*, now: datetime, wait: bool = True) -> int:
    """Copy what the journal has new into the history; return the number of rows.

    :raises ReaderBusy: another one gathers just now (only when told not to wait).
    """
    try:
        return advance(name=READER, take=_copy, now=now, wait=wait)
    except Reader.DoesNotExist:
        begin(name=READER, now=now, from_the_start=True)
        return advance(name=READER, take=_copy, now=now, wait=wait)
    except ReaderReleased:  # away for so long that lines are gone: go on from what is left
        begin(name=READER, now=now, from_the_start=True)
        return advance(name=READER, take=_copy_again, now=now, wait=wait)


def gather_now(*, now: datetime) -> bool:
    """Gather for a card that is being opened; ``False`` when that would take too long."""
    is_inside = connection.in_atomic_block
    try:
        with transaction.atomic():
            former = _be_patient(PATIENCE)
            gather(now=now, wait=False)
            if is_inside:
                _be_patient(former)
    except (ReaderBusy, OperationalError):
        return False
    return True


def care(*, now: datetime) -> None:
    """Gather, and forget what is older than the history is kept."""
    gather(now=now)
    RowChange.objects.filter(moment__lt=now - KEPT).delete()


@transaction.atomic
def restore(*, change_id: int, column: str, by: UUID) -> Tracked:
    """Bring a column (or ``custom.x_key``: an own field) back to what it was before a change.

    Restoring what is already so changes nothing.

    :raises Refused: it cannot be, with the reason as a sentence; nothing was changed.
    :raises RowChange.DoesNotExist: there is no such change.
    """
    change = RowChange.objects.get(pk=change_id)
    entry = of_table(change.table)
    column, _point, own = column.partition(".")
    is_whole = column == naming.OWN and not own  # own fields come back one by one
    if entry is None or entry.restore is None or is_whole or column not in (change.changed or {}):
        raise Refused(_("This value cannot be restored here."))
    field = naming.field_of(entry.model, column)
    if field is None:
        raise Refused(_("This field does not exist any more."))
    row = entry.model._default_manager.select_for_update().filter(pk=change.key).first()
    if row is None:
        raise Refused(_("What was changed has been deleted since."))
    value = _former(field, (change.changed or {})[column][0])
    if own:  # one of several fields that a column holds; the others stay as they are now
        former, kept = value if isinstance(value, dict) else {}, dict(getattr(row, field.attname))
        kept.pop(own, None)
        value = kept | ({own: former[own]} if former.get(own) is not None else {})
    if getattr(row, field.attname) == value:
        return entry
    try:
        field.clean(value, row)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    with acting(author=by, cause="restored"):
        entry.restore(row, field.attname, value)
    return entry


@transaction.atomic
def bring_back(*, change_id: int, by: UUID) -> Tracked:
    """Make a deleted part of a card anew, as it was.

    :raises Refused: it cannot be, with the reason as a sentence; nothing was changed.
    :raises RowChange.DoesNotExist: there is no such change.
    """
    change = RowChange.objects.select_for_update().get(pk=change_id)
    entry = of_table(change.table)
    if entry is None or not entry.parent or change.operation != "D" or not change.changed:
        raise Refused(_("This cannot be brought back here."))
    owner = of_table(entry.card.table)
    if owner is None or not owner.model._default_manager.filter(pk=change.owner).exists():
        raise Refused(_("What it belonged to has been deleted since."))
    row = entry.model(**{entry.parent: change.owner})
    for column, (old, _new) in change.changed.items():
        field = naming.field_of(entry.model, column)
        if field is not None and not field.primary_key:
            setattr(row, field.attname, _former(field, old))
    try:
        row.full_clean()
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    with acting(author=by, cause="restored"):
        row.save(force_insert=True)
    return entry


def save_column(row: models.Model, column: str, value: Any) -> None:
    """Write one column of a row; the simplest way a room can restore."""
    setattr(row, column, value)
    row.save(update_fields=[column, "updated_at"])


def _former(field: models.Field[Any, Any], stored: Any) -> Any:
    if isinstance(field, models.ForeignKey):
        return None if stored is None else field.target_field.to_python(stored)
    return field.to_python(stored)


def _copy(after: str, until: str) -> int:
    condition, values = window(after, until)
    wanted = [
        {"name": each.table, "hidden": sorted(_hidden(each)), "made": each.tells_creation}
        for each in all_tracked()
    ]
    with connection.cursor() as cursor:
        cursor.execute(_COPY.format(window=condition), [json.dumps(wanted), *values])
        return int(cursor.rowcount)


def _copy_again(after: str, until: str) -> int:
    """Copy all that is left of the journal, in place of what was copied of that."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM history_rowchange WHERE line >= (SELECT min(id) FROM replication_journal)"
        )
    return _copy(after, until)


def _hidden(entry: Tracked) -> set[str]:
    """Return the columns nobody reads of: keys, moments, what is computed from others."""
    fields = entry.model._meta.concrete_fields
    unread = {str(each.column) for each in fields if not naming.is_told(each)}
    return unread | set(entry.hidden) | {"created_at", "updated_at"}


def _be_patient(how_long: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('statement_timeout'),"
            " set_config('statement_timeout', %s, true)", [how_long],
        )  # fmt: skip
        return str(cursor.fetchone()[0])
