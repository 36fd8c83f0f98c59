"""What all kinds share: refusing rows without an identifier, fitting texts, counting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from exchange.registry import StoreContext, Stored
from exchange.rows import Problem, ProblemCode
from exchange.staging import Merged

REF_LENGTH = 120


class _Referenced(Protocol):
    @property
    def ref(self) -> str: ...

    @property
    def line(self) -> int: ...


R = TypeVar("R", bound=_Referenced)


class Intake:
    """Collects problems while the rows of one call are prepared."""

    def __init__(self, context: StoreContext, element: str) -> None:
        self.context = context
        self.element = element
        self.problems: list[Problem] = []

    def problem(
        self,
        code: ProblemCode,
        row: Any,
        value: str,
        *,
        element: str = "",
        kept: str = "rest_of_row",
    ) -> None:
        """Note one value that could not be taken."""
        ref = getattr(row, "ref", "") or getattr(row, "product_ref", "")
        path = f"{self.element}/{element}" if element else self.element
        name = getattr(row, "name", "")
        self.problems.append(
            Problem(code, self.context.file, row.line, path, value[:200], ref, name[:250], kept)
        )

    def fit(self, row: Any, text: str, limit: int, element: str) -> str:
        """Return the text, cut with a problem when it is longer than its place."""
        if len(text) <= limit:
            return text
        self.problem(ProblemCode.TOO_LONG, row, text, element=element, kept="cut")
        return text[:limit]

    def fit_code(self, row: Any, text: str, limit: int, element: str) -> str:
        """Return the code; a longer one is left out with a problem, half a code is a wrong code."""
        if len(text) <= limit:
            return text
        self.problem(ProblemCode.TOO_LONG, row, text, element=element)
        return ""

    def latest_by_ref(self, rows: Sequence[R]) -> list[R]:
        """Return one row for each identifier, the last one sent; rows without one are refused."""
        latest = {row.ref: row for row in rows if 0 < len(row.ref) <= REF_LENGTH}
        if len(latest) < len(rows):
            for row in rows:
                if not row.ref:
                    self.problem(ProblemCode.MISSING_REF, row, "", element="Ид", kept="nothing")
                elif len(row.ref) > REF_LENGTH:
                    self.problem(ProblemCode.TOO_LONG, row, row.ref, element="Ид", kept="nothing")
        return list(latest.values())


def stored(
    intake: Intake,
    rows: Sequence[Any] | int,
    *merged: Merged,
    parked: Sequence[Any] = (),
    changed: int = 0,
    refused: int = 0,
) -> Stored:
    """Return the counts of one call (of rows, or so many); repeated ones count as unchanged."""
    count = rows if isinstance(rows, int) else len(rows)
    created = sum(part.created for part in merged)
    changed += sum(part.changed for part in merged)
    rest = count - created - changed - len(parked) - refused
    return Stored(
        read=count,
        created=created,
        changed=changed,
        unchanged=max(rest, 0),
        problems=intake.problems,
        parked=list(parked),
    )
