"""Free directories («Справочники»): kept as they come, for people to look things up."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from django.db import transaction

from apps.catalog import own
from apps.catalog.exchange_adapter.intake import REF_LENGTH, Intake, stored
from apps.custom.fields import kinds_of_directories
from exchange import staging
from exchange.registry import Adapter, StoreContext, Stored, register
from exchange.rows import ProblemCode, ReferenceRow
from exchange.staging import Merge, Staging

_NAMES = ("Наименование", "UF_NAME", "Название", "Name")
_ARCHIVE = """
    UPDATE catalog_directoryentry d SET is_archived = true, updated_at = %(now)s
    WHERE d.node_id = %(node)s AND d.directory_ref = %(directory)s AND NOT d.is_archived
        AND NOT EXISTS (SELECT 1 FROM seen WHERE key = d.id)
        AND EXISTS (SELECT 1 FROM seen JOIN catalog_directoryentry named ON named.id = seen.key
            WHERE named.directory_ref = %(directory)s)"""
_MARKS = ("Ид", "ПометкаУдаления", *_NAMES)


@register
class DirectoryAdapter(Adapter[ReferenceRow]):
    """Entries of directories; one marked for deletion or left out of the whole is archived."""

    row_type = ReferenceRow
    kind = "directories"
    rank = 15

    stage = Staging(
        "stage_directory",
        {
            "n": "int",
            "directory_ref": "text",
            "directory_name": "text",
            "ref": "text",
            "name": "text",
            "vals": "jsonb",
            "is_archived": "boolean",
        },
    )
    merge = Merge(
        table="catalog_directoryentry",
        source="SELECT s.*, %(node)s::uuid AS node_id FROM stage_directory s",
        key=("node_id", "directory_ref", "ref"),
        columns={
            "directory_name": "COALESCE(NULLIF(i.directory_name, ''), t.directory_name, '')",
            "name": "i.name",
            "values": "i.vals",
            "is_archived": "i.is_archived",
        },
        arbiter="(node_id, directory_ref, ref)",
    )

    @transaction.atomic
    def store(self, rows: Sequence[ReferenceRow], context: StoreContext) -> Stored:
        """Store entries; one without an identifier is refused."""
        intake = Intake(context, "Справочники/Справочник/Элементы/Элемент")
        latest = {
            (row.directory_ref[:REF_LENGTH], row.ref): row
            for row in rows
            if 0 < len(row.ref) <= REF_LENGTH
        }
        refused = 0
        for row in rows:
            if not 0 < len(row.ref) <= REF_LENGTH:
                refused += 1
                code = ProblemCode.TOO_LONG if row.ref else ProblemCode.MISSING_REF
                intake.problem(code, row, row.ref, element="Ид", kept="nothing")
        self.stage.load(
            (
                n,
                directory,
                row.directory_name[:250],
                row.ref,
                _name(row)[:500],
                json.dumps(
                    {name: value for name, value in row.values if name not in _MARKS},
                    ensure_ascii=False,
                ),
                row.is_deleted,
            )
            for n, ((directory, _), row) in enumerate(latest.items())
        )
        merged = self.merge.run(context, seen=self.kind)
        if kinds_of_directories():
            told = own.fill_objects(
                now=context.now, node_id=context.node_id, entries=list(latest)
            )
            _note(intake, latest, told)
        return stored(intake, rows, merged, refused=refused)

    @transaction.atomic
    def finish_run(self, context: StoreContext) -> Stored:
        """Archive the entries that a directory sent whole left out; an empty one says nothing."""
        if context.scope != "directory" or not context.settings.get("archive_missing", True):
            return Stored()
        staging.gather_seen(context, self.kind)
        values = {
            "node": str(context.node_id),
            "directory": context.catalog_ref[:REF_LENGTH],
            "now": context.now,
        }
        stored = Stored(archived=staging.execute(_ARCHIVE, values))
        own.archive_as_told(now=context.now)
        return stored


def _note(
    intake: Intake, rows: Mapping[tuple[str, str], ReferenceRow], told: Sequence[own.Unread]
) -> None:
    by_ref = {ref: row for (_directory, ref), row in rows.items()}
    for each in told:
        intake.problem(
            each.code, by_ref[each.ref], each.text,
            element=each.field.name_1c, kept="former_value",
        )  # fmt: skip


def _name(row: ReferenceRow) -> str:
    values = dict(row.values)
    return next((values[name] for name in _NAMES if values.get(name)), row.ref)
