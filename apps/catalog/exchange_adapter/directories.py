"""Free directories («Справочники»): kept as they come, for people to look things up."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.db import transaction

from apps.catalog.exchange_adapter.intake import REF_LENGTH, Intake, stored
from exchange.registry import Adapter, StoreContext, Stored, register
from exchange.rows import ProblemCode, ReferenceRow
from exchange.staging import Merge, Staging

_NAMES = ("Наименование", "UF_NAME", "Название", "Name")
_MARKS = ("Ид", "ПометкаУдаления", *_NAMES)


@register
class DirectoryAdapter(Adapter[ReferenceRow]):
    """Entries of directories; one marked for deletion is archived, what is not sent stays."""

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
        return stored(intake, rows, self.merge.run(context), refused=refused)


def _name(row: ReferenceRow) -> str:
    values = dict(row.values)
    return next((values[name] for name in _NAMES if values.get(name)), row.ref)
