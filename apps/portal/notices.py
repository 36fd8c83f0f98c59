"""The notices of this room: what customers did on their page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core.notices import BELL, BROWSER, DIGEST, NoticeKind, Topic, register

register(
    Topic("portal", _("Customers on their page"), frozenset({BELL, BROWSER, DIGEST}), 35,
          "portal.view"),
    NoticeKind("portal_comment", _("%(who)s (%(customer)s) on %(document)s: %(text)s"), "portal",
               "message"),
    NoticeKind("portal_accepted", _("%(customer)s accepts quotation %(document)s"), "portal",
               "check"),
    NoticeKind("portal_declined", _("%(customer)s declines quotation %(document)s: %(text)s"),
               "portal", "x"),
)  # fmt: skip
