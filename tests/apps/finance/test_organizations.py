"""Our own organizations: requisites with check digits, prefixes, settings."""

from __future__ import annotations

import pytest
from django.test import Client

from apps.core import requisites
from apps.core.models import CompanySettings, Organization
from tenants.models import Company


@pytest.mark.parametrize(
    ("number", "is_right"),
    [
        ("7707083893", True), ("7707083894", False), ("500100732259", True),
        ("500100732250", False), ("4540536920", True), ("17291716060", True),
        ("17291716061", False), ("123", False), ("DE136695976", True), ("", True), ("--", False),
    ],
)  # fmt: skip
def test_tax_numbers(number: str, is_right: bool) -> None:
    assert (requisites.tax_number_problem(number) == "") is is_right


@pytest.mark.parametrize(("number", "is_right"), [("246777704", True), ("7707083894", True),
                                                ("DE136695976", True), ("--", False)])  # fmt: skip
def test_numbers_of_other_countries_are_taken_as_they_are(number: str, is_right: bool) -> None:
    assert (requisites.tax_number_problem(number, currency="EUR") == "") is is_right


@pytest.mark.parametrize(
    ("account", "bank_code", "is_right"),
    [
        ("40702810900000000001", "044525225", False),
        ("30101810400000000225", "", False),
        ("TR330006100519786457841326", "", True),
        ("TR330006100519786457841327", "", False),
        ("", "", True),
        ("4070281090000000001", "044525225", False),
        ("4070281090000000001", "DEUTDEFF", True),
    ],
    ids=["another bank's", "without its bank", "IBAN", "mistyped IBAN", "none", "a digit short",
         "of a bank elsewhere"],
)  # fmt: skip
def test_accounts(account: str, bank_code: str, is_right: bool) -> None:
    assert (requisites.account_problem(account, bank_code) == "") is is_right


@pytest.mark.parametrize(
    ("account", "bank_code", "is_right"),
    [
        ("30101810400000000225", "044525225", True),
        ("30101810400000000226", "044525225", False),
        ("3010181040000000225", "044525225", False),
        ("40102810045370000002", "004525988", True),
        ("", "044525225", True),
    ],
    ids=["the bank's own", "another bank's", "a digit short", "of the treasury", "none"],
)
def test_correspondent_accounts(account: str, bank_code: str, is_right: bool) -> None:
    assert (requisites.correspondent_account_problem(account, bank_code) == "") is is_right


def test_an_account_fits_exactly_one_key_of_its_bank() -> None:
    fitting = [
        digit
        for digit in "0123456789"
        if not requisites.account_problem(f"40702810{digit}00000000001", "044525225")
    ]

    assert len(fitting) == 1


@pytest.mark.parametrize(
    ("number", "is_right"), [("1027700132195", True), ("1027700132196", False), ("x", True)]
)
def test_registration_numbers(number: str, is_right: bool) -> None:
    assert (requisites.registration_number_problem(number) == "") is is_right


def test_the_first_organization_is_used_by_default(company: Company, owner_client: Client) -> None:
    owner_client.post("/organizations/new/", {"name": "Most"})
    owner_client.post("/organizations/new/", {"name": "Second", "is_default": "on"})

    assert list(Organization.objects.order_by("name").values_list("name", "is_default")) == [
        ("Most", False), ("Second", True),
    ]  # fmt: skip


@pytest.mark.parametrize("prefix", ["A1", "ABC", "M"], ids=["a digit", "too long", "taken"])
def test_a_prefix_that_would_repeat_numbers_is_refused(
    company: Company, owner_client: Client, prefix: str
) -> None:
    Organization.objects.create(name="Most", invoice_prefix="M", is_default=True)

    answer = owner_client.post("/organizations/new/", {"name": "Second", "invoice_prefix": prefix})

    assert (answer.status_code, Organization.objects.count()) == (422, 1)


def test_the_stock_check_is_set(company: Company, owner_client: Client) -> None:
    owner_client.post("/organizations/settings/", {"stock_check": "refuse"})

    assert CompanySettings.objects.get().stock_check == "refuse"


def test_a_manager_looks_and_does_not_touch(company: Company, manager_client: Client) -> None:
    assert manager_client.get("/organizations/").status_code == 200
    assert manager_client.post("/organizations/new/", {"name": "X"}).status_code == 403
    answer = manager_client.post("/organizations/settings/", {"stock_check": "refuse"})
    assert (answer.status_code, Organization.objects.count()) == (403, 0)
