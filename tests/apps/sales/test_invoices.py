"""Raising, numbering, issuing and changing invoices."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from django.db import connection
from django_tenants.utils import tenant_context

from apps.accounts.models import User
from apps.core.models import CompanySettings, Organization
from apps.sales.models import Invoice
from apps.sales.services import (
    InvoiceChangedMeanwhile,
    InvoiceLocked,
    NotEnoughStock,
    NothingToIssue,
    WrongStatus,
    cancel_invoice,
    change_invoice,
    copy_invoice,
    issue_invoice,
    mark_sent,
    shortages,
)
from tenants.models import Company
from tests.apps.sales.conftest import NOW, TODAY, Shop, make_shop


def test_an_issued_invoice_has_a_number_that_every_1c_tells_apart(shop: Shop) -> None:
    second = Organization.objects.create(name="Second", invoice_prefix="SB")

    numbers = [
        shop.issued().number,
        shop.issued().number,
        shop.issued(organization_id=second.pk).number,
    ]

    assert numbers == ["26-00001", "26-00002", "SB260100001"]
    digits = ["".join(filter(str.isdigit, number)) for number in numbers]
    assert len(set(digits)) == len({number[:11] for number in numbers}) == 3


def test_a_refused_issue_leaves_no_gap(shop: Shop) -> None:
    first = shop.issued()
    empty = shop.draft()
    empty.lines.all().delete()
    with pytest.raises(NothingToIssue):
        issue_invoice(invoice_id=empty.pk, by=shop.manager, now=NOW)

    assert (first.number, shop.issued().number) == ("26-00001", "26-00002")


def test_a_number_that_an_order_of_1c_brought_is_passed_over(shop: Shop) -> None:
    taken = shop.draft()
    Invoice.objects.filter(pk=taken.pk).update(number="26-00001", status="issued")

    assert shop.issued().number == "26-00002"


def test_numbers_have_no_gap_when_many_issue_at_once(committed: Company) -> None:
    manager = User.objects.create_user(email="m@example.com")
    shop = make_shop(manager)
    drafts = [shop.draft() for _ in range(12)]

    def issue(pks: list) -> None:
        with tenant_context(committed):
            for pk in pks:
                issue_invoice(invoice_id=pk, by=manager, now=NOW)
        connection.close()

    workers = [
        threading.Thread(target=issue, args=([d.pk for d in drafts[n::4]],)) for n in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    numbers = sorted(Invoice.objects.values_list("number", flat=True))
    assert numbers == [f"26-{n:05d}" for n in range(1, 13)]


def test_what_other_invoices_promised_is_not_free(shop: Shop) -> None:
    shop.issued(shop.line(shop.board, "3"))

    [short] = shortages(lines=[(shop.board.pk, None, Decimal(3))])

    assert (short.name, short.wanted, short.free) == ("Board", 3, 2)


def test_an_invoice_above_free_stock_is_refused_when_the_company_says_so(shop: Shop) -> None:
    CompanySettings.objects.create(stock_check="refuse")
    draft = shop.draft(shop.line(shop.board, "6"))

    with pytest.raises(NotEnoughStock) as refusal:
        issue_invoice(invoice_id=draft.pk, by=shop.manager, now=NOW)

    draft.refresh_from_db()
    assert refusal.value.shortages[0].free == 5
    assert (draft.status, draft.number) == ("draft", "")


def test_an_invoice_above_free_stock_is_issued_with_a_warning_by_default(shop: Shop) -> None:
    invoice = shop.issued(shop.line(shop.board, "6"))

    assert invoice.events.get(kind="issued").detail == {"short": ["Board"]}


def test_the_second_editor_does_not_overwrite_the_first(shop: Shop) -> None:
    invoice = shop.issued()
    seen = invoice.version
    shop.change(invoice, "3")

    with pytest.raises(InvoiceChangedMeanwhile):
        change_invoice(
            invoice_id=invoice.pk, values=shop.values(), version=seen, by=shop.manager, now=NOW
        )

    assert invoice.lines.get().quantity == 3


def test_saving_without_a_change_writes_nothing(shop: Shop) -> None:
    invoice = shop.issued()
    before = Invoice.objects.values().get(pk=invoice.pk)

    shop.change(invoice)

    assert Invoice.objects.values().get(pk=invoice.pk) == before


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("delivery_state", "partly_shipped", "shipped"),
        ("payment_state", "paid", "paid"),
        ("status", "cancelled", "cancelled"),
    ],
)
def test_what_has_moved_is_not_changed(shop: Shop, field: str, value: str, reason: str) -> None:
    invoice = shop.issued()
    Invoice.objects.filter(pk=invoice.pk).update(**{field: value})

    with pytest.raises(InvoiceLocked) as refusal:
        shop.change(invoice, "9")

    assert refusal.value.reason == reason
    assert invoice.lines.get().quantity == 2


def test_a_paid_invoice_is_not_cancelled(shop: Shop) -> None:
    invoice = shop.issued()
    Invoice.objects.filter(pk=invoice.pk).update(payment_state="partly_paid")

    with pytest.raises(InvoiceLocked):
        cancel_invoice(invoice_id=invoice.pk, by=shop.manager, now=NOW)


def test_a_draft_is_not_sent(shop: Shop) -> None:
    draft = shop.draft()

    with pytest.raises(WrongStatus):
        mark_sent(invoice_id=draft.pk, by=shop.manager, now=NOW)

    draft.refresh_from_db()
    assert draft.status == "draft"


def test_a_copy_is_a_draft_with_the_same_lines(shop: Shop) -> None:
    invoice = shop.issued(shop.line(shop.nail, "3", "12.3456", tax_rate=Decimal(20)))

    copy = copy_invoice(invoice_id=invoice.pk, by=shop.manager, issued_on=TODAY, now=NOW)

    assert (copy.status, copy.number, copy.total, copy.tax_total) == (
        "draft", "", invoice.total, invoice.tax_total,
    )  # fmt: skip
