"""The live socket: tells a browser which tables and rows changed, from the position it names.

The company is that of the Host header, the person that of the company's session cookie, and the page
must come from the same host. Every access to the database enters the company by itself.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from http.cookies import SimpleCookie
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings
from django.contrib.auth import (
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    SESSION_KEY,
    get_user_model,
)
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection
from django.utils.crypto import constant_time_compare
from django_tenants.utils import tenant_context

from apps.core.live import UnknownPosition, for_user, missed
from replication.journal import current_position
from replication.pump import group_of
from tenants.models import Company, CompanyState, Domain

HEARTBEAT_SECONDS = 30.0
NOT_ALLOWED = 4403
T = TypeVar("T")


async def in_company(company: Company, call: Callable[[], T]) -> T:
    """Run a call in a thread, inside the company; the only way a socket touches the database."""

    def enter() -> T:
        with tenant_context(company):
            return call()

    return await database_sync_to_async(enter)()


class LiveConsumer(AsyncJsonWebsocketConsumer):
    """One open page of one signed-in person."""

    company: Company
    user_id: UUID
    session_key: str
    heartbeat: asyncio.Task[None] | None = None
    is_ready = False

    async def connect(self) -> None:
        """Let in who is signed in at the host the page came from."""
        found = await database_sync_to_async(self._who)()
        if found is None:
            await self.close(code=NOT_ALLOWED)
            return
        self.company, self.user_id, self.session_key = found
        self.waiting: list[dict[str, Any]] = []
        await self.channel_layer.group_add(group_of(self.company.pk), self.channel_name)
        await self.accept()
        self.heartbeat = asyncio.create_task(self._beat())

    async def disconnect(self, code: int) -> None:
        """Leave the group."""
        if self.heartbeat is not None:
            self.heartbeat.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.heartbeat
        if hasattr(self, "company"):
            await self.channel_layer.group_discard(group_of(self.company.pk), self.channel_name)

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        """Answer ``{"since": position}`` with what changed since, then pass events on as they come."""
        if not isinstance(content, dict) or "since" not in content:
            return
        since, user_id = str(content["since"] or ""), self.user_id
        try:
            gap = await in_company(self.company, lambda: missed(since=since, user_id=user_id))
        except UnknownPosition:
            position = await in_company(self.company, current_position)
            gap = {"position": position, "tables": {}, "reset": True}
        await self.send_json(gap)
        self.is_ready = True
        for event in self.waiting:  # they came while the gap was read: told twice, never missed
            await self.send_json(event)
        self.waiting.clear()

    async def journal_event(self, event: dict[str, Any]) -> None:
        """Pass on what the pump says, without what concerns other people."""
        told = for_user(event, user_id=self.user_id)
        if not told["tables"]:
            return
        if self.is_ready:
            await self.send_json(told)
        else:
            self.waiting.append(told)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            if not await database_sync_to_async(self._may_stay)():
                await self.close(code=NOT_ALLOWED)
                return
            await self.send_json({"beat": True})

    def _who(self) -> tuple[Company, UUID, str] | None:
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in self.scope["headers"]
        }
        host = headers.get("host", "").rsplit(":", 1)[0].rstrip(".").lower()
        origin = urlsplit(headers.get("origin", "")).hostname or ""
        if not host or origin.lower() != host:
            return None
        connection.set_schema_to_public()
        domain = (
            Domain.objects.select_related("tenant")
            .filter(domain=host, tenant__state=CompanyState.ACTIVE)
            .first()
        )
        cookie = SimpleCookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME)
        if domain is None or cookie is None:
            return None
        with tenant_context(domain.tenant):
            user = _signed_in(cookie.value)
        return (domain.tenant, user.pk, cookie.value) if user is not None else None

    def _may_stay(self) -> bool:
        connection.set_schema_to_public()
        if not Company.objects.filter(pk=self.company.pk, state=CompanyState.ACTIVE).exists():
            return False
        with tenant_context(self.company):
            return _signed_in(self.session_key) is not None


def _signed_in(session_key: str) -> Any:
    session = SessionStore(session_key=session_key)
    user_id = session.get(SESSION_KEY)
    if not user_id or not session.get(BACKEND_SESSION_KEY):
        return None
    user = get_user_model().objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return None
    same = constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    return user if same else None
