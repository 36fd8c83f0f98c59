"""What stands on the timelines of customers who are gone, erased by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.activities.models import Activity, ActivityLink, ActivityState
from apps.counterparties.models import CounterpartyStatus
from apps.counterparties.retention import LEADS
from apps.retention.kinds import Kept, forget_traces, hold, register

NOTES = "notes"
_KIND = "activities"
_DOCUMENTS = ("invoices", "payments", "quotations")
_OVER = (ActivityState.DONE, ActivityState.DECLINED)


def notes() -> QuerySet[Any]:
    """Return what is done with customers who were declined or erased, but not about a document."""
    is_gone = Q(counterparty__erased_at__isnull=False) | Q(
        counterparty__status=CounterpartyStatus.REJECTED
    )
    documents = ActivityLink.objects.filter(activity=OuterRef("pk"), kind__in=_DOCUMENTS)
    return Activity.objects.filter(is_gone, state__in=_OVER).exclude(Exists(documents))


def erase(keys: Sequence[UUID], now: datetime) -> None:
    """Remove activities with their comments, files and places on cards."""
    forget_traces(_KIND, keys)
    Activity.objects.filter(pk__in=keys).delete()


def without_activity(rows: QuerySet[Any], before: datetime) -> QuerySet[Any]:
    """Leave out leads with something to be done, or something done later."""
    later = Activity.objects.filter(counterparty=OuterRef("pk"), is_archived=False)
    return rows.exclude(Exists(later.exclude(state__in=_OVER, at__lt=before)))


register(
    Kept(
        NOTES, _("Timelines of customers who were declined or erased"),
        _(
            "Notes, calls, meetings and tasks that are done, counted from the day they were done."
            " They are removed with comments and files; those about a document stay."
        ),
        "at", notes, erase, position=30,
    )
)  # fmt: skip
hold(LEADS, of="activities", narrow=without_activity)
