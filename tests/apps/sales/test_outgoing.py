"""Which invoices a 1C is told, and in which form (CommerceML reference, chapter 9)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from lxml import etree

from apps.accounts.models import User
from apps.catalog.models import Unit
from apps.core.tagging import tags_called
from apps.sales.models import InvoiceBase
from apps.sales.outgoing import InvoiceSource
from apps.sales.services import cancel_invoice, mark_sent, tag_invoice
from exchange import orders_out
from exchange.formats.commerceml.writer import order_number_is_safe, write_documents
from exchange.rows import DocumentRow
from replication.journal import current_position
from tenants.context import acting
from tenants.models import Company
from tests.apps.sales.conftest import NOW, Shop, document, make_shop, party, told_line

SOURCE = InvoiceSource()


@pytest.fixture
def shop(committed: Company) -> Shop:
    """A company whose transactions are committed one by one, as the journal reads them."""
    return make_shop(User.objects.create_user(email="m@example.com", full_name="Marina"))


def told(shop: Shop, *, after: str = "", **settings: Any) -> list[DocumentRow]:
    """What ``query`` would say, confirmed at once."""
    until = current_position()
    rows = list(SOURCE.documents(node_id=shop.node_id, after=after, until=until, settings=settings))
    with acting(origin=shop.node_id):
        SOURCE.confirmed(node_id=shop.node_id, until=until)
    return rows


def test_1c_may_map_statuses_and_ways_of_payment_there_are_no_deliveries_to_map(
    shop: Shop,
) -> None:
    answer = etree.fromstring(orders_out.info())

    ways = [
        (way.findtext("Ид"), way.findtext("Название"))
        for way in answer.iterfind("ПлатежныеСистемы/Элемент")
    ]
    assert ways == [("bank", "Банковский перевод"), ("cash", "Наличные"), ("card", "Карта")]
    assert answer.findall("СлужбыДоставки/Элемент") == []


def test_a_draft_stays_here(shop: Shop) -> None:
    shop.draft()

    assert told(shop) == []


def test_an_issued_invoice_goes_once(shop: Shop) -> None:
    invoice = shop.issued()

    [row] = told(shop)
    position = current_position()

    assert (row.number, row.operation, row.currency) == (invoice.number, "Заказ товара", "RUB")
    assert told(shop, after=position) == []


def test_1c_is_not_told_of_tags(shop: Shop) -> None:
    invoice = shop.issued()
    told(shop)
    position = current_position()

    tag_invoice(invoice_id=invoice.pk, tags=tags_called(["Urgent"]))
    assert not SOURCE.has_news(node_id=shop.node_id, after=position, settings={})

    shop.change(invoice, quantity="3")
    assert SOURCE.has_news(node_id=shop.node_id, after=position, settings={})


def test_with_the_status_sent_an_issued_invoice_waits(shop: Shop) -> None:
    invoice = shop.issued()
    assert told(shop, send_from_status="sent") == []

    mark_sent(invoice_id=invoice.pk, by=shop.manager, now=NOW)

    assert [row.number for row in told(shop, send_from_status="sent")] == [invoice.number]


def test_a_change_made_here_goes_again(shop: Shop) -> None:
    invoice = shop.issued()
    told(shop)
    position = current_position()
    shop.change(invoice, "7")

    [row] = told(shop, after=position)

    assert row.lines[0].quantity == 7


def test_a_change_that_came_from_the_node_does_not_go_back(shop: Shop) -> None:
    invoice = shop.issued()
    told(shop)
    position = current_position()
    with acting(origin=shop.node_id), transaction.atomic():
        shop.receive(shop.order(invoice, quantity="7"))

    assert told(shop, after=position) == []


def test_an_order_that_began_in_1c_does_not_go_back_with_the_first_query(shop: Shop) -> None:
    order = document(
        ref="x", number="77", operation="Заказ товара",
        counterparties=(party(ref="c", name="Ladoga"),),
        lines=(told_line(shop.nail, "3", "7.00"),),
    )  # fmt: skip
    shop.receive(order, create_orders_from_1c=True)

    assert told(shop) == []


def test_a_cancellation_goes_with_its_requisite(shop: Shop) -> None:
    invoice = shop.issued()
    told(shop)
    position = current_position()
    cancel_invoice(invoice_id=invoice.pk, by=shop.manager, now=NOW)

    [row] = told(shop, after=position)

    assert ("Отменен", "true") in [(r.name, r.value) for r in row.requisites]


def test_an_invoice_with_an_open_conflict_is_held_back(shop: Shop) -> None:
    invoice = shop.issued()
    told(shop)
    position = current_position()
    shop.change(invoice, "5")
    shop.receive(shop.order(invoice, "3"))

    assert told(shop, after=position) == []


def test_what_was_told_is_the_base_only_when_confirmed(shop: Shop) -> None:
    invoice = shop.issued()
    until = current_position()
    list(SOURCE.documents(node_id=shop.node_id, after="", until=until, settings={}))
    base = InvoiceBase.objects.get(invoice=invoice)
    assert base.content == {}

    SOURCE.confirmed(node_id=shop.node_id, until=until)

    base.refresh_from_db()
    assert base.content["lines"] == base.content["lines"] | {
        str(shop.nail.pk): {"name": "Nail 50 mm", "quantity": "2", "price": "10"}
    }


@pytest.mark.parametrize("included", [True, False], ids=["tax included", "tax on top"])
def test_a_document_adds_up_as_1c_adds_it(shop: Shop, included: bool) -> None:
    shop.issued(
        shop.line(shop.nail, "3", "33.335", tax_rate=Decimal(20)),
        shop.line(shop.board, "1.5", "70.10", tax_rate=Decimal(10), discount_percent=Decimal(5)),
        is_tax_included=included,
    )

    [row] = told(shop)

    [tax] = row.taxes
    on_top = Decimal(0) if included else tax.amount
    assert tax.is_included is included
    assert row.total == sum(line.total for line in row.lines) + on_top
    assert all(line.taxes[0].is_included is included for line in row.lines)


def test_a_line_tells_its_unit_with_the_code(shop: Shop) -> None:
    shop.nail.unit = Unit.objects.create(name="pc", code="796")
    shop.nail.save()
    shop.issued()

    [row] = told(shop)

    message = write_documents([row], now=NOW, version="2.05").decode()
    assert '<БазоваяЕдиница Код="796">pc</БазоваяЕдиница>' in message


def test_a_wrong_tax_number_is_left_out(shop: Shop) -> None:
    shop.customer.tax_number, shop.customer.tax_reason_code = "77", "12"
    shop.customer.save()
    shop.issued()

    [row] = told(shop)

    assert (row.counterparties[0].tax_number, row.counterparties[0].tax_reason_code) == ("", "")
    assert order_number_is_safe(row.number)
