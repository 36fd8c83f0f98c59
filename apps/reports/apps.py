"""Registration of the room."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from replication.registry import declare_local


class ReportsConfig(AppConfig):
    name = "apps.reports"

    def ready(self) -> None:
        """Stand in the side bar, on the desktop and on the cards of customers."""
        from apps.core.navigation import NavItem, register
        from apps.core.start import Section
        from apps.core.start import register as register_widget
        from apps.counterparties import sections

        register(
            NavItem(
                "reports", _("Reports"), "reports:sales", "chart-bar", 21, right="reports.view",
                shortcut="o",
            )
        )  # fmt: skip
        register_widget(
            Section("reports.pinned", "reports/_widget.html", _pinned, 25, "reports.view",
                    label=_("My reports"))
        )  # fmt: skip
        sections.register_section(
            sections.Section(
                "reports/_of_customer.html", lambda partner, user: {}, position=25, place="right",
                right="reports.view", label=_("Brought within a year"),
            )
        )  # fmt: skip
        declare_local("reports.ReportSettings", "each office chooses how its reports count")
        declare_local("reports.SavedReport", "whoever keeps a report does so where they sit")
        declare_local("reports.FiguresLetter", "the letter leaves from where a person works")


def _pinned(request: Any) -> dict[str, Any] | None:
    """Return something to show when the person has pinned a report."""
    from apps.reports.models import SavedReport  # a model is there once all rooms are loaded

    mine = SavedReport.objects.filter(user=request.user.pk, is_pinned=True)
    return {} if mine.exists() else None
