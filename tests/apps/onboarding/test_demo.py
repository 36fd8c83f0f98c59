"""The demonstration: believable at a second look too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from apps.accounts.models import Role, User
from apps.onboarding.services import load_demo
from apps.sales.models import Invoice
from apps.sales.road import road
from tenants.models import Company


@pytest.fixture
def demo(committed: Company, settings: Any, tmp_path: Path) -> Company:
    """A company with the demonstration in it."""
    settings.MEDIA_ROOT = str(tmp_path)
    User.objects.create_user(email="olga@ladoga.example", role=Role.OWNER)
    load_demo(language="en", currency="USD", now=timezone.now())
    return committed


def test_every_road_of_the_demonstration_goes_forward_in_time(demo: Company) -> None:
    roads = {
        invoice.number: [
            step.at
            for step in road(invoice, invoice.events.order_by("at", "id"))
            if step.at is not None
        ]
        for invoice in Invoice.objects.all()
    }

    backward = [number for number, times in roads.items() if times != sorted(times)]
    assert max(map(len, roads.values())) == 5
    assert backward == []
