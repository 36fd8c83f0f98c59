"""The notices of invoices and of the exchange: sentences and topics."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.notices import BELL, DIGEST, MAIL, NoticeKind, Topic, register

register(
    Topic("payments", _("Payments"), frozenset({BELL, MAIL}), 50, "payments.view"),
    NoticeKind(
        "payment_received", _("%(customer)s paid invoice %(number)s: %(amount)s"), "payments",
        "cash",
    ),
    NoticeKind(
        "partly_paid", _("%(customer)s paid a part of invoice %(number)s: %(amount)s"), "payments",
        "cash",
    ),
)  # fmt: skip
register(
    Topic("shipments", _("Shipments"), frozenset({BELL}), 60, "invoices.view"),
    NoticeKind(
        "shipped", _("Invoice %(number)s of %(customer)s is shipped"), "shipments",
        "truck-delivery",
    ),
    NoticeKind(
        "partly_shipped", _("Invoice %(number)s of %(customer)s is shipped in part"), "shipments",
        "truck-delivery",
    ),
)  # fmt: skip
register(
    Topic("changes_in_1c", _("Changes made in 1C"), frozenset({BELL}), 70, "invoices.view"),
    NoticeKind(
        "changed_in_1c", _("Invoice %(number)s of %(customer)s was changed in 1C"),
        "changes_in_1c", "edit",
    ),
    NoticeKind(
        "cancelled_in_1c", _("Invoice %(number)s of %(customer)s was cancelled in 1C"),
        "changes_in_1c", "ban",
    ),
    NoticeKind(
        "conflict", _("Invoice %(number)s of %(customer)s was changed here and in 1C: decide"),
        "changes_in_1c", "alert-triangle",
    ),
)  # fmt: skip
register(
    Topic("deals", _("Deals and quotations"), frozenset({BELL, DIGEST}), 45, "deals.view"),
    NoticeKind("deal_handed_over", _("%(who)s gave you the deal “%(subject)s”"), "deals", "inbox"),
    NoticeKind(
        "quotation_to_approve", _("Quotation %(number)s of %(customer)s waits for approval"),
        "deals", "alert-triangle",
    ),
    NoticeKind("quotation_approved", _("Quotation %(number)s is approved"), "deals", "check"),
    NoticeKind("quotation_refused", _("Quotation %(number)s is not approved"), "deals", "x"),
)  # fmt: skip
register(
    Topic("exchange", _("The exchange with 1C"), frozenset({BELL}), 80, "exchange.view"),
    NoticeKind(
        "exchange_failed", _("The exchange with “%(node)s” failed"), "exchange", "alert-circle"
    ),
)  # fmt: skip
register(
    Topic("many", _("Many at once"), frozenset({BELL}), 90),
    NoticeKind("and_more", _("… and %(count)s more of the same"), "many", "list"),
)
