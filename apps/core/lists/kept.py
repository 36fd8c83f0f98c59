"""What stands around the rows of a list, made once and kept by this process.

Side bar, tool bar, filters, heads and menus take most of the time of a page and are the same at
the next look. A page is kept by everything it was made of (``state_of``): the company and the
person as they were read for this request, how they furnished the list, the address, the look. So
nobody gets what was made for somebody else, and whatever changes is another page. A page whose
making asked the database is not kept: what it asked for is not among what it would be kept by.

Marks take the place of what differs each time: the rows, where the next ones begin, the token of
the forms, the position of the journal.
"""

from __future__ import annotations

import re
import secrets
from collections import OrderedDict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from apps.core import navigation, remembered
from apps.core.lists.columns import Column
from apps.core.lists.screen import ListScreen
from tenants.current import company_of_or_none

MOST_KEPT = 300  # pages, some sixty kilobytes each
_marked = secrets.token_hex(12)  # no text of a company has it
ROWS, FOLLOWING, TOKEN, POSITION = (SafeString(f"{_marked}{each}") for each in "rftp")
_marks = re.compile(f"({_marked}[rftp])")
_COOKIES = ("kopru_theme", "kopru_density", "kopru_keys")


@dataclass(frozen=True)
class Around:
    """A page of a list without its rows, and how rows are made to stand in it."""

    parts: Sequence[str]  # every second one is a mark
    editable: Collection[str]
    has_choice: bool

    def page(self, *, rows: str, following: str, token: str, position: str) -> str:
        """Return the page with what differs each time; all of it is safe for HTML."""
        told: dict[str, str] = {ROWS: rows, FOLLOWING: following, TOKEN: token, POSITION: position}
        return "".join(
            [told[part] if place % 2 else part for place, part in enumerate(self.parts)]
        )


class Kept:
    """Pages by what they were made of; those not asked for longest are forgotten first."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._pages: OrderedDict[Hashable, Around] = OrderedDict()
        self._most = most
        self._lock = Lock()

    def get(self, state: Hashable) -> Around | None:
        """Return a page that is kept."""
        with self._lock:
            found = self._pages.get(state)
            if found is not None:
                self._pages.move_to_end(state)
        return found

    def put(self, state: Hashable, around: Around) -> None:
        """Keep a page."""
        with self._lock:
            self._pages[state] = around
            if len(self._pages) > self._most:
                self._pages.popitem(last=False)

    def clear(self) -> None:
        """Forget every page."""
        with self._lock:
            self._pages.clear()


kept = Kept()


def state_of(
    request: HttpRequest,
    screen: ListScreen,
    columns: Sequence[Column],
    *,
    template: str,
    context: Mapping[str, Any],
) -> tuple[Any, ...] | None:
    """Return everything that the page around the rows is made of.

    ``None`` when the page shows more than that: a message, groups, sums below the rows.
    """
    person = getattr(request.user, "read_as", None)
    company = company_of_or_none(request)
    if not (screen.is_kept and screen.kind) or person is None or company is None:
        return None
    if request.method != "GET" or screen.footer_template or request.GET.get(screen.grouped):
        return None
    if request.GET.get("show"):
        return None
    if len(get_messages(request)):
        return None
    if not all(isinstance(value, str | bool) for value in context.values()):
        return None
    found = request.resolver_match
    return (
        company.pk, company.name, company.currency, company.language, company.time_zone,
        person, screen.furnishing.read, screen.key, template, tuple(context.items()),
        tuple((each.key, str(each.label)) for each in screen.columns),
        tuple(each.key for each in columns), request.scheme, request.get_host(),
        request.get_full_path(), found.view_name if found is not None else "",
        request.headers.get("HX-Request"),
        tuple(request.COOKIES.get(name) for name in _COOKIES), translation.get_language(),
        timezone.get_current_timezone_name(), timezone.localdate(), settings.PUBLIC_URL,
        navigation.uncached_marks(), _cached(request.user),
    )  # fmt: skip


def _cached(user: Any) -> tuple[str, ...]:
    """Return what the cache has of the side bar, in one round trip."""
    keys = [*navigation.cached_by(user), remembered.cached_by(user)]
    found = cache.get_many(keys)
    return tuple(str(found.get(key)) for key in keys)


def parts_of(page: str) -> list[str]:
    """Return a page that was made with marks, cut at them."""
    return _marks.split(page)


class Watch:
    """Whether the database was asked."""

    is_quiet = True

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Take down that it was."""
        self.is_quiet = False
        return execute(sql, params, many, context)


@contextmanager
def watched() -> Iterator[Watch]:
    """Watch whether anything inside asks the database."""
    watch = Watch()
    with connection.execute_wrapper(watch):
        yield watch
