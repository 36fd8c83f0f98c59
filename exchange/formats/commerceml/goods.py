"""Products and offers: elements to rows (CommerceML reference, chapters 7 and 8).

They come by the hundred thousand: children are looked at once each, texts are taken at once, and
what repeats from row to row (units, currencies, names of requisites) is worked out once.
"""

from __future__ import annotations

import re
from decimal import Decimal

from exchange.formats.commerceml import values
from exchange.formats.commerceml.elements import (
    NAMES,
    Element,
    Reading,
    children,
    fields,
    is_marked,
    line_of,
    text_of,
)
from exchange.rows import (
    CharacteristicValue,
    FileRef,
    OfferRow,
    PriceRow,
    ProblemCode,
    ProductRow,
    PropertyValue,
    Requisite,
    StockRow,
    TaxRate,
    UnitRow,
)

ONE = Decimal(1)
number = values.number
KEPT_UNITS = 1000
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")


# Products ----------------------------------------------------------------------------------------
_PRODUCT_BLOCKS = frozenset({
    "БазоваяЕдиница", "Группы", "Изготовитель", "СтавкиНалогов", "ЗначенияСвойств",
    "ХарактеристикиТовара", "ЗначенияРеквизитов", "Картинка", "Цены", "Склад", "Остатки",
    "КоличествоНаСкладах",
})  # fmt: skip
_SEVERAL = frozenset({"ЗначенияРеквизитов", "Картинка", "Цены"})
_STOCK_BLOCKS = frozenset({"Склад", "Остатки", "КоличествоНаСкладах"})
_OFFER_BLOCKS = frozenset({"БазоваяЕдиница", "ХарактеристикиТовара", "Цены", *_STOCK_BLOCKS})


def read_product(element: Element, reading: Reading, *, catalog_ref: str) -> None:
    """Read a product; before it its base unit, after it prices and stock if it carries any."""
    texts: dict[str, str] = {}
    blocks: dict[str, Element] = {}
    pictures: list[Element] = []
    prices: list[Element] = []
    stocks: list[Element] = []
    requisites: list[Requisite] = []
    known: dict[str, str] = {}
    for child in element:
        label = NAMES[child.tag]
        if label not in _PRODUCT_BLOCKS:
            text = child.text
            texts[label] = text.strip() if text else ""
        elif label == "ЗначенияРеквизитов":
            _read_requisites(child, requisites, known)
        elif label == "Картинка":
            pictures.append(child)
        elif label == "Цены":
            prices.append(child)
        elif label in _STOCK_BLOCKS:
            stocks.append(child)
        else:
            blocks[label] = child
    get = texts.get
    identifier: str = (
        get("Ид", "")
        or element.get("Идентификатор", "")
        or element.get("ИдентификаторВКаталоге", "")
    )
    name: str = get("Наименование", "") or element.get("Наименование", "")
    ref, _, characteristic_ref = identifier.partition("#")
    if not ref:
        reading.problem(
            ProblemCode.MISSING_REF, element, "Каталог/Товары/Товар/Ид", "", name=name,
            kept="nothing",
        )  # fmt: skip
        return
    unit = _base_unit(blocks.get("БазоваяЕдиница"), element, reading)
    maker = blocks.get("Изготовитель")
    maker_ref, maker_name = _manufacturer(maker) if maker is not None else ("", "")
    row = ProductRow(
        ref, catalog_ref,
        get("Код", "") or known.get("Код", "") or element.get("ИдентификаторВКаталоге", ""),
        get("Артикул", ""),
        get("Штрихкод", ""),
        name,
        known.get("Полное наименование", ""),
        known.get("ОписаниеВФорматеHTML") or get("Описание", ""),
        unit[0], unit[1],
        _group_refs(blocks.get("Группы"), element),
        get("Категория", ""),
        maker_ref, maker_name,
        get("Страна", ""),
        _weight(element, texts, known, reading, ref, name),
        known.get("ТипНоменклатуры", "").lower().startswith(("услуг", "service", "работ")),
        known.get("ВидНоменклатуры", ""),
        _taxes(blocks.get("СтавкиНалогов"), reading, ref, name),
        _files(pictures, requisites, known, reading, ref, name),
        _property_values(blocks.get("ЗначенияСвойств")),
        _characteristics(blocks.get("ХарактеристикиТовара")),
        tuple(requisites),
        characteristic_ref,
        get("НомерВерсии", ""),
        is_marked(element, texts),
        line_of(element),
    )  # fmt: skip
    reading.rows.append(row)
    for block in prices:
        _read_prices(block, reading, ref, characteristic_ref, name)
    if stocks or "Количество" in texts:
        _read_stock(element, texts, stocks, reading, ref, characteristic_ref, name)


