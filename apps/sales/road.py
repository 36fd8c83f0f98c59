"""The road of an invoice: issued, in 1C, sent, paid, shipped; each with its time and source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.sales.models import DeliveryState, Invoice, InvoiceEvent, InvoiceStatus, PaymentState


@dataclass(frozen=True)
class Step:
    """One stop of the road; ``state``: done, partly or ahead."""

    key: str
    label: str | Promise
    state: str
    at: datetime | None
    source: str  # "screen" or "exchange"; "" when nothing is known
    who: str


_LABELS = {
    "issued": _("Issued"),
    "in_1c": _("In 1C"),
    "sent": _("Sent"),
    "paid": _("Paid"),
    "shipped": _("Shipped"),
}
_PARTLY = {"paid": _("Paid in part"), "shipped": _("Shipped in part")}
_EVENTS = {
    "issued": ("issued",),
    "in_1c": ("in_1c",),
    "sent": ("sent",),
    "paid": ("paid", "partly_paid"),
    "shipped": ("shipped", "partly_shipped"),
}


def road(invoice: Invoice, events: Sequence[InvoiceEvent]) -> list[Step]:
    """Return the steps in their order; the time is that of the latest event of the step."""
    return [_step(key, _state(key, invoice, events), events) for key in _LABELS]


def _state(key: str, invoice: Invoice, events: Sequence[InvoiceEvent]) -> str:
    is_done = {
        "issued": bool(invoice.number) and invoice.status != InvoiceStatus.DRAFT,
        "in_1c": bool(invoice.number_1c) or any(event.kind == "in_1c" for event in events),
        "sent": any(event.kind == "sent" for event in events),
        "paid": invoice.payment_state == PaymentState.PAID,
        "shipped": invoice.delivery_state == DeliveryState.SHIPPED,
    }[key]
    is_partly = (key == "paid" and invoice.payment_state == PaymentState.PARTLY_PAID) or (
        key == "shipped" and invoice.delivery_state == DeliveryState.PARTLY_SHIPPED
    )
    return "done" if is_done else "partly" if is_partly else "ahead"


def _step(key: str, state: str, events: Sequence[InvoiceEvent]) -> Step:
    label = _PARTLY[key] if state == "partly" else _LABELS[key]
    if state == "ahead":
        return Step(key, label, state, None, "", "")
    latest = next((e for e in reversed(events) if e.kind in _EVENTS[key]), None)
    if latest is None:
        return Step(key, label, state, None, "", "")
    source = "exchange" if latest.source.startswith("exchange") else "screen"
    return Step(key, label, state, latest.at, source, str(latest.author or ""))
