"""What the accountant and the storekeeper of the simulated 1C do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from onec.base import Base, OneCError
from onec.demo import LANGUAGES, demo_base
from onec.incoming import AnswerRefused, read_orders


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Base]:
    made = Base(tmp_path / "demo.sqlite3")
    made.fill(demo_base(language="ru"))
    yield made
    made.close()


def answer(*documents: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<КоммерческаяИнформация ВерсияСхемы="2.08">{"".join(documents)}</КоммерческаяИнформация>'
    ).encode()


def order(base: Base, *, number: str = "A-1", quantity: int = 2, **changes: str) -> str:
    product = base.product("PO-0001")
    values = {
        "operation": "Заказ товара",
        "currency": "RUB",
        "taxes": "<Налоги><Налог><УчтеноВСумме>true</УчтеноВСумме></Налог></Налоги>",
        **changes,
    }
    total = Decimal("100.00") * quantity
    return (
        f"<Документ><Ид>{number}</Ид><Номер>{number}</Номер><Дата>2026-11-23</Дата>"
        f"<ХозОперация>{values['operation']}</ХозОперация><Роль>Продавец</Роль>"
        f"<Валюта>{values['currency']}</Валюта><Курс>1</Курс><Сумма>{total}</Сумма>"
        "<Контрагенты><Контрагент><Наименование>ООО «Ромашка»</Наименование></Контрагент>"
        f"</Контрагенты>{values['taxes']}"
        f"<Товары><Товар><Ид>{product['ref']}</Ид><Наименование>{product['name']}</Наименование>"
        f"<ЦенаЗаЕдиницу>100.00</ЦенаЗаЕдиницу><Количество>{quantity}</Количество>"
        f"<Сумма>{total}</Сумма><Налоги><Налог><Ставка>20</Ставка></Налог></Налоги>"
        "</Товар></Товары></Документ>"
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_demonstration_is_the_same_every_time(language: str) -> None:
    first, second = demo_base(language=language), demo_base(language=language)

    assert first == second
    assert len(first.items) > 200
    assert len({item.ref for item in first.items}) == len(first.items)


def test_an_order_taken_twice_is_one_order(base: Base) -> None:
    read_orders(answer(order(base)), base, dialect="ut")

    again = read_orders(answer(order(base)), base, dialect="ut")

    assert (again.created, again.changed, again.skipped) == (0, 0, 1)
    assert len(base.rows("SELECT * FROM customer_order")) == 1


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"operation": "Счет на оплату"}, "ХозОперация"),
        ({"currency": ""}, "Валюта"),
    ],
    ids=["another operation", "no currency"],
)
def test_one_wrong_document_rejects_the_whole_answer(
    base: Base, change: dict[str, str], reason: str
) -> None:
    with pytest.raises(AnswerRefused, match=reason):
        read_orders(answer(order(base), order(base, number="A-2", **change)), base, dialect="ut")

    assert base.rows("SELECT * FROM customer_order") == []


def test_tax_that_is_not_marked_as_included_comes_on_top(base: Base) -> None:
    read_orders(answer(order(base, taxes="")), base, dialect="unf")

    assert base.total(base.order("A-1")["ref"]) == Decimal("240.00")


def test_unf_refuses_numbers_with_the_same_digits(base: Base) -> None:
    with pytest.raises(AnswerRefused, match="is taken by another order"):
        read_orders(
            answer(order(base, number="A-1"), order(base, number="B-1")), base, dialect="unf"
        )

    assert base.rows("SELECT * FROM customer_order") == []


def test_ut_knows_orders_by_eleven_characters_of_their_number(base: Base) -> None:
    taken = read_orders(
        answer(order(base, number="ORDER-100001"), order(base, number="ORDER-100002")),
        base,
        dialect="ut",
    )

    assert taken.created == 1


def test_a_payment_is_what_is_unpaid_and_not_more(base: Base) -> None:
    read_orders(answer(order(base)), base, dialect="ut")
    base.pay("A-1", Decimal("50.00"))

    rest = base.pay("A-1")

    assert rest == Decimal("150.00")
    with pytest.raises(OneCError, match="paid in full"):
        base.pay("A-1")


def test_a_shipment_takes_goods_from_stock_and_registers_them(base: Base) -> None:
    read_orders(answer(order(base)), base, dialect="ut")
    base.acknowledge("product", base.registered("product"))
    ref = base.product("PO-0001")["ref"]

    def on_hand() -> Decimal:
        rows = base.rows("SELECT quantity FROM stock WHERE product_ref = ?", ref)
        return sum((Decimal(row["quantity"]) for row in rows), Decimal(0))

    before = on_hand()
    base.ship("A-1")

    assert on_hand() == before - 2
    assert base.registered("product") == [ref]


def test_a_paid_order_is_not_changed_by_the_site(base: Base) -> None:
    read_orders(answer(order(base)), base, dialect="ut")
    base.pay("A-1")

    read_orders(answer(order(base, quantity=5)), base, dialect="ut")

    assert base.lines(base.order("A-1")["ref"])[0].quantity == 2
    assert json.loads(base.order("A-1")["partner"])["Наименование"] == "ООО «Ромашка»"
