"""Formulas of stored values have an index: lists sort and filter by it, with the same answers."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, QueryDict
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.core import objects
from apps.core.lists import Order, read_page
from apps.counterparties.lists import CounterpartyList
from apps.counterparties.models import Counterparty
from apps.custom import indexes, services
from apps.custom.models import CustomField
from apps.custom.services import FieldValues
from tenants.models import Company

ROWS = 4000


def a_field(label: str, type_: str, **values: Any) -> CustomField:
    return services.add_field(
        kind="counterparties", values=FieldValues(label=label, type=type_, **values)
    )


@pytest.fixture
def fields(company: Company) -> None:
    """Customers have a price, a number, a note, a day, a remark, and whether they are loyal."""
    for label, type_ in (
        ("Price", "money"), ("Number", "number"), ("Note", "text"), ("Since", "date"),
        ("Remark", "long_text"), ("Loyal", "boolean"),
    ):  # fmt: skip
        a_field(label, type_)
    indexes.bring()


@pytest.fixture
def customers(fields: None) -> None:
    """Some thousands of them; every seventh has no number."""
    a_field("Worth", "formula", formula="[Price] * [Number]")
    Counterparty.objects.bulk_create(
        Counterparty(
            name=f"C{place}", sort_name=f"c{place:05}",
            custom={"x_price": place * 37 % 1000 + 0.5}
            | ({"x_number": place % 11} if place % 7 else {}),
        )
        for place in range(ROWS)
    )  # fmt: skip


def bring() -> tuple[int, int]:
    """Make the indexes within the test's transaction, behind what it has still to check."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    return indexes.bring()


def worths() -> list[tuple[Decimal | None, Any]]:
    """Return what each customer is worth, counted in Python, with the key."""
    return [
        (
            Decimal(str(row.custom["x_price"])) * row.custom["x_number"]
            if "x_number" in row.custom else None, row.pk,
        )
        for row in Counterparty.objects.all()
    ]  # fmt: skip


