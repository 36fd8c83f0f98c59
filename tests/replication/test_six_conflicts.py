"""The six cases on which log-shipping replication stops, diverges or orphans rows, and others.

Each converges on all sides with nothing lost: both values are in the conflict or in the row
(replication reference, chapters 3 and 6.5).
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
import uuid_utils.compat

from apps.core.models import Organization
from apps.counterparties.models import BankAccount, ContactPerson, Counterparty
from apps.finance.models import Payment
from apps.sales.models import Invoice, InvoiceLine, InvoicePayment
from replication import conflicts, plan, retrying
from replication.models import BranchNode, Conflict, ConflictKind, ParkedChange, Winner
from tests.replication.conftest import Offices
from tests.replication.offices import NOW, Place, differences, exchange

BY = uuid_utils.compat.uuid7()


@pytest.fixture
def joined(offices: Offices) -> Offices:
    """Both offices hold a copy with one counterparty."""
    with offices.centre.entered():
        Counterparty.objects.create(name="Ladoga", phone="1", email="a@x.example")
    meet(offices)
    return offices


def meet(offices: Offices) -> None:
    """Exchange until everything has been everywhere."""
    for _ in range(3):
        for office in (offices.kazan, offices.izmir):
            exchange(offices.centre, office)


def change(place: Place, **values: object) -> None:
    with place.entered():
        assert Counterparty.objects.filter(name__startswith="Ladoga").update(**values)


def ladoga(place: Place) -> Counterparty:
    with place.entered():
        return Counterparty.objects.get(name__startswith="Ladoga")


def the_conflict(offices: Offices) -> Conflict:
    with offices.centre.entered():
        return Conflict.objects.get()


def nothing_differs(offices: Offices) -> bool:
    for office in (offices.kazan, offices.izmir):
        assert differences(offices.centre, office) == [], office.name
    return True


def test_both_change_different_fields_and_both_stay(joined: Offices) -> None:
    change(joined.centre, phone="2")
    change(joined.kazan, email="b@x.example")

    meet(joined)

    assert nothing_differs(joined)
    assert (ladoga(joined.izmir).phone, ladoga(joined.izmir).email) == ("2", "b@x.example")
    with joined.centre.entered():
        assert not Conflict.objects.exists()


def test_both_change_one_field_and_the_later_stays_with_both_values_kept(joined: Offices) -> None:
    """F108: what both changed is merged, and both values stand in the conflict."""
    change(joined.centre, phone="centre")
    change(joined.kazan, phone="kazan")

    meet(joined)

    conflict = the_conflict(joined)
    assert nothing_differs(joined)
    assert ladoga(joined.izmir).phone == "kazan"
    assert (conflict.base, conflict.centre, conflict.branch) == ("1", "centre", "kazan")
    assert conflict.winner == Winner.BRANCH


def test_the_value_that_lost_can_be_taken_and_reaches_everybody(joined: Offices) -> None:
    change(joined.centre, phone="centre")
    change(joined.kazan, phone="kazan")
    meet(joined)

    with joined.centre.entered():
        conflicts.take_other(conflict=Conflict.objects.get(), by=BY, now=NOW)
        conflicts.take_other(conflict=Conflict.objects.get(), by=BY, now=NOW)
    meet(joined)

    assert nothing_differs(joined)
    assert ladoga(joined.kazan).phone == "centre"
    assert not the_conflict(joined).is_open


@pytest.mark.parametrize(
    ("policy", "stays", "winner"),
    [
        ("centre", "centre", Winner.CENTRE), ("branch", "kazan", Winner.BRANCH),
        ("received", "kazan", Winner.BRANCH), ("ask", "centre", Winner.CENTRE),
    ],
)  # fmt: skip
def test_a_policy_decides(
    joined: Offices, monkeypatch: pytest.MonkeyPatch, policy: str, stays: str, winner: Winner
) -> None:
    entry = plan.of_table("counterparties_counterparty")
    assert entry is not None
    monkeypatch.setitem(entry.__dict__, "policy", policy)
    change(joined.centre, phone="centre")
    change(joined.kazan, phone="kazan")

    meet(joined)

    assert nothing_differs(joined)
    assert ladoga(joined.kazan).phone == stays
    assert the_conflict(joined).winner == winner


def test_a_clock_a_day_ahead_does_not_win(joined: Offices) -> None:
    with joined.centre.entered():
        BranchNode.objects.update(clock_offset=timedelta(days=1).total_seconds())
    change(joined.kazan, phone="kazan")
    change(joined.centre, phone="centre")

    meet(joined)

    assert nothing_differs(joined)
    assert the_conflict(joined).winner == Winner.CENTRE


def test_the_centre_deletes_what_an_office_changed_and_it_returns(joined: Offices) -> None:
    with joined.centre.entered():
        Counterparty.objects.all().delete()
    change(joined.kazan, phone="kazan")

    meet(joined)

    assert nothing_differs(joined)
    assert ladoga(joined.izmir).phone == "kazan"
    assert the_conflict(joined).kind == ConflictKind.DELETED


def test_an_office_deletes_what_the_centre_changed_and_it_returns(joined: Offices) -> None:
    with joined.kazan.entered():
        Counterparty.objects.all().delete()
    change(joined.centre, phone="centre")

    meet(joined)

    assert nothing_differs(joined)
    assert ladoga(joined.kazan).phone == "centre"
    assert the_conflict(joined).kind == ConflictKind.DELETED


def test_what_an_office_deletes_is_gone_everywhere_and_stays_so(joined: Offices) -> None:
    with joined.kazan.entered():
        Counterparty.objects.all().delete()

    meet(joined)

    assert nothing_differs(joined)
    with joined.izmir.entered():
        assert not Counterparty.objects.exists()


def test_both_make_a_row_with_one_key(joined: Offices) -> None:
    key = uuid_utils.compat.uuid7()
    with joined.centre.entered():
        Organization.objects.create(pk=key, name="Of the centre", phone="1")
    with joined.kazan.entered():
        Organization.objects.create(pk=key, name="Of Kazan", phone="1")

    meet(joined)

    assert nothing_differs(joined)
    with joined.kazan.entered():
        assert Organization.objects.get().name == "Of the centre"
    with joined.centre.entered():
        conflict = Conflict.objects.get(column="name")
    assert (conflict.centre, conflict.branch) == ("Of the centre", "Of Kazan")


def test_both_enter_one_tax_number_and_joining_is_proposed(joined: Offices) -> None:
    numbers = {"tax_number": "7707083893", "tax_reason_code": "770701001"}
    with joined.centre.entered():
        first = Counterparty.objects.create(name="Sber", **numbers)
    with joined.kazan.entered():
        second = Counterparty.objects.create(name="Sberbank", **numbers)
        ContactPerson.objects.create(counterparty=second, full_name="Anna")

    meet(joined)

    assert nothing_differs(joined)
    proposal = the_conflict(joined)
    assert (proposal.kind, proposal.is_open) == (ConflictKind.SAME_KEY, True)
    assert {proposal.key, proposal.other_key} == {first.pk, second.pk}


def test_joined_rows_are_one_everywhere_and_late_changes_land_on_it(joined: Offices) -> None:
    numbers = {"tax_number": "7707083893", "tax_reason_code": "770701001"}
    with joined.centre.entered():
        first = Counterparty.objects.create(name="Sber", **numbers)
    with joined.kazan.entered():
        second = Counterparty.objects.create(name="Sberbank", **numbers)
        ContactPerson.objects.create(counterparty=second, full_name="Anna")
    meet(joined)

    with joined.centre.entered():
        conflicts.join(
            table="counterparties_counterparty", keep=first.pk, away=second.pk, by=BY, now=NOW
        )
    with joined.izmir.entered():
        Counterparty.objects.filter(pk=second.pk).update(phone="late")
        ContactPerson.objects.create(counterparty_id=second.pk, full_name="Boris")
    meet(joined)

    assert nothing_differs(joined)
    with joined.kazan.entered():
        kept = Counterparty.objects.get(name="Sber")
        assert kept.phone == "late"
        assert {each.full_name for each in kept.contact_persons.all()} == {"Anna", "Boris"}
        assert not Counterparty.objects.filter(pk=second.pk).exists()


def test_changes_of_both_joined_rows_in_one_message_are_all_kept(joined: Offices) -> None:
    numbers = {"tax_number": "7707083893", "tax_reason_code": "770701001"}
    with joined.centre.entered():
        first = Counterparty.objects.create(name="Sber", **numbers)
        second = Counterparty.objects.create(name="Sberbank", **numbers)
    meet(joined)

    with joined.centre.entered():
        conflicts.join(
            table="counterparties_counterparty", keep=first.pk, away=second.pk, by=BY, now=NOW
        )
    with joined.kazan.entered():  # it has not heard that the two are one
        Counterparty.objects.filter(pk=second.pk).update(phone="of the second", email="a@b.example")
        Counterparty.objects.filter(pk=first.pk).update(phone="of the first", comment="new")
    meet(joined)

    assert nothing_differs(joined)
    with joined.centre.entered():
        kept = Counterparty.objects.get(pk=first.pk)
        conflict = Conflict.objects.get(column="phone")
    assert (kept.phone, kept.email, kept.comment) == ("of the first", "a@b.example", "new")
    assert {conflict.centre, conflict.branch} == {"of the first", "of the second"}


def test_the_centre_deletes_a_parent_of_what_an_office_adds(joined: Offices) -> None:
    parent = ladoga(joined.kazan)
    with joined.centre.entered():
        Counterparty.objects.all().delete()
    with joined.kazan.entered():
        ContactPerson.objects.create(counterparty_id=parent.pk, full_name="Anna")

    meet(joined)

    assert nothing_differs(joined)
    with joined.izmir.entered():
        assert ContactPerson.objects.get().counterparty_id == parent.pk
    assert the_conflict(joined).kind == ConflictKind.PARENT


def test_an_office_deletes_a_parent_of_what_the_centre_adds(joined: Offices) -> None:
    parent = ladoga(joined.kazan)
    with joined.kazan.entered():
        Counterparty.objects.all().delete()
    with joined.centre.entered():
        ContactPerson.objects.create(counterparty_id=parent.pk, full_name="Anna")

    meet(joined)

    assert nothing_differs(joined)
    with joined.kazan.entered():
        assert ContactPerson.objects.get().counterparty_id == parent.pk


def test_two_offices_give_an_invoice_one_number(joined: Offices) -> None:
    for place in (joined.kazan, joined.izmir):
        with place.entered():
            organization = Organization.objects.create(name=f"We in {place.name}")
            Invoice.objects.create(
                number="26-00001", issued_on=NOW.date(), organization=organization,
                counterparty=Counterparty.objects.get(), currency="RUB",
            )  # fmt: skip

    meet(joined)

    assert nothing_differs(joined)
    with joined.centre.entered():
        numbers = set(Invoice.objects.values_list("number", flat=True))
        assert numbers == {"26-00001", "26-00001/2"}
        assert Conflict.objects.get().kind == ConflictKind.RENAMED
        assert not ParkedChange.objects.exists()


def test_sums_follow_the_lines_and_payments_of_both_sides(joined: Offices) -> None:
    with joined.centre.entered():
        partner = Counterparty.objects.get()
        invoice = Invoice.objects.create(
            number="26-00001", issued_on=NOW.date(), counterparty=partner, currency="RUB",
            organization=Organization.objects.create(name="We"), status="sent",
        )  # fmt: skip
    meet(joined)
    for place, total in ((joined.kazan, 100), (joined.izmir, 50)):
        with place.entered():
            InvoiceLine.objects.create(
                invoice_id=invoice.pk, name=place.name, quantity=1, price=total, total=total
            )
    with joined.centre.entered():
        payment = Payment.objects.create(
            paid_on=NOW.date(), counterparty=partner, amount=30, currency="RUB"
        )
        InvoicePayment.objects.create(invoice=invoice, payment=payment, amount=30)

    meet(joined)

    for place in (joined.centre, joined.kazan, joined.izmir):
        with place.entered():
            found = Invoice.objects.get()
            assert (found.total, found.paid_total, found.payment_state) == (150, 30, "partly_paid")
    assert nothing_differs(joined)


def test_two_offices_enter_one_bank_account(joined: Offices) -> None:
    for place, bank in ((joined.kazan, "Sber"), (joined.izmir, "VTB")):
        with place.entered():
            BankAccount.objects.create(
                counterparty=Counterparty.objects.get(), number="40702810", bank_name=bank
            )

    meet(joined)

    assert nothing_differs(joined)
    with joined.centre.entered():
        assert BankAccount.objects.count() == 1
        kept = Conflict.objects.filter(kind=ConflictKind.SAME_KEY).get()
        assert isinstance(kept.key, UUID)
        assert not ParkedChange.objects.exists()


def test_a_change_that_waited_lands_in_its_own_columns(joined: Offices) -> None:
    with joined.centre.entered():
        partner, node = Counterparty.objects.get(), BranchNode.objects.get(name="Kazan")
        parked = ParkedChange.objects.create(
            node=node, number=1, table="counterparties_counterparty", key=partner.pk,
            operation="change", reason="check",
            row={"id": str(partner.pk), "@at": None, "email": "b@x.example", "@mask": "01",
                 "comment": None, "@base.email": "a@x.example", "@base.comment": None},
        )  # fmt: skip

        assert retrying.retry(parked=parked, now=NOW)

        partner.refresh_from_db()
        assert (partner.email, partner.comment) == ("b@x.example", "")
