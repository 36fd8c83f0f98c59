"""Thousands of counterparties and contact persons at once: the rules of one by one, set-based."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from apps.core import bulk, objects
from apps.core.folding import fold
from apps.core.objects import Refused, Saved
from apps.counterparties.models import ContactPerson, Counterparty
from replication.nodes import this_office

Row = tuple[UUID | None, Mapping[str, Any]]
Complete = Callable[[dict[str, Any], bool], Refused | None]


def save_many(*, rows: Sequence[Row], by: Any) -> list[Saved]:
    """Make counterparties or bring them to these values; see ``apps.core.objects.SaveMany``.

    Rows that say whom a counterparty belongs to go one by one: no ring may come of it.
    """
    office = this_office()

    told = _register_numbers(rows)

    def complete(row: dict[str, Any], is_new: bool) -> Refused | None:
        if not is_new and told.get(row["id"], row["tax_number"]) != row["tax_number"]:
            row |= {"register_state": "", "register_told_at": None}
        name = str(row.get("name") or "").strip()
        if not name:
            return Refused({"name": [_("A counterparty has a name.")]})
        row["sort_name"] = fold(name)[:250]
        if is_new and office is not None:
            row["office_id"] = row.get("office_id") or office.pk
        return None

    return _save("counterparties", Counterparty, rows, complete, apart={"parent"}, by=by)


def _register_numbers(rows: Sequence[Row]) -> dict[UUID, str]:
    """Return the tax numbers of which a register spoke, by the rows whose number is written."""
    keys = [key for key, values in rows if key is not None and "tax_number" in values]
    known = Counterparty.objects.filter(pk__in=keys).exclude(register_state="") if keys else ()
    return {row.pk: row.tax_number for row in known}


def save_people(*, rows: Sequence[Row], by: Any) -> list[Saved]:
    """Make contact persons or bring them to these values; see ``apps.core.objects.SaveMany``.

    Known ones that move to another counterparty go one by one: their contacts move along.
    """
    named = {values.get("counterparty") for _key, values in rows}
    there = set(
        Counterparty.objects.filter(pk__in=[key for key in named if key])
        .values_list("pk", flat=True)
    )  # fmt: skip

    def complete(row: dict[str, Any], is_new: bool) -> Refused | None:
        if not str(row.get("full_name") or "").strip():
            return Refused({"full_name": [_("A contact person has a name.")]})
        if is_new and row.get("counterparty_id") not in there:
            return Refused(
                {"counterparty": [_("Choose the counterparty this person works at.")]}
            )  # fmt: skip
        return None

    return _save("contacts", ContactPerson, rows, complete, apart={"counterparty"}, by=by)


def _save(
    kind: str, model: type[Model], rows: Sequence[Row], complete: Complete, *,
    apart: set[str], by: Any,
) -> list[Saved]:  # fmt: skip
    """Save rows whose fields are columns by COPY, the others by ``save``; answers in order."""
    columns = _columns(kind, model)
    known = bulk.current(model, [key for key, _values in rows if key is not None])
    now = timezone.now()
    fresh: list[dict[str, Any]] = []
    altered: list[dict[str, Any]] = []
    answers: list[Saved | None] = []
    for key, values in rows:
        alone = values.keys() - columns.keys() or (key is not None and values.keys() & apart)
        if alone or (kind == "counterparties" and values.get("parent")):
            saved = objects.save_one_of_many(objects.kind(kind), key, values, by)
            answers.append(saved)
            continue
        named = {columns[name]: value for name, value in values.items()}
        if key is not None and key not in known:
            answers.append(Saved(key, refused=Refused({"": [_("It is gone.")]})))
            continue
        row = {**known[key], **named} if key is not None else {"id": uuid7(), **named}
        refused = complete(row, key is None)
        if refused is not None:
            answers.append(Saved(key, refused=refused))
        elif key is None:
            fresh.append(row)
            answers.append(Saved(row["id"], is_new=True, is_changed=True))
        else:
            altered.append(row)
            answers.append(None)
    bulk.insert(model, fresh, now=now)
    changed = bulk.update(model, altered, now=now)
    return [
        answer if answer is not None else Saved(key, is_changed=key in changed)
        for answer, (key, _values) in zip(answers, rows, strict=True)
    ]


def _columns(kind: str, model: type[Model]) -> dict[str, str]:
    """Return the column of each field that is one: ``responsible`` is ``responsible_id``."""
    stored = bulk.columns_of(model)
    by_name = {each.name: name for name, each in stored.items()}
    return {
        each.key: by_name.get(each.source, each.source)
        for each in objects.kind(kind).fields
        if each.source in by_name or each.source in stored
    }
