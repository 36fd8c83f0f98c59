"""The stock screen: products by warehouses."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.rights import needs
from apps.core.lists import show_list
from apps.inventory.lists import StockList


@require_safe
@needs("stock.view")
def stock_list(request: HttpRequest) -> HttpResponse:
    """Show what is on hand at each warehouse and together; ``?part=`` pieces alone."""
    screen = StockList(request)
    if request.GET.get("part") == "tree":
        return render(request, "catalog/_tree.html", screen.beside())
    return show_list(request, screen, template="inventory/stock.html", context=screen.beside())
