"""Sales by manager, customer, product, group and period; cost and margin; what leads where."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import RoleField, User
from apps.counterparties.models import Counterparty
from apps.custom import services as custom
from apps.custom.services import FieldValues
from apps.deals import services as deals
from apps.deals.models import Deal
from apps.reports.periods import Period, named
from apps.reports.selectors import sales
from apps.reports.selectors.sales import Ask
from apps.sales.models import Invoice
from tests.apps.custom.test_computed_rights import hide
from tests.apps.deals.conftest import Funnel, funnel
from tests.apps.reports.conftest import NOVEMBER
from tests.apps.sales.conftest import NOW, TODAY, Shop

__all__ = ["funnel"]

OCTOBER = date(2026, 10, 10)


def analysed(user: Any, **asked: Any) -> list[tuple[str, int, Decimal]]:
    answer = sales.analyse(user, Ask(**{"period": NOVEMBER, "currency": "RUB", **asked}))
    return [(row.label, row.count, row.revenue) for row in answer.rows]


@pytest.fixture
def sold(shop: Shop, customer: Any, owner: Any) -> Shop:
    """Two invoices of Marina's to Romashka, one of Olga's to Vasilek."""
    shop.issued(shop.line(shop.nail, "2", "10"))
    shop.issued(shop.line(shop.nail, "1", "10"), shop.line(shop.board, "1", "100"))
    shop.issued(
        shop.line(shop.board, "3", "100"), counterparty_id=customer("Vasilek").pk,
        responsible_id=owner.pk,
    )  # fmt: skip
    return shop


def test_sales_by_manager(sold: Shop, manager: Any) -> None:
    """F139: sales by manager: revenue and number."""
    assert analysed(manager, by="manager") == [
        ("Olga Owner", 1, Decimal(300)), ("Marina Manager", 2, Decimal(130)),
    ]  # fmt: skip


def test_sales_by_customer(sold: Shop, manager: Any) -> None:
    """F139: sales by customer, narrowed to a manager."""
    assert analysed(manager, by="customer", manager=str(manager.pk)) == [
        ("Romashka", 2, Decimal(130))
    ]


def test_sales_by_product_and_group(sold: Shop, manager: Any, grouped: Any) -> None:
    """F139: sales by product and by product group count lines."""
    assert analysed(manager, by="product") == [
        (sold.board.name, 2, Decimal(400)), (sold.nail.name, 2, Decimal(30)),
    ]  # fmt: skip
    assert analysed(manager, by="group") == [("", 1 + 1, Decimal(400)), ("Fasteners", 2, 30)]


def test_sales_by_period_beside_the_period_before(sold: Shop, manager: Any) -> None:
    """F139: sales by period; October stands beside November."""
    sold.issued(sold.line(sold.nail, "5", "10"), issued_on=OCTOBER)

    answer = sales.analyse(manager, Ask(NOVEMBER, currency="RUB"))
    days = sales.by_period(manager, Ask(NOVEMBER, currency="RUB"))

    assert (answer.total.revenue, answer.total.prior) == (Decimal(430), Decimal(50))
    assert answer.total.change == Decimal("760.0")
    assert len(days) == 30
    assert [(row.key, row.revenue) for row in days if row.revenue] == [(TODAY, Decimal(430))]
    assert [row.key for row in days if row.prior] == [date(2026, 11, 10)]


def test_the_picture_names_its_days_and_its_height(sold: Shop, manager_client: Client) -> None:
    asked = {"from": "2026-11-01", "until": "2026-11-30", "currency": "RUB", "period": "own"}
    page = manager_client.get("/reports/", asked).content.decode()

    axis = re.search(r'<ol class="trend-axis"[^>]*>(.*?)</ol>', page)
    assert axis
    names = [each.split("<")[0] for each in axis[1].split("<li>")[1:]]
    assert (len(names), names[:7]) == (30, ["Nov 1", "", "", "", "", "Nov 6", ""])
    assert re.search(r'class="trend-top"[^>]*>[^<]*430\.00', page)


def test_what_was_paid_the_average_and_the_discount(shop: Shop, manager: Any) -> None:
    """F139: paid, average and discount of a customer."""
    line = shop.line(shop.nail, "10", "10", discount_percent=Decimal(10))
    made = shop.issued(line)
    Invoice.objects.filter(pk=made.pk).update(paid_total=Decimal(40))
    shop.issued(shop.line(shop.nail, "1", "10"))

    [row] = sales.analyse(manager, Ask(NOVEMBER, by="customer", currency="RUB")).rows

    assert (row.revenue, row.paid, row.average) == (Decimal(100), Decimal(40), Decimal(50))
    assert (row.discount, row.discount_share) == (Decimal(10), Decimal("9.1"))


def test_margin_where_the_cost_is_known(shop: Shop, manager: Any, costs: Any) -> None:
    """F128: revenue, cost and margin; of what share the cost is known is said."""
    line = {"tax_rate": Decimal(20), "is_tax_rate_given": True}
    shop.issued(shop.line(shop.nail, "10", "12", **line), shop.line(shop.board, "1", "100", **line))

    [row] = sales.analyse(manager, Ask(NOVEMBER, by="customer", currency="RUB")).rows

    assert row.revenue == Decimal(220)
    assert (row.cost, row.margin, row.margin_share) == (Decimal(60), Decimal(40), Decimal("40.0"))
    assert row.known_share == 55


def test_a_cost_that_holds_tax_is_counted_without(shop: Shop, manager: Any, costs: Any) -> None:
    costs.is_tax_included = True
    costs.save()
    shop.issued(
        shop.line(shop.nail, "10", "12", tax_rate=Decimal(20), is_tax_rate_given=True)
    )

    [row] = sales.analyse(manager, Ask(NOVEMBER, by="product", currency="RUB")).rows

    assert (row.net, row.cost.quantize(Decimal("0.01")), row.quantity) == (100, 50, 10)


def test_without_a_price_type_the_cost_is_unknown(shop: Shop, manager: Any) -> None:
    """F128: unknown is said, not guessed."""
    shop.issued()

    total = sales.analyse(manager, Ask(NOVEMBER, currency="RUB")).total

    assert (total.has_cost, total.margin, total.known_share) == (False, None, 0)


@pytest.mark.parametrize("by", ["manager", "customer", "product", "group"])
def test_every_figure_leads_to_exactly_its_invoices(
    sold: Shop, manager: Any, grouped: Any, by: str
) -> None:
    """F139: each figure is drilled to the invoices it counts."""
    sold.draft()
    sold.issued(issued_on=OCTOBER)
    ask = Ask(NOVEMBER, by=by, currency="RUB")

    for row in sales.analyse(manager, ask).rows:
        key = str(row.key) if row.key else sales.NOBODY
        behind = sales.documents(manager, Ask(NOVEMBER, currency="RUB", **{by: key}))
        assert behind.count() == row.count


def test_the_list_behind_a_figure(sold: Shop, manager_client: Client, manager: Any) -> None:
    """F139: the list of a manager's invoices, with what they come to."""
    sold.issued(issued_on=OCTOBER)
    address = f"/reports/invoices/?from=2026-11-01&until=2026-11-30&manager={manager.pk}"

    shown = manager_client.get(f"{address}&currency=RUB").content.decode()
    counted = manager_client.get(f"{address}&currency=RUB&part=count").content.decode()

    assert "Romashka" in shown
    assert "Vasilek" not in shown
    assert "2" in counted


