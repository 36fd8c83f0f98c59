"""What a browser fetches for a page stays within the budget: 70 KB for a list, 12 requests."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.test import Client

from apps.counterparties.models import Counterparty
from apps.counterparties.services import CounterpartyValues, save_counterparty
from tenants.models import Company

STATIC = Path(__file__).resolve().parents[2] / "frontend" / "static"
PAGE, STYLE, SCRIPT, TOGETHER = 25_000, 30_000, 45_000, 70_000
MOST_NODES, MOST_REQUESTS = 1_500, 12
_FILE = re.compile(r'(?:href|src)="/static/([^"#]+)')
_IMPORT = re.compile(r'(?:from|import)\s*\(?\s*"(\./[^"]+)"')


def weight(data: bytes) -> int:
    return len(gzip.compress(data, 9))


def files_of(page: str) -> set[str]:
    """Return the style sheets, scripts (and what they import) and pictures a page names."""
    found = set(_FILE.findall(page))
    waiting = [name for name in found if name.endswith(".js")]
    while waiting:
        name = waiting.pop()
        for other in _IMPORT.findall((STATIC / name).read_text(encoding="utf-8")):
            further = str((STATIC / name).parent.joinpath(other).resolve().relative_to(STATIC))
            if further not in found:
                found.add(further)
                waiting.append(further)
    return found


def sum_of(files: set[str], suffix: str) -> int:
    return sum(weight((STATIC / name).read_bytes()) for name in files if name.endswith(suffix))


@pytest.fixture
def partner(company: Company) -> Counterparty:
    for number in range(55):
        partner = save_counterparty(
            values=CounterpartyValues(
                name=f"Romashka {number} & Sons", phone=f"+7 916 123-45-{number:02}",
                email=f"office{number}@romashka.example", tax_number=f"77000000{number:02}",
            )
        )  # fmt: skip
    return partner


@pytest.mark.parametrize("address", ["/", "/counterparties/", "/counterparties/{pk}/"])
def test_a_page_stays_within_its_budget(
    partner: Counterparty, owner_client: Client, address: str
) -> None:
    page = owner_client.get(address.format(pk=partner.pk)).content
    text = page.decode()
    files = files_of(text)
    style, script = sum_of(files, ".css"), sum_of(files, ".js")

    assert weight(page) <= PAGE
    assert style <= STYLE
    assert script <= SCRIPT
    assert weight(page) + style + script <= TOGETHER
    shown = re.sub(r"<template.*?</template>", "", text, flags=re.DOTALL)  # not in the document
    assert len(re.findall(r"<[a-z]", shown)) <= MOST_NODES


def test_a_list_of_fifty_rows_takes_few_requests(
    partner: Counterparty, owner_client: Client
) -> None:
    page = owner_client.get("/counterparties/").content.decode()
    files = files_of(page) - {"favicon.svg", "icons/touch-180.png"}  # fetched when it is installed

    assert page.count('<tr id="row-') == 50
    assert len(files) + 1 <= MOST_REQUESTS
