"""What 1C knows of a customer, on the customer's card."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.sales.customers import debts_of, turnover
from apps.sales.models import Delivery, Invoice
from apps.sales.selectors import debts
from tests.apps.sales.conftest import Shop


def late(shop: Shop, days: int, price: str) -> Invoice:
    due_on = timezone.localdate() - timedelta(days=days)
    return shop.issued(shop.line(shop.nail, "1", price), due_on=due_on)


def test_the_debt_is_told_by_age(shop: Shop, owner: User) -> None:
    """F048: the card shows debt, overdue amount and days."""
    for days, price in ((-5, "100"), (10, "20"), (45, "30"), (200, "40")):
        late(shop, days, price)

    [debt] = debts_of(shop.customer, owner, today=timezone.localdate())

    assert (debt.amount, debt.overdue, debt.days) == (Decimal(190), Decimal(90), 200)
    assert [amount for _first, _last, amount in debt.ages] == [20, 30, 40]
    assert debt.current == Decimal(100)


def test_the_debt_agrees_with_the_list(shop: Shop, owner: User) -> None:
    """F048: the totals agree with the report."""
    late(shop, 10, "20")
    late(shop, -5, "70")

    [debt] = debts_of(shop.customer, owner, today=timezone.localdate())

    assert debts([shop.customer.pk])[shop.customer.pk] == [("RUB", debt.amount)]
    assert turnover([shop.customer.pk])[shop.customer.pk] == [("RUB", Decimal(90))]


def test_the_tab_of_1c_lists_orders_payments_shipments_and_debt(
    shop: Shop, manager_client: Client
) -> None:
    """F047: everything 1C knows of a customer can be looked up."""
    invoice = late(shop, 10, "20")
    Invoice.objects.filter(pk=invoice.pk).update(number_1c="УТ-000017")
    Delivery.objects.create(
        invoice=invoice, node_id=shop.node_id, ref="d1", number="РТ-5", total=Decimal(20),
        shipped_on=timezone.localdate(),
    )  # fmt: skip

    page = manager_client.get(f"/counterparties/{shop.customer.pk}/?tab=1c").content.decode()

    assert all(text in page for text in ("УТ-000017", "РТ-5", "Age of the debt", "Payments"))


def test_who_may_not_see_invoices_does_not_see_the_debt(shop: Shop) -> None:
    late(shop, 10, "20")

    assert debts_of(shop.customer, None, today=timezone.localdate()) == []  # type: ignore[arg-type]
