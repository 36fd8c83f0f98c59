"""Who is told what, where, and in which language."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.notifications.models import Notification
from apps.notifications.services import mark_read, notify
from exchange import outcome
from exchange.models import ExchangeSession, Node
from tenants.models import Company
from tests.apps.sales.conftest import Shop, document, make_shop, payment, told_line


@pytest.fixture
def shop(company: Company, manager: User) -> Shop:
    return make_shop(manager)


def kinds(user: User) -> list[str]:
    return list(
        Notification.objects.filter(user=user).order_by("id").values_list("kind", flat=True)
    )


def test_the_manager_hears_what_became_of_the_invoice(
    shop: Shop, owner: User, django_capture_on_commit_callbacks: Any
) -> None:
    invoice = shop.issued()
    shipment = document(
        ref="s1", operation="Отпуск товара", parent_ref="order-1",
        lines=(told_line(shop.nail, "2", "12.00"),),
    )  # fmt: skip
    told = [
        (shop.order(invoice),),
        (shop.order(invoice, price="12.00"),),
        (shop.order(invoice, price="12.00"), payment("p1", "4", parent_ref="order-1")),
        (shop.order(invoice, price="12.00"), payment("p1", "24", parent_ref="order-1")),
        (shop.order(invoice, price="12.00"), shipment),
    ]

    for rows in told:
        with django_capture_on_commit_callbacks(execute=True):
            shop.receive(*rows)

    assert kinds(shop.manager) == ["changed_in_1c", "partly_paid", "payment_received", "shipped"]
    assert kinds(owner) == []


def test_a_payment_is_mailed_in_the_managers_language(
    shop: Shop, django_capture_on_commit_callbacks: Any
) -> None:
    shop.manager.language = "en"
    shop.manager.save()
    invoice = shop.issued()

    with django_capture_on_commit_callbacks(execute=True):
        shop.receive(shop.order(invoice), payment("p1", "20", parent_ref="order-1"))

    [letter] = mail.outbox
    assert letter.to == [shop.manager.email]
    assert letter.subject == "Romashka paid invoice 26-00001: ₽20.00"
    assert f"acme.localhost:8000/invoices/{invoice.pk}/" in letter.body


def test_a_conflict_without_a_responsible_person_reaches_the_owner(
    shop: Shop, owner: User, django_capture_on_commit_callbacks: Any
) -> None:
    invoice = shop.issued()
    shop.receive(shop.order(invoice))
    shop.change(invoice, "5")
    invoice.refresh_from_db()
    invoice.responsible = None
    invoice.save()

    with django_capture_on_commit_callbacks(execute=True):
        shop.receive(shop.order(invoice, "3"))

    assert kinds(owner) == ["conflict"]


def test_what_is_rolled_back_is_not_told(shop: Shop) -> None:
    invoice = shop.issued()

    shop.receive(shop.order(invoice), payment("p1", "20", parent_ref="order-1"))

    assert kinds(shop.manager) == []  # the test's own transaction never commits


@pytest.mark.parametrize(("state", "told"), [("failed", 1), ("done_with_problems", 0), ("done", 0)])
def test_administrators_hear_of_a_failed_run(
    company: Company, owner: User, manager: User, state: str, told: int
) -> None:
    node = Node.objects.create(name="UT", login=str(uuid4()))
    session = ExchangeSession.objects.create(
        node=node, subject="catalog", latest_contact_at=timezone.now()
    )

    outcome.tell(session.pk, state)

    assert (len(kinds(owner)), len(kinds(manager))) == (told, 0)


def test_the_bell_counts_what_is_new(shop: Shop, manager_client: Client) -> None:
    values = {"number": "26-00001", "customer": "Romashka"}
    notify(users=[shop.manager], kind="shipped", values=values, url="/invoices/")

    before = manager_client.get("/notifications/?part=bell")
    manager_client.post("/notifications/read/")
    after = manager_client.get("/notifications/?part=bell")

    assert b'<span class="count">1</span>' in before.content
    assert b'class="count"' not in after.content


def test_one_person_does_not_read_anothers_notices(
    shop: Shop, accountant: User, accountant_client: Client
) -> None:
    [notice] = notify(users=[shop.manager], kind="shipped", values={}, url="/invoices/")

    accountant_client.get(f"/notifications/{notice.pk}/")
    mark_read(user=accountant, now=timezone.now(), ids=[notice.pk])

    notice.refresh_from_db()
    assert notice.read_at is None
    assert b"is-new" not in accountant_client.get("/notifications/").content
