"""Counterparties: entered by hand, told by 1C, never twice."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from apps.counterparties.models import BankAccount, Counterparty
from apps.counterparties.selectors import CounterpartyFilter, counterparties
from apps.counterparties.services import (
    AccountValues,
    ContactValues,
    CounterpartyValues,
    save_counterparty,
)
from exchange.registry import StoreContext, Stored, adapter_for
from exchange.rows import BankAccountRow, CounterpartyRow
from tenants.models import Company
from tests.apps.sales.conftest import NOW, party

NODE = uuid4()


def receive(*rows: CounterpartyRow, node: UUID = NODE) -> Stored:
    adapter = adapter_for(CounterpartyRow)
    assert adapter is not None
    return adapter.store(rows, StoreContext(node, uuid4(), "partners.xml", NOW))


def posted(**told: Any) -> dict[str, Any]:
    """What the form sends."""
    formsets = {}
    for prefix in ("people", "accounts"):
        formsets |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return {"name": "Romashka", "kind": "company", **formsets, **told}


@pytest.mark.parametrize(
    ("known", "told"),
    [
        ({"name": "Old", "node_id": NODE, "ref": "c1"}, {"ref": "c1", "name": "New"}),
        ({"name": "Old", "tax_number": "7707083893", "tax_reason_code": "770701001"},
         {"ref": "c1", "name": "New", "tax_number": "7707083893", "tax_reason_code": "770701001"}),
        ({"name": "New"}, {"ref": "c1", "name": "New"}),
    ],
    ids=["by its identifier", "by its tax number", "by its name"],
)  # fmt: skip
def test_1c_finds_the_counterparty_it_means(company: Company, known: dict, told: dict) -> None:
    Counterparty.objects.create(**known)

    stored = receive(party(**told))

    found = Counterparty.objects.get()
    assert (found.name, found.ref, found.node_id) == ("New", "c1", NODE)
    assert stored.problems == []


def test_two_branches_with_one_tax_number_stay_two(company: Company) -> None:
    receive(
        party(ref="a", name="Head", tax_number="7707083893", tax_reason_code="770701001"),
        party(ref="b", name="Branch", tax_number="7707083893", tax_reason_code="771002002"),
    )

    assert set(Counterparty.objects.values_list("name", flat=True)) == {"Head", "Branch"}


def test_the_same_counterparty_again_writes_nothing(company: Company) -> None:
    account = BankAccountRow("40702810938000000001", "Sberbank", "044525225", "")
    row = party(ref="a", name="Head", accounts=(account,), representatives=("Anna",))
    first = receive(row)
    before = Counterparty.objects.values().get()

    second = receive(row)

    assert (first.created, second.created, second.unchanged) == (1, 0, 1)
    assert Counterparty.objects.values().get() == before
    assert BankAccount.objects.count() == 1


def test_empty_values_of_1c_keep_ours(company: Company) -> None:
    receive(party(ref="a", name="Head", address="Moscow"))

    receive(party(ref="a", name="Head", address=""))

    assert Counterparty.objects.get().address == "Moscow"


@pytest.mark.parametrize("typed", ["елкин", "ЁЛКИН", "7707", "елкин 7707", "elkin@"])
def test_a_counterparty_is_found_by_what_people_type(company: Company, typed: str) -> None:
    values = CounterpartyValues(name="ИП Ёлкин", tax_number="7707083893", email="elkin@example.com")
    save_counterparty(values=values)
    save_counterparty(values=CounterpartyValues(name="Other"))

    assert [c.name for c in counterparties(CounterpartyFilter(query=typed))] == ["ИП Ёлкин"]


def test_people_and_accounts_follow_what_is_wanted(company: Company) -> None:
    values = CounterpartyValues(
        name="Romashka",
        contact_persons=[ContactValues("Anna", "buyer"), ContactValues("Boris")],
        bank_accounts=[AccountValues("DE89370400440532013000")],
    )
    partner = save_counterparty(values=values)
    values = CounterpartyValues(
        name="Romashka", contact_persons=[ContactValues("Anna", "director")], bank_accounts=[]
    )

    save_counterparty(values=values, counterparty_id=partner.pk)

    assert list(partner.contact_persons.values_list("full_name", "job_title")) == [
        ("Anna", "director")
    ]
    assert not partner.bank_accounts.exists()


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("tax_number", "7707083890", "check digits of this tax number are wrong"),
        ("phone", "call me", "phone"),
        ("email", "anna at example", "valid email address"),
        ("accounts-0-number", "TR330006100519786457841327", "This IBAN is wrong"),
        ("people-0-phone", "ask Anna", "cannot be dialled"),
    ],
)
def test_what_is_entered_is_checked(
    company: Company, manager_client: Client, field: str, typed: str, said: str
) -> None:
    """F227: tax number, phone, e-mail and IBAN are checked on entry, and nothing is saved."""
    data = posted(**{field: typed})
    if "-" in field:
        data |= {f"{field.partition('-')[0]}-TOTAL_FORMS": "1", "people-0-full_name": "Anna"}

    answer = manager_client.post("/counterparties/new/", data)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page[page.index("1 field needs attention"):page.index("Who it is")]
    assert f'href="#id_{field}"' in page
    assert 'aria-invalid="true"' in page
    assert not Counterparty.objects.exists()


def test_a_mistyped_tax_number_is_named_at_its_field(
    company: Company, manager_client: Client
) -> None:
    answer = manager_client.post("/counterparties/new/", posted(tax_number="7707083890"))

    assert answer.status_code == 422
    assert b"check digits of this tax number are wrong" in answer.content
    assert not Counterparty.objects.exists()


def test_a_second_one_with_the_same_tax_number_needs_a_yes(
    company: Company, manager_client: Client
) -> None:
    Counterparty.objects.create(name="First", tax_number="7707083893")
    data = posted(tax_number="7707083893")

    asked = manager_client.post("/counterparties/new/", data)
    manager_client.post("/counterparties/new/", data | {"confirmed": "yes"})

    assert asked.status_code == 422
    assert b"First" in asked.content
    assert Counterparty.objects.count() == 2


def test_an_accountant_does_not_change_counterparties(
    company: Company, accountant_client: Client
) -> None:
    answer = accountant_client.post("/counterparties/new/", posted())

    assert (answer.status_code, Counterparty.objects.count()) == (403, 0)


def test_a_value_that_1c_sent_does_not_hinder_changing_another(
    owner_client: Client, company: Company
) -> None:
    with schema_context("public"):
        Company.objects.filter(pk=company.pk).update(currency="RUB")
    partner = Counterparty.objects.create(name="Cityframe", tax_number="246777704")

    answer = owner_client.post(
        f"/counterparties/{partner.pk}/edit/", posted(name="Cityframe", tax_number="246777704",
                                                      phone="+44 113 496 0000"),
    )  # fmt: skip
    refused = owner_client.post(
        f"/counterparties/{partner.pk}/edit/", posted(name="Cityframe", tax_number="246777705")
    )

    assert (answer.status_code, refused.status_code) == (302, 422)
    partner.refresh_from_db()
    assert (partner.phone, partner.tax_number) == ("+44 113 496 0000", "246777704")
