"""The state of a document in a customer's words."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.core.templatetags.ui import status
from apps.deals.models import QuotationStatus
from apps.portal.models import PortalMessage
from apps.portal.selectors import CARDS
from apps.sales.models import DeliveryState, PaymentState

register = template.Library()


@register.simple_tag
def portal_state(kind: str, row: Any) -> SafeString:
    """Return the state of a document: paid and shipped, answered, in work."""
    if kind == "invoices":
        return format_html_join(" ", "{}", ((each,) for each in (_payment(row), _delivery(row))))
    if kind == "quotations":
        return _offer(row)
    return status("running" if row.is_open else "good", row.get_state_display())


@register.simple_tag
def portal_card(said: PortalMessage) -> str:
    """Return the card of ours that a message is about."""
    return reverse(CARDS[said.kind], args=[said.key])


def _payment(row: Any) -> SafeString:
    if row.payment_state == PaymentState.PAID:
        return status("good", row.get_payment_state_display())
    if row.due_on and row.due_on < timezone.localdate():
        return status("bad", _("Overdue"))
    tone = "partly" if row.payment_state == PaymentState.PARTLY_PAID else "waiting"
    return status(tone, row.get_payment_state_display())


def _delivery(row: Any) -> SafeString:
    tones = {DeliveryState.SHIPPED: "good", DeliveryState.PARTLY_SHIPPED: "partly"}
    return status(tones.get(row.delivery_state, "off"), row.get_delivery_state_display())


def _offer(row: Any) -> SafeString:
    if row.status == QuotationStatus.ACCEPTED:
        return status("good", row.get_status_display())
    if row.status == QuotationStatus.DECLINED:
        return status("off", row.get_status_display())
    if row.valid_until < timezone.localdate():
        return status("off", _("Not valid any more"))
    return status("waiting", _("Waits for your answer"))
