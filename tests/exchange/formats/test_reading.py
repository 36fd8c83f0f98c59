"""Reading CommerceML: every real file, hostile files, files cut anywhere."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from exchange.formats.commerceml import NotWellFormed, RefusedDocument, counts, read, sniff
from exchange.formats.commerceml.sniff import Content
from exchange.rows import (
    CatalogHeader,
    GroupRow,
    OfferRow,
    PriceRow,
    Problem,
    ProblemCode,
    ProductRow,
    StockRow,
)
from tests.conftest import CORPUS

MANIFEST = CORPUS / "commerceml" / "manifest.csv"
EXACT = (
    "groups", "properties", "items", "offers", "prices", "property values", "price types",
    "stock rows", "documents", "lines", "characteristics",
)  # fmt: skip
WITHOUT_REF = {"items": "Товар/Ид", "offers": "Предложение/Ид", "properties": "Свойство/Ид"}


def manifest() -> list[tuple[str, dict[str, int]]]:
    if not MANIFEST.exists():
        return []
    with MANIFEST.open(encoding="utf-8") as file:
        return [(row["file"], _numbers(row["counts"])) for row in csv.DictReader(file)]


def _numbers(text: str) -> dict[str, int]:
    found = {}
    for part in text.split(";"):
        name, _, number = part.strip().rpartition(" ")
        if number.isdigit():
            found[name] = int(number)
    return found


def rows_of(text: str | bytes, *, name: str = "import.xml") -> list[object]:
    content = text.encode() if isinstance(text, str) else text
    return list(read(io.BytesIO(content), name=name))


@pytest.mark.corpus
@pytest.mark.parametrize(("file", "expected"), manifest(), ids=[m[0][-60:] for m in manifest()])
def test_a_real_file_is_read_with_its_counts(
    corpus: Path, file: str, expected: dict[str, int]
) -> None:
    path = corpus / "commerceml" / file

    with path.open("rb") as source:
        rows = list(read(source, name=path.name))

    found = counts(rows)
    problems = [row for row in rows if isinstance(row, Problem)]
    for name in EXACT:
        wanted = expected.get(name, 0)
        if name in WITHOUT_REF:  # an element without its identifier is a problem, not a row
            found[name] += sum(
                p.code == ProblemCode.MISSING_REF and p.element.endswith(WITHOUT_REF[name])
                for p in problems
            )
        if name == "prices":  # an empty amount is no price
            found[name] += _empty_amounts(path)
        assert found[name] == wanted or name not in expected, name
    assert found["counterparties"] >= expected.get("counterparties", 0)
    if "documents" not in expected:  # the places of a document are not the directory of them
        assert found["warehouses"] == expected.get("warehouses", found["warehouses"])


def _empty_amounts(path: Path) -> int:
    tree = etree.parse(str(path))
    return sum(
        not (element.text or "").strip() for element in tree.iterfind(".//{*}Цена/{*}ЦенаЗаЕдиницу")
    )


@pytest.mark.corpus
def test_every_order_of_the_corpus_is_recognised(corpus: Path) -> None:
    for file, expected in manifest():
        if expected.get("documents") and not expected.get("items"):
            with (corpus / "commerceml" / file).open("rb") as source:
                assert sniff(source, name=file) == Content.DOCUMENTS, file


CATALOGUE = """<?xml version="1.0" encoding="UTF-8"?>
<КоммерческаяИнформация xmlns="urn:1C.ru:commerceml_2" ВерсияСхемы="2.07" ДатаФормирования="2026-11-23">
  <Классификатор><Ид>c</Ид><Наименование>Основной</Наименование>
    <Группы><Группа><Ид>g1</Ид><Наименование>Крепёж</Наименование>
      <Группы><Группа><Ид>g2</Ид><Наименование>Гвозди</Наименование></Группа></Группы>
    </Группа></Группы>
  </Классификатор>
  <Каталог СодержитТолькоИзменения="false"><Ид>c</Ид><Наименование>Основной</Наименование>
    <Товары>
      <Товар><Ид>p1</Ид><Артикул>A-1</Артикул><Наименование>Гвоздь 50 мм</Наименование>
        <БазоваяЕдиница Код="796 ">шт</БазоваяЕдиница><Группы><Ид>g2</Ид></Группы>
        <СтавкиНалогов><СтавкаНалога><Наименование>НДС</Наименование><Ставка>20</Ставка></СтавкаНалога></СтавкиНалогов>
      </Товар>
      <Товар Статус="Удален"><Ид>p2</Ид><Наименование>Гвоздь 70 мм</Наименование></Товар>
    </Товары>
  </Каталог>
