"""Fields and objects that administrators make: there at once, checked, kept, theirs alone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models.fields.json import KeyTransform
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import User
from apps.core import objects
from apps.core.lists import Order, read_page
from apps.core.objects import ChangedMeanwhile, Refused
from apps.counterparties.models import Counterparty
from apps.custom import indexes, services
from apps.custom.fields import custom_fields, forget
from apps.custom.models import CustomField, CustomObject, CustomRow
from apps.custom.services import FieldValues
from apps.custom.values import NotAValue, read, stored
from tenants.models import Company
from tests.apps.custom.test_computed_rights import hide


def a_field(label: str = "Colour", **values: Any) -> CustomField:
    return services.add_field(kind="counterparties", values=FieldValues(label=label, **values))


def saved(by: Any = None, key: Any = None, **values: Any) -> Counterparty:
    return objects.save(objects.kind("counterparties"), values=values, by=by, key=key)  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("kind", "given", "kept", "back"),
    [
        ("text", "  red  wine ", "red wine", "red wine"),
        ("number", "1 234,50", 1234.5, Decimal("1234.5")),
        ("number", Decimal(7), 7, Decimal(7)),
        ("money", "0.1", 0.1, Decimal("0.1")),
        ("date", date(2026, 11, 28), "2026-11-28", date(2026, 11, 28)),
        (
            "moment", datetime(2026, 11, 28, 10, tzinfo=UTC), "2026-11-28T10:00:00Z",
            datetime(2026, 11, 28, 10, tzinfo=UTC),
        ),
        ("boolean", "да", True, True),
        ("choices", ["b", "a", "b"], ["a", "b"], ["a", "b"]),
        ("url", "example.com/a", "https://example.com/a", "https://example.com/a"),
        ("text", "", None, None),
    ],
)  # fmt: skip
def test_a_value_comes_out_as_it_went_in(kind: str, given: Any, kept: Any, back: Any) -> None:
    assert stored(kind, given) == kept
    assert read(kind, kept) == back


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("number", "many"), ("number", "1e400"), ("number", "NaN"), ("number", True),
        ("number", "1234567890123456"), ("date", "2026-02-30"), ("date", "soon"),
        ("moment", "25:00"), ("boolean", "perhaps"), ("email", "nobody"), ("url", "java script:1"),
        ("user", "42"), ("text", "x" * 501),
    ],
)  # fmt: skip
def test_what_is_no_value_is_refused_in_words(kind: str, given: Any) -> None:
    with pytest.raises(NotAValue) as refusal:
        stored(kind, given)

    assert str(refusal.value)


def test_a_new_field_stands_in_the_registry_at_once(company: Company) -> None:
    """F241, G048: a field is there without a restart, under a key that programs can use."""
    a_field("Цвет кузова")

    field = objects.kind("counterparties").field("x_tsvet_kuzova")

    assert (field.label, field.type, field.is_custom) == ("Цвет кузова", "text", True)


def test_values_are_kept_beside_the_room_s_own(company: Company, manager: User) -> None:
    """F121, F123: any attribute is kept and found by."""
    a_field("Discount", type="number")
    a_field("Colour", type="choice", choices=("Red", "Blue"))

    partner = saved(manager, name="Azimuth", x_discount="7.5", x_colour="red")

    assert Counterparty.objects.get(pk=partner.pk).custom == {"x_discount": 7.5, "x_colour": "red"}
    assert Counterparty.objects.filter(custom__x_discount__gte=7).get() == partner


def test_a_refused_value_leaves_everything_as_it_was(company: Company, manager: User) -> None:
    a_field("Discount", type="number")

    with pytest.raises(Refused) as refusal:
        saved(manager, name="Azimuth", x_discount="a lot")

    assert list(refusal.value.errors) == ["x_discount"]
    assert not Counterparty.objects.exists()


def test_required_and_default(company: Company, manager: User) -> None:
    a_field("Region", is_required=True)
    a_field("Grade", type="choice", choices=("A", "B"), default="b")

    with pytest.raises(Refused):
        saved(manager, name="Azimuth")
    partner = saved(manager, name="Azimuth", x_region="Izmir")

    assert partner.custom == {"x_region": "Izmir", "x_grade": "b"}


def test_a_unique_value_stands_once(company: Company, manager: User) -> None:
    a_field("Contract", is_unique=True)
    first = saved(manager, name="Azimuth", x_contract="17")

    with pytest.raises(Refused) as refusal:
        saved(manager, name="Vector", x_contract="17")
    again = saved(manager, key=first.pk, x_contract="17")

    assert list(refusal.value.errors) == ["x_contract"]
    assert again.custom == {"x_contract": "17"}


def test_many_rows_keep_their_values_as_single_ones_do(company: Company, manager: User) -> None:
    """F241: an import writes own fields by sets; what is refused is refused alone."""
    a_field("Discount", type="number")
    a_field("Contract", is_unique=True)
    a_field("Grade", type="choice", choices=("A", "B"), default="b")
    a_field("Keeper", type="user")
    old = saved(manager, name="Azimuth", x_contract="1")
    rows: list[tuple[Any, dict[str, Any]]] = [
        (None, {"name": "Vector", "x_discount": "7.5", "x_contract": "2"}),
        (None, {"name": "Falcon", "x_discount": "a lot"}),
        (None, {"name": "Summit", "x_contract": "2"}),
        (old.pk, {"x_contract": "1", "x_keeper": str(manager.pk)}),
        (None, {"name": "Delta", "x_keeper": str(uuid4()), "x_contract": "3"}),
        (old.pk, {"x_contract": "1"}),
        (None, {"name": "Ladoga", "x_contract": "3"}),
    ]

    answers = objects.save_many(objects.kind("counterparties"), rows=rows, by=manager)

    refused = [list(each.refused.errors) if each.refused else [] for each in answers]
    assert refused == [[], ["x_discount"], ["x_contract"], [], ["x_keeper"], [], []]
    kept = {each.name: each.custom for each in Counterparty.objects.all()}
    assert kept == {
        "Azimuth": {"x_contract": "1", "x_grade": "b", "x_keeper": str(manager.pk)},
        "Vector": {"x_discount": 7.5, "x_contract": "2", "x_grade": "b"},
        "Ladoga": {"x_contract": "3", "x_grade": "b"},
    }
    assert [each.is_changed for each in answers if not each.refused] == [True, True, False, True]


def test_many_values_cost_no_more_queries_than_few(company: Company, manager: User) -> None:
    a_field("Discount", type="number")
    a_field("Keeper", type="user")

    def asked(count: int) -> int:
        rows = [
            (None, {"name": f"{count}-{n}", "x_discount": n, "x_keeper": str(manager.pk)})
            for n in range(count)
        ]
        queries: list[str] = []

        def note(execute: Any, sql: str, *rest: Any) -> Any:
            queries.append(sql)
            return execute(sql, *rest)

        with connection.execute_wrapper(note):
            objects.save_many(objects.kind("counterparties"), rows=rows, by=manager)
        return len(queries)

    asked(1)
    assert asked(40) == asked(2)


def test_a_renamed_choice_keeps_its_value(company: Company, manager: User) -> None:
    field = a_field("Grade", type="choice", choices=("First", "Second"))
    partner = saved(manager, name="Azimuth", x_grade="first")

    services.change_field(
        field_id=field.pk, values=FieldValues("Grade", choices=("Second", "First"))
    )

    kept = CustomField.objects.get(pk=field.pk)
    assert kept.choices == [["second", "Second"], ["first", "First"]]
    assert Counterparty.objects.get(pk=partner.pk).custom == {"x_grade": "first"}


def test_a_retired_field_comes_back_with_its_values(company: Company, manager: User) -> None:
    field = a_field("Region")
    partner = saved(manager, name="Azimuth", x_region="Izmir")
    services.retire_field(field_id=field.pk, is_archived=True)
    saved(manager, key=partner.pk, name="Azimuth LLC")

    services.retire_field(field_id=field.pk, is_archived=False)

    (shown,) = custom_fields("counterparties")
    assert shown.read is not None
    assert shown.read(Counterparty.objects.get(pk=partner.pk)) == "Izmir"


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"label": " "}, "label"), ({"label": "A", "type": "colour"}, "type"),
        ({"label": "A", "type": "choice"}, "choices"), ({"label": "A", "key": "x_Я"}, "key"),
        ({"label": "A", "type": "relation", "related": "moons"}, "related"),
        ({"label": "A", "type": "number", "default": "much"}, "default"),
    ],
)  # fmt: skip
def test_a_field_that_cannot_be_is_refused(
    company: Company, values: dict[str, Any], where: str
) -> None:
    with pytest.raises(Refused) as refusal:
        services.add_field(kind="counterparties", values=FieldValues(**values))

    assert where in refusal.value.errors
    assert not CustomField.objects.exists()


def test_a_field_of_another_company_is_not_there(
    company: Company, rival: Company, manager: User
) -> None:
    a_field("Colour")

    with tenant_context(rival):
        forget()
        assert custom_fields("counterparties") == ()


def test_a_list_by_a_custom_field_uses_its_index(company: Company) -> None:
    a_field("Discount", type="number")

    made, dropped = indexes.bring()
    again = indexes.bring()

    assert (made, dropped, again) == (1, 0, (0, 0))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM counterparties_counterparty"
            " WHERE custom -> 'x_discount' = '7' ORDER BY id LIMIT 5"
        )
        assert "custom_value_" in "".join(row[0] for row in cursor.fetchall())


def test_an_index_nobody_needs_goes(company: Company) -> None:
    field = a_field("Discount", type="number")
    indexes.bring()
    services.retire_field(field_id=field.pk, is_archived=True)

    assert indexes.bring() == (0, 1)


def test_an_own_object_has_list_card_and_form_at_once(
    administrator_client: Client, manager_client: Client, company: Company
) -> None:
    """G048: the object «Equipment» with list and card, no restart."""
    administrator_client.post(
        "/customization/objects/new/",
        {"label": "Machine", "label_plural": "Equipment", "icon": "package"},
    )
    administrator_client.post(
        "/customization/kinds/o_equipment/new/", {"label": "Serial number", "type": "text"}
    )

    answer = manager_client.post(
        "/customization/rows/o_equipment/new/",
        {"name": "Lathe", "responsible": "", "custom-x_serial_number": "A-17"},
    )

    assert answer.status_code == 302
    assert "Lathe" in manager_client.get("/customization/rows/o_equipment/").content.decode()
    assert "A-17" in manager_client.get(answer["Location"]).content.decode()
    by_number = manager_client.get("/customization/rows/o_equipment/?sort=-x_serial_number")
    assert "Lathe" in by_number.content.decode()


def test_the_second_editor_is_shown_what_the_first_saved(
    company: Company, administrator: User, manager_client: Client
) -> None:
    """G029, F269: nobody's work is overwritten unseen."""
    made = services.save_object(values={"label": "Machine", "label_plural": "Equipment"})
    kind = objects.kind(made.key)
    row = objects.save(kind, values={"name": "Lathe"}, by=administrator)
    seen = row.updated_at.isoformat()  # type: ignore[attr-defined]
    objects.save(kind, values={"name": "Big lathe"}, by=administrator, key=row.pk)

    page = manager_client.post(
        f"/customization/row/{row.pk}/edit/", {"name": "Small lathe", "seen": seen}
    )

    assert page.status_code == 422
    assert "Big lathe" in page.content.decode()
    assert CustomRow.objects.get(pk=row.pk).name == "Big lathe"
    with pytest.raises(ChangedMeanwhile):
        objects.save(
            kind, values={"name": "Small"}, by=administrator, key=row.pk,
            seen=datetime.fromisoformat(seen),
        )  # fmt: skip


