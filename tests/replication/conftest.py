"""A centre and three offices, as committed companies of one database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.db import connection
from django_tenants.utils import tenant_context

from tenants.models import Company
from tenants.services import create_company
from tests.conftest import empty_company
from tests.replication.offices import Place, join


class Offices(NamedTuple):
    """The centre with Kazan, Izmir and Omsk, which has not joined."""

    centre: Place
    kazan: Place
    izmir: Place
    omsk: Place


SLUGS = ("zentrum", "kazan", "izmir", "omsk")


@pytest.fixture(scope="session")
def _bases(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        connection.set_schema_to_public()
        for slug in SLUGS:
            if not Company.objects.filter(slug=slug).exists():
                create_company(slug=slug, name=slug.title())


@pytest.fixture(scope="module", autouse=True)
def connection_of_its_own() -> Iterator[None]:
    """Begin and leave a module without a connection.

    One that has seen hundreds of schemas drags their caches along; a new one for each test would
    read what four companies consist of again and again.
    """
    connection.close()
    yield
    connection.close()


@pytest.fixture
def offices(_bases: None, django_db_blocker: Any) -> Iterator[Offices]:
    """A centre and three offices without a row in them; Kazan and Izmir have joined."""
    with django_db_blocker.unblock():
        connection.set_schema_to_public()
        places = [Place(Company.objects.get(slug=slug), slug.title()) for slug in SLUGS]
        empty_bases(places)
        made = Offices(*places)
        join(made.centre, made.kazan, prefix="KZ")
        join(made.centre, made.izmir, prefix="IZ")
        yield made
        connection.set_schema_to_public()


def empty_bases(places: list[Place]) -> None:
    for place in places:
        with tenant_context(place.company):
            empty_company()
