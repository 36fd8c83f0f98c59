"""A list as a table for spreadsheets: what is filtered, in the order shown, the chosen columns.

XLSX with numbers, days and moments as such; CSV as Excel reads it by a double click in the reader's
language: UTF-8 with its mark, separator and decimal sign of the language. Numbers have no groups
and no currency sign, which stands in a column of its own; days are 2026-11-23 and moments
2026-11-23 14:05:00 in the company's time.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tenants.utils import tenant_context

from apps.core.lists import fields, xlsx
from apps.core.lists.columns import Column
from apps.core.lists.paging import read_page
from apps.core.lists.screen import ListScreen
from tenants.audit.services import record
from tenants.current import company_of

FileKind = Literal["csv", "xlsx"]
BATCH = 500
CONTENT_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": xlsx.CONTENT_TYPE}
_COMMA_POINT = {"ru", "tr"}  # the decimal sign is a comma, so that columns need another separator
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


def export(
    request: HttpRequest, screen: ListScreen, columns: Sequence[Column], *, kind: FileKind
) -> StreamingHttpResponse:
    """Answer with the rows that fit as ``csv`` or ``xlsx``, sent while they are read; log it."""
    columns = [column for column in columns if column.exported is not None]
    record(
        kind="list.exported",
        login=getattr(request.user, "email", ""),
        address=request.META.get("REMOTE_ADDR"),
        list=screen.key,
        columns=[column.key for column in columns],
        asked=request.GET.urlencode()[:500],
    )
    made = pieces(
        screen, columns, kind=kind, company=company_of(request),
        language=translation.get_language() or "en", zone=timezone.get_current_timezone(),
    )  # fmt: skip
    return _answer(made, key=screen.key, kind=kind)


def export_table(
    request: HttpRequest, heads: Sequence[str], rows: Sequence[Sequence[Any]], *, key: str,
    title: str, kind: FileKind,
) -> StreamingHttpResponse:  # fmt: skip
    """Answer with a table that is read already as ``csv`` or ``xlsx``; log it."""
    record(
        kind="list.exported", login=getattr(request.user, "email", ""),
        address=request.META.get("REMOTE_ADDR"), list=key, columns=list(heads),
        asked=request.GET.urlencode()[:500],
    )  # fmt: skip
    cells = [["" if cell is None else _local(cell) for cell in row] for row in rows]
    if kind == "xlsx":
        return _answer(xlsx.workbook(heads, [cells], title=title), key=key, kind=kind)
    sheet = _Sheet(translation.get_language() or "en")
    return _answer(sheet.pieces(heads, [cells]), key=key, kind=kind)


def _answer(made: Iterator[bytes], *, key: str, kind: FileKind) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(made, content_type=CONTENT_TYPES[kind])
    day = timezone.localdate().isoformat()
    answer["Content-Disposition"] = f'attachment; filename="{key}-{day}.{kind}"'
    answer["Cache-Control"] = "no-store"
    return answer


def pieces(
    screen: ListScreen, columns: Sequence[Column], *, kind: str, company: Any, language: str,
    zone: tzinfo, told: Callable[[int], None] = lambda done: None,
) -> Iterator[bytes]:  # fmt: skip
    """Yield the file of a list, batch by batch; ``told`` hears how many rows are in it by then."""
    columns = [column for column in columns if column.exported is not None]
    batches = _batches(screen, columns, company=company, language=language, zone=zone, told=told)
    with translation.override(language):
        heads, title = _heads(columns), str(screen.title)
    if kind == "xlsx":
        return xlsx.workbook(heads, batches, title=title)
    return _Sheet(language).pieces(heads, batches)


def _batches(
    screen: ListScreen, columns: Sequence[Column], *, company: Any, language: str, zone: tzinfo,
    told: Callable[[int], None],
) -> Iterator[list[list[Any]]]:  # fmt: skip
    """Yield the cells batch by batch, each read inside the company.

    The answer is sent when the request has left the company, language and time zone behind.
    """
    order, _key = screen.ordering()
    after, is_first, done = "", True, 0
    while after or is_first:
        with tenant_context(company), translation.override(language), timezone.override(zone):
            page = read_page(screen.joined(columns), order=order, after=after, size=BATCH)
            if screen.kind:
                fields.compute(page.rows, columns, screen.of, screen.request.user)
            screen.prepare(page.rows)
            if screen.kind:
                fields.name_related(page.rows, columns, screen.of, screen.request.user)
            cells = [_cells(columns, row) for row in page.rows]
            done += len(cells)
            told(done)
        after, is_first = page.following, False
        yield cells


def _heads(columns: Sequence[Column]) -> list[str]:
    heads = []
    for column in columns:
        heads.append(str(column.label))
        if column.kind == "money" and column.unit:
            heads.append(_("%(column)s: currency") % {"column": column.label})
    return heads


def _cells(columns: Sequence[Column], row: Any) -> list[Any]:
    cells = []
    for column in columns:
        cells.append(_local(column.plain(row)))
        if column.kind == "money" and column.unit:
            cells.append(column.unit_of(row))
    return cells


def _local(cell: Any) -> Any:
    """Return a moment in the company's time, anything else as it is."""
    return timezone.localtime(cell) if isinstance(cell, datetime) else cell


class _Sheet:
    """Writes rows as a language's Excel expects them."""

    def __init__(self, language: str) -> None:
        self._has_comma = language[:2] in _COMMA_POINT

    def pieces(
        self, heads: Sequence[str], batches: Iterable[Sequence[Sequence[Any]]]
    ) -> Iterator[bytes]:
        """Yield the table, UTF-8 with its mark."""
        yield ("\ufeff" + self.text([heads])).encode()
        for batch in batches:
            yield self.text(batch).encode()

    def text(self, rows: Sequence[Sequence[Any]]) -> str:
        """Return the rows as lines of CSV."""
        lines = io.StringIO()
        writer = csv.writer(lines, delimiter=";" if self._has_comma else ",")
        writer.writerows([self._plain(cell) for cell in row] for row in rows)
        return lines.getvalue()

    def _plain(self, cell: Any) -> str:
        if isinstance(cell, Decimal):
            number = f"{cell:f}"
            return number.replace(".", ",") if self._has_comma else number
        if isinstance(cell, datetime):
            return f"{cell:%Y-%m-%d %H:%M:%S}"
        text = str(cell)  # a day is written as ISO 8601 has it
        return f"'{text}" if text.startswith(_FORMULAS) else text
