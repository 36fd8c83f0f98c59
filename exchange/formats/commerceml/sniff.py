"""What a file is about, told from its first elements: the engine orders an upload by it."""

from __future__ import annotations

from enum import StrEnum

from lxml import etree

from exchange.formats.commerceml.elements import local
from exchange.formats.commerceml.guard import Guarded, Readable

LOOK_AT = 256 * 1024


class Content(StrEnum):
    """What stands in a file, in the order in which contents are taken."""

    CLASSIFIER = "classifier"
    CATALOGUE = "catalogue"
    OFFERS = "offers"
    PRICES = "prices"
    STOCK = "stock"
    COUNTERPARTIES = "counterparties"
    DOCUMENTS = "documents"
    REFERENCES = "references"
    UNKNOWN = "unknown"


_TELLING = {
    "Товары": Content.CATALOGUE,
    "Товар": Content.CATALOGUE,
    "Документ": Content.DOCUMENTS,
    "Контейнер": Content.DOCUMENTS,
    "Контрагент": Content.COUNTERPARTIES,
    "Справочники": Content.REFERENCES,
}


def sniff(source: Readable, *, name: str) -> Content:
    """Tell what a file holds from its beginning; ``UNKNOWN`` when that does not say.

    Prices-only and stock-only packages are recognised by their first offer, as 1C-Bitrix does it
    (CommerceML reference, chapter 7).

    :raises RefusedDocument: a document type declaration.
    """
    parser = etree.XMLPullParser(
        events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False
    )
    found = Content.UNKNOWN
    guarded = Guarded(source, name=name)
    left = LOOK_AT
    try:
        while left > 0 and (block := guarded.read(16384)):
            left -= len(block)
            parser.feed(block)
            for event, element in parser.read_events():
                if not isinstance(element, etree._Element):
                    continue  # never: elements alone were asked for
                label = local(element)
                if event == "start":
                    if label in _TELLING:
                        return _TELLING[label]
                    if label == "Классификатор":
                        found = Content.CLASSIFIER
                    elif label in {"ПакетПредложений", "ИзмененияПакетаПредложений"}:
                        found = Content.OFFERS
                elif label == "Предложение":
                    return _kind_of_offer({local(child) for child in element})
    except etree.XMLSyntaxError:
        return found  # reading it will say what is wrong and where
    return found


def _kind_of_offer(parts: set[str]) -> Content:
    rest = parts - {"Ид", "ИдХарактеристики", "НомерВерсии", "ПометкаУдаления"}
    if rest == {"Цены"}:
        return Content.PRICES
    if rest and rest <= {"Остатки", "Количество", "Склад", "КоличествоНаСкладах"}:
        return Content.STOCK
    return Content.OFFERS
