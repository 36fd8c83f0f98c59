"""Reading CommerceML: a stream of typed rows in the order of the file, in constant memory.

Versions 1.0 to 3.1 and what calls itself so; dispatched on the elements found, blind to namespaces
and to the version a file claims (``docs/protocol/commerceml.md``). Everything below one captured
element (a product, an offer, a document) is in memory at a time, then forgotten.

The parser is fed block by block and tells only of the elements named here: a Python call for every
element of a file would cost more than parsing it (``./kopru bench commerceml-read``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from lxml import etree

from exchange.formats.commerceml import classifier, documents, goods, values
from exchange.formats.commerceml.elements import (
    NAMES,
    Element,
    Reading,
    child_text,
    line_of,
    local,
)
from exchange.formats.commerceml.guard import (
    Guarded,
    Limits,
    Readable,
    RefusedDocument,
    translate,
)
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
    Row,
    StockRow,
    UnitRow,
    WarehouseRow,
)

BLOCK = 1 << 16
# What stands around rows: its own first children (Ид, Наименование …) make the header.
_CATALOGUES = {"Каталог": False, "ПакетПредложений": True, "ИзмененияПакетаПредложений": True}
# What is read as a whole; the outermost one counts, so a product inside a document is a line.
_CAPTURED = (
    "Группы", "Группа", "Свойство", "СвойствоНоменклатуры", "ЕдиницаИзмерения", "ТипЦены", "Склад",
    "Категория", "Владелец", "Товар", "Предложение", "Документ", "Контрагент", "Справочник",
)  # fmt: skip
USUAL_LIMITS = Limits()
Events = Iterable[tuple[Any, Any]]


def read(source: Readable, *, name: str, limits: Limits = USUAL_LIMITS) -> Iterator[Row | Problem]:
    """Yield the rows of a file and the problems of its values, in file order, in constant memory.

    ``source`` is read once, from where it stands, in blocks; it need not be seekable.

    :raises RefusedDocument: a document type declaration, depth or size beyond reason.
    :raises NotWellFormed: the file is cut short or is not XML; rows before the break were yielded.
    """
    guarded = Guarded(source, name=name)
    parser = etree.XMLPullParser(
        events=("end",),
        tag=[f"{{*}}{tag}" for tag in (*_CAPTURED, *_CATALOGUES)],
        encoding=guarded.encoding,
        load_dtd=False,
        no_network=True,
        resolve_entities=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=False,
    )
    reading = Reading(name)
    walk = _Walk(reading, limits)
    events = parser.read_events()
    try:
        while block := guarded.read(BLOCK):
            parser.feed(block)
            walk.take(events)
            yield from reading.collected()
            walk.release(len(block))
        parser.close()
    except etree.XMLSyntaxError as error:
        walk.take(events)
        yield from reading.collected()
        raise translate(error, name=name) from None
    walk.take(events)
    yield from reading.collected()


class _Walk:
    """The state of one pass over a file.

    Only ends of elements are events. Where a captured element stands is told by its parents, which
    are looked at when they are not those of the element before.
    """

    def __init__(self, reading: Reading, limits: Limits) -> None:
        self.reading = reading
        self.limits = limits
        self.root: Element | None = None
        self.home: Element | None = None  # the parent of the latest captured element
        self.told: Element | None = None  # the catalogue or package whose header has been told
        self.catalog_ref = ""
        self.container_ref = ""
        self.held = 0  # bytes read since something was forgotten
        self.total = 0
        self.handlers: dict[str, Callable[[Element, Reading], None]] = {
            "Товар": self._product,
            "Предложение": goods.read_offer,
            "Группы": classifier.read_groups,
            "Группа": classifier.read_group,
            "Свойство": classifier.read_property,
            "СвойствоНоменклатуры": classifier.read_property,
            "ЕдиницаИзмерения": classifier.read_unit,
            "ТипЦены": classifier.read_price_type,
            "Склад": classifier.read_warehouse,
            "Категория": classifier.read_category,
            "Владелец": classifier.read_owner,
            "Документ": self._document,
            "Контрагент": _counterparty,
            "Справочник": classifier.read_directory,
        }

    def take(self, events: Events) -> None:
        """Read what the events of one block complete."""
        handlers = self.handlers
        for _, element in events:
            name = NAMES[element.tag]
            handler = handlers.get(name)
            if handler is None:
                if name in _CATALOGUES and element is not self.told:
                    self._tell(element)
                continue
            parent = element.getparent()
            if (parent is self.home and parent is not None) or self._is_home(parent):
                handler(element, self.reading)
                self.held = 0

    def _is_home(self, parent: Element | None) -> bool:
        """Tell whether this is no part of another captured element; note where we are."""
        container_ref, root = "", self.root
        node = parent
        while node is not None:
            name = NAMES[node.tag]
            if name in self.handlers:
                return False
            if name == "Контейнер":
                container_ref = node.get("Ид", "") or f"line {line_of(node)}"
            elif name in _CATALOGUES and node is not self.told:
                self._tell(node)
            root, node = node, node.getparent()
        self.home, self.container_ref, self.root = parent, container_ref, root
        return True

    def release(self, size: int) -> None:
        """Forget what has been read, all but the open elements and their latest children.

        :raises RefusedDocument: one element is larger than a row may be, or the file than a file.
        """
        self.total += size
        self.held += size
        if self.held > self.limits.row or self.total > self.limits.total:
            raise RefusedDocument(self.reading.file, "too_large")
        node = self.root
        while node is not None and len(node) and NAMES[node.tag] not in self.handlers:
            if node is self.told or NAMES[node.tag] not in _CATALOGUES:
                del node[:-1]  # not the latest: the parser may still be writing into it
            node = node[-1]

    def _tell(self, context: Element) -> None:
        """Tell the header of a catalogue or package, once."""
        self.told = context
        is_offers = _CATALOGUES[local(context)]
        own = child_text(context, "Ид") or context.get("Идентификатор", "")
        ref = child_text(context, "ИдКаталога") if is_offers else own
        self.catalog_ref = ref or own.rstrip("#")
        changes = values.truth(context.get("СодержитТолькоИзменения"))
        if local(context) == "ИзмененияПакетаПредложений":
            changes = True
        row = CatalogHeader(
            self.catalog_ref,
            child_text(context, "ИдКлассификатора") or context.get("Классификатор", ""),
            child_text(context, "Наименование") or context.get("Наименование", ""),
            changes,
            is_offers,
            line_of(context),
        )
        self.reading.rows.append(row)

    def _product(self, element: Element, reading: Reading) -> None:
        goods.read_product(element, reading, catalog_ref=self.catalog_ref)

    def _document(self, element: Element, reading: Reading) -> None:
        rows = documents.document_rows(element, reading, container_ref=self.container_ref)
        for row in rows:
            reading.rows.append(row)  # not extend: the problems go into the same list


def _counterparty(element: Element, reading: Reading) -> None:
    row = documents.counterparty_row(element, reading)
    if row is not None:
        reading.rows.append(row)


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
