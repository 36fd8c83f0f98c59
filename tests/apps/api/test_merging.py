"""Merging and consents by the API: as people do it side by side and on the card."""

from __future__ import annotations

import json
from typing import Any

import pytest

from apps.accounts.models import User
from apps.counterparties.models import Consent, ContactPerson, Counterparty
from tenants.models import Company
from tests.apps.custom.asking import ask
from tests.apps.custom.test_computed_rights import narrow


@pytest.fixture
def twins(company: Company, manager: User) -> tuple[Counterparty, Counterparty]:
    first, second = (
        Counterparty.objects.create(name=name, sort_name=name.lower(), responsible=manager, **more)
        for name, more in (("Azimuth", {}), ("Azimut", {"phone": "123456", "comment": "Old"}))
    )
    return first, second


def send(by: User, path: str, **body: Any) -> Any:
    return ask(by, path, method="POST", body=json.dumps(body))


def test_two_become_one_and_part_again(
    twins: tuple[Counterparty, Counterparty], manager: User
) -> None:
    """G045, G069: empty fields are filled, what refers to either refers to the one that stays."""
    kept, away = twins
    anna = ContactPerson.objects.create(counterparty=away, full_name="Anna")

    merged = send(manager, f"counterparties/{kept.pk}/merge", others=[{"id": str(away.pk)}])
    anna.refresh_from_db()
    at = anna.counterparty_id
    parted = send(manager, f"counterparties/{kept.pk}/part")
    anna.refresh_from_db()

    assert merged.status_code == 200, merged.content
    assert (merged.json()["name"], merged.json()["phone"]) == ("Azimuth", "123456")
    assert (at, anna.counterparty_id) == (kept.pk, away.pk)
    assert parted.json()["phone"] == ""
    assert send(manager, f"counterparties/{kept.pk}/part").status_code == 422


def test_a_field_takes_the_value_of_the_row_that_is_named(
    twins: tuple[Counterparty, Counterparty], manager: User
) -> None:
    kept, away = twins
    take = [{"field": "name", "from": str(away.pk)}]

    merged = send(
        manager, f"counterparties/{kept.pk}/merge", others=[{"id": str(away.pk)}], take=take
    )

    assert merged.json()["name"] == "Azimut"


def test_what_is_not_one_s_own_is_not_merged(
    twins: tuple[Counterparty, Counterparty], manager: User, owner: User
) -> None:
    kept, away = twins
    Counterparty.objects.filter(pk=away.pk).update(is_vip=True, responsible=owner)

    vip = send(manager, f"counterparties/{kept.pk}/merge", others=[{"id": str(away.pk)}])
    nobody = send(manager, f"counterparties/{kept.pk}/merge", others=[])
    itself = send(manager, f"counterparties/{kept.pk}/merge", others=[{"id": str(kept.pk)}])
    narrow(manager, "counterparties")
    unseen = send(manager, f"counterparties/{away.pk}/merge", others=[{"id": str(kept.pk)}])

    assert (vip.status_code, nobody.status_code, itself.status_code) == (422, 422, 422)
    assert unseen.status_code == 404
    assert Counterparty.objects.filter(is_archived=False).count() == 2


def test_a_person_is_erased_by_those_who_may(
    twins: tuple[Counterparty, Counterparty], manager: User, owner: User
) -> None:
    """G052: not by everybody, and never a company."""
    anna = ContactPerson.objects.create(
        counterparty=twins[0], full_name="Anna", email="anna@azimuth.example"
    )

    refused = send(manager, f"contacts/{anna.pk}/erase")
    company = send(owner, f"counterparties/{twins[0].pk}/erase")
    before = ContactPerson.objects.get().full_name
    erased = send(owner, f"contacts/{anna.pk}/erase")

    assert (refused.status_code, company.status_code, before) == (403, 422, "Anna")
    assert (erased.status_code, erased.json()["email"], erased.json()["is_archived"]) == (
        200, "", True,
    )  # fmt: skip
    assert ContactPerson.objects.get().full_name != "Anna"


def test_a_consent_is_noted_and_withdrawn(
    twins: tuple[Counterparty, Counterparty], manager: User
) -> None:
    """G052: its day and its text, on a contact person and on a counterparty."""
    anna = ContactPerson.objects.create(counterparty=twins[0], full_name="Anna")

    noted = send(manager, f"contacts/{anna.pk}/consent", given_on="2026-11-01", text_version="v1")
    unsaid = send(manager, f"contacts/{anna.pk}/consent", given_on="2026-11-01")
    own = send(
        manager, f"counterparties/{twins[0].pk}/consent", given_on="2026-11-02", text_version="v2"
    )
    consent = noted.json()["consents"][0]["id"]
    elsewhere = send(manager, f"counterparties/{twins[0].pk}/withdraw-consent", id=consent)
    withdrawn = send(manager, f"contacts/{anna.pk}/withdraw-consent", id=consent)

    assert (unsaid.status_code, elsewhere.status_code) == (422, 422)
    assert [each["text_version"] for each in own.json()["consents"]] == ["v2"]
    assert withdrawn.json()["consents"][0]["withdrawn_on"]
    assert Consent.objects.filter(withdrawn_on=None).count() == 1
