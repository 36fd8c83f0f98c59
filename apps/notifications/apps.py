"""Registration of the room."""

from django.apps import AppConfig

from replication import plan
from replication.registry import declare_local, declare_personal


class NotificationsConfig(AppConfig):
    name = "apps.notifications"

    def ready(self) -> None:
        """Listen to what the rooms below tell, and to the end of exchange runs."""
        from apps.core import events
        from apps.core.notices import Told, ToldMany
        from apps.deals.services import happenings as deals
        from apps.notifications import kinds, listeners, programs  # noqa: F401
        from apps.sales.services import happenings, settlement
        from exchange import outcome

        events.listen(settlement.PaymentReceived, listeners.payment_received)
        events.listen(settlement.InvoiceShipped, listeners.invoice_shipped)
        events.listen(happenings.InvoiceChangedIn1C, listeners.invoice_changed)
        events.listen(happenings.InvoiceCancelledIn1C, listeners.invoice_cancelled)
        events.listen(happenings.ConflictFound, listeners.conflict_found)
        events.listen(deals.DealsHandedOver, listeners.deals_handed_over)
        events.listen(deals.QuotationNeedsApproval, listeners.quotation_needs_approval)
        events.listen(deals.QuotationDecided, listeners.quotation_decided)
        events.listen(Told, listeners.told)
        events.listen(ToldMany, listeners.told_many)
        outcome.listen(listeners.run_is_over)
        declare_personal("notifications_notification")
        plan.stays("notifications.Notification", "told where it happened, to whoever is there")
        declare_local("notifications.NoticeSettings", "how a person is told where they sit")
