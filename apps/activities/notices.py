"""The notices of this room: their sentences, and what people choose channels for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.notices import BELL, BROWSER, DIGEST, NoticeKind, Topic, register

register(
    Topic("reminders", _("Reminders"), frozenset({BELL, BROWSER}), 10, "activities.view"),
    NoticeKind("reminder", _("Reminder: %(subject)s"), "reminders", "clock"),
    NoticeKind(
        "payment_expected",
        _("Call about payment: %(customer)s, invoice %(number)s, %(amount)s"),
        "reminders", "phone",
    ),
)  # fmt: skip
register(
    Topic(
        "assignments", _("Assignments and meetings"), frozenset({BELL, BROWSER, DIGEST}), 20,
        "activities.view",
    ),
    NoticeKind("activity_given", _("%(who)s gave you: %(subject)s"), "assignments", "inbox"),
    NoticeKind("activity_invited", _("%(who)s invites you: %(subject)s"), "assignments", "users"),
    NoticeKind("activity_moved", _("Put to another time: %(subject)s"), "assignments", "calendar"),
    NoticeKind("activity_accepted", _("%(who)s accepted: %(subject)s"), "assignments", "check"),
    NoticeKind("activity_declined", _("%(who)s declined: %(subject)s"), "assignments", "x"),
    NoticeKind("activity_done", _("Done: %(subject)s"), "assignments", "circle-check"),
    NoticeKind("activity_late", _("Late: %(subject)s"), "assignments", "alert-triangle"),
)  # fmt: skip
register(
    Topic("talk", _("Comments and mentions"), frozenset({BELL, BROWSER, DIGEST}), 30,
          "activities.view"),
    NoticeKind("mentioned", _("%(who)s mentioned you: %(text)s"), "talk", "message"),
    NoticeKind("activity_comment", _("%(who)s on “%(subject)s”: %(text)s"), "talk", "message"),
)  # fmt: skip
register(
    Topic("followed", _("News of what I follow"), frozenset({BELL, DIGEST}), 40, "activities.view"),
    NoticeKind("followed_news", _("%(card)s: %(subject)s"), "followed", "star"),
    NoticeKind("followed_change", _("%(who)s changed %(card)s: %(fields)s"), "followed", "star"),
)  # fmt: skip
register(
    Topic("calls", _("Calls that come in"), frozenset({BELL, BROWSER}), 25, "activities.view"),
    NoticeKind(
        "call_ringing", _("%(customer)s is calling. Responsible: %(owner)s"), "calls", "phone"
    ),
    NoticeKind("call_unknown", _("%(number)s is calling. Make a lead of it"), "calls", "phone"),
)  # fmt: skip
