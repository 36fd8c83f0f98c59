"""Customers as a sales manager knows them: reached, grouped, led from lead to customer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Role, User
from apps.api.models import ApiReplay
from apps.core import objects, tagging
from apps.core.models import Tag
from apps.core.objects import ChangedMeanwhile
from apps.counterparties import contacts, handing_over, leads, privacy, selectors, services
from apps.counterparties.duplicates import like
from apps.counterparties.models import (
    Attachment,
    Consent,
    ContactPerson,
    ContactPoint,
    Counterparty,
    CounterpartyStatus,
    HandOver,
)
from apps.counterparties.people import PersonValues, RoleValues, people_of, save_person
from apps.counterparties.selectors import CounterpartyFilter, counterparties
from apps.counterparties.services import CounterpartyValues, DateValues, save_counterparty
from apps.duplicates.models import Merge
from apps.duplicates.services import CannotPart, merge, part
from apps.history.models import RowChange
from apps.history.services import gather
from apps.imports.models import ImportedRow, ImportLine, ImportRun
from apps.service.services import RequestValues, save_request
from apps.webhooks.models import Webhook, WebhookDelivery
from tenants.models import Company
from tests.apps.counterparties.test_counterparties import posted
from tests.apps.imports.steps import imported

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MOST_QUERIES = 12


def entered(name: str = "Romashka", **told: object) -> Counterparty:
    return save_counterparty(values=CounterpartyValues(name=name, **told))  # type: ignore[arg-type]


def names(rows: object) -> list[str]:
    return [row.name for row in rows]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("8 (916) 123-45-67", "RU", "+79161234567"),
        ("+7 916 123 45 67", "RU", "+79161234567"),
        ("0532 123 45 67", "TR", "+905321234567"),
        ("12-34", "RU", "1234"),
    ],
    ids=["with a trunk prefix", "international", "Turkish", "of the house"],
)
def test_two_spellings_of_a_phone_are_one(typed: str, country: str, kept: str) -> None:
    """G051: phones are brought to one form."""
    assert contacts.normal_phone(typed, country=country) == kept


@pytest.mark.parametrize("typed", ["+7 916 123", "+999 1234567", "call me"])
def test_a_phone_that_cannot_be_dialled_is_named(typed: str) -> None:
    """G051: a phone with a missing digit is refused with a sentence."""
    assert contacts.phone_problem(typed, country="RU")


def test_a_further_phone_finds_its_counterparty(company: Company, manager: User) -> None:
    """G049: three phones with labels, the main one on the counterparty itself."""
    points = [
        contacts.PointValues("phone", "+7 921 745-60-12", "warehouse"),
        contacts.PointValues("phone", "+7 903 510-77-31", "director"),
    ]
    partner = entered(phone="+7 916 123-45-67", points=points)

    typed = ("7456012", "510-77-31", "1234567")
    found = [counterparties(CounterpartyFilter(query=each)) for each in typed]

    assert [names(rows) for rows in found] == [["Romashka"]] * 3
    assert selectors.having_phone("8 921 745 60 12", by=manager) == [partner]
    assert list(partner.points.values_list("label", flat=True)) == ["warehouse", "director"]


def test_further_contacts_that_are_not_wanted_any_more_go(company: Company) -> None:
    partner = entered(points=[contacts.PointValues("email", "a@example.com")])

    save_counterparty(
        values=CounterpartyValues(name="Romashka", points=[]), counterparty_id=partner.pk
    )

    partner.refresh_from_db()
    assert (ContactPoint.objects.count(), partner.further_contacts) == (0, "")


@pytest.mark.parametrize("typed", ["petrov", "Петров", "4567", "petrov@", "romashka"])
def test_a_contact_is_found_by_any_part(company: Company, typed: str) -> None:
    """F117: a contact person is found by any part of name, phone, e-mail."""
    values = PersonValues(
        "Пётр Петров", entered().pk, phone="+7 916 123-45-67", email="petrov@romashka.example"
    )
    person = save_person(values=values)
    save_person(values=PersonValues("Anna", entered("Other").pk))

    found = objects.kind("contacts").rows(_owner(company))

    from apps.core.searching import best

    assert best(found, typed, limit=5, by=None) == [person]


def _owner(company: Company) -> User:
    return User.objects.create_user(email=f"{uuid4()}@example.com", role=Role.OWNER)


def test_one_person_is_the_accountant_of_two_firms(company: Company) -> None:
    """G028, F116: a person has roles in several companies and stands on each of their cards."""
    first, second = entered("First"), entered("Second")
    values = PersonValues(
        "Anna", first.pk, job_title="buyer", roles=[RoleValues(second.pk, "accountant")]
    )
    person = save_person(values=values)

    there = people_of(second, by=_owner(company))

    assert [(each.pk, each.place, each.is_own) for each in there] == [
        (person.pk, "accountant", False)
    ]
    assert [each.place for each in people_of(first, by=_owner(company))] == ["buyer"]


def test_a_renamed_person_stays_the_same_one(company: Company) -> None:
    partner = entered(contact_persons=[services.ContactValues("Anna Petrova")])
    person = partner.contact_persons.get()

    values = CounterpartyValues(
        name="Romashka", contact_persons=[services.ContactValues("Anna Sidorova", key=person.pk)]
    )
    save_counterparty(values=values, counterparty_id=partner.pk)

    assert partner.contact_persons.get().pk == person.pk


def test_a_group_tells_what_belongs_to_it(company: Company) -> None:
    """G028: company tree."""
    top = entered("Holding")
    middle = entered("Trading", parent_id=top.pk)
    bottom = entered("Shop", parent_id=middle.pk)

    assert set(selectors.family(top.pk)) == {top.pk, middle.pk, bottom.pk}


def test_a_company_does_not_belong_to_one_below_it(company: Company) -> None:
    top = entered("Holding")
    below = entered("Trading", parent_id=top.pk)

    with pytest.raises(services.BelongsToItself):
        save_counterparty(
            values=CounterpartyValues(name="Holding", parent_id=below.pk), counterparty_id=top.pk
        )

    top.refresh_from_db()
    assert top.parent_id is None


def test_relations_are_several_at_once_and_filtered_by(
    company: Company, manager_client: Client
) -> None:
    """F126: a company is marked customer, partner, competitor and filtered so."""
    entered("Both", is_partner=True, is_competitor=True)
    entered("Plain")

    page = manager_client.get("/counterparties/?relation=competitor").content.decode()

    assert "Both" in page
    assert "Plain" not in page


def test_a_tag_is_put_on_shown_and_filtered_by(company: Company, manager_client: Client) -> None:
    """G026: tags in list and card, in their colours."""
    keys = tagging.tags_called(["Wholesale", "wholesale", "Şantiye"])
    partner = entered(tags=keys[:1])
    entered("Other")

    page = manager_client.get(f"/counterparties/?tag={keys[0]}").content.decode()
    card = manager_client.get(f"/counterparties/{partner.pk}/").content.decode()

    assert len(keys) == Tag.objects.count() == 2
    assert ("Romashka" in page, "Other" in page) == (True, False)
    assert 'class="tag' in card
    assert "Wholesale" in card


def test_dates_preferences_and_source_stand_on_the_card(
    company: Company, manager_client: Client
) -> None:
    """F121: preferences and important dates are on the card."""
    partner = entered(
        preferences="Only before noon", source="Fair",
        dates=[DateValues(date(2014, 3, 5), "anniversary", "Founded")],
    )  # fmt: skip

    card = manager_client.get(f"/counterparties/{partner.pk}/").content.decode()

    assert all(text in card for text in ("Only before noon", "Fair", "Founded", "2014-03-05"))


def test_phones_and_mails_are_one_click(company: Company, manager_client: Client) -> None:
    """G030: tel:, mailto: and a copy button on every phone and e-mail."""
    partner = entered(phone="+7 916 123-45-67", email="a@romashka.example")

    card = manager_client.get(f"/counterparties/{partner.pk}/").content.decode()

    assert 'href="tel:+79161234567"' in card
    assert 'href="mailto:a@romashka.example"' in card
    assert card.count("data-copy=") >= 2


@pytest.mark.parametrize("who", ["manager_client", "accountant_client", "owner_client"])
def test_everybody_opens_the_same_record(
    company: Company, request: pytest.FixtureRequest, who: str
) -> None:
    """F115, F122: one card for all departments, with the responsible manager on it."""
    browser = request.getfixturevalue(who)
    marina = User.objects.create_user(email="m@example.com", full_name="Marina Responsible")
    partner = entered(responsible_id=marina.pk)

    card = browser.get(f"/counterparties/{partner.pk}/")

    assert card.status_code == 200
    assert b"Marina Responsible" in card.content


def test_quick_entry_takes_a_name_and_a_phone(
    company: Company, manager: User, manager_client: Client
) -> None:
    """F117: a customer is entered with a few words, from a dialog or a page."""
    told = {"name": "Romashka", "phone": "+7 916 123-45-67", "person": "Anna"}
    answer = manager_client.post("/counterparties/quick/", told, headers={"hx-request": "true"})

    partner = Counterparty.objects.get()
    assert answer["HX-Redirect"] == f"/counterparties/{partner.pk}/"
    assert (partner.name, partner.responsible) == ("Romashka", manager)
    assert partner.contact_persons.get().full_name == "Anna"


@pytest.mark.parametrize(
    "typed",
    [
        {"phone": "8 916 1234567"}, {"email": "A@Romashka.example"},
        {"tax_number": "7707083893"}, {"name": "ромашка ооо"},
    ],
    ids=["phone", "e-mail", "tax number", "folded name"],
)  # fmt: skip
def test_who_is_entered_already_is_named_while_typing(
    company: Company, manager: User, typed: dict[str, str]
) -> None:
    """F228: a known phone, tax number or name warns before saving."""
    partner = entered(
        "ООО «Ромашка»", phone="+7 (916) 123-45-67", email="a@romashka.example",
        tax_number="7707083893",
    )  # fmt: skip

    assert [each.row for each in like(by=manager, **typed)] == [partner]


def test_the_second_editor_is_shown_the_difference(
    company: Company, manager_client: Client
) -> None:
    """F269, G029: two people edit one record: the second is told, nothing is lost."""
    partner = entered(phone="+7 916 123-45-67")
    seen = partner.updated_at.isoformat()
    first = CounterpartyValues(name="Romashka", phone="+7 921 745-60-12")
    save_counterparty(values=first, counterparty_id=partner.pk)

    told = posted(name="Romashka", phone="+7 903 510-77-31", seen=seen)
    answer = manager_client.post(f"/counterparties/{partner.pk}/edit/", told)

    partner.refresh_from_db()
    assert answer.status_code == 422
    assert partner.phone == "+7 921 745-60-12"
    assert all(text in answer.content.decode() for text in ("+7 921 745-60-12", "+7 903 510-77-31"))
    told["seen"] = answer.context["seen"]
    assert manager_client.post(f"/counterparties/{partner.pk}/edit/", told).status_code == 302
    partner.refresh_from_db()
    assert partner.phone == "+7 903 510-77-31"


def test_a_kind_saved_from_an_old_version_is_refused(company: Company, manager: User) -> None:
    """F269: every door of the kind knows who was quicker."""
    partner = entered()
    old = partner.updated_at - timedelta(seconds=1)

    with pytest.raises(ChangedMeanwhile):
        objects.save(
            objects.kind("counterparties"), values={"name": "New"}, by=manager, key=partner.pk,
            seen=old,
        )  # fmt: skip

    partner.refresh_from_db()
    assert partner.name == "Romashka"


# Leads -------------------------------------------------------------------------------------------


def lead(name: str = "Harbour", **told: object) -> Counterparty:
    return entered(name, status=CounterpartyStatus.UNSORTED, **told)


def test_a_lead_becomes_a_customer_without_retyping(company: Company, manager: User) -> None:
    """F146: a lead is captured, qualified and converted; all that was entered stays."""
    waiting = lead(phone="+44 20 7946 0958", comment="two shops")

    for status in ("lead", "qualified", "customer"):
        leads.move(keys=[waiting.pk], to=status, by=manager)

    waiting.refresh_from_db()
    assert waiting.status == CounterpartyStatus.CUSTOMER
    assert (waiting.phone, waiting.comment) == ("+44 20 7946 0958", "two shops")
    assert waiting.responsible == manager


def test_unsorted_ones_wait_outside_the_list(company: Company, manager_client: Client) -> None:
    """G037: incoming requests wait for accept or decline; duplicates are offered."""
    known = entered("Known", email="office@harbour.example")
    lead(email="Office@Harbour.example")

    page = manager_client.get("/counterparties/").content.decode()
    inbox = manager_client.get("/counterparties/unsorted/").content.decode()

    assert "Harbour" not in page
    assert f"/counterparties/{known.pk}/" in inbox
    assert "data-accept" in inbox


def test_declining_is_undone_from_the_toast(company: Company, manager_client: Client) -> None:
    """G037: decline, then undo."""
    waiting = lead()
    answer = manager_client.post(
        f"/counterparties/{waiting.pk}/lead/", {"to": "rejected", "reason": "spam"},
        headers={"hx-request": "true"},
    )  # fmt: skip
    waiting.refresh_from_db()
    assert (waiting.status, waiting.rejected_because) == ("rejected", "spam")

    import json

    undo = json.loads(answer["HX-Trigger"])["toast"]["undo"]["url"]
    manager_client.post(undo)

    waiting.refresh_from_db()
    assert waiting.status == "unsorted"


def test_a_customer_does_not_become_a_lead_again(company: Company, manager: User) -> None:
    partner = entered()

    with pytest.raises(leads.NoSuchWay):
        leads.move(keys=[partner.pk], to="lead", by=manager)

    partner.refresh_from_db()
    assert partner.status == CounterpartyStatus.CUSTOMER


# Hand-over ---------------------------------------------------------------------------------------


def test_who_may_not_see_a_vip_s_details_is_told_so(
    company: Company, manager: User, accountant_client: Client
) -> None:
    """F131: the card does not say that nothing is entered."""
    vip = entered(phone="+44 20 7946 0958", is_vip=True, responsible_id=manager.pk)

    page = accountant_client.get(f"/counterparties/{vip.pk}/").content.decode()

    assert "7946" not in page
    assert "No phone, e-mail or address is entered yet." not in page
    assert "for those who may see it" in page


def test_everything_of_a_leaver_is_handed_over_and_taken_back(
    company: Company, manager: User, owner: User
) -> None:
    """F120: a leaver's customers go to a colleague in one action; undo gives them back."""
    mine = [entered(name, responsible_id=owner.pk) for name in ("A", "B")]
    theirs = entered("C")

    [done] = handing_over.hand_over(
        giver=owner, receivers={"counterparties": manager}, by=owner
    )

    assert Counterparty.objects.filter(responsible=manager).count() == 2
    count = handing_over.take_back(hand_over_id=done.pk, now=NOW)
    theirs.refresh_from_db()
    assert count == 2
    assert set(Counterparty.objects.filter(responsible=owner)) == set(mine)
    assert theirs.responsible is None
    with pytest.raises(handing_over.AlreadyUndone):
        handing_over.take_back(hand_over_id=done.pk, now=NOW)


