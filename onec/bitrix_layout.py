"""The catalogue in the 3.1 layout of the 1C-Bitrix module: a file for each topic.

Rows without stock are left out of ``rests``, as the module does, and «changes only» is always true
(CommerceML reference, chapters 5 and 8, quirks 14 and 24).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from decimal import Decimal
from uuid import uuid4

from lxml import etree

from onec.base import Base
from onec.catalogue import CATALOG_REF, CLASSIFIER_REF
from onec.xml import File, add, root, to_bytes

NAMESPACE = "urn:1C.ru:commerceml_3"
VERSION = "3.1"


def files(base: Base, products: Sequence[sqlite3.Row]) -> list[File]:
    """Return the files of one exchange in the order in which the module sends them."""
    serial = str(uuid4())
    writers = (
        ("priceLists", _price_lists),
        ("storages", _storages),
        ("groups", _groups),
        ("goods", _goods),
        ("offers", _offers),
        ("prices", _prices),
        ("rests", _rests),
    )
    return [
        File(f"{name}/{name}_1_{number}_{serial}.xml", to_bytes(write(base, products)))
        for number, (name, write) in enumerate(writers, 1)
    ]


def _message() -> etree._Element:
    message = root(VERSION, NAMESPACE)
    message.set("Ид", CATALOG_REF)
    return message


def _classifier() -> tuple[etree._Element, etree._Element]:
    message = _message()
    classifier = add(message, "Классификатор", СодержитТолькоИзменения="true")
    add(classifier, "Ид", CLASSIFIER_REF)
    add(classifier, "Наименование", "Классификатор (Основной каталог товаров)")
    return message, classifier


def _price_lists(base: Base, products: Sequence[sqlite3.Row]) -> etree._Element:
    message, classifier = _classifier()
    kinds = add(classifier, "ТипыЦен")
    for row in base.rows("SELECT * FROM price_type"):
        kind = add(kinds, "ТипЦены")
        add(kind, "Ид", row["ref"])
        add(kind, "ПометкаУдаления", "false")
        add(kind, "Наименование", row["name"])
        add(kind, "Валюта", row["currency"])
    return message


def _storages(base: Base, products: Sequence[sqlite3.Row]) -> etree._Element:
    message, classifier = _classifier()
    places = add(classifier, "Склады")
    for row in base.rows("SELECT * FROM warehouse"):
        place = add(places, "Склад")
        add(place, "Ид", row["ref"])
        add(place, "ПометкаУдаления", "false")
        add(place, "Наименование", row["name"])
    return message


def _groups(base: Base, products: Sequence[sqlite3.Row]) -> etree._Element:
    message, classifier = _classifier()
    _group_level(base, classifier, "")
    return message


def _group_level(base: Base, parent: etree._Element, parent_ref: str) -> None:
    rows = base.rows("SELECT * FROM product_group WHERE parent_ref = ?", parent_ref)
    if not rows:
        return
    groups = add(parent, "Группы")
    for row in rows:
        group = add(groups, "Группа")
        add(group, "Ид", row["ref"])
        add(group, "ПометкаУдаления", "false")
        add(group, "Наименование", row["name"])
        _group_level(base, group, row["ref"])


def _goods(base: Base, products: Sequence[sqlite3.Row]) -> etree._Element:
    message = _message()
    catalog = add(message, "Каталог", СодержитТолькоИзменения="true")
    add(catalog, "Ид", CATALOG_REF)
    add(catalog, "ИдКлассификатора", CLASSIFIER_REF)
    add(catalog, "Наименование", "Основной каталог товаров")
    goods = add(catalog, "Товары")
    for row in products:
        item = add(goods, "Товар")
        add(item, "Ид", row["ref"])
        add(item, "НомерВерсии", f"AAAA{row['code'][-6:]}=")
        add(item, "ПометкаУдаления", "true" if row["is_deleted"] else "false")
        add(item, "Наименование", row["name"])
        add(item, "Код", row["code"])
        add(item, "Артикул", row["article"])
        add(item, "Штрихкод", row["barcode"])
        unit = add(item, "БазоваяЕдиница", row["unit_name"])
        unit.set("Код", row["unit_code"])
        unit.set("НаименованиеПолное", row["unit_full"])
        add(add(item, "Группы"), "Ид", row["group_ref"])
        if row["manufacturer"]:
            maker = add(item, "Изготовитель")
            add(maker, "Ид", uuid4())
            add(maker, "Наименование", row["manufacturer"])
        tax = add(add(item, "СтавкиНалогов"), "СтавкаНалога")
        add(tax, "Наименование", "НДС")
        add(tax, "Ставка", row["tax"])
        requisites = add(item, "ЗначенияРеквизитов")
        for name, value in (
            ("ТипНоменклатуры", "Услуга" if row["is_service"] else "Товар"),
            ("Полное наименование", row["full_name"]),
        ):
            requisite = add(requisites, "ЗначениеРеквизита")
            add(requisite, "Наименование", name)
            add(requisite, "Значение", value)
    return message


def _package() -> tuple[etree._Element, etree._Element]:
    message = _message()
    package = add(message, "ПакетПредложений", СодержитТолькоИзменения="true")
    add(package, "Ид", f"{CATALOG_REF}#")
    add(package, "ИдКаталога", CATALOG_REF)
    add(package, "ИдКлассификатора", CLASSIFIER_REF)
    return message, add(package, "Предложения")


def _offer_refs(base: Base, products: Sequence[sqlite3.Row]) -> list[tuple[str, str, str, str]]:
    """Return product, variant, offer identifier and labels."""
    result = []
    for row in products:
        variants = base.rows(
            "SELECT * FROM variant WHERE product_ref = ? ORDER BY rowid", row["ref"]
        )
        if not variants:
            result.append((row["ref"], "", row["ref"], ""))
        result += [
            (row["ref"], v["ref"], f"{row['ref']}#{v['ref']}", v["labels"]) for v in variants
        ]
    return result


def _offers(base: Base, products: Sequence[sqlite3.Row]) -> etree._Element:
    message, offers = _package()
    names = {row["ref"]: row["name"] for row in products}
    for product_ref, _, ref, labels in _offer_refs(base, products):
        offer = add(offers, "Предложение")
        add(offer, "Ид", ref)
        add(offer, "ПометкаУдаления", "false")
        add(offer, "Наименование", names[product_ref])
        if labels:
            values = add(offer, "ХарактеристикиТовара")
            for label, value in json.loads(labels):
                entry = add(values, "ХарактеристикаТовара")
                add(entry, "Наименование", label)
                add(entry, "Значение", value)
    return message


def _prices(base: Base, products: Sequence[sqlite3.Row]) -> etree._Element:
    message, offers = _package()
    currency = base.setting("currency")
    for product_ref, variant_ref, ref, _ in _offer_refs(base, products):
        offer = add(offers, "Предложение")
        add(offer, "Ид", ref)
        prices = add(offer, "Цены")
        for row in base.rows(
            "SELECT * FROM price WHERE product_ref = ? AND variant_ref = ?",
            product_ref,
            variant_ref,
        ):
            price = add(prices, "Цена")
            add(price, "ИдТипаЦены", row["price_type_ref"])
            add(price, "ЦенаЗаЕдиницу", row["amount"])
            add(price, "Валюта", currency)
            add(price, "Коэффициент", 1)
    return message


def _rests(base: Base, products: Sequence[sqlite3.Row]) -> etree._Element:
    message, offers = _package()
    for product_ref, variant_ref, ref, _ in _offer_refs(base, products):
        stock = [
            row
            for row in base.rows(
                "SELECT * FROM stock WHERE product_ref = ? AND variant_ref = ?",
                product_ref,
                variant_ref,
            )
            if Decimal(row["quantity"]) != 0
        ]
        if not stock:
            continue
        offer = add(offers, "Предложение")
        add(offer, "Ид", ref)
        rests = add(offer, "Остатки")
        for row in stock:
            place = add(add(rests, "Остаток"), "Склад")
            add(place, "Ид", row["warehouse_ref"])
            add(place, "Количество", row["quantity"])
    return message
