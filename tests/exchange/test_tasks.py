"""What runs by the clock, above companies and inside them."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from exchange import attention, tasks
from exchange.models import ExchangeSession
from tenants.models import Company
from tests.exchange import messages
from tests.exchange.onec import OneC
from tests.exchange.shelf import Shelf


def test_an_upload_makes_its_company_due_after_the_silence(onec: OneC, volga: Company) -> None:
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "import0_1.xml", messages.catalogue(["a"]))

    now = timezone.now()
    assert volga.schema_name not in attention.due(now=now)
    assert volga.schema_name in attention.due(now=now + timedelta(seconds=40))


def test_the_dispatcher_enters_the_company_that_is_due(onec: OneC, warehouse: Shelf) -> None:
    """F020: what 1C sent by its schedule is taken without anybody."""
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "import0_1.xml", messages.catalogue(["a"]))
    past = timezone.now() - timedelta(minutes=1)
    ExchangeSession.objects.get().uploads.update(latest_contact_at=past)
    attention.settle(at=past)

    tasks.dispatch_due.delay()

    assert warehouse.refs("products") == ["a"]


def test_the_hourly_sweep_finds_what_a_lost_hint_left_behind(onec: OneC, warehouse: Shelf) -> None:
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "import0_1.xml", messages.catalogue(["a"]))
    ExchangeSession.objects.get().uploads.update(
        latest_contact_at=timezone.now() - timedelta(hours=1)
    )
    attention.settle(at=None)

    tasks.sweep_all.delay()

    assert warehouse.refs("products") == ["a"]
