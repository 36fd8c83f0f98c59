"""Thousands of counterparties at once: the same rules as one by one, set-based."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from apps.core import bulk, objects
from apps.core.folding import fold
from apps.core.objects import Refused, Saved
from apps.counterparties.models import Counterparty
from replication.nodes import this_office

Row = tuple[UUID | None, Mapping[str, Any]]


def save_many(*, rows: Sequence[Row], by: Any) -> list[Saved]:
    """Make counterparties or bring them to these values; see ``apps.core.objects.SaveMany``.

    What is no column of the row itself (a list of phones, …) goes through ``save``, row by row.
    """
    columns = _columns()
    plain = [(key, values) for key, values in rows if values.keys() <= columns.keys()]
    if len(plain) != len(rows):
        kind = objects.kind("counterparties")
        return [objects.save_one_of_many(kind, key, values, by) for key, values in rows]
    known = bulk.current(Counterparty, [key for key, _values in rows if key is not None])
    office = this_office()
    now = timezone.now()
    fresh: list[dict[str, Any]] = []
    altered: list[dict[str, Any]] = []
    answers: list[Saved] = []
    for key, values in rows:
        named = {columns[name]: value for name, value in values.items()}
        before = known.get(key) if key is not None else None
        name = str(named.get("name", before["name"] if before else "")).strip()
        if not name or (key is not None and before is None):
            sentence = _("A counterparty has a name.") if not name else _("It is gone.")
            answers.append(Saved(key, refused=Refused({"name" if not name else "": [sentence]})))
            continue
        named["sort_name"] = fold(name)[:250]
        if before is not None:
            altered.append({**before, **named})
            answers.append(Saved(key))
            continue
        made = uuid7()
        if office is not None:
            named["office_id"] = named.get("office_id") or office.pk
        fresh.append({"id": made, **named})
        answers.append(Saved(made, is_new=True, is_changed=True))
    bulk.insert(Counterparty, fresh, now=now)
    changed = bulk.update(Counterparty, altered, now=now)
    return [
        each if each.is_new or each.refused else Saved(each.key, False, each.key in changed)
        for each in answers
    ]


def _columns() -> dict[str, str]:
    """Return the column of each field that is one: ``responsible`` is ``responsible_id``."""
    stored = bulk.columns_of(Counterparty)
    by_name = {each.name: name for name, each in stored.items()}
    kind = objects.kind("counterparties")
    return {
        each.key: by_name.get(each.source, each.source)
        for each in kind.fields
        if each.source in by_name or each.source in stored
    }
