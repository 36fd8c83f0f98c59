"""Thousands of counterparties and contact persons at once: the rules of one by one, set-based."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, Model, OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from uuid_utils.compat import uuid7

from apps.core import bulk, objects
from apps.core.folding import fold
from apps.core.objects import Refused, Saved
from apps.counterparties import selectors
from apps.counterparties.models import ContactPerson, ContactPoint, Counterparty
from apps.counterparties.services import DEEPEST_TREE
from replication.nodes import this_office

Row = tuple[UUID | None, Mapping[str, Any]]
# What a room says of a row as it is to be: whether it is new, which columns are named.
Complete = Callable[[dict[str, Any], bool, Collection[str]], Refused | None]


def save_many(*, rows: Sequence[Row], by: Any) -> list[Saved]:
    """Make counterparties or bring them to these values; see ``apps.core.objects.SaveMany``."""
    office = this_office()
    told = _register_numbers(rows)
    cards = _Cards(rows)
    tree = _Tree(rows)

    def complete(row: dict[str, Any], is_new: bool, named: Collection[str]) -> Refused | None:
        if not is_new and told.get(row["id"], row["tax_number"]) != row["tax_number"]:
            row |= {"register_state": "", "register_told_at": None}
        name = str(row.get("name") or "").strip()
        if not name:
            return Refused({"name": [_("A counterparty has a name.")]})
        refused = cards.take(row) if "card_number" in named else None
        if refused is None and "parent_id" in named:
            refused = tree.hang(row)
        row["sort_name"] = fold(name)[:250]
        if is_new and office is not None:
            row["office_id"] = row.get("office_id") or office.pk
        return refused

    return _save("counterparties", Counterparty, rows, complete, by=by)


class _Cards:
    """Who has the customer cards that are written: each is of one counterparty."""

    def __init__(self, rows: Sequence[Row]) -> None:
        wanted = {selectors.bare_card(str(v.get("card_number") or "")) for _key, v in rows}
        held = Counterparty.objects.filter(card_number__in=wanted - {""}, is_archived=False)
        self._held = {
            number: (key, name)
            for number, key, name in held.order_by("-pk").values_list("card_number", "pk", "name")
        } if wanted - {""} else {}  # fmt: skip

    def take(self, row: dict[str, Any]) -> Refused | None:
        """Bring a card to the form it is kept in; say who has it already."""
        number = row["card_number"] = selectors.bare_card(str(row["card_number"] or ""))
        key, name = self._held.setdefault(number, (row["id"], row["name"]))
        if not number or key == row["id"]:
            return None
        sentence = _("“%(name)s” has this card already.") % {"name": name}
        return Refused({"card_number": [sentence]})


class _Tree:
    """Who stands above the companies that others are to belong to."""

    def __init__(self, rows: Sequence[Row]) -> None:
        wanted = {values["parent"] for _key, values in rows if values.get("parent")}
        self._above: dict[UUID, UUID | None] = {}
        while wanted:  # one query for each level of the tree
            found = Counterparty.objects.filter(pk__in=wanted).values_list("pk", "parent_id")
            self._above |= dict(found)
            above = {self._above[key] for key in wanted if key in self._above}
            wanted = {key for key in above if key is not None and key not in self._above}

    def hang(self, row: dict[str, Any]) -> Refused | None:
        """Note that a row belongs to another now, unless a ring would come of it."""
        parent = row["parent_id"]
        if parent is not None and parent not in self._above:
            return Refused({"parent": [_("There is no such counterparty in use.")]})
        above = parent
        for _step in range(DEEPEST_TREE):
            if above is None:
                self._above[row["id"]] = parent
                return None
            if above == row["id"]:
                break
            above = self._above.get(above)
        return Refused({"parent": [_("A company cannot belong to itself or to one below it.")]})


def _register_numbers(rows: Sequence[Row]) -> dict[UUID, str]:
    """Return the tax numbers of which a register spoke, by the rows whose number is written."""
    keys = [key for key, values in rows if key is not None and "tax_number" in values]
    known = Counterparty.objects.filter(pk__in=keys).exclude(register_state="") if keys else ()
    return {row.pk: row.tax_number for row in known}


def save_people(*, rows: Sequence[Row], by: Any) -> list[Saved]:
    """Make contact persons or bring them to these values; see ``apps.core.objects.SaveMany``."""
    named = {values.get("counterparty") for _key, values in rows}
    there = set(
        Counterparty.objects.filter(pk__in=[key for key in named if key])
        .values_list("pk", flat=True)
    )  # fmt: skip

    def complete(row: dict[str, Any], is_new: bool, named: Collection[str]) -> Refused | None:
        if not str(row.get("full_name") or "").strip():
            return Refused({"full_name": [_("A contact person has a name.")]})
        is_placed = is_new or "counterparty_id" in named
        if is_placed and row.get("counterparty_id") not in there:
            return Refused(
                {"counterparty": [_("Choose the counterparty this person works at.")]}
            )  # fmt: skip
        return None

    saved = _save("contacts", ContactPerson, rows, complete, by=by)
    moved = [
        answer.key for answer, (key, values) in zip(saved, rows, strict=True)
        if key is not None and answer.is_changed and "counterparty" in values
    ]  # fmt: skip
    if moved:
        _move_points(moved)
    return saved


def _move_points(keys: Sequence[UUID | None]) -> None:
    """Let further contacts of persons go with them to where they work now."""
    at = ContactPerson.objects.filter(pk=OuterRef("person_id")).values("counterparty_id")
    ContactPoint.objects.filter(person__in=keys).exclude(
        counterparty_id=F("person__counterparty_id")
    ).update(counterparty_id=Subquery(at), updated_at=timezone.now())


def _save(
    kind: str, model: type[Model], rows: Sequence[Row], complete: Complete, *, by: Any
) -> list[Saved]:
    """Save rows whose fields are columns by COPY, the others by ``save``; answers in order."""
    columns = _columns(kind, model)
    known = bulk.current(model, [key for key, _values in rows if key is not None])
    now = timezone.now()
    fresh: list[dict[str, Any]] = []
    altered: list[dict[str, Any]] = []
    differing: set[str] = set()
    answers: list[Saved | None] = []
    for key, values in rows:
        if values.keys() - columns.keys():
            saved = objects.save_one_of_many(objects.kind(kind), key, values, by)
            answers.append(saved)
            continue
        named = {columns[name]: value for name, value in values.items()}
        if key is not None and key not in known:
            answers.append(Saved(key, refused=Refused({"": [_("It is gone.")]})))
            continue
        row = {**known[key], **named} if key is not None else {"id": uuid7(), **named}
        refused = complete(row, key is None, named)
        if refused is not None:
            answers.append(Saved(key, refused=refused))
        elif key is None:
            fresh.append(row)
            answers.append(Saved(row["id"], is_new=True, is_changed=True))
        else:
            altered.append(row)
            differing |= {name for name, value in row.items() if known[key][name] != value}
            answers.append(None)
    bulk.insert(model, fresh, now=now)
    changed = bulk.update(model, altered, now=now, names=differing)
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
