"""The frame around every page: side bar, dialogs, menus, made once and kept by this process.

What of the frame is the same for many pages stands in templates between ``{% frame "name" %}`` and
``{% endframe %}``. Such a part sees nothing but a ``Frame``, and is kept by its name and that whole
``Frame``: it cannot hold what differs from what it is kept by. Whatever belongs to one person or
one page stands outside (their name, what they looked at), or takes the place of a mark when the
page is made: the token of its forms, its address, which entry of the side bar leads to it.
"""

from __future__ import annotations

import re
import secrets
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation

from apps.core.navigation import Creation, NavLink

MOST_KEPT = 500  # frames, twenty kilobytes each
_marked = secrets.token_hex(12)  # no text of a company has it
_TOKEN, _ADDRESS, _CURRENT = f"{_marked}t", f"{_marked}a", f"{_marked}c"
_OPEN = f"{_marked}o"
_currents = re.compile(f"{_CURRENT}([^;]*);")
_opens = re.compile(f"{_OPEN}([^;]*);")


@dataclass(frozen=True)
class Frame:
    """Everything that a part of the frame can show."""

    company: UUID | None
    company_name: str
    language: str
    links: tuple[NavLink, ...] = ()
    creations: tuple[Creation, ...] = ()
    has_notices: bool = False
    theme: str = "system"
    density: str = "normal"
    has_keys: bool = True

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        places = tuple((link.url, link.mark) for link in self.links)
        return hash((self.company, self.language, places, len(self.creations), self.theme))

    def shown(self) -> dict[str, Any]:
        """Return the variables of a part: the names are those of pages."""
        return {
            "company": {"name": self.company_name},
            "nav_links": self.links,
            "creations": self.creations,
            "rights": {"notifications_view": self.has_notices},
            "theme": self.theme,
            "density": self.density,
            "has_keys": self.has_keys,
            "site_languages": settings.LANGUAGES,
            "csrf_token": _TOKEN,
            "request": {"get_full_path": _ADDRESS},
        }


class Parts(dict[str, str]):
    """The parts of one frame that have been made so far, by name."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.frame = frame


class Kept:
    """The parts of each frame; frames not asked for longest are forgotten first."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._frames: OrderedDict[Frame, Parts] = OrderedDict()
        self._most = most
        self._lock = Lock()

    def parts(self, frame: Frame) -> Parts:
        """Return what is kept of a frame; whoever makes a part puts it there."""
        with self._lock:
            parts = self._frames.get(frame)
            if parts is None:
                parts = self._frames[frame] = Parts(frame)
                if len(self._frames) > self._most:
                    self._frames.popitem(last=False)
            else:
                self._frames.move_to_end(frame)
        return parts


kept = Kept()


def current_mark(link: NavLink) -> str:
    """Return what stands where a page may say that an entry leads to it."""
    return f"{_CURRENT}{link.item.key};"


def open_mark(links: Iterable[NavLink]) -> str:
    """Return what stands where a page that one of these entries leads to says «open»."""
    return f"{_OPEN}{','.join(link.item.key for link in links)};"


def is_finished(part: str) -> bool:
    """Tell whether a part is the same on every page."""
    return _marked not in part


def finished(part: str, *, token: str, address: str, current: str) -> str:
    """Return a part as a page has it; ``token`` and ``address`` are safe for HTML."""
    text = _currents.sub(
        lambda found: 'aria-current="page"' if found[1] == current else "", part
    )  # fmt: skip
    text = _opens.sub(lambda found: "open" if current in found[1].split(",") else "", text)
    return text.replace(_TOKEN, token).replace(_ADDRESS, address)


@dataclass(frozen=True)
class PageFrame:
    """The frame of one page: what is kept of it, and what takes the place of its marks."""

    parts: Parts
    current: str = ""  # the key of the entry that leads to the page


def frame_of(
    company: Any,
    *,
    links: Iterable[NavLink] = (),
    creations: Iterable[Creation] = (),
    has_notices: bool = False,
    look: Mapping[str, Any] | None = None,
) -> PageFrame:
    """Return the frame of a page of a company, in the language in force."""
    links = list(links)
    frame = Frame(
        company=getattr(company, "pk", None),
        company_name=str(getattr(company, "name", "")),
        language=translation.get_language() or "en",
        links=tuple(NavLink(link.item, link.url, False, link.mark) for link in links),
        creations=tuple(creations),
        has_notices=has_notices,
        **(look or {}),
    )
    current = next((link.item.key for link in links if link.is_current), "")
    return PageFrame(kept.parts(frame), current)
