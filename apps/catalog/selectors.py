"""What screens, the invoice editor and the interface for programs read of the catalogue."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.fields import DecimalField, TextField
from django.db.models.functions import Cast, JSONObject
from django.urls import reverse
from django.utils.html import strip_tags

from apps.catalog import availability
from apps.catalog.availability import Quantity
from apps.catalog.confidential import shown, shown_types
from apps.catalog.folding import fold
from apps.catalog.models import (
    Characteristic,
    Price,
    PriceType,
    Product,
    ProductFile,
    ProductGroupLink,
    ProductPropertyValue,
)
from apps.core.formats import money_text, quantity_text
from apps.core.search import Found
from apps.core.searching import folded, matching, other_layout
from exchange.models import ExchangeSession, Node, Subject
from tenants.prepared import Prepared

_CODE_LENGTH = 5  # shorter words are not taken for the barcode or article of a variant
WITHOUT_GROUP = "none"


# Groups ---------------------------------------------------------------------------------------


@dataclass(eq=False)
class GroupNode:
    """A group in the tree with the number of products in it and below it."""

    id: UUID
    name: str
    parent_id: UUID | None
    count: int = 0
    depth: int = 0
    children: list[GroupNode] = field(default_factory=list)

    def walk(self) -> Iterable[GroupNode]:
        """Yield this group and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class GroupTree:
    """All groups: the top ones in order, any one by its key."""

    roots: list[GroupNode]
    by_id: dict[UUID, GroupNode]
    total: int
    without_group: int

    def below(self, group_id: UUID) -> list[UUID]:
        """Return the key of a group and of all groups below it."""
        node = self.by_id.get(group_id)
        return [each.id for each in node.walk()] if node else []

    def path(self, group_id: UUID | None) -> list[GroupNode]:
        """Return the groups from the top down to this one."""
        found: list[GroupNode] = []
        while group_id is not None and (node := self.by_id.get(group_id)) and node not in found:
            found.append(node)
            group_id = node.parent_id
        return found[::-1]

    def flat(self) -> list[GroupNode]:
        """Return all groups, parents before children."""
        return [node for root in self.roots for node in root.walk()]


# Products of a group that is archived come without one: they have no place in the tree.
_TREE = """
    SELECT g.id, g.name, g.parent_id, coalesce(p.number, 0)
    FROM (SELECT group_id, count(*) AS number FROM catalog_product
          WHERE is_archived = %s GROUP BY group_id) p
    FULL JOIN (SELECT id, name, parent_id, position FROM catalog_productgroup
               WHERE NOT is_archived) g ON g.id = p.group_id
    ORDER BY g.position, g.name, g.id
"""


