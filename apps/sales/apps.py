"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from replication.registry import declare_local


class SalesConfig(AppConfig):
    name = "apps.sales"

    def ready(self) -> None:
        """Tell the exchange how orders come and go; stand in side bar, search and on cards."""
        from apps.core.navigation import Creation, NavItem, register, register_creation
        from apps.core.search import Finder
        from apps.core.search import register as register_finder
        from apps.core.start import Section as StartSection
        from apps.core.start import register as register_start
        from apps.counterparties import sections
        from apps.sales import (  # noqa: F401
            customers,
            exchange_adapter,
            history_adapter,
            kinds,
            outgoing,
            programs,
            replication_adapter,
            retention,
            selectors,
            start,
        )

        register(
            NavItem(
                "invoices", _("Invoices"), "sales:list", "file-invoice", 10,
                right="invoices.view", is_mobile=True, shortcut="i",
            )
        )  # fmt: skip
        register(
            NavItem(
                "till", _("Point of sale"), "sales:till", "barcode", 12, right="till.use",
                shortcut="s",
            )
        )  # fmt: skip
        register(
            NavItem("payments", _("Payments"), "sales:payments", "cash", 15, right="payments.view")
        )
        register_creation(
            Creation("invoice", _("New invoice"), "sales:new", "file-invoice", 10,
                     right="invoices.create", letter="i")
        )  # fmt: skip
        register_finder(
            Finder(
                "invoices", _("Invoices"), "file-invoice", "invoices.view", selectors.found,
                order=10,
            )
        )  # fmt: skip
        sections.register_debts(selectors.debts)
        sections.register_turnover(customers.turnover)
        sections.register_section(
            sections.Section(
                "sales/_trade.html", customers.trade_of, position=10, place="middle",
                tab=sections.TRADE, right="invoices.view", label=_("Trade"),
            )
        )  # fmt: skip
        sections.register_section(
            sections.Section(
                "sales/_debt.html", customers.debt_of, position=20, place="right",
                right="invoices.view", label=_("Debt"),
            )
        )  # fmt: skip
        register_start(
            StartSection(
                "sales.tiles", "sales/_tiles.html", start.tiles, 10, "invoices.view", True,
                label=_("Money to come"),
            )
        )  # fmt: skip
        register_start(
            StartSection("sales.attention", "sales/_attention.html", start.attention, 20,
                         "invoices.view", label=_("Latest invoices"))
        )  # fmt: skip
        declare_local("sales.NumberSequence", "an office gives out numbers of its own")
        declare_local("sales.InvoiceBase", "what the centre and its 1C last agreed on")
