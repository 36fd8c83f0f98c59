"""The lists behind the figures: exactly the rows that were counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTransform
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.rights import visible
from apps.catalog.models import Product, ProductGroup
from apps.core import objects, searching
from apps.core.addresses import address_of
from apps.core.lists import Column, DateRangeFilter, Empty, ListScreen, RelatedFilter, fields
from apps.counterparties.models import Counterparty
from apps.deals.models import Deal
from apps.reports import asking, periods
from apps.reports.selectors import by_field, customers, sales
from apps.sales import selectors as invoices
from apps.sales.lists.invoices import InvoiceList
from apps.sales.models import Invoice

_EMPTY = Empty("chart-bar", _("No document fits these conditions."))


class _Told(RelatedFilter):
    """A condition of the report, shown as a chip: the rows are narrowed by the report itself."""

    def narrow(self, rows: QuerySet[Any], asked: Any) -> QuerySet[Any]:
        """Return the rows as they are."""
        return rows


class _Days(DateRangeFilter):
    """The days of the report, shown as a chip."""

    def narrow(self, rows: QuerySet[Any], asked: Any) -> QuerySet[Any]:
        """Return the rows as they are."""
        return rows


_FILTERS = (
    _Days("date", _("Date"), ends=("from", "until")),
    _Told("manager", _("Manager"), model=User),
    _Told("customer", _("Customer"), model=Counterparty),
    _Told("product", _("Product"), model=Product),
    _Told("group", _("Product group"), model=ProductGroup),
)


class SoldInvoices(ListScreen):
    """The invoices that a figure of the sales analysis counts, the latest first."""

    key = "reports.invoices"
    title = _("Invoices behind the figure")
    url_name = "reports:invoices"
    columns = InvoiceList.columns
    filters = _FILTERS
    search = ("number__icontains", "counterparty__sort_name__contains")
    search_hint = _("Number or customer")
    order = "-date"
    tables = ("sales_invoice",)
    empty = _EMPTY
    footer_template = "sales/_totals.html"
    export_right = "reports.export"

    def rows(self) -> QuerySet[Any]:
        """Return the invoices of the figure."""
        today = timezone.localdate()
        values = {**self.asked.dict(), "source": "invoices"}
        asked = asking.asked_sales(self.request.user, values, today=today)
        rows = sales.documents(self.request.user, asked.ask)
        return rows.select_related("counterparty", "responsible", "organization")

    def url(self, row: Invoice) -> str:
        """Return the address of an invoice."""
        return address_of("sales:card", row.pk)

    def footer(self) -> dict[str, Any]:
        """Return what all these invoices come to."""
        return {"totals": invoices.totals(self.found(), today=timezone.localdate())}


class WonDeals(ListScreen):
    """The won deals that a figure of the sales analysis counts, the latest first."""

    key = "reports.deals"
    title = _("Won deals behind the figure")
    url_name = "reports:deals"
    columns = (
        Column("name", _("Name"), sort="name", is_link=True, phone="title"),
        Column("customer", _("Customer"), "counterparty.name", phone="wide"),
        Column("amount", _("Amount"), kind="money", unit="currency", sort="amount",
               phone="figure"),
        Column("closed_at", _("Closed"), kind="date", sort="closed_at"),
        Column("owner", _("Responsible"), phone="hidden"),
        Column("pipeline", _("Pipeline"), is_default=False),
    )  # fmt: skip
    filters = _FILTERS
    search = ("search_name__contains",)
    search_hint = _("Name or customer")
    order = "-closed_at"
    tables = ("deals_deal",)
    empty = _EMPTY
    export_right = "reports.export"

    def rows(self) -> QuerySet[Any]:
        """Return the deals of the figure."""
        today = timezone.localdate()
        values = {**self.asked.dict(), "source": "deals"}
        asked = asking.asked_sales(self.request.user, values, today=today)
        rows = sales.documents(self.request.user, asked.ask)
        return rows.select_related("counterparty", "owner", "pipeline")

    def url(self, row: Deal) -> str:
        """Return the address of a deal."""
        return address_of("deals:card", row.pk)


class CustomersInState(ListScreen):
    """The customers of a state at the end of a period: new, active, sleeping or lost."""

    key = "reports.customers"
    title = _("Customers behind the figure")
    url_name = "reports:customers_in"
    columns = (
        Column("name", _("Name"), sort="sort_name", is_link=True, phone="title"),
        Column("latest", _("Bought last"), "bought.latest", kind="date"),
        Column("silent", _("Days ago"), "bought.silent", kind="number"),
        Column("number", _("Invoices"), "bought.number", kind="number", phone="figure"),
        Column("first", _("Bought first"), "bought.first", kind="date"),
        Column("responsible", _("Responsible"), phone="hidden"),
        Column("phone", _("Phone"), is_default=False),
        Column("email", _("E-mail"), is_default=False),
    )  # fmt: skip
    filters = (_Days("date", _("Date"), ends=("from", "until")),)
    search = ("sort_name__contains",)
    search_hint = _("Name")
    order = "name"
    tables = ("sales_invoice",)
    empty = Empty("users", _("No customer is in this state."))
    export_right = "reports.export"

    def rows(self) -> QuerySet[Any]:
        """Return the customers of the state."""
        seen = visible(
            self.request.user, Counterparty.objects.filter(is_archived=False),
            "counterparties.view",
        ).select_related("responsible")  # fmt: skip
        return customers.in_state(
            self.request.user, self.state, period=self._period[1],
            limits=asking.asked_limits(self.asked), rows=seen,
        )  # fmt: skip

    def prepare(self, rows: Sequence[Any]) -> None:
        """Add first and latest purchase of the page's rows."""
        until_on = self._period[1].until_on
        found = customers.bought(
            self.request.user, [row.pk for row in rows], until_on=until_on
        )
        for row in rows:
            row.bought = _Bought(found.get(row.pk, {}), until_on)

    def url(self, row: Counterparty) -> str:
        """Return the address of a customer."""
        return reverse("counterparties:card", args=[row.pk])

    @property
    def state(self) -> str:
        """Return the state asked for."""
        wanted = self.asked.get("state", "")
        return wanted if wanted in customers.STATES else "active"

    @cached_property
    def _period(self) -> Any:
        return periods.asked(self.asked, today=timezone.localdate(), usual="month")


