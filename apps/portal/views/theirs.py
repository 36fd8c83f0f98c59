"""The page of a customer: opened by a personal link, read only but for answers and comments."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.throttling import address_of
from apps.deals.documents import file_name as quotation_name
from apps.deals.documents import quotation_pdf
from apps.deals.models import QuotationStatus
from apps.deals.services import DealError
from apps.portal import selectors, services, throttling
from apps.portal.models import PortalLink
from apps.sales.documents import file_name as invoice_name
from apps.sales.documents import invoice_pdf
from tenants.audit.services import record

_SESSION = "portal_link"
View = Callable[..., HttpResponse]
_PAPERS: dict[str, Any] = {
    "invoices": (lambda key, code: invoice_pdf(invoice_id=key, language=code), invoice_name),
    "quotations": (
        lambda key, code: quotation_pdf(quotation_id=key, language=code), quotation_name,
    ),
}  # fmt: skip


def by_link(view: View) -> View:
    """Let in who has opened a good link; somebody of ours has nothing to look for here."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        link = _opened(request)
        if link is None and request.user.is_authenticated and kwargs:
            raise Http404
        answer = (
            render(request, "portal/closed.html", status=403)
            if link is None
            else view(request, link, *args, **kwargs)
        )
        return _private(answer)

    return guarded


@require_safe
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Open a link: from here on the browser is known, and the token is in no address any more."""
    caller = address_of(request)
    limits = {"limit": throttling.TRIES, "window": throttling.TRIES_WINDOW}
    if throttling.is_over("link", caller, **limits):
        return _private(render(request, "portal/closed.html", {"is_many": True}, status=403))
    link = services.link_of(token=token, now=timezone.now())
    if link is None:
        throttling.spend("link", caller, **limits)
        record(kind="portal.link_refused", login="", address=caller)
        return _private(render(request, "portal/closed.html", status=403))
    request.session[_SESSION] = str(link.pk)
    answer = redirect("portal:home")
    if link.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, link.language, samesite="Lax",
                          secure=request.is_secure(), httponly=True)  # fmt: skip
    return _private(answer)


@require_safe
@by_link
def home(request: HttpRequest, link: PortalLink) -> HttpResponse:
    """Show the customer's invoices, quotations and requests."""
    context = {"link": link, "parts": selectors.everything(link), "today": timezone.localdate()}
    return render(request, "portal/home.html", context)


@require_safe
@by_link
def document(request: HttpRequest, link: PortalLink, kind: str, pk: UUID) -> HttpResponse:
    """Show one document with what was said about it."""
    row = _one(link, kind, pk)
    context = {
        "link": link, "kind": kind, "row": row, "today": timezone.localdate(),
        "lines": [] if kind == "requests" else list(row.lines.order_by("position", "id")),
        "said": selectors.messages_of(kind, row.pk),
        "may_answer": kind == "quotations" and row.status == QuotationStatus.SENT
        and row.valid_until >= timezone.localdate(),
    }  # fmt: skip
    return render(request, "portal/document.html", context)


@require_safe
@by_link
def paper(request: HttpRequest, link: PortalLink, kind: str, pk: UUID) -> HttpResponse:
    """Return the PDF of an invoice or a quotation, in the language of the page."""
    row = _one(link, kind, pk)
    if kind not in _PAPERS:
        raise Http404(kind)
    make, name = _PAPERS[kind]
    answer = HttpResponse(
        make(row.pk, (request.LANGUAGE_CODE or "en")[:2]), content_type="application/pdf"
    )
    answer["Content-Disposition"] = f'inline; filename="{name(row)}"'
    return answer


@require_POST
@by_link
def comment(request: HttpRequest, link: PortalLink, kind: str, pk: UUID) -> HttpResponse:
    """Say something about a document."""
    _one(link, kind, pk)
    if not _may_write(link):
        messages.error(request, _("That was much at once. Try again in an hour."))
        return redirect("portal:document", kind, pk)
    try:
        services.comment(link=link, kind=kind, key=pk, text=request.POST.get("text", ""))
    except services.NothingSaid:
        messages.error(request, _("Write something first."))
    else:
        messages.success(request, _("Sent. We will answer here."))
    return redirect("portal:document", kind, pk)


@require_POST
@by_link
def decide(request: HttpRequest, link: PortalLink, pk: UUID) -> HttpResponse:
    """Accept a quotation or decline it (``do=accept|decline``)."""
    _one(link, "quotations", pk)
    what = request.POST.get("do", "")
    if what in ("accept", "decline"):
        try:
            services.decide(
                link=link, key=pk, is_accepted=what == "accept",
                reason=request.POST.get("reason", "").strip()[:500],
                today=timezone.localdate(), now=timezone.now(),
            )  # fmt: skip
        except DealError:
            messages.error(request, _("This quotation is answered already, or is over."))
        else:
            messages.success(
                request, _("Thank you: you have accepted.") if what == "accept"
                else _("You have declined."),
            )  # fmt: skip
    return redirect("portal:document", "quotations", pk)


def _opened(request: HttpRequest) -> PortalLink | None:
    try:
        key = UUID(request.session.get(_SESSION, ""))
    except ValueError:
        return None
    return services.link_by_key(key=key, now=timezone.now())


def _one(link: PortalLink, kind: str, pk: UUID) -> Any:
    try:
        return selectors.one(link, kind, pk)
    except LookupError as error:
        raise Http404(kind) from error


def _may_write(link: PortalLink) -> bool:
    return throttling.spend(
        "word", str(link.pk), limit=throttling.WORDS, window=throttling.WORDS_WINDOW
    )


def _private(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer
