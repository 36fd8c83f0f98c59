"""The catalogue and the offers as УТ and УНФ write them (CommerceML reference, 4 and 7)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from decimal import Decimal
from uuid import uuid4

from lxml import etree

from onec.base import Base
from onec.demo import guid
from onec.xml import add, root, to_bytes, truth

CATALOG_REF = guid("catalog")
CLASSIFIER_REF = guid("classifier")


def products_to_send(base: Base, *, is_full: bool) -> list[sqlite3.Row]:
    """Return the products of the next message: all, or those registered as changed."""
    if is_full:
        return base.rows("SELECT * FROM product ORDER BY code")
    return base.rows(
        "SELECT p.* FROM product p JOIN registered r ON r.kind = 'product' AND r.ref = p.ref"
        " ORDER BY code"
    )


def portions(products: Sequence[sqlite3.Row], size: int) -> Iterator[list[sqlite3.Row]]:
    """Cut the products into portions; an empty list is one empty portion."""
    for start in range(0, max(len(products), 1), size):
        yield list(products[start : start + size])


def import_file(
    base: Base,
    products: Sequence[sqlite3.Row],
    *,
    version: str,
    namespace: str,
    changes_only: bool,
    with_classifier: bool,
    unit_names: bool = False,
) -> bytes:
    """Write a portion of the catalogue; only the first one carries the classifier."""
    message = root(version, namespace)
    if with_classifier:
        classifier = add(message, "Классификатор")
        add(classifier, "Ид", CLASSIFIER_REF)
        add(classifier, "Наименование", "Классификатор (Основной каталог товаров)")
        _groups(base, classifier)
    catalog = add(message, "Каталог", СодержитТолькоИзменения=truth(changes_only))
    add(catalog, "Ид", CATALOG_REF)
    add(catalog, "ИдКлассификатора", CLASSIFIER_REF)
    add(catalog, "Наименование", "Основной каталог товаров")
    goods = add(catalog, "Товары")
    for product in products:
        _product(goods, product, unit_names=unit_names)
    return to_bytes(message)


def _groups(base: Base, parent: etree._Element, parent_ref: str = "") -> None:
    rows = base.rows("SELECT * FROM product_group WHERE parent_ref = ?", parent_ref)
    if not rows:
        return
    groups = add(parent, "Группы")
    for row in rows:
        group = add(groups, "Группа")
        add(group, "Ид", row["ref"])
        add(group, "Наименование", row["name"])
        _groups(base, group, row["ref"])


def _product(goods: etree._Element, row: sqlite3.Row, *, unit_names: bool) -> None:
    item = add(goods, "Товар")
    if row["is_deleted"]:
        item.set("Статус", "Удален")
    add(item, "Ид", row["ref"])
    add(item, "Штрихкод", row["barcode"])
    add(item, "Артикул", row["article"])
    add(item, "Наименование", row["name"])
    unit = add(item, "БазоваяЕдиница", row["unit_name"])
    unit.set("Код", f"{row['unit_code']} ")  # padded to four, as УТ does
    unit.set("НаименованиеПолное", row["unit_full"])
    add(add(item, "Группы"), "Ид", row["group_ref"])
    if row["description"]:
        add(item, "Описание", row["description"])
    if row["manufacturer"]:
        maker = add(item, "Изготовитель")
        add(maker, "Ид", uuid4())  # a new one at each export, as УТ does
        add(maker, "Наименование", row["manufacturer"])
    tax = add(add(item, "СтавкиНалогов"), "СтавкаНалога")
    add(tax, "Наименование", "НДС")
    add(tax, "Ставка", row["tax"])
    requisites = add(item, "ЗначенияРеквизитов")
    kind = "Услуга" if row["is_service"] else "Товар"
    for name, value in (
        ("ВидНоменклатуры", kind),
        ("ТипНоменклатуры", kind),
        ("Полное наименование", row["full_name"]),
        ("Вес", row["weight"]),
        ("Код", row["code"]),
    ):
        requisite = add(requisites, "ЗначениеРеквизита")
        add(requisite, "Наименование", name)
        add(requisite, "Значение", value)


def offers_file(
    base: Base,
    products: Sequence[sqlite3.Row],
    *,
    version: str,
    namespace: str,
    changes_only: bool,
    with_directories: bool,
) -> bytes:
    """Write a portion of offers: prices by type and stock by warehouse for each characteristic."""
    message = root(version, namespace)
    package = add(message, "ПакетПредложений", СодержитТолькоИзменения=truth(changes_only))
    add(package, "Ид", f"{CATALOG_REF}#")
    add(package, "Наименование", "Пакет предложений (Основной каталог товаров)")
    add(package, "ИдКаталога", CATALOG_REF)
    add(package, "ИдКлассификатора", CLASSIFIER_REF)
    if with_directories:
        _price_types(base, package)
        _warehouses(base, package)
    offers = add(package, "Предложения")
    names = {r["ref"]: (r["name"], r["currency"]) for r in base.rows("SELECT * FROM price_type")}
    for product in products:
        for variant in _variants(base, product["ref"]):
            _offer(base, offers, product, variant, names)
    return to_bytes(message)


def _variants(base: Base, product_ref: str) -> list[sqlite3.Row | None]:
    rows = base.rows("SELECT * FROM variant WHERE product_ref = ? ORDER BY rowid", product_ref)
    return [*rows] or [None]


def _price_types(base: Base, package: etree._Element) -> None:
    kinds = add(package, "ТипыЦен")
    for row in base.rows("SELECT * FROM price_type"):
        kind = add(kinds, "ТипЦены")
        add(kind, "Ид", row["ref"])
        add(kind, "Наименование", row["name"])
        add(kind, "Валюта", row["currency"])
        tax = add(kind, "Налог")
        add(tax, "Наименование", "НДС")
        add(tax, "УчтеноВСумме", "true")


def _warehouses(base: Base, package: etree._Element) -> None:
    places = add(package, "Склады")
    for row in base.rows("SELECT * FROM warehouse"):
        place = add(places, "Склад")
        add(place, "Ид", row["ref"])
        add(place, "Наименование", row["name"])


def _offer(
    base: Base,
    offers: etree._Element,
    product: sqlite3.Row,
    variant: sqlite3.Row | None,
    names: dict[str, tuple[str, str]],
) -> None:
    variant_ref = variant["ref"] if variant else ""
    offer = add(offers, "Предложение")
    add(offer, "Ид", f"{product['ref']}#{variant_ref}" if variant else product["ref"])
    add(offer, "Артикул", product["article"])
    add(
        offer,
        "Наименование",
        f"{product['name']} ({variant['name']})" if variant else product["name"],
    )
    unit = add(offer, "БазоваяЕдиница", product["unit_name"])
    unit.set("Код", f"{product['unit_code']} ")
    if variant:
        values = add(offer, "ХарактеристикиТовара")
        for label, value in json.loads(variant["labels"]):
            entry = add(values, "ХарактеристикаТовара")
            add(entry, "Наименование", label)
            add(entry, "Значение", value)
    prices = add(offer, "Цены")
    for row in base.rows(
        "SELECT * FROM price WHERE product_ref = ? AND variant_ref = ?", product["ref"], variant_ref
    ):
        currency = names[row["price_type_ref"]][1]
        price = add(prices, "Цена")
        shown = f"{Decimal(row['amount']):,.2f}".replace(",", "\u00a0").replace(".", ",")
        add(price, "Представление", f"{shown} {currency} за {product['unit_name']}")
        add(price, "ИдТипаЦены", row["price_type_ref"])
        add(price, "ЦенаЗаЕдиницу", row["amount"])
        add(price, "Валюта", currency)
        add(price, "Единица", product["unit_name"])
        add(price, "Коэффициент", 1)
    stock = base.rows(
        "SELECT * FROM stock WHERE product_ref = ? AND variant_ref = ?", product["ref"], variant_ref
    )
    add(offer, "Количество", sum((Decimal(r["quantity"]) for r in stock), Decimal(0)))
    for row in stock:
        add(offer, "Склад", ИдСклада=row["warehouse_ref"], КоличествоНаСкладе=row["quantity"])
