"""What is entered is checked at every door: the cell, many rows, the API, an import."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache
from django.test import Client

from apps.accounts.models import User
from apps.api import tokens
from apps.core import objects
from apps.counterparties.models import ContactPerson, Counterparty
from apps.imports.models import ImportLine
from tenants.models import Company
from tests.apps.imports.steps import brought, checked, written

pytestmark = pytest.mark.usefixtures("company")
WRONG = [
    ("tax_number", "7707083890", "check digits"),
    ("phone", "call me", "cannot be dialled"),
    ("phone", "+7 495", "A digit is missing"),
    ("tax_reason_code", "12", "9 characters"),
    ("registration_number", "1027700132190", "check digit"),
]


@pytest.fixture
def partner(company: Company) -> Counterparty:
    """A customer with what 1C sent: a tax number with a wrong check digit."""
    return Counterparty.objects.create(
        name="Nail Ltd", sort_name="nail ltd", tax_number="7707083891"
    )


@pytest.mark.parametrize(("field", "typed", "said"), WRONG)
def test_a_cell_refuses_what_cannot_be_right(
    partner: Counterparty, manager_client: Client, field: str, typed: str, said: str
) -> None:
    """F227: checked where a cell of the list is edited."""
    address = f"/objects/counterparties/{partner.pk}/{field}/"

    answer = manager_client.post(address, {"value": typed})

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert getattr(Counterparty.objects.get(), field) == getattr(partner, field)


def test_many_rows_are_not_given_what_cannot_be_right(
    partner: Counterparty, manager_client: Client
) -> None:
    """F227: checked before many rows are changed."""
    change = {"id": [str(partner.pk)], "how": "set", "field": "phone", "value": "call me"}

    answer = manager_client.post("/objects/counterparties/many/?list=counterparties", change,
                                 follow=True)  # fmt: skip

    assert "cannot be dialled" in answer.content.decode()
    assert Counterparty.objects.get().phone == ""


@pytest.mark.parametrize(("field", "typed", "said"), WRONG)
def test_a_program_is_refused_what_cannot_be_right(
    partner: Counterparty, manager: User, visitor: Client, field: str, typed: str, said: str
) -> None:
    """F227: checked at the API; what stands there already may be sent back."""
    cache.clear()
    _token, secret = tokens.make_token(user=manager, name="Shop", scopes=["*:read", "*:write"])

    def sent(method: str, path: str, **values: str) -> tuple[int, str]:
        answer = visitor.generic(
            method, f"/api/v1/{path}", json.dumps(values), content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )  # fmt: skip
        return answer.status_code, answer.content.decode()

    made = sent("POST", "counterparties", name="New", **{field: typed})
    changed = sent("PATCH", f"counterparties/{partner.pk}", **{field: typed})
    as_it_is = sent("PATCH", f"counterparties/{partner.pk}", tax_number="7707083891", name="N")

    assert (made[0], changed[0], as_it_is[0]) == (422, 422, 200)
    assert said in made[1]
    assert said in changed[1]
    assert Counterparty.objects.get().name == "N"


def test_an_import_names_what_cannot_be_right(partner: Counterparty, manager: User) -> None:
    """F227: the check of a file names it; the row in which it stands already is not refused."""
    run = checked(brought(
        "Name;INN;Phone;KPP\nNail Ltd;7707083891;;\nNew;7707083890;;\nTwo;;call me;\nGood;;;\n",
        by=manager,
    ), match=["name"])  # fmt: skip

    lines = dict(ImportLine.objects.values_list("number", "outcome"))
    assert lines == {2: "same", 3: "error", 4: "error", 5: "new"}
    told = ImportLine.objects.get(number=3).problems
    assert told == [["not_right", "tax_number", "7707083890"]]
    written(run)
    assert sorted(Counterparty.objects.values_list("name", flat=True)) == ["Good", "Nail Ltd"]


def test_the_reason_stands_in_the_error_file(
    partner: Counterparty, manager: User, manager_client: Client
) -> None:
    """F232: the file of lines that were not taken says what is wrong with each."""
    run = checked(brought("Name;Phone\nTwo;call me\n", by=manager))

    answer = manager_client.get(f"/imports/{run.pk}/errors/")

    text = b"".join(answer).decode()
    assert "“call me: A phone number has digits: this one cannot be dialled.”" not in text
    assert "Phone: call me: A phone number has digits: this one cannot be dialled." in text


def test_two_customers_do_not_get_one_card(partner: Counterparty, manager: User) -> None:
    Counterparty.objects.create(name="First", card_number="ABC1")

    with pytest.raises(objects.Refused) as refused:
        objects.save(objects.kind("counterparties"), values={"card_number": "abc-1"}, by=manager,
                     key=partner.pk)  # fmt: skip

    assert refused.value.errors == {"card_number": ["“First” has this card already."]}
    assert Counterparty.objects.get(pk=partner.pk).card_number == ""


def test_a_contact_persons_phone_is_checked(partner: Counterparty, manager_client: Client) -> None:
    person = ContactPerson.objects.create(counterparty=partner, full_name="Pia", phone="111")

    answer = manager_client.post(f"/objects/contacts/{person.pk}/phone/", {"value": "ask Pia"})

    assert answer.status_code == 422
    assert ContactPerson.objects.get().phone == "111"
