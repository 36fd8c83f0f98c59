"""Own fields of invoices and customers: in every door, and in 1C's orders both ways."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.core import objects
from apps.core.objects import Refused
from apps.custom import onec, services
from apps.custom.models import CustomField
from apps.custom.services import FieldValues
from apps.custom.values import NotAValue, stored
from apps.sales.models import Invoice, InvoiceBase, InvoiceConflict
from apps.sales.outgoing import document as told_document
from apps.sales.services import OwnValueRefused, copy_invoice, resolve_conflict
from exchange.rows import ProblemCode, Requisite
from tenants.models import Company
from tests.apps.sales.conftest import NOW, TODAY, Shop
from tests.apps.sales.test_views import posted

WAY, REGION = "Способ доставки", "Регион"


@pytest.fixture
def way(company: Company) -> CustomField:
    """How an invoice is delivered: one of a list, a requisite of 1C's orders."""
    return services.add_field(kind="invoices", values=FieldValues(
        label="Delivery", type="choice", key="x_way", choices=["By van", "Самовывоз"],
        name_1c=WAY,
    ))  # fmt: skip


@pytest.fixture
def region(company: Company) -> CustomField:
    """Where a customer is: a text, a requisite of 1C's orders."""
    return services.add_field(kind="counterparties", values=FieldValues(
        label="Region", key="x_region", name_1c=REGION,
    ))  # fmt: skip


def own(row: Any) -> dict[str, Any]:
    row.refresh_from_db()
    kept: dict[str, Any] = row.custom
    return kept


def put(invoice: Invoice, **values: Any) -> None:
    row = invoice if "x_region" not in values else invoice.counterparty
    kind = "invoices" if row is invoice else "counterparties"
    row.custom = {key: value for key, value in values.items() if value is not None}
    row.save()
    assert objects.kind(kind).is_extensible


def said(invoice: Invoice, shop: Shop) -> dict[str, str]:
    """The requisites 1C is told."""
    invoice = Invoice.objects.get(pk=invoice.pk)
    base = InvoiceBase.objects.filter(invoice=invoice, node_id=shop.node_id).first()
    row = told_document(
        invoice, list(invoice.lines.all()), node_id=shop.node_id,
        agreed=(base.content.get("own") if base else None),
    )  # fmt: skip
    return {each.name: each.value for each in row.requisites}


def tell(shop: Shop, invoice: Invoice, **requisites: str) -> Any:
    """Have 1C tell its order with these requisites."""
    names = {"way": WAY, "region": REGION}
    named = {names[key]: value for key, value in requisites.items()}
    return shop.receive(shop.order(invoice, requisites=named))


def test_an_order_says_what_own_fields_hold(
    shop: Shop, way: CustomField, region: CustomField
) -> None:
    """G048: fields of the invoice and its customer stand in 1C's order from the next message on."""
    invoice = shop.issued()
    assert WAY not in said(invoice, shop)

    put(invoice, x_way="samovyvoz")
    put(invoice, x_region="Kazan")

    assert {WAY: "Самовывоз", REGION: "Kazan"}.items() <= said(invoice, shop).items()


def test_what_1c_says_fills_fields_that_are_empty(
    shop: Shop, way: CustomField, region: CustomField
) -> None:
    """G048: a requisite of 1C's order becomes the value of the field; the same again nothing."""
    invoice = shop.issued()

    first = tell(shop, invoice, way="  by VAN ", region="Izmir")
    again = tell(shop, invoice, way="  by VAN ", region="Izmir")

    assert own(invoice) == {"x_way": "by_van"}
    assert own(invoice.counterparty) == {"x_region": "Izmir"}
    assert (first.changed, again.changed, again.unchanged) == (1, 0, 1)
    [event] = invoice.events.filter(kind="changed_in_1c")
    assert {each["field"] for each in event.detail["changes"]} == {
        "invoices.x_way", "counterparties.x_region",
    }  # fmt: skip


def test_an_old_echo_does_not_take_back_what_changed_here(
    shop: Shop, way: CustomField, region: CustomField
) -> None:
    invoice = shop.issued()
    tell(shop, invoice, way="By van", region="Izmir")
    put(invoice, x_way="samovyvoz")
    put(invoice, x_region="Kazan")

    shop.receive(shop.order(invoice, comment="new", requisites={WAY: "By van", REGION: "Izmir"}))

    assert own(invoice) == {"x_way": "samovyvoz"}
    assert own(invoice.counterparty) == {"x_region": "Kazan"}
    assert not InvoiceConflict.objects.exists()


def test_what_only_1c_changed_is_taken_and_an_empty_word_says_nothing(
    shop: Shop, way: CustomField
) -> None:
    invoice = shop.issued()
    tell(shop, invoice, way="By van")

    tell(shop, invoice, way="Самовывоз")
    assert own(invoice) == {"x_way": "samovyvoz"}
    tell(shop, invoice, way="")
    tell(shop, invoice)

    assert own(invoice) == {"x_way": "samovyvoz"}


