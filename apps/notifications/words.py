"""Notices as sentences."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal, InvalidOperation
from typing import Any

from apps.core import notices
from apps.core.formats import money_text
from apps.notifications.models import Notification


def sentence(notice: Notification) -> str:
    """Return what happened, in the reader's language; a kind of a later version says its name."""
    kind = notices.kind(notice.kind)
    if kind is None:
        return notice.kind
    values: dict[str, Any] = defaultdict(str, notice.values)
    if "amount" in notice.values:
        values["amount"] = _money(notice.values)
    return str(kind.sentence) % values


def icon(notice: Notification) -> str:
    """Return the icon of a kind."""
    kind = notices.kind(notice.kind)
    return kind.icon if kind is not None else "bell"


def _money(values: dict[str, Any]) -> str:
    try:
        return money_text(Decimal(values["amount"]), values.get("currency", ""))
    except InvalidOperation:
        return str(values["amount"])
