"""Rules of keeping, what would go, and erasing it.

Rows go in batches, each in one transaction with its line in the security log: what is not written
there has not gone. Nothing can be brought back.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import override

from apps.accounts.models import User
from apps.history.services import gather
from apps.retention.kinds import Kept, due, kinds
from apps.retention.models import RetentionRule
from replication.nodes import this_office
from tenants.audit.services import record
from tenants.context import acting
from tenants.current import current_company

BATCH = 200
MOST = 5000  # of one kind in one night; the rest goes in the nights after it
AHEAD = (0, 1, 3)  # months ahead for which a preview counts


class NotErased(Exception):
    """A batch was erased and is still there: the kind's ``erase`` and ``rows`` disagree."""


@dataclass(frozen=True)
class Counted:
    """How many rows will have gone by a day."""

    on: date
    count: int


def rules() -> dict[str, int]:
    """Return the months after which rows go, by kind; kinds that are kept are absent."""
    return dict(RetentionRule.objects.values_list("kind", "months"))


def age(*, months: int, now: datetime) -> datetime:
    """Return the moment before which rows are as old as that; the 31st becomes a month's last."""
    years, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    day = min(now.day, monthrange(years, month + 1)[1])
    return now.replace(year=years, month=month + 1, day=day)


def preview(kept: Kept, *, months: int, now: datetime) -> list[Counted]:
    """Return how many rows would go today, and by days to come if nothing changes until then."""
    found = []
    for ahead in AHEAD:
        day = age(months=-ahead, now=now)
        count = due(kept, age(months=months, now=day)).count()
        found.append(Counted(day.date(), count))
    return found


def is_stricter(wanted: Mapping[str, int], *, than: Mapping[str, int]) -> bool:
    """Tell whether more would go by these rules than by the former ones."""
    return any(kind not in than or months < than[kind] for kind, months in wanted.items())


@transaction.atomic
def save_rules(*, months: Mapping[str, int], by: User) -> None:
    """Bring the rules to these months by kind; a kind that is not named is kept for ever."""
    before = rules()
    RetentionRule.objects.exclude(kind__in=months).delete()
    for kind, number in months.items():
        if before.get(kind) != number:
            RetentionRule.objects.update_or_create(
                kind=kind, defaults={"months": number, "set_by": by}
            )
    if dict(months) != before:
        named = {each.key: str(each.label) for each in kinds()}
        told = [f"{named.get(kind, kind)}: {number}" for kind, number in sorted(months.items())]
        record(kind="retention.changed", login=by.email, rules=told)


def run(*, now: datetime) -> dict[str, int]:
    """Erase what the rules say, kind by kind; return how many rows went.

    An office erases nothing: what goes at the centre goes there with the next exchange.
    """
    if this_office() is not None:
        return {}
    months = rules()
    erased = {}
    with override(current_company().language):
        for kept in kinds():
            if kept.key in months:
                erased[kept.key] = _erase(kept, age(months=months[kept.key], now=now), now)
    return erased


def _erase(kept: Kept, before: datetime, now: datetime) -> int:
    count = 0
    while count < MOST:
        gone = _erase_batch(kept, before, now)
        if not gone:
            break
        count += gone
    return count


@transaction.atomic
def _erase_batch(kept: Kept, before: datetime, now: datetime) -> int:
    """Erase the oldest rows; one that somebody is changing just now waits for the next night.

    The change history is brought up to date first: nothing of what goes comes into it later.
    """
    gather(now=now)
    rows = due(kept, before).select_for_update(of=("self",), skip_locked=True)
    keys = list(rows.order_by(kept.moment, "pk").values_list("pk", flat=True)[:BATCH])
    if not keys:
        return 0
    with acting(author=None, cause="erased"):
        kept.erase(keys, now)
    if kept.rows().filter(pk__in=keys).exists():
        raise NotErased(kept.key)
    record(
        kind="retention.erased", name=str(kept.label), count=len(keys), until=f"{before:%Y-%m-%d}"
    )
    return len(keys)
