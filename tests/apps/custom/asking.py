"""The API as a program with a person's key asks it."""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.test import Client

from apps.accounts.models import User
from apps.api import tokens


def ask(user: User, path: str, method: str = "GET", body: str = "") -> Any:
    """Return the answer of the API."""
    cache.clear()
    _token, secret = tokens.make_token(user=user, name="Shop", scopes=["*:read", "*:write"])
    return Client(headers={"host": "acme.localhost"}).generic(
        method, f"/api/v1/{path}", body, content_type="application/json",
        headers={"Authorization": f"Bearer {secret}"},
    )  # fmt: skip
