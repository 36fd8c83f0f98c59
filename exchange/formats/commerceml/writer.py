"""Writing CommerceML: orders for ``query``, the catalogue for ``get_catalog`` and for benchmarks.

What 1C demands of an order stands in the CommerceML reference, chapter 9: no namespace, no
byte-order mark, tax on the document and on the lines, forbidden characters stripped. A client that
asked for 3.1 wants every order in a «Контейнер»; one that asked for 2.10 takes subordinate
documents.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from typing import BinaryIO

from lxml import etree

from exchange.rows import (
    CounterpartyRow,
    DiscountRow,
    DocumentLine,
    DocumentRow,
    DocumentTax,
    GroupRow,
    OfferRow,
    PriceRow,
    PriceTypeRow,
    ProductRow,
    Requisite,
    StockRow,
    WarehouseRow,
)

ORDER_NUMBER_LENGTH = 11  # УТ keeps orders by so many characters of their number
COMMENT_LENGTH = 3000
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def order_number_is_safe(number: str) -> bool:
    """Tell whether every client keeps this order number apart from all others.

    УТ cuts it to 11 characters; УНФ makes its own number of the digits alone, so there must be
    some.
    """
    return 0 < len(number) <= ORDER_NUMBER_LENGTH and any(letter.isdigit() for letter in number)


def printable(text: str) -> str:
    """Return the text without the characters that XML forbids (quirk 45)."""
    return _FORBIDDEN.sub("", text)


# Orders ------------------------------------------------------------------------------------------
def write_documents(
    documents: Iterable[DocumentRow], *, now: datetime, version: str = "2.05"
) -> bytes:
    """Return the message with these documents; a valid empty one when there are none.

    ``version`` is the schema the client asked for. Documents with a ``parent_ref`` belong to the
    order of that ``ref``: nested from 2.10 on, beside it in its container in 3.1, left out below
    2.10, where clients refuse a whole answer for one document that is not an order.
    """
    root = etree.Element("КоммерческаяИнформация")
    root.set("ВерсияСхемы", version)
    root.set("ДатаФормирования", now.strftime("%Y-%m-%dT%H:%M:%S"))
    root.set("ФорматДаты", "ДФ=yyyy-MM-dd; ДЛФ=DT")
    root.set("ФорматВремени", "ДФ=ЧЧ:мм:сс; ДЛФ=T")
    root.set("РазделительДатаВремя", "T")
    root.set("ФорматСуммы", "ЧЦ=18; ЧДЦ=2; ЧРД=.")
    root.set("ФорматКоличества", "ЧЦ=18; ЧДЦ=3; ЧРД=.")
    tops: list[DocumentRow] = []
    below: dict[str, list[DocumentRow]] = defaultdict(list)
    for row in documents:
        if row.parent_ref:
            below[row.parent_ref].append(row)
        else:
            tops.append(row)
    number = _version(version)
    for row in tops:
        if number >= (3, 1):
            holder = _add(root, "Контейнер")
            _document(holder, row)
            for part in below[row.ref]:
                _add(_document(holder, part), "Основание", part.parent_ref)
        else:
            element = _document(root, row)
            if below[row.ref] and number >= (2, 10):
                parts = _add(element, "ПодчиненныеДокументы")
                for part in below[row.ref]:
                    _document(parts, part, name="ПодчиненныйДокумент")
    return _bytes(root)


def _version(text: str) -> tuple[int, int]:
    major, _, minor = text.partition(".")
    return (int(major), int(minor)) if major.isdigit() and minor.isdigit() else (2, 5)


def _add(
    parent: etree._Element, name: str, value: object = None, **attributes: str
) -> etree._Element:
    element = etree.SubElement(parent, name)
    if value is not None:
        element.text = printable(_text(value))
    for key, text in attributes.items():
        element.set(key, printable(text))
    return element


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S")
    return str(value)


def _bytes(root: etree._Element) -> bytes:
    body: bytes = etree.tostring(root, encoding="UTF-8", pretty_print=True)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body


def _document(
    parent: etree._Element, row: DocumentRow, *, name: str = "Документ"
) -> etree._Element:
    element = _add(parent, name)
    _add(element, "Ид", row.ref)
    if row.version:
        _add(element, "НомерВерсии", row.version)
    if row.number:
        _add(element, "Номер", row.number)
    if row.issued_on:
        _add(element, "Дата", f"{row.issued_on:%Y-%m-%d}")
    _add(element, "Время", row.issued_time or "00:00:00")
    _add(element, "ХозОперация", row.operation)
    _add(element, "Роль", row.role or "Продавец")
    _add(element, "Валюта", row.currency)
    _add(element, "Курс", row.rate if row.rate is not None else 1)
    if row.total is not None:
        _add(element, "Сумма", row.total)
    if row.counterparties:
        holder = _add(element, "Контрагенты")
        for party in row.counterparties:
            _counterparty(holder, party)
    if row.due_on:
        _add(element, "СрокПлатежа", f"{row.due_on:%Y-%m-%d}")
    if row.comment:
        _add(element, "Комментарий", row.comment[:COMMENT_LENGTH])
    if row.warehouse_ref:
        _add(_add(_add(element, "Склады"), "Склад"), "Ид", row.warehouse_ref)
    if row.base_ref:
        _add(element, "Основание", row.base_ref)
    _taxes(element, row.taxes)
    _discounts(element, row.discounts)
    if row.lines:
        goods = _add(element, "Товары")
        for line in row.lines:
            _line(goods, line)
    if row.is_deleted:
        _add(element, "ПометкаУдаления", value=True)
    if row.number_1c:
        _add(element, "Номер1С", row.number_1c)
    if row.date_1c:
        _add(element, "Дата1С", row.date_1c)
    _requisites(element, row.requisites)
    return element


def _line(goods: etree._Element, line: DocumentLine) -> None:
    item = _add(goods, "Товар")
    ref = line.product_ref
    if line.characteristic_ref:
        ref = f"{ref}#{line.characteristic_ref}"
    _add(item, "Ид", ref)
    if line.article:
        _add(item, "Артикул", line.article)
    _add(item, "Наименование", line.name)
    if line.unit:
        code = {"Код": line.unit_code} if line.unit_code else {}
        _add(item, "БазоваяЕдиница", line.unit, **code)
    for name, value in (
        ("ЦенаЗаЕдиницу", line.price), ("Количество", line.quantity), ("Сумма", line.total),
    ):  # fmt: skip
        if value is not None:
            _add(item, name, value)
    if line.unit:
        _add(item, "Единица", line.unit)
    _add(item, "Коэффициент", line.coefficient)
    if line.taxes:
        rates = _add(item, "СтавкиНалогов")
        for tax in line.taxes:
            rate = _add(rates, "СтавкаНалога")
            _add(rate, "Наименование", tax.name)
            _add(rate, "Ставка", "Без НДС" if tax.rate is None else tax.rate)
    _taxes(item, line.taxes)
    _discounts(item, line.discounts)
    _requisites(item, line.requisites)


def _taxes(parent: etree._Element, taxes: Sequence[DocumentTax]) -> None:
    if not taxes:
        return
    holder = _add(parent, "Налоги")
    for tax in taxes:
        entry = _add(holder, "Налог")
        _add(entry, "Наименование", tax.name)
        if tax.is_included is not None:
            _add(entry, "УчтеноВСумме", tax.is_included)
        if tax.amount is not None:
            _add(entry, "Сумма", tax.amount)
        if tax.rate is not None:
            _add(entry, "Ставка", tax.rate)


def _discounts(parent: etree._Element, discounts: Sequence[DiscountRow]) -> None:
    if not discounts:
        return
    holder = _add(parent, "Скидки")
    for discount in discounts:
        entry = _add(holder, "Скидка")
        _add(entry, "Наименование", discount.name)
        if discount.percent is not None:
            _add(entry, "Процент", discount.percent)
        if discount.amount is not None:
            _add(entry, "Сумма", discount.amount)
        if discount.is_included is not None:
            _add(entry, "УчтеноВСумме", discount.is_included)


def _requisites(parent: etree._Element, requisites: Sequence[Requisite]) -> None:
    if not requisites:
        return
    holder = _add(parent, "ЗначенияРеквизитов")
    for requisite in requisites:
        entry = _add(holder, "ЗначениеРеквизита")
        _add(entry, "Наименование", requisite.name)
        _add(entry, "Значение", requisite.value)


def _counterparty(parent: etree._Element, party: CounterpartyRow) -> None:
    element = _add(parent, "Контрагент")
    _add(element, "Ид", party.ref)
    _add(element, "Наименование", party.name)
    for name, value in (
        ("ПолноеНаименование", party.full_name), ("ОфициальноеНаименование", party.official_name),
        ("ИНН", party.tax_number), ("КПП", party.tax_reason_code), ("ОКПО", party.okpo),
    ):  # fmt: skip
        if value:
            _add(element, name, value)
    _add(element, "Роль", party.role or "Покупатель")
    for name, value in (("Адрес", party.address), ("ЮридическийАдрес", party.legal_address)):
        if value:
            _add(_add(element, name), "Представление", value)
    if party.contacts:
        holder = _add(element, "Контакты")
        for contact in party.contacts:
            entry = _add(holder, "Контакт")
            _add(entry, "Тип", contact.type)
            _add(entry, "Значение", contact.value)
    if party.accounts:
        holder = _add(element, "РасчетныеСчета")
        for account in party.accounts:
            entry = _add(holder, "РасчетныйСчет")
            _add(entry, "НомерСчета", account.number)
            bank = _add(entry, "Банк")
            _add(bank, "Наименование", account.bank_name)
            _add(bank, "СчетКорреспондентский", account.correspondent_account)
            _add(bank, "БИК", account.bic)
    if party.representatives:
        holder = _add(element, "Представители")
        for name in party.representatives:
            _add(_add(holder, "Представитель"), "Наименование", name)


# Directories told to 1C ---------------------------------------------------------------------------
def write_info(
    *, statuses: Sequence[tuple[str, str]], payment_systems: Sequence[tuple[str, str, str]],
    delivery_services: Sequence[tuple[str, str]],
) -> bytes:  # fmt: skip
    """Return the answer to ``info``: (id, name) of each, of payment systems also their kind.

    The first letter of «Cтатусы» is Latin, as 1C-Bitrix writes it and clients expect it (quirk 44).
    """
    root = etree.Element("Справочник")
    for name, entries in (
        ("C\u0442атусы", [(*s, "") for s in statuses]),
        ("ПлатежныеСистемы", list(payment_systems)),
        ("СлужбыДоставки", [(*d, "") for d in delivery_services]),
    ):
        holder = _add(root, name)
        for ref, title, kind in entries:
            entry = _add(holder, "Элемент")
            _add(entry, "Ид", ref)
            _add(entry, "Название", title)
            if kind:
                _add(entry, "ТипОплаты", kind)
    return _bytes(root)


# Catalogue ----------------------------------------------------------------------------------------
def write_catalogue(
    target: BinaryIO, *, catalog_ref: str, name: str, groups: Sequence[GroupRow],
    products: Iterable[ProductRow], now: datetime, changes_only: bool = False,
    with_classifier: bool = True, version: str = "2.07", namespace: str = "urn:1C.ru:commerceml_2",
) -> None:  # fmt: skip
    """Write a catalogue into ``target``, product by product, in constant memory."""
    with _message(target, version, namespace, now) as file:
        if with_classifier:
            classifier = etree.Element("Классификатор")
            _add(classifier, "Ид", catalog_ref)
            _add(classifier, "Наименование", name)
            _group_tree(classifier, groups, "")
            file.write(classifier, pretty_print=True)
        with file.element("Каталог", {"СодержитТолькоИзменения": _text(changes_only)}):
            for label, value in (
                ("Ид", catalog_ref), ("ИдКлассификатора", catalog_ref), ("Наименование", name),
            ):  # fmt: skip
                file.write(_single(label, value))
            with file.element("Товары"):
                for product in products:
                    file.write(_product(product), pretty_print=True)


def write_offers(
    target: BinaryIO, *, catalog_ref: str, name: str, price_types: Sequence[PriceTypeRow],
    warehouses: Sequence[WarehouseRow],
    offers: Iterable[tuple[OfferRow, Sequence[PriceRow], Sequence[StockRow]]], now: datetime,
    changes_only: bool = False, version: str = "2.07", namespace: str = "urn:1C.ru:commerceml_2",
) -> None:  # fmt: skip
    """Write an offers package into ``target``, offer by offer, in constant memory."""
    with (
        _message(target, version, namespace, now) as file,
        file.element("ПакетПредложений", {"СодержитТолькоИзменения": _text(changes_only)}),
    ):
        for label, value in (
            ("Ид", f"{catalog_ref}#"), ("Наименование", name), ("ИдКаталога", catalog_ref),
            ("ИдКлассификатора", catalog_ref),
        ):  # fmt: skip
            file.write(_single(label, value))
        if price_types:
            file.write(_price_types(price_types), pretty_print=True)
        if warehouses:
            holder = etree.Element("Склады")
            for place in warehouses:
                entry = _add(holder, "Склад")
                _add(entry, "Ид", place.ref)
                _add(entry, "Наименование", place.name)
            file.write(holder, pretty_print=True)
        with file.element("Предложения"):
            for offer, prices, stock in offers:
                file.write(_offer(offer, prices, stock), pretty_print=True)


class _message:  # noqa: N801  (used as a context manager, reads as a word)
    """The root of a streamed message."""

    def __init__(self, target: BinaryIO, version: str, namespace: str, now: datetime) -> None:
        self._file = etree.xmlfile(target, encoding="UTF-8")
        self._attributes = {
            "ВерсияСхемы": version, "ДатаФормирования": now.strftime("%Y-%m-%dT%H:%M:%S"),
        }  # fmt: skip
        if namespace:
            # Children are written without a prefix: they are in the default namespace of the root.
            self._attributes["xmlns"] = namespace

    def __enter__(self) -> etree._IncrementalFileWriter:
        file = self._file.__enter__()
        file.write_declaration()
        plain = {k: v for k, v in self._attributes.items() if k != "xmlns"}
        namespace = self._attributes.get("xmlns")
        self._root = file.element(
            "КоммерческаяИнформация", plain, nsmap={None: namespace} if namespace else None
        )
        self._root.__enter__()
        return file

    def __exit__(self, *error: object) -> None:
        self._root.__exit__(*error)
        self._file.__exit__(*error)


def _single(name: str, value: str) -> etree._Element:
    element = etree.Element(name)
    element.text = printable(value)
    return element


def _group_tree(parent: etree._Element, groups: Sequence[GroupRow], parent_ref: str) -> None:
    mine = [group for group in groups if group.parent_ref == parent_ref]
    if not mine:
        return
    holder = _add(parent, "Группы")
    for group in mine:
        entry = _add(holder, "Группа")
        _add(entry, "Ид", group.ref)
        if group.is_deleted:
            _add(entry, "ПометкаУдаления", value=True)
        _add(entry, "Наименование", group.name)
        _group_tree(entry, groups, group.ref)


def _product(row: ProductRow) -> etree._Element:
    item = etree.Element("Товар")
    if row.is_deleted:
        item.set("Статус", "Удален")
    _add(item, "Ид", row.ref)
    for name, value in (
        ("Штрихкод", row.barcode), ("Код", row.code), ("Артикул", row.article),
        ("Наименование", row.name),
    ):  # fmt: skip
        if value:
            _add(item, name, value)
    if row.unit_name:
        _add(item, "БазоваяЕдиница", row.unit_name, Код=row.unit_ref)
    if row.group_refs:
        holder = _add(item, "Группы")
        for ref in row.group_refs:
            _add(holder, "Ид", ref)
    if row.description:
        _add(item, "Описание", row.description)
    for file in row.files or ():
        _add(item, "Картинка", file.path)
    if row.manufacturer_name:
        maker = _add(item, "Изготовитель")
        _add(maker, "Ид", row.manufacturer_ref)
        _add(maker, "Наименование", row.manufacturer_name)
    if row.property_values:
        holder = _add(item, "ЗначенияСвойств")
        for each in row.property_values:
            entry = _add(holder, "ЗначенияСвойства")
            _add(entry, "Ид", each.property_ref)
            _add(entry, "Значение", each.value)
    if row.taxes:
        holder = _add(item, "СтавкиНалогов")
        for tax in row.taxes:
            entry = _add(holder, "СтавкаНалога")
            _add(entry, "Наименование", tax.name)
            _add(entry, "Ставка", tax.text or tax.rate)
    _requisites(item, row.requisites)
    return item


def _price_types(rows: Sequence[PriceTypeRow]) -> etree._Element:
    holder = etree.Element("ТипыЦен")
    for row in rows:
        entry = _add(holder, "ТипЦены")
        _add(entry, "Ид", row.ref)
        _add(entry, "Наименование", row.name)
        _add(entry, "Валюта", row.currency)
        if row.tax_included is not None:
            tax = _add(entry, "Налог")
            _add(tax, "Наименование", row.tax_name)
            _add(tax, "УчтеноВСумме", row.tax_included)
    return holder


def _offer(row: OfferRow, prices: Sequence[PriceRow], stock: Sequence[StockRow]) -> etree._Element:
    offer = etree.Element("Предложение")
    if row.is_deleted:
        offer.set("Статус", "Удален")
    ref = row.product_ref
    _add(offer, "Ид", f"{ref}#{row.characteristic_ref}" if row.characteristic_ref else ref)
    for name, value in (
        ("Штрихкод", row.barcode), ("Артикул", row.article), ("Наименование", row.name),
    ):  # fmt: skip
        if value:
            _add(offer, name, value)
    if row.characteristics:
        holder = _add(offer, "ХарактеристикиТовара")
        for each in row.characteristics:
            entry = _add(holder, "ХарактеристикаТовара")
            if each.ref:
                _add(entry, "Ид", each.ref)
            _add(entry, "Наименование", each.name)
            _add(entry, "Значение", each.value)
    if prices:
        holder = _add(offer, "Цены")
        for price in prices:
            entry = _add(holder, "Цена")
            _add(entry, "ИдТипаЦены", price.price_type_ref)
            _add(entry, "ЦенаЗаЕдиницу", price.amount)
            _add(entry, "Валюта", price.currency)
            if price.unit:
                _add(entry, "Единица", price.unit)
            _add(entry, "Коэффициент", price.coefficient)
    for rest in stock:
        if rest.warehouse_ref:
            _add(offer, "Склад", ИдСклада=rest.warehouse_ref,
                 КоличествоНаСкладе=_text(rest.quantity))  # fmt: skip
        else:
            _add(offer, "Количество", rest.quantity)
    return offer


def catalogue_bytes(**values: object) -> bytes:
    """Return what ``write_catalogue`` writes."""
    target = BytesIO()
    write_catalogue(target, **values)  # type: ignore[arg-type]
    return target.getvalue()


def offers_bytes(**values: object) -> bytes:
    """Return what ``write_offers`` writes."""
    target = BytesIO()
    write_offers(target, **values)  # type: ignore[arg-type]
    return target.getvalue()


def chunks(rows: Iterable[ProductRow], size: int) -> Iterator[list[ProductRow]]:
    """Cut products into portions of at most ``size``."""
    portion: list[ProductRow] = []
    for row in rows:
        portion.append(row)
        if len(portion) == size:
            yield portion
            portion = []
    if portion:
        yield portion
