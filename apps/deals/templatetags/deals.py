"""States of deals, quotations and their invoices, as screens show them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.core.templatetags.ui import status
from apps.deals import words
from apps.deals.models import Deal, Quotation, StageKind
from apps.sales.models import Invoice, PaymentState

register = template.Library()
_TONES = {StageKind.OPEN: "info", StageKind.WON: "good", StageKind.LOST: "off"}


@register.simple_tag
def stage_status(deal: Deal) -> SafeString:
    """Return the stage of a deal with its tone."""
    return status(_TONES[StageKind(deal.stage.kind)], deal.stage.name)


@register.simple_tag
def quotation_status(quotation: Quotation) -> SafeString:
    """Return the status of a quotation with its tone."""
    return status(words.quotation_tone(quotation), quotation.get_status_display())


@register.simple_tag
def payment_status(invoice: Invoice, today: date) -> SafeString:
    """Return how an invoice is paid; late when its day is over."""
    is_late = bool(invoice.due_on and invoice.due_on < today)
    is_unpaid = invoice.payment_state == PaymentState.UNPAID
    tone = words.payment_tone(invoice, is_late=is_late)
    label = _("Overdue") if tone == "bad" and is_unpaid else invoice.get_payment_state_display()
    return status(tone, label)


@register.simple_tag
def delivery_status(invoice: Invoice) -> SafeString:
    """Return how an invoice is shipped."""
    return status(words.delivery_tone(invoice), invoice.get_delivery_state_display())


@register.simple_tag
def field_labels(keys: Sequence[str]) -> str:
    """Return what people call these fields of a deal."""
    return ", ".join(words.field_label(key) for key in keys)
