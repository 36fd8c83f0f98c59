"""Own fields of payments: entered here whatever 1C says of the payment, and kept when it comes."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import AccessRole, Role, RoleRight, Scope, User
from apps.core import objects
from apps.core.objects import Refused
from apps.custom import services
from apps.custom.models import CustomField
from apps.custom.services import FieldValues
from apps.finance.models import Payment
from tests.apps.custom.asking import ask
from tests.apps.sales.conftest import TODAY, Shop, document

LIST = "/invoices/payments/"


@pytest.fixture
def project(shop: Shop) -> CustomField:
    """What a payment is for, in the company's own words."""
    return services.add_field(kind="payments", values=FieldValues(label="Project", key="x_project"))


@pytest.fixture
def payment(shop: Shop) -> Payment:
    """A payment of 1C."""
    return told(shop, "100.00")


def told(shop: Shop, total: str) -> Payment:
    """Have 1C tell its payment with this sum."""
    shop.receive(document(
        ref="pay-1", number="P-1", number_1c="P-1", operation="Оплата", total=Decimal(total),
        issued_on=TODAY, currency="RUB",
    ))  # fmt: skip
    return Payment.objects.get()


def values_of(payment: Payment) -> dict[str, Any]:
    payment.refresh_from_db()
    kept: dict[str, Any] = payment.custom
    return kept


def test_an_own_field_is_entered_on_the_card_of_a_payment_of_1c(
    project: CustomField, payment: Payment, manager_client: Client
) -> None:
    """F121, G044: fields of the company's own on payments, which 1C owns."""
    card = f"{LIST}{payment.pk}/"
    assert 'name="custom-x_project"' in manager_client.get(card).content.decode()

    answer = manager_client.post(card, {"custom-x_project": "Roof", "seen": seen(payment)})

    assert answer.status_code == 302
    assert values_of(payment) == {"x_project": "Roof"}
    assert "Roof" in manager_client.get(card).content.decode()


def test_it_is_edited_in_the_cell_and_found_by_it(
    project: CustomField, payment: Payment, manager_client: Client
) -> None:
    cell = f"/objects/payments/{payment.pk}/x_project/"

    answer = manager_client.post(cell, {"value": "Roof", "list": "payments", "column": "x_project"})

    assert answer.status_code == 200
    for wanted, is_there in (("Roof", True), ("Cellar", False)):
        page = manager_client.get(LIST, {
            "cols": "number,x_project", "f": json.dumps(["x_project", "is", wanted]),
        }).content.decode()  # fmt: skip
        assert (str(payment.pk) in page) is is_there


def test_what_1c_says_of_a_payment_is_not_changed_here(
    project: CustomField, payment: Payment, manager_client: Client
) -> None:
    with pytest.raises(Refused):
        objects.save(objects.kind("payments"), values={"x_project": "Roof"}, by=None)

    answer = manager_client.post(f"/objects/payments/{payment.pk}/amount/", {"value": "1"})

    assert "“Amount” is not changed here." in answer.content.decode()
    assert Payment.objects.get().amount == Decimal("100.00")


def test_the_next_exchange_leaves_what_was_entered(
    project: CustomField, payment: Payment, shop: Shop
) -> None:
    objects.save(objects.kind("payments"), values={"x_project": "Roof"}, by=None, key=payment.pk)

    again = told(shop, "120.00")

    assert (again.amount, again.custom) == (Decimal("120.00"), {"x_project": "Roof"})


def test_programs_read_and_write_it(project: CustomField, payment: Payment, manager: User) -> None:
    path = f"payments/{payment.pk}"

    answer = ask(manager, path, "PATCH", json.dumps({"x_project": "Roof"}))

    assert answer.status_code == 200
    assert ask(manager, path).json()["x_project"] == "Roof"
    assert ask(manager, "payments", "POST", "{}").status_code == 405


def test_no_name_in_1c_is_asked_for(project: CustomField, owner_client: Client) -> None:
    page = owner_client.get("/customization/kinds/payments/new/").content.decode()

    assert 'name="label"' in page
    assert 'name="name_1c"' not in page


def test_who_may_not_edit_payments_sees_the_value_alone(
    project: CustomField, payment: Payment, manager: User, manager_client: Client
) -> None:
    objects.save(objects.kind("payments"), values={"x_project": "Roof"}, by=None, key=payment.pk)
    role = AccessRole.objects.create(name="Looks on", base=Role.MANAGER)
    RoleRight.objects.create(role=role, object="payments", action="edit", scope=Scope.NONE)
    User.objects.filter(pk=manager.pk).update(access_role=role)

    page = manager_client.get(f"{LIST}{payment.pk}/")
    answer = manager_client.post(f"{LIST}{payment.pk}/", {"custom-x_project": "Cellar"})

    assert "Roof" in page.content.decode()
    assert 'name="custom-x_project"' not in page.content.decode()
    assert answer.status_code == 403
    assert values_of(payment) == {"x_project": "Roof"}


def test_the_second_to_save_is_told_of_the_first(
    project: CustomField, payment: Payment, manager_client: Client
) -> None:
    card, opened = f"{LIST}{payment.pk}/", seen(payment)
    manager_client.post(card, {"custom-x_project": "Roof", "seen": opened})

    answer = manager_client.post(card, {"custom-x_project": "Cellar", "seen": opened})

    assert answer.status_code == 409
    assert values_of(payment) == {"x_project": "Roof"}
    manager_client.post(card, {"custom-x_project": "Cellar", "seen": seen(payment)})
    assert values_of(payment) == {"x_project": "Cellar"}


def test_another_companys_payment_is_not_there(
    project: CustomField, payment: Payment, rival_owner_client: Client
) -> None:
    assert rival_owner_client.get(f"{LIST}{payment.pk}/").status_code == 404
    assert rival_owner_client.post(f"{LIST}{payment.pk}/", {}).status_code == 404
    assert payment.paid_on == date(2026, 11, 23)


def seen(payment: Payment) -> str:
    """Return what a form carries that shows the payment as it is now."""
    payment.refresh_from_db()
    return payment.updated_at.isoformat()
