"""Customers by programs: accounts, phones, days and roles, as their forms write them."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django_tenants.utils import tenant_context

from apps.accounts.models import User
from apps.api import tokens
from apps.counterparties.models import (
    BankAccount,
    ContactPerson,
    ContactPoint,
    ContactRole,
    Counterparty,
    ImportantDate,
)
from tenants.models import Company
from tests.apps.custom.asking import ask
from tests.apps.custom.test_computed_rights import narrow

IBAN = "TR330006100519786457841326"
SBER = {"number": "40702810938000000001", "bank_code": "044525225", "bank_name": "Sberbank"}


@pytest.fixture
def azimuth(company: Company, manager: User) -> Counterparty:
    return Counterparty.objects.create(name="Azimuth", sort_name="azimuth", responsible=manager)


def send(by: User, path: str, body: dict[str, Any], method: str = "PATCH") -> Any:
    return ask(by, path, method=method, body=json.dumps(body))


def test_a_customer_is_made_with_all_that_the_form_holds(company: Company, manager: User) -> None:
    """F116, G049, G069: accounts, further phones and days come with the customer."""
    body = {
        "name": "Azimuth", "bank_accounts": [{"number": IBAN}],
        "points": [{"kind": "phone", "value": "+90 232 555 01 02", "label": "warehouse"}],
        "dates": [{"on": "2020-05-01", "kind": "anniversary"}],
    }  # fmt: skip

    made = send(manager, "counterparties", body, "POST").json()

    assert [each["number"] for each in made["bank_accounts"]] == [IBAN]
    assert [each["label"] for each in made["points"]] == ["warehouse"]
    assert [(each["on"], each["is_yearly"]) for each in made["dates"]] == [("2020-05-01", True)]
    assert Counterparty.objects.get().further_contacts == "902325550102"


def test_what_is_named_by_its_id_stays_the_same_row(azimuth: Counterparty, manager: User) -> None:
    first = {
        "bank_accounts": [{"number": IBAN}], "points": [{"kind": "email", "value": "a@b.example"}],
        "dates": [{"on": "2020-05-01"}],
    }  # fmt: skip
    held = send(manager, f"counterparties/{azimuth.pk}", first).json()
    keys = [BankAccount.objects.get().pk, ContactPoint.objects.get().pk]

    changed = send(
        manager, f"counterparties/{azimuth.pk}",
        {
            "bank_accounts": [{**held["bank_accounts"][0], **SBER}],
            "points": [{**held["points"][0], "value": "c@b.example"}],
            "dates": [{**held["dates"][0], "on": "2021-05-01"}],
        },
    )  # fmt: skip

    assert changed.status_code == 200, changed.content
    assert [BankAccount.objects.get().pk, ContactPoint.objects.get().pk] == keys
    assert str(ImportantDate.objects.get().pk) == held["dates"][0]["id"]
    assert ContactPoint.objects.get().normalized == "c@b.example"


def test_what_is_not_named_goes_and_the_rest_stays(azimuth: Counterparty, manager: User) -> None:
    first = {"bank_accounts": [{"number": IBAN}], "dates": [{"on": "2020-05-01"}]}
    made = send(manager, f"counterparties/{azimuth.pk}", first)

    left = send(manager, f"counterparties/{azimuth.pk}", {"bank_accounts": []})

    assert left.json()["bank_accounts"] == []
    assert left["ETag"] != made["ETag"]
    assert ImportantDate.objects.count() == 1


@pytest.mark.parametrize(
    ("part", "row", "said"),
    [
        ("bank_accounts", {"number": "TR330006100519786457841327"}, "IBAN is wrong"),
        ("bank_accounts", {"number": " "}, "has a number"),
        ("bank_accounts", {**SBER, "bank_code": "1"}, "BIC"),
        ("bank_accounts", {"number": "1" * 41}, "40"),
        ("points", {"kind": "phone", "value": "none"}, "dialled"),
        ("points", {"kind": "email", "value": "none"}, "name@example.com"),
        ("points", {"kind": "pigeon", "value": "1"}, "choices"),
        ("points", {"value": "1234567"}, "required"),
        ("points", {"kind": "phone", "value": "1234567", "id": str(uuid4())}, "no such line"),
        ("dates", {"on": "soon"}, "not a date"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_right_is_named(
    azimuth: Counterparty, manager: User, part: str, row: dict[str, Any], said: str
) -> None:
    answer = send(manager, f"counterparties/{azimuth.pk}", {part: [row]})

    assert answer.status_code == 422
    assert said in answer.json()["errors"][part][0]
    assert not BankAccount.objects.exists()
    assert not ContactPoint.objects.exists()


def test_two_rows_of_one_number_are_refused(azimuth: Counterparty, manager: User) -> None:
    answer = send(
        manager, f"counterparties/{azimuth.pk}", {"bank_accounts": [{"number": IBAN}] * 2}
    )

    assert (answer.status_code, BankAccount.objects.count()) == (422, 0)


def test_a_contact_person_has_phones_and_roles(azimuth: Counterparty, manager: User) -> None:
    """F116, G049: an accountant of two firms, with two phones."""
    vector = Counterparty.objects.create(name="Vector", sort_name="vector", responsible=manager)
    body = {
        "full_name": "Anna", "counterparty": str(azimuth.pk),
        "points": [{"kind": "phone", "value": "+79161234567"}],
        "roles": [{"counterparty": str(vector.pk), "role": "Accountant"}],
    }  # fmt: skip

    made = send(manager, "contacts", body, "POST").json()
    again = send(manager, f"contacts/{made['id']}", {"roles": made["roles"]})

    assert made["points"][0]["value"] == "+79161234567"
    assert again.json()["roles"] == [{"counterparty": str(vector.pk), "role": "Accountant"}]
    assert ContactRole.objects.get().counterparty == vector


def test_a_role_is_had_at_companies_that_one_sees(
    azimuth: Counterparty, manager: User, owner: User
) -> None:
    secret = Counterparty.objects.create(name="Secret", sort_name="secret", responsible=owner)
    anna = ContactPerson.objects.create(counterparty=azimuth, full_name="Anna")
    narrow(manager, "counterparties")

    answer = send(manager, f"contacts/{anna.pk}", {"roles": [{"counterparty": str(secret.pk)}]})

    assert answer.status_code == 422
    assert not ContactRole.objects.exists()


def test_of_a_vip_customer_nothing_is_told_nor_written(
    azimuth: Counterparty, manager: User, owner: User
) -> None:
    """F131: accounts, phones and days are as closed as phone and e-mail."""
    Counterparty.objects.update(is_vip=True, responsible=owner)
    BankAccount.objects.create(counterparty=azimuth, number=IBAN)
    ContactPoint.objects.create(counterparty=azimuth, kind="phone", value="+79161234567")
    path = f"counterparties/{azimuth.pk}"

    seen, refused = ask(manager, path).json(), send(manager, path, {"bank_accounts": []})

    assert (seen["bank_accounts"], seen["points"], seen["dates"]) == ([], [], [])
    assert refused.status_code == 422
    assert BankAccount.objects.count() == 1
    assert ask(owner, path).json()["bank_accounts"][0]["number"] == IBAN


def test_a_lead_goes_on_and_nowhere_else(azimuth: Counterparty, manager: User) -> None:
    """G037: accepted, declined with a reason; a customer is no lead any more."""
    Counterparty.objects.update(status="unsorted", responsible=None)
    path = f"counterparties/{azimuth.pk}/go-on"

    declined = send(manager, path, {"status": "rejected", "reason": "Too far"}, "POST")
    again = send(manager, path, {"status": "customer"}, "POST")

    assert (declined.json()["status"], declined.json()["rejected_because"]) == (
        "rejected", "Too far",
    )  # fmt: skip
    assert again.status_code == 422
    assert Counterparty.objects.get().status == "rejected"


def test_an_office_that_is_none_serves_nobody(azimuth: Counterparty, manager: User) -> None:
    answer = send(manager, f"counterparties/{azimuth.pk}", {"office": str(uuid4())})

    assert "office" in answer.json()["errors"]


def test_another_company_has_none_of_it(
    azimuth: Counterparty, rival: Company, rival_owner: User
) -> None:
    with tenant_context(rival):
        _token, secret = tokens.make_token(user=rival_owner, name="R", scopes=["*:write"])
        answer = Client(headers={"host": f"{rival.slug}.localhost"}).patch(
            f"/api/v1/counterparties/{azimuth.pk}", "{}", content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )  # fmt: skip

    assert answer.status_code in (403, 404)
