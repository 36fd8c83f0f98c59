"""Every address of the API as a stranger, another company's key and one without scopes ask it."""

from __future__ import annotations

import pytest
from django.test import Client
from django_tenants.utils import tenant_context

from apps.accounts.models import User
from apps.api import tokens
from apps.core import objects
from tenants.models import Company

KNOWN = sorted({
    *(kind.key for kind in objects.registered()), *objects.program_kinds(), *objects.documents()
})  # fmt: skip


@pytest.mark.parametrize("key", KNOWN)
def test_nobody_else_reads_or_writes(
    acme: Company, owner: User, rival: Company, rival_owner: User, key: str
) -> None:
    """F219, G069: a key is good at the address it was made for, and for what its scopes name."""
    with tenant_context(rival):
        _token, theirs = tokens.make_token(user=rival_owner, name="X", scopes=["*:read", "*:write"])
    with tenant_context(acme):
        _token, narrow = tokens.make_token(user=owner, name="X", scopes=["calls:write"])
    client = Client(headers={"host": "acme.localhost"})
    methods = ("GET", "PATCH") if key in objects.documents() else ("GET", "POST")
    for method in methods:
        statuses = [
            client.generic(method, f"/api/v1/{key}", "{}", content_type="application/json",
                           headers=headers).status_code
            for headers in (
                {}, {"Authorization": f"Bearer {theirs}"}, {"Authorization": f"Bearer {narrow}"}
            )
        ]  # fmt: skip
        assert statuses[:2] == [401, 401]
        assert statuses[2] in (403, 405)
