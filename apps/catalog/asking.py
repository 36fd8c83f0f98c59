"""What an address asks of a list of products."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest

from apps.catalog.selectors import WITHOUT_GROUP, GroupTree, ProductFilter, amount

STOCK = {"yes": True, "no": False}


@dataclass(frozen=True)
class Asked:
    """The filter of an address with the texts it was made of."""

    chosen: ProductFilter
    group_id: UUID | None
    texts: dict[str, str]

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
