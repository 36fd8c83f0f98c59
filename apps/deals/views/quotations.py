"""Quotations: made of a deal in one click, approved, sent, answered, invoiced in one click."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.rights import can, hidden_of, needs
from apps.core.lists import show_list
from apps.deals import words
from apps.deals.documents import file_name, language_for, quotation_pdf
from apps.deals.forms import DecisionForm, QuotationForm
from apps.deals.letters import letter_of
from apps.deals.lists import QuotationList
from apps.deals.models import Quotation, QuotationStatus
from apps.deals.services import DealError, quotations
from apps.deals.services.pipelines import settings
from apps.deals.views.common import deal_or_404, person, quotation_or_404, refused
from apps.sales.documents.invoice_pdf import LANGUAGES
from apps.sales.forms import SendForm
from tenants.current import company_of


@require_safe
@needs("quotations.view")
def quotation_list(request: HttpRequest) -> HttpResponse:
    """Show the quotations, the latest first."""
    return show_list(request, QuotationList(request))


@require_safe
@needs("quotations.view")
def quotation_card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a quotation; ``?part=body`` without the shell."""
    quotation = quotation_or_404(request, pk)
    lines = list(quotation.lines.all())
    may_change = can(request.user, "quotations.change")
    status = quotation.status
    language = language_for(quotation, company_language=company_of(request).language)
    context = {
        "quotation": quotation, "lines": lines, "today": timezone.localdate(),
        "tone": words.quotation_tone(quotation),
        "highest": quotations.highest_discount(lines), "rules": settings(),
        "may_change": may_change and status in quotations.OPEN,
        "may_send": may_change and status in quotations.MAY_BE_SENT,
        "may_answer": may_change and status in quotations.MAY_BE_SENT,
        "may_invoice": can(request.user, "invoices.create") and quotation.invoice is None
        and status in (*quotations.MAY_BE_SENT, QuotationStatus.ACCEPTED),
        "may_approve": can(request.user, "quotations.approve")
        and status == QuotationStatus.WAITING,
        "form": DecisionForm(label_suffix=""),
        "languages": [code for code in LANGUAGES if code != language],
    }  # fmt: skip
    is_part = request.GET.get("part") == "body"
    template = "deals/_quotation.html" if is_part else "deals/quotation.html"
    return render(request, template, context)


