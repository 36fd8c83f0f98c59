"""Writing a deal: head and lines on one page, by keyboard, as invoices are written."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.rights import needs, visible
from apps.accounts.withholding import withhold
from apps.catalog.selectors import default_price_type
from apps.core import tagging
from apps.core.formats import money_text
from apps.core.objects import ChangedMeanwhile, Refused
from apps.counterparties.models import Counterparty
from apps.custom.forms import CustomInputs
from apps.deals import services, words
from apps.deals.forms import DealForm
from apps.deals.models import Deal
from apps.deals.services import DealError, StageNeeds
from apps.deals.services.pipelines import begin, settings
from apps.deals.views.common import deal_or_404, key, person, refused
from apps.sales import selectors as sales
from apps.sales.forms import LineForms
from apps.sales.models import TradeTerms
from apps.sales.views.editor import offered_products, told_totals
from tenants.current import company_of


@require_http_methods(["GET", "POST"])
@needs("deals.create")
def new(request: HttpRequest) -> HttpResponse:
    """Write a deal; ``?counterparty=`` has the customer filled in, ``?stage=`` the stage."""
    if request.method == "POST":
        return _save(request, None)
    form = _new_form(request)
    if not form.has_stages:
        try:
            begin()
        except DealError as error:
            refused(request, error)
            return redirect("deals:board")
        form = _new_form(request)
    return _page(request, form, LineForms([]), None)


def _new_form(request: HttpRequest) -> DealForm:
    form = DealForm(
        initial=_initial(request), currency=company_of(request).currency,
        customers=_customers(request, None), by=request.user,
    )  # fmt: skip
    withhold(form, user=request.user, kind="deals", row=None)
    return form


@require_http_methods(["GET", "POST"])
@needs("deals.change")
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a deal; one that was saved meanwhile is shown with the difference (G029)."""
    deal = deal_or_404(request, pk, action="change")
    if request.method == "GET":
        form = DealForm(
            initial=DealForm.initial_of(deal), currency=company_of(request).currency,
            customers=_customers(request, deal), by=request.user, chosen=deal.price_type_id,
        )  # fmt: skip
        withhold(form, user=request.user, kind="deals", row=deal)
        return _page(request, form, LineForms.of_lines(list(deal.lines.all())), deal)
    return _save(request, deal)


@require_POST
@needs("deals.change")
def totals(request: HttpRequest) -> JsonResponse:
    """Say what the lines come to, what is short, and which discounts need approval (``over``)."""
    rules = settings()
    limit = rules.discount_limit
    valid = LineForms.posted(request.POST).valid_values()
    over = [
        place for place, line in enumerate(valid)
        if line is not None and line.discount_percent > limit
    ]  # fmt: skip
    return JsonResponse(told_totals(request) | {"over": over, "over_text": words.over_limit(rules)})


@require_safe
@needs("deals.change")
def products(request: HttpRequest) -> JsonResponse:
    """Offer products for ``q`` at the deal's price type, with what is free."""
    return JsonResponse({"results": offered_products(request)})


@require_safe
@needs("deals.change")
def customers(request: HttpRequest) -> JsonResponse:
    """Offer customers for ``q``; only those the person may see."""
    found = sales.customers(person(request), request.GET.get("q", "")[:100])
    mine = visible(request.user, Counterparty.objects.all(), "counterparties.view").filter(
        pk__in=[each["id"] for each in found]
    )
    allowed = {str(pk) for pk in mine.values_list("pk", flat=True)}
    return JsonResponse({"results": [each for each in found if each["id"] in allowed]})


def _customers(request: HttpRequest, deal: Deal | None) -> QuerySet[Counterparty]:
    """Return with whom one may make a deal: whom one sees, and whoever stands on it."""
    seen = visible(request.user, Counterparty.objects.all(), "counterparties.view")
    if deal is None:
        return seen
    return Counterparty.objects.filter(Q(pk__in=seen.values("pk")) | Q(pk=deal.counterparty_id))


