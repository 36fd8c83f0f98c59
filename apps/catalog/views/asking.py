"""What an address asks of a list of products, and the next page of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from apps.catalog.models import Product
from apps.catalog.selectors import WITHOUT_GROUP, GroupTree, ProductFilter, amount

PAGE = 50
STOCK = {"yes": True, "no": False}


@dataclass(frozen=True)
class Asked:
    """The filter of an address with the texts it was made of."""

    chosen: ProductFilter
    group_id: UUID | None
    texts: dict[str, str]

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything but the group narrows the list."""
        return any(value for name, value in self.texts.items() if name != "group")

    def address(self, **changes: Any) -> str:
        """Return the query string of this list with some of it changed; ``None`` leaves out."""
        texts = {**self.texts, **changes}
        return urlencode({name: value for name, value in texts.items() if value})


def asked(request: HttpRequest, tree: GroupTree) -> Asked:
    """Read the filter of an address; what cannot be read asks for nothing."""
    names = ("q", "group", "stock", "archived", "price_from", "price_to")
    texts = {name: request.GET.get(name, "").strip() for name in names}
    group_id = key(texts["group"])
    if group_id not in tree.by_id:
        group_id = None
    return Asked(
        chosen=ProductFilter(
            query=texts["q"],
            groups=tree.below(group_id) if group_id else None,
            is_without_group=texts["group"] == WITHOUT_GROUP,
            is_archived=texts["archived"] == "yes",
            in_stock=STOCK.get(texts["stock"]),
            price_from=amount(texts["price_from"]),
            price_to=amount(texts["price_to"]),
        ),
        group_id=group_id,
        texts=texts,
    )


def key(text: str) -> UUID | None:
    """Return the key a person's address holds; ``None`` when it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def page_of(
    found: QuerySet[Product], *, after: UUID | None, size: int = PAGE
) -> tuple[list[Product], UUID | None]:
    """Return the products after this one by name, and what the next page stands after."""
    last = None
    if after is not None:
        last = Product.objects.filter(pk=after).values_list("sort_name", flat=True).first()
    if after is not None and last is not None:
        found = found.filter(Q(sort_name__gte=last) & (Q(sort_name__gt=last) | Q(pk__gt=after)))
    rows = list(found[: size + 1])
    return rows[:size], rows[size - 1].pk if len(rows) > size else None
