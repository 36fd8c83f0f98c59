"""The pump: one event for what a moment brought, none for nothing, none twice, none for others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django_tenants.utils import schema_context

from apps.catalog.models import Price, PriceType, Product, Unit
from replication.positions import covers
from replication.pump import AT_MOST_KEYS, Pump, group_of
from tenants.models import Company, CompanyState
from tests.replication.writers import another_writer, insert_unit

Sent = list[tuple[str, dict[str, Any]]]


class Told:
    """A pump that is stepped by hand, and what it has sent."""

    def __init__(self) -> None:
        self.sent: Sent = []
        self.pump = Pump(send=lambda group, event: self.sent.append((group, event)))
        self.listener = self.pump.listen()
        self.pump.catch_up()
        self.sent.clear()

    def step(self, *, timeout: float = 60.0) -> Sent:  # a notice ends it at once
        self.pump.wait(self.listener, timeout=timeout)
        sent, self.sent = self.sent, []
        return sent


@pytest.fixture
def told(committed: Company) -> Iterator[Told]:
    made = Told()
    yield made
    made.listener.close()


def test_one_transaction_is_one_event(committed: Company, told: Told) -> None:
    with transaction.atomic():
        units = [Unit.objects.create(name=f"unit {n}") for n in range(3)]

    ((group, event),) = told.step()

    assert group == group_of(committed.pk)
    assert sorted(event["tables"]["catalog_unit"]) == [[str(unit.pk), None] for unit in units]


def test_events_follow_each_other_without_a_gap(told: Told) -> None:
    Unit.objects.create(name="pcs")
    ((_, first),) = told.step()
    Unit.objects.create(name="box")
    ((_, second),) = told.step()

    assert second["after"] == first["position"]
    assert covers(second["position"], first["position"])


def test_nothing_is_told_of_what_was_rolled_back_or_changed_nothing(told: Told) -> None:
    Unit.objects.create(name="pcs")
    told.step()

    Unit.objects.update(name="pcs")
    with transaction.atomic():
        Unit.objects.create(name="box")
        transaction.set_rollback(True)

    assert told.step(timeout=0.2) == []


def test_a_long_transaction_holds_up_nobody(committed: Company, told: Told) -> None:
    with another_writer(committed) as writer:
        late = insert_unit(writer, "late")
        early = Unit.objects.create(name="early")
        ((_, first),) = told.step()

        writer.commit()
        ((_, second),) = told.step()

    assert first["tables"]["catalog_unit"] == [[str(early.pk), None]]
    assert second["tables"]["catalog_unit"] == [[str(late), None]]


def test_a_bulk_change_is_told_as_its_table(told: Told) -> None:
    Unit.objects.bulk_create([Unit(name=f"unit {n}") for n in range(AT_MOST_KEYS + 1)])

    ((_, event),) = told.step()

    assert event["tables"] == {"catalog_unit": None}


def test_many_rows_of_few_parents_are_told_by_their_parents(told: Told) -> None:
    product = Product.objects.create(name="Nail")
    kinds = [PriceType(name=f"type {n}", currency="RUB") for n in range(AT_MOST_KEYS + 1)]
    PriceType.objects.bulk_create(kinds)
    told.step()

    Price.objects.bulk_create([Price(product=product, price_type=kind, amount=1) for kind in kinds])
    ((_, event),) = told.step()

    assert event["tables"] == {"catalog_price": [[None, str(product.pk)]]}


def test_a_suspended_company_is_told_nothing(committed: Company, told: Told) -> None:
    with schema_context("public"):
        Company.objects.filter(pk=committed.pk).update(state=CompanyState.SUSPENDED)
    Unit.objects.create(name="pcs")

    sent = told.step()

    with schema_context("public"):
        Company.objects.filter(pk=committed.pk).update(state=CompanyState.ACTIVE)
    assert sent == []
