"""An exchange between the centre and its offices: what travels, once, whatever repeats."""

from __future__ import annotations

from uuid import UUID

from apps.catalog.models import Product, ProductGroup
from apps.core.models import Organization
from apps.counterparties.models import ContactPerson, Counterparty
from tests.replication.conftest import Offices
from tests.replication.offices import differences, exchange


def test_a_first_copy_brings_everything(offices: Offices) -> None:
    with offices.centre.entered():
        group = ProductGroup.objects.create(name="Nails")
        ProductGroup.objects.create(name="Long nails", parent=group)
        Product.objects.create(name="Nail 50 mm", group=group)
        Counterparty.objects.create(name="Ladoga")

    exchange(offices.centre, offices.kazan)

    assert differences(offices.centre, offices.kazan) == []
    with offices.kazan.entered():
        assert Counterparty.objects.get().name == "Ladoga"


def test_what_each_side_does_reaches_the_other(offices: Offices) -> None:
    exchange(offices.centre, offices.kazan)
    with offices.kazan.entered():
        ladoga = Counterparty.objects.create(name="Ladoga")
        ContactPerson.objects.create(counterparty=ladoga, full_name="Anna")
    exchange(offices.centre, offices.kazan)
    with offices.centre.entered():
        Counterparty.objects.filter(pk=ladoga.pk).update(phone="123")
        Organization.objects.create(name="We")
    exchange(offices.centre, offices.kazan)
    exchange(offices.centre, offices.izmir)

    assert differences(offices.centre, offices.kazan) == []
    assert differences(offices.centre, offices.izmir) == []
    with offices.izmir.entered():
        assert ContactPerson.objects.get().counterparty.phone == "123"
        assert isinstance(ladoga.pk, UUID)
