"""The live socket: tells a browser which tables and rows changed, from the position it names.

The company is that of the Host header, the person that of the company's session cookie, and the
page must come from the same host. The channel layer and the pump may lose events: each names the
position it begins at, so a loss is seen at the next one, and at the latest at the next beat, and
the journal is asked for the gap (``docs/protocol/journal.md``).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.cookies import CookieError, SimpleCookie
from typing import TypeVar, cast
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.db import Error as DatabaseLost
from django_tenants.utils import schema_context, tenant_context

from apps.core.live import Event, changed_since, for_user, merged, signed_in, told_to
from apps.core.objects import Told
from replication.positions import LONGEST, NotAPosition, covers
from replication.pump import group_of
from tenants.addresses import company_at
from tenants.models import Company, CompanyState

HEARTBEAT_SECONDS = 30.0
NOTHING = Told(is_blurred=True)
NOT_ALLOWED, NOT_UNDERSTOOD = 4403, 4400
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="live")  # four connections at most
log = structlog.get_logger(__name__)
T = TypeVar("T")


async def in_company(company: Company | None, call: Callable[[], T]) -> T:
    """Run a call in a thread, inside the company; the only way a socket touches the database.

    ``None``: outside every company, to find out which it is.
    """

    def enter() -> T:
        with tenant_context(company) if company is not None else schema_context("public"):
            return call()

    run = database_sync_to_async(enter, thread_sensitive=False, executor=_threads)
    return cast(T, await run())


class LiveConsumer(AsyncWebsocketConsumer):
    """One open page of one signed-in person."""

    company: Company
    user_id: UUID
    session_key: str
    told = NOTHING  # how much of which table; looked up anew with each beat
    position = ""  # everything until here has been told
    worker: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        """Let in who is signed in at the host the page came from."""
        headers = {name.decode().lower(): v.decode("latin-1") for name, v in self.scope["headers"]}
        company = await in_company(None, partial(_company_of, headers))
        if company is None:
            await self.close(code=NOT_ALLOWED)
            return
        self.session_key = _session_of(headers)
        found = await in_company(company, partial(signed_in, [self.session_key]))
        await self.accept()
        if self.session_key not in found:
            await self.close(code=NOT_ALLOWED)  # after accepting: else the page cannot see why
            return
        self.company, self.user_id = company, found[self.session_key]
        self.told = await in_company(company, partial(told_to, self.user_id))
        self._asked: str | None = None
        self._heard: Event | None = None
        self._found: Event | None = None
        self._beats = False
        self._has_work = asyncio.Event()
        # First in the group, then the gap: what happens between the two is told twice, never
        # missed.
        await self.channel_layer.group_add(group_of(company.pk), self.channel_name)
        self.worker = asyncio.create_task(self._work())
        Beat.join(self)

    async def disconnect(self, code: int) -> None:
        """Leave the group."""
        if self.worker is None:
            return
        Beat.leave(self)
        await self.channel_layer.group_discard(group_of(self.company.pk), self.channel_name)
        self.worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.worker

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Take ``{"since": position}``, once; the answer is what changed since."""
        since = _since_of(text_data)
        if since is None:
            await self.close(code=NOT_UNDERSTOOD)
        elif not self.position and self._asked is None:
            self._asked = since
            self._has_work.set()

    async def journal_event(self, event: Event) -> None:
        """Take what the pump says; a slow browser is told of several events as one."""
        if self._heard is None:
            self._heard = event
        elif _follows(event, self._heard["position"]):
            self._heard = merged(self._heard, event)
        else:  # something between the two was lost: from the older one on, the journal is asked
            self._heard = {"after": event["position"], "position": event["position"], "tables": {}}
        self._has_work.set()

    def beat(self, event: Event | None) -> None:
        """Take what the company's beat has found since this page's position."""
        self._found, self._beats = event, True
        self._has_work.set()

    async def _work(self) -> None:
        """Tell what there is to tell, one message at a time, at the speed of the browser."""
        try:
            while True:
                await self._has_work.wait()
                self._has_work.clear()
                await self._tell_news()
                if self._beats:
                    await self._tell_beat()
        except (DatabaseLost, OSError) as error:
            log.warning("live socket lost a service", error=str(error))
            await self._give_up(1013)  # the page comes again, with its position
        except Exception:
            log.exception("live socket failed")
            await self._give_up(1011)

    async def _give_up(self, code: int) -> None:
        with contextlib.suppress(OSError, RuntimeError):  # closed already
            await self.close(code=code)

    async def _tell_beat(self) -> None:
        found, self._found, self._beats = self._found, None, False
        if found is not None and found["after"] == self.position:
            await self._tell(found)
        await self.send(json.dumps({"beat": True}))

    async def _tell_news(self) -> None:
        if self._asked is not None and not self.position:
            await self._catch_up(self._asked)
        heard, self._heard = self._heard, None
        if heard is None or not self.position or covers(self.position, heard["position"]):
            return  # before the page has asked: its gap is read later and has all this
        if _follows(heard, self.position):
            await self._tell(heard)
        else:
            await self._catch_up(self.position)

    async def _catch_up(self, since: str) -> None:
        is_first = not self.position
        event = await in_company(self.company, partial(changed_since, since))
        await self._tell(event, is_answer=is_first)

    async def _tell(self, event: Event, *, is_answer: bool = False) -> None:
        self.position = event["position"]
        said = for_user(event, user_id=self.user_id, told=self.told)
        if is_answer or said["tables"] or said.get("reset"):
            await self.send(json.dumps(said))