def _read_requisites(block: Element, into: list[Requisite], known: dict[str, str]) -> None:
    """Note the requisites of a block, and the latest value of each by its Russian name."""
    for entry in block:
        name = ""
        found: list[str] = []
        for part in entry:
            kind = NAMES[part.tag]
            text = part.text
            if kind == "Наименование":
                name = text.strip() if text else ""
            elif kind == "Значение":
                found.append(text.strip() if text else "")
        if name:
            for value in found:
                into.append(Requisite(name, value))
                known[values.canonical_requisite(name)] = value


def _weight(
    element: Element, texts: dict[str, str], known: dict[str, str], reading: Reading, ref: str,
    name: str,
) -> Decimal | None:  # fmt: skip
    if "Вес" in texts:
        return _number(texts["Вес"], element, "Вес", "Товар/Вес", reading, ref, name)
    text = known.get("Вес")
    if not text:
        return None
    try:
        return values.number(text)
    except ValueError:
        return None  # a requisite is free text: what is not a number is not a weight


def _number(
    text: str, holder: Element, label: str, path: str, reading: Reading, ref: str, name: str
) -> Decimal | None:
    """Return the number a child says; ``None`` and a problem at its line when it is none."""
    try:
        return values.number(text)
    except ValueError:
        found = [child for child in holder if NAMES[child.tag] == label]
        reading.problem(
            ProblemCode.NOT_A_NUMBER, found[-1] if found else holder, path, text, ref=ref,
            name=name, kept="former_value",
        )  # fmt: skip
        return None


def _base_unit(element: Element | None, holder: Element, reading: Reading) -> tuple[str, str]:
    """Return what identifies the base unit and its name; tell the unit itself once a file."""
    if element is None:
        name = holder.get("Единица", "")
        if name:
            reading.once(UnitRow(name, "", name, "", "", False, line_of(holder)))
        return name, name
    if len(element):
        row = _unit_of(element)
    else:
        as_written = (element.text, *element.items())
        row = reading.units.get(as_written)
        if row is not None:
            return row.ref, row.name
        row = _unit_of(element)
        if row is not None and len(reading.units) < KEPT_UNITS:
            reading.units[as_written] = row
    if row is None:
        return "", ""
    reading.once(row)
    return row.ref, row.name


def _unit_of(element: Element) -> UnitRow | None:
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
    return UnitRow(ref, code, name, full, international, False, line_of(element))


def _manufacturer(element: Element) -> tuple[str, str]:
    ref = name = ""
    for part in element:
        label = NAMES[part.tag]
        if label == "Ид":
            ref = text_of(part)
        elif label == "Наименование":
            name = text_of(part)
    return ref, name or text_of(element)


def _group_refs(element: Element | None, holder: Element) -> tuple[str, ...]:
    if element is None:
        parent = holder.get("Родитель")
        return (parent,) if parent else ()
    refs = [text_of(child) for child in element if NAMES[child.tag] in {"Ид", "ИдГруппы"}]
    if len(refs) == 1 and refs[0]:
        return (refs[0],)
    return tuple(dict.fromkeys(ref for ref in refs if ref))


