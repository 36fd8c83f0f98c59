"""The price list: products by price types."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.rights import needs
from apps.catalog import selectors
from apps.catalog.lists import PriceList
from apps.core.lists import show_list

PRINTED = 2000  # rows of a printed list


@require_safe
@needs("products.view")
def price_list(request: HttpRequest) -> HttpResponse:
    """Show prices by type; ``?part=`` pieces alone, ``?print=yes`` whole and bare for paper."""
    screen = PriceList(request)
    if request.GET.get("part") == "tree":
        return render(request, "catalog/_tree.html", screen.beside())
    if request.GET.get("print") == "yes":
        return _printed(request, screen)
    return show_list(request, screen, template="catalog/prices.html", context=screen.beside())


def _printed(request: HttpRequest, screen: PriceList) -> HttpResponse:
    rows = list(screen.found()[: PRINTED + 1])
    types = screen.types
    prices = selectors.prices_of(product_ids=[row.pk for row in rows[:PRINTED]], types=types)
    context = {
        "path": screen.tree.path(screen.wanted.group_id),
        "types": types,
        "rows": [(row, [prices[row.pk].get(each.pk) for each in types]) for row in rows[:PRINTED]],
        "following": len(rows) > PRINTED,
        "now": timezone.localtime(),
    }
    return render(request, "catalog/prices_print.html", context)
