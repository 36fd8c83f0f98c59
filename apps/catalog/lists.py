"""Lists of goods: products and their prices; stock stands on the same base in its own room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from apps.catalog import selectors
from apps.catalog.asking import asked
from apps.catalog.models import PriceType, Product
from apps.core.addresses import address_of
from apps.core.formats import money_text
from apps.core.lists import (
    BulkAction,
    Chip,
    ChoiceFilter,
    Column,
    Empty,
    Filter,
    ListScreen,
    NumberRangeFilter,
)
from apps.core.templatetags.ui import icon

_ARCHIVE = BulkAction(
    "no", pgettext_lazy("to do", "Archive"), "catalog:archive", "products.change",
    icon="archive", name="back",
)  # fmt: skip
_BRING_BACK = BulkAction("yes", _("Bring back"), "catalog:archive", "products.change", name="back")


@dataclass(frozen=True)
class _Kept(Filter):
    """A parameter that searching keeps; it is chosen beside the list, not in it."""

    template: ClassVar[str] = "components/list/filter_related.html"

    def narrow(self, rows: QuerySet[Any], asked: QueryDict) -> QuerySet[Any]:
        """Return the rows as they are: ``found`` of the list narrows them."""
        return rows

    def chips(self, asked: QueryDict) -> list[Chip]:
        """Return none: the tree shows it."""
        return []


GROUP = _Kept("group", _("Product group"))
STOCK = ChoiceFilter(
    "stock", _("Stock"), choices=[("yes", _("In stock")), ("no", _("Out of stock"))]
)


class GoodsList(ListScreen):
    """Products beside the tree of their groups; the address holds the group."""

    columns: Sequence[Column] = ()
    filters: ClassVar[Sequence[Filter]] = (GROUP, STOCK)
    search = ("name", "article", "barcode")
    search_hint = _("Name, article or barcode")
    order = "name"
    empty = Empty(
        "package",
        _("There are no products here yet."),
        _("They come from 1C with the first exchange, or are entered by hand."),
        _("New product"),
        "catalog:product_new",
    )

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.tree = selectors.group_tree(is_archived=request.GET.get("archived") == "yes")
        self.wanted = asked(request, self.tree)

    def rows(self) -> QuerySet[Any]:
        """Return every product, archived ones too."""
        return Product.objects.select_related("unit")

    def found(self) -> QuerySet[Any]:
        """Return the products that fit what was asked, with ``price`` and ``free``."""
        return selectors.products(chosen=self.wanted.chosen, price_type=self.price_type())

    def price_type(self) -> PriceType | None:
        """Return the price type whose amount is ``price``; ``None`` when none is shown."""
        return None

    def url(self, row: Any) -> str:
        """Return the address of a product."""
        return address_of("catalog:product", row.pk)

    @property
    def whole_url(self) -> str:
        """Return the address of the group alone."""
        group = self.wanted.texts["group"]
        return f"{self.request.path}?group={group}" if self.wanted.group_id else super().whole_url

    def beside(self) -> dict[str, Any]:
        """Return what the tree and the path above the list show."""
        return {
            "tree": self.tree,
            "asked": self.wanted,
            "path": self.tree.path(self.wanted.group_id),
        }


def picture(row: Any) -> SafeString:
    """Return the small picture of a product; the name beside it speaks."""
    if row.picture_id is None:
        return format_html('<span class="thumb is-empty">{}</span>', icon("package", "small"))
    return format_html(
        '<img class="thumb" src="{}?size=small" alt="" width="32" height="32" loading="lazy"'
        ' decoding="async">',
        reverse("catalog:file", args=[row.picture_id]),
    )


def name(row: Any) -> SafeString | str:
    """Return the name of a product and what it is when not goods in use."""
    text = format_html("{}", row.name)
    if row.is_service:
        text += format_html(' <span class="badge-outline">{}</span>', _("Service"))
    if row.is_archived:
        text += format_html(' <span class="badge-outline">{}</span>', _("Archived"))
    return text


def free(row: Any) -> Any:
    """Return what is free; nothing for a service."""
    return None if row.is_service else row.free


NAME = Column(
    "name", _("Name"), name, sort="sort_name", is_link=True, phone="title", exported="name"
)
ARTICLE = Column("article", _("Article"), sort="article")
UNIT = Column("unit", _("Unit"), "unit.name", phone="hidden")


_LONG = {"description", "full_name"}


class ProductList(GoodsList):
    """Products by name, with the default price and what is free."""

    key = "products"
    kind = "products"
    grouped = "by"  # «group» is a group of products
    title = _("Products")
    url_name = "catalog:products"
    filters = (
        GROUP,
        STOCK,
        NumberRangeFilter("price", _("Price")),
        ChoiceFilter(
            "archived", _("Archive"), choices=[("yes", _("Archived"))], otherwise=_("In use")
        ),
    )
    tables = ("catalog_product", "catalog_price", "inventory_stockbalance", "catalog_productfile")
    create_url_name, create_label = "catalog:product_new", _("New product")
    create_right = "products.create"

    def __init__(self, request: HttpRequest) -> None:
        self._price_type = selectors.default_price_type()
        price_name = self._price_type.name if self._price_type else _("Price")
        self.columns = (
            Column("picture", _("Picture"), picture, phone="picture", is_head_hidden=True,
                   exported=None),
            NAME,
            ARTICLE,
            UNIT,
            Column("price", price_name, "price", kind="money", unit="price_currency",
                   sort="price", phone="figure"),
            Column("stock", _("In stock"), free, kind="quantity", sort="free"),
            Column("code", _("Code"), sort="code", is_default=False),
            Column("barcode", _("Barcode"), is_default=False),
            Column("group", _("Group"), self._group, is_default=False),
            Column("kind", _("Kind"), is_default=False),
            Column("manufacturer", _("Manufacturer"), is_default=False),
            Column("country", _("Country"), is_default=False),
            Column("tax", _("Tax rate, %"), "tax_rate", kind="quantity", is_default=False,
                   field="tax_rate"),
        )  # fmt: skip
        super().__init__(request)

    def price_type(self) -> PriceType | None:
        """Return the default price type."""
        return self._price_type

    def joined(self, columns: Sequence[Column]) -> QuerySet[Any]:
        """Return the rows with the long texts too, where a column shows one."""
        rows = super().joined(columns)
        return rows.defer(None) if {each.field for each in columns} & _LONG else rows

    def offered(self) -> Sequence[BulkAction]:
        """Return the way into the archive, or out of it."""
        return (_BRING_BACK,) if self.wanted.chosen.is_archived else (_ARCHIVE,)

    def _group(self, row: Any) -> str:
        node = self.tree.by_id.get(row.group_id)
        return node.name if node else ""


class PriceList(GoodsList):
    """Products by name, with a column for each price type."""

    key = "prices"
    title = _("Price list")
    url_name = "catalog:prices"
    tables = ("catalog_price", "catalog_product", "catalog_pricetype")

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.types = selectors.price_types(request.user)
        self.columns = (NAME, ARTICLE, UNIT, *map(self._column, self.types))

    def price_type(self) -> PriceType | None:
        """Return the price type that is sorted by, else the default."""
        _order, key = self.ordering()
        sorted_by = (each for each in self.types if str(each.pk) == key)
        return next(sorted_by, self.types[0] if self.types else None)

    def found(self) -> QuerySet[Any]:
        """Return the products that fit, with their prices of all types."""
        return selectors.with_prices(super().found(), self.types)

    def prepare(self, rows: Sequence[Any]) -> None:
        """Add the prices of the page's rows."""
        for row in rows:
            row.told = selectors.told_prices(row)

    def _column(self, price_type: PriceType) -> Column:
        is_first = price_type is self.types[0]
        return Column(
            str(price_type.pk), price_type.name, partial(_price, price_type), kind="money",
            unit=partial(_currency, price_type), exported=partial(_amount, price_type),
            sort="price", phone="figure" if is_first else "meta",
        )  # fmt: skip


def _told(price_type: PriceType, row: Any) -> selectors.ToldPrice | None:
    told: dict[str, selectors.ToldPrice] = row.told
    return told.get(str(price_type.pk))


def _amount(price_type: PriceType, row: Any) -> Decimal | None:
    price = _told(price_type, row)
    return price.amount if price else None


def _currency(price_type: PriceType, row: Any) -> str:
    price = _told(price_type, row)
    return price.currency if price else ""


def _price(price_type: PriceType, row: Any) -> Decimal | SafeString | None:
    """Return the amount; the lowest of several variants says so."""
    price = _told(price_type, row)
    if price is None or not price.is_lowest:
        return price.amount if price else None
    text = money_text(price.amount, price.currency)
    word = pgettext("lowest price", "from")
    return format_html('<span class="muted">{}</span> {}', word, text)
