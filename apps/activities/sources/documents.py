"""Invoices and money on a timeline: issued, sent, paid, shipped, as it came from 1C."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import DateTimeField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import name_of
from apps.accounts.rights import visible
from apps.activities import cards, timeline
from apps.activities.cards import CardKind
from apps.activities.timeline import Card, Entry, Source
from apps.core.formats import money_text
from apps.finance.models import Payment
from apps.sales.models import Invoice, InvoiceEvent, InvoicePayment
from apps.sales.words import event_text

_MAIL = ("sent", "mail_failed")
_ICONS = {
    "issued": "file-invoice", "sent": "mail", "mail_failed": "mail", "paid": "cash",
    "partly_paid": "cash", "shipped": "truck-delivery", "partly_shipped": "truck-delivery",
    "cancelled": "ban", "changed_in_1c": "arrows-exchange", "in_1c": "arrows-exchange",
    "conflict": "alert-triangle",
}  # fmt: skip
_GOOD = {"paid", "shipped"}


def events(card: Card) -> QuerySet[Any] | None:
    """Return the steps of the card's invoices."""
    invoices = visible(card.user, Invoice.objects.all(), "invoices.view")
    if card.kind.key == cards.CUSTOMERS:
        mine = invoices.filter(counterparty_id=card.key)
    elif card.kind.key == "invoices":
        mine = invoices.filter(pk=card.key)
    else:
        return None
    return InvoiceEvent.objects.filter(invoice__in=mine)


def tell_events(entries: Sequence[Entry], card: Card) -> None:
    """Put the steps into words; no query."""
    for entry in entries:
        told = entry.data
        event = InvoiceEvent(kind=told["kind"], detail=told["detail"] or {})
        entry.icon = _ICONS.get(event.kind, "file-invoice")
        entry.text = event_text(event)
        entry.tone = "good" if event.kind in _GOOD else ""
        if card.kind.key == "invoices":
            entry.title, entry.text = entry.text, ""
        else:
            invoice = Invoice(number=told["number"])
            entry.title = _("Invoice %(number)s") % {"number": invoice}
            entry.url = reverse("sales:card", args=[told["invoice"]])
        entry.who = told["who"] or ("1C" if told["source"].startswith("exchange") else "")


def payments(card: Card) -> QuerySet[Any] | None:
    """Return the customer's payments that settle no invoice: the others stand as its steps."""
    if card.kind.key != cards.CUSTOMERS:
        return None
    rows = visible(card.user, Payment.objects.all(), "payments.view")
    settles = InvoicePayment.objects.filter(payment=OuterRef("pk"))
    return rows.filter(counterparty_id=card.key, is_posted=True).exclude(Exists(settles))


def tell_payments(entries: Sequence[Entry], card: Card) -> None:
    """Put payments into words; no query."""
    for entry in entries:
        amount = money_text(Decimal(str(entry.data["amount"])), entry.data["currency"])
        entry.icon, entry.tone, entry.is_day, entry.who = "cash", "good", True, "1C"
        entry.title = _("Payment: %(amount)s") % {"amount": amount}
        entry.text = entry.data["purpose"]


cards.register(
    CardKind("invoices", Invoice, "invoices.view", "sales:card", icon="file-invoice")
)
timeline.register(
    Source(
        key="documents",
        rows=events,
        moment=F("at"),
        data=JSONObject(
            kind="kind", detail="detail", source="source", invoice="invoice_id",
            number="invoice__number", who=name_of("author"),
        ),
        tell=tell_events,
        filters=(
            ("document", gettext_lazy("Documents"), ~Q(kind__in=_MAIL)),
            ("mail", gettext_lazy("Mail"), Q(kind__in=_MAIL)),
        ),
        right="invoices.view",
        order=20,
    )
)  # fmt: skip
timeline.register(
    Source(
        key="payments",
        rows=payments,
        moment=Cast("paid_on", DateTimeField()),
        data=JSONObject(amount="amount", currency="currency", purpose="purpose"),
        tell=tell_payments,
        filters=(("document", gettext_lazy("Documents"), Q()),),
        right="payments.view",
        order=21,
    )
)