def group_tree(*, is_archived: bool = False) -> GroupTree:
    """Return the tree of groups; counts are of products that are (not) archived. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_TREE, [is_archived])
        rows = cursor.fetchall()
    nodes = {key: GroupNode(key, name, parent, count) for key, name, parent, count in rows if key}
    roots = _plant(nodes)
    for root in roots:
        _add_up(root, depth=0)
    total = sum(count for *_, count in rows)
    return GroupTree(roots, nodes, total, total - sum(root.count for root in roots))


def _plant(nodes: dict[UUID, GroupNode]) -> list[GroupNode]:
    roots = []
    for node in nodes.values():
        parent = nodes.get(node.parent_id) if node.parent_id else None
        if parent is None or _is_ring(node, nodes):
            node.parent_id = None
            roots.append(node)
        else:
            parent.children.append(node)
    return roots


def _is_ring(node: GroupNode, nodes: dict[UUID, GroupNode]) -> bool:
    """Tell whether the group stands above itself, as a broken file may say."""
    seen = {node.id}
    above = nodes.get(node.parent_id) if node.parent_id else None
    while above is not None:
        if above.id in seen:
            return above.id == node.id
        seen.add(above.id)
        above = nodes.get(above.parent_id) if above.parent_id else None
    return False


def _add_up(node: GroupNode, *, depth: int) -> int:
    node.depth = depth
    node.count += sum(_add_up(child, depth=depth + 1) for child in node.children)
    return node.count


# Lists of products ----------------------------------------------------------------------------


@dataclass(frozen=True)
class ProductFilter:
    """What a person asked of the list."""

    query: str = ""
    groups: Sequence[UUID] | None = None  # None: all
    is_without_group: bool = False
    is_archived: bool = False
    in_stock: bool | None = None
    price_from: Decimal | None = None
    price_to: Decimal | None = None


def default_price_type() -> PriceType | None:
    """Return the price type shown where none is chosen."""
    return _default_price_type.first()


_default_price_type = Prepared(
    lambda: PriceType.objects.filter(is_archived=False).order_by(
        "-is_default", "created_at", "id"
    )[:1]
)


def price_types(user: Any) -> list[PriceType]:
    """Return the price types in use that a person sees, the default first."""
    return list(shown_types(user).order_by("-is_default", "created_at", "id"))


def products(*, chosen: ProductFilter, price_type: PriceType | None) -> QuerySet[Product]:
    """Return products with ``price``, ``price_currency``, ``free`` and ``picture_id``.

    ``price`` is that of the product itself, else the lowest of its variants; ``free`` what is free
    at all places; each is null when nobody told. Ordered by name as people sort.
    """
    found = Product.objects.filter(is_archived=chosen.is_archived)
    found = searched(found, chosen.query)
    if chosen.is_without_group:
        found = found.filter(group__isnull=True)
    elif chosen.groups is not None:
        found = found.filter(_stands_in(chosen.groups))
    found = with_picture(with_stock(with_price(found, price_type)))
    if chosen.price_from is not None:
        found = found.filter(Q(price__gte=chosen.price_from))
    if chosen.price_to is not None:
        found = found.filter(Q(price__lte=chosen.price_to))
    stock = availability.source()
    if chosen.in_stock is not None and stock is not None:
        found = found.filter(stock.is_available() if chosen.in_stock else ~stock.is_available())
    return (
        found.select_related("unit").defer("description", "full_name").order_by("sort_name", "id")
    )


def _stands_in(groups: Sequence[UUID]) -> Q:
    """Return the condition of standing in one of the groups, with the first or a further link."""
    first = Q(group__in=groups)
    linked = ProductGroupLink.objects.filter(group__in=groups)
    # Asked apart: joined by OR with a subquery the index on the group would not be used.
    return first | Q(pk__in=linked.values("product_id")) if linked.exists() else first


def searched(found: QuerySet[Product], query: str) -> QuerySet[Product]:
    """Keep the products in which every word of the query occurs, or whose variant has the code."""
    words = fold(query).split()
    if not words:
        return found
    if len(words) == 1 and len(words[0]) >= _CODE_LENGTH and any(c.isdigit() for c in words[0]):
        code = query.strip()
        variants = list(
            Characteristic.objects.filter(Q(barcode=code) | Q(article=code)).values_list(
                "product_id", flat=True
            )[:100]
        )
        if variants:
            return found.filter(pk__in=variants)
    return matching(found, query, by=None)


def with_price(found: QuerySet[Product], price_type: PriceType | None) -> QuerySet[Product]:
    """Add ``price``, ``price_currency`` and ``price_of_variant``."""
    if price_type is None:
        nothing = Value(None, output_field=DecimalField(max_digits=18, decimal_places=4))
        return found.annotate(price=nothing, price_currency=Value(""))
    prices = Price.objects.filter(product=OuterRef("pk"), price_type=price_type).order_by(
        F("characteristic_id").asc(nulls_first=True), "amount"
    )
    return found.annotate(
        price=Subquery(prices.values("amount")[:1]),
        price_currency=Subquery(prices.values("currency")[:1]),
    )


def with_stock(found: QuerySet[Product]) -> QuerySet[Product]:
    """Add ``free``: what is free at all places together, null when nothing is known."""
    stock = availability.source()
    if stock is None:
        return found.annotate(
            free=Value(None, output_field=DecimalField(max_digits=18, decimal_places=3))
        )
    return found.annotate(free=stock.total())


def with_picture(found: QuerySet[Product]) -> QuerySet[Product]:
    """Add ``picture_id``: the file of the first picture that has arrived."""
    pictures = (
        ProductFile.objects.filter(product=OuterRef("pk"), is_picture=True)
        .exclude(digest="")
        .order_by("position", "id")
    )
    return found.annotate(picture_id=Subquery(pictures.values("pk")[:1]))


# One product ----------------------------------------------------------------------------------


@dataclass
class Variant:
    """The product itself (``characteristic`` is ``None``) or a characteristic of it."""

    characteristic: Characteristic | None
    prices: dict[UUID, Price] = field(default_factory=dict)
    stock: dict[str, Decimal] = field(default_factory=dict)

    @property
    def free(self) -> Decimal | None:
        """What is free at all places together."""
        return sum(self.stock.values(), Decimal(0)) if self.stock else None


@dataclass(frozen=True)
class Line:
    """One row of the card's table."""

    variant: Variant
    prices: list[Price | None]
    amounts: list[Decimal | None]


