"""Customers of the demonstration that somebody has entered twice, for the finder of duplicates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from apps.core import objects
from apps.counterparties.models import Counterparty
from apps.counterparties.services import CounterpartyValues, save_counterparty
from apps.duplicates import services

_ENDINGS = {
    "ru": (" (склад)", "тел. из визитки"),
    "tr": (" (depo)", "kartvizitten"),
    "en": (" (warehouse)", "from a card"),
}


def enter_twice(
    partners: Sequence[Counterparty], *, language: str, note: Callable[..., Any], now: datetime
) -> None:
    """Enter the first customers once more, as people do, and search for duplicates."""
    ending, comment = _ENDINGS.get(language, _ENDINGS["en"])
    first, second, third = partners[:3]
    twice = (
        CounterpartyValues(
            name=first.name.upper(), tax_number=first.tax_number, phone=first.phone,
            comment=comment,
        ),
        CounterpartyValues(name=f"{second.name}{ending}", email=second.email, phone=second.phone),
        CounterpartyValues(name=third.name, phone=third.phone),
    )  # fmt: skip
    for values in twice:
        row = save_counterparty(values=values)
        note("counterparties.Counterparty", row.pk)
    services.find(kind=objects.kind("counterparties"), now=now)