def test_nothing_is_handed_over_to_who_may_not_sign_in(
    company: Company, manager: User, owner: User
) -> None:
    entered(responsible_id=owner.pk)
    User.objects.filter(pk=manager.pk).update(is_active=False)
    manager.refresh_from_db()

    with pytest.raises(handing_over.NotActive):
        handing_over.hand_over(giver=owner, receivers={"counterparties": manager}, by=owner)

    assert (HandOver.objects.count(), Counterparty.objects.get().responsible) == (0, owner)


def test_the_hand_over_page_counts_first(
    company: Company, owner: User, manager: User, owner_client: Client
) -> None:
    """F120: preview of how much of each kind there is, then one button."""
    entered(responsible_id=manager.pk)

    page = owner_client.get(f"/counterparties/hand-over/all/?giver={manager.pk}").content.decode()
    told = {"giver": str(manager.pk), "receiver": str(owner.pk)}
    answer = owner_client.post("/counterparties/hand-over/all/", told)

    assert "Counterparties" in page
    assert answer.status_code == 302
    assert Counterparty.objects.get().responsible == owner


def test_a_manager_hands_nobody_over(company: Company, manager_client: Client) -> None:
    answer = manager_client.post("/counterparties/hand-over/all/", {})

    assert (answer.status_code, HandOver.objects.count()) == (403, 0)


