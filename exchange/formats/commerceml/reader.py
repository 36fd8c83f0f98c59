"""Reading CommerceML: a stream of typed rows in the order of the file, in constant memory.

Versions 1.0 to 3.1 and what calls itself so; dispatched on the elements found, blind to namespaces and
to the version a file claims (``docs/protocol/commerceml.md``). Everything below one captured element
(a product, an offer, a document) is in memory at a time, then forgotten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

from lxml import etree

from exchange.formats.commerceml import documents, goods, values
from exchange.formats.commerceml.elements import (
    Element,
    Reading,
    child_text,
    children,
    local,
    text_of,
)
from exchange.formats.commerceml.guard import Guarded, translate
from exchange.rows import (
    CatalogHeader,
    CounterpartyRow,
    DocumentRow,
    GroupRow,
    OfferRow,
    PriceRow,
    PriceTypeRow,
    Problem,
    ProductRow,
    PropertyOptionRow,
    PropertyRow,
    ReferenceRow,
    Row,
    StockRow,
    UnitRow,
    WarehouseRow,
)

# What stands around rows: its own first children (Ид, Наименование …) make the header.
_CATALOGUES = {"Каталог": False, "ПакетПредложений": True, "ИзмененияПакетаПредложений": True}
# What is read as a whole; the outermost one counts, so a product inside a document is a line.
_CAPTURED = (
    "Группы", "Группа", "Свойство", "СвойствоНоменклатуры", "ЕдиницаИзмерения", "ТипЦены", "Склад",
    "Категория", "Владелец", "Товар", "Предложение", "Документ", "Контрагент", "Справочник",
)  # fmt: skip
_WATCHED = (*_CAPTURED, *_CATALOGUES, "Контейнер")


def read(source: BinaryIO, *, name: str) -> Iterator[Row | Problem]:
    """Yield the rows of a file and the problems of its values, in file order, in constant memory.

    ``source`` is read once, from where it stands, in blocks; it need not be seekable.

    :raises RefusedDocument: a document type declaration, depth or size beyond reason.
    :raises NotWellFormed: the file is cut short or is not XML; rows before the break were yielded.
    """
    reading = Reading(name)
    guarded = Guarded(source, name=name)
    events = etree.iterparse(
        guarded,
        events=("start", "end"),
        tag=[f"{{*}}{tag}" for tag in _WATCHED],
        load_dtd=False,
        no_network=True,
        resolve_entities=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    try:
        yield from _Walk(reading).rows(events)
    except etree.XMLSyntaxError as error:
        raise translate(error, name=name) from None


class _Walk:
    """The state of one pass over a file."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.context: Element | None = None  # the catalogue or package we are in
        self.is_told = False  # its header has been yielded
        self.catalog_ref = ""
        self.container_ref = ""
        self.units: set[UnitRow] = set()
        self.owners: set[Any] = set()
        self.handlers: dict[str, Callable[[Element], Iterable[Any]]] = {
            "Товар": self._product,
            "Предложение": lambda e: self._new_units(goods.offer_rows(e, reading)),
            "Группы": lambda e: goods.groups(e, reading),
            "Группа": lambda e: goods.group_and_below(e, reading),
            "Свойство": lambda e: goods.property_rows(e, reading),
            "СвойствоНоменклатуры": lambda e: goods.property_rows(e, reading),
            "ЕдиницаИзмерения": lambda e: _one(goods.unit_row(e, reading)),
            "ТипЦены": lambda e: _one(goods.price_type_row(e, reading)),
            "Склад": lambda e: _one(goods.warehouse_row(e, reading)),
            "Категория": lambda e: _one(goods.category_row(e, reading)),
            "Владелец": self._owner,
            "Документ": lambda e: documents.document_rows(
                e, reading, container_ref=self.container_ref
            ),
            "Контрагент": lambda e: _one(documents.counterparty_row(e, reading)),
            "Справочник": lambda e: _reference_rows(e),
        }

    def rows(self, events: Iterable[tuple[str, Element]]) -> Iterator[Row | Problem]:
        inside: Element | None = None
        problems = self.reading.problems
        for event, element in events:
            if inside is not None:
                if event == "start" or element is not inside:
                    continue
                for row in self.handlers[local(element)](element):
                    if problems:
                        yield from problems
                        problems.clear()
                    yield row
                if problems:
                    yield from problems
                    problems.clear()
                inside = None
                _forget(element)
            elif event == "start":
                name = local(element)
                if name in _CATALOGUES:
                    self.context, self.is_told = element, False
                elif name == "Контейнер":
                    self.container_ref = element.get("Ид", "") or f"line {element.sourceline}"
                else:
                    inside = element
                    if self.context is not None and not self.is_told:
                        yield self._header()
            elif element is self.context:
                if not self.is_told:
                    yield self._header()
                self.context = None
            elif local(element) == "Контейнер":
                self.container_ref = ""

    def _header(self) -> CatalogHeader:
        context = self.context
        assert context is not None  # noqa: S101  (callers have looked)
        self.is_told = True
        is_offers = _CATALOGUES[local(context)]
        own = child_text(context, "Ид") or context.get("Идентификатор", "")
        ref = child_text(context, "ИдКаталога") if is_offers else own
        self.catalog_ref = ref or own.rstrip("#")
        changes = values.truth(context.get("СодержитТолькоИзменения"))
        if local(context) == "ИзмененияПакетаПредложений":
            changes = True
        return CatalogHeader(
            self.catalog_ref,
            child_text(context, "ИдКлассификатора") or context.get("Классификатор", ""),
            child_text(context, "Наименование") or context.get("Наименование", ""),
            changes, is_offers, int(context.sourceline or 0),
        )  # fmt: skip

    def _product(self, element: Element) -> Iterator[Any]:
        return self._new_units(
            goods.product_rows(element, self.reading, catalog_ref=self.catalog_ref)
        )

    def _new_units(self, rows: Iterable[Any]) -> Iterator[Any]:
        for row in rows:
            if type(row) is UnitRow:
                same = row._replace(line=0)
                if same in self.units:
                    continue
                self.units.add(same)
            yield row

    def _owner(self, element: Element) -> Iterator[Any]:
        row = goods.owner_row(element, self.reading)
        if row is not None and row._replace(line=0) not in self.owners:
            self.owners.add(row._replace(line=0))
            yield row


