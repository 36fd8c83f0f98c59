"""The classifier and directories: elements to rows (CommerceML reference, chapters 7 and 8)."""

from __future__ import annotations

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
from exchange.formats.commerceml.guard import RefusedDocument
from exchange.rows import (
    CategoryRow,
    DirectoryHeader,
    GroupRow,
    OwnerRow,
    PriceTypeRow,
    ProblemCode,
    PropertyOptionRow,
    PropertyRow,
    ReferenceRow,
    UnitRow,
    WarehouseRow,
)

DEEPEST_GROUP = 100  # the deepest real tree has 5 levels
_TYPES = {"строка": "string", "число": "number", "время": "datetime", "дата": "datetime",
          "справочник": "option"}  # fmt: skip


def read_groups(
    element: Element, reading: Reading, *, parent_ref: str = "", depth: int = 1
) -> None:
    """Read the groups of a «Группы» element, parents first."""
    if depth > DEEPEST_GROUP:
        raise RefusedDocument(reading.file, "too_deep", line_of(element))
    for position, group in enumerate(children(element, "Группа")):
        read_group(group, reading, parent_ref=parent_ref, position=position, depth=depth)


def read_group(
    group: Element, reading: Reading, *, parent_ref: str = "", position: int = 0, depth: int = 1
) -> None:
    """Read a group and what stands in it; CommerceML 1 names the parent in an attribute."""
    found = fields(group)
    ref = text_of(found.get("Ид")) or group.get("Идентификатор", "")
    name = text_of(found.get("Наименование")) or group.get("Наименование", "")
    parent_ref = parent_ref or group.get("Родитель", "") or text_of(found.get("ИдРодителя"))
    if not ref:
        reading.problem(
            ProblemCode.MISSING_REF, group, "Группы/Группа/Ид", "", name=name, kept="nothing"
        )
    else:
        reading.rows.append(
            GroupRow(ref, parent_ref, name, is_deleted(group, found), position, line_of(group))
        )
    if depth > DEEPEST_GROUP:
        raise RefusedDocument(reading.file, "too_deep", line_of(group))
    for nested in children(group, "Группы"):
        read_groups(nested, reading, parent_ref=ref, depth=depth + 1)
    for number, below in enumerate(children(group, "Группа")):
        read_group(below, reading, parent_ref=ref, position=number, depth=depth + 1)


def read_property(element: Element, reading: Reading) -> None:
    """Read a property and the options of its dictionary."""
    found = fields(element)
    ref = text_of(found.get("Ид"))
    name = text_of(found.get("Наименование"))
    if not ref:
        reading.problem(
            ProblemCode.MISSING_REF, element, "Свойства/Свойство/Ид", "", name=name, kept="nothing"
        )
        return
    options = _options(found, ref)
    kind = _TYPES.get(text_of(found.get("ТипЗначений")).lower(), "option" if options else "string")
    reading.rows.append(
        PropertyRow(
            ref,
            name,
            kind,
            bool(values.truth(text_of(found.get("Обязательное")))),
            bool(values.truth(text_of(found.get("Множественное")))),
            values.truth(text_of(found.get("ДляТоваров"))) is not False,
            is_deleted(element, found),
            line_of(element),
        )
    )
    reading.rows.extend(options)


def _options(found: dict[str, Element], ref: str) -> list[PropertyOptionRow]:
    dictionary = found.get("ВариантыЗначений")
    if dictionary is None:
        return []
    has_variants = bool(children(dictionary, "Вариант"))  # 1C-Bitrix repeats them as bare values
    rows = []
    for entry in dictionary:
        if local(entry) in {"Справочник", "Вариант"}:
            key = child_text(entry, "ИдЗначения") or child_text(entry, "Ид")
            value = child_text(entry, "Значение")
            rows.append(PropertyOptionRow(ref, key or value, value, line_of(entry)))
        elif local(entry) == "Значение" and not has_variants:
            value = text_of(entry)
            rows.append(PropertyOptionRow(ref, value, value, line_of(entry)))
    return rows


