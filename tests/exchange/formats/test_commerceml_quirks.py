"""Quirks of documents and values, each named after what happens (CommerceML reference, chapter 12).

Those of the transport stand in ``tests/exchange/test_transport_quirks.py``, those of goods, prices
and stock in ``tests/apps/catalog/test_exchange_quirks.py``.
"""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from exchange.formats.commerceml import canonical_requisite, normalise_path, read, values
from exchange.formats.commerceml.writer import order_number_is_safe, write_documents
from exchange.rows import (
    CounterpartyRow,
    DocumentLine,
    DocumentRow,
    DocumentTax,
    Problem,
    Requisite,
)

NOW = datetime(2026, 11, 23, 12)  # noqa: DTZ001


def order(**changes: object) -> DocumentRow:
    fields: dict[str, object] = {
        "ref": "o-1", "number": "26-00001", "issued_on": date(2026, 11, 23),
        "issued_time": "09:05:00",
        "operation": "Заказ товара", "role": "Продавец", "currency": "RUB", "rate": Decimal(1),
        "total": Decimal("120.00"), "counterparties": (party(),), "lines": (line(),),
        "taxes": (DocumentTax("НДС", None, True, Decimal("20.00")),), "discounts": (),
        "requisites": (Requisite("Статус заказа", "Выставлен"),), "number_1c": "", "date_1c": None,
        "base_ref": "", "parent_ref": "", "parent_number": "", "container_ref": "", "version": "3",
        "is_deleted": False, "comment": "", "due_on": None, "warehouse_ref": "",
    }  # fmt: skip
    return DocumentRow(**{**fields, **changes})  # type: ignore[arg-type]


def party(**changes: object) -> CounterpartyRow:
    fields: dict[str, object] = {
        "ref": "c-1", "name": "ООО «Ромашка»", "full_name": "ООО «Ромашка»",
        "official_name": "ООО «Ромашка»", "is_person": False, "tax_number": "7707083893",
        "tax_reason_code": "770701001", "okpo": "", "role": "Покупатель", "address": "",
        "legal_address": "", "contacts": (), "accounts": (), "representatives": (),
        "is_deleted": False,
    }  # fmt: skip
    return CounterpartyRow(**{**fields, **changes})  # type: ignore[arg-type]


def line(**changes: object) -> DocumentLine:
    fields: dict[str, object] = {
        "product_ref": "p-1", "characteristic_ref": "v-1", "article": "A-1", "name": "Гвоздь",
        "unit": "шт", "price": Decimal("12.00"), "quantity": Decimal(10),
        "total": Decimal("120.00"),
        "coefficient": Decimal(1),
        "taxes": (DocumentTax("НДС", Decimal(20), True, Decimal("20.00")),),
        "discounts": (), "requisites": (),
    }  # fmt: skip
    return DocumentLine(**{**fields, **changes})  # type: ignore[arg-type]


def written(*rows: DocumentRow, version: str = "2.05") -> bytes:
    return write_documents(rows, now=NOW, version=version)


def read_back(content: bytes) -> list[DocumentRow]:
    return [r for r in read(io.BytesIO(content), name="orders.xml") if isinstance(r, DocumentRow)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("23 000", "23000"), ("23\u00a0000,50", "23000.50"), ("1\u202f234.5", "1234.5"),
        ("1,234.50", "1234.50"), ("-7,25", "-7.25"), ("231.7400", "231.7400"), (".5", ".5"),
    ],
)  # fmt: skip
def test_quirk_22_numbers_are_read_with_blanks_and_commas(text: str, number: str) -> None:
    assert values.number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["free", "1e99", "NaN", "Infinity", "1_000", "1.2.3", "--1"])
def test_quirk_22_what_is_no_number_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        values.number(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("руб.", "RUB"), ("RUR", "RUB"), ("643", "RUB"), ("грн", "UAH"), ("usd", "USD"),
        ("BYR", "BYR"), ("TL", "TRY"), ("", ""),
    ],
)  # fmt: skip
def test_quirk_23_currencies_are_known_by_word_number_and_code(text: str, code: str) -> None:
    assert values.currency(text) == code


@pytest.mark.parametrize(
    ("path", "clean"),
    [
        ("import_files\\ab\\x y.jpg", "import_files/ab/x y.jpg"),
        ("C:\\v8_1.xml", "v8_1.xml"),
        ("/import_files/отчёт.pdf", "import_files/отчёт.pdf"),
        ("https://example.com/a.jpg", "https://example.com/a.jpg"),
    ],
)
def test_quirk_26_paths_of_pictures_are_made_safe(path: str, clean: str) -> None:
    assert normalise_path(path) == clean


def test_quirk_26_a_path_that_climbs_out_is_refused() -> None:
    with pytest.raises(ValueError, match="etc"):
        normalise_path("../../etc/passwd")


