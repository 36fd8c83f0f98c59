"""The point of sale: one page, one field to scan into, one key to take the order."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

import uuid_utils.compat
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.rights import needs, visible
from apps.core.models import StockCheck
from apps.counterparties.models import Counterparty
from apps.sales import services, words
from apps.sales import till as work
from apps.sales.models import Invoice
from apps.sales.services import SalesError
from apps.sales.views.common import key, person
from tenants.current import company_of

MOST_LINES = 200
MOST = Decimal(1_000_000)
Lines = list[tuple[work.Key, Decimal]]


@require_http_methods(["GET", "POST"])
@needs("till.use")
def till(request: HttpRequest) -> HttpResponse:
    """Show an empty till; posted, look up what was scanned, or take the order."""
    if request.method == "GET":
        return _page(request, None, [], uuid_utils.compat.uuid7(), latest=_latest(request))
    posted = request.POST
    order = key(posted.get("order", "")) or uuid_utils.compat.uuid7()
    customer = _customer(request)
    lines = _lines(posted)
    if "take" in posted:
        return _take(request, customer, lines, order)
    found = work.Scanned()
    code = posted.get("code", "").strip()
    if code and not _is_choosing(posted):
        found = work.scan(
            code=code, price_type=work.price_type_for(customer), by=person(request)
        )
        if found.customer is not None:
            customer = found.customer
        elif found.product is not None:
            _add(lines, (found.product.product_id, found.product.characteristic_id))
    return _page(request, customer, lines, order, found=found, code=code)


def _take(
    request: HttpRequest, customer: Counterparty | None, lines: Lines, order: UUID
) -> HttpResponse:
    basket = work.basket_of(customer=customer, lines=lines, currency=company_of(request).currency)
    problem = ""
    try:
        invoice = work.take_order(
            key=order, basket=basket, comment=request.POST.get("comment", "")[:500],
            by=person(request), today=timezone.localdate(), now=timezone.now(),
        )  # fmt: skip
    except work.NoOrganization:
        messages.warning(request, _("Enter your own organization first: it stands on invoices."))
        return redirect("finance:organizations")
    except work.NoPrice as missing:
        problem = _("“%(name)s” has no price for this customer.") % {"name": missing.name}
    except SalesError as error:
        problem = words.refusal(error)
    if problem:
        return _page(request, customer, lines, order, problem=problem)
    return redirect(f"{request.path}?order={invoice.pk}")


def _page(
    request: HttpRequest, customer: Counterparty | None, lines: Lines, order: UUID, *,
    found: work.Scanned | None = None, code: str = "", problem: str = "",
    latest: Invoice | None = None,
) -> HttpResponse:  # fmt: skip
    basket = work.basket_of(customer=customer, lines=lines, currency=company_of(request).currency)
    context: dict[str, Any] = {
        "basket": basket, "order": order, "found": found, "typed": code, "problem": problem,
        "latest": latest, "is_missing": bool(code and found and found.is_nothing),
        "refuses": services.stock_check() == StockCheck.REFUSE,
        "comment": request.POST.get("comment", ""),
    }  # fmt: skip
    is_part = request.headers.get("HX-Request") == "true"
    template = "sales/_till.html" if is_part else "sales/till.html"
    return render(request, template, context, status=422 if problem and not is_part else 200)


def _customer(request: HttpRequest) -> Counterparty | None:
    posted = request.POST
    chosen = key(posted.get("choose_customer", "")) or key(posted.get("customer", ""))
    if chosen is None or "no_customer" in posted:
        return None
    rows = Counterparty.objects.filter(pk=chosen, is_archived=False)
    return visible(request.user, rows, "counterparties.view").first()


def _lines(posted: QueryDict) -> Lines:
    """Return the basket of the page: ``line`` is ``product`` or ``product:variant``."""
    lines: Lines = []
    removed = posted.get("remove", "")
    pairs = zip(posted.getlist("line"), posted.getlist("quantity"), strict=False)
    for text, quantity in list(pairs)[:MOST_LINES]:
        found = _pair(text)
        if found is not None and text != removed:
            lines.append((found, _quantity(quantity)))
    chosen = _pair(posted.get("choose_product", ""))
    if chosen is not None:
        _add(lines, chosen)
    return [line for line in lines if line[1] > 0]


def _add(lines: Lines, wanted: work.Key) -> None:
    """Put one more of something into the basket."""
    for place, (known, quantity) in enumerate(lines):
        if known == wanted:
            lines[place] = (known, quantity + 1)
            return
    lines.append((wanted, Decimal(1)))


def _pair(text: str) -> work.Key | None:
    product, _colon, variant = text.partition(":")
    found = key(product)
    return None if found is None else (found, key(variant))


def _quantity(text: str) -> Decimal:
    try:
        value = Decimal("".join(text.split()).replace(",", "."))
    except InvalidOperation:
        return Decimal(1)
    if not value.is_finite() or value < 0:
        return Decimal(1)
    return round(min(value, MOST), 3)


def _is_choosing(posted: QueryDict) -> bool:
    return any(name in posted for name in ("choose_product", "choose_customer", "remove",
                                           "no_customer"))  # fmt: skip


def _latest(request: HttpRequest) -> Invoice | None:
    """Return the order that was taken a moment ago."""
    found = key(request.GET.get("order", ""))
    if found is None:
        return None
    rows = Invoice.objects.select_related("counterparty").filter(pk=found)
    return visible(request.user, rows, "invoices.view").first()
