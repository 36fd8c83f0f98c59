"""Sentences of the room of deals, in the reader's language."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core import objects
from apps.deals import services
from apps.deals.models import DealSettings, Quotation, QuotationStatus
from apps.deals.services.errors import DealError
from apps.sales.models import DeliveryState, Invoice, InvoiceStatus, PaymentState

QUOTATION_TONES = {
    QuotationStatus.DRAFT: "draft", QuotationStatus.WAITING: "waiting",
    QuotationStatus.REFUSED: "bad", QuotationStatus.APPROVED: "info", QuotationStatus.SENT: "info",
    QuotationStatus.ACCEPTED: "good", QuotationStatus.DECLINED: "off",
}  # fmt: skip


def refusal(error: DealError) -> str:
    """Say what was refused and what to do next."""
    match error:
        case services.StageNeeds():
            names = ", ".join(field_label(key) for key in error.missing)
            return _("“%(stage)s” needs: %(fields)s.") % {"stage": error.stage, "fields": names}
        case services.StageInUse() if error.count:
            return ngettext(
                "%(count)d deal stands in “%(stage)s”: move it first.",
                "%(count)d deals stand in “%(stage)s”: move them first.",
                error.count,
            ) % {"count": error.count, "stage": error.stage}
        case services.StageInUse():
            return _("A pipeline keeps won, lost and at least one open stage.")
        case services.NothingToUndo():
            return _("The deal has moved on since: nothing was undone.")
        case services.NothingToOffer():
            return _("Enter lines or an amount first: there is nothing to write on the document.")
        case services.DiscountNeedsApproval():
            return _(
                "A discount of %(discount)s %% is above the limit of %(limit)s %%. Make a"
                " quotation: once it is approved, its invoice is one click away."
            ) % {
                "discount": f"{error.discount.normalize():f}",
                "limit": f"{error.limit.normalize():f}",
            }  # fmt: skip
        case services.NoOrganization():
            return _("Enter your own organization first: it stands on documents.")
        case services.NoPipeline():
            return _("The pipelines come from the centre with the next exchange.")
        case services.NotValidAnyMore():
            day = date_format(error.quotation.valid_until, "SHORT_DATE_FORMAT")
            return _(
                "The quotation was valid until %(day)s. Make it valid longer, or a new one."
            ) % {"day": day}
        case services.WrongQuotationStatus():
            return _("Quotation %(number)s: %(status)s. That step does not follow.") % {
                "number": error.quotation,
                "status": error.quotation.get_status_display().lower(),
            }
    raise error


def field_label(key: str) -> str:
    """Return what people call a field of a deal."""
    try:
        return str(objects.kind("deals").field(key).label)
    except KeyError:
        return key


def over_limit(rules: DealSettings) -> str:
    """Say that a discount needs approval."""
    return _("More than %(limit)s %%: the quotation will need approval.") % {
        "limit": f"{rules.discount_limit.normalize():f}"
    }


def quotation_tone(quotation: Quotation) -> str:
    """Return the tone of its status."""
    return QUOTATION_TONES[QuotationStatus(quotation.status)]


def payment_tone(invoice: Invoice, *, is_late: bool) -> str:
    """Return the tone of an invoice's payment."""
    if invoice.status in (InvoiceStatus.DRAFT, InvoiceStatus.CANCELLED):
        return "off"
    if invoice.payment_state == PaymentState.PAID:
        return "good"
    if is_late:
        return "bad"
    return "partly" if invoice.payment_state == PaymentState.PARTLY_PAID else "waiting"


def delivery_tone(invoice: Invoice) -> str:
    """Return the tone of an invoice's shipment."""
    return {DeliveryState.SHIPPED: "good", DeliveryState.PARTLY_SHIPPED: "partly"}.get(
        DeliveryState(invoice.delivery_state), "off"
    )
