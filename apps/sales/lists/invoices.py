"""The list of invoices: its columns, filters and what can be done with many at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.core import tagging
from apps.core.addresses import address_of
from apps.core.lists import (
    BooleanFilter,
    BulkAction,
    ChoiceFilter,
    Column,
    DateRangeFilter,
    Empty,
    ListScreen,
    RelatedFilter,
)
from apps.core.templatetags.ui import status
from apps.counterparties.models import Counterparty
from apps.counterparties.selectors import people
from apps.counterparties.templatetags.contacts import tag_list
from apps.sales import selectors
from apps.sales.forms import day
from apps.sales.models import DeliveryState, Invoice, InvoiceStatus, PaymentState

_STATUS_TONES = {
    InvoiceStatus.DRAFT: "off", InvoiceStatus.ISSUED: "info", InvoiceStatus.SENT: "good",
    InvoiceStatus.CANCELLED: "bad",
}  # fmt: skip
_PAYMENT_TONES = {PaymentState.PAID: "good", PaymentState.PARTLY_PAID: "partly"}
_DELIVERY_TONES = {DeliveryState.SHIPPED: "good", DeliveryState.PARTLY_SHIPPED: "partly"}
_QUIET = {InvoiceStatus.DRAFT, InvoiceStatus.CANCELLED}  # nothing is awaited of these


def _status(invoice: Invoice) -> SafeString:
    return status(_STATUS_TONES[InvoiceStatus(invoice.status)], invoice.get_status_display())


def _payment(invoice: Invoice) -> SafeString | str:
    if invoice.status in _QUIET and invoice.payment_state == PaymentState.UNPAID:
        return ""
    today = timezone.localdate()
    is_late = bool(invoice.due_on and invoice.due_on < today)
    is_late = is_late and invoice.payment_state != PaymentState.PAID
    if is_late and invoice.payment_state == PaymentState.UNPAID:
        return status("bad", _("Overdue"))
    tone = "bad" if is_late else _PAYMENT_TONES.get(PaymentState(invoice.payment_state), "off")
    return status(tone, invoice.get_payment_state_display())


def _delivery(invoice: Invoice) -> SafeString | str:
    if invoice.status in _QUIET and invoice.delivery_state == DeliveryState.NOT_SHIPPED:
        return ""
    tone = _DELIVERY_TONES.get(DeliveryState(invoice.delivery_state), "off")
    return status(tone, invoice.get_delivery_state_display())


def _tag_names(invoice: Any) -> str:
    return ", ".join(tag.name for tag in invoice.tag_list)


def _responsible() -> list[tuple[str, str]]:
    return [(str(person.pk), str(person)) for person in people()]


def _payment_choices() -> list[tuple[str, Any]]:
    return [*PaymentState.choices, ("overdue", _("Overdue"))]


class InvoiceList(ListScreen):
    """Invoices, newest first; what they come to stands below."""

    key = "invoices"
    kind = "invoices"
    title = _("Invoices")
    url_name = "sales:list"
    columns = (
        Column("number", _("Number"), str, sort="number", is_link=True, phone="title"),
        Column("date", _("Date"), "issued_on", kind="date", sort="issued_on",
               field="issued_on"),
        Column("customer", _("Customer"), "counterparty.name", sort="counterparty__sort_name",
               phone="wide", field="counterparty"),
        Column("total", _("Total"), kind="money", unit="currency", sort="total", phone="figure"),
        Column("status", _("Status"), _status),
        Column("payment", _("Payment"), _payment, field="payment_state"),
        Column("delivery", _("Delivery"), _delivery, field="delivery_state"),
        Column("responsible", _("Responsible"), phone="hidden"),
        Column("due", _("Pay before"), "due_on", kind="date", sort="due_on", is_default=False,
               field="due_on"),
        Column("paid", _("Paid"), "paid_total", kind="money", unit="currency", is_default=False,
               field="paid_total"),
        Column("number_1c", _("Number in 1C"), is_default=False),
        Column("status_1c", _("Status in 1C"), is_default=False),
        Column("organization", _("Organization"), "organization.name", is_default=False),
        Column("comment", _("Comment"), is_default=False),
        Column("tags", _("Tags"), lambda row: tag_list(row.tag_list), exported=_tag_names,
               is_default=False),
    )  # fmt: skip
    filters = (
        ChoiceFilter("status", _("Status"), choices=InvoiceStatus.choices),
        ChoiceFilter("payment", _("Payment"), choices=_payment_choices),
        ChoiceFilter("delivery", _("Delivery"), choices=DeliveryState.choices),
        DateRangeFilter("date", _("Date"), ends=("from", "until")),
        ChoiceFilter("responsible", _("Responsible"), choices=_responsible),
        BooleanFilter("conflict", _("Changed on both sides")),
        RelatedFilter("counterparty", _("Customer"), model=Counterparty),
    )
    search = ("number", "counterparty", "comment")
    search_hint = _("Number, customer or comment")
    order = "-date"
    bars = ("issued_on", "due_on")
    tables = ("sales_invoice",)
    actions = (
        BulkAction("issue", _("Issue"), "sales:bulk", "invoices.issue",
                   icon="check", name="do"),
        BulkAction("send", _("Send"), "sales:bulk", "invoices.send", icon="send", name="do",
                   confirm=_("Mail the chosen invoices to their customers?")),
    )  # fmt: skip
    empty = Empty(
        "file-invoice",
        _("There are no invoices yet."),
        _("Write the first one: it goes to 1C as a customer order, and payment and shipment"
          " come back here."),
        _("New invoice"),
        "sales:new",
    )  # fmt: skip
    create_url_name, create_label, create_right = "sales:new", _("New invoice"), "invoices.create"
    footer_template = "sales/_totals.html"
    may_choose_all = False  # issuing and mailing happen while the person waits

    def rows(self) -> QuerySet[Invoice]:
        """Return every invoice that is in use."""
        return self._joined(selectors.invoices(selectors.InvoiceFilter(), today=self.today))

    def found(self) -> QuerySet[Invoice]:
        """Return the invoices that fit what was asked."""
        return self._joined(selectors.invoices(self._chosen(), today=self.today))

    def url(self, row: Invoice) -> str:
        """Return the address of an invoice."""
        return address_of("sales:card", row.pk)

    def prepare(self, rows: Sequence[Invoice]) -> None:
        """Add the tags of the page's rows."""
        tagging.named(rows)

    def footer(self) -> dict[str, Any]:
        """Return what all these invoices come to."""
        return {"totals": selectors.totals(self.found(), today=self.today)}

    @cached_property
    def today(self) -> date:
        """Return the day of the person who looks."""
        return timezone.localdate()

    @staticmethod
    def _joined(found: QuerySet[Invoice]) -> QuerySet[Invoice]:
        return found.select_related("counterparty", "responsible", "organization")

    def _chosen(self) -> selectors.InvoiceFilter:
        asked = {name: self.asked.get(name, "").strip() for name in self.asked}
        return selectors.InvoiceFilter(
            query=asked.get("q", "")[:200].replace("\x00", " "),
            status=_one_of(asked.get("status"), InvoiceStatus.values),
            payment=_one_of(asked.get("payment"), [*PaymentState.values, "overdue"]),
            delivery=_one_of(asked.get("delivery"), DeliveryState.values),
            counterparty_id=_key(asked.get("counterparty")),
            responsible_id=_key(asked.get("responsible")),
            from_on=day(asked.get("from", "")),
            until_on=day(asked.get("until", "")),
            has_conflict=asked.get("conflict") == "yes",
        )


def _one_of(text: str | None, known: list[str]) -> str:
    return text if text in known else ""


def _key(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
