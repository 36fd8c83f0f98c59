"""Sentences of the sales room: states, refusals, steps, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.formats import money_text, number_text
from apps.sales.content import HEAD
from apps.sales.models import InvoiceEvent
from apps.sales.own import is_own, label, shown
from apps.sales.services import (
    DiscountAboveLimit,
    InvoiceLocked,
    NotEnoughStock,
    NothingToIssue,
    NumberTooLong,
    OwnValueRefused,
    SalesError,
    Shortage,
    WrongStatus,
)
from apps.sales.services.conflicts import ConflictResolved


def refusal(error: SalesError) -> str:
    """Return what was refused, why, and what to do next."""
    if isinstance(error, InvoiceLocked):
        return str(_LOCKED[error.reason]())
    if isinstance(error, NotEnoughStock):
        names = "; ".join(short_text(short) for short in error.shortages[:5])
        return _("There is not enough free stock, so nothing was issued: %(lines)s.") % {
            "lines": names
        }
    if isinstance(error, DiscountAboveLimit):
        return _(
            "A discount of %(discount)s %% is above the limit of %(limit)s %%. Somebody who may"
            " approve discounts issues it, or approves a quotation of the deal first."
        ) % {"discount": plain(error.discount), "limit": plain(error.limit)}
    if isinstance(error, OwnValueRefused):
        return error.sentence
    for kind, sentence in _SENTENCES.items():
        if isinstance(error, kind):
            return sentence()
    raise error


def short_text(short: Shortage) -> str:
    """Return what is short of a product."""
    return _("%(name)s: %(wanted)s asked for, %(free)s free") % {
        "name": short.name,
        "wanted": plain(short.wanted),
        "free": plain(short.free),
    }


def event_text(event: InvoiceEvent) -> str:
    """Return what happened to an invoice as one sentence."""
    detail = event.detail
    if event.kind in {"paid", "partly_paid", "payment_withdrawn"}:
        return _payment_text(event.kind, detail)
    if event.kind == "issued" and detail.get("short"):
        return _("Issued although free stock was short of: %(names)s") % {
            "names": ", ".join(detail["short"])
        }
    if event.kind == "sent" and detail.get("to"):
        return _("Sent to %(to)s") % {"to": detail["to"]}
    if event.kind == "in_1c" and detail.get("number"):
        return _("Taken by 1C under the number %(number)s") % {"number": detail["number"]}
    if event.kind == "mail_failed":
        return _("The letter to %(to)s could not be mailed: %(reason)s") % {
            "to": detail.get("to", ""), "reason": detail.get("reason", ""),
        }  # fmt: skip
    if event.kind == "conflict":
        count = len(detail.get("fields", []))
        return ngettext(
            "%(count)d value was changed on both sides", "%(count)d values were changed on both"
            " sides", count,
        ) % {"count": count}  # fmt: skip
    return _EVENTS[event.kind]() if event.kind in _EVENTS else event.kind


def changes(event: InvoiceEvent) -> list[str]:
    """Return what 1C changed, one sentence each: old → new."""
    return [change_text(change) for change in event.detail.get("changes", [])]


def change_text(change: dict[str, Any]) -> str:
    """Return one change of a line."""
    before, after = change.get("from"), change.get("to")
    values = {"line": change.get("line", ""), "old": value_text(change["field"], before),
              "new": value_text(change["field"], after)}  # fmt: skip
    if change["field"] == "line":
        if before is None:
            return _("“%(line)s” was added: %(new)s") % values
        if after is None:
            return _("“%(line)s” was removed: it was %(old)s") % values
    if change["field"] in (*HEAD, "status_1c") or is_own(change["field"]):
        name = {"field": field_text(change["field"])}
        return _("%(field)s: %(old)s → %(new)s") % {**values, **name}
    sentence = {
        "quantity": _("“%(line)s”: quantity %(old)s → %(new)s"),
        "price": _("“%(line)s”: price %(old)s → %(new)s"),
    }.get(change["field"], _("“%(line)s”: %(old)s → %(new)s"))
    return sentence % values


def value_text(field: str, value: Any) -> str:
    """Return a value of a line or of the head as people read it."""
    if field == "cancelled":
        return _("cancelled") if value else _("not cancelled")
    if field in (*HEAD, "status_1c") or is_own(field):
        if not value:
            return _("nothing")
        if field == "due_on":
            return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
        return shown(field, value) if is_own(field) else str(value)
    if value is None:
        return _("no such line")
    if isinstance(value, dict):
        return _("%(quantity)s at %(price)s") % {
            "quantity": plain(Decimal(str(value["quantity"]))),
            "price": money_text(Decimal(str(value["price"]))),
        }
    number = Decimal(str(value))
    return money_text(number) if field == "price" else plain(number)


def field_text(field: str) -> str:
    """Return the name of a field both sides changed."""
    if is_own(field):
        return label(field)
    return {
        "quantity": _("Quantity"),
        "price": _("Price"),
        "line": _("Line"),
        "cancelled": _("Status"),
        "comment": _("Comment"),
        "due_on": _("Pay before"),
        "status_1c": _("Status in 1C"),
    }.get(field, field)


def plain(number: Decimal) -> str:
    """Return a quantity without trailing zeros."""
    return number_text(number.normalize(), places=None)


def _payment_text(kind: str, detail: dict[str, Any]) -> str:
    amount = money_text(Decimal(detail.get("amount", "0")), detail.get("currency", ""))
    return {
        "paid": _("Paid in full: %(amount)s came"),
        "partly_paid": _("Paid in part: %(amount)s came"),
        "payment_withdrawn": _("A payment was withdrawn in 1C: %(amount)s"),
    }[kind] % {"amount": amount}


_LOCKED = {
    "shipped": lambda: _(
        "Goods have been shipped for this invoice, so it stays as it is. Make a return in 1C, or"
        " copy the invoice."
    ),
    "paid": lambda: _(
        "This invoice is paid, so it stays as it is. Copy it for another order, or have the"
        " payment taken back in 1C."
    ),
    "cancelled": lambda: _("This invoice is cancelled. Copy it to go on."),
}
_SENTENCES: dict[type[SalesError], Callable[[], str]] = {
    NothingToIssue: lambda: _("The invoice has no lines: add one, then issue it."),
    NumberTooLong: lambda: _(
        "With this prefix the number would be longer than the 11 characters 1C keeps. Shorten the"
        " organization's prefix."
    ),
    WrongStatus: lambda: _("The invoice is in another status already: look at its road."),
    ConflictResolved: lambda: _("Somebody has decided this already."),
}
_EVENTS = {
    "created": lambda: _("Created"),
    "issued": lambda: _("Issued"),
    "changed": lambda: _("Changed here; 1C gets it with the next exchange"),
    "sent": lambda: _("Sent to the customer"),
    "cancelled": lambda: _("Cancelled"),
    "in_1c": lambda: _("Taken by 1C"),
    "changed_in_1c": lambda: _("Changed in 1C"),
    "conflict_resolved": lambda: _("Decided what both sides had changed"),
    "shipped": lambda: _("Shipped"),
    "partly_shipped": lambda: _("Shipped in part"),
    "shipment_withdrawn": lambda: _("The shipment was withdrawn in 1C"),
    "payment_matched": lambda: _("A payment was assigned by hand"),
}
