"""The stock screen: products by warehouses."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.rights import needs
from apps.catalog import selectors as catalogue
from apps.catalog.views.asking import asked, key, page_of
from apps.inventory import selectors


@require_safe
@needs("stock.view")
def stock_list(request: HttpRequest) -> HttpResponse:
    """Show what is on hand at each warehouse and together; ``?part=rows`` alone."""
    tree = catalogue.group_tree()
    wanted = asked(request, tree)
    places = selectors.warehouses()
    found = catalogue.products(chosen=wanted.chosen, price_type=None)
    rows, following = page_of(found, after=key(request.GET.get("after", "")))
    balances = selectors.balances_of(product_ids=[row.pk for row in rows])
    places = [each for each in places if not each.is_total or selectors.is_used(each)]
    context: dict[str, Any] = {
        "tree": tree,
        "asked": wanted,
        "nodes": tree.flat(),
        "path": tree.path(wanted.group_id),
        "places": [(each, selectors.place_name(each)) for each in places],
        "rows": [(row, [balances[row.pk].get(each.pk) for each in places]) for row in rows],
        "following": following,
    }
    is_part = request.GET.get("part") == "rows"
    return render(request, "inventory/_rows.html" if is_part else "inventory/stock.html", context)
