"""The invoice on paper: PDF, payment code, sum in words."""

from __future__ import annotations

from decimal import Decimal

import pytest

from apps.core.models import Organization
from apps.sales.documents import invoice_pdf, language_for
from apps.sales.documents.payment_code import payment_code
from apps.sales.documents.words import in_words
from tests.apps.sales.conftest import Shop

MOST = {
    "name": "ООО «Мост»",
    "tax_number": "7707083893",
    "tax_reason_code": "770701001",
    "bank_name": "ПАО СБЕРБАНК",
    "bank_code": "044525225",
    "bank_account": "40702810938000000001",
    "correspondent_account": "30101810400000000225",
}


@pytest.mark.parametrize("language", ["en", "ru", "tr"])
def test_every_language_has_its_pdf(shop: Shop, language: str) -> None:
    pdf = invoice_pdf(invoice_id=shop.issued().pk, language=language)

    assert pdf.startswith(b"%PDF-")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_people_type_is_printed_and_never_run(shop: Shop, language: str) -> None:
    shop.customer.name = '#panic("run") $x^2$ *bold* <label> @ref // \\ "'
    shop.customer.save()

    pdf = invoice_pdf(invoice_id=shop.issued(comment="#read('/etc/passwd')").pk, language=language)

    assert pdf.startswith(b"%PDF-")


def test_a_russian_account_is_paid_by_the_code_of_gost_56042() -> None:
    """F248: the payment code of Russian practice stands on an invoice."""
    code = payment_code(
        organization=Organization(**MOST), amount=Decimal("1234.56"), currency="RUB",
        purpose="Счёт 26-00001 | НДС",
    )  # fmt: skip

    assert code is not None
    assert code.content == (
        "ST00012|Name=ООО «Мост»|PersonalAcc=40702810938000000001|BankName=ПАО СБЕРБАНК"
        "|BIC=044525225|CorrespAcc=30101810400000000225|Sum=123456|Purpose=Счёт 26-00001   НДС"
        "|PayeeINN=7707083893|KPP=770701001"
    )


@pytest.mark.parametrize(
    ("account", "currency", "begins"),
    [
        ("DE89370400440532013000", "EUR", "EPC"),
        ("TR330006100519786457841326", "TRY", "Köprü\nTR33 0006 1005 1978 6457 8413 26\n5.00 TRY"),
        ("12345", "TRY", None),
    ],
    ids=["euros to an IBAN", "liras to an IBAN", "no IBAN"],
)
def test_other_accounts_have_the_code_that_fits(
    account: str, currency: str, begins: str | None
) -> None:
    code = payment_code(
        organization=Organization(name="Köprü", bank_account=account), amount=Decimal("5.00"),
        currency=currency, purpose="26-00001",
    )  # fmt: skip

    assert (code.content[: len(begins)] if code and begins else code) == begins


def test_the_language_is_that_of_the_sellers_account(shop: Shop) -> None:
    invoice = shop.draft()

    assert language_for(invoice, company_language="en") == "en"
    for name, value in MOST.items():
        setattr(invoice.organization, name, value)
    assert language_for(invoice, company_language="en") == "ru"


@pytest.mark.parametrize(
    ("amount", "currency", "language", "words"),
    [
        ("1.01", "RUB", "ru", "Один рубль 01 копейка"),
        ("2002.22", "RUB", "ru", "Две тысячи два рубля 22 копейки"),
        ("111.00", "RUB", "ru", "Сто одиннадцать рублей 00 копеек"),
        ("21.00", "TRY", "ru", "Двадцать одна турецкая лира 00 курушей"),
        ("650.35", "TRY", "tr", "Altıyüzelli Türk lirası otuzbeş kuruş"),
        ("2000000.00", "TRY", "tr", "İkimilyon Türk lirası"),
        ("1.10", "EUR", "en", "One euro 10 cents"),
        ("5.00", "CHF", "en", "Five CHF 00/100"),
    ],
)
def test_a_sum_in_words(amount: str, currency: str, language: str, words: str) -> None:
    assert in_words(Decimal(amount), currency=currency, language=language) == words
