"""The price list: products by price types."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.rights import needs
from apps.catalog import selectors
from apps.catalog.views.asking import asked, key, page_of

PRINTED = 2000  # rows of a printed list


@require_safe
@needs("products.view")
def price_list(request: HttpRequest) -> HttpResponse:
    """Show prices by type; ``?part=rows`` alone, ``?print=yes`` whole and bare for paper."""
    tree = selectors.group_tree()
    wanted = asked(request, tree)
    types = selectors.price_types()
    is_printed = request.GET.get("print") == "yes"
    found = selectors.products(chosen=wanted.chosen, price_type=types[0] if types else None)
    rows, following = page_of(
        found,
        after=key(request.GET.get("after", "")),
        **({"size": PRINTED} if is_printed else {}),
    )
    prices = selectors.prices_of(product_ids=[row.pk for row in rows], types=types)
    context: dict[str, Any] = {
        "tree": tree,
        "asked": wanted,
        "nodes": tree.flat(),
        "path": tree.path(wanted.group_id),
        "types": types,
        "rows": [(row, [prices[row.pk].get(each.pk) for each in types]) for row in rows],
        "following": following,
        "now": timezone.localtime(),
    }
    if is_printed:
        return render(request, "catalog/prices_print.html", context)
    is_part = request.GET.get("part") == "rows"
    return render(
        request, "catalog/_price_rows.html" if is_part else "catalog/prices.html", context
    )