@dataclass(frozen=True)
class ProductCard:
    """Everything the card of a product shows."""

    product: Product
    price_types: list[PriceType]
    places: list[str]
    variants: list[Variant]
    properties: list[tuple[str, str]]
    pictures: list[FileLine]
    files: list[FileLine]
    source: Source | None

    @property
    def lines(self) -> list[Line]:
        """The variants with their prices and quantities in the order of the columns."""
        return [
            Line(
                variant,
                [variant.prices.get(each.pk) for each in self.price_types],
                [variant.stock.get(place) for place in self.places],
            )
            for variant in self.variants
        ]

    @property
    def totals(self) -> list[Decimal]:
        """What is free at each place, all variants together."""
        stock = self.total.stock
        return [stock.get(place, Decimal(0)) for place in self.places]

    @property
    def description(self) -> str:
        """The description as plain text: 1C may send HTML, and nobody vouches for it."""
        return plain(self.product.description)

    @property
    def total(self) -> Variant:
        """Stock of all variants together, place by place."""
        totals: dict[str, Decimal] = defaultdict(Decimal)
        for variant in self.variants:
            for place, amount in variant.stock.items():
                totals[place] += amount
        return Variant(None, stock=dict(totals))


@dataclass(frozen=True)
class Source:
    """The 1C that owns a row, and when its latest run of the catalogue ended."""

    name: str
    latest_at: datetime | None


@dataclass(frozen=True)
class FileLine:
    """A picture or file of a product; without a digest its bytes have not arrived."""

    pk: str
    path: str
    description: str
    is_picture: bool
    digest: str
    size: int

    @property
    def file_name(self) -> str:
        """The path's last part."""
        return self.path.rsplit("/", 1)[-1]


def product_card(*, product_id: UUID, user: Any = None) -> ProductCard:
    """Return a product with everything its card shows a person, in four queries.

    :raises Product.DoesNotExist: there is no such product.
    """
    product: Any = _with_belongings(Product.objects.select_related("unit", "group")).get(
        pk=product_id
    )
    own = Variant(None)
    variants: dict[UUID | None, Variant] = {None: own} | {
        each.pk: Variant(each)
        for each in Characteristic.objects.filter(product=product, is_archived=False).order_by(
            "name", "id"
        )
    }
    types: dict[UUID, PriceType] = {}
    prices = Price.objects.filter(
        shown(user, path="price_type_id"), product=product, price_type__is_archived=False
    )
    for price in prices.select_related("price_type").order_by(
        "-price_type__is_default", "price_type__created_at", "price_type_id"
    ):
        if price.characteristic_id in variants:
            types[price.price_type_id] = price.price_type
            variants[price.characteristic_id].prices[price.price_type_id] = price
    places: list[str] = []
    for held in quantities([product.pk]):
        if held.characteristic_id in variants:
            variants[held.characteristic_id].stock[held.place] = held.amount
            if held.place not in places:
                places.append(held.place)
    files = [FileLine(**each) for each in product.file_lines]
    return ProductCard(
        product=product,
        price_types=list(types.values()),
        places=places,
        variants=[
            variant
            for variant in variants.values()
            if variant is not own or len(variants) == 1 or own.prices or own.stock
        ],
        properties=_properties(product),
        pictures=[each for each in files if each.is_picture and each.digest],
        files=[each for each in files if not each.is_picture],
        source=Source(product.node_name, product.exchanged_at) if product.node_name else None,
    )


