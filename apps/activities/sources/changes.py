"""Changes of a card's fields on its timeline, a burst by one person folded into one entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.activities import timeline
from apps.activities.timeline import Card, Entry, Source
from apps.core import naming
from apps.history.models import RowChange
from apps.history.selectors import closed_columns
from apps.history.tracked import Tracked, all_tracked, card_of, of_table

BURST = timedelta(minutes=10)


def rows(card: Card) -> QuerySet[Any] | None:
    """Return the changes that stand on the card; ``None`` when it has no history."""
    known = card_of(card.kind.table)
    if known is None or known.changes is not None:  # parts of another card, whose timeline has them
        return None
    tables = [each.table for each in all_tracked() if each.card == known]
    return RowChange.objects.filter(owner=card.key, table__in=tables)


def tell(entries: Sequence[Entry], card: Card) -> None:
    """Put changes into words, with a query for each kind of name that a change holds."""
    names = _names(entries)
    known = card_of(card.kind.table)
    closed = (
        closed_columns(card=known, pk=card.key, user=card.user, row=card.row)
        if known
        else frozenset()
    )
    for entry in entries:
        tracked = of_table(entry.data["table"])
        if tracked is None:
            continue
        entry.icon = "history"
        entry.who = entry.data["who"] or ""
        entry.title = _title(tracked, entry)
        if entry.data["operation"] == "U":
            entry.details = _fields(tracked, entry, names, closed)


def folds(latest: Entry, entry: Entry) -> bool:
    """Tell whether an entry belongs to the burst above it: the same author, minutes apart."""
    oldest = latest.folded[-1] if latest.folded else latest
    is_same = latest.data["author"] == entry.data["author"]
    return is_same and latest.day == entry.day and oldest.moment - entry.moment <= BURST


def _title(tracked: Tracked, entry: Entry) -> str:
    kind = "" if tracked.is_card else naming.kind_name(tracked.model)
    operation = entry.data["operation"]
    if tracked.is_card:
        return str({"I": _("Created"), "D": _("Deleted")}.get(operation, _("Changed")))
    sentences = {"I": _("%(what)s added"), "D": _("%(what)s removed"), "U": _("%(what)s changed")}
    return str(sentences[operation]) % {"what": kind}


def _fields(
    tracked: Tracked, entry: Entry, names: dict[Any, dict[Any, str]], closed: frozenset[str]
) -> list[tuple[str, str, str]]:
    shown = []
    for column, (old, new) in (entry.data["changed"] or {}).items():
        one = naming.field_of(tracked.model, column)
        if one is None or not naming.is_told(one) or column in (*tracked.hidden, *closed):
            continue
        told = naming.changes(one, old, new, names)
        shown += [(each.name, each.old, each.new) for each in told if each.column not in closed]
    return shown


def _names(entries: Sequence[Entry]) -> dict[Any, dict[Any, str]]:
    known = ((of_table(entry.data["table"]), entry.data["changed"]) for entry in entries)
    return naming.names_in((tracked.model, changed) for tracked, changed in known if tracked)


def _author() -> Subquery:
    people = User.objects.filter(pk=OuterRef("author"))
    name = Coalesce(NullIf("full_name", Value("")), "email", output_field=CharField())
    return Subquery(people.values(name=name)[:1])


timeline.register(
    Source(
        key="changes",
        rows=rows,
        moment=F("moment"),
        data=JSONObject(
            table="table", operation="operation", changed="changed", author="author",
            cause="cause", who=_author(),
        ),
        tell=tell,
        filters=(("change", _("Changes"), Q()),),
        right="history.view",
        template="activities/timeline/_change.html",
        folds=folds,
        order=40,
    )
)
