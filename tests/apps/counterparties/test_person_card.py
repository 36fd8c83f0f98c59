"""The card of a contact person: their deals and requests, and who changed what of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import AccessRole, Role, RoleRight, Scope, User
from apps.counterparties.models import ContactPerson, ContactPoint, Counterparty
from apps.deals.models import DealParticipant
from apps.service.models import ServiceRequest
from tenants.models import Company
from tests.apps.custom.test_computed_rights import narrow
from tests.apps.deals.conftest import Funnel, funnel, shop
from tests.apps.history.test_history import client_of, person

__all__ = ["funnel", "shop"]
TABLE = "counterparties_contactperson"


@pytest.fixture
def vera(committed: Company) -> ContactPerson:
    """A contact person whose changes are committed one by one, as the journal reads them."""
    romashka = Counterparty.objects.create(name="Romashka", sort_name="romashka")
    return ContactPerson.objects.create(counterparty=romashka, full_name="Vera Vasilyeva")


@pytest.fixture
def olga(committed: Company) -> User:
    """Who looks at the history."""
    return person(Role.MANAGER)


@pytest.fixture
def signed_in(olga: User) -> Client:
    """Her browser."""
    return client_of(olga)


@pytest.fixture
def anna(funnel: Funnel) -> ContactPerson:
    """Who buys for the customer."""
    return ContactPerson.objects.create(counterparty=funnel.shop.customer, full_name="Anna Petrova")


def card(client: Client, person: ContactPerson) -> str:
    return client.get(f"/counterparties/people/{person.pk}/").content.decode()


def history(client: Client, person: ContactPerson) -> Any:
    return client.get(f"/history/{TABLE}/{person.pk}/")


def joined(funnel: Funnel, anna: ContactPerson, name: str, **values: Any) -> None:
    deal = funnel.deal(name, **values)
    DealParticipant.objects.create(deal=deal, person=anna, role="decides")


def test_the_deals_of_a_person_stand_on_their_card(
    funnel: Funnel, anna: ContactPerson, manager_client: Client
) -> None:
    """F115, F116: the person's own deals with their part in them, not all of the customer's."""
    joined(funnel, anna, "Roof of the school")
    funnel.deal("Somebody else's")

    page = card(manager_client, anna)

    assert "Roof of the school" in page
    assert "Decides" in page
    assert "Somebody else&#x27;s" not in page


def test_the_requests_of_a_person_stand_on_their_card(
    anna: ContactPerson, manager_client: Client
) -> None:
    for subject, of in (("Wet boards", anna), ("Late van", None)):
        ServiceRequest.objects.create(
            counterparty=anna.counterparty, person=of, subject=subject,
            due_at=timezone.now(),
        )  # fmt: skip

    page = card(manager_client, anna)

    assert "Wet boards" in page
    assert "Late van" not in page


def test_deals_that_are_not_ones_own_are_not_on_the_card(
    funnel: Funnel, anna: ContactPerson, owner: User, manager: User, manager_client: Client
) -> None:
    joined(funnel, anna, "Of the owner", owner=owner.pk)
    narrow(manager, "deals")

    assert "Of the owner" not in card(manager_client, anna)


def test_the_change_history_tells_of_the_person_and_their_phones(
    vera: ContactPerson, signed_in: Client
) -> None:
    """F225: who changed what of a contact person, on their own card."""
    other = ContactPerson.objects.create(counterparty=vera.counterparty, full_name="Boris")
    vera.job_title = "Head of purchasing"
    vera.save()
    other.job_title = "Driver"
    other.save()
    point = ContactPoint.objects.create(
        counterparty=vera.counterparty, person=vera, kind="phone", value="+7 495 000-00-00"
    )
    point.value = "+7 495 111-11-11"
    point.save()

    page = history(signed_in, vera).content.decode()

    assert "Head of purchasing" in page
    assert "+7 495 111-11-11" in page
    assert "Driver" not in page
    assert f"/history/{TABLE}/{vera.pk}/" in card(signed_in, vera)


def test_a_phone_that_was_removed_is_still_told_of(
    vera: ContactPerson, signed_in: Client
) -> None:
    point = ContactPoint.objects.create(
        counterparty=vera.counterparty, person=vera, kind="phone", value="+7 495 000-00-00"
    )
    history(signed_in, vera)
    point.delete()

    page = history(signed_in, vera).content.decode()

    assert "removed" in page


def test_a_former_value_comes_back_and_one_stays_on_the_persons_history(
    vera: ContactPerson, signed_in: Client
) -> None:
    vera.job_title = "Driver"
    vera.save()
    page = history(signed_in, vera)
    [change] = [
        field for entry in page.context["page"].entries for row in entry.rows
        for field in row.fields if field.column == "job_title"
    ]  # fmt: skip

    answer = signed_in.post(
        f"/history/restore/{change.change_id}/",
        {"column": "job_title", "on": TABLE, "of": str(vera.pk)},
    )

    vera.refresh_from_db()
    assert vera.job_title == ""
    assert answer["Location"] == f"/history/{TABLE}/{vera.pk}/"


def test_a_hidden_phone_is_not_in_the_history(
    vera: ContactPerson, olga: User, signed_in: Client
) -> None:
    ContactPoint.objects.create(
        counterparty=vera.counterparty, person=vera, kind="phone", value="+7 495 000-00-00"
    )
    vera.phone = "+7 495 222-22-22"
    vera.save()
    Counterparty.objects.filter(pk=vera.counterparty_id).update(is_vip=True)
    role = AccessRole.objects.create(name="No VIP", base=Role.MANAGER)
    RoleRight.objects.create(role=role, object="counterparties", action="vip", scope=Scope.NONE)
    olga.access_role = role
    olga.save()

    page = history(signed_in, vera).content.decode()

    assert "222-22-22" not in page
    assert "000-00-00" not in page


def test_a_person_of_another_company_has_no_history_here(
    anna: ContactPerson, rival_owner_client: Client
) -> None:
    assert history(rival_owner_client, anna).status_code == 404