def _save(request: HttpRequest, deal: Deal | None) -> HttpResponse:
    lines = LineForms.posted(request.POST)
    form = DealForm(
        _named(request.POST), currency=company_of(request).currency,
        customers=_customers(request, deal), by=request.user,
        initial=DealForm.initial_of(deal) if deal else _initial(request),
        chosen=deal.price_type_id if deal else None,
    )  # fmt: skip
    withhold(form, user=request.user, kind="deals", row=deal)
    inputs = CustomInputs("deals", request.POST, row=deal, by=request.user)
    if "more" in request.POST or not (form.is_valid() & lines.is_valid() & inputs.is_valid()):
        return _page(request, form, lines, deal, inputs=inputs)
    try:
        with transaction.atomic():
            saved = services.save_deal(
                values=form.values(), lines=lines.values(), by=person(request),
                now=timezone.now(), key=deal.pk if deal else None,
                seen=form.cleaned_data["seen"] if deal else None,
            )  # fmt: skip
            inputs.keep(saved, is_new=deal is None)
    except ChangedMeanwhile as changed:
        current = deal_or_404(request, changed.row.pk)
        return _page(request, form, lines, deal, inputs=inputs, current=current)
    except Refused as error:
        own = {name: each for name, each in error.errors.items() if name in inputs.fields}
        inputs.take(own)
        for name, sentences in error.errors.items():
            if name in own:
                continue
            shown = "counterparty_name" if name == "counterparty" else name
            form.add_error(shown if shown in form.fields else None, sentences)
        return _page(request, form, lines, deal, inputs=inputs)
    except StageNeeds as error:
        form.add_error("stage", words.refusal(error))
        return _page(request, form, lines, deal, inputs=inputs)
    messages.success(request, _("The deal is saved."))
    if request.POST.get("then") == "another":
        return redirect("deals:new")
    return redirect("deals:card", saved.pk)


def _named(data: QueryDict) -> QueryDict:
    """Name a deal by its first line where nobody has named it: quick orders need no name."""
    lines = [name for each in data.getlist("line_name") if (name := each.strip())]
    if not lines or data.get("name", "").strip() or "more" in data:
        return data
    first, further = lines[0][:200], len(lines) - 1
    named = data.copy()
    named["name"] = (
        _("%(name)s and %(count)d more") % {"name": first, "count": further} if further else first
    )
    return named


def _initial(request: HttpRequest) -> dict[str, Any]:
    wanted = key(request.GET.get("counterparty", ""))
    rows = visible(request.user, Counterparty.objects.all(), "counterparties.view")
    partner = rows.filter(pk=wanted).first() if wanted else None
    terms = (
        TradeTerms.objects.select_related("price_type").filter(counterparty=partner).first()
        if partner else None
    )  # fmt: skip
    price_type = (terms.price_type if terms else None) or default_price_type()
    return {
        "counterparty": partner.pk if partner else None,
        "counterparty_name": partner.name if partner else "",
        "stage": request.GET.get("stage", ""),
        "owner": request.user.pk,
        "price_type": price_type.pk if price_type else "",
        "currency": price_type.currency if price_type else company_of(request).currency,
        "is_tax_included": price_type.is_tax_included if price_type else True,
    }


def _page(
    request: HttpRequest, form: DealForm, lines: LineForms, deal: Deal | None, *,
    inputs: CustomInputs | None = None, current: Deal | None = None,
) -> HttpResponse:  # fmt: skip
    context: dict[str, Any] = {
        "inputs": inputs or CustomInputs("deals", row=deal, by=request.user),
        "form": form, "known_tags": tagging.tags(), "lines": lines,
        "rows": lines.shown(empty=1 if lines.forms else 2),
        "blank": LineForms([]).shown(empty=1)[0], "deal": deal,
        "seen": form["seen"].value() or "",
        "back": reverse("deals:card", args=[deal.pk]) if deal else reverse("deals:board"),
    }  # fmt: skip
    status = 200
    if current is not None:
        context |= {
            "differences": _differences(form, lines, current), "current": current,
            "seen": current.updated_at.isoformat(),
        }  # fmt: skip
        status = 409
    elif form.is_bound and "more" not in request.POST:
        status = 422
    return render(request, "deals/editor.html", context, status=status)


def _differences(form: DealForm, lines: LineForms, current: Deal) -> list[dict[str, str]]:
    """Return the fields in which what was typed and what is saved now differ (F269)."""
    theirs = DealForm.initial_of(current)
    ours = form.cleaned_data
    found = []
    for name, field in form.fields.items():
        if name in ("seen", "counterparty"):
            continue
        saved, typed = theirs.get(name), ours.get(name)
        if name == "amount":
            saved, typed = current.amount, typed or 0
        if str(saved or "") != str(typed or ""):
            found.append(
                {"label": str(field.label), "theirs": form.shown(name, saved),
                 "ours": form.shown(name, typed)}
            )  # fmt: skip
    found += _different_lines(lines, current)
    return found


def _different_lines(lines: LineForms, current: Deal) -> list[dict[str, str]]:
    def told(name: str, quantity: Any, price: Any) -> str:
        return f"{name}: {quantity.normalize():f} × {money_text(price)}"

    theirs = [told(each.name, each.quantity, each.price) for each in current.lines.all()]
    ours = [told(each.name, each.quantity, each.price) for each in lines.values()]
    if theirs == ours:
        return []
    return [
        {"label": _("Lines"), "theirs": "; ".join(theirs) or "—", "ours": "; ".join(ours) or "—"}
    ]
