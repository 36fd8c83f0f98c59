"""What 1C says of invoices: edits, conflicts, payments, shipments, cancellation."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DataError, transaction
from django.utils import timezone

from apps.finance.models import Payment
from apps.sales.models import Delivery, Invoice, InvoiceBase, InvoiceConflict
from apps.sales.services import (
    assign_payment,
    cancel_invoice,
    change_invoice,
    resolve_conflict,
)
from exchange.rows import Requisite
from tests.apps.sales.conftest import NOW, Shop, document, payment, told_line


def line_of(invoice: Invoice) -> tuple[Decimal, Decimal]:
    return invoice.lines.values_list("quantity", "price").get()


@pytest.fixture
def agreed(shop: Shop) -> Invoice:
    """An invoice on which both sides agree."""
    invoice = shop.issued()
    shop.receive(shop.order(invoice))
    return invoice


def test_1c_takes_an_invoice_and_tells_its_number(shop: Shop, agreed: Invoice) -> None:
    agreed.refresh_from_db()

    assert (agreed.number_1c, agreed.ref, agreed.is_posted_1c) == ("МСК-1", "order-1", True)
    assert list(agreed.events.values_list("kind", flat=True)) == ["created", "issued", "in_1c"]


MATRIX = {
    "quantity": ({"quantity": "5"}, (5, 10)),
    "price": ({"price": "12.50"}, (2, Decimal("12.5"))),
}


@pytest.mark.parametrize(("told", "expected"), MATRIX.values(), ids=MATRIX)
def test_what_only_1c_changed_is_taken(
    shop: Shop, agreed: Invoice, told: dict, expected: tuple
) -> None:
    stored = shop.receive(shop.order(agreed, **told))

    agreed.refresh_from_db()
    assert line_of(agreed) == expected
    assert agreed.total == expected[0] * expected[1]
    assert (stored.changed, stored.unchanged) == (1, 0)
    [change] = agreed.events.get(kind="changed_in_1c").detail["changes"]
    assert change["field"] == next(iter(told))


@pytest.mark.parametrize(("told", "expected"), MATRIX.values(), ids=MATRIX)
def test_what_only_we_changed_stays(
    shop: Shop, agreed: Invoice, told: dict, expected: tuple
) -> None:
    shop.change(agreed, **told)

    shop.receive(shop.order(agreed, version="2"))

    assert line_of(agreed) == expected
    assert not InvoiceConflict.objects.exists()


def test_different_values_changed_on_both_sides_are_both_kept(shop: Shop, agreed: Invoice) -> None:
    shop.change(agreed, quantity="5")

    shop.receive(shop.order(agreed, price="12.00"))

    assert line_of(agreed) == (5, 12)
    assert not InvoiceConflict.objects.exists()


def test_the_same_change_on_both_sides_is_no_conflict(shop: Shop, agreed: Invoice) -> None:
    shop.change(agreed, quantity="5")

    shop.receive(shop.order(agreed, quantity="5"))

    assert not InvoiceConflict.objects.exists()


def test_a_line_added_in_1c_is_added_here(shop: Shop, agreed: Invoice) -> None:
    lines = (told_line(shop.nail, "2", "10.00"), told_line(shop.board, "1", "70.00"))

    shop.receive(shop.order(agreed, lines=lines))

    agreed.refresh_from_db()
    assert agreed.lines.count() == 2
    assert agreed.total == 90


def test_quirk_35_lines_of_no_quantity_are_passed_over(shop: Shop, agreed: Invoice) -> None:
    lines = (told_line(shop.nail, "2", "10.00"), told_line(shop.board, "0", "70.00"))

    stored = shop.receive(shop.order(agreed, lines=lines))

    agreed.refresh_from_db()
    assert agreed.lines.get().product == shop.nail
    assert agreed.total == 20
    assert stored.problems == []


def test_quirk_35_a_line_brought_to_no_quantity_in_1c_is_removed_here(shop: Shop) -> None:
    invoice = shop.issued(shop.line(shop.nail), shop.line(shop.board, "1", "70.00"))
    both = (told_line(shop.nail, "2", "10.00"), told_line(shop.board, "1", "70.00"))
    shop.receive(shop.order(invoice, lines=both))

    shop.receive(shop.order(invoice, lines=(both[0], told_line(shop.board, "0", "70.00"))))

    assert invoice.lines.get().product == shop.nail


def test_a_line_removed_in_1c_is_removed_here(shop: Shop) -> None:
    invoice = shop.issued(shop.line(shop.nail), shop.line(shop.board, "1", "70.00"))
    both = (told_line(shop.nail, "2", "10.00"), told_line(shop.board, "1", "70.00"))
    shop.receive(shop.order(invoice, lines=both))

    shop.receive(shop.order(invoice))

    invoice.refresh_from_db()
    assert invoice.lines.get().product == shop.nail
    assert invoice.total == 20


@pytest.mark.parametrize(
    ("ours", "theirs", "field"),
    [({"quantity": "5"}, {"quantity": "3"}, "quantity"), ({"price": "9"}, {"price": "8"}, "price")],
    ids=["quantity", "price"],
)
def test_a_value_changed_on_both_sides_is_kept_in_both_versions(
    shop: Shop, agreed: Invoice, ours: dict, theirs: dict, field: str
) -> None:
    shop.change(agreed, **ours)

    shop.receive(shop.order(agreed, **theirs))

    conflict = InvoiceConflict.objects.get()
    assert (conflict.field, conflict.ours, conflict.theirs) == (
        field, ours[field], theirs[field],
    )  # fmt: skip
    assert getattr(agreed.lines.get(), field) == Decimal(ours[field])


@pytest.mark.parametrize(("take_theirs", "quantity"), [(True, 3), (False, 5)], ids=["1C", "ours"])
def test_a_person_decides_a_conflict(
    shop: Shop, agreed: Invoice, take_theirs: bool, quantity: int
) -> None:
    shop.change(agreed, quantity="5")
    shop.receive(shop.order(agreed, quantity="3"))
    conflict = InvoiceConflict.objects.get()

    resolve_conflict(conflict_id=conflict.pk, take_theirs=take_theirs, by=shop.manager, now=NOW)
    shop.receive(shop.order(agreed, quantity="3"))

    assert agreed.lines.get().quantity == quantity
    assert not InvoiceConflict.objects.filter(state="open").exists()


def test_the_same_document_under_another_file_name_changes_nothing(
    shop: Shop, agreed: Invoice
) -> None:
    shop.receive(shop.order(agreed, quantity="5"))
    before = Invoice.objects.values().get(pk=agreed.pk)

    again = shop.receive(shop.order(agreed, quantity="5", line=77))

    assert (again.created, again.changed, again.unchanged) == (0, 0, 1)
    assert Invoice.objects.values().get(pk=agreed.pk) == before


@pytest.mark.parametrize(
    "told",
    [
        {"requisites": {"Отменен": "true"}},
        {"is_deleted": True},
        {"requisites": {"Cancelled": "true"}},
    ],
    ids=["cancelled", "marked for deletion", "an English session"],
)
def test_an_order_cancelled_in_1c_is_cancelled_here(
    shop: Shop, agreed: Invoice, told: dict
) -> None:
    if "Cancelled" in told.get("requisites", {}):
        pytest.importorskip("exchange.formats.commerceml")
        from exchange.formats.commerceml import canonical_requisite

        if canonical_requisite("Cancelled") != "Отменен":
            pytest.skip("the format knows another English name")

    shop.receive(shop.order(agreed, **told))

    agreed.refresh_from_db()
    assert agreed.status == "cancelled"


def test_cancelled_here_and_edited_there_waits_for_nobody(shop: Shop, agreed: Invoice) -> None:
    cancel_invoice(invoice_id=agreed.pk, by=shop.manager, now=NOW)

    shop.receive(shop.order(agreed, quantity="3"))

    agreed.refresh_from_db()
    assert agreed.status == "cancelled"


def test_full_payment_told_by_a_requisite_pays_the_invoice(shop: Shop, agreed: Invoice) -> None:
    paid = {"Номер оплаты по 1С": "77", "Дата оплаты по 1С": "2026-11-24T00:00:00"}

    shop.receive(shop.order(agreed, requisites=paid))

    agreed.refresh_from_db()
    assert (agreed.payment_state, agreed.paid_total) == ("paid", 20)
    assert str(Payment.objects.get().paid_on) == "2026-11-24"


def test_what_1c_does_not_date_keeps_the_day_on_which_it_was_told_first(
    shop: Shop, agreed: Invoice
) -> None:
    """Clients that say «Оплачен» and «Отгружен» alone say it again in each exchange."""
    told = {"Оплачен": "true", "Отгружен": "true"}
    shop.receive(shop.order(agreed, requisites=told))
    first = timezone.localdate(NOW)

    shop.receive(shop.order(agreed, requisites=told), now=NOW + timedelta(days=9))

    assert Payment.objects.get().paid_on == first
    assert Delivery.objects.get().shipped_on == first


def test_payment_withdrawn_in_1c_unpays(shop: Shop, agreed: Invoice) -> None:
    shop.receive(shop.order(agreed, requisites={"Номер оплаты по 1С": "77"}))

    shop.receive(shop.order(agreed))

    agreed.refresh_from_db()
    assert (agreed.payment_state, agreed.paid_total) == ("unpaid", 0)


def test_partial_payments_are_told_one_by_one(shop: Shop, agreed: Invoice) -> None:
    order = shop.order(agreed)
    first, second = (
        payment("p1", "5", parent_ref="order-1"),
        payment("p2", "15", base_ref="order-1"),
    )
    shop.receive(order, first)
    agreed.refresh_from_db()
    assert (agreed.payment_state, agreed.paid_total) == ("partly_paid", 5)

    shop.receive(order, first, second)

    agreed.refresh_from_db()
    assert (agreed.payment_state, agreed.paid_total) == ("paid", 20)


def test_money_told_by_a_requisite_and_then_one_by_one_counts_once(
    shop: Shop, agreed: Invoice
) -> None:
    shop.receive(shop.order(agreed, requisites={"Номер оплаты по 1С": "77"}))

    shop.receive(shop.order(agreed), payment("p1", "20", parent_ref="order-1"))

    agreed.refresh_from_db()
    assert agreed.paid_total == 20


@pytest.mark.parametrize(
    "told", [{"posted": "false"}, {"is_deleted": True}], ids=["unposted", "deleted"]
)
def test_an_unposted_payment_does_not_count(shop: Shop, agreed: Invoice, told: dict) -> None:
    shop.receive(shop.order(agreed), payment("p1", "20", parent_ref="order-1"))

    shop.receive(shop.order(agreed), payment("p1", "20", parent_ref="order-1", **told))

    agreed.refresh_from_db()
    assert agreed.payment_state == "unpaid"


def test_a_payment_finds_its_invoice_by_the_number_in_its_purpose(
    shop: Shop, agreed: Invoice
) -> None:
    loose = payment("p9", "20", comment=f"Оплата по счёту №{agreed.number} от 23.11.2026")

    first, second = shop.receive(loose), shop.receive(loose)

    agreed.refresh_from_db()
    assert agreed.payment_state == "paid"
    assert (first.created, second.unchanged) == (1, 1)


def test_one_payment_pays_several_invoices_it_names(shop: Shop) -> None:
    one, two = shop.issued(), shop.issued()

    shop.receive(payment("p9", "30", comment=f"Счета {one.number}, {two.number}"))

    one.refresh_from_db()
    two.refresh_from_db()
    assert (one.paid_total, two.paid_total) == (20, 10)


def test_a_payment_of_an_unknown_order_is_kept_and_assigned_by_hand(shop: Shop) -> None:
    invoice = shop.issued()
    stored = shop.receive(payment("p9", "20", parent_ref="unknown"))
    assert (stored.created, stored.problems) == (1, [])

    assign_payment(
        payment_id=Payment.objects.get().pk, number=invoice.number, by=shop.manager, now=NOW
    )

    invoice.refresh_from_db()
    assert invoice.payment_state == "paid"


def test_an_order_of_unknown_number_is_named_and_left_out(shop: Shop) -> None:
    stored = shop.receive(document(ref="x", number="77", operation="Заказ товара"))

    assert [problem.value for problem in stored.problems] == ["77"]
    assert not Invoice.objects.exists()


def test_an_order_made_in_1c_becomes_an_invoice_when_the_node_says_so(shop: Shop) -> None:
    from tests.apps.sales.conftest import party

    order = document(
        ref="x", number="77", operation="Заказ товара",
        counterparties=(party(ref="c", name="Ladoga", tax_number="7701234567"),),
        lines=(told_line(shop.nail, "3", "7.00"),),
    )  # fmt: skip

    first = shop.receive(order, create_orders_from_1c=True)
    second = shop.receive(order, create_orders_from_1c=True)

    invoice = Invoice.objects.get()
    assert (invoice.number, invoice.total, invoice.counterparty.name) == ("77", 21, "Ladoga")
    assert (first.created, second.created, second.unchanged) == (1, 0, 1)


def test_partial_shipments_add_up(shop: Shop, agreed: Invoice) -> None:
    def shipment(ref: str, quantity: str) -> object:
        return document(
            ref=ref, operation="Отпуск товара", parent_ref="order-1",
            lines=(told_line(shop.nail, quantity, "10.00"),),
            requisites=(Requisite("Проведен", "true"),),
        )  # fmt: skip

    shop.receive(shop.order(agreed), shipment("s1", "1"))
    agreed.refresh_from_db()
    assert (agreed.delivery_state, agreed.lines.get().shipped_quantity) == ("partly_shipped", 1)

    shop.receive(shop.order(agreed), shipment("s1", "1"), shipment("s2", "1"))

    agreed.refresh_from_db()
    assert (agreed.delivery_state, Delivery.objects.count()) == ("shipped", 2)


def test_kinds_switched_off_are_not_taken(shop: Shop, agreed: Invoice) -> None:
    paid = shop.order(agreed, requisites={"Номер оплаты по 1С": "77"})
    shop.receive(paid, exchanged={"payments": False})
    agreed.refresh_from_db()
    assert agreed.payment_state == "unpaid"

    shop.receive(paid)

    agreed.refresh_from_db()
    assert agreed.payment_state == "paid"


@pytest.mark.parametrize(("take_theirs", "left"), [(True, 1), (False, 2)], ids=["1C", "ours"])
def test_a_line_removed_there_and_changed_here_waits_for_a_person(
    shop: Shop, take_theirs: bool, left: int
) -> None:
    invoice = shop.issued(shop.line(shop.nail), shop.line(shop.board, "1", "70.00"))
    both = (told_line(shop.nail, "2", "10.00"), told_line(shop.board, "1", "70.00"))
    shop.receive(shop.order(invoice, lines=both))
    board = invoice.lines.get(product=shop.board)
    nail = invoice.lines.get(product=shop.nail)
    invoice.refresh_from_db()
    change_invoice(
        invoice_id=invoice.pk, version=invoice.version, by=shop.manager, now=NOW,
        values=shop.values(
            shop.line(shop.nail, id=nail.pk), shop.line(shop.board, "4", "70.00", id=board.pk)
        ),
    )  # fmt: skip

    shop.receive(shop.order(invoice))
    conflict = InvoiceConflict.objects.get()
    resolve_conflict(conflict_id=conflict.pk, take_theirs=take_theirs, by=shop.manager, now=NOW)

    invoice.refresh_from_db()
    assert (conflict.field, conflict.theirs) == ("line", None)
    assert invoice.lines.count() == left
    assert invoice.total == sum(line.total for line in invoice.lines.all())


def test_a_file_that_fails_leaves_nothing_half_applied(shop: Shop, agreed: Invoice) -> None:
    lines = (told_line(shop.nail, "7", "10.00"), told_line(shop.board, "1", "1e20"))

    with pytest.raises(DataError), transaction.atomic():
        shop.receive(shop.order(agreed, lines=lines))

    agreed.refresh_from_db()
    assert line_of(agreed) == (2, 10)
    assert agreed.total == 20


# Head ------------------------------------------------------------------------------------------
HEADS = {
    "comment": ({"comment": "Call first"}, "Call first"),
    "due_on": ({"due_on": date(2026, 12, 24)}, date(2026, 12, 24)),
}


@pytest.mark.parametrize(("field", "told", "expected"), [(k, *v) for k, v in HEADS.items()])
def test_a_head_that_only_1c_changed_is_taken(
    shop: Shop, agreed: Invoice, field: str, told: dict, expected: object
) -> None:
    stored = shop.receive(shop.order(agreed, **told))

    agreed.refresh_from_db()
    assert getattr(agreed, field) == expected
    assert stored.changed == 1
    [change] = agreed.events.get(kind="changed_in_1c").detail["changes"]
    assert change["field"] == field
    assert shop.receive(shop.order(agreed, **told)).unchanged == 1


@pytest.mark.parametrize(("field", "told", "expected"), [(k, *v) for k, v in HEADS.items()])
def test_a_head_that_only_we_changed_stays_when_1c_says_nothing_of_it(
    shop: Shop, agreed: Invoice, field: str, told: dict, expected: object
) -> None:
    Invoice.objects.filter(pk=agreed.pk).update(**told)

    shop.receive(shop.order(agreed, version="2"))

    agreed.refresh_from_db()
    assert getattr(agreed, field) == expected
    assert not InvoiceConflict.objects.exists()


def test_a_comment_that_both_changed_is_a_conflict_with_both_versions(
    shop: Shop, agreed: Invoice
) -> None:
    shop.receive(shop.order(agreed, comment="As agreed"))
    Invoice.objects.filter(pk=agreed.pk).update(comment="Ours")

    shop.receive(shop.order(agreed, comment="Theirs"))

    conflict = InvoiceConflict.objects.get()
    assert (conflict.field, conflict.base, conflict.ours, conflict.theirs) == (
        "comment", "As agreed", "Ours", "Theirs",
    )  # fmt: skip
    resolve_conflict(conflict_id=conflict.pk, take_theirs=True, by=shop.manager, now=NOW)
    agreed.refresh_from_db()
    assert agreed.comment == "Theirs"


@pytest.mark.parametrize("cancelled", [True, False], ids=["in 1C", "here"])
def test_a_cancellation_on_one_side_reaches_the_other(
    shop: Shop, agreed: Invoice, *, cancelled: bool
) -> None:
    if cancelled:
        shop.receive(shop.order(agreed, requisites={"Отменен": "true"}))
    else:
        cancel_invoice(invoice_id=agreed.pk, by=shop.manager, now=NOW)
        shop.receive(shop.order(agreed, version="2"))

    agreed.refresh_from_db()
    assert agreed.status == "cancelled"


def test_the_status_in_1c_is_shown_and_its_changes_are_told(shop: Shop, agreed: Invoice) -> None:
    for status in ("Согласован", "К выполнению"):
        shop.receive(shop.order(agreed, requisites={"Статус заказа": status}, version=status))

    agreed.refresh_from_db()
    assert agreed.status_1c == "К выполнению"
    assert [event.detail["changes"][0]["to"] for event in agreed.events.filter(
        kind="changed_in_1c").order_by("id")] == ["Согласован", "К выполнению"]  # fmt: skip


def test_our_own_status_told_back_by_1c_is_no_news(shop: Shop, agreed: Invoice) -> None:
    shop.receive(shop.order(agreed, requisites={"Статус заказа": "Выставлен"}, version="2"))

    agreed.refresh_from_db()
    assert agreed.status_1c == ""
    assert not agreed.events.filter(kind="changed_in_1c").exists()


# Two 1Cs ---------------------------------------------------------------------------------------
def test_each_of_two_1cs_keeps_its_own_name_of_an_invoice(shop: Shop, agreed: Invoice) -> None:
    first, second = shop.node_id, uuid4()
    InvoiceBase.objects.create(invoice=agreed, node_id=second)  # it was told of the invoice

    shop.node_id = second
    shop.receive(shop.order(agreed, ref="order-of-the-second", number_1c="B-9"))

    agreed.refresh_from_db()
    assert (agreed.node_id, agreed.ref, agreed.number_1c) == (first, "order-1", "МСК-1")
    assert dict(agreed.bases.values_list("node_id", "ref")) == {
        first: "order-1", second: "order-of-the-second",
    }  # fmt: skip


def test_the_same_number_in_a_1c_that_was_never_told_is_chance(shop: Shop, agreed: Invoice) -> None:
    shop.node_id = uuid4()

    stored = shop.receive(shop.order(agreed, ref="stranger", quantity="99"))

    assert line_of(agreed) == (2, 10)
    [problem] = stored.problems
    assert problem.value == agreed.number


def test_a_number_that_is_taken_is_not_given_to_an_order_of_1c(shop: Shop, agreed: Invoice) -> None:
    shop.node_id = uuid4()

    stored = shop.receive(shop.order(agreed, ref="stranger"), create_orders_from_1c=True)

    assert Invoice.objects.count() == 1
    assert [problem.name for problem in stored.problems] == ["number_taken"]
