"""The list of quotations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.accounts.rights import visible
from apps.core.addresses import address_of
from apps.core.folding import fold
from apps.core.lists import ChoiceFilter, Column, DateRangeFilter, Empty, ListScreen
from apps.core.templatetags.ui import status
from apps.counterparties.selectors import people
from apps.deals import words
from apps.deals.models import Quotation, QuotationStatus


def _status(quotation: Quotation) -> SafeString:
    return status(words.quotation_tone(quotation), quotation.get_status_display())


def _people() -> list[tuple[str, str]]:
    return [(str(each.pk), str(each)) for each in people()]


class QuotationList(ListScreen):
    """Quotations, the latest first."""

    key = "quotations"
    kind = "quotations"
    title = _("Quotations")
    url_name = "deals:quotations"
    columns = (
        Column("number", _("Number"), sort="number", is_link=True, phone="title"),
        Column("issued_on", _("Date"), kind="date", sort="issued_on"),
        Column("customer", _("Customer"), "deal.counterparty.name", phone="wide"),
        Column("deal", _("Deal"), "deal.name"),
        Column("total", _("Total"), kind="money", unit="currency", phone="figure"),
        Column("status", _("Status"), _status),
        Column("valid_until", _("Valid until"), kind="date"),
        Column("author", _("Author"), phone="hidden"),
    )
    filters = (
        ChoiceFilter("status", _("Status"), choices=QuotationStatus.choices, is_multiple=True),
        ChoiceFilter("author", _("Author"), path="author", choices=_people),
        DateRangeFilter("date", _("Date"), path="issued_on"),
    )
    search = ("number__icontains",)
    search_hint = _("Number, deal or customer")
    order = "-issued_on"
    bars = ("issued_on", "valid_until")
    tables = ("deals_quotation",)
    empty = Empty(
        "file-text", _("There are no quotations yet."),
        _("Open a deal and press “Quotation”: its lines become an offer as PDF."),
    )  # fmt: skip

    def rows(self) -> QuerySet[Quotation]:
        """Return the quotations that the person may see."""
        rows = Quotation.objects.select_related("deal__counterparty", "author")
        return visible(self.request.user, rows, "quotations.view")

    def url(self, row: Quotation) -> str:
        """Return the address of a quotation."""
        return address_of("deals:quotation", row.pk)

    def matching(self, rows: QuerySet[Any], words: Sequence[str]) -> QuerySet[Any]:
        """Keep the quotations in whose number, deal or customer each word stands."""
        for word in words:
            rows = rows.filter(
                Q(number__icontains=word) | Q(deal__search_name__contains=fold(word))
            )
        return rows
