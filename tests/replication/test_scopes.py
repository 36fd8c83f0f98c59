"""What an office may hold: what comes into its scope, what leaves it, what is not its business."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.counterparties.models import ContactPerson, Counterparty
from replication import plan, scopes
from replication.messages import Message, sections
from replication.models import ParkedChange
from replication.packing import pack
from tests.replication.conftest import Offices
from tests.replication.offices import NOW, Place, differences, exchange, node_at

OWN = {"counterparties": {"choice": "office"}}
MOST_OF_ONE = 60


def restrict(offices: Offices, *places: Place) -> None:
    for place in places:
        with offices.centre.entered():
            scopes.change_scope(node=node_at(offices.centre, place), scope=OWN)


def meet(offices: Offices) -> None:
    for _ in range(2):
        exchange(offices.centre, offices.kazan)
        exchange(offices.centre, offices.izmir)


def names(place: Place) -> list[str]:
    with place.entered():
        return sorted(Counterparty.objects.values_list("name", flat=True))


def test_a_customer_handed_over_leaves_one_office_and_is_whole_in_the_other(
    offices: Offices,
) -> None:
    restrict(offices, offices.kazan, offices.izmir)
    with offices.centre.entered():
        partner = Counterparty.objects.create(name="Ladoga", office_id=offices.kazan.node_id)
        ContactPerson.objects.create(counterparty=partner, full_name="Anna")
        Counterparty.objects.create(name="Nobody's")
    meet(offices)
    assert (names(offices.kazan), names(offices.izmir)) == (["Ladoga"], [])

    with offices.centre.entered():
        Counterparty.objects.filter(name="Ladoga").update(office_id=offices.izmir.node_id)
    meet(offices)

    assert (names(offices.kazan), names(offices.izmir)) == ([], ["Ladoga"])
    with offices.izmir.entered():
        assert ContactPerson.objects.get().full_name == "Anna"
    assert names(offices.centre) == ["Ladoga", "Nobody's"]


def test_what_an_office_changed_before_it_lost_a_customer_is_not_lost(offices: Offices) -> None:
    restrict(offices, offices.kazan)
    with offices.centre.entered():
        Counterparty.objects.create(name="Ladoga", office_id=offices.kazan.node_id)
    meet(offices)
    with offices.centre.entered():
        Counterparty.objects.update(office_id=None)
    with offices.kazan.entered():
        Counterparty.objects.update(phone="late")
        ContactPerson.objects.create(counterparty=Counterparty.objects.get(), full_name="Anna")

    meet(offices)

    assert names(offices.kazan) == []
    with offices.centre.entered():
        assert Counterparty.objects.get().phone == "late"
        assert ContactPerson.objects.get().full_name == "Anna"
        assert not ParkedChange.objects.exists()


def test_a_wider_and_a_narrower_rule_bring_and_withdraw_the_difference(offices: Offices) -> None:
    with offices.centre.entered():
        Counterparty.objects.create(name="Ladoga", office_id=offices.kazan.node_id)
        Counterparty.objects.create(name="Volga")
    meet(offices)
    assert names(offices.kazan) == ["Ladoga", "Volga"]

    restrict(offices, offices.kazan)
    meet(offices)
    assert names(offices.kazan) == ["Ladoga"]

    with offices.centre.entered():
        scopes.change_scope(node=node_at(offices.centre, offices.kazan), scope={})
    meet(offices)
    assert differences(offices.centre, offices.kazan) == []


def test_tables_of_which_no_row_moves_are_hardly_asked_for(offices: Offices) -> None:
    """An office that holds a part meets the centre every minute, mostly to hear of one change."""
    restrict(offices, offices.kazan)
    with offices.centre.entered():
        Counterparty.objects.create(name="Ladoga", office_id=offices.kazan.node_id)
    meet(offices)
    with offices.centre.entered():
        Counterparty.objects.update(phone="1")

        with CaptureQueriesContext(connection) as asked:
            pack(node=node_at(offices.centre, offices.kazan), now=NOW)

    assert len(asked) <= 2 * len(scopes.restricted(OWN)) + MOST_OF_ONE


def test_no_byte_of_another_offices_customer_travels(offices: Offices) -> None:
    """F109: an office receives its own customers only."""
    restrict(offices, offices.kazan)
    with offices.centre.entered():
        secret = Counterparty.objects.create(name="canary-5419")
        ContactPerson.objects.create(counterparty=secret, full_name="canary-5420")
    meet(offices)
    with offices.centre.entered():
        Counterparty.objects.update(phone="canary-5421")

    meet(offices)

    to_kazan = [
        Message.decode(data) for data in offices.centre.sent
        if Message.decode(data).head.node == offices.kazan.node_id
    ]  # fmt: skip
    plain = b"".join(part.data for message in to_kazan for part in sections(message.body))
    assert to_kazan
    assert b"canary" not in plain


def test_an_office_cannot_write_what_it_may_not_hold(offices: Offices) -> None:
    restrict(offices, offices.kazan)
    with offices.centre.entered():
        secret = Counterparty.objects.create(name="Volga", phone="1")
    meet(offices)
    with offices.kazan.entered():  # by hand in its database, with a key it should not know
        Counterparty.objects.create(pk=secret.pk, name="Volga", phone="changed")
        Counterparty.objects.create(name="Foreign", office_id=offices.izmir.node_id)

    meet(offices)

    with offices.centre.entered():
        assert Counterparty.objects.get(pk=secret.pk).phone == "1"
        assert not Counterparty.objects.filter(name="Foreign").exists()
        assert {each.reason for each in ParkedChange.objects.all()} == {"not_in_scope"}


def test_every_captured_model_travels_or_stays_with_a_reason() -> None:
    from django.apps import apps

    from replication.registry import local_models

    known = {each.label.lower() for each in plan.all_travelling()}
    known |= {each.label.lower() for each in plan.all_whole()}
    known |= set(plan.staying()) | set(local_models())
    ours = {
        model._meta.label_lower for model in apps.get_models()
        if model.__module__.startswith(("apps.", "exchange.", "replication."))
    }  # fmt: skip
    assert ours - known == set()
