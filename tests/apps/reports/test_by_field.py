"""Reports by any field: fields that administrators made group, narrow and are added up."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import Scope, User
from apps.core import objects
from apps.core.tagging import tags_called
from apps.counterparties.models import ContactPerson, Counterparty
from apps.custom import services
from apps.custom.models import CustomField, CustomRow
from apps.custom.services import FieldValues
from apps.reports import asking, letters
from apps.reports import services as reports
from apps.reports.models import Rhythm, SavedReport
from apps.reports.selectors import by_field
from tenants.models import Company
from tests.apps.custom.test_computed_rights import hide, narrow

PAGE, ROWS = "/reports/fields/", "/reports/fields/rows/"
REGIONS = {"by": "x_region", "m1": "sum.x_worth"}


def a_field(label: str, type_: str, *, kind: str = "counterparties", **values: Any) -> CustomField:
    return services.add_field(kind=kind, values=FieldValues(label=label, type=type_, **values))


def a_customer(name: str, *, responsible: User | None = None, **custom: Any) -> Counterparty:
    return Counterparty.objects.create(
        name=name, sort_name=name.lower(), responsible=responsible,
        custom={f"x_{key}": value for key, value in custom.items()},
    )  # fmt: skip


def answered(user: User, **values: str) -> list[tuple[Any, ...]]:
    """Return (name, number, figures …) of each group."""
    ask = asking.asked_by_field(user, values).ask
    assert ask is not None
    answer = by_field.analyse(user, ask)
    return [(str(each.label or each.key), each.count, *each.figures) for each in answer.groups]


def problems(user: User, **values: str) -> Sequence[str]:
    return asking.asked_by_field(user, values).problems


@pytest.fixture
def customers(company: Company, manager: User) -> dict[str, Counterparty]:
    """Three customers with a region, what they are worth, since when and whether they are loyal."""
    a_field("Region", "choice", choices=["North", "South"])
    a_field("Worth", "money")
    a_field("Since", "date")
    a_field("Loyal", "boolean")
    a_field("Note", "text")
    a_field("Keeper", "user")
    rows = (
        ("Azimuth", "north", 100, "2026-01-10", True, "old", str(manager.pk)),
        ("Meridian", "north", 50, "2026-01-31", False, "new", None),
        ("Zenith", "south", 30, "2026-02-01", True, "old", None),
    )
    made = {
        name: a_customer(
            name, responsible=manager, region=region, worth=worth, since=since, loyal=loyal,
            note=note, keeper=keeper,
        )
        for name, region, worth, since, loyal, note, keeper in rows
    }  # fmt: skip
    made["Nadir"] = a_customer("Nadir", responsible=manager)
    return made


def test_an_own_field_groups_and_an_own_amount_is_added_up(
    customers: Any, manager: User
) -> None:
    """G048, F121: by a choice; the sum, average, least and greatest of an amount."""
    assert answered(manager, **REGIONS, m2="avg.x_worth", m3="max.x_worth") == [
        ("North", 2, Decimal(150), Decimal(75), Decimal(100)),
        ("South", 1, Decimal(30), Decimal(30), Decimal(30)),
        ("nothing entered", 1, None, None, None),
    ]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("x_loyal", [("yes", 2), ("no", 1), ("nothing entered", 1)]),
        ("x_note", [("old", 2), ("new", 1), ("nothing entered", 1)]),
        ("x_keeper", [("nothing entered", 3), ("Marina Manager", 1)]),
        ("x_since", [("2026-02-01", 1), ("2026-01-01", 2), ("nothing entered", 1)]),
    ],
    ids=["yes or no", "text", "person", "date by month"],
)
def test_each_type_of_field_groups(
    customers: Any, manager: User, by: str, expected: list[tuple[str, int]]
) -> None:
    """G048, F121: by yes or no, text, person and month."""
    found = answered(manager, by=by, sort="rows")

    assert [(name, count) for name, count in found] == expected


def test_what_the_database_computes_groups_and_is_added_up(
    customers: Any, manager: User
) -> None:
    """G048: a formula is a dimension and a figure of a report like any other field."""
    a_field("Size", "formula", formula='if([Worth] >= 50, "large", "small")')
    a_field("Twice", "formula", formula="[Worth] * 2")

    assert answered(manager, by="x_size", m1="sum.x_twice")[:2] == [
        ("large", 2, Decimal(300)), ("small", 2, Decimal(60)),
    ]  # fmt: skip


def test_rows_group_by_a_field_of_what_they_lead_to(customers: Any, manager: User) -> None:
    ContactPerson.objects.create(full_name="Anna", counterparty=customers["Azimuth"])
    ContactPerson.objects.create(full_name="Boris", counterparty=customers["Zenith"])

    assert answered(manager, of="contacts", by="counterparty.x_region") == [
        ("North", 1), ("South", 1),
    ]  # fmt: skip


def test_rows_of_an_own_object_are_counted(customers: Any, manager: User) -> None:
    services.save_object(
        values={"label": "Machine", "label_plural": "Machines", "has_counterparty": True}
    )
    a_field("Price", "number", kind="o_machines")
    kind = objects.kind("o_machines")
    for name, price in (("Ant", 10), ("Bee", 20)):
        CustomRow.objects.create(
            kind_id=kind.only["kind_id"], name=name, sort_name=name.lower(),
            counterparty_id=customers["Azimuth"].pk, custom={"x_price": price},
        )  # fmt: skip

    assert answered(
        manager, of="o_machines", by="counterparty.x_region", m1="sum.x_price"
    ) == [("North", 2, Decimal(30))]


def test_conditions_on_own_fields_narrow_the_report(customers: Any, manager: User) -> None:
    asked = REGIONS | {"f": json.dumps(["x_loyal", "yes"])}

    assert answered(manager, **asked) == [
        ("North", 1, Decimal(100)), ("South", 1, Decimal(30)),
    ]  # fmt: skip


def test_every_figure_leads_to_its_rows(customers: Any, manager_client: Client) -> None:
    """G048, F121: drill-down: the list behind a group holds the rows that were counted."""
    asked = urlencode({"of": "counterparties", **REGIONS})
    page = manager_client.get(f"{PAGE}?{asked}").content.decode()
    north = manager_client.get(f"{ROWS}?{asked}&at=%3Dnorth").content.decode()
    nothing = manager_client.get(f"{ROWS}?{asked}&at=-").content.decode()

    assert "at=%3Dnorth" in page
    assert [name for name in customers if name in north] == ["Azimuth", "Meridian"]
    assert [name for name in customers if name in nothing] == ["Nadir"]


def test_the_rows_behind_a_month_are_those_of_the_month(
    customers: Any, manager_client: Client
) -> None:
    asked = urlencode({"of": "counterparties", "by": "x_since", "at": "=2026-01-01"})
    rows = manager_client.get(f"{ROWS}?{asked}&sort=x_worth").content.decode()
    number = manager_client.get(f"{ROWS}?{asked}&part=count").content.decode()

    assert [name for name in customers if name in rows] == ["Azimuth", "Meridian"]
    assert rows.index("Meridian") < rows.index("Azimuth")
    assert number.strip() == "2"


@pytest.mark.parametrize("at", ["=2026-13-01", "=", "x"], ids=["no day", "empty", "no sign"])
def test_a_group_that_is_none_has_no_rows(
    customers: Any, manager_client: Client, at: str
) -> None:
    asked = urlencode({"of": "counterparties", "by": "x_since", "at": at})

    assert "Azimuth" not in manager_client.get(f"{ROWS}?{asked}").content.decode()


def test_a_field_made_just_now_is_offered_at_once(
    customers: Any, manager_client: Client
) -> None:
    """G048: the report knows a field with the next page, no restart between."""
    before = manager_client.get(PAGE).content.decode()
    a_field("Branch of trade", "choice", choices=["Wood"])

    after = manager_client.get(PAGE).content.decode()

    assert "x_branch_of_trade" not in before
    assert 'value="x_branch_of_trade"' in after


def test_a_hidden_own_field_is_absent(
    customers: Any, manager: User, manager_client: Client
) -> None:
    """F219: what a role hides neither groups, narrows nor is added up."""
    hide(manager, counterparties="x_worth")
    page = manager_client.get(PAGE, {"of": "counterparties", **REGIONS}).content.decode()
    narrowed = {"f": json.dumps(["x_worth", "gt", "60"])}
    rows = manager_client.get(f"{ROWS}?{urlencode({'by': 'x_region', **narrowed})}", follow=True)

    assert "150" not in page
    assert 'value="sum.x_worth"' not in page
    assert "x_worth” is not there any more, or not for you to see." in page
    assert "Azimuth" not in rows.content.decode()
    assert manager_client.get(f"{PAGE}?by=x_worth").status_code == 200


def test_what_is_computed_of_a_hidden_field_is_absent(customers: Any, manager: User) -> None:
    a_field("Twice", "formula", formula="[Worth] * 2")
    hide(manager, counterparties="x_worth")

    assert asking.asked_by_field(manager, {"m1": "sum.x_twice"}).ask.measures == []  # type: ignore[union-attr]


def test_an_object_one_may_not_see_is_not_counted(customers: Any, manager: User) -> None:
    narrow(manager, "counterparties", scope=Scope.NONE)

    assert "counterparties" not in [each.key for each in by_field.kinds(manager)]
    assert problems(manager, of="counterparties") == (
        "The object “counterparties” is not there any more, or not for you to see.",
    )


def test_somebody_who_sees_their_own_rows_counts_those(
    customers: Any, own_only: User
) -> None:
    a_customer("Own one", responsible=own_only, region="north", worth=7)

    assert answered(own_only, **REGIONS) == [("North", 1, Decimal(7))]


def test_the_closed_details_of_vip_customers_are_empty(customers: Any, own_only: User) -> None:
    Counterparty.objects.filter(name="Azimuth").update(is_vip=True, tax_number="7701")
    narrow(own_only, "counterparties", scope=Scope.ALL)
    kind = objects.kind("counterparties")
    sensitive = next(each for each in kind.fields if each.is_sensitive and each.type == "text")
    Counterparty.objects.update(**{sensitive.source: "secret"})

    assert answered(own_only, by=sensitive.key) == [("secret", 3), ("nothing entered", 1)]


def test_a_field_taken_out_of_use_is_said_and_nothing_fails(
    customers: Any, manager: User, manager_client: Client
) -> None:
    """G048, F121: a kept report outlives its field: it says so on its page and on the desktop."""
    asked = urlencode({"of": "counterparties", **REGIONS})
    reports.save_report(
        user=manager, name="Regions", report="fields", asked=asked, is_pinned=True
    )
    services.retire_field(
        field_id=CustomField.objects.get(key="x_region").pk, is_archived=True
    )

    page = manager_client.get(f"{PAGE}?{asked}")
    desktop = manager_client.get("/reports/pinned/").content.decode()
    behind = manager_client.get(f"{ROWS}?{asked}&at=%3Dnorth", follow=True).content.decode()
    export = manager_client.get(f"{PAGE}?{asked}&part=csv")

    sentence = "The field “x_region” is not there any more, or not for you to see."
    assert page.status_code == 200
    assert [sentence in text for text in (page.content.decode(), desktop, behind)] == [True] * 3
    assert "text/html" in export["Content-Type"]


def test_a_figure_that_is_gone_is_left_out_and_said(customers: Any, manager: User) -> None:
    services.retire_field(
        field_id=CustomField.objects.get(key="x_worth").pk, is_archived=True
    )

    assert answered(manager, **REGIONS) == [
        ("North", 2), ("South", 1), ("nothing entered", 1),
    ]  # fmt: skip
    assert "x_worth" in problems(manager, **REGIONS)[0]


def test_a_report_by_a_field_is_kept_with_its_conditions(
    customers: Any, manager: User, manager_client: Client
) -> None:
    others = [["x_note", "is", f"очень длинное слово {number}"] for number in range(25)]
    condition = json.dumps(["or", *others, ["x_note", "is", "old"]])
    values = {"of": "counterparties", **REGIONS, "f": condition}
    page = manager_client.get(f"{PAGE}?{urlencode(values)}")

    manager_client.post("/reports/kept/new/", {
        "name": "Old ones", "report": "fields", "is_pinned": "on",
        "asked": page.context["kept"],
    })  # fmt: skip

    kept = SavedReport.objects.get(user=manager)
    desktop = manager_client.get("/reports/pinned/").content.decode()
    assert len(kept.asked) > 1000
    assert "Old ones" in desktop
    assert "130.00" not in desktop
    assert "100.00" in desktop


def test_the_export_holds_the_groups(customers: Any, manager_client: Client) -> None:
    """F139: the report as a file."""
    answer = manager_client.get(PAGE, {"of": "counterparties", **REGIONS, "part": "csv"})

    text = b"".join(answer) if answer.streaming else answer.content
    lines = text.decode("utf-8-sig").splitlines()
    assert [line.replace(";", ",").replace('"', "") for line in lines[:3]] == [
        "Region,Number,Worth, sum", "North,2,150", "South,1,30",
    ]  # fmt: skip


def test_the_letter_holds_the_first_groups(
    customers: Any, manager: User, django_capture_on_commit_callbacks: Any
) -> None:
    kept = reports.save_report(
        user=manager, name="Regions", report="fields", is_pinned=False,
        asked=urlencode({"of": "counterparties", **REGIONS}),
    )  # fmt: skip
    reports.keep_letter(
        user=manager, rhythm=Rhythm.DAILY, at=time(8), figures=[], reports=[kept.pk],
        now=datetime(2026, 11, 22, 7, tzinfo=UTC),
    )  # fmt: skip

    letters.mail(
        user_id=manager.pk, day=date(2026, 11, 24), now=datetime(2026, 11, 24, 8, 5, tzinfo=UTC)
    )

    assert "North · 2 · 150.00" in str(mail.outbox[0].body)


def test_the_report_asks_few_questions(customers: Any, manager_client: Client) -> None:
    asked = {"of": "counterparties", "by": "x_keeper", "m1": "sum.x_worth", "m2": "avg.x_worth"}
    manager_client.get(PAGE, asked)

    with CaptureQueriesContext(connection, ) as queries:
        manager_client.get(PAGE, asked)

    assert len(queries) <= 12


def test_another_object_begins_anew(customers: Any, manager_client: Client) -> None:
    answer = manager_client.get(PAGE, {"was": "counterparties", "of": "contacts", **REGIONS})

    assert answer.headers["Location"] == "/reports/fields/?of=contacts"


def test_the_builder_is_told_how_many_rows_fit(customers: Any, manager_client: Client) -> None:
    asked = {"of": "counterparties", "f": json.dumps(["x_loyal", "yes"]), "part": "count"}

    assert "2" in manager_client.get(PAGE, asked).content.decode()


def test_a_stranger_is_sent_to_sign_in(customers: Any, visitor: Client) -> None:
    assert [visitor.get(path).status_code for path in (PAGE, ROWS)] == [302, 302]


@pytest.fixture
def goods(customers: Any) -> None:
    """What the customers buy: several of a list."""
    a_field("Buys", "choices", choices=["Nails", "Boards"])
    for name, buys in (("Azimuth", ["nails", "boards"]), ("Meridian", ["nails"]), ("Zenith", [])):
        row = customers[name]
        row.custom["x_buys"] = buys
        row.save()


def test_a_row_counts_under_each_of_several_values(goods: None, manager: User) -> None:
    """G048: a field that holds several of a list groups rows; the total counts each once."""
    asked = asking.asked_by_field(manager, {"by": "x_buys", "m1": "sum.x_worth"})
    assert asked.ask is not None

    answer = by_field.analyse(manager, asked.ask)

    assert {each.label: (each.count, *each.figures) for each in answer.groups} == {
        "Nails": (2, Decimal(150)), "Boards": (1, Decimal(100)),
        "nothing entered": (2, Decimal(30)),
    }  # fmt: skip
    assert (answer.total.count, answer.total.figures) == (4, [Decimal(180)])


@pytest.mark.parametrize(
    ("at", "names"),
    [("=nails", {"Azimuth", "Meridian"}), ("=boards", {"Azimuth"}), ("-", {"Zenith", "Nadir"})],
    ids=["two", "one", "nothing"],
)
def test_the_rows_behind_one_of_several_values(
    goods: None, manager: User, at: str, names: set[str]
) -> None:
    ask = asking.asked_by_field(manager, {"by": "x_buys"}).ask
    assert ask is not None

    assert {row.name for row in by_field.behind(manager, ask, at)} == names


def test_the_page_says_that_rows_count_several_times(goods: None, manager_client: Client) -> None:
    said = "A row with several values counts under each of them, and once in the total."

    several = manager_client.get(PAGE, {"of": "counterparties", "by": "x_buys"}).content.decode()
    single = manager_client.get(PAGE, {"of": "counterparties", "by": "x_region"}).content.decode()

    assert said in several
    assert said not in single


def test_tags_are_several_values_too(customers: Any, manager: User) -> None:
    for name, tags in (("Azimuth", ["Pays late", "Old"]), ("Zenith", ["Old"])):
        Counterparty.objects.filter(name=name).update(tags=tags_called(tags))

    found = answered(manager, by="tags")

    assert found == [("Old", 2), ("nothing entered", 2), ("Pays late", 1)]


def test_several_values_are_hidden_like_others(
    goods: None, own_only: User
) -> None:
    hide(own_only, counterparties="x_buys")

    assert "x_buys" not in {
        each.key for each in by_field.ways(objects.kind("counterparties"), own_only)
    }
