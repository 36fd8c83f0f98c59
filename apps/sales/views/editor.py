"""Writing an invoice: the head, the lines, totals and shortages while typing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.rights import can, covers, needs, visible
from apps.catalog.confidential import shown, shown_types
from apps.catalog.models import PriceType
from apps.catalog.selectors import Choice, choices, choices_of, default_price_type
from apps.core import tagging
from apps.core.formats import money_text, quantity_text
from apps.core.objects import Refused
from apps.counterparties.models import Counterparty
from apps.custom.forms import CustomInputs
from apps.sales import selectors, services, words
from apps.sales.forms import InvoiceForm, LineForms
from apps.sales.models import Invoice, InvoiceStatus, TradeTerms
from apps.sales.services import InvoiceChangedMeanwhile, SalesError
from apps.sales.services.stock import free_quantities
from apps.sales.together import bought_with
from apps.sales.totals import document_totals, line_totals
from apps.sales.views.common import invoice_or_404, key, person, refused
from tenants.current import company_of

DAYS_TO_PAY = 5
MOST_LINES = 100


@require_http_methods(["GET", "POST"])
@needs("invoices.create")
def new(request: HttpRequest) -> HttpResponse:
    """Write an invoice; ``?counterparty=`` has the customer filled in."""
    offered = selectors.editor_choices(request.user)
    if not offered.organization:
        messages.warning(request, _("Enter your own organization first: it stands on invoices."))
        return redirect("finance:organizations")
    known = _customers(request)
    if request.method == "GET":
        form = InvoiceForm(
            initial=_initial(request, offered), currency=company_of(request).currency,
            customers=known,
        )  # fmt: skip
        return _page(request, form, LineForms([]), None, offered=offered)
    form = InvoiceForm(request.POST, currency=company_of(request).currency, customers=known)
    form.narrow(price_types=shown_types(request.user))
    lines = LineForms.posted(request.POST)
    inputs = CustomInputs("invoices", request.POST, by=request.user)
    if "more" in request.POST or not (form.is_valid() & lines.is_valid() & inputs.is_valid()):
        return _page(request, form, lines, None, inputs=inputs)
    try:
        with transaction.atomic():
            invoice = services.create_invoice(
                values=form.values(lines), by=person(request), now=timezone.now()
            )
            inputs.keep(invoice, is_new=True)
    except Refused as error:
        inputs.take(error.errors)
        return _page(request, form, lines, None, inputs=inputs)
    return _after(request, invoice)


@require_http_methods(["GET", "POST"])
@needs("invoices.edit")
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change an invoice; one that was saved meanwhile is shown with the difference."""
    invoice = invoice_or_404(request, pk, "invoices.edit")
    try:
        services.require_changeable(invoice)
    except SalesError as error:
        refused(request, error)
        return redirect("sales:card", pk)
    known = _customers(request, invoice)
    if request.method == "GET":
        form = InvoiceForm(
            initial=InvoiceForm.initial_of(invoice), currency=company_of(request).currency,
            customers=known,
        )  # fmt: skip
        return _page(request, form, LineForms.of_lines(list(invoice.lines.all())), invoice)
    form = InvoiceForm(request.POST, currency=company_of(request).currency, customers=known)
    form.narrow(price_types=shown_types(request.user, but=invoice.price_type_id))
    lines = LineForms.posted(request.POST)
    inputs = CustomInputs("invoices", request.POST, row=invoice, by=request.user)
    if "more" in request.POST or not (form.is_valid() & lines.is_valid() & inputs.is_valid()):
        return _page(request, form, lines, invoice, inputs=inputs)
    try:
        with transaction.atomic():
            invoice = services.change_invoice(
                invoice_id=pk,
                values=form.values(lines),
                version=form.cleaned_data["version"] or 0,
                by=person(request),
                now=timezone.now(),
            )
            services.keep_own_fields(
                invoice=invoice, values=inputs.values(), by=person(request), now=timezone.now()
            )
    except InvoiceChangedMeanwhile as changed:
        return _page(request, form, lines, changed.current, has_moved=True, inputs=inputs)
    except Refused as error:
        inputs.take(error.errors)
        return _page(request, form, lines, invoice, inputs=inputs)
    except SalesError as error:
        refused(request, error)
        return redirect("sales:card", pk)
    return _after(request, invoice)


