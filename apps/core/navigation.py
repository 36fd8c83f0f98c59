"""The side bar and the menu of what can be made: rooms register their entries when they load."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.urls import get_urlconf, reverse
from django.utils.functional import Promise

from tenants.prepared import KeptBy


@dataclass(frozen=True)
class Mark:
    """How what an entry leads to is doing: a dot in a tone of ``status``, and a sentence.

    Without a tone nothing is shown.
    """

    tone: str = ""
    text: str = ""


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
    # What is known without a query, ``None`` when nothing is; ``?part=mark`` of the entry looks.
    mark: Callable[[], Mark | None] | None = None
    mark_key: str = ""  # where the cache has all that ``mark`` tells
    mark_tables: tuple[str, ...] = ()  # database tables whose changes let the page look again
    is_of_centre: bool = False  # a branch office, which cannot do it, does not offer it
    url_args: tuple[str, ...] = ()


@dataclass(frozen=True)
class Arranged:
    """How somebody's side bar is arranged: the place of entries by key, and those left out."""

    order: Mapping[str, int] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True)
class NavLink:
    """An entry as a page shows it."""

    item: NavItem
    url: str
    is_current: bool
    mark: Mark | None = None

    @property
    def live(self) -> str:
        """Return the trigger by which the mark follows what it tells."""
        told = [f"live:{name} from:body throttle:2s" for name in self.item.mark_tables]
        return ", ".join(told if self.mark else ["load", *told])


@dataclass(frozen=True)
class Creation:
    """Something that can be made from anywhere: «c», then ``letter``.

    With ``is_dialog`` its form, asked for by a script, stands over the page one is on.
    """

    key: str
    label: str | Promise
    url_name: str
    icon: str
    order: int
    right: str
    letter: str
    is_dialog: bool = False

    @property
    def url(self) -> str:
        """Return the address of its form."""
        return _address(self.url_name, (), get_urlconf())


_items: dict[str, NavItem] = {}
_further: list[Callable[[], Sequence[NavItem]]] = []
_of_centre: set[str] = set()
_creations: dict[str, Creation] = {}
_arranged: list[Callable[[Any], Arranged]] = []
_arranged_keys: list[Callable[[Any], str]] = []


def register(item: NavItem) -> None:
    """Add an entry; registered again it replaces the former one."""
    _items[item.key] = item


def register_further(items: Callable[[], Sequence[NavItem]]) -> None:
    """Add entries that differ from company to company; asked for with every page."""
    if items not in _further:
        _further.append(items)


def arrange_by(arranged: Callable[[Any], Arranged], *, key: Callable[[Any], str]) -> None:
    """Let this function say how a person's side bar is arranged.

    ``key`` returns where the cache has all of it; what is not there is read from the database.
    """
    _arranged[:], _arranged_keys[:] = [arranged], [key]


def items() -> list[NavItem]:
    """Return every entry in the order it has at first."""
    found = [*_items.values(), *(item for more in _further for item in more())]
    return sorted(found, key=lambda item: (item.order, item.key))


def in_order(found: Sequence[NavItem], arranged: Arranged) -> list[NavItem]:
    """Return entries as somebody arranged them; new ones stand behind those they stood behind."""
    places: dict[str, float] = {}
    latest = -1.0
    for item in found:
        latest = float(arranged.order.get(item.key, latest + 0.001))
        places[item.key] = latest
    return sorted(found, key=lambda item: places[item.key])


def links(*, path: str, allowed: Any, user: Any = None) -> list[NavLink]:
    """Return the entries a person sees, in order; ``allowed`` tells whether a right is given."""
    arranged = _arranged[0](user) if _arranged and user is not None else Arranged()

    def offered() -> list[tuple[NavItem, str]]:
        return [
            (item, _address(item.url_name, item.url_args, get_urlconf()))
            for item in in_order(items(), arranged)
            if (not item.right or allowed(item.right))
            and not (item.is_of_centre and settings.IS_OFFICE)
            and item.key not in arranged.hidden
        ]

    of = (tuple(arranged.order.items()), arranged.hidden, get_urlconf(), settings.IS_OFFICE)
    shown: list[tuple[NavItem, str]] = _offered(user, of, offered)
    matching = [url for _, url in shown if path == url or (url != "/" and path.startswith(url))]
    current = max(matching, key=len, default="")
    return [
        NavLink(item, url, url == current, item.mark() if item.mark else None)
        for item, url in shown
    ]


_offered = KeptBy()


def cached_by(user: Any) -> list[str]:
    """Return the keys of the cache of which the entries of a person are made."""
    marks = [item.mark_key for item in _items.values() if item.mark_key]
    return [*(key(user) for key in _arranged_keys), *marks]


def uncached_marks() -> tuple[Mark | None, ...]:
    """Return the marks that are known without the cache."""
    return tuple(item.mark() for item in _items.values() if item.mark and not item.mark_key)


def daily() -> frozenset[str]:
    """Return the addresses, by name, of the entries of daily work."""
    return frozenset(item.url_name for item in _items.values() if not item.group)


@lru_cache(maxsize=500)
def _address(name: str, args: tuple[str, ...], urlconf: str | None) -> str:
    """Return the address of a page; asked for thirty times with each page, so kept."""
    return reverse(name, urlconf=urlconf, args=args)


def register_creation(creation: Creation) -> None:
    """Add something that can be made; registered again it replaces the former one."""
    _creations[creation.key] = creation


def creations(*, allowed: Any) -> list[Creation]:
    """Return what a person may make, in order."""
    found = sorted(_creations.values(), key=lambda each: (each.order, each.key))
    return [each for each in found if allowed(each.right)]


def only_at_centre(*names: str) -> None:
    """Name addresses that need the centre: at an office a page says where they are.

    ``exchange:*`` names a whole room, ``mfa_*`` what begins so.
    """
    _of_centre.update(names)


def needs_centre(name: str) -> bool:
    """Tell whether an address, named with its room, needs the centre."""
    return any(
        name.startswith(each[:-1]) if each.endswith("*") else name == each for each in _of_centre
    )