</КоммерческаяИнформация>"""  # noqa: E501
OFFERS = """<?xml version="1.0" encoding="UTF-8"?>
<КоммерческаяИнформация ВерсияСхемы="2.07">
  <ПакетПредложений СодержитТолькоИзменения="true"><Ид>c#</Ид><ИдКаталога>c</ИдКаталога>
    <Предложения>
      <Предложение><Ид>p1#v1</Ид><Наименование>Гвоздь</Наименование>
        <Цены><Цена><ИдТипаЦены>t</ИдТипаЦены><ЦенаЗаЕдиницу>12.40</ЦенаЗаЕдиницу><Валюта>руб</Валюта></Цена>
              <Цена><ИдТипаЦены>u</ИдТипаЦены><ЦенаЗаЕдиницу>free</ЦенаЗаЕдиницу></Цена></Цены>
        <Количество>7</Количество>
        <Склад ИдСклада="w1" КоличествоНаСкладе="5"/><Склад ИдСклада="w2" КоличествоНаСкладе="2"/>
      </Предложение>
    </Предложения>
  </ПакетПредложений>
</КоммерческаяИнформация>"""


def test_a_catalogue_is_read_in_the_order_of_the_file() -> None:
    rows = rows_of(CATALOGUE)

    groups = [(r.ref, r.parent_ref, r.name) for r in rows if isinstance(r, GroupRow)]
    header = next(r for r in rows if isinstance(r, CatalogHeader))
    nail, gone = (r for r in rows if isinstance(r, ProductRow))
    assert groups == [("g1", "", "Крепёж"), ("g2", "g1", "Гвозди")]
    assert (header.ref, header.changes_only, header.is_offers) == ("c", False, False)
    assert (nail.article, nail.unit_ref, nail.group_refs) == ("A-1", "796", ("g2",))
    assert (nail.is_deleted, gone.is_deleted) == (False, True)


def test_an_offer_gives_its_prices_and_its_stock_and_names_the_bad_value() -> None:
    rows = rows_of(OFFERS, name="offers.xml")

    offer = next(r for r in rows if isinstance(r, OfferRow))
    (price,) = (r for r in rows if isinstance(r, PriceRow))
    stock = {r.warehouse_ref: int(r.quantity) for r in rows if isinstance(r, StockRow)}
    (problem,) = (r for r in rows if isinstance(r, Problem))
    assert (offer.product_ref, offer.characteristic_ref) == ("p1", "v1")
    assert (str(price.amount), price.currency) == ("12.40", "RUB")
    assert stock == {"": 7, "w1": 5, "w2": 2}
    assert (problem.code, problem.line, problem.value) == (ProblemCode.NOT_A_NUMBER, 7, "free")
    assert problem.element.endswith("Цена/ЦенаЗаЕдиницу")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', "doctype"),
        ('<?xml version="1.0"?><!-- c --><!DOCTYPE x><x/>', "doctype"),
        ("<!doctype x><x/>", "doctype"),
        ("<a>" * 400 + "</a>" * 400, "too_deep"),
        ("<Каталог><Ид>" + "x" * 11_000_000 + "</Ид></Каталог>", "too_large"),
        (" " * 100_000, "no_root"),
    ],
    ids=["external entity", "declaration after a comment", "lower case", "depth", "one element",
         "no root"],
)  # fmt: skip
def test_a_hostile_document_is_refused(content: str, reason: str) -> None:
    with pytest.raises(RefusedDocument) as refused:
        rows_of(content)

    assert refused.value.reason == reason


def test_utf_16_does_not_hide_a_declaration() -> None:
    with pytest.raises(RefusedDocument):
        rows_of('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x><x/>'.encode("utf-16"))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "windows-1251", "utf-16"])
def test_encodings_are_read_as_declared(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    content = CATALOGUE.replace('encoding="UTF-8"', f'encoding="{declared}"').encode(encoding)

    assert counts(rows_of(content))["items"] == 2


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(min_value=0, max_value=len(CATALOGUE.encode()) - 1))
def test_a_file_cut_anywhere_says_that_it_is_cut(cut: int) -> None:
    with pytest.raises((NotWellFormed, RefusedDocument)):
        rows_of(CATALOGUE.encode()[:cut])


def test_lines_are_told_beyond_sixty_five_thousand() -> None:
    content = CATALOGUE.replace("<Товары>", "<Товары>" + "\n" * 70_000)

    product = next(r for r in rows_of(content) if isinstance(r, ProductRow))

    assert product.line == 70_010


def test_memory_does_not_grow_with_the_file() -> None:
    import tracemalloc

    class Endless(io.RawIOBase):
        """A catalogue of a hundred megabytes that nobody holds."""

        def __init__(self) -> None:
            self.parts = self._parts()

        def _parts(self) -> Iterator[bytes]:
            head, rest = CATALOGUE.encode().split("<Товары>".encode())
            item = rest.split(b"</" + "Товары".encode())[0]
            yield head + "<Товары>".encode()
            for _ in range(20_000):
                yield item
            yield b"</" + "Товары".encode() + rest.split(b"</" + "Товары".encode())[1]

        def read(self, size: int = -1) -> bytes:
            return next(self.parts, b"")

    tracemalloc.start()
    number = sum(isinstance(r, ProductRow) for r in read(Endless(), name="big.xml"))  # type: ignore[arg-type]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert number == 40_000
    assert peak < 20_000_000
