"""The wall of the sockets: one way to the database, and sixty pages of six companies at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django_tenants.utils import schema_context, tenant_context

from apps.accounts.models import User
from apps.catalog.models import Unit
from replication.journal import current_position
from tenants.models import Company
from tenants.services import create_company
from tests.live import Page, RunningPump, cookie_of, person, socket_server

HOUSE = Path(__file__).resolve().parents[3]
COMPANIES, PAGES = 6, 10


def test_sockets_touch_the_database_in_one_place_only() -> None:
    found = [
        f"{path.relative_to(HOUSE)}: {line.strip()}"
        for room in ("apps", "config", "exchange", "replication", "tenants")
        for path in (HOUSE / room).rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"sync_to_async\(", line) and not re.search(r"async_to_sync", line)
    ]

    assert found == [
        "apps/core/consumers.py: run = database_sync_to_async"
        "(enter, thread_sensitive=False, executor=_threads)"
    ]


@pytest.fixture
def companies(committed: Company) -> Iterator[list[Company]]:
    """Six companies outside any transaction."""
    slugs = [f"harbour-{number}" for number in range(COMPANIES)]
    with schema_context("public"):
        there = {each.slug: each for each in Company.objects.filter(slug__in=slugs)}
        made = [there.get(s) or create_company(slug=s, name=s.title()) for s in slugs]
    yield made
    for company in made:
        with tenant_context(company):
            User.objects.all().delete()
    connection.set_tenant(committed)


def test_sixty_pages_of_six_companies_hear_their_own_company_only(
    companies: list[Company],
) -> None:
    with socket_server() as port, RunningPump():
        pages: dict[Company, list[Page]] = {}
        for company in companies:
            cookie = cookie_of(company, person(company, "anna"))
            host = f"{company.slug}.localhost"
            pages[company] = [Page(port, host, cookie) for _ in range(PAGES)]
            for page in pages[company]:
                page.ask(current_position())

        written = {}
        for company in companies:
            with tenant_context(company):
                written[company] = str(Unit.objects.create(name=company.slug).pk)
        heard = {c: [told_units(page) for page in pages[c]] for c in companies}

        assert heard == {company: [{written[company]}] * PAGES for company in companies}
        assert all(pages[company][0].hears_nothing(seconds=0.1) for company in companies)
        for page in (page for each in pages.values() for page in each):
            page.close()


def told_units(page: Page) -> set[str]:
    return {pair[0] for pair in page.next()["tables"]["catalog_unit"]}