# Personal data -----------------------------------------------------------------------------------


def test_a_person_is_erased_with_a_report(committed: Company) -> None:
    """G052: erase a person: report of what was removed; the history holds nothing of it."""
    values = PersonValues(
        "Anna Petrova", entered().pk, phone="+7 916 123-45-67",
        points=[contacts.PointValues("email", "anna@example.com")],
    )  # fmt: skip
    person = save_person(values=values)
    privacy.give_consent(subject=person, given_on=date(2026, 1, 5), text_version="1.0")
    values = PersonValues("Anna Sidorova", person.counterparty_id, phone="+7 921 745-60-12")
    save_person(values=values, person_id=person.pk)

    removed = privacy.erase(subject=ContactPerson.objects.get(pk=person.pk), by=None, now=NOW)
    gather(now=NOW)

    told = str(list(RowChange.objects.values_list("changed", flat=True)))
    assert {each.what for each in removed} >= {
        "fields of the card", "phones, e-mails and addresses", "consents",
    }  # fmt: skip
    assert not Consent.objects.exists()
    assert not any(text in told for text in ("Anna", "916", "921", "anna@example.com"))
    person.refresh_from_db()
    assert (person.full_name, person.phone, person.is_archived) == ("Erased person", "", True)


def test_no_copy_of_an_erased_person_is_left(committed: Company) -> None:
    """G052: merges, imports, answers and words to programs hold nothing of an erased person."""
    manager = User.objects.create_user(email="m@ladoga.example", role=Role.MANAGER)
    run = imported(
        "Name;Company;Phone\nAnna Petrova;Romashka;+7 916 123-45-67\n", by=manager, kind="contacts"
    )
    away = ContactPerson.objects.get()
    kept = save_person(values=PersonValues("Anna P.", away.counterparty_id, phone="84951234567"))
    joined = merge(kind=objects.kind("contacts"), kept=kept.pk, away=[away.pk], values={},
                   by=manager)  # fmt: skip
    hook = Webhook.objects.create(owner=manager, name="Shop", url="https://shop.example")
    told = {"id": str(kept.pk), "full_name": "Anna P."}
    WebhookDelivery.objects.create(
        webhook=hook, event="contacts.changed", payload=told, next_at=NOW
    )
    ApiReplay.objects.create(owner=manager.pk, key="1", fingerprint="1", body=told,
                             created_at=NOW)  # fmt: skip

    removed = privacy.erase(subject=ContactPerson.objects.get(pk=kept.pk), by=None, now=NOW)

    left = [
        list(model.objects.values())
        for model in (ContactPerson, ContactPoint, Merge, ImportLine, ImportedRow,
                      WebhookDelivery, ApiReplay)
    ]  # fmt: skip
    assert not [text for text in ("Anna", "916", "4951234567") if text in str(left)]
    assert {each.what for each in removed} >= {
        "rows that were merged into it", "lines of imported files", "deliveries to programs",
        "answers to programs",
    }  # fmt: skip
    with pytest.raises(CannotPart):
        part(merge=joined, by=manager, now=timezone.now())
    assert imports_of(run) == ("done", 1)