def plan_of(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE counterparties_counterparty")
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(row[0] for row in cursor.fetchall())


def the_list(user: User, address: str) -> CounterpartyList:
    request = HttpRequest()
    request.user, request.GET = user, QueryDict(address)  # type: ignore[assignment]
    return CounterpartyList(request)


def asked_of_list(user: User, address: str) -> str:
    """Return the statement of the rows of the list at an address."""
    screen = the_list(user, address)
    with CaptureQueriesContext(connection) as asked:
        read_page(screen.joined(screen.columns), order=screen.ordering()[0], after="", size=50)
    return next(each["sql"] for each in asked if "LIMIT" in each["sql"])


@pytest.mark.parametrize(
    ("sort", "scan"),
    [("x_worth", "Index Scan using"), ("-x_worth", "Index Scan Backward using")],
    ids=["the least first", "the greatest first"],
)
def test_a_list_sorted_by_a_formula_reads_its_index(
    customers: None, owner: User, sort: str, scan: str
) -> None:
    """G048: lists sort by a formula of stored values through an index."""
    sql = asked_of_list(owner, f"sort={sort}")
    before = plan_of(sql)
    made = bring()

    plan = plan_of(sql)

    assert made == (1, 0)
    assert "custom_value_" not in before
    assert f"{scan} custom_value_" in plan
    assert "Sort" not in plan
    assert "Seq Scan on counterparties_counterparty" not in plan


def test_a_condition_on_a_formula_reads_its_index(customers: None, owner: User) -> None:
    """G048: so do conditions."""
    bring()
    condition = json.dumps(["x_worth", "gt", "9900"])
    found = the_list(owner, f"f={condition}").matched()

    with CaptureQueriesContext(connection) as asked:
        keys = set(found.order_by().values_list("pk", flat=True))

    assert "custom_value_" in plan_of(asked[-1]["sql"])
    assert keys == {key for worth, key in worths() if worth is not None and worth > 9900}


@pytest.mark.parametrize("is_descending", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("is_indexed", [False, True], ids=["without", "with its index"])
def test_pages_are_the_same_with_an_index_and_without(
    customers: None, is_descending: bool, is_indexed: bool
) -> None:
    """G048: every row once, what is empty last, whichever way the database reads."""
    if is_indexed:
        bring()
    field = objects.kind("counterparties").field("x_worth")
    order, after = Order("x_worth", is_descending), ""
    found: list[Any] = []
    while not found or after:
        rows = Counterparty.objects.annotate(x_worth=field.computed(None, ""))  # type: ignore[misc]
        page = read_page(rows, order=order, after=after, size=700)
        found += [row.pk for row in page.rows]
        after = page.following

    known = sorted((each for each in worths() if each[0] is not None), reverse=is_descending)
    empty = sorted((key for worth, key in worths() if worth is None), reverse=is_descending)
    assert found == [*(key for _worth, key in known), *empty]


@pytest.mark.parametrize(
    "formula",
    [
        "[Price] * [Number] + 1 - [Price] / 3", "round([Price] / 7, 2)", "-[Number]",
        'if([Price] > 10 and not [Number] = 4, "dear", "cheap")', "[Price] >= 12.5",
        '[Note] & "!"', 'coalesce([Note], "nobody")', "empty([Note]) or [Loyal]",
        'if([Note] = "a", 1; 2)', "[Number] * 2 & \" pieces\"",
    ],
)  # fmt: skip
def test_what_is_made_of_stored_values_has_an_index(fields: None, formula: str) -> None:
    """G048: PostgreSQL takes the expression: it is immutable, and fails for no row."""
    a_field("Made", "formula", formula=formula)
    Counterparty.objects.create(
        name="A", sort_name="a", custom={"x_price": 12.5, "x_number": 0, "x_note": "a" * 500}
    )
    Counterparty.objects.create(
        name="B", sort_name="b", custom={"x_price": "?", "x_number": None, "x_note": 5}
    )

    assert bring() == (1, 0)
    Counterparty.objects.update(name="C")


@pytest.mark.parametrize(
    "formula",
    [
        "days([Since], today())", "[Since] + 30", "min([Price], [Number])", "max([Price], 7)",
        "[Note] & [Since]", "[Note] & [Note]", "[Remark]", "empty([Since])", "empty([Made at])",
    ],
)  # fmt: skip
def test_what_is_not_the_same_for_everybody_has_none(fields: None, formula: str) -> None:
    """G048: days, moments, long texts and what is compiled to subqueries are read as before."""
    a_field("Made at", "moment")
    bring()
    a_field("Other", "formula", formula=formula)

    assert bring() == (0, 0)


def test_a_formula_of_formulas_has_an_index_if_they_could(fields: None) -> None:
    a_field("Twice", "formula", formula="[Price] * 2")
    a_field("Today", "formula", formula="days([Since], today())")
    a_field("Four times", "formula", formula="[Twice] * 2")
    a_field("Late", "formula", formula="[Today] + [Twice]")

    assert bring() == (2, 0)


def test_a_look_up_has_none(fields: None) -> None:
    a_field("Parent", "relation", related="counterparties")
    bring()
    a_field("Of the parent", "lookup", shown="x_parent.x_price")
    a_field("Twice", "formula", formula="[Of the parent] * 2")

    assert bring() == (0, 0)


def test_another_formula_is_another_index(fields: None) -> None:
    field = a_field("Worth", "formula", formula="[Price] * 2")
    bring()
    services.change_field(
        field_id=field.pk,
        values=FieldValues(label="Worth", type="formula", formula="[Price] * 3"),
    )

    changed, again = bring(), bring()
    services.retire_field(field_id=field.pk, is_archived=True)

    assert (changed, again, bring()) == ((1, 1), (0, 0), (0, 1))
