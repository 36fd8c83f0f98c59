"""Reports on deals as tables: what the pages show, without their pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.deals.selectors import reports
from apps.deals.selectors.asking import MONTHS, Asked, asked

FUNNEL, FORECAST, LOSSES = "funnel", "forecast", "losses"
NAMES = (FUNNEL, FORECAST, LOSSES)


@dataclass(frozen=True)
class Table:
    """Heads and rows of a report; without heads there is nothing to count."""

    heads: Sequence[str] = ()
    rows: Sequence[Sequence[Any]] = ()


def table_of(
    user: Any, name: str, values: Mapping[str, str], *, now: datetime, today: date, currency: str
) -> Table:
    """Return a report as its page shows it to a person; four queries at most."""
    ask = asked(user, values, today=today, currency=currency)
    if name == FUNNEL:
        return _funnel(user, ask, now)
    if name == FORECAST:
        return _forecast(user, ask, today)
    return _losses(user, ask)


def _funnel(user: Any, ask: Asked, now: datetime) -> Table:
    if ask.pipeline is None:
        return Table()
    found = reports.funnel(
        user, ask.pipeline, ask.pipeline.in_order,  # type: ignore[attr-defined]
        from_on=ask.from_on, until_on=ask.until_on, owner_id=ask.owner_id, currency=ask.currency,
        now=now,
    )  # fmt: skip
    heads = (
        _("Stage"), _("Came here"), _("Amount"), _("Of the stage before"), _("Of all"),
        _("Lost here"), _("Days in the stage"),
    )  # fmt: skip
    rows = [
        (str(step.stage), step.count, step.amount, step.from_former, step.from_first, step.lost,
         step.days)
        for step in found.steps
    ]  # fmt: skip
    return Table(heads, rows)


def _forecast(user: Any, ask: Asked, today: date) -> Table:
    found = reports.forecast(
        user, first=ask.month, months=MONTHS,
        pipeline_id=ask.wanted.pk if ask.wanted else None, owner_id=ask.owner_id,
        currency=ask.currency, today=today,
    )  # fmt: skip
    heads = (
        _("Month"), _("Plan"), pgettext("amount", "Won"), _("Open deals"),
        _("Expected, as it is"), _("By probability"), _("Outlook"), _("Of the plan"),
    )  # fmt: skip
    rows: list[Sequence[Any]] = [
        (each.first, each.plan, each.won, each.count, each.expected, each.weighted, each.outlook,
         each.share)
        for each in found.months
    ]  # fmt: skip
    beside = ((_("Expected before this month"), found.overdue),
              (_("No expected day"), found.without_day))  # fmt: skip
    rows += [
        (text, None, None, each.count, each.expected, each.weighted, None, None)
        for text, each in beside if each.count
    ]  # fmt: skip
    return Table(heads, rows)


def _losses(user: Any, ask: Asked) -> Table:
    found = reports.losses(
        user, from_on=ask.from_on, until_on=ask.until_on,
        pipeline_id=ask.wanted.pk if ask.wanted else None, owner_id=ask.owner_id,
        currency=ask.currency,
    )  # fmt: skip
    heads = (pgettext("why", "Reason"), _("Deals"), _("Share"), _("Amount"))
    rows = [
        (each.name or _("No reason was named"), each.count, each.share, each.amount)
        for each in found
    ]
    return Table(heads, rows)
