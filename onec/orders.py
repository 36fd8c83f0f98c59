"""Orders as they stand in 1C, written for the site (CommerceML reference, chapter 10)."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from decimal import Decimal

from lxml import etree

from onec.base import Base, OrderLine
from onec.xml import add, root, to_bytes, truth


def orders_file(
    base: Base,
    order_refs: Sequence[str],
    *,
    version: str,
    namespace: str,
    with_subordinates: bool = False,
    with_containers: bool = False,
) -> bytes:
    """Write orders as they stand in 1C, for the site."""
    message = root(version, namespace)
    for ref in order_refs:
        order = base.one("SELECT * FROM customer_order WHERE ref = ?", ref)
        if order is None:
            continue
        parent = add(message, "Контейнер") if with_containers else message
        document = _order(base, parent, order)
        if with_containers:
            _subordinates(base, parent, order, base_ref=ref)
        elif with_subordinates:
            _subordinates(base, add(document, "ПодчиненныеДокументы"), order)
    return to_bytes(message)


def _order(base: Base, parent: etree._Element, order: sqlite3.Row) -> etree._Element:
    document = add(parent, "Документ")
    lines = base.lines(order["ref"])
    total = base.total(order["ref"])
    day, clock = order["ordered_at"].split("T")
    add(document, "Ид", order["ref"])
    add(document, "НомерВерсии", order["version"])
    add(document, "Номер", order["site_number"])
    add(document, "Дата", day)
    add(document, "ХозОперация", "Заказ товара")
    add(document, "Роль", "Продавец")
    add(document, "Валюта", order["currency"])
    add(document, "Курс", 1)
    add(document, "Сумма", total)
    partner = json.loads(order["partner"])
    holder = add(add(document, "Контрагенты"), "Контрагент")
    for name in ("Ид", "Наименование", "ПолноеНаименование", "ИНН", "КПП"):
        if partner.get(name):
            add(holder, name, partner[name])
    add(holder, "Роль", "Покупатель")
    add(document, "Время", clock)
    if order["comment"]:
        add(document, "Комментарий", order["comment"])
    _taxes(document, lines, included=bool(order["is_tax_included"]))
    goods = add(document, "Товары")
    for line in lines:
        _order_line(
            goods,
            line,
            quantity=line.quantity,
            total=line.total,
            included=bool(order["is_tax_included"]),
        )
    _order_requisites(base, document, order, lines, total)
    return document


def _taxes(document: etree._Element, lines: Sequence[OrderLine], *, included: bool) -> None:
    if not lines:
        return
    tax = add(add(document, "Налоги"), "Налог")
    add(tax, "Наименование", "НДС")
    add(tax, "УчтеноВСумме", truth(included))


def _order_line(
    goods: etree._Element, line: OrderLine, *, quantity: Decimal, total: Decimal, included: bool
) -> None:
    item = add(goods, "Товар")
    variant = line.variant_ref
    ref = line.product_ref
    add(item, "Ид", f"{ref}#{variant}" if variant else ref)
    add(item, "Артикул", line.article)
    add(item, "Наименование", line.name)
    add(item, "ЦенаЗаЕдиницу", line.price)
    add(item, "Количество", quantity)
    add(item, "Сумма", total)
    add(item, "Единица", line.unit)
    add(item, "Коэффициент", 1)
    if line.tax:
        tax = add(add(item, "Налоги"), "Налог")
        add(tax, "Наименование", "НДС")
        add(tax, "УчтеноВСумме", truth(included))
        add(tax, "Ставка", line.tax)


def _order_requisites(
    base: Base,
    document: etree._Element,
    order: sqlite3.Row,
    lines: Sequence[OrderLine],
    total: Decimal,
) -> None:
    values: list[tuple[str, object]] = [
        ("Номер по 1С", order["number"]),
        ("Дата по 1С", order["ordered_at"]),
        ("ПометкаУдаления", "false"),
        ("Проведен", truth(order["is_posted"])),
    ]
    if order["is_cancelled"]:
        values.append(("Отменен", "true"))
    if base.paid(order["ref"]) >= total > 0:
        latest = base.rows(
            "SELECT * FROM payment WHERE order_ref = ? AND NOT is_deleted ORDER BY number DESC",
            order["ref"],
        )[0]
        values += [
            ("Номер оплаты по 1С", latest["number"]),
            ("Дата оплаты по 1С", latest["paid_at"]),
        ]
    done = base.shipped(order["ref"])
    if lines and all(done.get(line.position, Decimal(0)) >= line.quantity for line in lines):
        latest = base.rows(
            "SELECT * FROM shipment WHERE order_ref = ? AND NOT is_deleted ORDER BY number DESC",
            order["ref"],
        )[0]
        values += [
            ("Номер отгрузки по 1С", latest["number"]),
            ("Дата отгрузки по 1С", latest["shipped_at"]),
        ]
    values += json.loads(order["requisites"]).items()
    requisites = add(document, "ЗначенияРеквизитов")
    for name, value in values:
        entry = add(requisites, "ЗначениеРеквизита")
        add(entry, "Наименование", name)
        add(entry, "Значение", value)


_OPERATIONS = {
    "bank": "Выплата безналичных денег",
    "cash": "Выплата наличных денег",
    "card": "Эквайринговая операция",
}


def _subordinates(
    base: Base, parent: etree._Element, order: sqlite3.Row, *, base_ref: str = ""
) -> None:
    name = "Документ" if base_ref else "ПодчиненныйДокумент"
    for row in base.rows("SELECT * FROM payment WHERE order_ref = ?", order["ref"]):
        document = add(parent, name)
        _head(document, row["ref"], row["paid_at"], _OPERATIONS[row["kind"]], order, base_ref)
        add(document, "Сумма", row["amount"])
        _marks(document, row, number="Номер по 1С", date="Дата по 1С", moment=row["paid_at"])
    lines = {line.position: line for line in base.lines(order["ref"])}
    for row in base.rows("SELECT * FROM shipment WHERE order_ref = ?", order["ref"]):
        document = add(parent, name)
        _head(document, row["ref"], row["shipped_at"], "Отпуск товара", order, base_ref)
        parts = base.rows("SELECT * FROM shipment_line WHERE shipment_ref = ?", row["ref"])
        totals = [
            (lines[p["position"]].price * Decimal(p["quantity"])).quantize(Decimal("0.01"))
            for p in parts
        ]
        add(document, "Сумма", sum(totals, Decimal(0)))
        goods = add(document, "Товары")
        for part, total in zip(parts, totals, strict=True):
            _order_line(
                goods,
                lines[part["position"]],
                quantity=Decimal(part["quantity"]),
                total=total,
                included=bool(order["is_tax_included"]),
            )
        _marks(
            document,
            row,
            number="Номер по 1С",
            date="Дата по 1С",
            moment=row["shipped_at"],
            shipped=True,
        )


def _head(
    document: etree._Element,
    ref: str,
    moment: str,
    operation: str,
    order: sqlite3.Row,
    base_ref: str,
) -> None:
    day, clock = moment.split("T")
    add(document, "Ид", ref)
    add(document, "Дата", day)
    add(document, "Время", clock)
    add(document, "ХозОперация", operation)
    add(document, "Роль", "Продавец")
    add(document, "Валюта", order["currency"])
    add(document, "Курс", 1)
    if base_ref:
        add(document, "Основание", base_ref)


def _marks(
    document: etree._Element,
    row: sqlite3.Row,
    *,
    number: str,
    date: str,
    moment: str,
    shipped: bool = False,
) -> None:
    requisites = add(document, "ЗначенияРеквизитов")
    values = [
        (number, row["number"]),
        (date, moment),
        ("ПометкаУдаления", truth(row["is_deleted"])),
        ("Проведен", truth(not row["is_deleted"])),
    ]
    if shipped:
        values.append(("Отгружен", "true"))
    for name, value in values:
        entry = add(requisites, "ЗначениеРеквизита")
        add(entry, "Наименование", name)
        add(entry, "Значение", value)
