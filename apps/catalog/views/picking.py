"""Choosing a product with its price and free stock beside the name."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.rights import needs
from apps.catalog import selectors
from apps.catalog.confidential import shown
from apps.catalog.models import PriceType

_MOST = 50


@require_safe
@needs("products.view")
def pick(request: HttpRequest) -> HttpResponse:
    """Offer what ``q`` finds: ``/catalog/pick/?q=&price_type=&limit=``.

    ``q`` is words of the name, an article, a code or a barcode; empty gives the first products by
    name. ``price_type`` is the key of a price type, as the counterparty's terms of trade say; an
    unknown or missing one is the default. ``counterparty`` may be sent and is not read: the caller
    knows its terms.

    With ``Accept: application/json`` or ``format=json`` the answer is ``{"price_type": key | null,
    "results": [{"product", "characteristic": key | null, "name", "article", "unit", "tax_rate",
    "is_service", "price", "currency", "free"}]}``; numbers are text with a point, ``null`` when
    nobody told. A product with variants is offered as its variants. Otherwise the same as
    ``<li role="option">`` with the values in ``data-…`` attributes of the same names.
    """
    price_type = _price_type(request)
    found = selectors.choices(
        query=request.GET.get("q", ""), price_type=price_type, limit=_limit(request)
    )
    if _wants_json(request):
        return JsonResponse(
            {
                "price_type": str(price_type.pk) if price_type else None,
                "results": [choice.as_json() for choice in found],
            }
        )
    context = {"choices": found, "price_type": price_type, "query": request.GET.get("q", "")}
    return render(request, "catalog/_choices.html", context)


def _wants_json(request: HttpRequest) -> bool:
    accepted = request.headers.get("Accept", "")
    return request.GET.get("format") == "json" or accepted.startswith("application/json")


def _price_type(request: HttpRequest) -> PriceType | None:
    key = request.GET.get("price_type", "")
    try:
        seen = PriceType.objects.filter(shown(request.user))
        chosen = seen.filter(pk=UUID(key)).first() if key else None
    except ValueError:
        chosen = None
    return chosen or selectors.default_price_type()


def _limit(request: HttpRequest) -> int:
    text = request.GET.get("limit", "")
    return min(max(int(text), 1), _MOST) if text.isdecimal() else 20
