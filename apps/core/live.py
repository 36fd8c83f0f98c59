"""Live screens: where a page connects to, from which position, and what it has missed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from apps.core import objects
from apps.core.objects import Told
from replication.journal import PositionTooOld, current_position, require_kept
from replication.positions import NotAPosition, covers
from replication.pump import AT_MOST_KEYS, event_between
from replication.registry import personal_tables
from tenants.current import company_of_or_none

EVERYTHING = Told()
Event = dict[str, Any]  # {"after", "position", "tables": {table: [[key, route], …] or None}}


class PositionMiddleware:
    """Take the position of a page before anything is read for it: what changes later is told."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_page = request.method == "GET" and request.headers.get("HX-Request") != "true"
        is_inside = company_of_or_none(request) is not None and request.user.is_authenticated
        if is_page and is_inside:
            known = getattr(request.user, "read_at_position", None)  # before everything else
            request.live_position = known or current_position()  # type: ignore[attr-defined]
        return self.get_response(request)


def socket_address(request: HttpRequest) -> str:
    """Return the address of the live socket for the page's host."""
    scheme = "wss" if request.is_secure() else "ws"
    host = request.get_host()
    if settings.LIVE_PORT:
        host = f"{host.rsplit(':', 1)[0]}:{settings.LIVE_PORT}"
    return f"{scheme}://{host}/ws/live/"


def missed(*, since: str, user: Any) -> Event:
    """Return what changed since a position for a person, and the position of now.

    With ``reset`` when that cannot be told (no position of this base, or lines purged since): the
    page has to fetch everything anew.
    """
    event = changed_since(since)
    return for_user(event, user_id=user.pk, told=objects.rights().told(user))


def changed_since(since: str) -> Event:
    """Return what changed since a position, for everybody; ``reset`` when it cannot be told."""
    until = current_position()
    try:
        require_kept(since)
        is_ours = covers(until, since)  # else the base went back in time: restored from a backup
    except (NotAPosition, PositionTooOld):
        is_ours = False
    if not is_ours:
        return {"after": since, "position": until, "tables": {}, "reset": True}
    return event_between(since, until)


def told_to(user_id: UUID) -> Told:
    """Return what a person of the company in force is told of changes, as of now."""
    user = get_user_model()._default_manager.filter(pk=user_id).first()
    return objects.rights().told(user)


def for_user(event: Event, *, user_id: UUID, told: Told = EVERYTHING) -> Event:
    """Return the event as a person is told it: without rows that concern other people."""
    tables = dict(event["tables"])
    for table in tables.keys() - personal_tables():
        how = told.of(table)
        if how == "nothing":
            del tables[table]
        elif how == "table":
            tables[table] = None
    for table in personal_tables() & tables.keys():
        mine = [pair for pair in tables[table] or () if pair[1] == str(user_id)]
        if tables[table] is None:
            continue  # so many people that everybody looks
        if mine:
            tables[table] = mine
        else:
            del tables[table]
    said = {"position": event["position"], "tables": tables}
    return said | ({"reset": True} if event.get("reset") else {})


def merged(first: Event, second: Event) -> Event:
    """Return two events that follow each other as one."""
    tables = dict(first["tables"])
    for table, pairs in second["tables"].items():
        former = tables.get(table, [])
        if former is None or pairs is None:
            tables[table] = None
            continue
        both = {tuple(pair): pair for pair in (*former, *pairs)}
        tables[table] = list(both.values()) if len(both) <= AT_MOST_KEYS else None
    return {"after": first["after"], "position": second["position"], "tables": tables}


def signed_in(session_keys: Iterable[str]) -> dict[str, UUID]:
    """Return the active people of the company in force by session; others are absent."""
    sessions = {
        session.session_key: session.get_decoded()
        for session in Session.objects.filter(
            session_key__in=list(session_keys), expire_date__gt=timezone.now()
        )
    }
    ids = {str(data[SESSION_KEY]) for data in sessions.values() if BACKEND_SESSION_KEY in data}
    people = {
        str(user.pk): user for user in get_user_model().objects.filter(pk__in=ids, is_active=True)
    }
    found = {}
    for key, data in sessions.items():
        user = people.get(str(data.get(SESSION_KEY)))
        if user is not None and constant_time_compare(
            data.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()
        ):
            found[key] = user.pk
    return found
