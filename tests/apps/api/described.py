"""A company full of rows, its API, and the description that the API gives of itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, transaction
from django.test import Client
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.accounts.models import Role, User
from apps.api import tokens
from apps.custom import services as custom
from apps.custom.models import CustomType
from apps.custom.services import FieldValues
from apps.onboarding.services import load_demo
from tenants.models import Company
from tenants.services import create_company, drop_company

SLUG = "described"
OWN = "equipment"  # an object that administrators made, with a field of each type


@dataclass(frozen=True)
class Described:
    """The company, a key that may do everything, and what the API says of itself."""

    company: Company
    secret: str
    document: dict[str, Any]
    own: str  # the key of the object that administrators made

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers a program sends."""
        return {"Authorization": f"Bearer {self.secret}"}


@contextmanager
def described(slug: str) -> Iterator[Described]:
    """Make the company; drop it afterwards."""
    connection.set_schema_to_public()
    company = create_company(slug=slug, name="Described Trading")
    cache.clear()
    try:
        with tenant_context(company):
            owner = User.objects.create_user(
                email=f"owner@{slug}.example", role=Role.OWNER, full_name="Olga"
            )
            load_demo(language="en", currency="USD", now=timezone.now())
            own = custom.save_object(
                values={"label": "Equipment", "label_plural": "Equipment", "icon": "tool"}
            ).key
            for kind in ("counterparties", "deals", own):
                _add_fields(kind)
            _token, secret = tokens.make_token(
                user=owner, name="Proof", scopes=["*:read", "*:write"]
            )
        answer = Client(headers={"host": f"{slug}.localhost"}).get(
            "/api/v1/openapi.json", headers={"Authorization": f"Bearer {secret}"}
        )
        assert answer.status_code == 200, answer.content
        yield Described(company, secret, json.loads(answer.content), own)
    finally:
        connection.set_schema_to_public()
        drop_company(company=company)


def _add_fields(kind: str) -> None:
    custom.add_field(kind=kind, values=FieldValues("Above", type="relation", related=kind))
    asked: dict[str, dict[str, Any]] = {
        "choice": {"choices": ("Red", "Green")}, "choices": {"choices": ("Red", "Green")},
        "relation": {"related": "counterparties"},
        "formula": {"formula": "round([Own number] * 1000 / [Own money], 2)"},
        "lookup": {"shown": "x_own_relation.created_at"},
        "rollup": {"rows": f"{kind}.x_above", "how": "sum", "measure": f"{kind}.x_own_number"},
    }  # fmt: skip
    for value in CustomType.values:
        values = FieldValues(f"Own {value}", type=value, **asked.get(value, {}))
        custom.add_field(kind=kind, values=values)


def application(slug: str) -> Callable[..., Iterable[bytes]]:
    """Return the program as a server calls it, at the company's address.

    What ends in an error of ours is rolled back, so that one does not make the next.
    """
    handler = WSGIHandler()

    def called(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        environ["HTTP_HOST"] = f"{slug}.localhost"
        said: list[str] = []

        def started(status: str, headers: Any, *more: Any) -> Any:
            said.append(status)
            return start(status, headers, *more)

        request_started.disconnect(close_old_connections)  # the test's transaction is on it
        request_finished.disconnect(close_old_connections)
        try:
            with transaction.atomic():
                answer = handler(environ, started)
                body = b"".join(answer)
                answer.close()
                if said[-1].startswith("5"):
                    transaction.set_rollback(True)
        finally:
            request_started.connect(close_old_connections)
            request_finished.connect(close_old_connections)
        return [body]

    return called
