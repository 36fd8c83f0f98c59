"""Invoices: list, card, what is done with one or many of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.rights import can, covers, hidden_of, needs, require
from apps.core import tagging
from apps.core.lists import show_list
from apps.sales import selectors, services, words
from apps.sales.documents import file_name, invoice_pdf, language_for
from apps.sales.documents.invoice_pdf import LANGUAGES
from apps.sales.letters import letter_of
from apps.sales.lists import InvoiceList
from apps.sales.models import DeliveryState, InvoiceStatus, PaymentState
from apps.sales.services import SalesError
from apps.sales.services.conflicts import ConflictResolved
from apps.sales.services.sending import send_invoice
from apps.sales.views.common import card_or_404, invoice_or_404, key, person, refused
from tenants.current import company_of


@require_safe
@needs("invoices.view")
def invoice_list(request: HttpRequest) -> HttpResponse:
    """Show invoices, newest first; with ``?part=`` the body, rows or count alone."""
    return show_list(request, InvoiceList(request), template="sales/invoices.html")


@require_safe
@needs("invoices.view")
def invoice_card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show an invoice with its road; ``?part=body`` without the shell."""
    card = card_or_404(request, pk)
    invoice = card.invoice
    tagging.named([invoice])
    is_open = invoice.status in {InvoiceStatus.ISSUED, InvoiceStatus.SENT}
    nothing_moved = (
        invoice.payment_state == PaymentState.UNPAID
        and invoice.delivery_state == DeliveryState.NOT_SHIPPED
    )
    context = {
        "card": card,
        "invoice": invoice,
        "today": timezone.localdate(),
        "may_edit": covers(request.user, invoice, "invoices.edit") and _is_changeable(card),
        "may_issue": covers(request.user, invoice, "invoices.issue")
        and invoice.status == InvoiceStatus.DRAFT,
        "may_send": covers(request.user, invoice, "invoices.send") and is_open,
        "may_cancel": covers(request.user, invoice, "invoices.cancel")
        and invoice.status != InvoiceStatus.CANCELLED
        and nothing_moved,
        "may_copy": can(request.user, "invoices.create"),
        "may_decide": covers(request.user, invoice, "invoices.edit"),
        "languages": [code for code in LANGUAGES if code != _language(request, card)],
    }
    is_part = request.GET.get("part") == "body"
    return render(request, "sales/_invoice.html" if is_part else "sales/invoice.html", context)


@require_safe
@needs("invoices.view")
def pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The invoice as PDF: ``?language=en|ru|tr``, ``?download=yes`` to keep it as a file."""
    invoice = invoice_or_404(request, pk)
    language = _one_of(request.GET.get("language", ""), LANGUAGES) or language_for(
        invoice, company_language=company_of(request).language
    )
    answer = HttpResponse(
        invoice_pdf(
            invoice_id=pk, language=language,
            hidden=hidden_of(request.user, invoice.counterparty),
        ),
        content_type="application/pdf",
    )  # fmt: skip
    how = "attachment" if request.GET.get("download") else "inline"
    answer["Content-Disposition"] = f'{how}; filename="{file_name(invoice)}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@needs("invoices.issue")
def issue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Issue a draft."""
    return _done(
        request,
        pk,
        lambda: services.issue_invoice(invoice_id=pk, by=person(request), now=timezone.now()),
        _("Invoice %(number)s is issued."),
        "invoices.issue",
    )


@require_POST
@needs("invoices.cancel")
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Cancel an invoice."""
    return _done(
        request,
        pk,
        lambda: services.cancel_invoice(invoice_id=pk, by=person(request), now=timezone.now()),
        _("Invoice %(number)s is cancelled."),
        "invoices.cancel",
    )


@require_POST
@needs("invoices.send")
def mark_as_sent(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note that the customer has the invoice, without mailing it."""
    return _done(
        request,
        pk,
        lambda: services.mark_sent(invoice_id=pk, by=person(request), now=timezone.now()),
        _("Invoice %(number)s is marked as sent."),
        "invoices.send",
    )