@require_POST
@needs("quotations.create")
def make(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make a quotation of a deal in one click, and show it (F141)."""
    deal_or_404(request, pk)
    try:
        made = quotations.quote(
            deal_id=pk, by=person(request), today=timezone.localdate(), now=timezone.now()
        )
    except DealError as error:
        refused(request, error)
        return redirect("deals:card", pk)
    if made.status == QuotationStatus.WAITING:
        messages.warning(
            request,
            _("The discount is above %(limit)s %%: the quotation waits for approval.")
            % {"limit": f"{settings().discount_limit.normalize():f}"},
        )
    return redirect("deals:quotation", made.pk)


@require_POST
@needs("invoices.create")
def invoice_deal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make an invoice of a deal in one click, and open it with everything filled in (F028)."""
    deal_or_404(request, pk)
    try:
        made = quotations.invoice_deal(
            deal_id=pk, by=person(request), today=timezone.localdate(), now=timezone.now()
        )
    except DealError as error:
        refused(request, error)
        return redirect("deals:card", pk)
    return redirect("sales:edit", made.pk)


@require_http_methods(["GET", "POST"])
@needs("quotations.change")
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change how long a quotation is valid, and its terms."""
    quotation = quotation_or_404(request, pk, action="change")
    form = QuotationForm(
        request.POST or None, initial=QuotationForm.initial_of(quotation), label_suffix=""
    )
    if request.method == "POST" and form.is_valid():
        try:
            quotations.change_quotation(quotation_id=pk, **form.cleaned_data)
        except DealError as error:
            refused(request, error)
        else:
            messages.success(request, _("The quotation is saved."))
        return redirect("deals:quotation", pk)
    context = {"form": form, "quotation": quotation}
    status = 422 if form.is_bound else 200
    return render(request, "deals/quotation_form.html", context, status=status)


@require_POST
@needs("quotations.approve")
def decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Approve a quotation or not (``decision=approve|refuse``, ``reason``) (F142)."""
    is_approved = request.POST.get("decision") == "approve"
    reason = request.POST.get("reason", "").strip()
    return _done(
        request, pk, "approve",
        lambda: quotations.decide(
            quotation_id=pk, is_approved=is_approved, by=person(request), now=timezone.now(),
            reason=reason,
        ),
        _("Quotation %(number)s is approved.") if is_approved
        else _("Quotation %(number)s is not approved."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("quotations.change")
def send(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the letter; POST mails it with the PDF."""
    quotation = quotation_or_404(request, pk, action="change")
    letter = letter_of(quotation, by=person(request))
    form = SendForm(request.POST or None, initial=letter, label_suffix="")
    if request.method == "POST" and form.is_valid():
        language = language_for(quotation, company_language=company_of(request).language)
        try:
            quotations.send(
                quotation_id=pk, by=person(request), now=timezone.now(), language=language,
                **form.cleaned_data,
            )  # fmt: skip
        except DealError as error:
            refused(request, error)
        else:
            messages.success(
                request,
                _("Quotation %(number)s is on its way to %(to)s.")
                % {"number": quotation, "to": form.cleaned_data["to"]},
            )
        return redirect("deals:quotation", pk)
    status = 422 if form.is_bound else 200
    context = {"form": form, "quotation": quotation}
    return render(request, "deals/send.html", context, status=status)


@require_POST
@needs("quotations.change")
def mark_sent(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note that the customer has the quotation, without mailing it."""
    return _done(
        request, pk, "change",
        lambda: quotations.mark_sent(quotation_id=pk, by=person(request), now=timezone.now()),
        _("Quotation %(number)s is marked as sent."),
    )  # fmt: skip


@require_POST
@needs("quotations.change")
def accept(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note that the customer accepts: the deal moves on."""
    return _done(
        request, pk, "change",
        lambda: quotations.accept(
            quotation_id=pk, by=person(request), today=timezone.localdate(), now=timezone.now()
        ),
        _("Quotation %(number)s is accepted: the deal has moved on."),
    )  # fmt: skip


@require_POST
@needs("quotations.change")
def decline(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note that the customer declines."""
    return _done(
        request, pk, "change",
        lambda: quotations.decline(
            quotation_id=pk, now=timezone.now(), reason=request.POST.get("reason", "").strip()
        ),
        _("Quotation %(number)s is declined."),
    )  # fmt: skip


@require_POST
@needs("invoices.create")
def invoice(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make an invoice of a quotation in one click, and open it (F141)."""
    quotation_or_404(request, pk)
    try:
        made = quotations.invoice_quotation(
            quotation_id=pk, by=person(request), today=timezone.localdate(), now=timezone.now()
        )
    except DealError as error:
        refused(request, error)
        return redirect("deals:quotation", pk)
    return redirect("sales:edit", made.pk)


@require_safe
@needs("quotations.view")
def pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The quotation as PDF: ``?language=en|ru|tr``, ``?download=yes`` to keep it as a file."""
    quotation = quotation_or_404(request, pk)
    language = request.GET.get("language", "")
    if language not in LANGUAGES:
        language = language_for(quotation, company_language=company_of(request).language)
    answer = HttpResponse(
        quotation_pdf(
            quotation_id=pk, language=language,
            hidden=hidden_of(request.user, quotation.deal.counterparty),
        ),
        content_type="application/pdf",
    )  # fmt: skip
    how = "attachment" if request.GET.get("download") else "inline"
    answer["Content-Disposition"] = f'{how}; filename="{file_name(quotation)}"'
    return answer


def _done(
    request: HttpRequest, pk: UUID, action: str, do: Callable[[], Quotation], sentence: str
) -> HttpResponse:
    quotation_or_404(request, pk, action=action)
    try:
        quotation = do()
    except DealError as error:
        refused(request, error)
    else:
        messages.success(request, sentence % {"number": quotation})
    return redirect("deals:quotation", pk)