@require_POST
@needs("invoices.change")
def totals(request: HttpRequest) -> JsonResponse:
    """Say what the lines of the page come to and what is short, while they are typed."""
    return JsonResponse(told_totals(request))


def told_totals(request: HttpRequest) -> dict[str, Any]:
    """Return what the lines of the page come to and what is short.

    ``{"lines": [{"total", "problem"}], "total", "tax", "net", "shortages": [text]}``; amounts as
    the page shows them.
    """
    lines = LineForms.posted(request.POST)
    included = bool(request.POST.get("is_tax_included"))
    currency = request.POST.get("currency", "")[:3]
    told: list[dict[str, str]] = []
    sums = []
    valid = lines.valid_values()
    for values in valid:
        if values is None:
            told.append({"total": "", "tax": ""})
            continue
        line = line_totals(
            quantity=values.quantity, price=values.price, tax_rate=values.tax_rate,
            discount_percent=values.discount_percent, is_tax_included=included,
        )  # fmt: skip
        sums.append(line)
        told.append({"total": money_text(line.total), "tax": money_text(line.tax)})
    document = document_totals(sums)
    short = services.shortages(
        lines=[(v.product_id, v.characteristic_id, v.quantity) for v in valid if v is not None],
        invoice_id=_seen_invoice(request, request.POST.get("invoice", "")),
    )
    return {
        "lines": told,
        "total": money_text(document.total, currency),
        "tax": money_text(document.tax, currency),
        "net": money_text(document.total - document.tax, currency),
        "shortages": [
            {
                "product": str(each.product_id),
                "characteristic": str(each.characteristic_id or ""),
                "text": words.short_text(each),
            }
            for each in short
        ]
        if services.stock_check() != "ignore"
        else [],
    }


@require_safe
@needs("invoices.change")
def customers(request: HttpRequest) -> JsonResponse:
    """Offer customers for ``q``: ``{"results": [{"id", "name", "detail", "price_type", …}]}``."""
    found = selectors.customers(person(request), request.GET.get("q", "")[:100])
    return JsonResponse({"results": found})


@require_safe
@needs("invoices.change")
def products(request: HttpRequest) -> JsonResponse:
    """Offer products for ``q`` as ``/catalog/pick/`` does; free is less what others promised.

    ``?q=&price_type=&invoice=``; the invoice's own promise does not count against it.
    """
    return JsonResponse({"results": offered_products(request)})