def _with_belongings(found: QuerySet[Product]) -> QuerySet[Product]:
    """Add files, property values and the owner to each product, in the same query."""
    files = ProductFile.objects.filter(product=OuterRef("pk")).order_by("position", "id")
    values = ProductPropertyValue.objects.filter(product=OuterRef("pk")).order_by(
        "property__name", "option__value", "value"
    )
    finished = ExchangeSession.objects.filter(
        node=OuterRef("node_id"), subject=Subject.CATALOG, finished_at__isnull=False
    ).order_by("-finished_at")
    return found.annotate(
        file_lines=ArraySubquery(
            files.values(
                json=JSONObject(
                    pk="pk",
                    path="path",
                    description="description",
                    is_picture="is_picture",
                    digest="digest",
                    size="size",
                )
            )
        ),
        property_lines=ArraySubquery(
            values.values(
                json=JSONObject(name="property__name", option="option__value", value="value")
            )
        ),
        node_name=Subquery(Node.objects.filter(pk=OuterRef("node_id")).values("name")[:1]),
        exchanged_at=Subquery(finished.values("finished_at")[:1]),
    )


def quantities(product_ids: Sequence[UUID]) -> list[Quantity]:
    """Return what is free of these products, place by place."""
    stock = availability.source()
    return stock.of_products(product_ids) if stock is not None else []


def _properties(product: Any) -> list[tuple[str, str]]:
    values: dict[str, list[str]] = defaultdict(list)
    for each in product.property_lines:
        values[each["name"]].append(each["option"] or each["value"])
    for name, value in product.attributes.items():
        values[str(name)].append(str(value))
    return [(name, ", ".join(texts)) for name, texts in values.items()]


# Price list -----------------------------------------------------------------------------------


def prices_of(
    *, product_ids: Sequence[UUID], types: Sequence[PriceType]
) -> dict[UUID, dict[UUID, Price]]:
    """Return by product and price type the product's own price, else its variants' lowest."""
    found: dict[UUID, dict[UUID, Price]] = defaultdict(dict)
    rows = Price.objects.filter(product__in=product_ids, price_type__in=types).order_by(
        F("characteristic_id").asc(nulls_first=True), "amount", "id"
    )
    for price in rows:
        found[price.product_id].setdefault(price.price_type_id, price)
    return found


def with_prices(found: QuerySet[Product], types: Sequence[PriceType]) -> QuerySet[Product]:
    """Add ``price_lines``; ``told_prices`` reads them. In the same query, for lists."""
    prices = Price.objects.filter(product=OuterRef("pk"), price_type__in=types).order_by(
        F("characteristic_id").asc(nulls_first=True), "amount", "id"
    )
    line = JSONObject(
        type="price_type_id", amount=Cast("amount", TextField()), currency="currency",
        variant="characteristic_id",
    )  # fmt: skip
    return found.annotate(price_lines=ArraySubquery(prices.values(line=line)))


@dataclass(frozen=True)
class ToldPrice:
    """A price of a list; ``is_lowest`` when it is the lowest of the product's variants."""

    amount: Decimal
    currency: str
    is_lowest: bool


def told_prices(row: Any) -> dict[str, ToldPrice]:
    """Return by key of the price type the product's own price, else its variants' lowest."""
    told: dict[str, ToldPrice] = {}
    for line in row.price_lines:
        price = ToldPrice(Decimal(line["amount"]), line["currency"], line["variant"] is not None)
        told.setdefault(line["type"], price)
    return told


# Choosing a product ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """A product, or a variant of it, offered where one is chosen."""

    product_id: UUID
    characteristic_id: UUID | None
    name: str
    article: str
    unit: str
    tax_rate: Decimal | None
    is_service: bool
    price: Decimal | None
    currency: str
    free: Decimal | None
    picture_id: UUID | None

    def as_json(self) -> dict[str, Any]:
        """Return the choice as the picker's JSON: numbers as text, so that none is rounded."""
        return {
            "product": str(self.product_id),
            "characteristic": str(self.characteristic_id) if self.characteristic_id else None,
            "name": self.name,
            "article": self.article,
            "unit": self.unit,
            "tax_rate": None if self.tax_rate is None else f"{self.tax_rate.normalize():f}",
            "is_service": self.is_service,
            "price": None if self.price is None else _whole(self.price),
            "currency": self.currency,
            "free": None if self.free is None else f"{self.free.normalize():f}",
        }


def _whole(price: Decimal) -> str:
    """Return a price with all its digits, two at least after the point."""
    places = max(2, -int(price.normalize().as_tuple().exponent))
    return f"{price:.{places}f}"


def choices(*, query: str, price_type: PriceType | None, limit: int = 20) -> list[Choice]:
    """Return what the query finds, variants apart, each with its price and free stock."""
    found = list(products(chosen=ProductFilter(query=query), price_type=price_type)[:limit])
    return _offered(found, price_type)[:limit]


