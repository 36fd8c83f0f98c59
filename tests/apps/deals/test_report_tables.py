"""Reports on deals as tables, as programs read them: the figures of the pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from apps.accounts import roles
from apps.accounts.models import AccessRole, Role, User
from apps.deals.services.plans import put_plans
from tenants.audit.models import SecurityEvent
from tests.apps.custom.asking import ask
from tests.apps.custom.test_computed_rights import narrow
from tests.apps.deals.conftest import Funnel
from tests.apps.deals.test_reports import moved
from tests.apps.sales.conftest import TODAY

DAY = f"from={TODAY}&until={TODAY}&currency=RUB"


def test_the_funnel_is_told_as_its_page_shows_it(funnel: Funnel, manager: User) -> None:
    """G069: counts, sums and conversion; and it stands in the security log."""
    moved(funnel, funnel.deal(), "Quotation", "Lost")
    funnel.deal()

    told = ask(manager, f"reports/funnel?{DAY}").json()

    rows = {row[0]: row[1:6] for row in told["rows"]}
    assert told["columns"][:3] == ["Stage", "Came here", "Amount"]
    assert rows["New"] == ["2", "1000.00", None, "100", "0"]
    assert rows["Quotation"] == ["1", "500.00", "100", "50", "1"]
    assert SecurityEvent.objects.get(kind="list.exported").detail["list"] == "deals.funnel"


def test_the_forecast_is_told_by_month(funnel: Funnel, manager: User) -> None:
    """G069: against the plan."""
    moved(funnel, funnel.deal(expected_on=date(2026, 12, 20)), "Quotation")
    put_plans(amounts={(date(2026, 12, 1), None): Decimal(1000)}, currency="RUB")

    rows = ask(manager, "reports/forecast?month=2026-12&currency=RUB").json()["rows"]

    assert rows[0] == ["2026-12-01", "1000.00", "0", "1", "500.00", rows[0][5], rows[0][6], "25"]
    assert Decimal(rows[0][5]) == Decimal(rows[0][6]) == Decimal(250)
    assert len(rows) == 9


def test_losses_are_told_by_reason(funnel: Funnel, manager: User) -> None:
    """G018, G069."""
    for _number in range(3):
        moved(funnel, funnel.deal(), "Lost")

    told = ask(manager, f"reports/losses?from={TODAY}&until=2026-12-31&currency=RUB").json()

    assert told["rows"] == [["Too expensive", "3", "100", "1500.00"]]


def test_others_deals_count_for_nobody_who_does_not_see_them(
    funnel: Funnel, owner: User
) -> None:
    """F219: the figures are of the deals a person sees."""
    funnel.deal()
    person = User.objects.create_user(
        email="other@acme.example", role=Role.MANAGER, full_name="Other"
    )
    narrow(person, "deals")

    rows = ask(person, f"reports/funnel?{DAY}").json()["rows"]

    assert {row[1] for row in rows} == {"0"}


@pytest.mark.parametrize("right", ["deals.view", "deals.export"])
def test_who_takes_no_deals_out_reads_no_report_of_them(
    funnel: Funnel, owner: User, right: str
) -> None:
    """F219: the table is the whole file; reports of sales are told none the less."""
    scopes = dict(roles.ticked(AccessRole(base=Role.MANAGER)).scopes)
    scopes.pop(right)
    role = roles.save_role(
        role=AccessRole(base=Role.MANAGER), name="Reader", scopes=scopes, fields={}, by=owner
    )
    person = User.objects.create_user(
        email="reader@acme.example", role=Role.MANAGER, access_role=role, full_name="Rita"
    )

    assert ask(person, "reports/losses").status_code == 403
    assert ask(person, "reports/promising").status_code == 200


@pytest.mark.parametrize(
    "asked", ["month=9999-12", "month=0001-01", "until=0001-01-01", "from=9999-12-31", "month=x"]
)
def test_no_day_of_an_address_breaks_a_report(
    funnel: Funnel, manager: User, owner_client: Client, asked: str
) -> None:
    """Days that nobody reckons with are passed over, on the page as in the table."""
    for name, page in (("funnel", ""), ("forecast", "forecast/"), ("losses", "losses/")):
        assert ask(manager, f"reports/{name}?{asked}").status_code == 200
        assert owner_client.get(f"/deals/funnel/{page}?{asked}").status_code == 200