def test_only_who_may_customize_does(manager_client: Client, company: Company) -> None:
    assert manager_client.get("/customization/").status_code == 403
    assert (
        manager_client.post(
            "/customization/kinds/counterparties/new/", {"label": "A", "type": "text"}
        ).status_code
        == 403
    )
    assert not CustomField.objects.exists()


def test_rows_of_another_company_are_not_there(
    company: Company, rival: Company, manager_client: Client
) -> None:
    with tenant_context(rival):
        theirs = CustomObject.objects.create(key="o_secret", label="S", label_plural="Secrets")
        row = CustomRow.objects.create(kind=theirs, name="Secret")

    assert manager_client.get("/customization/rows/o_secret/").status_code == 404
    assert manager_client.get(f"/customization/row/{row.pk}/").status_code == 404
    assert manager_client.get(f"/customization/row/{uuid4()}/").status_code == 404


def test_own_fields_stand_on_form_and_card(company: Company, manager_client: Client) -> None:
    """G048, F121: what an administrator added is entered and seen where the rest is."""
    a_field("Discount", type="number", is_required=True)
    values = {"name": "Azimuth", "kind": "company", "status": "customer", "is_customer": "on"}

    empty = manager_client.post("/counterparties/new/", values)
    wrong = manager_client.post("/counterparties/new/", {**values, "custom-x_discount": "much"})
    saved = manager_client.post("/counterparties/new/", {**values, "custom-x_discount": "7.5"})

    assert (empty.status_code, wrong.status_code, saved.status_code) == (422, 422, 302)
    assert Counterparty.objects.get().custom == {"x_discount": 7.5}
    card = manager_client.get(saved["Location"]).content.decode()
    assert "Discount" in card
    assert "7.5" in card


