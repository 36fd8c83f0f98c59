"""Documents and counterparties: elements to rows (CommerceML reference, chapters 9 and 10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from exchange.formats.commerceml import values
from exchange.formats.commerceml.elements import (
    Element,
    Reading,
    child_text,
    children,
    fields,
    is_deleted,
    line_of,
    local,
    text_of,
)
from exchange.rows import (
    BankAccountRow,
    ContactRow,
    CounterpartyRow,
    DiscountRow,
    DocumentLine,
    DocumentRow,
    DocumentTax,
    ProblemCode,
    Requisite,
)

ONE = Decimal(1)
SUBORDINATES = ("ПодчиненныеДокументы", "Документы")


def document_rows(
    element: Element,
    reading: Reading,
    *,
    container_ref: str = "",
    parent: DocumentRow | None = None,
) -> Iterator[DocumentRow]:
    """Yield a document, then the documents that stand inside it."""
    row = _document(element, reading, container_ref, parent)
    yield row
    for child in element:
        if local(child) in SUBORDINATES:
            for below in child:
                if local(below) in {"ПодчиненныйДокумент", "Документ"}:
                    yield from document_rows(
                        below, reading, container_ref=container_ref, parent=row
                    )


def _document(
    element: Element, reading: Reading, container_ref: str, parent: DocumentRow | None
) -> DocumentRow:
    found = fields(element)

    def text(name: str) -> str:
        return text_of(found.get(name)) or element.get(name, "")

    requisites = _requisites(found.get("ЗначенияРеквизитов"))
    known = {values.canonical_requisite(r.name): r.value for r in requisites}
    number = text("Номер")
    ref = text("Ид") or text("Идентификатор") or number
    path = "Документ"
    if not ref:
        reading.problem(ProblemCode.MISSING_REF, element, f"{path}/Ид", "", kept="rest_of_row")
    day, clock = _when(element, found, reading, ref)
    deleted = is_deleted(element, found) or bool(values.truth(known.get("ПометкаУдаления")))
    return DocumentRow(
        ref=ref,
        number=number,
        issued_on=day,
        issued_time=clock,
        operation=" ".join(text("ХозОперация").split()),
        role=text("Роль"),
        currency=_currency(element, found, reading, ref),
        rate=_number(element, found, "Курс", reading, ref),
        total=_number(element, found, "Сумма", reading, ref),
        counterparties=_parties(element, found, reading),
        lines=_lines(element, found, reading, ref),
        taxes=_taxes(found.get("Налоги"), reading, ref)
        or _old_taxes(children(element, "СуммаНалога")),
        discounts=_discounts(found.get("Скидки"), reading, ref),
        requisites=requisites,
        number_1c=text("Номер1С") or known.get("Номер по 1С", ""),
        date_1c=_moment(text("Дата1С") or known.get("Дата по 1С", ""), element, reading, ref),
        base_ref=_base(found.get("Основание")),
        parent_ref=parent.ref if parent else "",
        parent_number=parent.number if parent else "",
        container_ref=container_ref,
        version=text("НомерВерсии"),
        is_deleted=deleted,
        comment=text("Комментарий"),
        due_on=_due(element, found, reading, ref),
        warehouse_ref=_warehouse(found),
        line=line_of(element),
    )


def _when(
    element: Element, found: dict[str, Element], reading: Reading, ref: str
) -> tuple[date | None, str]:
    holder = found.get("Дата")
    text = text_of(holder) or element.get("Дата", "")
    day = _moment(text, holder if holder is not None else element, reading, ref, "Документ/Дата")
    raw = text_of(found.get("Время")) or element.get("Время", "")
    try:
        clock = values.clock(raw)
    except ValueError:
        reading.problem(ProblemCode.NOT_A_DATE, found.get("Время"), "Документ/Время", raw, ref=ref)
        clock = ""
    if not clock and day is not None and (day.hour or day.minute or day.second):
        clock = f"{day:%H:%M:%S}"
    return (day.date() if day else None), clock


def _moment(
    text: str, element: Element | None, reading: Reading, ref: str, path: str = "Документ/Дата1С"
) -> datetime | None:
    try:
        return values.moment(text)
    except (ValueError, OverflowError):
        reading.problem(ProblemCode.NOT_A_DATE, element, path, text, ref=ref, kept="former_value")
        return None


def _due(element: Element, found: dict[str, Element], reading: Reading, ref: str) -> date | None:
    text = text_of(found.get("СрокПлатежа")) or element.get("СрокПлатежа", "")
    due = _moment(text, found.get("СрокПлатежа"), reading, ref, "Документ/СрокПлатежа")
    return due.date() if due else None


def _number(
    element: Element, found: dict[str, Element], name: str, reading: Reading, ref: str
) -> Decimal | None:
    holder = found.get(name)
    if holder is not None:
        value: Decimal | None = reading.number(holder, f"Документ/{name}", ref=ref)
        return value
    raw = element.get(name)
    try:
        return values.number(raw)
    except ValueError:
        reading.problem(
            ProblemCode.NOT_A_NUMBER, element, f"Документ/@{name}", raw or "", ref=ref,
            kept="former_value",
        )  # fmt: skip
        return None


def _currency(element: Element, found: dict[str, Element], reading: Reading, ref: str) -> str:
    holder = found.get("Валюта")
    if holder is not None:
        return reading.currency(holder, "Документ/Валюта", ref=ref)
    try:
        return values.currency(element.get("Валюта"))
    except ValueError:
        reading.problem(
            ProblemCode.UNKNOWN_CURRENCY, element, "Документ/@Валюта", element.get("Валюта", ""),
            ref=ref,
        )  # fmt: skip
        return ""


def _base(element: Element | None) -> str:
    if element is None:
        return ""
    return text_of(element) or child_text(element, "Ид")


def _warehouse(found: dict[str, Element]) -> str:
    holder = found.get("Склады")
    if holder is None:
        return ""
    return next((child_text(place, "Ид") for place in holder), "")


def _requisites(element: Element | None) -> tuple[Requisite, ...]:
    if element is None:
        return ()
    found = []
    for entry in element:
        parts = fields(entry)
        name = text_of(parts.get("Наименование"))
        if name:
            found.append(Requisite(name, text_of(parts.get("Значение"))))
    return tuple(found)


# Lines -------------------------------------------------------------------------------------------
def _lines(
    element: Element, found: dict[str, Element], reading: Reading, ref: str
) -> tuple[DocumentLine, ...]:
    goods = [
        _goods_line(item, reading, ref)
        for block in children(element, "Товары")
        for item in children(block, "Товар")
    ]
    old = [_old_line(item, reading, ref) for item in children(element, "ТоварнаяПозиция")]
    return tuple(goods + old)


def _goods_line(item: Element, reading: Reading, document_ref: str) -> DocumentLine:
    found = fields(item)
    name = text_of(found.get("Наименование"))
    product_ref, _, characteristic_ref = text_of(found.get("Ид")).partition("#")
    path = "Документ/Товары/Товар"

    def number(label: str) -> Decimal | None:
        value: Decimal | None = reading.number(
            found.get(label), f"{path}/{label}", ref=document_ref, name=name
        )
        return value

    price = number("ЦенаЗаЕдиницу")
    if price is None:
        price = number("Цена")
    return DocumentLine(
        product_ref=product_ref,
        characteristic_ref=characteristic_ref or text_of(found.get("ИдХарактеристики")),
        article=text_of(found.get("Артикул")),
        name=name,
        unit=_unit_name(found),
        price=price,
        quantity=number("Количество"),
        total=number("Сумма"),
        coefficient=number("Коэффициент") or ONE,
        taxes=_taxes(found.get("Налоги"), reading, document_ref)
        or _rates(found.get("СтавкиНалогов"), reading, document_ref),
        discounts=_discounts(found.get("Скидки"), reading, document_ref),
        requisites=_requisites(found.get("ЗначенияРеквизитов")),
        line=line_of(item),
    )


def _unit_name(found: dict[str, Element]) -> str:
    for label in ("Единица", "БазоваяЕдиница"):
        element = found.get(label)
        if element is not None:
            short = child_text(element, "НаименованиеКраткое")
            name = short or text_of(element) or element.get("НаименованиеПолное", "")
            if name:
                return name
    return ""


def _old_line(item: Element, reading: Reading, document_ref: str) -> DocumentLine:
    def number(name: str) -> Decimal | None:
        try:
            return values.number(item.get(name))
        except ValueError:
            reading.problem(
                ProblemCode.NOT_A_NUMBER, item, f"Документ/ТоварнаяПозиция/@{name}",
                item.get(name, ""), ref=document_ref, kept="former_value",
            )  # fmt: skip
            return None

    return DocumentLine(
        product_ref=item.get("Товар", ""), characteristic_ref="", article="",
        name=item.get("Описание", ""), unit=item.get("Единица", ""), price=number("Цена"),
        quantity=number("Количество"), total=number("Сумма"), coefficient=ONE,
        taxes=_old_taxes(children(item, "СуммаНалога")), discounts=(), requisites=(),
        line=line_of(item),
    )  # fmt: skip


def _taxes(element: Element | None, reading: Reading, ref: str) -> tuple[DocumentTax, ...]:
    found = []
    for entry in children(element, "Налог"):
        parts = fields(entry)
        text = text_of(parts.get("Ставка"))
        found.append(
            DocumentTax(
                text_of(parts.get("Наименование")),
                _rate(text, entry, reading, ref),
                values.truth(text_of(parts.get("УчтеноВСумме"))),
                reading.number(parts.get("Сумма"), "Налоги/Налог/Сумма", ref=ref),
            )
        )
    return tuple(found)


def _rates(element: Element | None, reading: Reading, ref: str) -> tuple[DocumentTax, ...]:
    return tuple(
        DocumentTax(
            child_text(entry, "Наименование"),
            _rate(child_text(entry, "Ставка"), entry, reading, ref),
            None,
            None,
        )
        for entry in children(element, "СтавкаНалога")
    )


def _old_taxes(entries: list[Element]) -> tuple[DocumentTax, ...]:
    found = []
    for entry in entries:
        try:
            rate, amount = values.number(entry.get("Ставка")), values.number(entry.get("Сумма"))
        except ValueError:
            rate = amount = None
        found.append(
            DocumentTax(
                entry.get("Налог", ""), rate, values.truth(entry.get("ВключенВСумму")), amount
            )
        )
    return tuple(found)


def _rate(text: str, element: Element, reading: Reading, ref: str) -> Decimal | None:
    try:
        return values.tax_rate(text)
    except ValueError:
        reading.problem(ProblemCode.NOT_A_NUMBER, element, "Налоги/Налог/Ставка", text, ref=ref)
        return None


def _discounts(element: Element | None, reading: Reading, ref: str) -> tuple[DiscountRow, ...]:
    found = []
    for entry in children(element, "Скидка"):
        parts = fields(entry)
        found.append(
            DiscountRow(
                text_of(parts.get("Наименование")),
                reading.number(parts.get("Процент"), "Скидки/Скидка/Процент", ref=ref),
                reading.number(parts.get("Сумма"), "Скидки/Скидка/Сумма", ref=ref),
                values.truth(text_of(parts.get("УчтеноВСумме"))),
            )
        )
    return tuple(found)


# Counterparties ----------------------------------------------------------------------------------
def _parties(
    element: Element, found: dict[str, Element], reading: Reading
) -> tuple[CounterpartyRow, ...]:
    parties = [
        row
        for party in children(found.get("Контрагенты"), "Контрагент")
        if (row := counterparty_row(party, reading)) is not None
    ]
    for old in children(element, "ПредприятиеВДокументе"):
        parties.append(_old_party(old))
    return tuple(parties)


def _old_party(element: Element) -> CounterpartyRow:
    role = {"Buyer": "Покупатель", "Saler": "Продавец", "Seller": "Продавец"}
    raw = element.get("Роль", "")
    return CounterpartyRow(
        element.get("Контрагент", ""), "", "", "", False, "", "", "", role.get(raw, raw), "", "",
        (), (), (), False, line_of(element),
    )  # fmt: skip


def counterparty_row(element: Element, reading: Reading) -> CounterpartyRow | None:
    """Return a counterparty; ``None`` and a problem when it has neither identifier nor name."""
    found = fields(element)

    def text(*names: str) -> str:
        return next((t for n in names if (t := text_of(found.get(n)))), "")

    official = text("ОфициальноеНаименование", "ОфициальноеНаименованиеПолное")
    person = " ".join(filter(None, (text("Фамилия"), text("Имя"), text("Отчество"))))
    name = text("Наименование") or official or person or element.get("Наименование", "")
    ref = text("Ид") or element.get("Идентификатор", "")
    if not (ref or name):
        reading.problem(
            ProblemCode.MISSING_NAME, element, "Контрагенты/Контрагент/Наименование", "",
            kept="nothing",
        )  # fmt: skip
        return None
    tax_number, reason = text("ИНН"), text("КПП")
    tax_number = _checked(tax_number, (10, 11, 12), element, reading, "ИНН", ref, name)
    reason = _checked(reason, (9,), element, reading, "КПП", ref, name)
    legal = _address(found, "ЮридическийАдрес", "АдресРегистрации")
    return CounterpartyRow(
        ref, name, text("ПолноеНаименование") or official, official,
        not official and (bool(person) or len(tax_number) == 12), tax_number, reason,
        text("ОКПО", "КодПоОКПО"), text("Роль"), _address(found, "Адрес") or legal, legal,
        _contacts(found.get("Контакты")), _accounts(found.get("РасчетныеСчета")),
        _representatives(found.get("Представители")), is_deleted(element, found), line_of(element),
    )  # fmt: skip


def _checked(
    number: str, lengths: tuple[int, ...], element: Element, reading: Reading, label: str, ref: str,
    name: str,
) -> str:  # fmt: skip
    if number and (not number.isdigit() or len(number) not in lengths):
        reading.problem(
            ProblemCode.BAD_TAX_NUMBER, element, f"Контрагент/{label}", number, ref=ref, name=name,
            kept="former_value",
        )  # fmt: skip
        return ""
    return number


def _address(found: dict[str, Element], *names: str) -> str:
    for name in names:
        element = found.get(name)
        if element is None:
            continue
        shown = child_text(element, "Представление")
        if shown:
            return shown
        parts = [child_text(p, "Значение") for p in children(element, "АдресноеПоле")]
        if any(parts):
            return ", ".join(part for part in parts if part)
    return ""


def _contacts(element: Element | None) -> tuple[ContactRow, ...]:
    found = []
    for entry in element if element is not None else ():
        kind = child_text(entry, "Тип") or child_text(entry, "КонтактВид")
        value = child_text(entry, "Значение")
        if value:
            found.append(ContactRow(kind, value))
    return tuple(found)


def _accounts(element: Element | None) -> tuple[BankAccountRow, ...]:
    found = []
    for entry in children(element, "РасчетныйСчет"):
        number = child_text(entry, "НомерСчета")
        if not number:
            continue
        bank = next(iter(children(entry, "Банк")), None)
        parts = fields(bank) if bank is not None else {}
        found.append(
            BankAccountRow(
                number,
                text_of(parts.get("Наименование")),
                text_of(parts.get("БИК")),
                text_of(parts.get("СчетКорреспондентский")),
            )
        )
    return tuple(found)


def _representatives(element: Element | None) -> tuple[str, ...]:
    found = []
    for entry in children(element, "Представитель"):
        inner = next(iter(children(entry, "Контрагент")), entry)
        parts = fields(inner)
        name = text_of(parts.get("Наименование")) or " ".join(
            filter(None, (text_of(parts.get("Фамилия")), text_of(parts.get("Имя"))))
        )
        if name:
            found.append(name)
    return tuple(found)
