"""Showing a list: the whole page, its body, more rows, or the count alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from zlib import crc32

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from apps.core import preferences
from apps.core.context_processors import allowed
from apps.core.lists.columns import Column
from apps.core.lists.export import export
from apps.core.lists.filters import Chip
from apps.core.lists.paging import Page, UnknownCursor, read_page
from apps.core.lists.screen import ListScreen

COUNT_CAP = 10_000
MOST_ROWS = 500
_OURS = ("part", "after", "size", "head")
_PARTS = {"body": "components/list/_body.html", "rows": "components/list/_rows.html"}


@dataclass(frozen=True)
class Cell:
    """A cell as the template shows it."""

    column: Column
    html: str


@dataclass(frozen=True)
class Line:
    """A row as the template shows it."""

    pk: Any
    url: str
    cells: Sequence[Cell]
    row: Any


@dataclass(frozen=True)
class Head:
    """The head of a column: where a click on it leads, how the rows stand now."""

    column: Column
    url: str
    sorted_as: str  # "", "ascending" or "descending"


def show_list(
    request: HttpRequest,
    screen: ListScreen,
    *,
    template: str = "core/list.html",
    context: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show the page, or with ``?part=`` its ``body``, ``rows`` or ``count`` alone, or a table
    as ``csv`` or ``xlsx``.

    Two queries: the person's columns and the rows of the page; the count is one of its own, asked
    for by the page once it is shown.
    """
    part = request.GET.get("part", "")
    if part == "count":
        number = screen.found().order_by()[: COUNT_CAP + 1].count()
        return render(request, "components/list/_count.html", {"number": number, "cap": COUNT_CAP})
    columns = _columns(request, screen)
    if part in ("csv", "xlsx"):
        return cast(HttpResponse, export(request, screen, columns, kind=part))
    if part == "rows" and request.GET.get("head", "") not in ("", _head_of(columns)):
        return HttpResponse(headers={"HX-Refresh": "true"})  # a price type came: a column more
    shown = {**(context or {}), **_context(request, screen, columns)}
    answer = render(request, _PARTS.get(part, template), shown)
    if part == "body":
        answer["HX-Replace-Url"] = shown["here"]
    return answer


def _context(request: HttpRequest, screen: ListScreen, columns: Sequence[Column]) -> dict[str, Any]:
    page = _page(request, screen)
    screen.prepare(page.rows)
    is_first = not request.GET.get("after")
    actions = [
        (action, reverse(action.url_name) + _query(request, {}))
        for action in screen.offered()
        if not action.right or allowed(request.user, action.right)
    ]
    chips = [chip for each in screen.filters for chip in each.chips(request.GET)]
    may_create = bool(screen.create_url_name) and (
        not screen.create_right or allowed(request.user, screen.create_right)
    )
    return {
        "screen": screen,
        "lines": [_line(screen, columns, row) for row in page.rows],
        "heads": _heads(request, screen, columns),
        "width": len(columns) + bool(actions),
        "all_columns": [(column, column in columns) for column in screen.columns],
        "filters": [(each.template, each.form(request.GET)) for each in screen.filters],
        "chips": [(chip, _without(request, chip)) for chip in chips],
        "actions": actions,
        "may_create": may_create,
        "query": request.GET.get("q", ""),
        "sort": request.GET.get("sort", ""),
        "here": _address(request, {}),
        "live": ", ".join(f"live:{table} from:body throttle:2s" for table in screen.tables),
        "csv_url": _address(request, {"part": "csv"}),
        "xlsx_url": _address(request, {"part": "xlsx"}),
        "rows_url": _address(request, {"part": "rows", "head": _head_of(columns)}),
        "count_url": _address(request, {"part": "count"}),
        "following_url": _address(request, {"after": page.following}) if page.following else "",
        "more_url": _address(
            request, {"part": "rows", "after": page.following, "head": _head_of(columns)}
        ),
        "is_first": is_first,
        "footer": screen.footer() if screen.footer_template and is_first else None,
    }


def _head_of(columns: Sequence[Column]) -> str:
    """Return a short name of which columns stand in the head."""
    return format(crc32(" ".join(column.key for column in columns).encode()), "x")


def _page(request: HttpRequest, screen: ListScreen) -> Page[Any]:
    order, _key = screen.ordering()
    size = screen.page_size
    wanted = request.GET.get("size", "")
    if wanted.isdecimal() and len(wanted) < 5:  # a live refresh keeps the rows already shown
        size = max(size, min(int(wanted), MOST_ROWS))
    after = request.GET.get("after", "")
    try:
        return read_page(screen.found(), order=order, after=after, size=size)
    except UnknownCursor:
        return read_page(screen.found(), order=order, after="", size=size)


def _columns(request: HttpRequest, screen: ListScreen) -> list[Column]:
    """Return the columns the person chose, else the usual ones; the one with the link always."""
    saved = preferences.read(user_id=request.user.pk, key=f"columns:{screen.key}")
    if isinstance(saved, list) and saved:
        return [column for column in screen.columns if column.key in saved or column.is_link]
    return [column for column in screen.columns if column.is_default or column.is_link]


def _heads(request: HttpRequest, screen: ListScreen, columns: Sequence[Column]) -> list[Head]:
    order, current = screen.ordering()
    heads = []
    for column in columns:
        if not column.sort:
            heads.append(Head(column, "", ""))
            continue
        is_current = column.key == current
        turned = f"-{column.key}" if is_current and not order.is_descending else column.key
        way = ("descending" if order.is_descending else "ascending") if is_current else ""
        heads.append(Head(column, _address(request, {"sort": turned}), way))
    return heads


def _line(screen: ListScreen, columns: Sequence[Column], row: Any) -> Line:
    cells = [Cell(column, column.cell(row)) for column in columns]
    return Line(row.pk, screen.url(row), cells, row)


def _without(request: HttpRequest, chip: Chip) -> str:
    return _address(request, dict.fromkeys(chip.names, ""))


def _address(request: HttpRequest, changes: dict[str, str]) -> str:
    """Return the list's address without parts and pages, with parameters changed."""
    return request.path + _query(request, changes)


def _query(request: HttpRequest, changes: dict[str, str]) -> str:
    values: QueryDict = request.GET.copy()
    for name in _OURS:
        values.pop(name, None)
    for name, value in changes.items():
        if value:
            values[name] = value
        else:
            values.pop(name, None)
    for name in [name for name, value in values.items() if not value]:
        values.pop(name)
    return f"?{values.urlencode()}" if values else ""