@pytest.mark.parametrize(
    ("number", "safe"),
    [("26-00001", True), ("СУБЗАКАЗ-100001", False), ("", False), ("ABC", False)],
)
def test_quirk_28_a_number_that_1c_would_cut_or_empty_is_not_safe(number: str, safe: bool) -> None:
    assert order_number_is_safe(number) is safe


def test_quirk_30_the_answer_begins_with_the_declaration_and_has_no_namespace() -> None:
    content = written()

    assert content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    root = etree.fromstring(content)
    assert (root.tag, len(root)) == ("КоммерческаяИнформация", 0)


def test_quirk_32_a_client_of_3_1_gets_every_order_in_a_container() -> None:
    root = etree.fromstring(written(order(), order(ref="o-2", number="26-00002"), version="3.1"))

    assert [child.tag for child in root] == ["Контейнер", "Контейнер"]


def test_quirk_33_tax_stands_on_the_document_and_on_the_lines() -> None:
    root = etree.fromstring(written(order()))

    assert root.findtext("Документ/Налоги/Налог/УчтеноВСумме") == "true"
    assert root.findtext("Документ/Товары/Товар/Налоги/Налог/Ставка") == "20"


def test_quirk_34_every_line_names_its_product_and_characteristic() -> None:
    root = etree.fromstring(written(order()))

    assert root.findtext("Документ/Товары/Товар/Ид") == "p-1#v-1"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2014-12-12T9:51:39", datetime(2014, 12, 12, 9, 51, 39)),  # noqa: DTZ001
        ("2022-10-31UTC02:25:50", datetime(2022, 10, 31, 2, 25, 50)),  # noqa: DTZ001
        ("23.11.2026 10:00:00", datetime(2026, 11, 23, 10)),  # noqa: DTZ001
        ("0001-01-01T00:00:00", None),
        ("", None),
    ],
)
def test_quirk_37_moments_have_one_digit_hours_and_an_empty_year(
    text: str, moment: datetime | None
) -> None:
    assert values.moment(text) == moment


def test_quirk_38_an_order_without_identifier_is_known_by_its_number() -> None:
    content = written(order()).replace("<Ид>o-1</Ид>".encode(), b"")

    (row,) = read_back(content)

    assert (row.ref, row.number) == ("26-00001", "26-00001")
    assert canonical_requisite("СтатусЗаказа") == "Статус заказа"


@pytest.mark.parametrize(
    ("english", "russian"),
    [
        ("Number by 1C", "Номер по 1С"), ("Payments date by 1C", "Дата оплаты по 1С"),
        ("Shipment number by 1C", "Номер отгрузки по 1С"), ("Name", "Полное наименование"),
    ],
)  # fmt: skip
def test_quirk_39_requisites_of_an_english_session_are_the_same(english: str, russian: str) -> None:
    assert canonical_requisite(english) == russian


def test_quirk_45_forbidden_characters_are_stripped_from_what_1c_reads() -> None:
    (row,) = read_back(written(order(comment="Срочно\x0b\x00!\ufffe")))

    assert row.comment == "Срочно!"


def test_payments_nest_from_2_10_and_are_left_out_below() -> None:
    payment = order(
        ref="pay-1", number="", operation="Выплата безналичных денег", parent_ref="o-1", lines=(),
        counterparties=(), taxes=(), requisites=(),
    )  # fmt: skip

    nested = read_back(written(order(), payment, version="2.10"))
    plain = read_back(written(order(), payment, version="2.05"))

    assert [(r.operation, r.parent_ref) for r in nested] == [
        ("Заказ товара", ""), ("Выплата безналичных денег", "o-1"),
    ]  # fmt: skip
    assert len(plain) == 1


text_of = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zs", "Zl", "Zp", "Co")),
    min_size=1, max_size=20,
)  # fmt: skip
amounts = st.decimals(min_value=0, max_value=10**9, places=2)


@settings(max_examples=80, deadline=None)
@given(
    name=text_of,
    comment=text_of,
    price=amounts,
    quantity=amounts,
    refs=st.lists(text_of, max_size=4),
)
def test_what_is_written_is_read_back_the_same(
    name: str, comment: str, price: Decimal, quantity: Decimal, refs: list[str]
) -> None:
    lines = tuple(
        line(product_ref=ref.replace("#", "-"), name=name, price=price, quantity=quantity)
        for ref in refs
    )
    sent = order(lines=lines, comment=comment, counterparties=(party(name=name),))

    (got,) = read_back(written(sent))

    assert got._replace(line=0, lines=(), counterparties=()) == sent._replace(
        lines=(), counterparties=()
    )
    assert tuple(one._replace(line=0) for one in got.lines) == lines
    assert got.counterparties[0].name == name


def test_a_wrong_tax_number_is_named_and_not_taken() -> None:
    rows = list(
        read(io.BytesIO(written(order(counterparties=(party(tax_number="12"),)))), name="o")
    )

    (problem,) = (r for r in rows if isinstance(r, Problem))
    assert (problem.code, problem.value) == ("bad_tax_number", "12")
