"""Pictures and attachments: bytes that arrive beside the XML, before or after their product."""

from __future__ import annotations

from collections.abc import Sequence

from apps.catalog import services
from exchange.files import open_sent
from exchange.registry import Adapter, StoreContext, Stored, register
from exchange.rows import Problem, ProblemCode, SentFile


@register
class SentFileAdapter(Adapter[SentFile]):
    """Keeps the bytes under their digest and gives them to every product that names the path."""

    row_type = SentFile
    kind = "pictures"
    rank = 90

    def store(self, rows: Sequence[SentFile], context: StoreContext) -> Stored:
        """Keep each file once; the same file sent again changes nothing."""
        result = Stored(read=len(rows))
        for row in rows:
            try:
                with open_sent(row.file_id) as source:
                    outcome = services.attach_file(
                        node_id=context.node_id,
                        path=row.path,
                        source=source,
                        digest=row.sha256,
                        size=row.size,
                        now=context.now,
                    )
            except FileNotFoundError:
                result.problems.append(
                    Problem(ProblemCode.MISSING_FILE, row.path, 0, "", row.path[:200])
                )
                continue
            except services.FileRefused:
                result.problems.append(
                    Problem(ProblemCode.TOO_LARGE, row.path, 0, "", str(row.size), kept="nothing")
                )
                continue
            setattr(result, outcome, getattr(result, outcome) + 1)
        return result
