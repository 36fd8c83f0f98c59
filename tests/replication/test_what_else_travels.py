"""What rooms keep beside their documents goes with them: tags, own fields, what people arrange."""

from __future__ import annotations

import pytest

from apps.accounts.models import Role, User
from apps.core.models import Organization
from apps.core.tagging import tags_called
from apps.counterparties.models import Counterparty
from apps.custom import own_arrangement
from apps.custom.models import PersonalArrangement
from apps.finance.models import Payment
from apps.sales.models import Invoice
from tests.replication.conftest import Offices
from tests.replication.offices import NOW, Place, differences, exchange

DEALS = [{"key": "deals", "is_hidden": False}]
TASKS = [{"key": "tasks", "is_hidden": False}]


def meet(offices: Offices) -> None:
    for _ in range(3):
        for office in (offices.kazan, offices.izmir):
            exchange(offices.centre, office)


def test_tags_of_an_invoice_and_own_fields_of_a_payment_reach_an_office(offices: Offices) -> None:
    with offices.centre.entered():
        partner = Counterparty.objects.create(name="Ladoga")
        tags = tags_called(["Urgent"])
        Invoice.objects.create(
            number="26-00001", issued_on=NOW.date(), counterparty=partner, currency="RUB",
            organization=Organization.objects.create(name="We"), tags=tags,
        )  # fmt: skip
        Payment.objects.create(
            paid_on=NOW.date(), counterparty=partner, amount=30, currency="RUB",
            custom={"x_project": "Roof"},
        )  # fmt: skip

    meet(offices)

    with offices.kazan.entered():
        assert Invoice.objects.get().tags == tags
        assert Payment.objects.get().custom == {"x_project": "Roof"}
        Invoice.objects.update(tags=[])
        Payment.objects.update(custom={"x_project": "Cellar"})
    meet(offices)
    with offices.izmir.entered():
        assert Invoice.objects.get().tags == []
        assert Payment.objects.get().custom == {"x_project": "Cellar"}
    assert differences(offices.centre, offices.kazan) == []


@pytest.fixture
def vera(offices: Offices) -> User:
    """Who works at the centre today and in Kazan tomorrow."""
    with offices.centre.entered():
        user = User.objects.create_user(email="vera@acme.example", role=Role.MANAGER)
    meet(offices)
    return user


def arrange(place: Place, user: User, entries: list[dict[str, object]]) -> None:
    with place.entered():
        own_arrangement.save_menu(User.objects.get(pk=user.pk), entries)


def arranged(place: Place, user: User) -> list[object]:
    with place.entered():
        rows = PersonalArrangement.objects.filter(user_id=user.pk)
        return list(rows.values_list("value", flat=True))


def test_a_menu_arranged_at_an_office_is_there_at_the_centre_and_the_others(
    offices: Offices, vera: User
) -> None:
    """F244: what a person arranged goes with them from office to office."""
    arrange(offices.kazan, vera, DEALS)

    meet(offices)

    for place in (offices.centre, offices.izmir):
        assert arranged(place, vera) == [DEALS]


def test_what_two_places_arranged_is_one_row_of_which_the_later_counts(
    offices: Offices, vera: User
) -> None:
    arrange(offices.centre, vera, DEALS)
    arrange(offices.kazan, vera, TASKS)

    meet(offices)

    found = [arranged(place, vera) for place in (offices.centre, offices.kazan, offices.izmir)]
    assert found == [[TASKS]] * 3


def test_going_back_to_the_roles_menu_travels_too(offices: Offices, vera: User) -> None:
    arrange(offices.kazan, vera, DEALS)
    meet(offices)

    with offices.izmir.entered():
        own_arrangement.forget(User.objects.get(pk=vera.pk), own_arrangement.MENU)
    meet(offices)

    assert arranged(offices.kazan, vera) == [None]
