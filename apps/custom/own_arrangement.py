"""What a person arranged for themselves: the side bar, and cards, before those of their role.

Kept as preferences of the person and read with whoever is signed in.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from apps.accounts.models import User
from apps.core import preferences
from apps.core.navigation import Arranged
from apps.core.objects import ObjectKind
from apps.custom import layouts, menus
from apps.custom.layouts import Layout

MENU, CARD = "menu", "card:"
READ = """(SELECT coalesce(json_object_agg(up.key, up.value), '{}') FROM core_userpreference up
    WHERE up.user_id = accounts_user.id AND (up.key = 'menu' OR left(up.key, 5) = 'card:'))"""


def take(person: Any, read: Any) -> None:
    """Keep with a person what was read with them."""
    person.arranged_by_self = read


def of(user: Any, key: str) -> Any:
    """Return what a person arranged, as it was read with them; ``None`` where they did not."""
    return getattr(user, "arranged_by_self", {}).get(key)


def menu_of(user: Any) -> Arranged:
    """Return how a person's side bar is arranged: by themselves, else by role, else by nobody."""
    mine = of(user, MENU)
    return menus.menu_of(user) if mine is None else menus.arranged(mine)


def stored_menu(user: User) -> Arranged:
    """Return the menu that a person changes; it begins as that of their role."""
    mine = preferences.read(user_id=user.pk, key=MENU)
    return menus.menu_of(user) if mine is None else menus.arranged(mine)


def save_menu(user: User, entries: Sequence[dict[str, Any]]) -> None:
    """Keep a person's own menu; it counts from the next page."""
    preferences.keep(user_id=user.pk, key=MENU, value=list(entries))


def stored_layout(user: User, kind: ObjectKind) -> Layout:
    """Return the card that a person changes; it begins as that of their role."""
    mine = preferences.read(user_id=user.pk, key=f"{CARD}{kind.key}")
    return layouts.arranged(kind, mine) if mine else layouts.layout_for(kind, user)


def save_layout(user: User, kind: ObjectKind, layout: Layout) -> None:
    """Keep a person's own card of a kind; it counts from the next page."""
    preferences.keep(user_id=user.pk, key=f"{CARD}{kind.key}", value=layouts.plain(layout))


def forget(user: User, key: str) -> None:
    """Go back to what the role has."""
    preferences.forget(user_id=user.pk, key=key)
