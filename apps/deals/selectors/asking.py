"""What reports on deals are asked for, as their addresses say it: period, pipeline, person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from apps.accounts.models import User
from apps.deals.models import Pipeline
from apps.deals.selectors.finding import pipelines_and_people
from apps.deals.selectors.reports import months_before
from apps.sales.forms import CURRENCIES

QUARTER = timedelta(days=90)
BACK, AHEAD = 2, 6  # months of the forecast
MONTHS = BACK + 1 + AHEAD
FIRST_YEAR, LAST_YEAR = 1900, 2200  # of days that are reckoned with


@dataclass(frozen=True)
class Asked:
    """What every report can be narrowed by; ``wanted`` is the pipeline that was named, if any."""

    pipelines: Sequence[Pipeline]
    people: Sequence[User]
    pipeline: Pipeline | None  # the one named, else the usual one
    wanted: Pipeline | None
    owner_id: UUID | None
    from_on: date
    until_on: date
    month: date  # the first of the forecast
    currency: str


def asked(user: Any, values: Mapping[str, str], *, today: date, currency: str) -> Asked:
    """Return what an address asks for; ``currency`` is the company's. One query."""
    found, people, _look = pipelines_and_people(user)
    named = values.get("pipeline", "")
    wanted = next((each for each in found if str(each.pk) == named), None)
    usual = next((each for each in found if each.is_default), found[0] if found else None)
    until_on = _day(values.get("until", "")) or today
    return Asked(
        pipelines=found, people=people, pipeline=wanted or usual,
        wanted=(wanted or usual) if named else None, owner_id=_key(values.get("owner", "")),
        from_on=_day(values.get("from", "")) or until_on - QUARTER, until_on=until_on,
        month=_day(f"{values.get('month', '')}-01") or months_before(today.replace(day=1), BACK),
        currency=currency_of(values, currency),
    )  # fmt: skip


def currency_of(values: Mapping[str, str], currency: str) -> str:
    """Return the currency an address names, else the company's."""
    wanted = values.get("currency", "")
    return wanted if wanted in CURRENCIES else currency


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
