"""Deals by programs: lines, participants and members, as the form and the card write them."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from apps.accounts.models import Role, Scope, User
from apps.catalog.models import Price, PriceType
from apps.counterparties.models import ContactPerson, Counterparty
from apps.deals.models import DealLine, DealMember, DealParticipant
from tests.apps.custom.asking import ask
from tests.apps.custom.test_computed_rights import narrow
from tests.apps.deals.conftest import Funnel


@pytest.fixture
def retail(funnel: Funnel) -> PriceType:
    """The price type at which one sells, and what a nail costs at it."""
    made = PriceType.objects.get()
    Price.objects.create(
        product=funnel.shop.nail, price_type=made, amount=Decimal("12.40"), currency="RUB"
    )
    return made


def send(by: User, path: str, body: dict[str, Any], method: str = "POST") -> Any:
    return ask(by, path, method=method, body=json.dumps(body))


def new(funnel: Funnel, **more: Any) -> dict[str, Any]:
    return {"name": "Nails", "counterparty": str(funnel.shop.customer.pk), **more}


def test_a_deal_is_made_with_lines_at_the_customer_s_prices(
    funnel: Funnel, retail: PriceType
) -> None:
    """G069: a line names a product and a quantity; the rest is the product's."""
    lines = [{"product": str(funnel.shop.nail.pk), "quantity": "3"}]

    made = send(funnel.shop.manager, "deals", new(funnel, lines=lines))

    assert made.status_code == 201, made.content
    [line] = made.json()["lines"]
    assert (line["name"], line["price"], line["total"]) == ("Nail 50 mm", "12.4000", "37.20")
    assert made.json()["amount"] == "37.20"


