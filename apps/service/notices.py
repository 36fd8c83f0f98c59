"""What people are told of requests: that one is theirs now."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core import notices
from apps.core.notices import BELL, BROWSER, NoticeKind, Topic

notices.register(
    Topic(
        "requests", _("Complaints and service requests"), frozenset({BELL, BROWSER}), 45,
        right="requests.view",
    ),
    NoticeKind(
        "request_assigned", _("%(customer)s: “%(subject)s” is yours to see to"), "requests", "help"
    ),
)  # fmt: skip
