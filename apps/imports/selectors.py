"""Reading imports: whose they are, and what the screen shows of lines."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from apps.accounts.rights import can
from apps.core import objects
from apps.core.objects import ObjectKind
from apps.imports import sentences
from apps.imports.models import ImportedRow, ImportLine, ImportRun, Outcome
from apps.imports.targets import by_key

SHOWN = 20
_BATCH = 1_000
_SHEET_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_HARMLESS = re.compile(r"^[+\-][\d\s().,\-]*$")  # a phone, a number


def runs(user: Any) -> QuerySet[ImportRun]:
    """Return the imports a person may look at: their own; who runs the company sees all."""
    rows = ImportRun.objects.select_related("by")
    return rows if can(user, "settings.change") else rows.filter(by=user)


def found(user: Any, pk: UUID) -> ImportRun | None:
    """Return one of them."""
    return runs(user).filter(pk=pk).first()


def examples(run: ImportRun, outcome: str) -> list[dict[str, Any]]:
    """Return the first lines of an outcome with what is wrong with them."""
    known = by_key(objects.kind(run.kind))
    lines = ImportLine.objects.filter(run=run, outcome=outcome).order_by("number")[:SHOWN]
    return [
        {
            "number": line.number,
            "cells": list(zip_longest(run.headings[:6], line.cells[:6], fillvalue="")),
            "reason": sentences.of_line(line.problems, known),
        }
        for line in lines
    ]


def kept_rows(run: ImportRun, kind: ObjectKind) -> list[tuple[UUID, str]]:
    """Return the rows that undo left because somebody had changed them: keys and names."""
    keys = list(
        ImportedRow.objects.filter(run=run, kind=kind.key, is_kept=True)
        .order_by("pk").values_list("key", flat=True)[:SHOWN]
    )  # fmt: skip
    rows = kind.model._default_manager.filter(pk__in=keys)
    return [(row.pk, str(row)) for row in rows]


def error_file(run: ImportRun, company: Any) -> Iterator[str]:
    """Yield the lines that were not taken, as they stood, the reason in a column at the end.

    To be corrected and brought in again as it is: the reason's column means nothing then.
    """
    language = translation.get_language() or "en"
    sign = ";" if language[:2] in ("ru", "tr") else ","
    after = 0
    yield "\ufeff" + _csv([[*run.headings, _("Reason")]], sign)
    while True:
        with tenant_context(company), translation.override(language):
            known = by_key(objects.kind(run.kind))
            lines = list(
                ImportLine.objects.filter(
                    run=run, number__gt=after, outcome__in=[Outcome.ERROR, Outcome.SKIP]
                ).order_by("number")[:_BATCH]
            )
            width = len(run.headings)
            rows = [
                [
                    *[_safe(cell) for cell in [*line.cells, *[""] * width][:width]],
                    sentences.of_line(line.problems, known),
                ]
                for line in lines
            ]
        if not lines:
            return
        after = lines[-1].number
        yield _csv(rows, sign)


def _safe(cell: str) -> str:
    """Return a cell that no spreadsheet runs as a formula."""
    is_harmless = not cell.startswith(_SHEET_SIGNS) or _HARMLESS.match(cell)
    return cell if is_harmless else f"'{cell}"


def _csv(rows: Sequence[Sequence[str]], sign: str) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=sign).writerows(rows)
    return text.getvalue()
