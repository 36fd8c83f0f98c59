"""Reports that people of the demonstration keep."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from apps.accounts.models import Role, User
from apps.reports.models import ReportKind
from apps.reports.services import save_report

_ROLES = (Role.OWNER, Role.HEAD, Role.MANAGER, Role.ACCOUNTANT)
# What is kept: names in English, Russian and Turkish, the report, what its address asks.
_KEPT = (
    (("Revenue by customer, this year", "Выручка по клиентам за год",
      "Müşteriye göre ciro, bu yıl"),
     ReportKind.SALES, "period=year&by=customer&sort=revenue"),
    (("What we sell, quarter on quarter", "Что продаём, квартал к кварталу",
      "Ne satıyoruz, çeyrekten çeyreğe"),
     ReportKind.SALES, "period=quarter&compare=before&by=product&sort=revenue"),
    (("Who fell asleep", "Кто уснул", "Kim uykuya daldı"), ReportKind.CUSTOMERS, "period=quarter"),
)  # fmt: skip
_LANGUAGES = ("en", "ru", "tr")


def keep_reports(*, language: str, note: Callable[[str, UUID], None]) -> None:
    """Keep some reports for everybody who sees reports."""
    said = _LANGUAGES.index(language) if language in _LANGUAGES else 0
    people = User.objects.filter(is_active=True, role__in=_ROLES).order_by("created_at", "pk")
    for user in people:
        for names, report, asked in _KEPT:
            kept = save_report(
                user=user, name=names[said], report=report, asked=asked, is_pinned=False
            )
            note("reports.SavedReport", kept.pk)
