"""Notices as sentences."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from apps.core.formats import money_text
from apps.notifications.models import Notification

ICONS = {
    "payment_received": "cash",
    "partly_paid": "cash",
    "shipped": "truck-delivery",
    "partly_shipped": "truck-delivery",
    "changed_in_1c": "edit",
    "cancelled_in_1c": "ban",
    "conflict": "alert-triangle",
    "exchange_failed": "alert-circle",
}


def sentence(notice: Notification) -> str:
    """Return what happened, in the reader's language; a kind of a later version says its name."""
    values = {"number": "", "customer": "", "node": "", **notice.values}
    if "amount" in notice.values:
        values["amount"] = money_text(
            Decimal(notice.values["amount"]), notice.values.get("currency", "")
        )
    texts = {
        "payment_received": _("%(customer)s paid invoice %(number)s: %(amount)s"),
        "partly_paid": _("%(customer)s paid a part of invoice %(number)s: %(amount)s"),
        "shipped": _("Invoice %(number)s of %(customer)s is shipped"),
        "partly_shipped": _("Invoice %(number)s of %(customer)s is shipped in part"),
        "changed_in_1c": _("Invoice %(number)s of %(customer)s was changed in 1C"),
        "cancelled_in_1c": _("Invoice %(number)s of %(customer)s was cancelled in 1C"),
        "conflict": _("Invoice %(number)s of %(customer)s was changed here and in 1C: decide"),
        "exchange_failed": _("The exchange with “%(node)s” failed"),
    }
    text = texts.get(notice.kind)
    return text % values if text else notice.kind


def icon(notice: Notification) -> str:
    """Return the icon of a kind."""
    return ICONS.get(notice.kind, "bell")
