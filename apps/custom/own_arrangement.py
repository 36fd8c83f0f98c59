"""What a person arranged for themselves: the side bar, and cards, before those of their role.

Read with whoever is signed in; what is changed at one office is so at the others after the next
exchange, and of two changes the later counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.accounts.models import User
from apps.core.navigation import Arranged
from apps.core.objects import ObjectKind
from apps.custom import layouts, menus
from apps.custom.layouts import Layout
from apps.custom.models import PersonalArrangement

MENU, CARD = "menu", "card:"
READ = """(SELECT coalesce(json_object_agg(up.key, up.value), '{}')
    FROM custom_personalarrangement up
    WHERE up.user_id = accounts_user.id AND up.value IS NOT NULL)"""


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
    mine = _stored(user, MENU)
    return menus.menu_of(user) if mine is None else menus.arranged(mine)


def save_menu(user: User, entries: Sequence[dict[str, Any]]) -> None:
    """Keep a person's own menu; it counts from the next page."""
    _keep(user, MENU, list(entries))


def stored_layout(user: User, kind: ObjectKind) -> Layout:
    """Return the card that a person changes; it begins as that of their role."""
    mine = _stored(user, f"{CARD}{kind.key}")
    return layouts.arranged(kind, mine) if mine else layouts.layout_for(kind, user)


def save_layout(user: User, kind: ObjectKind, layout: Layout) -> None:
    """Keep a person's own card of a kind; it counts from the next page."""
    _keep(user, f"{CARD}{kind.key}", layouts.plain(layout))


def forget(user: User, key: str) -> None:
    """Go back to what the role has."""
    PersonalArrangement.objects.filter(
        user_id=user.pk, key=key, value__isnull=False
    ).update(value=None, updated_at=timezone.now())


def _stored(user: User, key: str) -> Any:
    rows = PersonalArrangement.objects.filter(user_id=user.pk, key=key)
    return rows.values_list("value", flat=True).first()


def _keep(user: User, key: str, value: Any) -> None:
    made_of = f"{user.pk}:{key}".encode()
    pk = UUID(hashlib.md5(made_of, usedforsecurity=False).hexdigest())
    PersonalArrangement.objects.update_or_create(
        pk=pk, defaults={"user_id": user.pk, "key": key, "value": value}
    )