def test_a_line_that_is_named_again_stays_the_same_row(funnel: Funnel, retail: PriceType) -> None:
    nail = str(funnel.shop.nail.pk)
    lines = [{"product": nail, "quantity": "3"}, {"name": "Delivery", "quantity": 1, "price": 5}]
    made = send(funnel.shop.manager, "deals", new(funnel, lines=lines)).json()
    first, second = made["lines"]

    changed = send(
        funnel.shop.manager, f"deals/{made['id']}", {"lines": [{**first, "quantity": "4"}]}, "PATCH"
    )

    assert changed.json()["amount"] == "49.60"
    assert [each["id"] for each in changed.json()["lines"]] == [first["id"]]
    assert not DealLine.objects.filter(pk=second["id"]).exists()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"quantity": "1", "price": "5"}, "name a product"),
        ({"name": "Nail", "quantity": "0", "price": "5"}, "above zero"),
        ({"name": "Nail", "quantity": "1"}, "needs a price"),
        ({"name": "Nail", "price": "1"}, "required"),
        ({"name": "Nail", "quantity": "1", "price": "5", "discount_percent": "101"}, "0 to 100"),
        ({"name": "Nail", "quantity": "0.0001", "price": "5"}, "too many digits"),
        ({"name": "Nail", "quantity": "10000000", "price": "9999999999"}, "more than can be kept"),
        ({"name": "Nail", "quantity": "1", "price": "5", "id": str(uuid4())}, "no such line"),
        ({"product": str(uuid4()), "quantity": "1", "price": "5"}, "no such"),
        ({"name": "N", "characteristic": str(uuid4()), "quantity": "1", "price": "5"}, "no such"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_taken_is_named(
    funnel: Funnel, line: dict[str, Any], said: str
) -> None:
    answer = send(funnel.shop.manager, "deals", new(funnel, lines=[line]))

    assert answer.status_code == 422
    assert said in answer.json()["errors"]["lines"][0]
    assert not DealLine.objects.exists()


def test_a_price_that_one_does_not_see_is_not_taken(funnel: Funnel, retail: PriceType) -> None:
    """A price type that says what goods cost fills in no line for others."""
    PriceType.objects.update(is_cost=True)
    lines = [{"product": str(funnel.shop.nail.pk), "quantity": "3"}]

    answer = send(funnel.shop.manager, "deals", new(funnel, lines=lines))
    named = send(funnel.shop.manager, "deals", new(funnel, price_type=str(retail.pk)))

    assert (answer.status_code, named.status_code) == (422, 422)
    assert "12.4" not in answer.content.decode()


def test_lines_are_counted_anew_when_prices_hold_tax_no_more(
    funnel: Funnel, retail: PriceType
) -> None:
    line = {"name": "Nail", "quantity": "1", "price": "100", "tax_rate": "20"}
    made = send(funnel.shop.manager, "deals", new(funnel, lines=[line], is_tax_included=True))

    changed = send(
        funnel.shop.manager, f"deals/{made.json()['id']}", {"is_tax_included": False}, "PATCH"
    )

    assert (made.json()["amount"], changed.json()["amount"]) == ("100.00", "120.00")


def test_who_takes_part_is_written_with_the_deal(funnel: Funnel, owner: User) -> None:
    """F147: contact persons and our own people, each with a part; naming them replaces all."""
    anna = ContactPerson.objects.create(counterparty=funnel.shop.customer, full_name="Anna")
    body = new(
        funnel,
        participants=[{"person": str(anna.pk), "role": "buys"}],
        members=[{"user": str(owner.pk), "role": "ships"}],
    )

    made = send(funnel.shop.manager, "deals", body)
    key, tag = made.json()["id"], made["ETag"]
    same = send(funnel.shop.manager, f"deals/{key}", {"participants": made.json()["participants"]},
                "PATCH")  # fmt: skip
    part = DealParticipant.objects.get()
    left = send(funnel.shop.manager, f"deals/{key}", {"participants": [], "members": []}, "PATCH")

    assert made.json()["participants"] == [{"person": str(anna.pk), "role": "buys"}]
    assert made.json()["members"] == [{"user": str(owner.pk), "role": "ships"}]
    assert (part.person, same["ETag"]) == (anna, tag)
    assert (left.json()["participants"], left.json()["members"]) == ([], [])
    assert left["ETag"] != tag
    assert not DealMember.objects.exists()


def test_a_person_whom_one_does_not_see_does_not_take_part(
    funnel: Funnel, manager: User, owner: User
) -> None:
    other = Counterparty.objects.create(name="Secret", sort_name="secret", responsible=owner)
    ivan = ContactPerson.objects.create(counterparty=other, full_name="Ivan")
    Counterparty.objects.filter(pk=funnel.shop.customer.pk).update(responsible=manager)
    narrow(manager, "counterparties")

    answer = send(manager, "deals", new(funnel, participants=[{"person": str(ivan.pk)}]))

    assert answer.status_code == 422
    assert "participants" in answer.json()["errors"]
    assert not DealParticipant.objects.exists()


def test_the_latest_move_is_taken_back(funnel: Funnel) -> None:
    deal = funnel.deal()
    first = deal.stage_id
    won = send(funnel.shop.manager, f"deals/{deal.pk}/win", {}).json()["stage"]

    wrong = send(funnel.shop.manager, f"deals/{deal.pk}/undo-move", {"stage": str(first)})
    undone = send(funnel.shop.manager, f"deals/{deal.pk}/undo-move", {"stage": won})

    assert wrong.status_code == 422
    assert (undone.json()["stage"], undone.json()["closed_at"]) == (str(first), None)


def test_a_colleague_s_deal_is_not_there(funnel: Funnel, manager: User, owner: User) -> None:
    deal = funnel.deal(owner=owner.pk)
    Counterparty.objects.update(responsible=owner)
    narrow(manager, "deals", "counterparties", scope=Scope.OWN)

    answer = send(manager, f"deals/{deal.pk}", {"lines": []}, "PATCH")

    assert (manager.role, answer.status_code) == (Role.MANAGER, 404)
