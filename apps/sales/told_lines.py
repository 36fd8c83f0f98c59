"""Lines of invoices and deals as programs say them: a product or a name, a quantity, a price.

A line that names the ``id`` of one that stands there changes that one, so that 1C, offices and the
history know it again; what no line names goes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.catalog.confidential import hidden_types
from apps.catalog.models import Characteristic, Price, Product
from apps.core.objects import Field, Refused
from apps.sales.services import LineValues

LINE_PARTS = (
    Field("id", gettext_lazy("Line"), "key"),
    Field("product", gettext_lazy("Product"), "relation", related="products"),
    Field("characteristic", gettext_lazy("Characteristic"), "key"),
    Field("name", gettext_lazy("Name")),
    Field("article", gettext_lazy("Article")),
    Field("unit", gettext_lazy("Unit")),
    Field("quantity", gettext_lazy("Quantity"), "quantity", is_required=True),
    Field("price", gettext_lazy("Price"), "money",
          help=gettext_lazy("Without it, that of the product at the price type.")),
    Field("discount_percent", gettext_lazy("Discount, %"), "number"),
    Field("tax_rate", gettext_lazy("Tax rate"), "number"),
    Field("total", gettext_lazy("Total"), "money", is_writable=False),
)  # fmt: skip
_TAKEN = ("name", "article", "unit", "quantity", "price", "discount_percent", "tax_rate")
_PLACES = {"quantity": 3, "price": 4, "discount_percent": 2, "tax_rate": 2}
_MOST = Decimal(10) ** 12  # a line comes to less: a document's sum has its column


@dataclass(frozen=True)
class Document:
    """What lines are said of: the lines that stand there, and the prices it sells at."""

    known: Collection[UUID] = ()
    price_type_id: UUID | None = None
    currency: str = ""


def told(line: Any) -> dict[str, Any]:
    """Return a line as programs read it."""
    return {
        "id": line.pk, "product": line.product_id, "characteristic": line.characteristic_id,
        "total": line.total, **{name: getattr(line, name) for name in _TAKEN},
    }  # fmt: skip


def as_it_is(line: Any) -> LineValues:
    """Return a line that stays as it stands, whatever is said of its document."""
    return LineValues(
        id=line.pk, product_id=line.product_id, characteristic_id=line.characteristic_id,
        is_tax_rate_given=True, **{name: getattr(line, name) for name in _TAKEN},
    )  # fmt: skip


def line_values(
    given: Sequence[Mapping[str, Any]] | None, *, of: Document, by: Any
) -> list[LineValues]:
    """Return the lines that a program names as the services take them.

    What a line leaves unsaid is the product's: name, article, unit, tax rate, and the price at the
    document's price type, if the person sees that.

    :raises Refused: with a sentence for each line that cannot be taken.
    """
    rows = list(given or ())
    catalogue = _Catalogue(rows, of=of, by=by)
    taken, errors = [], []
    for number, each in enumerate(rows, start=1):
        values = {**each, **catalogue.completes(each)}
        sentence = _problem(values, catalogue, of) or _out_of_bounds(values)
        if sentence:
            errors.append(_("Line %(number)d: %(problem)s") % {
                "number": number, "problem": sentence
            })  # fmt: skip
        else:
            taken.append(_line(values))
    if errors:
        raise Refused({"lines": errors})
    return taken


class _Catalogue:
    """The products, variants and prices that some lines name, each read once."""

    def __init__(self, rows: Iterable[Mapping[str, Any]], *, of: Document, by: Any) -> None:
        rows = list(rows)
        keys = {each["product"] for each in rows if each.get("product")}
        variants = {each["characteristic"] for each in rows if each.get("characteristic")}
        self.products: dict[UUID, Product] = (
            Product.objects.select_related("unit").in_bulk(keys) if keys else {}
        )
        self.variants = dict(
            Characteristic.objects.filter(pk__in=variants).values_list("pk", "product_id")
        ) if variants else {}  # fmt: skip
        needs_price = {each.get("product") for each in rows if each.get("price") is None} - {None}
        self._prices = self._read_prices(needs_price, of, by)

    @staticmethod
    def _read_prices(keys: set[Any], of: Document, by: Any) -> dict[Any, Decimal]:
        if not keys or of.price_type_id is None or of.price_type_id in hidden_types(by):
            return {}
        rows = Price.objects.filter(product__in=keys, price_type=of.price_type_id)
        rows = rows.filter(currency=of.currency) if of.currency else rows
        return {(row.product_id, row.characteristic_id): row.amount for row in rows}

    def completes(self, line: Mapping[str, Any]) -> dict[str, Any]:
        """Return what of a line is said by its product."""
        product = self.products.get(line.get("product"))  # type: ignore[arg-type]  # or nothing
        if product is None:
            return {"name": str(line.get("name") or "").strip()}
        variant = line.get("characteristic")
        price = line.get("price")
        if price is None:
            price = self._prices.get((product.pk, variant), self._prices.get((product.pk, None)))
        return {
            "name": str(line.get("name") or product.name).strip(),
            "article": line.get("article") or product.article,
            "unit": line.get("unit") or (product.unit.name if product.unit else ""),
            "price": price,
        }


def _problem(line: Mapping[str, Any], catalogue: _Catalogue, of: Document) -> str:
    product, variant = line.get("product"), line.get("characteristic")
    if line.get("id") and line["id"] not in of.known:
        return _("there is no such line.")
    if product and product not in catalogue.products:
        return _("there is no such product.")
    if variant and (not product or catalogue.variants.get(variant) != product):
        return _("the product has no such characteristic.")
    if not line.get("name"):
        return _("name a product.")
    if line.get("quantity") is None or line["quantity"] <= 0:
        return _("the quantity is above zero.")
    if line.get("price") is None or line["price"] < 0:
        return _("it needs a price.")
    return ""


def _out_of_bounds(line: Mapping[str, Any]) -> str:
    for name in ("discount_percent", "tax_rate"):
        if line.get(name) is not None and not 0 <= line[name] <= 100:
            return _("discount and tax are from 0 to 100 %.")
    for name, places in _PLACES.items():
        value = line.get(name)
        if value is not None and value != round(value, places):
            return _("“%(value)s” has too many digits.") % {"value": f"{value:f}"}
    if line["quantity"] * line["price"] >= _MOST:
        return _("it comes to more than can be kept.")
    return ""


def _line(line: Mapping[str, Any]) -> LineValues:
    return LineValues(
        id=line.get("id"),
        name=line["name"][:500],
        quantity=line["quantity"],
        price=line["price"],
        product_id=line.get("product"),
        characteristic_id=line.get("characteristic"),
        article=str(line.get("article") or "")[:100],
        unit=str(line.get("unit") or "")[:50],
        discount_percent=line.get("discount_percent") or Decimal(0),
        tax_rate=line.get("tax_rate"),
        is_tax_rate_given=line.get("tax_rate") is not None,
    )
