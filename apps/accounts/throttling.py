"""Who has tried too many passwords, and what they are told."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenants.audit.services import record


def address_of(request: HttpRequest) -> str:
    """Return the caller's address; the middleware has put it in place of a proxy's."""
    return str(request.META.get("REMOTE_ADDR") or "127.0.0.1")


def login_of(request: HttpRequest, credentials: Any = None) -> str:
    """Return the login that was typed, so that letters of another case are no other login."""
    given = credentials or {}
    typed = given.get("email") or given.get("username") or request.POST.get("login", "")
    return str(typed).strip().lower()[:200]


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: Any = None
) -> HttpResponse:
    """Say that the login rests for a while, and write it into the security log."""
    record(
        kind="sign_in.locked",
        login=login_of(request),
        address=address_of(request),
    )
    return render(request, "account/locked.html", status=429)
