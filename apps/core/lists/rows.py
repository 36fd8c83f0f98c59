"""The rows of a list as HTML, joined from texts: a template would take most of the page's time.

What is the same for every row (classes, labels, the words beside boxes) is made once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from html import escape
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.core.lists.columns import NOTHING, Column
from apps.core.lists.screen import ListScreen


def rows_html(
    screen: ListScreen,
    columns: Sequence[Column],
    rows: Sequence[Any],
    *,
    editable: Collection[str],
    has_choice: bool,
) -> list[SafeString]:
    """Return each row of a page as a ``<tr>``, safe for HTML."""
    opened = [
        (*_opened(column, editable), column.is_link, _teller(column)) for column in columns
    ]  # fmt: skip
    select = escape(_("Select"))
    made = []
    for row in rows:
        key, url = escape(str(row.pk)), screen.url(row)
        parts = [f'<tr id="row-{key}">']
        if has_choice:
            parts.append(
                f'<td class="col-check"><input type="checkbox" name="id" value="{key}"'
                f' data-select aria-label="{select}"></td>'
            )
        for start, rest, is_link, tell in opened:
            cell = tell(row)
            if cell is NOTHING and not is_link:  # the cell itself says so: an element less for each
                parts.append(f"{start} is-missing{rest}—</td>")
                continue
            if is_link and url:
                cell = f'<a class="row-link" href="{escape(url)}" data-row-link>{cell}</a>'
            parts.append(f"{start}{rest}{cell}</td>")
        parts.append("</tr>")
        made.append(SafeString("".join(parts)))
    return made


def _teller(column: Column) -> Callable[[Any], str]:
    """Return what makes the cells of a column: most are a text of the row, as it is."""
    value = column.value or column.key
    if column.kind != "text" or (isinstance(value, str) and "." in value):
        return column.cell

    def cell(row: Any) -> str:
        told = value(row) if callable(value) else getattr(row, value)
        if type(told) is str and told:
            return escape(told)
        return told if told and type(told) is SafeString else column.cell(row)

    return cell


def _opened(column: Column, editable: Collection[str]) -> tuple[str, str]:
    key = column.field or column.key
    edits = f' data-f="{escape(key)}"' if key in editable else ""
    number = " number" if column.numeric else ""
    label = escape(str(column.label))
    return f'<td class="cell-{column.phone}{number}', f'"{edits} data-label="{label}">'