@require_POST
@needs("invoices.create")
def copy(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make a draft with the same customer and lines, and open it for changing."""
    invoice_or_404(request, pk)
    made = services.copy_invoice(
        invoice_id=pk, by=person(request), issued_on=timezone.localdate(), now=timezone.now()
    )
    return redirect("sales:edit", made.pk)


@require_POST
@needs("invoices.edit")
def decide(request: HttpRequest, pk: UUID, conflict: UUID) -> HttpResponse:
    """Keep our value of what both sides changed, or take 1C's (``keep=ours|theirs``)."""
    if not invoice_or_404(request, pk, "invoices.edit").conflicts.filter(pk=conflict).exists():
        messages.error(request, words.refusal(ConflictResolved(conflict)))
        return redirect("sales:card", pk)
    try:
        services.resolve_conflict(
            conflict_id=conflict,
            take_theirs=request.POST.get("keep") == "theirs",
            by=person(request),
            now=timezone.now(),
        )
    except SalesError as error:
        refused(request, error)
    else:
        messages.success(request, _("Decided: 1C gets it with the next exchange."))
    return redirect("sales:card", pk)


@require_POST
@needs("invoices.view")
def bulk(request: HttpRequest) -> HttpResponse:
    """Issue or send the chosen invoices (``do=issue|send``); those that cannot are named."""
    action = request.POST.get("do", "")
    if action not in {"issue", "send"}:
        return redirect("sales:list")
    require(request.user, f"invoices.{action}")
    one = _issue_one if action == "issue" else _send_one
    done, problems = 0, []
    for pk in filter(None, map(key, request.POST.getlist("id"))):
        invoice = invoice_or_404(request, pk, f"invoices.{action}")
        try:
            one(request, invoice)
            done += 1
        except SalesError as error:
            problems.append(f"{invoice} ({invoice.counterparty}): {words.refusal(error)}")
        except NoAddress:
            problems.append(
                _("%(name)s has no e-mail address: enter one on its card.")
                % {"name": invoice.counterparty}
            )
    if done:
        text = (
            ngettext("%(count)d invoice is issued.", "%(count)d invoices are issued.", done)
            if action == "issue"
            else ngettext("%(count)d invoice is sent.", "%(count)d invoices are sent.", done)
        )
        messages.success(request, text % {"count": done})
    for problem in problems[:5]:
        messages.error(request, problem)
    return redirect("sales:list")


class NoAddress(Exception):
    """The customer has no e-mail address."""


def _issue_one(request: HttpRequest, invoice: Any) -> None:
    services.issue_invoice(invoice_id=invoice.pk, by=person(request), now=timezone.now())


def _send_one(request: HttpRequest, invoice: Any) -> None:
    letter = letter_of(invoice, by=person(request))
    if not letter["to"]:
        raise NoAddress
    send_invoice(
        invoice_id=invoice.pk,
        by=person(request),
        now=timezone.now(),
        language=language_for(invoice, company_language=company_of(request).language),
        **letter,
    )


def _done(
    request: HttpRequest, pk: UUID, action: Callable[[], Any], sentence: str, right: str
) -> HttpResponse:
    invoice_or_404(request, pk, right)
    try:
        invoice = action()
    except SalesError as error:
        refused(request, error)
    else:
        messages.success(request, sentence % {"number": invoice})
    return redirect("sales:card", pk)


def _is_changeable(card: selectors.InvoiceCard) -> bool:
    try:
        services.require_changeable(card.invoice)
    except SalesError:
        return False
    return True


def _language(request: HttpRequest, card: selectors.InvoiceCard) -> str:
    return language_for(card.invoice, company_language=company_of(request).language)


def _one_of(text: str, known: Any) -> str:
    return text if text in known else ""
