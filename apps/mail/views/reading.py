"""The page of mail: the list, and one letter with its conversation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.accounts.models import User
from apps.accounts.rights import can, needs, signed_in
from apps.core.lists import show_list
from apps.mail import files, selectors
from apps.mail.lists import MailList
from apps.mail.models import MailMessage, SendingState
from apps.mail.words import sending_text


@require_safe
@needs("activities.view")
def mail_list(request: HttpRequest) -> HttpResponse:
    """Show the letters a person may read."""
    return show_list(request, MailList(request), template="mail/list.html")


@require_safe
@needs("activities.view")
def message(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a letter whole, with what stands before and after it in its conversation."""
    user = signed_in(request)
    rows = selectors.readable(user).select_related("sending__mailbox")
    shown = get_object_or_404(rows, pk=pk)
    thread = selectors.conversation(shown, user=user)
    attached = files.of_messages([each.pk for each in thread])
    partners = selectors.customers_of([shown.pk], user=user).get(shown.pk, [])
    stranger = not partners and not shown.is_outgoing and (
        selectors.strangers(user, with_automatic=True).filter(pk=shown.pk).exists()
    )  # fmt: skip
    context = {
        "message": shown, "each": _sending_of(shown, user), "partners": partners,
        "thread": [(row, attached.get(row.pk, [])) for row in thread], "is_stranger": stranger,
        "may_write": can(user, "activities.create"),
        "has_many": len(shown.to_addresses) > 1 and not shown.is_outgoing,
        "write_url": _write_url(partners), "draft_card": _card_of(shown),
    }  # fmt: skip
    return render(request, "mail/message.html", context)


def _write_url(partners: list[Any]) -> str:
    if not partners:
        return ""
    return reverse("mail:write", args=[selectors.CUSTOMERS, partners[0].pk])


def _card_of(shown: MailMessage) -> str:
    link = shown.links.order_by("created_at", "pk").first()
    return reverse("mail:write", args=[link.kind, link.key]) if link is not None else ""


def _sending_of(shown: MailMessage, user: User) -> dict[str, Any]:
    """Return what ``mail/_state.html`` shows of a letter that was written here."""
    sending = getattr(shown, "sending", None)
    if sending is None:
        return {}
    return {
        "sending": sending.pk, "state": sending.state, "leaves_at": sending.leaves_at,
        "state_text": SendingState(sending.state).label,
        "problem": sending_text(sending.problem, sending.problem_detail),
        "is_mine": sending.mailbox.owner_id in (None, user.pk),
    }  # fmt: skip
