"""Contact persons of two companies who are one: both companies keep whom they speak to."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.core import objects
from apps.counterparties.models import (
    Consent,
    ContactPerson,
    ContactPoint,
    ContactRole,
    Counterparty,
)
from apps.counterparties.people import people_of
from apps.duplicates import services
from apps.duplicates.models import Merge
from tenants.models import Company


class Two(NamedTuple):
    """Anna at North, and Anna at South, who is the same."""

    north: Counterparty
    south: Counterparty
    anna: ContactPerson
    again: ContactPerson


@pytest.fixture
def two(company: Company) -> Two:
    north = Counterparty.objects.create(name="North", sort_name="north")
    south = Counterparty.objects.create(name="South", sort_name="south")
    return Two(
        north, south,
        ContactPerson.objects.create(counterparty=north, full_name="Anna", job_title="Director"),
        ContactPerson.objects.create(
            counterparty=south, full_name="Anna P.", job_title="Accountant", phone="+7 495 1234567"
        ),
    )  # fmt: skip


def one_of(two: Two, by: User, **values: Any) -> Merge:
    return services.merge(
        kind=objects.kind("contacts"), kept=two.anna.pk, away=[two.again.pk], values=values, by=by
    )


def roles(person: ContactPerson) -> dict[str, str]:
    return {role.counterparty.name: role.role for role in person.roles.all()}


def test_who_stays_has_a_role_at_the_other_company(two: Two, manager: User) -> None:
    """F116, G045: one person of two companies stands on both cards after the merge."""
    one_of(two, manager)

    assert roles(two.anna) == {"South": "Accountant"}
    for company in (two.north, two.south):
        assert [person.pk for person in people_of(company)] == [two.anna.pk]


def test_the_company_that_is_chosen_is_the_persons_own(two: Two, manager: User) -> None:
    one_of(two, manager, counterparty=two.south.pk)

    two.anna.refresh_from_db()
    assert two.anna.counterparty == two.south
    assert roles(two.anna) == {"North": "Director"}


def test_a_role_that_is_there_already_stays_as_it_is(two: Two, manager: User) -> None:
    ContactRole.objects.create(counterparty=two.south, person=two.anna, role="Owner")

    one_of(two, manager)

    assert roles(two.anna) == {"South": "Owner"}


def test_phones_and_consents_stand_at_the_persons_own_company(two: Two, manager: User) -> None:
    ContactPoint.objects.create(
        counterparty=two.south, person=two.again, kind="email", value="anna@south.example"
    )
    Consent.objects.create(
        counterparty=two.south, person=two.again, given_on=date(2026, 1, 1), text_version="1"
    )

    one_of(two, manager)

    assert {point.counterparty for point in two.anna.points.all()} == {two.north}
    assert Consent.objects.get().counterparty == two.north
    two.anna.refresh_from_db()
    assert "anna@south.example" in two.anna.further_contacts


def test_undone_everybody_stands_where_they_stood(two: Two, manager: User) -> None:
    ContactPoint.objects.create(
        counterparty=two.south, person=two.again, kind="email", value="anna@south.example"
    )
    before = everything()

    services.part(merge=one_of(two, manager), by=manager, now=timezone.now())

    assert everything() == before


def everything() -> list[Any]:
    """Return people with roles and points, moments of change left out."""
    found: list[Any] = []
    with connection.cursor() as cursor:
        for table in ("contactperson", "contactrole", "contactpoint"):
            cursor.execute(
                "SELECT to_jsonb(t) - 'updated_at' - 'search_text'"
                f" FROM counterparties_{table} t ORDER BY id"
            )
            found.append(cursor.fetchall())
    return found


def test_both_cards_show_the_person(
    two: Two, manager: User, manager_client: Client
) -> None:
    one_of(two, manager)

    for company in (two.north, two.south):
        page = manager_client.get(f"/counterparties/{company.pk}/").content.decode()
        assert f"/counterparties/people/{two.anna.pk}/" in page