def test_won_deals_are_analysed_too(funnel: Funnel, manager: Any, manager_client: Client) -> None:
    """F139: each figure is drilled to the deals behind it."""
    from apps.deals import services

    won = funnel.deal("Nails for winter")
    funnel.deal("Still open")
    services.move_deal(
        deal_id=won.pk, stage_id=funnel.stage("Won").pk, by=None, now=NOW, values={}
    )

    assert analysed(manager, source="deals") == [("Marina Manager", 1, Decimal(500))]
    shown = manager_client.get(
        f"/reports/deals/?from=2026-11-01&until=2026-11-30&manager={manager.pk}&currency=RUB"
    ).content.decode()
    assert "Nails for winter" in shown
    assert "Still open" not in shown


def test_only_what_one_may_see_is_counted(sold: Shop, own_only: User) -> None:
    """F139: nobody learns by a sum what the role does not show."""
    sold.issued(sold.line(sold.nail, "1", "7"), responsible_id=own_only.pk)

    answer = sales.analyse(own_only, Ask(NOVEMBER, currency="RUB"))

    assert [(row.label, row.revenue) for row in answer.rows] == [("Oleg Own", Decimal(7))]
    assert answer.total.revenue == Decimal(7)


def test_a_hidden_manager_is_no_way_to_group_or_narrow(
    sold: Shop, own_only: User, manager: Any, acme: Any
) -> None:
    RoleField.objects.create(
        role=own_only.access_role, object="invoices", field="responsible", access="hidden"
    )
    from apps.reports.asking import asked_sales

    asked = asked_sales(own_only, {"by": "manager", "manager": str(manager.pk)}, today=TODAY)

    assert (asked.ask.by, asked.ask.manager) == ("customer", "")


