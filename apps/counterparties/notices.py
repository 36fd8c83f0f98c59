"""What people are told of counterparties: what registers said of those they chose."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.core import notices
from apps.core.notices import BELL, BROWSER, NoticeKind, Topic

CHECKED, STOPPED = "register_checked", "register_stopped"
notices.register(
    Topic("registers", _("Company register"), frozenset({BELL, BROWSER}), 60,
          right="counterparties.change"),
    NoticeKind(
        CHECKED,
        _(
            "Company register: %(checked)s checked, %(alarming)s with a warning,"
            " %(unknown)s unknown"
        ),
        "registers", "building",
    ),
    NoticeKind(
        STOPPED,
        _("Company register: %(checked)s checked, %(unasked)s not asked: %(why)s"),
        "registers", "building",
    ),
)  # fmt: skip
