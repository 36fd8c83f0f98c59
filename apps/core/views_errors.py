"""Pages for what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

Reason = Callable[[HttpRequest, Exception], dict[str, Any]]
_why: Reason = lambda request, exception: {}  # noqa: E731  (the accounts replace it)


def reasons_are(told_by: Reason) -> None:
    """Let the room of accounts say what was missing: ``role`` and ``right``, or ``module``."""
    global _why
    _why = told_by


def _page(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, f"errors/{status}.html", status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be understood."""
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request without the right to it, with the reason if it is known."""
    reason = _why(request, exception)
    template = "errors/switched_off.html" if reason.get("module") else "errors/403.html"
    return render(request, template, reason, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request for what is not there."""
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer when we are at fault."""
    return _page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose page was open too long."""
    return render(request, "errors/csrf.html", status=403)