def test_cost_is_for_those_who_may_see_it(
    sold: Shop, costs: Any, manager_client: Client, owner_client: Client
) -> None:
    """F128: a manager's role shows no cost, not on the page and not in a file."""
    address = "/reports/?by=customer&from=2026-11-01&until=2026-11-30&currency=RUB&sort=margin"

    theirs, ours = manager_client.get(address), owner_client.get(address)
    file = b"".join(manager_client.get(f"{address}&part=csv").streaming_content).decode()

    assert "Margin" not in theirs.content.decode()
    assert "Margin" in ours.content.decode()
    assert "Margin" not in file
    assert "Romashka" in file


def test_a_customers_card_shows_what_it_brought(
    sold: Shop, costs: Any, owner_client: Client, manager_client: Client
) -> None:
    """F128: revenue, cost and margin stand on the card."""
    Invoice.objects.update(issued_on=date.today())  # noqa: DTZ011 - the card looks a year back
    address = f"/reports/customers/{sold.customer.pk}/"

    ours, theirs = (client.get(address).content.decode() for client in (
        owner_client, manager_client))  # fmt: skip

    assert "130.00" in ours
    assert "Cost" in ours
    assert "Margin" in ours
    assert "Cost" not in theirs
    card = owner_client.get(f"/counterparties/{sold.customer.pk}/").content.decode()
    assert address in card


def test_an_analysis_is_taken_out_as_a_spreadsheet(sold: Shop, owner_client: Client) -> None:
    """F139: the analysis as XLSX, numbers as numbers."""
    answer = owner_client.get(
        "/reports/?by=customer&from=2026-11-01&until=2026-11-30&currency=RUB&part=xlsx"
    )

    sheet = ZipFile(BytesIO(b"".join(answer.streaming_content))).read("xl/worksheets/sheet1.xml")
    assert b"Vasilek" in sheet
    assert b"<v>300.00</v>" in sheet


