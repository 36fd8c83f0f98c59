"""The list of payments: what settles which invoice, and what settles none yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.core.addresses import address_of
from apps.core.context_processors import allowed
from apps.core.lists import (
    ChoiceFilter,
    Column,
    DateRangeFilter,
    Empty,
    ListScreen,
    NumberRangeFilter,
    RelatedFilter,
)
from apps.counterparties.models import Counterparty
from apps.finance.models import PaymentKind
from apps.sales import selectors


def _number(payment: Any) -> SafeString | str:
    if payment.is_posted:
        return str(payment.number or "—")
    badge = format_html('<span class="badge-outline">{}</span>', gettext("withdrawn"))
    return format_html("{} {}", payment.number or "—", badge)


def _customer(payment: Any) -> SafeString | str:
    if payment.counterparty is None:
        return ""
    address = reverse("counterparties:card", args=[payment.counterparty.pk])
    return format_html('<a href="{}">{}</a>', address, payment.counterparty.name)


def _settled(payment: Any) -> str:
    return ", ".join(str(each.invoice) for each in payment.settlements.all())


def _unmatched(rows: QuerySet[Any], _values: Sequence[str]) -> QuerySet[Any]:
    return selectors.unmatched(rows)


class PaymentList(ListScreen):
    """Payments, newest first."""

    key = "payments"
    kind = "payments"
    title = _("Payments")
    url_name = "sales:payments"
    filters = (
        ChoiceFilter("without", _("Invoice"), apply=_unmatched,
                     choices=[("invoice", _("Without an invoice"))]),
        ChoiceFilter("kind", _("Kind"), choices=PaymentKind.choices),
        DateRangeFilter("date", _("Date"), path="paid_on", ends=("from", "until")),
        NumberRangeFilter("amount", _("Amount")),
        RelatedFilter("counterparty", _("Customer"), model=Counterparty),
    )  # fmt: skip
    search = ("number", "purpose", "counterparty")
    search_hint = _("Number, customer or purpose")
    order = "-date"
    tables = ("finance_payment", "sales_invoicepayment")
    empty = Empty(
        "cash",
        _("No payment has come yet."),
        _("Payments entered in 1C appear here with the next exchange."),
    )

    def __init__(self, request: HttpRequest) -> None:
        self.columns = (
            Column("date", _("Date"), "paid_on", kind="date", sort="paid_on",
                   field="paid_on"),
            Column("number", _("Number"), _number, sort="number", is_link=True),
            Column("customer", pgettext_lazy("whom", "From"), _customer,
                   sort="counterparty__sort_name", phone="title", field="counterparty"),
            Column("purpose", _("Purpose"), phone="hidden"),
            Column("kind", _("Kind"), "get_kind_display"),
            Column("invoice", _("Invoice"), self._invoices, exported=_settled),
            Column("amount", _("Amount"), kind="money", unit="currency", sort="amount",
                   phone="figure"),
        )  # fmt: skip
        super().__init__(request)
        if self.asked.get("without") == "invoice":
            self.empty = Empty("circle-check", _("Every payment has its invoice."), self.empty.text)
        self._may_assign = allowed(request.user, "invoices.edit")

    def rows(self) -> QuerySet[Any]:
        """Return every payment, with the invoices it settles."""
        return selectors.payments()

    def matching(self, rows: QuerySet[Any], words: Sequence[str]) -> QuerySet[Any]:
        """Return the payments in which each word stands."""
        return selectors.payments_with(rows, words)

    @property
    def is_narrowed(self) -> bool:
        """Tell whether more hides rows than the choice above the list."""
        others = (each for each in self.filters if each.name != "without")
        return bool(self.asked.get("q")) or any(each.chips(self.asked) for each in others)

    def url(self, row: Any) -> str:
        """Return the address of a payment's card."""
        return address_of("sales:payment", row.pk)

    def _invoices(self, payment: Any) -> SafeString | str:
        """Return the invoices it settles, or the way to assign one."""
        links = [
            (reverse("sales:card", args=[each.invoice_id]), str(each.invoice))
            for each in payment.settlements.all()
        ]
        if links:
            return format_html_join(", ", '<a href="{}">{}</a>', links)
        if not (self._may_assign and payment.is_posted):
            return ""
        # Without the request: what every page needs would be made anew for each row.
        context = {"payment": payment, "csrf_token": get_token(self.request)}
        return render_to_string("sales/_assign.html", context)
