"""The screens of sales: what they show, who may, how many queries."""

from __future__ import annotations

import io
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django_tenants.utils import tenant_context
from python_calamine import CalamineWorkbook

from apps.accounts.models import User
from apps.catalog.models import Price, PriceType
from apps.counterparties.models import Counterparty
from apps.finance.models import Payment
from apps.sales.models import Invoice, InvoiceConflict, InvoicePayment, InvoiceStatus
from tenants.audit.models import SecurityEvent
from tenants.models import Company
from tests.apps.sales.conftest import TODAY, Shop

MOST_QUERIES = 12


def posted(shop: Shop, *lines: tuple[str, str, str], **head: Any) -> dict[str, Any]:
    """What the editor's form sends."""
    columns = {
        "id": "", "product": "", "characteristic": "", "article": "", "unit": "pc",
        "discount": "", "tax_rate": "",
    }  # fmt: skip
    data: dict[str, Any] = {
        "counterparty_name": shop.customer.name,
        "counterparty": str(shop.customer.pk),
        "organization": str(shop.organization.pk),
        "issued_on": TODAY.isoformat(),
        "currency": "RUB",
        "responsible": str(shop.manager.pk),
        "is_tax_included": "on",
        "then": "save",
    }
    for name, value in columns.items():
        data[f"line_{name}"] = [value] * len(lines)
    for number, name in enumerate(("name", "quantity", "price")):
        data[f"line_{name}"] = [line[number] for line in lines]
    return data | head


@pytest.mark.parametrize(
    "address",
    [
        "/invoices/", "/invoices/{pk}/", "/invoices/new/", "/invoices/{pk}/edit/",
        "/invoices/{pk}/send/", "/invoices/payments/", "/counterparties/",
        "/counterparties/{partner}/", "/counterparties/{partner}/edit/", "/organizations/",
        "/notifications/", "/invoices/?part=rows&payment=overdue&q=rom",
    ],
)  # fmt: skip
def test_a_screen_takes_at_most_twelve_queries(
    shop: Shop, owner_client: Client, django_assert_max_num_queries: Any, address: str
) -> None:
    invoices = [shop.issued() for _ in range(4)]
    address = address.format(pk=invoices[0].pk, partner=shop.customer.pk)
    owner_client.get(address)

    with django_assert_max_num_queries(MOST_QUERIES):
        answer = owner_client.get(address)

    assert answer.status_code == 200


def test_an_invoice_is_written_without_scripts(shop: Shop, manager_client: Client) -> None:
    data = posted(shop, ("Nail 50 mm", "3", "12,50"), ("", "", ""), counterparty="")

    answer = manager_client.post("/invoices/new/", data)

    invoice = Invoice.objects.get()
    assert answer.url == f"/invoices/{invoice.pk}/"
    assert (invoice.total, invoice.lines.get().product) == (37.5, shop.nail)


def test_a_draft_without_a_number_has_a_name_in_the_side_bar(
    shop: Shop, manager_client: Client
) -> None:
    shown = manager_client.post("/side-bar/", {"url": f"/invoices/{shop.draft().pk}/"})
    User.objects.filter(pk=shop.manager.pk).update(language="ru")
    in_russian = manager_client.get("/side-bar/")

    assert "Draft" in shown.content.decode()
    assert "Черновик" in in_russian.content.decode()


def test_a_draft_is_not_sent(shop: Shop, manager_client: Client) -> None:
    draft = shop.draft()
    letter = {"to": "a@b.example", "subject": "Invoice", "message": "Good day"}

    for answer in (
        manager_client.get(f"/invoices/{draft.pk}/send/"),
        manager_client.post(f"/invoices/{draft.pk}/send/", letter),
    ):
        assert (answer.status_code, answer["Location"]) == (302, f"/invoices/{draft.pk}/")
    draft.refresh_from_db()
    assert (draft.status, draft.number) == (InvoiceStatus.DRAFT, "")
    assert mail.outbox == []