@pytest.mark.parametrize(
    "path", ["/deals/new/", "/requests/new/", "/activities/new/", "/counterparties/people/new/"]
)
def test_every_form_of_a_kind_has_its_own_fields(
    company: Company, owner_client: Client, path: str
) -> None:
    for kind in ("deals", "requests", "activities", "contacts"):
        services.add_field(kind=kind, values=FieldValues("Batch number"))

    page = owner_client.get(path)

    assert page.status_code == 200
    assert 'name="custom-x_batch_number"' in page.content.decode()


@given(
    scores=st.lists(st.one_of(st.none(), st.integers(-3, 3)), max_size=14),
    is_descending=st.booleans(), size=st.integers(1, 5),
)  # fmt: skip
@settings(
    max_examples=40, deadline=None, suppress_health_check=list(HealthCheck)
)
def test_pages_by_an_own_field_have_each_row_once_in_order(
    company: Company, scores: list[int | None], is_descending: bool, size: int
) -> None:
    """F123: any own field sorts its list; what has no value stands last in both directions."""
    with transaction.atomic():
        rows = [
            Counterparty.objects.create(
                name=f"C{place}", sort_name=f"c{place}",
                custom={} if score is None else {"x_score": score},
            )
            for place, score in enumerate(scores)
        ]  # fmt: skip
        order = Order("by_x_score", is_descending)
        found, after = [], ""
        while True:
            asked = Counterparty.objects.filter(pk__in=[row.pk for row in rows]).annotate(
                by_x_score=KeyTransform("x_score", "custom")
            )
            page = read_page(asked, order=order, after=after, size=size)
            found += page.rows
            after = page.following
            if not after:
                break
        transaction.set_rollback(True)

    known = [row for row in rows if row.custom]
    known.sort(key=lambda row: (row.custom["x_score"], row.pk), reverse=is_descending)
    empty = sorted(
        (row for row in rows if not row.custom), key=lambda row: row.pk, reverse=is_descending
    )
    assert [row.pk for row in found] == [row.pk for row in [*known, *empty]]