def _taxes(element: Element | None, reading: Reading, ref: str, name: str) -> tuple[TaxRate, ...]:
    if element is None:
        return ()
    found = []
    for entry in element:
        if NAMES[entry.tag] != "СтавкаНалога":
            continue
        kind = text = ""
        for part in entry:
            label = NAMES[part.tag]
            if label == "Наименование":
                kind = text_of(part)
            elif label == "Ставка":
                text = text_of(part)
        try:
            rate = values.tax_rate(text)
        except ValueError:
            rate = None
            reading.problem(
                ProblemCode.NOT_A_NUMBER, entry, "Товар/СтавкиНалогов/СтавкаНалога/Ставка", text,
                ref=ref, name=name,
            )  # fmt: skip
        found.append(TaxRate(kind, rate, text))
    return tuple(found)


def _files(
    pictures: list[Element], requisites: list[Requisite], known: dict[str, str], reading: Reading,
    ref: str, name: str,
) -> tuple[FileRef, ...] | None:  # fmt: skip
    if not pictures and "Файл" not in known:
        return None
    described = {}
    if "ОписаниеФайла" in known:
        for requisite in requisites:
            if requisite.name == "ОписаниеФайла":
                path, _, description = requisite.value.partition("#")
                described[path] = description
    sent: list[tuple[str, Element | None, str]] = [
        (text_of(picture), picture, picture.get("Описание", "")) for picture in pictures
    ]
    sent += [(r.value, None, "") for r in requisites if r.name == "Файл"]
    found: dict[str, FileRef] = {}
    for raw, element, text in sent:
        if not raw:
            continue
        try:
            path = values.normalise_path(raw)
        except ValueError:
            reading.problem(
                ProblemCode.BAD_PATH, element, "Товар/Картинка", raw, ref=ref, name=name
            )
            continue
        if path not in found:
            found[path] = FileRef(path, described.get(raw) or text, values.is_picture(path))
    return tuple(found.values())


def _property_values(element: Element | None) -> tuple[PropertyValue, ...] | None:
    if element is None:
        return None
    found: dict[PropertyValue, None] = {}
    for entry in element:
        ref = ""
        for part in entry:
            kind = NAMES[part.tag]
            if kind == "Ид":
                ref = text_of(part)
            elif (kind == "Значение" or kind == "ИдЗначения") and ref:
                value = text_of(part)
                if value:
                    found[PropertyValue(ref, value)] = None
    return tuple(found)


def _characteristics(element: Element | None) -> tuple[CharacteristicValue, ...]:
    if element is None:
        return ()
    found = []
    for entry in element:
        ref = name = value = ""
        for part in entry:
            label = NAMES[part.tag]
            if label == "Значение":
                value = text_of(part)
            elif label == "Наименование":
                name = text_of(part)
            elif label == "Ид":
                ref = text_of(part)
        found.append(CharacteristicValue(ref, name, value))
    return tuple(found)


# Offers ------------------------------------------------------------------------------------------
def read_offer(element: Element, reading: Reading) -> None:
    """Read an offer, then its prices, then its stock."""
    texts: dict[str, str] = {}
    unit_holder = variants = None
    prices: list[Element] = []
    stocks: list[Element] = []
    for child in element:
        label = NAMES[child.tag]
        if label not in _OFFER_BLOCKS:
            text = child.text
            texts[label] = text.strip() if text else ""
        elif label == "Цены":
            prices.append(child)
        elif label == "БазоваяЕдиница":
            unit_holder = child
        elif label == "ХарактеристикиТовара":
            variants = child
        else:
            stocks.append(child)
    get = texts.get
    name = get("Наименование", "")
    product_ref, _, characteristic_ref = get("Ид", "").partition("#")
    characteristic_ref = characteristic_ref or get("ИдХарактеристики", "")
    if not product_ref:
        reading.problem(
            ProblemCode.MISSING_REF, element, "Предложения/Предложение/Ид", "", name=name,
            kept="nothing",
        )  # fmt: skip
        return
    unit = _base_unit(unit_holder, element, reading)
    has_stock = bool(stocks) or "Количество" in texts
    reading.rows.append(
        OfferRow(
            product_ref,
            characteristic_ref,
            name,
            get("Артикул", ""),
            get("Штрихкод", ""),
            unit[0],
            unit[1],
            _characteristics(variants),
            is_marked(element, texts),
            bool(prices),
            has_stock,
            line_of(element),
        )
    )
    for block in prices:
        _read_prices(block, reading, product_ref, characteristic_ref, name)
    if has_stock:
        _read_stock(element, texts, stocks, reading, product_ref, characteristic_ref, name)


