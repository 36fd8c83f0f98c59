"""Heads and menus of a list as HTML, joined from texts like its rows: each page has them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.core.lists.columns import Column
from apps.core.templatetags.ui import icon


def columns_html(columns: Iterable[tuple[Column, bool]], *, may_move: bool) -> SafeString:
    """Return the boxes of the columns a person chooses from; shown ones are ticked."""
    arrow, move = "↑", _("Move %(column)s up")  # two elements less than an icon, thirty times
    made = []
    for column, is_shown in columns:
        label = str(column.label)
        ticked = " checked" if is_shown else ""
        fixed = " disabled" if column.is_link else ""
        button = ""
        if may_move and not column.is_link:
            says = escape(move % {"column": label})
            button = (
                '<button type="button" class="icon-button" data-up'
                f' aria-label="{says}">{arrow}</button>'
            )
        made.append(
            '<label class="menu-check" data-sorts><input type="checkbox" name="column"'
            f' value="{escape(column.key)}"{ticked}{fixed}>{escape(label)}'
            f"{button}</label>"
        )
    return SafeString("".join(made))


def groups_html(choices: Iterable[tuple[str, Any, str]], *, current: str) -> SafeString:
    """Return the links by which rows are grouped: (key, label, address) each."""
    made = []
    for key, label, url in choices:
        mark = ' aria-current="true"' if key == current else ""
        made.append(f'<a href="{escape(url)}"{mark}>{escape(str(label))}</a>')
    return SafeString("".join(made))


def heads_html(heads: Sequence[Any], *, body: str, has_kind: bool) -> SafeString:
    """Return the heads of the columns; a click asks for the element ``body`` in another order."""
    arrows = {
        "ascending": icon("arrow-up", "tiny"), "descending": icon("arrow-down", "tiny"), "": "",
    }  # fmt: skip
    made = []
    for head in heads:
        column, label = head.column, escape(str(head.column.label))
        tone = "number" if column.numeric else ""
        if not tone and column.phone == "picture":
            tone = "cell-picture"
        sort = f' aria-sort="{head.sorted_as}"' if head.sorted_as else ""
        name = f' data-column="{escape(column.key)}"' if has_kind else ""
        width = f' data-width="{head.width}"' if head.width else ""
        says: str = label
        if head.url:
            url = escape(head.url)
            says = (
                f'<a href="{url}" hx-get="{url}&amp;part=body" hx-target="#{escape(body)}"'
                f' hx-swap="innerMorph">{label}{arrows[head.sorted_as]}</a>'
            )
        elif column.is_head_hidden:
            says = f'<span class="sr-only">{label}</span>'
        made.append(f'<th scope="col" class="{tone}"{sort}{name}{width}>{says}</th>')
    return SafeString("".join(made))