def test_a_head_of_an_own_field_sorts_its_list_by_the_index(
    company: Company, owner_client: Client
) -> None:
    """F123, G006: a click on the head; the value is read from its index, however many rows."""
    a_field("Discount", type="number")
    indexes.bring()
    for name, value in (("Low", 1), ("High", 9), ("None", None), ("Mid", 5)):
        saved(name=name, x_discount=value)
    address = "/counterparties/?cols=name,x_discount&sort=-x_discount"

    with CaptureQueriesContext(connection) as asked:
        page = owner_client.get(address).content.decode()

    assert re.findall(r"data-row-link>(\w+)<", page) == ["High", "Mid", "Low", "None"]
    assert 'aria-sort="descending"' in page
    [first, *_rest] = [each["sql"] for each in asked if "by_x_discount" in each["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {first}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Scan Backward using custom_value_" in plan
    assert "Sort" not in plan


def test_a_field_that_is_hidden_sorts_nothing(
    company: Company, manager_client: Client, manager: User
) -> None:
    """F222: the order of rows would tell what stands in a field one does not see."""
    a_field("Discount", type="number")
    for name, value in (("Alfa", 1), ("Beta", 9)):
        saved(name=name, x_discount=value)
    address = "/counterparties/?sort=-x_discount"
    assert re.findall(r"data-row-link>(\w+)<", manager_client.get(address).content.decode()) == [
        "Beta", "Alfa",
    ]  # fmt: skip
    hide(manager, counterparties="x_discount")

    page = manager_client.get(address).content.decode()

    assert re.findall(r"data-row-link>(\w+)<", page) == ["Alfa", "Beta"]
