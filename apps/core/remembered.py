"""What a person looked at lately, and what they put into the side bar.

The side bar stands on every page, so it is read from the cache; a page that finds nothing there
fetches it as a part. A card is taken down by a request of its own once it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import connection
from django.http import Http404, HttpRequest, QueryDict
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext as _

from apps.core import objects
from apps.core.ahead import kept_at
from apps.core.models import Remembered
from apps.core.objects import ObjectKind
from apps.core.saved import seen_by

RECENT = 10
MOST_PINNED = 30
CACHED_SECONDS = 24 * 3600
_UPSERT = """
INSERT INTO core_remembered (user_id, url, title, icon, is_pinned, seen_at)
VALUES (%s, %s, %s, %s, false, %s)
ON CONFLICT (user_id, md5(url)) DO UPDATE SET title = EXCLUDED.title, seen_at = EXCLUDED.seen_at
"""
_TRIM = """
DELETE FROM core_remembered WHERE id IN (
    SELECT id FROM core_remembered WHERE user_id = %s AND NOT is_pinned
    ORDER BY seen_at DESC OFFSET 40)
"""


class TooManyPins(ValueError):
    """The side bar has as many pins as it can show; nothing was pinned."""


@dataclass
class SideBar:
    """What the side bar shows, and whether the page in view is pinned."""

    pinned: list[Remembered] = field(default_factory=list)
    recent: list[Remembered] = field(default_factory=list)
    here: str = ""  # the address of the page when it can be pinned
    is_card: bool = False
    is_pinned: bool = False
    is_known: bool = True  # the cache had it


def of_person(user: Any) -> list[Remembered]:
    """Return the pins of a person, then what they looked at, the latest first; cached."""
    found = Remembered.objects.filter(user_id=user.pk).order_by("-is_pinned", "-seen_at")
    rows = list(found[: MOST_PINNED + RECENT])
    kept = [(row.url, row.title, row.icon, row.is_pinned) for row in rows]
    cache.set(cached_by(user), kept, CACHED_SECONDS)
    return rows


def side_bar(request: HttpRequest, *, fresh: bool = False) -> SideBar:
    """Return what the side bar shows; from the cache alone unless it is to be ``fresh``."""
    kept = None if fresh else kept_at(cached_by(request.user))
    is_known = fresh or isinstance(kept, list)
    if fresh:
        rows = of_person(request.user)
    else:
        names = ("url", "title", "icon", "is_pinned")
        rows = [Remembered(**dict(zip(names, each, strict=True))) for each in kept or ()]
    for row in rows:  # a draft has no number yet: it says what it is, in the reader's language
        row.title = row.title or _("Draft")
    bar = SideBar(
        pinned=sorted((row for row in rows if row.is_pinned), key=lambda row: row.title),
        recent=[row for row in rows if not row.is_pinned][:RECENT],
        is_known=is_known,
    )
    match = request.resolver_match
    what = _what(match) if match is not None else None
    if what is not None:
        bar.here, bar.is_card = _address(request), what[1] is not None
        bar.is_pinned = any(row.url == bar.here for row in bar.pinned)
    return bar


def cached_by(user: Any) -> str:
    """Return the key of the cache of which the side bar of a person is made."""
    return f"remembered:{user.pk}"


def _address(request: HttpRequest) -> str:
    """Return the address a pin leads to: a card, a list, or a saved view of a list."""
    view = request.GET.get("view", "")
    return request.get_full_path() if view and view != "all" else request.path


def _what(match: ResolverMatch) -> tuple[ObjectKind, UUID | None] | None:
    """Return the kind whose card or list an address is, and the key of the card."""
    for kind in objects.registered():
        if match.view_name and match.view_name == kind.card_url_name:
            key = next((value for value in match.kwargs.values() if isinstance(value, UUID)), None)
            return (kind, key) if key is not None else None
        if match.view_name and match.view_name == kind.list_url_name:
            return kind, None
    return None


def see(*, user: Any, url: str, now: datetime) -> None:
    """Take down that a person looked at a card; the oldest are forgotten.

    :raises Http404: the address is no card that this person sees.
    """
    try:
        what = _what(resolve(url.partition("?")[0], urlconf="config.urls_company"))
    except Resolver404:
        what = None
    title = _title(what[0], what[1], user) if what is not None and what[1] is not None else None
    if what is None or title is None:
        raise Http404(url[:100])
    with connection.cursor() as cursor:
        cursor.execute(_UPSERT, [user.pk, url, title, what[0].icon, now])
        cursor.execute(_TRIM, [user.pk])
    cache.delete(cached_by(user))


def _title(kind: ObjectKind, key: UUID, user: Any) -> str | None:
    rows = kind.rows(user).filter(pk=key)
    if kind.title:
        titles = rows.order_by().values_list(kind.title, flat=True)[:1]
        return next((str(title)[:120] for title in titles), None)
    row = rows.first()
    return str(row)[:120] if row is not None else None


def pin(*, user: Any, url: str, now: datetime) -> bool:
    """Put a page into the side bar, or take it out again; return whether it stands there now.

    :raises Http404: the address is no card, list or view that this person sees.
    :raises TooManyPins: there is no room for more.
    """
    known = Remembered.objects.filter(user_id=user.pk, url=url).first()
    cache.delete(cached_by(user))
    if known is not None and known.is_pinned:
        Remembered.objects.filter(pk=known.pk).update(is_pinned=False)
        return False
    if Remembered.objects.filter(user_id=user.pk, is_pinned=True).count() >= MOST_PINNED:
        raise TooManyPins(url)
    title, icon = _named(user, url)
    Remembered.objects.update_or_create(
        user_id=user.pk, url=url,
        defaults={"is_pinned": True, "title": title, "icon": icon, "seen_at": now},
    )  # fmt: skip
    return True


def _named(user: Any, url: str) -> tuple[str, str]:
    path, _mark, query = url.partition("?")
    try:
        what = _what(resolve(path, urlconf="config.urls_company"))
    except Resolver404:
        what = None
    if what is None or len(url) > 2000:
        raise Http404(url[:100])
    kind, key = what
    if key is not None:
        title = _title(kind, key, user)
        if title is None:
            raise Http404(url[:100])
        return title, kind.icon
    if not kind.rows(user).query.is_empty():
        view_id = QueryDict(query).get("view", "")
        view = seen_by(user).filter(pk=view_id).first() if _is_key(view_id) else None
        return (view.name if view else str(kind.label_plural))[:120], kind.icon
    raise Http404(url[:100])


def _is_key(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
