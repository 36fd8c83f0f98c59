"""The side bar as a role has it: the order of its entries, and which are left out of it.

What is left out of the menu stays where it is: rights alone say who may see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.cache import cache
from django.db import transaction

from apps.accounts.models import User
from apps.accounts.roles import choice_of, role_choices
from apps.core.ahead import kept_at
from apps.core.navigation import Arranged
from apps.custom.models import MenuLayout
from tenants.audit.services import record

EVERYBODY = ""
_KEPT_SECONDS = 60  # an office learns of a change by the exchange, which tells no cache


def menu_of(user: Any) -> Arranged:
    """Return how a person's side bar is arranged; asked for with every page."""
    if not isinstance(user, User):
        return Arranged()
    mine = choice_of(user)
    known = kept_at(_key(mine))
    if known is None:
        stored = dict(
            MenuLayout.objects.filter(role__in=(EVERYBODY, mine)).values_list("role", "entries")
        )
        known = stored.get(mine) or stored.get(EVERYBODY) or []
        cache.set(_key(mine), known, _KEPT_SECONDS)
    return arranged(known)


def menu_key(user: Any) -> str:
    """Return where the cache has the menu of a person."""
    return _key(choice_of(user)) if isinstance(user, User) else _key(EVERYBODY)


def stored_menu(role: str) -> Arranged:
    """Return the menu of one role; one that has none begins as everybody's."""
    stored = dict(
        MenuLayout.objects.filter(role__in=(EVERYBODY, role)).values_list("role", "entries")
    )
    return arranged(stored.get(role) or stored.get(EVERYBODY) or [])


def arranged(entries: Sequence[dict[str, Any]]) -> Arranged:
    """Return what is stored as the side bar takes it."""
    return Arranged(
        order={each["key"]: place for place, each in enumerate(entries)},
        hidden=frozenset(each["key"] for each in entries if each.get("is_hidden")),
    )


@transaction.atomic
def save_menu(*, role: str, entries: Sequence[dict[str, Any]], by: User) -> MenuLayout:
    """Keep the menu of a role, or everybody's; it counts from the next page."""
    row = MenuLayout.objects.select_for_update().filter(role=role).first() or MenuLayout(role=role)
    if row._state.adding or row.entries != list(entries):
        row.entries = list(entries)
        row.save()
        record(kind="menus.changed", login=by.email, role=role or "*")
        _forget(role)
    return row


@transaction.atomic
def reset_menu(*, role: str, by: User) -> None:
    """Go back to everybody's menu; everybody's to the one of the program."""
    if MenuLayout.objects.filter(role=role).delete()[0]:
        record(kind="menus.changed", login=by.email, role=role or "*")
        _forget(role)


def _forget(role: str) -> None:
    """Let the next page read anew: everybody's menu is that of every role without one."""
    roles = [role] if role else [value for value, _label in role_choices()]

    def forget() -> None:
        cache.delete_many([_key(each) for each in roles])

    forget()
    transaction.on_commit(forget)


def _key(role: str) -> str:
    return f"menu:{role}"