def imports_of(run: ImportRun) -> tuple[str, int]:
    run.refresh_from_db()
    return str(run.state), run.row_count


def test_a_company_is_not_erased_as_a_person(company: Company) -> None:
    partner = entered()

    with pytest.raises(privacy.NotAPerson):
        privacy.erase(subject=partner, by=None, now=NOW)

    partner.refresh_from_db()
    assert partner.name == "Romashka"


def test_all_that_is_kept_of_a_person_is_told(company: Company, owner_client: Client) -> None:
    """G052: export of a person."""
    person = save_person(values=PersonValues("Anna", entered().pk, email="anna@example.com"))

    answer = owner_client.get(f"/counterparties/personal/contacts/{person.pk}/")

    assert "anna@example.com" in answer.content.decode()
    assert "attachment" in answer["Content-Disposition"]


def test_a_consent_is_noted_and_taken_back(company: Company, manager_client: Client) -> None:
    """G052: consent with its day and the version of its text."""
    person = save_person(values=PersonValues("Anna", entered().pk))
    told = {"given_on": "2026-01-05", "text_version": "Privacy 1.2", "channel": "website"}
    manager_client.post(f"/counterparties/personal/contacts/{person.pk}/consent/", told)
    consent = Consent.objects.get()

    manager_client.post(f"/counterparties/consents/{consent.pk}/withdraw/")

    consent.refresh_from_db()
    assert (consent.person, consent.text_version) == (person, "Privacy 1.2")
    assert consent.withdrawn_on is not None
    assert Attachment.objects.count() == 0


