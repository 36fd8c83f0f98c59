"""Classifier, catalogue and offers: elements to rows (CommerceML reference, chapters 7 and 8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from exchange.formats.commerceml import values
from exchange.formats.commerceml.elements import (
    Element,
    Reading,
    child_text,
    children,
    fields,
    is_deleted,
    local,
    text_of,
)
from exchange.rows import (
    CategoryRow,
    CharacteristicValue,
    FileRef,
    GroupRow,
    OfferRow,
    OwnerRow,
    PriceRow,
    PriceTypeRow,
    ProblemCode,
    ProductRow,
    PropertyOptionRow,
    PropertyRow,
    PropertyValue,
    Requisite,
    StockRow,
    TaxRate,
    UnitRow,
    WarehouseRow,
)

ONE = Decimal(1)
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")
_TYPES = {"строка": "string", "число": "number", "время": "datetime", "дата": "datetime",
          "справочник": "option"}  # fmt: skip


def _line(element: Element) -> int:
    return int(element.sourceline or 0)


# Classifier --------------------------------------------------------------------------------------
def groups(element: Element, reading: Reading, *, parent_ref: str = "") -> Iterator[GroupRow]:
    """Yield the groups of a «Группы» element, parents first."""
    for position, group in enumerate(children(element, "Группа")):
        yield from group_and_below(group, reading, parent_ref=parent_ref, position=position)


def group_and_below(
    group: Element, reading: Reading, *, parent_ref: str = "", position: int = 0
) -> Iterator[GroupRow]:
    """Yield a group and what stands in it; CommerceML 1 names the parent in an attribute."""
    found = fields(group)
    ref = text_of(found.get("Ид")) or group.get("Идентификатор", "")
    name = text_of(found.get("Наименование")) or group.get("Наименование", "")
    parent_ref = parent_ref or group.get("Родитель", "") or text_of(found.get("ИдРодителя"))
    if not ref:
        reading.problem(
            ProblemCode.MISSING_REF, group, "Группы/Группа/Ид", "", name=name, kept="nothing"
        )
    else:
        yield GroupRow(ref, parent_ref, name, is_deleted(group, found), position, _line(group))
    for nested in children(group, "Группы"):
        yield from groups(nested, reading, parent_ref=ref)
    for number, below in enumerate(children(group, "Группа")):
        yield from group_and_below(below, reading, parent_ref=ref, position=number)


def property_rows(element: Element, reading: Reading) -> Iterator[PropertyRow | PropertyOptionRow]:
    """Yield a property and the options of its dictionary."""
    found = fields(element)
    ref = text_of(found.get("Ид"))
    name = text_of(found.get("Наименование"))
    if not ref:
        reading.problem(
            ProblemCode.MISSING_REF, element, "Свойства/Свойство/Ид", "", name=name, kept="nothing"
        )
        return
    options = list(_options(found, ref))
    kind = _TYPES.get(text_of(found.get("ТипЗначений")).lower(), "option" if options else "string")
    yield PropertyRow(
        ref, name, kind,
        bool(values.truth(text_of(found.get("Обязательное")))),
        bool(values.truth(text_of(found.get("Множественное")))),
        values.truth(text_of(found.get("ДляТоваров"))) is not False,
        is_deleted(element, found), _line(element),
    )  # fmt: skip
    yield from options


def _options(found: dict[str, Element], ref: str) -> Iterator[PropertyOptionRow]:
    dictionary = found.get("ВариантыЗначений")
    if dictionary is None:
        return
    has_variants = bool(children(dictionary, "Вариант"))  # 1C-Bitrix repeats them as bare values
    for entry in dictionary:
        if local(entry) in {"Справочник", "Вариант"}:
            key = child_text(entry, "ИдЗначения") or child_text(entry, "Ид")
            value = child_text(entry, "Значение")
            yield PropertyOptionRow(ref, key or value, value, _line(entry))
        elif local(entry) == "Значение" and not has_variants:
            value = text_of(entry)
            yield PropertyOptionRow(ref, value, value, _line(entry))


def unit_row(element: Element, reading: Reading) -> UnitRow | None:
    """Return a unit of the classifier."""
    found = fields(element)
    code = values.unit_code(text_of(found.get("Код")) or element.get("Код"))
    name = text_of(found.get("НаименованиеКраткое")) or text_of(found.get("Наименование"))
    full = text_of(found.get("НаименованиеПолное")) or element.get("НаименованиеПолное", "")
    ref = text_of(found.get("Ид")) or code or name
    if not ref:
        reading.problem(
            ProblemCode.MISSING_REF, element, "ЕдиницыИзмерения/ЕдиницаИзмерения/Ид", "",
            kept="nothing",
        )  # fmt: skip
        return None
    return UnitRow(
        ref, code, name or full, full, text_of(found.get("МеждународноеСокращение")),
        is_deleted(element, found), _line(element),
    )  # fmt: skip


def price_type_row(element: Element, reading: Reading) -> PriceTypeRow | None:
    """Return a price type."""
    found = fields(element)
    name = text_of(found.get("Наименование"))
    ref = text_of(found.get("Ид")) or name
    if not ref:
        reading.problem(ProblemCode.MISSING_REF, element, "ТипыЦен/ТипЦены/Ид", "", kept="nothing")
        return None
    tax = found.get("Налог")
    return PriceTypeRow(
        ref, name, reading.currency(found.get("Валюта"), "ТипыЦен/ТипЦены/Валюта", ref=ref),
        values.truth(child_text(tax, "УчтеноВСумме")) if tax is not None else None,
        child_text(tax, "Наименование") if tax is not None else "",
        is_deleted(element, found), _line(element),
    )  # fmt: skip


def warehouse_row(element: Element, reading: Reading) -> WarehouseRow | None:
    """Return a warehouse."""
    found = fields(element)
    ref = text_of(found.get("Ид")) or element.get("ИдСклада", "")
    if not ref:
        reading.problem(ProblemCode.MISSING_REF, element, "Склады/Склад/Ид", "", kept="nothing")
        return None
    address = found.get("Адрес")
    return WarehouseRow(
        ref, text_of(found.get("Наименование")),
        child_text(address, "Представление") if address is not None else "",
        is_deleted(element, found), _line(element),
    )  # fmt: skip


def category_row(element: Element, reading: Reading) -> CategoryRow | None:
    """Return a category (kind of nomenclature)."""
    found = fields(element)
    ref = text_of(found.get("Ид"))
    if not ref:
        reading.problem(ProblemCode.MISSING_REF, element, "Категории/Категория/Ид", "")
        return None
    return CategoryRow(
        ref, text_of(found.get("Наименование")), is_deleted(element, found), _line(element)
    )


def owner_row(element: Element, reading: Reading) -> OwnerRow | None:
    """Return our own organization as 1C describes it."""
    found = fields(element)
    legal = found.get("РеквизитыЮрЛица")
    more = fields(legal) if legal is not None else {}

    def text(*names: str) -> str:
        return next((t for n in names if (t := text_of(found.get(n)) or text_of(more.get(n)))), "")

    ref, name = text("Ид"), text("Наименование", "ОфициальноеНаименование")
    if not (ref or name):
        return None
    address = found.get("ЮридическийАдрес")
    if address is None:
        address = found.get("Адрес")
    return OwnerRow(
        ref, name, text("ПолноеНаименование", "ОфициальноеНаименование"), text("ИНН"), text("КПП"),
        text("ОКПО"), child_text(address, "Представление") if address is not None else "",
        _line(element),
    )  # fmt: skip


# Products ----------------------------------------------------------------------------------------
def product_rows(
    element: Element, reading: Reading, *, catalog_ref: str
) -> Iterator[UnitRow | ProductRow | PriceRow | StockRow]:
    """Yield a product; before it its base unit, after it prices and stock if it carries any."""
    singles: dict[str, Element] = {}
    pictures: list[Element] = []
    prices: list[Element] = []
    stocks: list[Element] = []
    requisites: list[Requisite] = []
    for child in element:
        name = local(child)
        if name == "Картинка":
            pictures.append(child)
        elif name == "ЗначенияРеквизитов":
            _requisites(child, requisites)
        elif name == "Цены":
            prices.append(child)
        elif name == "Склад" or name == "Остатки":
            stocks.append(child)
        else:
            singles[name] = child
    identifier = (
        text_of(singles.get("Ид"))
        or element.get("Идентификатор", "")
        or element.get("ИдентификаторВКаталоге", "")
    )
    name = text_of(singles.get("Наименование")) or element.get("Наименование", "")
    ref, _, characteristic_ref = identifier.partition("#")
    if not ref:
        reading.problem(
            ProblemCode.MISSING_REF, element, "Каталог/Товары/Товар/Ид", "", name=name,
            kept="nothing",
        )  # fmt: skip
        return
    unit = _unit_of(singles.get("БазоваяЕдиница"), element)
    if unit is not None:
        yield unit
    known = {values.canonical_requisite(r.name): r.value for r in requisites}
    weight = singles.get("Вес")
    maker = singles.get("Изготовитель")
    yield ProductRow(
        ref, catalog_ref,
        text_of(singles.get("Код")) or known.get("Код", "")
        or element.get("ИдентификаторВКаталоге", ""),
        text_of(singles.get("Артикул")),
        text_of(singles.get("Штрихкод")),
        name,
        known.get("Полное наименование", ""),
        known.get("ОписаниеВФорматеHTML") or text_of(singles.get("Описание")),
        unit.ref if unit else "",
        unit.name if unit else "",
        _group_refs(singles.get("Группы"), element),
        text_of(singles.get("Категория")),
        child_text(maker, "Ид") if maker is not None else "",
        (child_text(maker, "Наименование") or text_of(maker)) if maker is not None else "",
        text_of(singles.get("Страна")),
        reading.number(weight, "Товар/Вес", ref=ref, name=name) if weight is not None
        else _quiet_number(known.get("Вес")),
        (known.get("ТипНоменклатуры", "") or "").lower().startswith(("услуг", "service", "работ")),
        known.get("ВидНоменклатуры", ""),
        _taxes(singles.get("СтавкиНалогов"), reading, ref, name),
        _files(pictures, requisites, reading, ref, name),
        _property_values(singles.get("ЗначенияСвойств")),
        _characteristics(singles.get("ХарактеристикиТовара")),
        tuple(requisites),
        characteristic_ref,
        text_of(singles.get("НомерВерсии")),
        is_deleted(element, singles),
        _line(element),
    )  # fmt: skip
    for block in prices:
        yield from _prices(block, reading, ref, characteristic_ref, name)
    if stocks or "Количество" in singles:
        yield from _stock(singles, stocks, reading, ref, characteristic_ref, name)


def _requisites(block: Element, into: list[Requisite]) -> None:
    for entry in block:
        name = ""
        found: list[str] = []
        for part in entry:
            kind = local(part)
            if kind == "Наименование":
                name = text_of(part)
            elif kind == "Значение":
                found.append(text_of(part))
        if name:
            into.extend(Requisite(name, value) for value in found)


def _quiet_number(text: str | None) -> Decimal | None:
    try:
        return values.number(text)
    except ValueError:
        return None  # a requisite is free text: what is not a number is not a weight


def _unit_of(element: Element | None, holder: Element) -> UnitRow | None:
    if element is None:
        name = holder.get("Единица", "")
        return UnitRow(name, "", name, "", "", False, _line(holder)) if name else None
    found = fields(element)
    code = values.unit_code(element.get("Код") or text_of(found.get("Код")))
    full = element.get("НаименованиеПолное") or text_of(found.get("НаименованиеПолное"))
    text = "" if "НаименованиеКраткое" in found else text_of(element)
    identifier = text if _GUID.match(text) else ""  # BUS names the unit by its identifier
    name = text_of(found.get("НаименованиеКраткое")) or (text if not identifier else "")
    name = name or full or code
    ref = text_of(found.get("Ид")) or identifier or code or name
    if not ref:
        return None
    international = element.get("МеждународноеСокращение") or text_of(
        found.get("МеждународноеСокращение")
    )
    return UnitRow(ref, code, name, full, international, False, _line(element))


def _group_refs(element: Element | None, holder: Element) -> tuple[str, ...]:
    if element is None:
        parent = holder.get("Родитель")
        return (parent,) if parent else ()
    refs = (text_of(child) for child in element if local(child) in {"Ид", "ИдГруппы"})
    return tuple(dict.fromkeys(ref for ref in refs if ref))


def _taxes(element: Element | None, reading: Reading, ref: str, name: str) -> tuple[TaxRate, ...]:
    found = []
    for entry in children(element, "СтавкаНалога"):
        text = child_text(entry, "Ставка")
        try:
            rate = values.tax_rate(text)
        except ValueError:
            rate = None
            reading.problem(
                ProblemCode.NOT_A_NUMBER, entry, "Товар/СтавкиНалогов/СтавкаНалога/Ставка", text,
                ref=ref, name=name,
            )  # fmt: skip
        found.append(TaxRate(child_text(entry, "Наименование"), rate, text))
    return tuple(found)


def _files(
    pictures: list[Element], requisites: list[Requisite], reading: Reading, ref: str, name: str
) -> tuple[FileRef, ...] | None:
    described = {}
    for requisite in requisites:
        if requisite.name == "ОписаниеФайла":
            path, _, description = requisite.value.partition("#")
            described[path] = description
    sent = [(text_of(p), p, p.get("Описание", "")) for p in pictures]
    extra = [r.value for r in requisites if r.name == "Файл"]
    if not sent and not extra:
        return None
    found: dict[str, FileRef] = {}
    for raw, element, text in [*sent, *((value, None, "") for value in extra)]:
        if not raw:
            continue
        try:
            path = values.normalise_path(raw)
        except ValueError:
            reading.problem(
                ProblemCode.BAD_PATH, element, "Товар/Картинка", raw, ref=ref, name=name
            )
            continue
        found.setdefault(path, FileRef(path, described.get(raw) or text, values.is_picture(path)))
    return tuple(found.values())


def _property_values(element: Element | None) -> tuple[PropertyValue, ...] | None:
    if element is None:
        return None
    found = []
    for entry in element:
        ref = ""
        for part in entry:
            kind = local(part)
            if kind == "Ид":
                ref = text_of(part)
            elif kind in {"Значение", "ИдЗначения"} and ref:
                value = text_of(part)
                if value:
                    found.append(PropertyValue(ref, value))
    return tuple(dict.fromkeys(found))


def _characteristics(element: Element | None) -> tuple[CharacteristicValue, ...]:
    if element is None:
        return ()
    found = []
    for entry in element:
        parts = fields(entry)
        found.append(
            CharacteristicValue(
                text_of(parts.get("Ид")),
                text_of(parts.get("Наименование")),
                text_of(parts.get("Значение")),
            )
        )
    return tuple(found)


# Offers ------------------------------------------------------------------------------------------
def offer_rows(
    element: Element, reading: Reading
) -> Iterator[UnitRow | OfferRow | PriceRow | StockRow]:
    """Yield an offer, then its prices, then its stock."""
    singles: dict[str, Element] = {}
    price_blocks: list[Element] = []
    stocks: list[Element] = []
    for child in element:
        name = local(child)
        if name == "Цены":
            price_blocks.append(child)
        elif name in {"Склад", "Остатки", "КоличествоНаСкладах"}:
            stocks.append(child)
        else:
            singles[name] = child
    identifier = text_of(singles.get("Ид"))
    name = text_of(singles.get("Наименование"))
    product_ref, _, characteristic_ref = identifier.partition("#")
    characteristic_ref = characteristic_ref or text_of(singles.get("ИдХарактеристики"))
    if not product_ref:
        reading.problem(
            ProblemCode.MISSING_REF, element, "Предложения/Предложение/Ид", "", name=name,
            kept="nothing",
        )  # fmt: skip
        return
    unit = _unit_of(singles.get("БазоваяЕдиница"), element)
    if unit is not None:
        yield unit
    has_stock = bool(stocks) or "Количество" in singles
    yield OfferRow(
        product_ref, characteristic_ref, name, text_of(singles.get("Артикул")),
        text_of(singles.get("Штрихкод")), unit.ref if unit else "", unit.name if unit else "",
        _characteristics(singles.get("ХарактеристикиТовара")), is_deleted(element, singles),
        bool(price_blocks), has_stock, _line(element),
    )  # fmt: skip
    for block in price_blocks:
        yield from _prices(block, reading, product_ref, characteristic_ref, name)
    if has_stock:
        yield from _stock(singles, stocks, reading, product_ref, characteristic_ref, name)


def _prices(
    block: Element, reading: Reading, product_ref: str, characteristic_ref: str, name: str
) -> Iterator[PriceRow]:
    for price in block:
        kind = amount = currency = unit = coefficient = None
        for part in price:
            label = local(part)
            if label == "ИдТипаЦены":
                kind = part
            elif label == "ЦенаЗаЕдиницу":
                amount = part
            elif label == "Валюта":
                currency = part
            elif label == "Единица":
                unit = part
            elif label == "Коэффициент":
                coefficient = part
        path = "Предложение/Цены/Цена"
        value = reading.number(amount, f"{path}/ЦенаЗаЕдиницу", ref=product_ref, name=name)
        if value is None:
            continue
        kind_ref = text_of(kind)
        if not kind_ref:
            reading.problem(
                ProblemCode.UNKNOWN_PRICE_TYPE, price, f"{path}/ИдТипаЦены", "", ref=product_ref,
                name=name, kept="former_value",
            )  # fmt: skip
            continue
        times = reading.number(coefficient, f"{path}/Коэффициент", ref=product_ref, name=name)
        yield PriceRow(
            product_ref, characteristic_ref, kind_ref, value,
            reading.currency(currency, f"{path}/Валюта", ref=product_ref),
            text_of(unit), times if times else ONE, _line(price),
        )  # fmt: skip


def _stock(
    singles: dict[str, Element], blocks: list[Element], reading: Reading, product_ref: str,
    characteristic_ref: str, name: str,
) -> Iterator[StockRow]:  # fmt: skip
    total = reading.number(
        singles.get("Количество"), "Предложение/Количество", ref=product_ref, name=name
    )
    if total is not None:
        yield StockRow(product_ref, characteristic_ref, "", total, _line(singles["Количество"]))
    for block in blocks:
        kind = local(block)
        if kind == "Склад":
            yield from _warehouse_stock([block], reading, product_ref, characteristic_ref, name)
        elif kind == "КоличествоНаСкладах":
            yield from _warehouse_stock(list(block), reading, product_ref, characteristic_ref, name)
        else:
            for rest in block:
                places = children(rest, "Склад")
                if places:
                    yield from _warehouse_stock(
                        places, reading, product_ref, characteristic_ref, name
                    )
                else:
                    yield from _warehouse_stock(
                        [rest], reading, product_ref, characteristic_ref, name
                    )


def _warehouse_stock(
    places: list[Element], reading: Reading, product_ref: str, characteristic_ref: str, name: str
) -> Iterator[StockRow]:
    for place in places:
        found = fields(place)
        ref = place.get("ИдСклада") or text_of(found.get("Ид")) or text_of(found.get("ИдСклада"))
        attribute = place.get("КоличествоНаСкладе") or place.get("Количество")
        if attribute is not None:
            try:
                quantity = values.number(attribute)
            except ValueError:
                reading.problem(
                    ProblemCode.NOT_A_NUMBER, place, "Предложение/Склад/@КоличествоНаСкладе",
                    attribute, ref=product_ref, name=name, kept="former_value",
                )  # fmt: skip
                continue
        else:
            quantity = reading.number(
                found.get("Количество") if "Количество" in found
                else found.get("КоличествоНаСкладе"),
                "Предложение/Остатки/Остаток/Количество", ref=product_ref, name=name,
            )  # fmt: skip
        if quantity is not None:
            yield StockRow(product_ref, characteristic_ref, ref, quantity, _line(place))