class Beat:
    """The heartbeat of a company's sockets in this process.

    Closes those whose person or company may no longer be here, and tells what was lost on the way.
    """

    _of: dict[tuple[int, UUID], Beat] = {}

    def __init__(self, company: Company) -> None:
        self.company = company
        self.sockets: set[LiveConsumer] = set()
        self.task = asyncio.create_task(self._run())

    @classmethod
    def join(cls, socket: LiveConsumer) -> None:
        """Let a socket be looked after."""
        key = cls._key(socket)
        if key not in cls._of:
            cls._of[key] = Beat(socket.company)
        cls._of[key].sockets.add(socket)

    @classmethod
    def leave(cls, socket: LiveConsumer) -> None:
        """Forget a socket; with the last one the beat ends."""
        beat = cls._of.get(cls._key(socket))
        if beat is None:
            return
        beat.sockets.discard(socket)
        if not beat.sockets:
            del cls._of[cls._key(socket)]
            beat.task.cancel()

    @staticmethod
    def _key(socket: LiveConsumer) -> tuple[int, UUID]:
        return id(asyncio.get_running_loop()), socket.company.pk

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            try:
                await self.once()
            except Exception:  # the next beat looks again
                log.exception("live beat failed")

    async def once(self) -> None:
        """Look after all sockets once."""
        sockets = list(self.sockets)
        keys = {socket.session_key for socket in sockets}
        positions = {socket.position for socket in sockets if socket.position}
        is_open = await in_company(None, partial(_is_open, self.company))
        found: Mapping[str, UUID] = {}
        events: dict[str, Event] = {}
        told: dict[UUID, Told] = {}
        if is_open:
            found, events, told = await in_company(self.company, partial(_look, keys, positions))
        for socket in sockets:
            if found.get(socket.session_key) == socket.user_id:
                socket.told = told[socket.user_id]
                socket.beat(events.get(socket.position))
            else:
                await socket.close(code=NOT_ALLOWED)


def _company_of(headers: Mapping[str, str]) -> Company | None:
    """Return the active company of the Host header, if the page comes from that very host."""
    host = headers.get("host", "").rsplit(":", 1)[0].rstrip(".").lower()
    try:
        origin = urlsplit(headers.get("origin", "")).hostname or ""
    except ValueError:
        return None
    if not host or origin.lower() != host:
        return None
    return company_at(host)


def _session_of(headers: Mapping[str, str]) -> str:
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return cookie.value if cookie is not None else ""


def _since_of(text: str | None) -> str | None:
    """Return the position a page names, ``""`` for none; ``None`` when it says something else."""
    if text is None or len(text) > 2 * LONGEST:
        return None
    try:
        said = json.loads(text)
    except ValueError:
        return None
    return str(said["since"] or "") if isinstance(said, dict) and "since" in said else None


def _follows(event: Event, position: str) -> bool:
    """Tell whether nothing lies between a position and the beginning of an event."""
    try:
        return bool(covers(position, event["after"]))
    except NotAPosition:
        return False


def _is_open(company: Company) -> bool:
    return Company.objects.filter(pk=company.pk, state=CompanyState.ACTIVE).exists()


def _look(
    keys: set[str], positions: set[str]
) -> tuple[dict[str, UUID], dict[str, Event], dict[UUID, Told]]:
    people = signed_in(keys)
    events = {position: changed_since(position) for position in positions}
    return people, events, {each: told_to(each) for each in set(people.values())}
