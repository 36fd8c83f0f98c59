"""The side bar: rooms register their entries when they load."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise


@dataclass(frozen=True)
class NavItem:
    """One entry: where it leads, and the right without which it is not shown."""

    key: str
    label: str | Promise
    url_name: str
    icon: str
    order: int
    right: str = ""
    is_mobile: bool = False  # stands in the bottom bar of a phone
    group: str = ""  # "" for daily work, "settings" for what is below
    shortcut: str = ""  # the letter after «g»


@dataclass(frozen=True)
class NavLink:
    """An entry as a page shows it."""

    item: NavItem
    url: str
    is_current: bool


_items: dict[str, NavItem] = {}


def register(item: NavItem) -> None:
    """Add an entry; registered again it replaces the former one."""
    _items[item.key] = item


def links(*, path: str, allowed: Any) -> list[NavLink]:
    """Return the entries a person sees, in order; ``allowed`` tells whether a right is given."""
    shown = [
        (item, reverse(item.url_name))
        for item in sorted(_items.values(), key=lambda item: (item.order, item.key))
        if not item.right or allowed(item.right)
    ]
    matching = [url for _, url in shown if path == url or (url != "/" and path.startswith(url))]
    current = max(matching, key=len, default="")
    return [NavLink(item, url, url == current) for item, url in shown]