def _one(row: Any) -> Iterable[Any]:
    return () if row is None else (row,)


def _forget(element: Element) -> None:
    """Free the element and what was read before it."""
    element.clear()
    parent = element.getparent()
    if parent is not None and local(parent) not in _CATALOGUES:
        while element.getprevious() is not None:
            del parent[0]


def _reference_rows(element: Element) -> Iterator[ReferenceRow]:
    """Yield the rows of a free directory («Справочники/Справочник» of 1C-Bitrix)."""
    ref, name = child_text(element, "Ид"), child_text(element, "Наименование")
    for block in (*children(element, "Элементы"), *children(element, "ЭлементыСправочника")):
        for entry in block:
            found = tuple(
                (local(part), text_of(part)) for part in entry if not len(part)
            ) + tuple(
                (child_text(value, "Ид") or child_text(value, "Наименование"),
                 child_text(value, "Значение"))
                for holder in entry if len(holder) for value in holder
            )  # fmt: skip
            marks = dict(found)
            yield ReferenceRow(
                ref, name, marks.get("Ид", ""), found,
                bool(values.truth(marks.get("ПометкаУдаления"))), int(entry.sourceline or 0),
            )  # fmt: skip


def counts(rows: Iterable[Row | Problem]) -> Counter[str]:
    """Count rows by what people call them: items, offers, prices, stock rows …"""
    found: Counter[str] = Counter()
    for row in rows:
        label = _LABELS.get(type(row))
        if label:
            found[label] += 1
        if isinstance(row, ProductRow | OfferRow):
            found["characteristics"] += len(row.characteristics)
            found["deleted"] += row.is_deleted
        if isinstance(row, ProductRow):
            found["images"] += len(row.files or ())
        elif isinstance(row, StockRow):
            found["stock rows"] += bool(row.warehouse_ref)
        elif isinstance(row, CounterpartyRow):
            found["counterparties"] += len(row.representatives)
        elif isinstance(row, DocumentRow):
            found["lines"] += len(row.lines)
            for party in row.counterparties:
                found["counterparties"] += 1 + len(party.representatives)
    return found


_LABELS: dict[type, str] = {
    GroupRow: "groups",
    PropertyRow: "properties",
    PropertyOptionRow: "property values",
    UnitRow: "units",
    PriceTypeRow: "price types",
    WarehouseRow: "warehouses",
    ProductRow: "items",
    OfferRow: "offers",
    PriceRow: "prices",
    CounterpartyRow: "counterparties",
    DocumentRow: "documents",
    Problem: "problems",
}
