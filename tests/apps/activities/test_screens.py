"""The screens of activities: what stands where, and who reaches it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.counterparties.models import Counterparty
from tests.apps.activities.conftest import planned

PAGES = [
    "/activities/", "/activities/?part=body", "/activities/list/", "/activities/list/?part=count",
    "/activities/list/?which=late", "/activities/team/", "/activities/calendar/",
    "/activities/calendar/?view=month", "/activities/calendar/?view=day&person=all",
    "/activities/new/", "/activities/new/meeting/?day=2026-11-28", "/activities/customers/?q=rom",
    "/activities/people/?q=mar", "/notifications/settings/", "/notifications/?part=bell",
    "/notifications/?part=fresh", "/", "/?arrange=yes",
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_a_screen_opens(
    manager: User, manager_client: Client, romashka: Counterparty, page: str
) -> None:
    planned(manager, due_at=timezone.now(), counterparty_id=romashka.pk)
    planned(manager, kind="meeting", subject="Fair", starts_at=timezone.now())

    assert manager_client.get(page).status_code == 200


def test_a_card_shows_its_timeline_and_composer(
    manager: User, manager_client: Client, romashka: Counterparty
) -> None:
    planned(manager, kind="note", text="They want a discount", counterparty_id=romashka.pk)

    page = manager_client.get(f"/counterparties/{romashka.pk}/").content.decode()

    assert "They want a discount" in page
    assert "data-composer" in page
