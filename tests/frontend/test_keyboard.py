"""Whoever works by keyboard is where the work is, not before the side bar."""

from __future__ import annotations

import pytest
from django.test import Client

from tenants.models import Company


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/counterparties/new/", "name"),
        ("/counterparties/people/new/", "full_name"),
        ("/activities/new/", "subject"),
        ("/requests/new/", "subject"),
    ],
)
def test_a_new_form_begins_in_its_first_field(
    acme: Company, manager_client: Client, path: str, field: str
) -> None:
    """G004: «Ctrl+Enter» saves at once, and typing goes where one looks."""
    page = manager_client.get(path).content.decode()

    inputs = [each.split(">")[0] for each in page.split("<input ")[1:]]
    [begin] = [each for each in inputs if " autofocus" in each]
    assert f'name="{field}"' in begin
