"""What the guides show beside the working day: letters, computed fields, bars, a register."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Running
from tests.browser.desk import PHONE, Desk, sit_down

pytestmark = pytest.mark.browser
NUMBER = "IE1234567T"
# The register's answer of today, so that nobody outside is asked.
_TOLD = """
import json, sys
from dataclasses import asdict
from django.core.cache import cache
from django_tenants.utils import tenant_context
from apps.registers.providers import Entry
from tenants.models import Company
entry = Entry(register="vies", number="{number}", state="active", values={values})
with tenant_context(Company.objects.get(slug="demo")):
    cache.set("registers:vies:{number}", asdict(entry), timeout=3600)
"""


@pytest.fixture
def manager(running: Running, chromium: Browser) -> Desk:
    """The manager's desk."""
    return sit_down(chromium, running, "manager", "en")


@pytest.fixture
def administrator(running: Running, chromium: Browser) -> Desk:
    """The administrator's desk."""
    return sit_down(chromium, running, "administrator", "en")


def test_letters_are_read_and_written_where_the_customer_is(
    manager: Desk, administrator: Desk
) -> None:
    """G023, G078: the page Mail, a letter with its conversation, the form of a new one."""
    administrator.go("/mail/boxes/")
    administrator.at('main tr:has-text("@demo-trading.example") a.row-link').click()
    administrator.at("[name=is_paused]").set_checked(False)
    administrator.at("main .form-actions .btn").click()
    expect(administrator.at("main tbody")).not_to_contain_text("Paused")

    manager.go("/mail/")
    expect(manager.at("main tbody")).to_contain_text("Looking for a supplier")
    manager.shot("mail")
    manager.at("main a.row-link").filter(has_text="Re: Price of cable").first.click()
    expect(manager.at("main")).to_contain_text("price-list.csv")
    manager.shot("letter")
    manager.at("main a[href*='/counterparties/']").first.click()
    expect(manager.at("#compose")).to_be_attached()
    manager.page.wait_for_load_state()  # its scripts hear clicks from now on
    manager.at("a[data-write]").click()
    expect(manager.at("#compose-mail")).to_be_visible()
    manager.at("#compose-mail [name=subject]").fill("Clips for your cable")
    manager.at("#compose-mail [name=text]").fill(
        "Good morning,\n\nthe clips are in stock as well: 3.40 for a hundred.\n"
        "Shall I put four boxes beside the cable?"
    )
    manager.shot("composer")


def test_a_field_is_computed_where_the_row_is(administrator: Desk) -> None:
    """A formula is written with the names of fields, and the field is there at once."""
    administrator.go("/customization/kinds/deals/new/")
    administrator.at("[name=label]").fill("Commission")
    administrator.at("[name=type]").select_option("formula")
    administrator.at("[name=formula]").fill("if([Amount] >= 5000, [Amount] * 0.02, 0)")
    administrator.at(".formula-help summary").click()
    administrator.shot("computed-field")
    administrator.at(".form-actions .btn").click()
    expect(administrator.at("main tbody")).to_contain_text("Commission")


def test_deals_stand_as_bars(manager: Desk) -> None:
    """The same list over time."""
    manager.go("/deals/list/?show=gantt")
    expect(manager.at(".gantt, .gantt-chart").first).to_be_visible()
    manager.shot("gantt")


def test_the_register_fills_in_what_it_knows(running: Running, manager: Desk) -> None:
    """G051: name and address are offered, with ticks."""
    values = {"name": "Shannon Fixings Ltd", "legal_address": "14 Quay Street, Galway"}
    subprocess.run(
        [sys.executable, "-m", "launcher", "manage", "shell", "-c",
         _TOLD.format(number=NUMBER, values=json.dumps(values))],
        env=running.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    manager.go("/counterparties/new/")
    manager.at("main [name=tax_number]").press_sequentially(NUMBER)
    manager.at(".register-ask button").click()
    expect(manager.at("main")).to_contain_text("Shannon Fixings Ltd")
    manager.shot("register")


def test_what_would_be_erased_is_counted_while_it_is_typed(administrator: Desk) -> None:
    """G052: a number of months, and how many rows it would take."""
    administrator.go("/retention/")
    administrator.at("main tbody input").first.fill("12")
    administrator.at("main tbody input").first.press("Tab")
    expect(administrator.at("main tbody tr").first).to_contain_text(re.compile("today|now"))
    administrator.shot("retention")


@pytest.mark.parametrize(
    "path",
    ["/accounts/roles/built-in/manager/", "/accounts/roles/compare/", "/activities/team/"],
)
def test_wide_tables_stand_below_each_other_on_a_phone(administrator: Desk, path: str) -> None:
    """G077: nothing scrolls sideways, not in itself either."""
    administrator.page.set_viewport_size(PHONE)
    administrator.go(path)

    wider = administrator.at("main .table-scroll").evaluate_all(
        "(all) => all.filter((each) => each.scrollWidth > each.clientWidth + 1).length"
    )

    expect(administrator.at("main .table-scroll tbody tr").first).to_be_visible()
    assert wider == 0