class RowsBehind(ListScreen):
    """The rows of any object that a figure of a report by a field counts, the newest first."""

    key = "reports.rows"
    title = _("Rows behind the figure")
    url_name = "reports:rows"
    empty = Empty("chart-bar", _("Nothing fits these conditions."))
    export_right = "reports.export"

    def __init__(self, request: HttpRequest, ask: by_field.Ask) -> None:
        self.report, kind = ask, ask.kind
        self.key = f"reports.of_{kind.key}"  # type: ignore[misc]
        self.title = kind.label_plural  # type: ignore[assignment,misc]
        if self._has_search_text or kind.title:
            column = "search_text" if self._has_search_text else kind.title
            self.search = (f"{column}__icontains",)  # type: ignore[misc]
            self.search_hint = _("Name")  # type: ignore[misc]
        told = {ask.by.steps[0].key, *(each.of.key for each in ask.measures)}
        self.columns = [
            Column("_row", kind.label, str, is_link=True, phone="title"),
            *(
                replace(each, is_default=each.key in told,
                        phone="meta" if each.key in told else "hidden",
                        sort="" if each.key in self._computed else each.sort)
                for each in fields.with_columns((), kind, request.user)
            ),
        ]  # fmt: skip
        super().__init__(request)

    def rows(self) -> QuerySet[Any]:
        """Return the rows of the figure, with the own field they are sorted by."""
        of = next(
            (each for each in self.report.measures if each.key == self.asked.get("amount")), None
        )
        rows = by_field.behind(self.request.user, self.report, self.asked.get("at", ""), of=of)
        wanted = self.asked.get("sort", "").removeprefix("-")
        for each in objects.fields_of(self.report.kind):
            if each.key == wanted and fields.own_order(each) and each.computed is None:
                own = KeyTransform(each.key, "custom")
                rows = rows.annotate(**{fields.own_order(each): own})
        return rows

    def matching(self, rows: QuerySet[Any], words: Sequence[str]) -> QuerySet[Any]:
        """Return the rows in which each word stands, as far as the person sees them."""
        if self._has_search_text:
            return searching.matching(rows, " ".join(words), by=self.request.user)
        return super().matching(rows, words)

    def prepare(self, rows: Sequence[Any]) -> None:
        """Add what the database computes, and the names of what own fields lead to."""
        kind, user = self.report.kind, self.request.user
        fields.compute(rows, self.columns, kind, user)
        super().prepare(rows)
        fields.name_related(rows, self.columns, kind, user)

    def url(self, row: Any) -> str:
        """Return the address of a row's card; ``""`` where its kind has none."""
        name = self.report.kind.card_url_name
        return address_of(name, row.pk) if name else ""

    @property
    def _has_search_text(self) -> bool:
        columns = self.report.kind.model._meta.concrete_fields
        return any(each.name == "search_text" for each in columns)

    @cached_property
    def _computed(self) -> set[str]:
        known = objects.fields_of(self.report.kind)
        return {each.key for each in known if each.computed is not None}


class _Bought:
    """First and latest purchase of a customer, and their number."""

    def __init__(self, row: dict[str, Any], until_on: date) -> None:
        self.first, self.latest = row.get("first"), row.get("latest")
        self.number = row.get("number")
        self.silent = (until_on - self.latest).days if self.latest else None
