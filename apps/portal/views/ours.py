"""What stands on a customer's card: the links of its people, what they wrote, our answers."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.models import User
from apps.accounts.rights import can, covers, is_closed, needs, row_or_404
from apps.counterparties.forms import as_key
from apps.counterparties.models import Counterparty
from apps.counterparties.people import people_of
from apps.portal import selectors, services
from apps.portal.models import PortalLink, PortalMessage

LATEST = 6


@require_http_methods(["GET", "POST"])
@needs("portal.view")
def links(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the links of a customer's people; POST makes one, shown this once."""
    partner = _partner(request, pk)
    may_change = can(request.user, "portal.change") and covers(
        request.user, partner, "counterparties.edit"
    ) and not is_closed(request.user, partner) and not settings.IS_OFFICE  # fmt: skip
    made, token = None, ""
    if request.method == "POST":
        if not may_change:
            raise Http404(str(pk))
        person = as_key(request.POST.get("person", ""))
        days = request.POST.get("days", "")
        language = request.POST.get("language", "")
        try:
            made, token = services.make_link(
                counterparty=partner, person_id=person or UUID(int=0),
                days=int(days) if days.isdecimal() else 0,
                language=language if language in dict(settings.LANGUAGES) else "",
                by=cast(User, request.user), now=timezone.now(),
            )  # fmt: skip
        except services.NotTheirs:
            messages.error(request, _("Choose a contact person of this customer."))
            return redirect("portal:links", pk)
    kinds = [kind for kind in selectors.KINDS if can(request.user, f"{kind}.view")]
    said = PortalMessage.objects.filter(counterparty=partner, kind__in=kinds)
    context = {
        "partner": partner, "may_change": may_change, "now": timezone.now(),
        "links": PortalLink.objects.filter(counterparty=partner).select_related("person", "author")
        .order_by("-created_at", "-pk")[:20],
        "people": people_of(partner, by=request.user) if may_change else [],
        "is_office": settings.IS_OFFICE, "days": services.DAYS, "made": made,
        "languages": settings.LANGUAGES,
        "address": request.build_absolute_uri(reverse("portal:enter", args=[token])) if made
        else "",
        "said": said.select_related("person", "author").order_by("-created_at", "-pk")[:LATEST],
        "cards": selectors.CARDS,
    }  # fmt: skip
    is_part = request.headers.get("HX-Request") == "true"
    template = "portal/_links.html" if is_part else "portal/links.html"
    answer = render(request, template, context)
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@needs("portal.change")
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a link at once."""
    link = PortalLink.objects.filter(pk=pk).first()
    if link is None:
        raise Http404(str(pk))
    row_or_404(
        request.user, Counterparty.objects.all(), "counterparties.edit", link.counterparty_id
    )
    services.revoke_link(link_id=pk, by=cast(User, request.user), now=timezone.now())
    messages.success(request, _("The link leads nowhere any more."))
    return redirect("portal:links", link.counterparty_id)


@require_POST
@needs("portal.change")
def answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer what a customer wrote (``on``: the key of the message)."""
    partner = _partner(request, pk)
    key = as_key(request.POST.get("on", ""))
    said = PortalMessage.objects.filter(pk=key or UUID(int=0), counterparty=partner).first()
    if said is None or not can(request.user, f"{said.kind}.view"):
        raise Http404(str(key))
    try:
        services.answer(
            counterparty=partner, kind=said.kind, key=said.key,
            text=request.POST.get("text", ""), by=cast(User, request.user),
        )  # fmt: skip
    except services.NothingSaid:
        messages.error(request, _("Write something first."))
    else:
        messages.success(request, _("The answer stands on the customer's page."))
    return redirect("portal:links", pk)


def _partner(request: HttpRequest, pk: UUID) -> Counterparty:
    rows = Counterparty.objects.select_related("responsible")
    return cast(Counterparty, row_or_404(request.user, rows, "counterparties.view", pk))
