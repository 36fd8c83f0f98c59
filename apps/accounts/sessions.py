"""Sessions as Django keeps them in the database; the read of every request is compiled once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from tenants.prepared import Prepared


def _alive(key: str, now: datetime) -> Any:
    from django.contrib.sessions.models import Session  # its app may load after this module

    return Session.objects.filter(session_key=key, expire_date__gt=now)


_read: Prepared[Any] = Prepared(_alive, "a session", datetime(2000, 1, 1, tzinfo=UTC))


class SessionStore(DatabaseStore):
    """A session that ends, is changed and is forgotten like Django's own."""

    def _get_session_from_db(self) -> Any:
        found = _read.first(self.session_key, timezone.now())
        if found is None:
            self._session_key = None
        return found
