"""Writing the security log."""

from __future__ import annotations

import structlog

from tenants.audit.models import SecurityEvent

log = structlog.get_logger("security")


def record(*, kind: str, login: str = "", address: str | None = None, **detail: object) -> None:
    """Write one line into the company's security log and into the service's log stream."""
    SecurityEvent.objects.create(kind=kind, login=login[:200], address=address, detail=detail)
    log.warning("security event", kind=kind, login=login, address=address, **detail)
