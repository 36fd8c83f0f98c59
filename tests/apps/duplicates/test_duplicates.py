"""The same thing entered twice: found, merged with everything, parted again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.core import objects
from apps.core.searching import matching
from apps.counterparties.contacts import PointValues
from apps.counterparties.models import BankAccount, ContactPerson, ContactPoint, Counterparty
from apps.counterparties.services import (
    AccountValues,
    ContactValues,
    CounterpartyValues,
    save_counterparty,
)
from apps.custom import services as custom
from apps.custom.models import CustomRow
from apps.custom.services import FieldValues
from apps.duplicates import bin as bin_
from apps.duplicates import selectors, services
from apps.duplicates.models import DuplicatePair, Merge, PairState
from apps.duplicates.services.merging import what_moves
from apps.mail.models import MailLink, MailMessage
from apps.service.models import ServiceRequest
from tests.apps.counterparties.test_counterparties import receive
from tests.apps.custom.test_computed_rights import narrow
from tests.apps.deals.conftest import Funnel, funnel, shop
from tests.apps.sales.conftest import Shop, party

__all__ = ["funnel", "shop"]

pytestmark = pytest.mark.usefixtures("company")


def entered(name: str, **more: Any) -> Counterparty:
    return save_counterparty(values=CounterpartyValues(name=name, **more))


def kind() -> objects.ObjectKind:
    return objects.kind("counterparties")


def found() -> list[tuple[str, str, list[str], int]]:
    services.find(kind=kind(), now=timezone.now())
    names = dict(Counterparty.objects.values_list("pk", "name"))
    pairs = DuplicatePair.objects.filter(state=PairState.OPEN).order_by("-score", "pk")
    return [(names[p.first], names[p.second], p.reasons, p.score) for p in pairs]


def merged(kept: Counterparty, *away: Counterparty, by: User, **values: Any) -> Merge:
    return services.merge(
        kind=kind(), kept=kept.pk, away=[row.pk for row in away], values=values, by=by
    )


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        ({"name": "ООО «Ромашка»", "tax_number": "7707083893"},
         {"name": "Торговый дом", "tax_number": "7707083893"}, ["tax_number"]),
        ({"name": "Ромашка", "phone": "+7 (495) 123-45-67"},
         {"name": "Лютик", "phone": "8 495 1234567"}, ["phone"]),
        ({"name": "Ромашка", "email": "Info@romashka.example"},
         {"name": "Лютик", "email": "info@romashka.example"}, ["email"]),
        ({"name": "ООО «Ромашка»"}, {"name": "Ромашка, ООО"}, ["name"]),
        ({"name": "Işık İnşaat Ltd. Şti."}, {"name": "ISIK INSAAT"}, ["name"]),
        ({"name": "Иванов Пётр Сергеевич"}, {"name": "Петр Сергеевич Иванов"}, ["name"]),
        ({"name": "Северсталь Метиз"}, {"name": "Северсталь Метис"}, ["~name"]),
    ],
    ids=["tax number", "phone", "e-mail", "legal form", "turkish letters", "order", "near"],
)  # fmt: skip
def test_the_same_entered_twice_is_found(one: dict, other: dict, reasons: list[str]) -> None:
    """F228, G045: duplicates in old data, fuzzy."""
    entered(**one)
    entered(**other)
    entered("Совсем другая фирма", tax_number="7736050003")

    assert [each[2] for each in found()] == [reasons]


def test_more_in_common_is_surer_and_different_numbers_speak_against_it() -> None:
    entered("Ромашка", phone="84951234567", email="a@b.example", tax_number="7707083893")
    entered("Ромашка", phone="84951234567", email="a@b.example", tax_number="7736050003")
    entered("Лютик", phone="84957654321", email="c@d.example")
    entered("Лютик", phone="84957654321", email="c@d.example")

    scores = {first: score for first, _second, _reasons, score in found()}

    assert scores["Лютик"] > 90
    assert scores["Ромашка"] < 50


def test_pairs_that_are_two_are_not_shown_again(manager: User) -> None:
    entered("Ромашка")
    entered("Ромашка")
    found()
    pairs = list(DuplicatePair.objects.values_list("pk", flat=True))
    services.dismiss(pairs=pairs, by=manager, now=timezone.now())

    assert found() == []


def test_who_is_entered_already_is_told_while_typing(manager: User) -> None:
    """F228: entering a known phone, tax number or name warns."""
    partner = entered("ООО Ромашка", phone="84951234567", tax_number="7707083893")

    def told(**values: str) -> list[tuple[UUID, tuple[str, ...]]]:
        rows = selectors.like(kind(), values, by=manager)
        return [(each.row.pk, each.fields) for each in rows]

    assert told(phone="+7 495 123 45 67") == [(partner.pk, ("Phone",))]
    assert told(tax_number="7707083893") == [(partner.pk, ("Tax number",))]
    assert told(name="ООО  ромашка") == [(partner.pk, ("Name",))]
    assert told(name="Лютик") == []


def test_a_merge_moves_everything_and_undo_brings_it_back(shop: Shop, manager: User) -> None:
    """G045: merge two companies: invoices, people and 1C links move; undo within 30 days."""
    kept = entered("Ромашка", comment="")
    away = shop.customer
    Counterparty.objects.filter(pk=away.pk).update(comment="pays late", node_id=uuid4(), ref="c7")
    invoice = shop.issued()
    ContactPerson.objects.create(counterparty=away, full_name="Anna")
    before = everything()

    merge = merged(kept, away, by=manager, comment="pays late")

    invoice.refresh_from_db()
    kept.refresh_from_db()
    away.refresh_from_db()
    assert (invoice.counterparty, kept.comment, away.is_archived) == (kept, "pays late", True)
    assert [person.full_name for person in kept.contact_persons.all()] == ["Anna"]

    services.part(merge=merge, by=manager, now=timezone.now())

    assert everything() == before


def test_deals_and_letters_move_and_come_back(funnel: Funnel, manager: User) -> None:
    """G045: deals and mails move; undone, they stand where they were."""
    kept, away = entered("Ромашка"), funnel.shop.customer
    deal = funnel.deal("Delivery")
    now = timezone.now()
    letter = MailMessage.objects.create(message_id="1@a.example", sent_at=now, subject="Offer")
    link = MailLink.objects.create(
        message=letter, kind="counterparties", key=away.pk, counterparty=away, at=now
    )

    merge = merged(kept, away, by=manager)

    deal.refresh_from_db()
    link = MailLink.objects.get(pk=link.pk)
    assert (deal.counterparty, link.key, link.counterparty) == (kept, kept.pk, kept)
    services.part(merge=merge, by=manager, now=now)
    deal.refresh_from_db()
    link = MailLink.objects.get(pk=link.pk)
    assert (deal.counterparty, link.key, link.counterparty) == (away, away.pk, away)


def test_requests_move_and_come_back(manager: User) -> None:
    """G045: what refers to a row without a way back moves too: service requests, files."""
    kept, away = entered("Ромашка"), entered("Ромашка дубль")
    asked = ServiceRequest.objects.create(counterparty=away, subject="Broken")

    merge = merged(kept, away, by=manager)

    assert ServiceRequest.objects.get(pk=asked.pk).counterparty_id == kept.pk
    services.part(merge=merge, by=manager, now=timezone.now())
    assert ServiceRequest.objects.get(pk=asked.pk).counterparty_id == away.pk


def test_what_leads_to_a_row_by_an_own_field_leads_to_the_one_that_stayed(
    manager: User, owner: User
) -> None:
    """G045, G048: a machine stays with its customer; a customer with one is never purged."""
    machines = custom.save_object(values={"label": "Machine", "label_plural": "Machines"})
    custom.add_field(
        kind=machines.key,
        values=FieldValues(label="Customer", type="relation", related="counterparties"),
    )
    kept, away = entered("Ромашка"), entered("Ромашка дубль")
    machine = objects.save(objects.kind(machines.key), by=manager,
                           values={"name": "Lathe", "x_customer": away.pk})  # fmt: skip
    counted = dict(what_moves(kind(), [kept.pk, away.pk]))
    assert counted["Machines"] == {away.pk: 1}

    def customer() -> str:
        return CustomRow.objects.get(pk=machine.pk).custom["x_customer"]

    merge = merged(kept, away, by=manager)
    assert customer() == str(kept.pk)
    services.part(merge=merge, by=manager, now=timezone.now())
    assert customer() == str(away.pk)
    bin_.delete(kind=kind(), keys=[away.pk], by=owner)
    later = timezone.now() + timedelta(days=31)
    assert bin_.purge(kind=kind(), keys=[away.pk], by=owner, now=later)[0] == 0


def test_a_customer_with_a_request_is_never_purged(owner: User) -> None:
    """F229: nothing goes with a customer that is removed for good."""
    asked = ServiceRequest.objects.create(counterparty=entered("Ромашка"), subject="Broken")
    keys = [asked.counterparty_id]
    bin_.delete(kind=kind(), keys=keys, by=owner)

    later = timezone.now() + timedelta(days=31)

    assert bin_.purge(kind=kind(), keys=keys, by=owner, now=later) == (0, ["Ромашка"])
    assert ServiceRequest.objects.filter(pk=asked.pk).exists()


def test_what_stands_at_both_is_kept_once_and_comes_back(manager: User) -> None:
    account = [AccountValues(number="40702810900000000001", bank_name="Bank")]
    kept = entered("Ромашка", bank_accounts=account)
    away = entered("Ромашка", bank_accounts=account)
    before = everything()

    merge = merged(kept, away, by=manager)
    assert BankAccount.objects.filter(counterparty=kept).count() == 1
    assert not BankAccount.objects.filter(counterparty=away).exists()

    services.part(merge=merge, by=manager, now=timezone.now())
    assert everything() == before


def test_five_become_one(manager: User) -> None:
    rows = [entered(f"Ромашка {n}", contact_persons=[ContactValues(f"P{n}")]) for n in range(5)]

    merged(*rows, by=manager)

    assert Counterparty.objects.filter(is_archived=False).count() == 1
    assert rows[0].contact_persons.count() == 5


def test_the_next_exchange_finds_the_one_that_stayed(manager: User) -> None:
    """G045: every identity of 1C leads to the survivor; 1C deleting its copy deletes nothing."""
    receive(party(ref="c1", name="Ромашка"), party(ref="c2", name="Ромашка дубль"))
    kept = Counterparty.objects.get(ref="c1")
    merged(kept, Counterparty.objects.get(ref="c2"), by=manager)

    receive(party(ref="c2", name="Ромашка дубль", full_name="ООО Ромашка"))
    receive(party(ref="c2", name="Ромашка дубль", is_deleted=True))

    kept.refresh_from_db()
    assert Counterparty.objects.count() == 2
    assert (kept.ref, kept.is_archived) == ("c1", False)


def test_what_an_office_writes_to_a_merged_row_later_is_led_on(manager: User) -> None:
    kept, away = entered("Ромашка"), entered("Ромашка")
    merged(kept, away, by=manager)
    ContactPerson.objects.create(counterparty=away, full_name="Late")

    moved = services.follow_late(now=timezone.now())

    assert moved == 1
    assert [person.full_name for person in kept.contact_persons.all()] == ["Late"]


def test_a_field_changed_since_keeps_its_value_when_parted(manager: User) -> None:
    kept, away = entered("Ромашка"), entered("Ромашка", phone="84951234567", email="a@b.example")
    merge = merged(kept, away, by=manager, phone=away.phone, email=away.email)
    kept.refresh_from_db()
    kept.phone = "84950000000"
    kept.save()

    services.part(merge=merge, by=manager, now=timezone.now())

    kept.refresh_from_db()
    assert (kept.phone, kept.email) == ("84950000000", "")


def test_a_merge_is_not_undone_twice_or_after_a_month(manager: User) -> None:
    merge = merged(entered("Ромашка"), entered("Ромашка"), by=manager)

    with pytest.raises(services.CannotPart, match="too_old"):
        services.part(merge=merge, by=manager, now=timezone.now() + timedelta(days=31))
    services.part(merge=merge, by=manager, now=timezone.now())
    with pytest.raises(services.CannotPart, match="undone"):
        services.part(merge=merge, by=manager, now=timezone.now())


def test_rows_one_may_not_change_are_not_merged(accountant: User) -> None:
    rows = [entered("Ромашка"), entered("Ромашка")]

    with pytest.raises(services.NotMergeable):
        merged(*rows, by=accountant)

    assert not Counterparty.objects.filter(is_archived=True).exists()


def test_sure_pairs_are_merged_in_bulk_and_lose_nothing(manager: User) -> None:
    """G045: bulk merge."""
    for name, inn in (("Ромашка", "7707083893"), ("Лютик", "7736050003")):
        entered(name, tax_number=inn)
        entered(name, tax_number=inn, phone="84951234567" if name == "Ромашка" else "")
    entered("Похожая фирма один")
    entered("Похожая фирма адин")
    found()
    pairs = list(DuplicatePair.objects.values_list("pk", flat=True))

    assert services.merge_sure(kind=kind(), pairs=pairs, by=manager) == (2, 1)
    assert Counterparty.objects.get(name="Ромашка", is_archived=False).phone == "84951234567"


def test_a_bulk_merge_keeps_what_has_no_room_in_the_fields(manager: User) -> None:
    """G045: own fields, marks, tags, further phones; undone, all is as it was."""
    custom.add_field(kind="counterparties", values=FieldValues(label="Region"))
    kept = entered("Ромашка", tax_number="7707083893", phone="+7 495 123-45-67", tags=["a"])
    away = entered("Ромашка", tax_number="7707083893", phone="+7 495 765-43-21",
                   email="a@b.example", is_vip=True, tags=["b"])  # fmt: skip
    Counterparty.objects.filter(pk=away.pk).update(custom={"x_region": "North"})
    found()
    before = everything()

    services.merge_sure(
        kind=kind(), pairs=list(DuplicatePair.objects.values_list("pk", flat=True)), by=manager
    )

    kept.refresh_from_db()
    assert (kept.phone, kept.email) == ("+7 495 123-45-67", "a@b.example")
    assert (kept.custom, kept.is_vip, kept.tags) == ({"x_region": "North"}, True, ["a", "b"])
    assert [point.value for point in kept.points.all()] == ["+7 495 765-43-21"]
    in_use = Counterparty.objects.filter(is_archived=False)
    assert list(matching(in_use, "7654321", by=None)) == [kept]
    services.part(merge=Merge.objects.get(), by=manager, now=timezone.now())
    assert everything() == before
    assert not ContactPoint.objects.exists()


def test_a_phone_that_was_not_chosen_is_kept_as_a_further_one(manager: User) -> None:
    """G045: nobody is out of reach after a merge."""
    kept = entered("Ромашка", phone="84951234567")
    away = entered("Ромашка", phone="84957654321",
                   points=[PointValues("email", "a@b.example")])  # fmt: skip

    merged(kept, away, by=manager, phone=away.phone)

    kept.refresh_from_db()
    assert kept.phone == "84957654321"
    assert {point.value for point in kept.points.all()} == {"84951234567", "a@b.example"}
    assert kept.further_contacts == "a@b.example 84951234567"


def test_the_address_of_a_merged_row_leads_to_the_one_that_stayed(
    manager: User, manager_client: Client
) -> None:
    kept, away = entered("Ромашка"), entered("Ромашка дубль")
    merged(kept, away, by=manager)

    answer = manager_client.get(f"/counterparties/{away.pk}/", follow=True)

    assert answer.redirect_chain == [(f"/counterparties/{kept.pk}/", 302)]
    assert "“Ромашка дубль” was merged into this one." in answer.content.decode()


def test_one_who_may_not_see_the_one_that_stayed_is_not_led_there(
    manager: User, manager_client: Client
) -> None:
    kept, away = entered("Ромашка"), entered("Ромашка дубль", responsible_id=manager.pk)
    merged(kept, away, by=manager)
    narrow(manager, "counterparties")

    answer = manager_client.get(f"/counterparties/{away.pk}/", follow=True)

    assert answer.redirect_chain == []
    assert answer.status_code == 200


# The bin and the report ---------------------------------------------------------------------------


def test_a_hundred_deleted_come_back_with_their_links(manager: User) -> None:
    """G046, F229: delete 100, restore from the bin with all links."""
    rows = [entered(f"Фирма {n}", contact_persons=[ContactValues("Anna")]) for n in range(100)]
    keys = [row.pk for row in rows]

    assert bin_.delete(kind=kind(), keys=keys, by=manager) == 100
    assert bin_.deleted_rows(kind(), manager).count() == 100
    assert bin_.restore(kind=kind(), keys=keys, by=manager) == 100

    assert not Counterparty.objects.filter(is_archived=True).exists()
    assert ContactPerson.objects.filter(counterparty__in=keys).count() == 100


def test_a_customer_with_documents_is_never_purged(shop: Shop, owner: User) -> None:
    """F229: deleting a customer with documents is refused; what has none goes after 30 days."""
    shop.issued()
    free = entered("Никто")
    keys = [shop.customer.pk, free.pk]
    bin_.delete(kind=kind(), keys=keys, by=owner)

    with pytest.raises(bin_.TooEarly):
        bin_.purge(kind=kind(), keys=keys, by=owner, now=timezone.now())
    later = timezone.now() + timedelta(days=31)

    assert bin_.purge(kind=kind(), keys=keys, by=owner, now=later) == (1, [shop.customer.name])
    assert not Counterparty.objects.filter(pk=free.pk).exists()


def test_merged_rows_are_not_in_the_bin(manager: User) -> None:
    merged(entered("Ромашка"), entered("Ромашка"), by=manager)

    assert not bin_.deleted_rows(kind(), manager).exists()


def test_the_report_lists_incomplete_and_dead_rows(shop: Shop, manager: User) -> None:
    """F130: incomplete, duplicate and dead records."""
    shop.issued()
    dead = entered("Давно", tax_number="7707083893")
    empty = entered("Пусто")
    old = timezone.now() - timedelta(days=900)
    Counterparty.objects.filter(pk__in=[dead.pk, shop.customer.pk]).update(updated_at=old)
    now = timezone.now()

    assert empty in selectors.incomplete(kind(), manager)
    assert list(selectors.dead(kind(), manager, now=now)) == [dead]


# Screens ------------------------------------------------------------------------------------------


def test_pairs_are_compared_merged_and_parted_on_screen(manager_client: Client) -> None:
    kept, away = entered("Ромашка"), entered("ООО Ромашка", phone="84951234567")
    found()
    page = manager_client.get("/duplicates/?kind=counterparties").content.decode()
    assert "ООО Ромашка" in page

    address = f"/duplicates/compare/?kind=counterparties&key={kept.pk}&key={away.pk}"
    assert "84951234567" in manager_client.get(address).content.decode()
    chosen = {"kept": str(kept.pk), "field-name": str(away.pk), "field-phone": str(away.pk)}
    manager_client.post(address, chosen)
    kept.refresh_from_db()
    assert (kept.name, kept.phone) == ("ООО Ромашка", "84951234567")

    manager_client.post(f"/duplicates/merged/{Merge.objects.get().pk}/undo/")
    kept.refresh_from_db()
    assert (kept.name, kept.phone) == ("Ромашка", "")


def test_the_report_puts_rows_into_the_bin_and_the_bin_gives_them_back(
    manager_client: Client,
) -> None:
    """F130: one-click actions."""
    empty = entered("Пусто")
    assert "Пусто" in manager_client.get("/duplicates/report/?kind=counterparties").content.decode()

    discard = "/duplicates/report/discard/?kind=counterparties&what=incomplete"
    manager_client.post(discard, {"id": str(empty.pk)})
    page = manager_client.get("/duplicates/bin/?kind=counterparties").content.decode()
    assert "Marina Manager" in page
    manager_client.post("/duplicates/bin/restore/?kind=counterparties", {"id": str(empty.pk)})

    empty.refresh_from_db()
    assert not empty.is_archived


def test_only_who_runs_the_company_deletes_for_good(manager_client: Client) -> None:
    assert manager_client.post("/duplicates/bin/purge/").status_code == 403


def test_who_may_change_nothing_sees_no_pairs(accountant_client: Client) -> None:
    entered("Ромашка")
    entered("Ромашка")
    found()

    assert accountant_client.get("/duplicates/").status_code == 403


def test_another_company_reaches_no_pair(rival_owner_client: Client, manager: User) -> None:
    kept, away = entered("Ромашка"), entered("Ромашка")
    address = f"/duplicates/compare/?kind=counterparties&key={kept.pk}&key={away.pk}"

    assert rival_owner_client.get(address).status_code == 404


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the rooms concerned, but for the moment of its latest change."""
    told = {}
    with connection.cursor() as cursor:
        for table in ("counterparties_counterparty", "counterparties_contactperson",
                      "counterparties_bankaccount", "sales_invoice"):  # fmt: skip
            cursor.execute(f"SELECT to_jsonb(t) - 'updated_at' FROM {table} t ORDER BY t.id")
            told[table] = [row[0] for row in cursor.fetchall()]
    return told
