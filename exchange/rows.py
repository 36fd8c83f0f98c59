"""Typed rows: what a format yields and what adapters store.

A format turns bytes into a stream of these rows and ``Problem`` values; it knows neither HTTP nor
the database. Adapters of the CRM's rooms register for a row type and store its rows set by set.
Text that 1C uses as an identifier is kept exactly as sent (``ref``): GUIDs, numbers, words, any
case.

All rows are named tuples: they are created by the hundred thousand and travel straight into COPY.
``line`` is the line of the file on which the row's element begins (0 when unknown).
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class ProblemCode(StrEnum):
    """Why a value could not be taken; the sentence is made in the reader's language."""

    NOT_WELL_FORMED = "not_well_formed"
    NOT_A_NUMBER = "not_a_number"
    NOT_A_DATE = "not_a_date"
    NOT_OFFERED = "not_offered"  # none of the choices of an own field
    NOT_OF_FIELD = "not_of_field"  # an own field takes no such value
    VALUE_TAKEN = "value_taken"  # an own field takes each value once
    MISSING_REF = "missing_ref"
    MISSING_NAME = "missing_name"
    TOO_LONG = "too_long"
    TOO_LARGE = "too_large"
    REPEATED_REF = "repeated_ref"
    UNKNOWN_PRODUCT = "unknown_product"
    UNKNOWN_CHARACTERISTIC = "unknown_characteristic"
    UNKNOWN_PRICE_TYPE = "unknown_price_type"
    UNKNOWN_WAREHOUSE = "unknown_warehouse"
    UNKNOWN_GROUP = "unknown_group"
    UNKNOWN_PROPERTY = "unknown_property"
    UNKNOWN_CURRENCY = "unknown_currency"
    UNKNOWN_DOCUMENT = "unknown_document"
    UNKNOWN_OPERATION = "unknown_operation"
    BAD_TAX_NUMBER = "bad_tax_number"
    BAD_PATH = "bad_path"
    MISSING_FILE = "missing_file"
    REFUSED = "refused"
    CONFLICT = "conflict"


class Problem(NamedTuple):
    """One value that could not be taken. The rest of its row and of its file is kept."""

    code: ProblemCode
    file: str
    line: int
    element: str  # path as the sender writes it: «Предложение/Цены/Цена/ЦенаЗаЕдиницу»
    value: str  # at most 200 characters of what stood there
    ref: str = ""  # identifier of the row it belongs to, when known
    name: str = ""  # its name for people, when known
    kept: str = (
        ""  # what stays as it was, a short English key: "former_value", "rest_of_row", "nothing"
    )


class CatalogHeader(NamedTuple):
    """Begin of a catalogue or of an offers package. Says nothing about the whole run being full."""

    ref: str
    classifier_ref: str
    name: str
    changes_only: bool | None  # None: the attribute is absent
    is_offers: bool
    line: int = 0


class OwnerRow(NamedTuple):
    """«Владелец»: our own organization as 1C describes it."""

    ref: str
    name: str
    full_name: str
    tax_number: str  # ИНН
    tax_reason_code: str  # КПП
    okpo: str
    address: str
    line: int = 0


class GroupRow(NamedTuple):
    ref: str
    parent_ref: str  # "" at the top
    name: str
    is_deleted: bool
    position: int  # order in the file
    line: int = 0


class PropertyRow(NamedTuple):
    ref: str
    name: str
    value_type: str  # "string" | "number" | "datetime" | "option"
    is_required: bool
    is_multiple: bool
    for_products: bool
    is_deleted: bool
    line: int = 0


class PropertyOptionRow(NamedTuple):
    property_ref: str
    ref: str
    value: str
    line: int = 0


class UnitRow(NamedTuple):
    ref: str  # identifier, or the code, or the name: whatever identifies it in the file
    code: str  # ОКЕИ code without padding, "" when absent
    name: str
    full_name: str
    international: str
    is_deleted: bool
    line: int = 0


class PriceTypeRow(NamedTuple):
    ref: str
    name: str
    currency: str  # ISO 4217, "" when unknown
    tax_included: bool | None
    tax_name: str
    is_deleted: bool
    line: int = 0


class WarehouseRow(NamedTuple):
    ref: str
    name: str
    address: str
    is_deleted: bool
    line: int = 0


class CategoryRow(NamedTuple):
    ref: str
    name: str
    is_deleted: bool
    line: int = 0


class FileRef(NamedTuple):
    path: str  # normalised: forward slashes, no drive, no traversal; or an absolute URL
    description: str
    is_picture: bool


class PropertyValue(NamedTuple):
    property_ref: str
    value: str  # a dictionary id or a literal; one entry for each value


class CharacteristicValue(NamedTuple):
    ref: str  # "" when the sender gives none
    name: str
    value: str


class TaxRate(NamedTuple):
    name: str  # «НДС»
    rate: Decimal | None  # percent; None: no tax («Без НДС») or unreadable
    text: str  # as sent


class Requisite(NamedTuple):
    name: str  # as sent; formats offer a canonical lookup for the English-session names
    value: str


