"""What every page of a company needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the company of the page."""
    return {"company": getattr(request, "tenant", None)}
