"""Showing a list: the whole page, its body, more rows, or the count alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode
from zlib import crc32

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _

from apps.core import meanwhile, objects, saved
from apps.core.context_processors import allowed
from apps.core.lists import conditions, exporting, fields, gantt, grouping, kept
from apps.core.lists.columns import Column
from apps.core.lists.export import FileKind, export
from apps.core.lists.filters import Chip
from apps.core.lists.menus import columns_html, groups_html, heads_html
from apps.core.lists.paging import Page, UnknownCursor, first_page, read_page
from apps.core.lists.rows import rows_html
from apps.core.lists.screen import ListScreen, is_known
from apps.core.lists.starting import start_export
from apps.core.models import SavedView
from apps.core.objects import Field
from replication.journal import current_position
from tenants.prepared import KeptBy, read_by

COUNT_CAP = 10_000
MOST_ROWS = 500
_OURS = ("part", "after", "size", "head", "job", "in")
MOST_SIZES = 12
_PARTS = {"body": "components/list/_body.html", "rows": "components/list/_rows.html"}


@dataclass(frozen=True)
class Head:
    """The head of a column: where a click on it leads, how the rows stand now."""

    column: Column
    url: str
    sorted_as: str  # "", "ascending" or "descending"
    width: int = 0  # in pixels, when the person made it so


@dataclass(frozen=True)
class Tab:
    """A saved view as a tab: where it leads, whether it is shown and was changed since."""

    view: SavedView | None
    url: str
    is_current: bool
    is_changed: bool = False


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
    screen.leave_out()
    if part == "count":
        number = screen.matched().order_by()[: COUNT_CAP + 1].count()
        return render(request, "components/list/_count.html", {"number": number, "cap": COUNT_CAP})
    views = screen.furnishing.views if screen.kind and part in ("", "body") else []
    usual = next((view for view in views if view.is_default), None)
    if usual is not None and not request.GET:
        return HttpResponseRedirect(_of_view(request, usual))
    columns = _columns(request, screen)
    if part in ("csv", "xlsx") and not screen.may_export:
        raise PermissionDenied
    if part == "totals" and screen.kind:
        return _totals(request, screen, columns)
    if part in ("csv", "xlsx"):
        return _exported(request, screen, columns, cast(FileKind, part))
    if part == "rows" and request.GET.get("head", "") not in ("", _head_of(columns)):
        return HttpResponse(headers={"HX-Refresh": "true"})  # a price type came: a column more
    state = None if part else kept.state_of(
        request, screen, columns, template=template, context=context or {}
    )  # fmt: skip
    if state is not None:
        return _of_kept(request, screen, columns, views, template, context or {}, state)
    shown = {**(context or {}), **_context(request, screen, columns)}
    if screen.kind and part in ("", "body"):
        shown |= _abilities(request, screen, columns, views)
    answer = render(request, _PARTS.get(part, template), shown)
    if part == "body":
        answer["HX-Replace-Url"] = shown["here"]
    return answer


def _of_kept(
    request: HttpRequest, screen: ListScreen, columns: Sequence[Column], views: list[SavedView],
    template: str, context: dict[str, Any], state: tuple[Any, ...],
) -> HttpResponse:  # fmt: skip
    """Show the whole page: its rows are read and made, what stands around them once."""
    page = _rows_of(request, screen, columns, None, "")
    state = (*state, bool(page.rows), bool(page.following))
    around = kept.kept.get(state)
    if around is None:
        with kept.watched() as watch:
            around = _around(request, screen, columns, views, template, context, page)
        if watch.is_quiet:
            kept.kept.put(state, around)
    rows = rows_html(
        screen, columns, page.rows, editable=around.editable, has_choice=around.has_choice
    )
    return HttpResponse(
        around.page(
            rows="\n".join(rows), following=page.following, token=get_token(request),
            position=escape(getattr(request, "live_position", None) or current_position()),
        )
    )  # fmt: skip


def _around(
    request: HttpRequest, screen: ListScreen, columns: Sequence[Column], views: list[SavedView],
    template: str, context: dict[str, Any], page: Page[Any],
) -> kept.Around:  # fmt: skip
    """Make the page with marks where each look has its own."""
    marked = Page(page.rows, kept.FOLLOWING if page.following else "")
    shown = {
        **context,
        **_around_rows(request, screen, columns, marked, None, ""),
        **_abilities(request, screen, columns, views),
        "lines": [kept.ROWS] if page.rows else [],
        "csrf_token": kept.TOKEN,
    }
    position = getattr(request, "live_position", None)
    request.live_position = kept.POSITION  # type: ignore[attr-defined]
    try:
        html = render_to_string(template, shown, request)
    finally:
        request.live_position = position  # type: ignore[attr-defined]
    return kept.Around(kept.parts_of(html), set(shown["editable"]), shown["has_choice"])


def _exported(
    request: HttpRequest, screen: ListScreen, columns: Sequence[Column], kind: FileKind
) -> HttpResponse:
    """Send a list as a file; one of many rows is made in the background, its page shows how far."""
    if not exporting.is_large(screen):
        return cast(HttpResponse, export(request, screen, columns, kind=kind))
    try:
        job = exporting.begin(screen=screen, columns=columns, kind=kind, by=request.user)
    except exporting.TooManyExports:
        messages.error(request, _("You have %(most)d exports at work. Wait for one of them.")
                       % {"most": exporting.MOST_JOBS})  # fmt: skip
        return HttpResponseRedirect(reverse("core:exports"))
    start_export(job.pk)
    return HttpResponseRedirect(reverse("core:exports"))


def _context(request: HttpRequest, screen: ListScreen, columns: Sequence[Column]) -> dict[str, Any]:
    by = grouped_by(request, screen)
    if gantt.is_asked(request, screen):
        return _chart(request, screen, columns, by)
    of_group = request.GET.get("in", "") if by else ""
    is_grouped = by is not None and not of_group
    page = _rows_of(request, screen, columns, by, of_group, is_grouped=is_grouped)
    shown = _around_rows(request, screen, columns, page, by, of_group)
    return shown | {
        "lines": rows_html(
            screen, columns, page.rows, editable=shown["editable"], has_choice=shown["has_choice"]
        ),
        "groups": _groups(request, screen, columns, by) if is_grouped else None,
    }


def _chart(
    request: HttpRequest, screen: ListScreen, columns: Sequence[Column], by: Field | None
) -> dict[str, Any]:
    """Return what the page shows when its rows are bars over time."""
    chart = gantt.drawn(screen, columns, by=by, editable=_editable(request, screen))
    scale = chart.scale
    shown = _around_rows(request, screen, columns, Page([], ""), by, "")
    return shown | {
        "chart": chart, "lines": [], "has_choice": False, "following_url": "",
        "scales": [
            (each, _address(request, {"scale": each.key, "at": ""}), each == scale)
            for each in gantt.SCALES
        ],
        "earlier_url": _address(request, {"at": scale.moved(chart.first, -scale.step).isoformat()}),
        "later_url": _address(request, {"at": scale.moved(chart.first, scale.step).isoformat()}),
        "today_url": _address(request, {"at": ""}),
        "wider_url": _address(request, {}) + f"&size={chart.count + gantt.PAGE}"
        if chart.is_cut and chart.count < gantt.MOST else "",
        "chart_url": _address(request, {"part": "body"}),
    }  # fmt: skip


def _rows_of(
    request: HttpRequest, screen: ListScreen, columns: Sequence[Column], by: Field | None,
    of_group: str, *, is_grouped: bool = False,
) -> Page[Any]:  # fmt: skip
    """Return the rows of the page with all that their cells show; a group shows its own later."""
    page = Page([], "") if is_grouped else _page(request, screen, columns, by, of_group)
    if screen.kind and page.rows:
        fields.compute(page.rows, columns, screen.of, request.user)
    screen.prepare(page.rows)
    if screen.kind and page.rows:
        fields.name_related(page.rows, columns, screen.of, request.user)
    return page


def _around_rows(
    request: HttpRequest, screen: ListScreen, columns: Sequence[Column], page: Page[Any],
    by: Field | None, of_group: str,
) -> dict[str, Any]:  # fmt: skip
    """Return what the page shows around its rows."""
    is_first = not request.GET.get("after")
    shown = {column.key for column in columns}
    actions = [
        (action, reverse(action.url_name) + _query(request, {}))
        for action in screen.offered()
        if not action.right or allowed(request.user, action.right)
    ]
    chips = [chip for each in screen.filters for chip in each.chips(request.GET)]
    editable = _editable(request, screen)
    may_create = bool(screen.create_url_name) and (
        not screen.create_right or allowed(request.user, screen.create_right)
    )
    return {
        "screen": screen,
        "groups": None,
        "editable": editable,
        "heads_row": heads_html(
            _heads(request, screen, columns), body=f"list-{screen.key}", has_kind=bool(screen.kind)
        ),
        "width": len(columns) + bool(actions or editable),
        "column_boxes": columns_html(
            [
                *((column, True) for column in columns),
                *((column, False) for column in screen.columns if column.key not in shown),
            ],
            may_move=bool(screen.kind),
        ),
        "filters": [
            (each.template, each.form(request.GET, screen.furnishing.further))
            for each in screen.filters
        ],
        "chips": [(chip, _without(request, chip)) for chip in chips],
        "actions": actions,
        "has_choice": bool(actions or editable),
        "may_create": may_create,
        "query": request.GET.get("q", ""),
        "sort": request.GET.get("sort", ""),
        "here": _address(request, {}),
        "live": ", ".join(f"live:{table} from:body throttle:2s" for table in screen.tables),
        "csv_url": _address(request, {"part": "csv"}) if screen.may_export else "",
        "schedule_url": _schedule_url(request, screen),
        "xlsx_url": _address(request, {"part": "xlsx"}) if screen.may_export else "",
        "rows_url": _address(request, {"part": "rows", "head": _head_of(columns)}),
        "count_url": _address(request, {"part": "count"}),
        "following_url": _address(request, {"after": page.following}) if page.following else "",
        "more_url": _address(
            request,
            {"part": "rows", "after": page.following, "head": _head_of(columns), "in": of_group},
        ),
        "is_first": is_first,
        "footer": screen.footer() if screen.footer_template and is_first else None,
    }


def _schedule_url(request: HttpRequest, screen: ListScreen) -> str:
    """Return where one lets the list be sent to oneself by the clock; ``""`` where one cannot."""
    if not screen.may_export or not is_known(screen):
        return ""
    asked = {"list": screen.key, "address": saved.state_of(request.GET)}
    if request.GET.get("view"):
        asked["view"] = request.GET["view"]
    return f"{reverse('core:schedule_export')}?{urlencode(asked)}"


def _head_of(columns: Sequence[Column]) -> str:
    """Return a short name of which columns stand in the head."""
    return format(crc32(" ".join(column.key for column in columns).encode()), "x")


def _page(
    request: HttpRequest, screen: ListScreen, columns: Sequence[Column], by: Field | None,
    of_group: str,
) -> Page[Any]:  # fmt: skip
    order, _key = screen.ordering()
    size = screen.page_size
    wanted = request.GET.get("size", "")
    if wanted.isdecimal() and len(wanted) < 5:  # a live refresh keeps the rows already shown
        size = max(size, min(int(wanted), MOST_ROWS))
    after = request.GET.get("after", "")
    is_usual = not (request.GET.keys() - _OF_FIRST_PAGE or screen.is_ordered_by_own)
    if screen.is_kept and is_usual:
        shown = (screen.key, size, str(order), tuple(each.key for each in columns))
        return first_page(
            lambda: screen.joined(columns), order=order, size=size,
            read=lambda make: read_by(_first_pages, request.user, shown, make),
        )  # fmt: skip
    rows = screen.joined(columns)
    if by is not None:
        try:
            rows = rows.filter(grouping.in_group(by, of_group, user=request.user))
        except ValueError:
            rows = rows.none()
    try:
        return read_page(rows, order=order, after=after, size=size)
    except UnknownCursor:
        return read_page(rows, order=order, after="", size=size)


# The address of a list without search and filters has nothing but these.
_OF_FIRST_PAGE = {"part", "sort", "size", "head", "view", "cols", "job"}
_first_pages = KeptBy()


def _columns(request: HttpRequest, screen: ListScreen) -> list[Column]:
    """Return the columns of the address, else those the person chose, else the usual ones.

    They stand in the order of the choice; the one with the link is always there.
    """
    named = request.GET.get("cols", "") if screen.kind else ""
    chosen = named.split(",") if named else None
    if chosen is None:
        kept = screen.furnishing.columns
        chosen = kept if isinstance(kept, list) and kept else None
    if chosen is None:
        return [column for column in screen.columns if column.is_default or column.is_link]
    known = {column.key: column for column in screen.columns}
    links = [column for column in screen.columns if column.is_link and column.key not in chosen]
    return [*links, *(known[key] for key in dict.fromkeys(chosen) if key in known)]


def grouped_by(request: HttpRequest, screen: ListScreen) -> Field | None:
    """Return the field by which the rows are grouped; ``None`` when they are not."""
    wanted = request.GET.get(screen.grouped, "") if screen.kind else ""
    if not wanted:
        return None
    offered = grouping.groupable(screen.of, request.user)
    return next((each for each in offered if each.key == wanted), None)


def _groups(
    request: HttpRequest, screen: ListScreen, columns: Sequence[Column], by: Field | None
) -> list[tuple[grouping.Group, list[list[str]], str]]:
    """Return the groups, their sums column by column, and the addresses of their rows."""
    if by is None:
        return []
    found = grouping.groups(
        screen.matched(), by, kind=screen.of, columns=columns, user=request.user
    )
    head = _head_of(columns)
    return [
        (
            group,
            [group.sums.get(column.key, []) for column in columns[1:]],
            _address(request, {"part": "rows", "in": group.key, "head": head}),
        )
        for group in found
    ]


def _totals(request: HttpRequest, screen: ListScreen, columns: Sequence[Column]) -> HttpResponse:
    found = grouping.totals(
        screen.matched(), kind=screen.of, columns=columns, user=request.user
    )
    sums = [(column, found.get(column.key, [])) for column in columns]
    context = {"sums": sums if found else [], "has_choice": request.GET.get("choice") == "1"}
    return render(request, "components/list/_totals.html", context)


def _editable(request: HttpRequest, screen: ListScreen) -> dict[str, Field]:
    """Return the fields that are edited in their cells, by key."""
    if not screen.kind or screen.of.save is None:  # what 1C alone enters has no right to change it
        return {}
    kind = screen.of
    if not allowed(request.user, f"{kind.right_object}.change"):
        return {}
    return {each.key: each for each in objects.fields_of(kind) if fields.may_edit(kind, each)}


def _abilities(
    request: HttpRequest, screen: ListScreen, columns: Sequence[Column], views: list[SavedView]
) -> dict[str, Any]:
    """Return what only a list of a kind can do: conditions, views, groups, totals, many at once."""
    kind, user = screen.of, request.user
    state = saved.state_of(request.GET)
    current = request.GET.get("view", "")
    tabs = [
        Tab(view, _of_view(request, view), str(view.pk) == current,
            is_changed=str(view.pk) == current and view.address != state)
        for view in views
    ]  # fmt: skip
    shown = next((tab for tab in tabs if tab.is_current), None)
    may_share = allowed(user, "views.share")
    by = grouped_by(request, screen)
    return {
        "kind": kind,
        "condition_chips": _condition_chips(request, screen),
        "kept": [
            (name, request.GET[name])
            for name in ("f", "view", "cols", screen.grouped, *gantt.NAMES)
            if request.GET.get(name)
        ],
        "condition_problem": screen.condition_problem,
        "without_condition": _address(request, {"f": ""}),
        "tabs": tabs,
        "whole_tab": Tab(None, f"{request.path}?view=all", shown is None),
        "view": shown.view if shown else None,
        "view_is_changed": shown.is_changed if shown else bool(state),
        "may_change_view": shown is not None
        and shown.view is not None
        and saved.is_at_home(shown.view, user, may_change_all=allowed(user, "settings.change")),
        "is_own_view": shown is not None
        and shown.view is not None
        and shown.view.user_id == user.pk,
        "seen_view": meanwhile.seen_as(shown.view) if shown else "",
        "may_share": may_share,
        "may_set_default": allowed(user, "settings.change"),
        "has_team": getattr(user, "team_id", None) is not None,
        "state": state,
        "group_links": groups_html(
            [
                (each.key, each.label, _address(request, {screen.grouped: each.key}))
                for each in grouping.groupable(kind, user)
            ],
            current=by.key if by is not None else "",
        ),
        "group": by,
        "group_url": _address(request, {screen.grouped: "KEY"}),
        "ungrouped_url": _address(request, {screen.grouped: ""}),
        "has_totals": not screen.footer_template and bool(grouping.summed(columns, kind)),
        "gantt_url": _address(request, {"show": gantt.NAME}) if gantt.is_offered(screen) else "",
        "table_url": _address(request, dict.fromkeys(gantt.NAMES, "")),
        "totals_url": _address(request, {"part": "totals"}),
        "may_edit": bool(_editable(request, screen)),
        "may_archive": kind.archive is not None
        and allowed(user, f"{kind.right_object}.delete")
        and not any("archive" in action.url_name for action in screen.offered()),
        "bulk_url": reverse("core:bulk", args=[kind.key])
        + _query(request, {"list": screen.key}),
        "job": request.GET.get("job", ""),
    }


def _condition_chips(request: HttpRequest, screen: ListScreen) -> list[tuple[str, str]]:
    """Return what each condition says, and the address without it."""
    group = screen.condition
    if group is None:
        return []
    names = conditions.names_in(group, request.user)
    if group.is_any:
        return [(conditions.sentence(group, names), _address(request, {"f": ""}))]
    chips = []
    for part in group.parts:
        rest = tuple(each for each in group.parts if each is not part)
        without = conditions.written(conditions.Group(False, rest))
        chips.append((conditions.sentence(part, names), _address(request, {"f": without})))
    return chips


def _of_view(request: HttpRequest, view: SavedView) -> str:
    """Return the address of a view, which holds all of its state: a colleague sees the same."""
    mark = f"view={view.pk}"
    return f"{request.path}?{view.address}&{mark}" if view.address else f"{request.path}?{mark}"


def _heads(request: HttpRequest, screen: ListScreen, columns: Sequence[Column]) -> list[Head]:
    order, current = screen.ordering()
    kept = screen.furnishing.widths if screen.kind else {}
    widths = kept if isinstance(kept, dict) else {}
    heads = []
    for column in columns:
        width = widths.get(column.key, 0)
        if not column.sort:
            heads.append(Head(column, "", "", width))
            continue
        is_current = column.key == current
        turned = f"-{column.key}" if is_current and not order.is_descending else column.key
        way = ("descending" if order.is_descending else "ascending") if is_current else ""
        heads.append(Head(column, _address(request, {"sort": turned}), way, width))
    return heads


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