def read_unit(element: Element, reading: Reading) -> None:
    """Read a unit of the classifier."""
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
        return
    reading.rows.append(
        UnitRow(
            ref,
            code,
            name or full,
            full,
            text_of(found.get("МеждународноеСокращение")),
            is_deleted(element, found),
            line_of(element),
        )
    )


def read_price_type(element: Element, reading: Reading) -> None:
    """Read a price type."""
    found = fields(element)
    name = text_of(found.get("Наименование"))
    ref = text_of(found.get("Ид")) or name
    if not ref:
        reading.problem(ProblemCode.MISSING_REF, element, "ТипыЦен/ТипЦены/Ид", "", kept="nothing")
        return
    tax = found.get("Налог")
    currency = reading.currency(found.get("Валюта"), "ТипыЦен/ТипЦены/Валюта", ref=ref)
    reading.rows.append(
        PriceTypeRow(
            ref,
            name,
            currency,
            values.truth(child_text(tax, "УчтеноВСумме")) if tax is not None else None,
            child_text(tax, "Наименование") if tax is not None else "",
            is_deleted(element, found),
            line_of(element),
        )
    )


def read_warehouse(element: Element, reading: Reading) -> None:
    """Read a warehouse."""
    found = fields(element)
    ref = text_of(found.get("Ид")) or element.get("ИдСклада", "")
    if not ref:
        reading.problem(ProblemCode.MISSING_REF, element, "Склады/Склад/Ид", "", kept="nothing")
        return
    address = found.get("Адрес")
    reading.rows.append(
        WarehouseRow(
            ref,
            text_of(found.get("Наименование")),
            child_text(address, "Представление") if address is not None else "",
            is_deleted(element, found),
            line_of(element),
        )
    )


def read_category(element: Element, reading: Reading) -> None:
    """Read a category (kind of nomenclature)."""
    found = fields(element)
    ref = text_of(found.get("Ид"))
    if not ref:
        reading.problem(ProblemCode.MISSING_REF, element, "Категории/Категория/Ид", "")
        return
    name = text_of(found.get("Наименование"))
    reading.rows.append(CategoryRow(ref, name, is_deleted(element, found), line_of(element)))


def read_owner(element: Element, reading: Reading) -> None:
    """Read our own organization as 1C describes it; the same one is told once a file."""
    found = fields(element)
    legal = found.get("РеквизитыЮрЛица")
    more = fields(legal) if legal is not None else {}

    def text(*names: str) -> str:
        return next((t for n in names if (t := text_of(found.get(n)) or text_of(more.get(n)))), "")

    ref, name = text("Ид"), text("Наименование", "ОфициальноеНаименование")
    if not (ref or name):
        return
    address = found.get("ЮридическийАдрес")
    if address is None:
        address = found.get("Адрес")
    reading.once(
        OwnerRow(
            ref,
            name,
            text("ПолноеНаименование", "ОфициальноеНаименование"),
            text("ИНН"),
            text("КПП"),
            text("ОКПО"),
            child_text(address, "Представление") if address is not None else "",
            line_of(element),
        )
    )


def read_directory(element: Element, reading: Reading) -> None:
    """Read a free directory («Справочники/Справочник» of 1C-Bitrix): its header, then its rows.

    What does not say that it holds changes alone is whole, as 1C-Bitrix takes it.
    """
    ref, name = child_text(element, "Ид"), child_text(element, "Наименование")
    parent = element.getparent()
    said = element.get("СодержитТолькоИзменения")
    if said is None and parent is not None:
        said = parent.get("СодержитТолькоИзменения")
    reading.rows.append(DirectoryHeader(ref, name, bool(values.truth(said)), line_of(element)))
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
            reading.rows.append(
                ReferenceRow(
                    ref,
                    name,
                    marks.get("Ид", ""),
                    found,
                    bool(values.truth(marks.get("ПометкаУдаления"))),
                    line_of(entry),
                )
            )