class ProductRow(NamedTuple):
    ref: str
    catalog_ref: str
    code: str
    article: str
    barcode: str
    name: str
    full_name: str
    description: str  # may hold HTML, never trusted
    unit_ref: str  # matches UnitRow.ref of the same file or the unit's code/name
    unit_name: str
    group_refs: tuple[str, ...]
    category_ref: str
    manufacturer_ref: str  # random on every export of УТ: match by name
    manufacturer_name: str
    country: str
    weight: Decimal | None
    is_service: bool
    kind: str  # ВидНоменклатуры
    taxes: tuple[TaxRate, ...]
    files: tuple[FileRef, ...] | None  # None: the sender said nothing about pictures
    property_values: tuple[PropertyValue, ...] | None
    characteristics: tuple[CharacteristicValue, ...]
    requisites: tuple[Requisite, ...]
    characteristic_ref: str  # when Ид is item#characteristic
    version: str  # НомерВерсии
    is_deleted: bool
    line: int = 0


class OfferRow(NamedTuple):
    """A product or one characteristic of it, as offered; prices and stock are rows themselves."""

    product_ref: str
    characteristic_ref: str  # "" for the product itself
    name: str
    article: str
    barcode: str
    unit_ref: str
    unit_name: str
    characteristics: tuple[CharacteristicValue, ...]
    is_deleted: bool
    has_prices: bool
    has_stock: bool
    line: int = 0


class PriceRow(NamedTuple):
    product_ref: str
    characteristic_ref: str
    price_type_ref: str
    amount: Decimal  # for `coefficient` base units
    currency: str  # ISO 4217; "" when the sender gives none: the price type's
    unit: str
    coefficient: Decimal
    line: int = 0


class StockRow(NamedTuple):
    product_ref: str
    characteristic_ref: str
    warehouse_ref: str  # "" = the sum over all warehouses
    quantity: Decimal  # base units, may be negative
    line: int = 0


class BankAccountRow(NamedTuple):
    number: str
    bank_name: str
    bic: str
    correspondent_account: str


class ContactRow(NamedTuple):
    type: str  # as sent
    value: str


class CounterpartyRow(NamedTuple):
    ref: str
    name: str
    full_name: str
    official_name: str  # present ⇒ legal person
    is_person: bool
    tax_number: str
    tax_reason_code: str
    okpo: str
    role: str  # «Покупатель», «Продавец», …
    address: str  # the best one as one line
    legal_address: str
    contacts: tuple[ContactRow, ...]
    accounts: tuple[BankAccountRow, ...]
    representatives: tuple[str, ...]
    is_deleted: bool
    line: int = 0


class DocumentTax(NamedTuple):
    name: str
    rate: Decimal | None
    is_included: bool | None
    amount: Decimal | None


class DiscountRow(NamedTuple):
    name: str
    percent: Decimal | None
    amount: Decimal | None
    is_included: bool | None


class DocumentLine(NamedTuple):
    product_ref: str
    characteristic_ref: str
    article: str
    name: str
    unit: str
    price: Decimal | None
    quantity: Decimal | None
    total: Decimal | None
    coefficient: Decimal
    taxes: tuple[DocumentTax, ...]
    discounts: tuple[DiscountRow, ...]
    requisites: tuple[Requisite, ...]
    line: int = 0
    unit_code: str = ""  # ОКЕИ, on the way out


class DocumentRow(NamedTuple):
    ref: str  # Ид, the sender's
    number: str  # our number in documents that come back
    issued_on: date | None
    issued_time: str  # "HH:MM:SS", wall clock, "" when absent
    operation: str  # ХозОперация as sent, whitespace collapsed
    role: str
    currency: str  # ISO 4217, "" when unreadable
    rate: Decimal | None
    total: Decimal | None
    counterparties: tuple[CounterpartyRow, ...]
    lines: tuple[DocumentLine, ...]
    taxes: tuple[DocumentTax, ...]
    discounts: tuple[DiscountRow, ...]
    requisites: tuple[Requisite, ...]
    number_1c: str  # element Номер1С or requisite «Номер по 1С»
    date_1c: datetime | None
    base_ref: str  # Основание
    parent_ref: str  # the order that holds it as a subordinate document
    parent_number: str
    container_ref: str  # 3.1: Контейнер
    version: str
    is_deleted: bool
    comment: str
    due_on: date | None
    warehouse_ref: str
    line: int = 0


class DirectoryHeader(NamedTuple):
    """Begin of a free directory; ``changes_only`` is false when it is sent whole."""

    ref: str
    name: str
    changes_only: bool
    line: int = 0


class ReferenceRow(NamedTuple):
    """A row of a free directory («Справочники/Справочник» of 1C-Bitrix)."""

    directory_ref: str
    directory_name: str
    ref: str
    values: tuple[tuple[str, str], ...]
    is_deleted: bool
    line: int = 0


class SentFile(NamedTuple):
    """A picture or attachment that arrived beside the XML; open it by ``exchange.files.open_sent``.

    The engine offers one row for each file after the XML files of the same upload, and again when a
    file of the same path arrives later.
    """

    path: str  # normalised like ``FileRef.path``
    file_id: str  # key of the stored file
    size: int
    sha256: str
    line: int = 0


Row = (
    CatalogHeader
    | DirectoryHeader
    | OwnerRow
    | GroupRow
    | PropertyRow
    | PropertyOptionRow
    | UnitRow
    | PriceTypeRow
    | WarehouseRow
    | CategoryRow
    | ProductRow
    | OfferRow
    | PriceRow
    | StockRow
    | CounterpartyRow
    | DocumentRow
    | ReferenceRow
    | SentFile
)