def offered_products(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the products a query of an editor finds, with price and what is free.

    ``?with=key,key`` asks for what is bought together with these products instead (F145).
    """
    wanted = key(request.GET.get("price_type", ""))
    seen = PriceType.objects.filter(shown(request.user))
    price_type = seen.filter(pk=wanted).first() if wanted else None
    price_type = price_type or default_price_type()
    if "with" in request.GET:
        return _bought_with(request, price_type)
    found = choices(query=request.GET.get("q", "")[:100], price_type=price_type)
    free = free_quantities(
        product_ids=list({choice.product_id for choice in found}),
        but_invoice=_seen_invoice(request, request.GET.get("invoice", "")),
    )
    return [_offered(choice, free) for choice in found]


def _bought_with(request: HttpRequest, price_type: PriceType | None) -> list[dict[str, Any]]:
    """Return what goes with the products of an editor's lines; of variants the first."""
    given = request.GET["with"].split(",")[:MOST_LINES]
    products = {pk for text in given if (pk := key(text)) is not None}
    times = dict(bought_with(request.user, products, today=timezone.localdate()))
    found: dict[UUID, Choice] = {}
    for choice in choices_of(keys=[(pk, None) for pk in times], price_type=price_type):
        found.setdefault(choice.product_id, choice)
    free = free_quantities(
        product_ids=list(found), but_invoice=_seen_invoice(request, request.GET.get("invoice", ""))
    )
    return [
        _offered(choice, free)
        | {"times_text": ngettext(
            "together on %(count)d invoice", "together on %(count)d invoices", times[pk]
        ) % {"count": times[pk]}}
        for pk, choice in found.items()
    ]  # fmt: skip


def _offered(choice: Choice, free: Mapping[tuple[UUID, UUID | None], Decimal]) -> dict[str, Any]:
    left = free.get((choice.product_id, choice.characteristic_id))
    return choice.as_json() | {
        "price_text": "" if choice.price is None else money_text(choice.price, choice.currency),
        "free": None if left is None or choice.is_service else f"{left.normalize():f}",
        "free_text": "" if left is None else quantity_text(left, choice.unit),
    }


def _initial(request: HttpRequest, offered: selectors.EditorChoices) -> dict[str, Any]:
    today = timezone.localdate()
    wanted = key(request.GET.get("counterparty", ""))
    partner = _customers(request).filter(pk=wanted).first() if wanted else None
    terms = TradeTerms.objects.filter(counterparty=partner).first() if partner else None
    price_type = (terms.price_type if terms else None) or default_price_type()
    days = terms.payment_days if terms else DAYS_TO_PAY
    return {
        "counterparty": partner.pk if partner else None,
        "counterparty_name": partner.name if partner else "",
        "organization": offered.organization[0][0],
        "issued_on": today,
        "due_on": today + timedelta(days=days),
        "price_type": price_type.pk if price_type else None,
        "currency": price_type.currency if price_type else company_of(request).currency,
        "responsible": request.user.pk,
        "is_tax_included": price_type.is_tax_included if price_type else True,
    }


def _seen_invoice(request: HttpRequest, text: str) -> UUID | None:
    """Return the invoice on the page, whose own promise of stock does not count against it."""
    wanted = key(text)
    rows = Invoice.objects.filter(pk=wanted) if wanted else Invoice.objects.none()
    return wanted if visible(request.user, rows, "invoices.view").exists() else None


def _customers(request: HttpRequest, invoice: Invoice | None = None) -> QuerySet[Counterparty]:
    """Return whom the writer may invoice: whom they see, and whoever stands on the invoice."""
    seen = visible(request.user, Counterparty.objects.all(), "counterparties.view")
    if invoice is None:
        return seen
    return Counterparty.objects.filter(Q(pk__in=seen.values("pk")) | Q(pk=invoice.counterparty_id))


def _after(request: HttpRequest, invoice: Invoice) -> HttpResponse:
    """Go on as the button said: issue at once, or just show what was saved."""
    wants_issue = request.POST.get("then") == "issue" and invoice.status == InvoiceStatus.DRAFT
    if wants_issue and covers(request.user, invoice, "invoices.issue"):
        try:
            services.issue_invoice(invoice_id=invoice.pk, by=person(request), now=timezone.now())
        except SalesError as error:
            refused(request, error)
            return redirect("sales:card", invoice.pk)
        invoice.refresh_from_db()
        messages.success(request, _("Invoice %(number)s is issued.") % {"number": invoice})
    else:
        messages.success(request, _("The invoice is saved."))
    return redirect("sales:card", invoice.pk)


def _page(
    request: HttpRequest,
    form: InvoiceForm,
    lines: LineForms,
    invoice: Invoice | None,
    *,
    has_moved: bool = False,
    inputs: CustomInputs | None = None,
    offered: selectors.EditorChoices | None = None,
) -> HttpResponse:
    chosen = invoice.price_type_id if invoice is not None else None
    form.offer(offered or selectors.editor_choices(request.user, price_type=chosen))
    context: dict[str, Any] = {
        "form": form,
        "inputs": inputs or CustomInputs("invoices", row=invoice, by=request.user),
        "lines": lines,
        "rows": lines.shown(empty=1 if lines.forms else 3),
        "blank": LineForms([]).shown(empty=1)[0],
        "invoice": invoice,
        "known_tags": tagging.tags(),
        "may_issue": can(request.user, "invoices.issue")
        and (invoice is None or invoice.status == InvoiceStatus.DRAFT),
    }
    if has_moved and invoice is not None:
        context["current"] = selectors.card(invoice.pk)
        context["version"] = invoice.version
    else:
        context["version"] = form["version"].value() or (invoice.version if invoice else "")
    status = 200
    if has_moved:
        status = 409
    elif form.is_bound and "more" not in request.POST:
        status = 422
    return render(request, "sales/editor.html", context, status=status)
