"""Registration of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DealsConfig(AppConfig):
    name = "apps.deals"

    def ready(self) -> None:
        """Stand in the side bar and the search, on customers' cards; listen to invoices."""
        from apps.core import events
        from apps.core.navigation import (
            Creation,
            NavItem,
            only_at_centre,
            register,
            register_creation,
        )
        from apps.core.search import Finder
        from apps.core.search import register as register_finder
        from apps.counterparties import sections
        from apps.deals import (  # noqa: F401
            history_adapter,
            kinds,
            programs,
            programs_settings,
            replication_adapter,
            retention,
            trade,
        )
        from apps.deals.selectors import finding
        from apps.deals.services import happenings, listening, pipelines
        from apps.sales.services import happenings as sold
        from apps.sales.services import invoices, settlement
        from replication.registry import declare_local
        from tenants.signup import on_sign_up

        register(
            NavItem(
                "deals", _("Deals"), "deals:board", "target", 5, right="deals.view",
                is_mobile=True, shortcut="d",
            )
        )  # fmt: skip
        register(
            NavItem(
                "quotations", _("Quotations"), "deals:quotations", "file-text", 8,
                right="quotations.view", shortcut="q",
            )
        )  # fmt: skip
        register(
            NavItem(
                "funnel", _("Funnel and forecast"), "deals:funnel", "filter", 20,
                right="deals.view", shortcut="f",
            )
        )  # fmt: skip
        register(
            NavItem(
                "pipelines", _("Pipelines"), "deals:pipelines", "git-branch", 72,
                right="pipelines.change", group="settings", is_of_centre=True,
            )
        )  # fmt: skip
        register_creation(
            Creation("deal", _("New deal"), "deals:new", "target", 5, right="deals.create",
                     letter="d")
        )  # fmt: skip
        register_finder(
            Finder("deals", _("Deals"), "target", "deals.view", finding.found, order=5)
        )
        register_finder(
            Finder("quotations", _("Quotations"), "file-text", "quotations.view",
                   finding.quotations_found, order=12)
        )  # fmt: skip
        sections.register_section(
            sections.Section(
                "deals/_of_counterparty.html", trade.deals_of, position=5, place="right",
                right="deals.view", label=_("Deals"),
            )
        )  # fmt: skip
        sections.register_person_section(
            sections.PersonSection(
                "deals/_of_person.html", trade.deals_of_person, position=5, right="deals.view",
                label=_("Deals"),
            )
        )  # fmt: skip
        only_at_centre("deals:pipeline*", "deals:stage*", "deals:reasons", "deals:rules")
        invoices.look_before_issue(listening.before_issue)
        events.listen(happenings.DealsMoved, listening.deals_moved)
        events.listen(sold.InvoiceIssued, listening.invoice_issued)
        events.listen(settlement.PaymentReceived, listening.payment_received)
        events.listen(settlement.InvoiceShipped, listening.invoice_shipped)
        on_sign_up(pipelines.prepare)
        declare_local("deals.QuotationNumber", "an office gives out numbers of its own")