def test_save_and_issue_gives_a_number(shop: Shop, manager_client: Client) -> None:
    data = posted(shop, ("Nail 50 mm", "3", "12.50"), then="issue")

    manager_client.post("/invoices/new/", data)

    assert Invoice.objects.get().number == "26-00001"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("Nail 50 mm", "free", "10"), "line_quantity"),
        (("Nail 50 mm", "-1", "10"), "line_quantity"),
        (("", "3", "10"), "line_name"),
    ],
    ids=["not a number", "negative", "no name"],
)
def test_a_wrong_line_is_named_where_it_stands(
    shop: Shop, manager_client: Client, line: tuple[str, str, str], said: str
) -> None:
    answer = manager_client.post("/invoices/new/", posted(shop, line))

    assert answer.status_code == 422
    assert b'aria-invalid="true"' in answer.content
    assert not Invoice.objects.exists()


def test_an_unknown_customer_is_refused(shop: Shop, manager_client: Client) -> None:
    data = posted(shop, ("Nail", "1", "1"), counterparty_name="Nobody", counterparty="")

    answer = manager_client.post("/invoices/new/", data)

    assert (answer.status_code, Invoice.objects.count()) == (422, 0)


def test_totals_and_shortages_are_told_while_typing(shop: Shop, manager_client: Client) -> None:
    data = posted(shop, ("Board", "7", "70.00"), ("Nail 50 mm", "oops", "1"))

    told = manager_client.post("/invoices/totals/", data).json()

    assert [line["total"] for line in told["lines"]] == ["490.00", ""]
    assert told["total"] == "₽490.00"
    assert [short["text"] for short in told["shortages"]] == ["Board: 7 asked for, 5 free"]


def test_a_picked_product_tells_what_others_have_not_promised(
    shop: Shop, manager_client: Client
) -> None:
    price_type = PriceType.objects.get()
    Price.objects.create(
        product=shop.board, price_type=price_type, amount=Decimal("70.1234"), currency="RUB"
    )
    shop.issued(shop.line(shop.board, "3"))

    [found] = manager_client.get("/invoices/products/?q=board").json()["results"]

    assert (found["name"], found["price"], found["free"]) == ("Board", "70.1234", "2")


def test_the_second_editor_sees_what_the_first_saved(shop: Shop, manager_client: Client) -> None:
    invoice = shop.issued()
    seen = invoice.version
    shop.change(invoice, "4")
    data = posted(shop, ("Nail 50 mm", "9", "10"), version=str(seen))

    answer = manager_client.post(f"/invoices/{invoice.pk}/edit/", data)

    invoice.refresh_from_db()
    assert answer.status_code == 409
    assert f'name="version" value="{invoice.version}"'.encode() in answer.content
    assert invoice.lines.get().quantity == 4