def choices_of(
    *, keys: Sequence[tuple[UUID, UUID | None]], price_type: PriceType | None
) -> list[Choice]:
    """Return these products and variants with price and free stock, in the order of the keys.

    A product asked for as such that has variants stands for all of them.
    """
    found = products(chosen=ProductFilter(), price_type=price_type).filter(
        pk__in={product_id for product_id, _ in keys}
    )
    offered = _offered(list(found), price_type) if keys else []
    wanted: list[Choice] = []
    for product_id, variant_id in dict.fromkeys(keys):
        wanted += [
            each for each in offered
            if each.product_id == product_id and variant_id in (None, each.characteristic_id)
        ]  # fmt: skip
    return wanted


def _offered(found: Sequence[Any], price_type: PriceType | None) -> list[Choice]:
    keys = [product.pk for product in found]
    variants: dict[UUID, list[Characteristic]] = defaultdict(list)
    for each in Characteristic.objects.filter(product__in=keys, is_archived=False).order_by(
        "name", "id"
    ):
        variants[each.product_id].append(each)
    varied = list(variants)
    prices = {
        (price.product_id, price.characteristic_id): price
        for price in Price.objects.filter(product__in=varied, price_type=price_type)
    }
    free: dict[tuple[UUID, UUID | None], Decimal] = defaultdict(Decimal)
    for held in quantities(varied) if varied else ():
        free[held.product_id, held.characteristic_id] += held.amount
    offered: list[Choice] = []
    for product in found:
        if product.pk not in variants:
            offered.append(_choice(product))
        for each in variants.get(product.pk, ()):
            price = prices.get((product.pk, each.pk)) or prices.get((product.pk, None))
            offered.append(_choice(product, each, price, free.get((product.pk, each.pk))))
    return offered


def _choice(
    product: Any,
    variant: Characteristic | None = None,
    price: Price | None = None,
    free: Decimal | None = None,
) -> Choice:
    return Choice(
        product_id=product.pk,
        characteristic_id=variant.pk if variant else None,
        name=f"{product.name} ({variant.name})" if variant else product.name,
        article=(variant.article if variant else "") or product.article,
        unit=product.unit.name if product.unit else "",
        tax_rate=product.tax_rate,
        is_service=product.is_service,
        price=(price.amount if price else None) if variant else product.price,
        currency=(price.currency if price else "") if variant else product.price_currency or "",
        free=free if variant else product.free,
        picture_id=product.picture_id,
    )


_BREAK = re.compile(r"<\s*(?:br|/p|/div|/li|/tr|/h[1-6])\b[^>]*>", re.IGNORECASE)
_UNSEEN = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)


def plain(text: str) -> str:
    """Return the words of a text that may hold HTML, once or twice escaped, its lines kept."""
    for _ in range(2):
        if "&" in text and "<" not in text:
            text = html.unescape(text)
    if "<" in text:
        text = html.unescape(strip_tags(_BREAK.sub("\n", _UNSEEN.sub("", text))))
    return re.sub(r"\n\s*\n+", "\n\n", text).strip()


def amount(text: str) -> Decimal | None:
    """Return the amount a person typed, with a comma or a point; ``None`` when it is none."""
    try:
        value = Decimal(text.replace("\u00a0", "").replace(" ", "").replace(",", "."))
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < Decimal(10) ** 13 else None


def found_in_palette(user: Any, query: str, limit: int) -> list[Found]:
    """Return the products the palette offers: article, price and free stock as the second line."""
    found = products(chosen=ProductFilter(query=query), price_type=default_price_type())[:limit]
    if not found and folded(other_layout(query)) != folded(query):
        meant = ProductFilter(query=other_layout(query))
        found = products(chosen=meant, price_type=default_price_type())[:limit]
    return [
        Found(
            title=each.name,
            detail=" · ".join(filter(None, [each.article, _price_text(each), _free_text(each)])),
            url=reverse("catalog:product", args=[each.pk]),
        )
        for each in found
    ]


def _price_text(product: Any) -> str:
    return "" if product.price is None else money_text(product.price, product.price_currency)


def _free_text(product: Any) -> str:
    if product.free is None or product.is_service:
        return ""
    return quantity_text(product.free, product.unit.name if product.unit else "")