def test_changed_on_both_sides_a_person_decides(
    shop: Shop, way: CustomField, owner_client: Client
) -> None:
    invoice = shop.issued()
    tell(shop, invoice)
    put(invoice, x_way="by_van")

    tell(shop, invoice, way="Самовывоз")

    conflict = InvoiceConflict.objects.get()
    assert own(invoice) == {"x_way": "by_van"}
    page = owner_client.get(f"/invoices/{invoice.pk}/").content.decode()
    assert "Delivery" in page
    assert "Самовывоз" in page
    resolve_conflict(conflict_id=conflict.pk, take_theirs=True, by=shop.manager, now=NOW)
    assert own(invoice) == {"x_way": "samovyvoz"}


def test_a_decision_for_a_value_that_is_offered_no_more_changes_nothing(
    shop: Shop, way: CustomField
) -> None:
    invoice = shop.issued()
    put(invoice, x_way="by_van")
    tell(shop, invoice)
    tell(shop, invoice, way="Самовывоз")
    conflict = InvoiceConflict.objects.get()
    services.change_field(field_id=way.pk, values=FieldValues(
        label="Delivery", choices=["By van"], name_1c=WAY,
    ))  # fmt: skip

    with pytest.raises(OwnValueRefused, match="not among the choices"):
        resolve_conflict(conflict_id=conflict.pk, take_theirs=True, by=shop.manager, now=NOW)

    conflict.refresh_from_db()
    assert (conflict.state, own(invoice)) == ("open", {"x_way": "by_van"})


def test_of_a_customer_the_first_word_of_each_old_order_changes_nothing(
    shop: Shop, region: CustomField
) -> None:
    first, second = shop.issued(), shop.issued()
    tell(shop, first, region="Izmir")

    tell_second = shop.order(second, ref="order-2", requisites={REGION: "Bursa"})
    shop.receive(tell_second)

    assert own(shop.customer) == {"x_region": "Izmir"}
    shop.receive(shop.order(second, ref="order-2", requisites={REGION: "Kazan"}))
    conflict = InvoiceConflict.objects.get()  # 1C changed it, and so had we
    assert (conflict.ours, conflict.theirs) == ("Izmir", "Kazan")


def test_a_value_that_is_none_is_named_and_stops_nothing(shop: Shop, way: CustomField) -> None:
    invoice = shop.issued()
    put(invoice, x_way="by_van")

    stored_ = shop.receive(shop.order(invoice, "5", requisites={WAY: "Голубями"}))

    [problem] = stored_.problems
    assert WAY in problem.element
    assert (problem.code, problem.value, problem.kept) == (
        ProblemCode.NOT_OFFERED, "Голубями", "former_value",
    )  # fmt: skip
    assert own(invoice) == {"x_way": "by_van"}
    assert invoice.lines.get().quantity == 5


def test_a_field_named_later_reads_the_same_order_anew(shop: Shop) -> None:
    invoice = shop.issued()
    tell(shop, invoice, way="By van")
    services.add_field(kind="invoices", values=FieldValues(
        label="Delivery", key="x_way", name_1c=WAY
    ))  # fmt: skip

    tell(shop, invoice, way="By van")

    assert own(invoice) == {"x_way": "By van"}


def test_a_value_cleared_here_is_cleared_in_1c(shop: Shop, way: CustomField) -> None:
    invoice = shop.issued()
    tell(shop, invoice, way="By van")
    put(invoice, x_way=None)

    assert said(invoice, shop)[WAY] == ""


def test_a_unique_value_of_another_invoice_is_refused(shop: Shop) -> None:
    services.add_field(kind="invoices", values=FieldValues(
        label="Contract", key="x_contract", is_unique=True, name_1c="Договор",
    ))  # fmt: skip
    first, second = shop.issued(), shop.issued()
    first.refresh_from_db()
    put(first, x_contract="17")

    told = shop.receive(shop.order(second, ref="order-2", requisites={"Договор": "17"}))

    [problem] = told.problems
    assert (problem.code, problem.value) == (ProblemCode.VALUE_TAKEN, "17")
    assert own(second) == {}


def test_a_copy_and_the_invoice_of_a_deal_take_the_fields_along(
    shop: Shop, way: CustomField
) -> None:
    invoice = shop.issued()
    put(invoice, x_way="by_van", x_gone="old")

    copy = copy_invoice(invoice_id=invoice.pk, by=shop.manager, issued_on=TODAY, now=NOW)

    assert own(copy) == {"x_way": "by_van"}


