"""What people do with reports: keep them, pin them, have figures mailed; how the company counts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.catalog.confidential import mark_cost
from apps.catalog.models import PriceType
from apps.notifications.choosing import zone_of
from apps.reports.figures import FIGURES
from apps.reports.models import FiguresLetter, ReportSettings, Rhythm, SavedReport

MOST_SAVED = 100


class TooManyReports(Exception):
    """A person keeps as many reports as anybody may."""


@transaction.atomic
def save_report(*, user: User, name: str, report: str, asked: str, is_pinned: bool) -> SavedReport:
    """Keep a report under a name; one of the same name is replaced.

    :raises TooManyReports: nothing was kept.
    """
    mine = SavedReport.objects.filter(user=user)
    if not mine.filter(name=name).exists() and mine.count() >= MOST_SAVED:
        raise TooManyReports(name)
    values = {"report": report, "asked": asked, "is_pinned": is_pinned}
    kept, _made = SavedReport.objects.update_or_create(user=user, name=name, defaults=values)
    return kept


@transaction.atomic
def change_report(
    *, user: User, report_id: UUID, is_pinned: bool | None = None, is_mailed: bool | None = None
) -> SavedReport:
    """Put a report of one's own on the desktop or into the letter, or take it away.

    :raises SavedReport.DoesNotExist: it is not one's own.
    """
    kept = SavedReport.objects.select_for_update().get(pk=report_id, user=user)
    if is_pinned is not None:
        kept.is_pinned = is_pinned
    if is_mailed is not None:
        kept.is_mailed = is_mailed
    kept.save()
    return kept


@transaction.atomic
def remove_report(*, user: User, report_id: UUID) -> None:
    """Forget a report of one's own.

    :raises SavedReport.DoesNotExist: it is not one's own.
    """
    SavedReport.objects.get(pk=report_id, user=user).delete()


@transaction.atomic
def keep_letter(
    *, user: User, rhythm: str, at: time, figures: Collection[str], reports: Collection[UUID],
    now: datetime,
) -> FiguresLetter:  # fmt: skip
    """Keep what a person gets by mail; figures and reports that are not there are left out.

    Who begins when the hour of today is over gets the first letter on the next day.
    """
    kept, is_new = FiguresLetter.objects.select_for_update().get_or_create(user=user)
    local = now.astimezone(zone_of(user))
    if (is_new or kept.rhythm == Rhythm.NEVER) and local.time() >= at:
        kept.sent_on = local.date()
    kept.rhythm, kept.at = rhythm, at
    kept.figures = [key for key in FIGURES if key in figures]
    kept.save()
    mine = SavedReport.objects.filter(user=user)
    mine.filter(pk__in=reports, is_mailed=False).update(is_mailed=True)
    mine.exclude(pk__in=reports).filter(is_mailed=True).update(is_mailed=False)
    return kept


def stop_letter(*, user_id: UUID) -> None:
    """Mail a person no figures any more; the second time changes nothing."""
    FiguresLetter.objects.filter(user=user_id).exclude(rhythm=Rhythm.NEVER).update(
        rhythm=Rhythm.NEVER
    )


@transaction.atomic
def keep_settings(
    *, cost_price_type: PriceType | None, sleeping_days: int, lost_days: int
) -> ReportSettings:
    """Keep how the company counts; the same again writes nothing."""
    kept, _made = ReportSettings.objects.get_or_create(pk=1)
    wanted = (cost_price_type.pk if cost_price_type else None, sleeping_days, lost_days)
    if (kept.cost_price_type_id, kept.sleeping_days, kept.lost_days) != wanted:
        kept.cost_price_type_id, kept.sleeping_days, kept.lost_days = wanted
        kept.save()
    mark_cost(kept.cost_price_type_id)
    return kept