_PRICE = "Предложение/Цены/Цена"


def _read_prices(
    block: Element, reading: Reading, product_ref: str, characteristic_ref: str, name: str
) -> None:
    rows = reading.rows
    for price in block:
        kind = currency = unit = ""
        amount: str | None = None
        times = "1"
        for part in price:
            label = NAMES[part.tag]
            text = part.text
            if text:
                text = text.strip()
            if label == "ИдТипаЦены":
                kind = text or ""
            elif label == "ЦенаЗаЕдиницу":
                amount = text
            elif label == "Валюта":
                currency = text or ""
            elif label == "Единица":
                unit = text or text_of(part)
            elif label == "Коэффициент":
                times = text or ""
        if not amount:
            continue
        try:
            value = number(amount)
        except ValueError:
            path = f"{_PRICE}/ЦенаЗаЕдиницу"
            value = _number(amount, price, "ЦенаЗаЕдиницу", path, reading, product_ref, name)
        if value is None:
            continue
        if not kind:
            reading.problem(
                ProblemCode.UNKNOWN_PRICE_TYPE, price, f"{_PRICE}/ИдТипаЦены", "", ref=product_ref,
                name=name, kept="former_value",
            )  # fmt: skip
            continue
        coefficient = ONE
        if times != "1":
            path = f"{_PRICE}/Коэффициент"
            read = _number(times, price, "Коэффициент", path, reading, product_ref, name)
            coefficient = read or ONE
        if currency:
            code = values.CURRENCIES.get(currency)
            if code is None:
                holder = children(price, "Валюта")[-1]
                code = reading.currency(holder, f"{_PRICE}/Валюта", ref=product_ref)
            currency = code
        rows.append(
            PriceRow(
                product_ref,
                characteristic_ref,
                kind,
                value,
                currency,
                unit,
                coefficient,
                line_of(price),
            )
        )


def _read_stock(
    holder: Element, texts: dict[str, str], blocks: list[Element], reading: Reading,
    product_ref: str, characteristic_ref: str, name: str,
) -> None:  # fmt: skip
    if "Количество" in texts:
        total = _number(
            texts["Количество"], holder, "Количество", "Предложение/Количество", reading,
            product_ref, name,
        )  # fmt: skip
        if total is not None:
            reading.rows.append(
                StockRow(product_ref, characteristic_ref, "", total, line_of(holder))
            )
    for block in blocks:
        kind = NAMES[block.tag]
        if kind == "Склад":
            _read_place(block, reading, product_ref, characteristic_ref, name)
        elif kind == "КоличествоНаСкладах":
            for place in block:
                _read_place(place, reading, product_ref, characteristic_ref, name)
        else:
            for rest in block:
                for place in children(rest, "Склад") or (rest,):
                    _read_place(place, reading, product_ref, characteristic_ref, name)


def _read_place(
    place: Element, reading: Reading, product_ref: str, characteristic_ref: str, name: str
) -> None:
    """Read the quantity at one place: in attributes (УТ, УНФ) or in elements (BUS)."""
    ref = place.get("ИдСклада")
    text = place.get("КоличествоНаСкладе") or place.get("Количество")
    label, path = "", "Предложение/Склад/@КоличествоНаСкладе"
    if text is None or ref is None:
        found = fields(place)
        ref = ref or text_of(found.get("Ид")) or text_of(found.get("ИдСклада"))
        if text is None:
            label = "Количество" if "Количество" in found else "КоличествоНаСкладе"
            text = text_of(found.get(label))
            path = f"Предложение/Остатки/Остаток/{label}"
    try:
        quantity = number(text)
    except ValueError:
        quantity = _number(text, place, label, path, reading, product_ref, name)
    if quantity is not None:
        reading.rows.append(
            StockRow(product_ref, characteristic_ref, ref, quantity, line_of(place))
        )