@pytest.mark.parametrize(
    "path",
    ["/counterparties/", "/counterparties/people/", "/counterparties/unsorted/", "/requests/",
     "/requests/board/", "/requests/report/", "/counterparties/{pk}/",
     "/counterparties/{pk}/?tab=1c", "/counterparties/{pk}/?tab=files",
     "/counterparties/people/{person}/", "/counterparties/{pk}/group/"],
)  # fmt: skip
def test_a_screen_takes_twelve_queries_at_most(
    company: Company, manager: User, manager_client: Client,
    django_assert_max_num_queries: Any, path: str,
) -> None:  # fmt: skip
    tags = tagging.tags_called(["Wholesale"])
    for number in range(4):
        partner = entered(
            f"Romashka {number}", tags=tags, phone=f"+7 916 123-45-6{number}",
            points=[contacts.PointValues("email", f"{number}@example.com")],
        )  # fmt: skip
        person = save_person(values=PersonValues(f"Anna {number}", partner.pk))
        lead(f"Lead {number}", phone=f"+7 916 123-45-6{number}")
        values = RequestValues("Open boxes", partner.pk, owner_id=manager.pk)
        save_request(values=values, by=manager)
    manager_client.get(path.format(pk=partner.pk, person=person.pk))

    with django_assert_max_num_queries(MOST_QUERIES):
        answer = manager_client.get(path.format(pk=partner.pk, person=person.pk))

    assert answer.status_code == 200


def test_who_is_entered_by_the_form_is_a_customer_unless_told_otherwise(
    owner_client: Client,
) -> None:
    """F116: the form begins as a customer's; a lead says so in the address."""
    plain = owner_client.get("/counterparties/new/").content.decode()
    lead = owner_client.get("/counterparties/new/?status=lead").content.decode()

    assert '<option value="customer" selected>' in plain
    assert '<option value="lead" selected>' in lead