def test_an_invoice_is_mailed_with_its_pdf(
    shop: Shop, manager_client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    invoice = shop.issued()
    letter = {"to": "buyer@romashka.example", "subject": "Invoice", "message": "Good day"}

    with django_capture_on_commit_callbacks(execute=True):
        manager_client.post(f"/invoices/{invoice.pk}/send/", letter)

    invoice.refresh_from_db()
    [sent] = mail.outbox
    assert (invoice.status, sent.to, sent.reply_to) == (
        "sent", ["buyer@romashka.example"], [shop.manager.email],
    )  # fmt: skip
    [(name, content, kind)] = sent.attachments
    assert (name, kind, content[:5]) == (
        "invoice-26-00001-2026-11-23.pdf", "application/pdf", b"%PDF-",
    )  # fmt: skip
    assert invoice.events.get(kind="sent").detail == {"to": "buyer@romashka.example"}


def test_many_invoices_are_issued_at_once_and_the_others_named(
    shop: Shop, manager_client: Client
) -> None:
    good, empty = shop.draft(), shop.draft()
    empty.lines.all().delete()

    answer = manager_client.post(
        "/invoices/bulk/", {"do": "issue", "id": [good.pk, empty.pk]}, follow=True
    )

    good.refresh_from_db()
    empty.refresh_from_db()
    assert (good.status, empty.status) == ("issued", "draft")
    assert b"The invoice has no lines" in answer.content


def test_a_conflict_is_decided_with_one_click(shop: Shop, manager_client: Client) -> None:
    invoice = shop.issued()
    shop.receive(shop.order(invoice))
    shop.change(invoice, "5")
    shop.receive(shop.order(invoice, "3"))
    conflict = InvoiceConflict.objects.get()

    manager_client.post(f"/invoices/{invoice.pk}/conflicts/{conflict.pk}/", {"keep": "theirs"})

    conflict.refresh_from_db()
    assert (conflict.state, invoice.lines.get().quantity) == ("theirs", 3)


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("get", "new/"), ("get", "{pk}/edit/"), ("post", "{pk}/issue/"), ("post", "{pk}/cancel/"),
        ("post", "{pk}/copy/"), ("get", "{pk}/send/"), ("post", "{pk}/sent/"),
    ],
)  # fmt: skip
def test_an_accountant_looks_and_does_not_touch(
    shop: Shop, accountant_client: Client, method: str, address: str
) -> None:
    invoice = shop.draft()

    answer = getattr(accountant_client, method)(f"/invoices/{address.format(pk=invoice.pk)}")

    invoice.refresh_from_db()
    assert (answer.status_code, invoice.status) == (403, "draft")
    assert accountant_client.get(f"/invoices/{invoice.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("get", "/invoices/{pk}/"), ("get", "/invoices/{pk}/pdf/"), ("get", "/invoices/{pk}/edit/"),
        ("get", "/invoices/{pk}/send/"), ("post", "/invoices/{pk}/issue/"),
        ("post", "/invoices/{pk}/cancel/"), ("post", "/invoices/{pk}/copy/"),
        ("get", "/counterparties/{partner}/"), ("get", "/counterparties/{partner}/edit/"),
        ("get", "/organizations/{organization}/"), ("post", "/invoices/payments/{payment}/assign/"),
    ],
)  # fmt: skip
def test_another_company_cannot_reach_it(
    shop: Shop, rival_owner_client: Client, method: str, address: str
) -> None:
    invoice = shop.issued()
    money = Payment.objects.create(paid_on=TODAY, amount=1, currency="RUB", node_id=uuid4())
    address = address.format(
        pk=invoice.pk, partner=shop.customer.pk, organization=shop.organization.pk,
        payment=money.pk,
    )  # fmt: skip

    answer = getattr(rival_owner_client, method)(address)

    assert answer.status_code == 404


def test_a_task_of_another_company_finds_no_invoice(shop: Shop, rival: Company) -> None:
    from apps.sales.tasks import mail_invoice

    invoice = shop.issued()
    letter = {
        "invoice_id": str(invoice.pk), "to": "x@example.com", "subject": "s", "message": "m",
        "language": "en", "reply_to": "r@example.com",
    }  # fmt: skip

    with tenant_context(rival), pytest.raises(Invoice.DoesNotExist):
        mail_invoice.delay(**letter)

    assert mail.outbox == []


def test_the_pdf_is_private(shop: Shop, manager_client: Client, visitor: Client) -> None:
    address = f"/invoices/{shop.issued().pk}/pdf/"

    answer = manager_client.get(address)

    assert (answer["Content-Type"], answer["Cache-Control"]) == (
        "application/pdf", "private, no-store",
    )  # fmt: skip
    assert visitor.get(address).status_code == 302


@pytest.fixture
def paid(shop: Shop) -> Payment:
    """A payment of the customer that settles an invoice; another, of nobody, settles none."""
    invoice = shop.issued()
    known = Payment.objects.create(
        number="17", paid_on=TODAY, amount=100, currency="RUB", counterparty=shop.customer
    )
    InvoicePayment.objects.create(invoice=invoice, payment=known, amount=100)
    Payment.objects.create(
        number="18", paid_on=TODAY - timedelta(days=40), amount=7, currency="RUB", kind="cash"
    )
    return known


@pytest.mark.parametrize(
    ("address", "numbers"),
    [
        ("", ["17", "18"]),
        ("?sort=amount", ["18", "17"]),
        ("?without=invoice", ["18"]),
        ("?kind=cash", ["18"]),
        ("?amount_from=50", ["17"]),
        ("?q=17", ["17"]),
    ],
)
def test_payments_are_sorted_and_filtered(
    paid: Payment, manager_client: Client, address: str, numbers: list[str]
) -> None:
    page = manager_client.get(f"/invoices/payments/{address}").content.decode()

    assert re.findall(r'data-label="Number"><a[^>]*>([^<]+)', page) == numbers


def test_an_accountant_is_not_offered_to_assign(
    paid: Payment, accountant_client: Client, manager_client: Client
) -> None:
    address = "/invoices/payments/?without=invoice"

    assert "/assign/" not in accountant_client.get(address).content.decode()
    assert "/assign/" in manager_client.get(address).content.decode()