def test_who_may_not_export_is_refused(
    sold: Shop, own_only: User, acme: Any, visitor: Client
) -> None:
    from apps.accounts.models import RoleRight

    RoleRight.objects.create(role=own_only.access_role, object="reports", action="export", scope=0)
    visitor.force_login(own_only, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert visitor.get("/reports/?part=csv").status_code == 403


def test_a_page_of_the_analysis_asks_a_few_questions(sold: Shop, owner_client: Client) -> None:
    owner_client.get("/reports/")

    with CaptureQueriesContext(connection, ) as caught:
        answer = owner_client.get("/reports/?by=customer&from=2026-11-01&until=2026-11-30")

    assert answer.status_code == 200
    assert len(caught) <= 12


def test_pages_of_an_analysis_do_not_overlap(shop: Shop, manager: Any, customer: Any) -> None:
    for number in range(5):
        shop.issued(
            shop.line(shop.nail, "1", str(10 + number)),
            counterparty_id=customer(f"Customer {number}").pk,
        )

    pages = [
        sales.analyse(manager, Ask(NOVEMBER, by="customer", currency="RUB", size=2, page=page))
        for page in (1, 2, 3)
    ]

    named_ones = [[row.label[-1] for row in each.rows] for each in pages]
    assert named_ones == [["4", "3"], ["2", "1"], ["0"]]
    assert [each.has_more for each in pages] == [True, True, False]
    assert [each.total.count for each in pages] == [5, 5, 5]


@pytest.mark.parametrize(
    ("name", "expected", "before"),
    [
        ("month", ("2026-11-01", "2026-11-23"), ("2026-10-01", "2026-10-23")),
        ("last_month", ("2026-10-01", "2026-10-31"), ("2026-09-01", "2026-09-30")),
        ("quarter", ("2026-10-01", "2026-11-23"), ("2026-08-01", "2026-09-23")),
        ("week", ("2026-11-23", "2026-11-23"), ("2026-11-22", "2026-11-22")),
        ("30", ("2026-10-25", "2026-11-23"), ("2026-09-25", "2026-10-24")),
        ("last_year", ("2025-01-01", "2025-12-31"), ("2024-01-01", "2024-12-31")),
    ],
    ids=["month", "whole month", "quarter", "week", "days", "year"],
)
def test_periods_by_name(name: str, expected: tuple[str, str], before: tuple[str, str]) -> None:
    found = named(name, today=TODAY)

    assert found == Period(*map(date.fromisoformat, expected))
    assert found.before("before") == Period(*map(date.fromisoformat, before))


@pytest.mark.parametrize(
    "asked",
    ["from=x&until=2026-99-99", "from=2999-01-01&until=0001-01-01", "page=99999999&sort=drop",
     "manager=x&customer=zz&product=none&group=none", "by=x&source=y&currency=%27",
     "period=own", "part=body", "days=0&segment=x&abc=Z&sleeping=9999999&lost=1"],
)  # fmt: skip
def test_an_address_that_makes_no_sense_is_answered(
    sold: Shop, owner_client: Client, asked: str
) -> None:
    for path in ("", "invoices/", "deals/", "customers/", "customers/list/", "promising/"):
        assert owner_client.get(f"/reports/{path}?{asked}").status_code == 200, path


def test_hidden_amounts_of_deals_are_in_no_report(
    funnel: Funnel, own_only: User, manager: Any
) -> None:
    from apps.reports import figures

    RoleField.objects.create(
        role=own_only.access_role, object="deals", field="amount", access="hidden"
    )

    assert "deals" not in sales.sources(own_only)
    assert "won" not in {each.key for each in figures.offered(own_only)}
    assert "won" in {each.key for each in figures.offered(manager)}


@pytest.fixture
def regions(sold: Shop, manager: Any) -> Shop:
    """Romashka is of the north, Vasilek of the south since February; Asters of no region."""
    for label, kind in (("Region", "choice"), ("Since", "date")):
        custom.add_field(
            kind="counterparties",
            values=FieldValues(
                label=label, type=kind, choices=["North", "South"] if kind == "choice" else []
            ),
        )  # fmt: skip
    Counterparty.objects.filter(name="Romashka").update(custom={"x_region": "north"})
    Counterparty.objects.filter(name="Vasilek").update(
        custom={"x_region": "south", "x_since": "2026-02-10"}
    )
    return sold


def test_sales_by_an_own_field_of_the_customer(
    regions: Shop, customer: Any, manager: Any
) -> None:
    """F139, G048: sales by a field that an administrator added to customers."""
    regions.issued(counterparty_id=customer("Asters").pk)

    assert analysed(manager, by="customer.x_region") == [
        ("South", 1, Decimal(300)), ("North", 2, Decimal(130)),
        ("", 1, Decimal(20)),
    ]  # fmt: skip
    assert [name for name, *_rest in analysed(manager, by="customer.x_since")] == [
        "February 2026", "",
    ]  # fmt: skip


def test_sales_of_an_own_field_lead_to_their_documents(
    regions: Shop, manager_client: Client
) -> None:
    """F139, G048: the list behind a figure of an own field holds its invoices."""
    asked = "from=2026-11-01&until=2026-11-30&currency=RUB"
    page = manager_client.get(f"/reports/?{asked}&by=customer.x_region").content.decode()
    narrowed = f"{asked}&own=customer.x_region&own_at=%3Dnorth"
    further = manager_client.get(f"/reports/?{narrowed}&by=product").content.decode()
    behind = manager_client.get(f"/reports/invoices/?{narrowed}").content.decode()

    assert "own=customer.x_region&amp;own_at=%3Dnorth" in page
    assert "Counterparty → Region: North" in further
    assert ("Romashka" in behind, "Vasilek" in behind) == (True, False)


def test_sales_by_a_field_that_is_gone_say_so(regions: Shop, manager_client: Client) -> None:
    """G048: a kept report outlives its field: nothing is counted in its place."""
    asked = "from=2026-11-01&until=2026-11-30&currency=RUB&own=customer.x_gone&own_at=%3Dnorth"
    page = manager_client.get(f"/reports/?{asked}").content.decode()
    behind = manager_client.get(f"/reports/invoices/?{asked}").content.decode()

    assert "“customer.x_gone” is not there any more" in page
    assert "130.00" not in page
    assert "Romashka" not in behind


def test_sales_do_not_tell_of_a_hidden_own_field(
    regions: Shop, manager: Any, manager_client: Client
) -> None:
    hide(manager, counterparties="x_region")

    page = manager_client.get("/reports/?by=customer.x_region&from=2026-11-01&until=2026-11-30")

    assert "customer.x_region" not in sales.dimensions(manager, "invoices")
    assert "North" not in page.content.decode()


def test_won_deals_by_an_own_field_of_theirs(funnel: Funnel, manager: Any) -> None:
    """F139, G048: deals are grouped by their own fields, too."""
    custom.add_field(
        kind="deals", values=FieldValues(label="Loud", type="boolean")
    )
    won = funnel.deal("Nails for winter")
    Deal.objects.filter(pk=won.pk).update(custom={"x_loud": True})
    deals.move_deal(
        deal_id=won.pk, stage_id=funnel.stage("Won").pk, by=None, now=NOW, values={}
    )

    assert analysed(manager, by="deal.x_loud", source="deals") == [("yes", 1, Decimal(500))]