@pytest.mark.parametrize(
    ("kind", "name", "type_", "sentence"),
    [
        ("invoices", "Отменен", "text", "says something else"),
        ("counterparties", "Number by 1C", "text", "says something else"),
        ("invoices", "склад", "text", "says something else"),
        ("counterparties", "способ  доставки", "text", "has this name in 1C already"),
        ("invoices", "Кто", "user", "does not know people"),
        ("deals", "Регион", "text", "has no name there"),
    ],
)
def test_a_name_that_cannot_be_is_refused(
    company: Company, way: CustomField, kind: str, name: str, type_: str, sentence: str
) -> None:
    with pytest.raises(Refused) as refused:
        services.add_field(
            kind=kind, values=FieldValues(label="New", type=type_, name_1c=name)
        )

    assert sentence in refused.value.errors["name_1c"][0]


def test_the_field_stands_on_form_card_list_and_in_the_api(
    shop: Shop, way: CustomField, owner_client: Client
) -> None:
    """G048: an own field of invoices is in form, card, list, filter and API, no restart."""
    invoice = shop.draft()
    form = owner_client.get(f"/invoices/{invoice.pk}/edit/")
    assert "custom-x_way" in form.content.decode()
    data = posted(shop, ("Nail 50 mm", "2", "10"), version=str(invoice.version))
    answer = owner_client.post(f"/invoices/{invoice.pk}/edit/", {**data, "custom-x_way": "by_van"})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    assert own(invoice)["x_way"] == "by_van"

    card = owner_client.get(f"/invoices/{invoice.pk}/").content.decode()
    listed = owner_client.get("/invoices/?cols=number,x_way").content.decode()
    assert "By van" in card
    assert "By van" in listed
    for value, is_there in (("by_van", True), ("samovyvoz", False)):
        condition = json.dumps(["x_way", "any", value])
        found = owner_client.get("/invoices/", {"f": condition}).content.decode()
        assert (str(invoice.pk) in found) is is_there
    kind = objects.kind("invoices")
    saved = objects.save(kind, values={"x_way": "samovyvoz"}, by=None, key=invoice.pk)
    assert saved.custom == {"x_way": "samovyvoz"}  # type: ignore[attr-defined]


def test_the_form_of_a_field_asks_for_the_name_where_1c_has_one(
    company: Company, owner_client: Client
) -> None:
    for kind, asked in (("invoices", True), ("counterparties", True), ("deals", False)):
        page = owner_client.get(f"/customization/kinds/{kind}/new/").content.decode()
        assert ('name="name_1c"' in page) is asked
    owner_client.post(
        "/customization/kinds/invoices/new/",
        {"label": "Delivery", "type": "text", "name_1c": WAY},
    )
    assert CustomField.objects.get().name_1c == WAY
    assert f"1C: {WAY}" in owner_client.get("/customization/kinds/invoices/").content.decode()


TYPES = {
    "text": st.text(min_size=1, max_size=60),
    "long_text": st.text(min_size=1, max_size=200),
    "number": st.decimals(-10**9, 10**9, places=4),
    "money": st.decimals(0, 10**9, places=2),
    "date": st.dates(min_value=date(1900, 1, 1)),
    "moment": st.datetimes(timezones=st.just(UTC), min_value=datetime(1990, 1, 1)),  # noqa: DTZ001
    "boolean": st.booleans(),
    "choice": st.sampled_from(["a", "b"]),
    "choices": st.lists(st.sampled_from(["a", "b"]), min_size=1, unique=True),
}


@settings(max_examples=150, deadline=None,
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(data=st.data())
def test_what_is_said_is_heard_as_it_was(company: Company, data: Any) -> None:
    type_ = data.draw(st.sampled_from(sorted(TYPES)))
    field = CustomField(key="x_a", type=type_, choices=[["a", "Red; or blue"], ["b", "Синий"]])
    kept = stored(type_, data.draw(TYPES[type_]))

    text = onec.said(field, kept)
    try:
        heard = onec.heard(field, text)
    except NotAValue:  # labels that hold the separator cannot be told apart among several
        assert type_ == "choices"
        return

    assert onec.said(field, heard) == text
    if type_ not in ("text", "long_text", "choices", "moment"):
        assert heard == kept


def test_1c_writes_values_in_its_own_ways(company: Company) -> None:
    def heard(type_: str, text: str) -> Any:
        return onec.heard(CustomField(key="x_a", type=type_), text)

    assert heard("number", "1 234,50") == 1234.5
    assert heard("date", "23.11.2026 0:00:00") == "2026-11-23"
    assert heard("date", "0001-01-01T00:00:00") is None
    assert heard("boolean", "Истина") is True
    assert heard("boolean", "Нет") is False
    with pytest.raises(NotAValue, match="not a date"):
        heard("date", "soon")
    with pytest.raises(NotAValue, match="neither yes nor no"):
        heard("boolean", "maybe")


def test_requisites_that_name_no_field_are_passed_over(shop: Shop, way: CustomField) -> None:
    invoice = shop.issued()

    told = shop.receive(
        shop.order(invoice)._replace(requisites=(Requisite("Сайт", "[s1] Shop"),))
    )

    assert (told.problems, own(invoice)) == ([], {})