def exported(client: Client, address: str) -> str:
    """The CSV a list answers with."""
    answer = client.get(address)
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def sheet_of(client: Client, address: str) -> list[list[Any]]:
    """The first sheet of the workbook a list answers with, read by somebody else's reader."""
    answer = client.get(address)
    assert answer["Content-Disposition"].endswith('.xlsx"')
    content = io.BytesIO(b"".join(answer.streaming_content))
    return CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()


def test_an_export_has_the_rows_that_fit_and_the_chosen_columns(
    paid: Payment, shop: Shop, manager_client: Client
) -> None:
    manager_client.post(
        "/preferences/columns/", {"list": "payments", "column": ["date", "invoice", "amount"]}
    )

    table = exported(manager_client, "/invoices/payments/?part=csv&q=17")

    invoice = Invoice.objects.get()
    assert table.splitlines() == [
        "Number,Date,Invoice,Amount,Amount: currency",
        f"17,2026-11-23,{invoice.number},100.00,RUB",
    ]


def test_an_export_speaks_as_the_excel_of_the_language(
    paid: Payment, manager: User, manager_client: Client
) -> None:
    manager_client.post("/preferences/", {"language": "ru"})

    table = exported(manager_client, "/invoices/payments/?part=csv&kind=cash")

    assert "7,00;RUB" in table


def test_an_export_for_excel_has_figures_and_days_as_such(
    paid: Payment, manager_client: Client
) -> None:
    manager_client.post(
        "/preferences/columns/", {"list": "payments", "column": ["date", "invoice", "amount"]}
    )

    sheet = sheet_of(manager_client, "/invoices/payments/?part=xlsx&q=17")

    invoice = Invoice.objects.get()
    assert sheet == [
        ["Number", "Date", "Invoice", "Amount", "Amount: currency"],
        ["17", date(2026, 11, 23), invoice.number, 100.0, "RUB"],
    ]


def test_an_export_for_excel_has_no_formulas_and_nothing_of_another_company(
    shop: Shop, manager_client: Client, rival_owner_client: Client
) -> None:
    Counterparty.objects.filter(pk=shop.customer.pk).update(name="=1+1")

    ours = sheet_of(manager_client, "/counterparties/?part=xlsx")
    theirs = sheet_of(rival_owner_client, "/counterparties/?part=xlsx")

    assert "=1+1" in {row[0] for row in ours}
    assert len(theirs) == 1


def test_an_export_is_no_place_for_formulas(shop: Shop, manager_client: Client) -> None:
    Counterparty.objects.filter(pk=shop.customer.pk).update(
        name='=HYPERLINK("http://evil.example")', comment="-5", phone="+7 999 1234567"
    )

    table = exported(manager_client, "/counterparties/?part=csv")

    assert "\"'=HYPERLINK(" in table
    assert "'+7 999 1234567" in table


def test_an_export_of_many_rows_has_each_once(shop: Shop, manager_client: Client) -> None:
    Payment.objects.bulk_create(
        Payment(number=str(n), paid_on=TODAY, amount=n, currency="RUB") for n in range(1, 1202)
    )

    lines = exported(manager_client, "/invoices/payments/?part=csv").splitlines()

    assert len(lines) == len(set(lines)) == 1202


def test_an_export_leaves_a_line_in_the_security_log(
    paid: Payment, manager: User, manager_client: Client
) -> None:
    exported(manager_client, "/invoices/payments/?part=csv&q=17")

    line = SecurityEvent.objects.get(kind="list.exported")
    assert (line.login, line.detail["list"], line.detail["asked"]) == (
        manager.email, "payments", "part=csv&q=17",
    )  # fmt: skip


def test_an_export_shows_nothing_of_another_company(
    paid: Payment, rival_owner_client: Client
) -> None:
    for address in ("/invoices/payments/", "/invoices/", "/counterparties/"):
        assert len(exported(rival_owner_client, f"{address}?part=csv").splitlines()) == 1


def test_an_export_needs_the_right_to_see_the_list(
    shop: Shop, manager_client: Client, visitor: Client
) -> None:
    assert manager_client.get("/exchange/?part=csv").status_code == 403
    assert visitor.get("/invoices/?part=csv").status_code == 302
    assert not SecurityEvent.objects.filter(kind="list.exported").exists()
