"""Rows of a file as values of fields, a batch at a time: converted, looked up, recognised.

The check and the writing both see a line through here, so that what the check has told is what
happens.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from apps.accounts.models import User
from apps.accounts.rights import opened
from apps.core import comparing, objects
from apps.core.folding import fold
from apps.core.objects import Field, ObjectKind
from apps.imports import converting
from apps.imports.converting import BadValue
from apps.imports.models import ImportRun, Outcome
from apps.imports.targets import ENTERED, KEY, REF, Target, by_key, child_kinds, targets

Known = tuple[UUID, Any]  # a row that is there, and whose it is where that matters
NOT_RIGHT = "not_right"
MADE = "+"  # before a name of a row that is to be made
_OTHERS = "comment"  # where further phones and addresses are noted that nothing else keeps
FURTHER = "+further"  # of a line's values: [kind, type of field, value] of further phones, e-mails


@dataclass
class Line:
    """One row of the file on its way."""

    number: int
    cells: list[str]
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[list[str]] = field(default_factory=list)
    outcome: str = ""
    target: UUID | None = None


class Understanding:
    """What the columns of a run mean, ready for batches."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self.user: Any = run.by
        self.kind: ObjectKind = objects.kind(run.kind)
        self.known: dict[str, Target] = by_key(self.kind)
        self.columns: list[tuple[int, Target, Callable[[str], Any]]] = []
        for place, each in enumerate(run.mapping):
            target = self.known.get(each["field"])
            if target is not None:
                convert = converting.converter(target.kind, target.field, each["format"])
                self.columns.append((place, target, convert))
        self.match = [
            self.known[key] for key in run.settings.get("match", []) if key in self.known
        ]
        self.mode = run.settings.get("mode", "both")
        self.clears = run.settings.get("empty") == "clear"
        self.makes_missing = run.settings.get("missing", "make") == "make"
        self.parent_field = _parent_field(self.kind)
        self.links = {child.key: link for child, link in child_kinds(self.kind)}
        self.choices = {
            target.key: converting.choices_by_name(target.field)
            for _place, target, _convert in self.columns
            if target.field.type in ("choice", "choices")
        }
        columns = {each.name for each in self.kind.model._meta.concrete_fields}
        self._has_bin = self.kind.archive is not None and "is_archived" in columns
        self.seen: dict[int, int] = {}
        self.unknown: dict[str, dict[str, int]] = {}
        self._found: dict[str, dict[str, Any]] = {}

    # Converting -----------------------------------------------------------------------------------

    def understand(self, lines: Sequence[Line]) -> None:
        """Fill values and problems of the lines, and look up what they name."""
        for line in lines:
            self._convert(line)
        for target in {target.key: target for _p, target, _c in self.columns}.values():
            if target.field.type in ("user", "relation"):
                self._look_up(target, lines)

    def _convert(self, line: Line) -> None:
        others: list[tuple[Target, Callable[[str], Any], str]] = []
        for place, target, convert in self.columns:
            cell = line.cells[place] if place < len(line.cells) else ""
            if not cell:
                if self.clears and not target.is_child and target.key not in line.values:
                    line.values[target.key] = _nothing(target.field)
                continue
            if target.field.type in ("phone", "email"):
                cell, further = converting.first_of(cell)
                if line.values.get(target.key):
                    further, cell = [cell, *further], ""
                others += [(target, convert, each) for each in further]
                if not cell:
                    continue
            elif line.values.get(target.key):
                continue  # the first of several columns that is filled counts
            self._take(line, target, convert, cell)
        self._keep_others(line, others)
        self._look_at_parts(line)

    def _keep_others(
        self, line: Line, others: Sequence[tuple[Target, Callable[[str], Any], str]]
    ) -> None:
        """Keep further phones and e-mails as such; those that cannot be right in the comment."""
        notes = []
        for target, convert, text in others:
            value = _converted(convert, text)
            if target.kind.further is None or not value or objects.problem(target.field, value):
                notes.append(f"{target.field.label}: {text}")
            elif value != line.values.get(target.key):
                kept = [target.kind.key, target.field.type, value]
                told = line.values.setdefault(FURTHER, [])
                told += [] if kept in told else [kept]
        note = self.known.get(_OTHERS)
        if notes and note is not None and note.field.type in ("long_text", "text"):
            text = "\n".join([line.values.get(_OTHERS) or "", *notes]).strip()
            line.values[_OTHERS] = text

    def _look_at_parts(self, line: Line) -> None:
        """Say what of a part of the card cannot be right together: an account and its bank."""
        for name, values in self.child_values(line.values).items():
            part = objects.part(name)
            for key, sentence in part.problems(values).items() if part is not None else ():
                line.problems.append(["refused", f"{name}.{key}", sentence[:250]])

    def _take(self, line: Line, target: Target, convert: Callable[[str], Any], cell: str) -> None:
        meaning = self.run.meanings.get(target.key, {}).get(cell)
        if meaning is not None:
            if meaning:
                line.values[target.key] = meaning
            return
        if target.field.type in ("choice", "choices"):
            self._choose(line, target, cell)
            return
        try:
            value = line.values[target.key] = converting.as_json(convert(cell))
        except BadValue as error:
            line.problems.append([error.code, target.key, cell[:120]])
            return
        if objects.problem(target.field, value):
            line.problems.append([NOT_RIGHT, target.key, cell[:120]])

    def _choose(self, line: Line, target: Target, cell: str) -> None:
        names = self.choices[target.key]
        words = [cell] if target.field.type == "choice" else converting.first_of(cell)
        parts = words if isinstance(words, list) else [words[0], *words[1]]
        found = [names.get(objects_fold(part)) for part in parts]
        if None in found:
            self._count_unknown(target, cell)
            line.problems.append(["unknown_choice", target.key, cell[:120]])
            return
        line.values[target.key] = found[0] if target.field.type == "choice" else found

    def _count_unknown(self, target: Target, cell: str) -> None:
        told = self.unknown.setdefault(target.key, {})
        if cell in told or len(told) < 200:
            told[cell] = told.get(cell, 0) + 1

    # Looking up -----------------------------------------------------------------------------------

    def _look_up(self, target: Target, lines: Sequence[Line]) -> None:
        """Replace names by keys: of people by e-mail or name, of other rows by what tells them."""
        asked = {
            str(line.values[target.key]) for line in lines if line.values.get(target.key)
        }  # fmt: skip
        found = self._known_names(target, asked)
        for line in lines:
            text = line.values.get(target.key)
            if not text:
                continue
            key = found.get(str(text))
            if key is not None:
                line.values[target.key] = str(key)
                continue
            if target.field.type == "relation" and self._may_make(target):
                line.values[target.key] = f"{MADE}{text}"
                continue
            del line.values[target.key]
            self._count_unknown(target, str(text))
            code = "unknown_person" if target.field.type == "user" else "unknown_row"
            line.problems.append([code, target.key, str(text)[:120]])

    def _may_make(self, target: Target) -> bool:
        related = _related(target.field)
        return self.makes_missing and related is not None and related.makes_rows

    def _known_names(self, target: Target, asked: set[str]) -> dict[str, Any]:
        memory = self._found.setdefault(target.key, {})
        new = asked - memory.keys()
        if len(memory) > 50_000:
            memory.clear()
        if new:
            look = people_named if target.field.type == "user" else self._rows_named(target.field)
            memory.update(dict.fromkeys(new) | look(new))
        return memory

    def _rows_named(self, field_: Field) -> Callable[[set[str]], dict[str, Any]]:
        related = _related(field_)

        def look(names: set[str]) -> dict[str, Any]:
            return rows_named(related, names, self.user) if related is not None else {}

        return look

    def forget_names(self) -> None:
        """Look names up anew: rows were made meanwhile."""
        self._found.clear()

    # Recognising ----------------------------------------------------------------------------------

    def recognise(self, lines: Sequence[Line], *, is_check: bool) -> None:
        """Say of each line whether its row is known, and what is to become of it."""
        left = list(lines)
        for target in self.match:
            by_value: dict[str, list[Line]] = {}
            for line in left:
                value = self._compared(target, line)
                if value:
                    by_value.setdefault(value, []).append(line)
            if not by_value:
                continue
            found = self._rows_with(target, set(by_value), "change")
            foreign = self._rows_with(target, set(by_value) - found.keys(), "view")
            gone = self._gone(target, by_value.keys() - found.keys() - foreign.keys())
            for value, same in by_value.items():
                if value in gone:
                    self._refuse_gone(same, target, value)
                    continue
                for line in same:
                    self._settle(line, target, value, found.get(value), foreign.get(value))
            left = [line for line in left if line.target is None and not line.outcome]
        self._spare_what_stands(lines)
        for line in lines:
            if is_check:
                self._mark_repeated(line)
            self._decide(line)

    def _spare_what_stands(self, lines: Sequence[Line]) -> None:
        """Do not refuse a value that cannot be right to the row in which it stands already."""
        doubted = {
            line.target: line for line in lines
            if line.target is not None and any(each[0] == NOT_RIGHT for each in line.problems)
        }  # fmt: skip
        for row in self.kind.model._default_manager.filter(pk__in=doubted) if doubted else ():
            line = doubted[row.pk]
            line.problems = [
                each for each in line.problems
                if each[0] != NOT_RIGHT or not self._stands(row, line, each[1])
            ]  # fmt: skip

    def _stands(self, row: Any, line: Line, key: str) -> bool:
        target = self.known[key]
        if target.is_child:
            return False
        return bool(objects.value_of(target.field, row) == line.values.get(key))

    def _gone(self, target: Target, values: Collection[str]) -> set[str]:
        """Return the identifiers of rows in the bin, or merged into others: nothing is made anew.

        Whatever else such a row shares with a line, an e-mail or the name, tells nothing.
        """
        if not values or target.key not in (KEY, REF) or not self._has_bin:
            return set()
        return set(self._rows_with(target, set(values), "view", is_archived=True))

    def _refuse_gone(self, lines: Sequence[Line], target: Target, value: str) -> None:
        for line in lines:
            line.problems.append(["gone", target.key, value[:120]])
            line.outcome = Outcome.ERROR

    def _settle(
        self, line: Line, target: Target, value: str, known: list[Known] | None,
        foreign: list[Known] | None,
    ) -> None:  # fmt: skip
        if self._is_within(target):
            owner = str(line.values.get(self.parent_field, ""))
            known = [each for each in known or () if str(each[1]) == owner]
            foreign = [each for each in foreign or () if str(each[1]) == owner]
        found = [key for key, _owner in known or ()]
        if found and len(found) > 1:
            line.problems.append(["several", target.key, value[:120]])
            line.outcome = Outcome.ERROR
        elif found:
            line.target = found[0]
        elif foreign:
            line.problems.append(["not_yours", target.key, value[:120]])
            line.outcome = Outcome.ERROR

    def _compared(self, target: Target, line: Line) -> str:
        value = line.values.get(target.key)
        if target.key == KEY:
            return str(value or "").lower() if _is_key(value) else ""
        if target.key == REF:
            return str(value or "")
        return comparing.comparable(self.kind, target.field, value)

    def _rows_with(
        self, target: Target, values: set[str], action: str, *, is_archived: bool = False
    ) -> dict[str, list[Known]]:
        if not values:
            return {}
        rows = self.kind.rows(self.user, action=action).order_by()
        if self._has_bin:
            rows = rows.filter(is_archived=is_archived)
        if target.key == KEY:
            keys = rows.filter(pk__in=values).values_list("pk", flat=True)
            return {str(key): [(key, None)] for key in keys}
        if target.key == REF:
            found: dict[str, list[Known]] = {}
            for ref, key in rows.filter(ref__in=values).values_list("ref", "pk"):
                found.setdefault(ref, []).append((key, None))
            as_keys = {value.lower(): value for value in values if _is_key(value)}
            for key in rows.filter(pk__in=as_keys).values_list("pk", flat=True):
                found.setdefault(as_keys[str(key)], [(key, None)])
            return found
        rows = rows.filter(opened(self.user, self.kind.model, target.field.key))
        told = rows.annotate(compared=comparing.expression(self.kind, target.field))
        parent = self.kind.parent[0] if self._is_within(target) and self.kind.parent else "pk"
        found = {}
        pairs = told.filter(compared__in=values).values_list("compared", "pk", parent)
        for value, key, owner in pairs[:20_000]:
            found.setdefault(value, []).append((key, owner))
        return found

    def _is_within(self, target: Target) -> bool:
        """Tell whether a name tells rows apart only among those of the same owner."""
        return bool(self.parent_field) and comparing.is_title(self.kind, target.field)

    def _mark_repeated(self, line: Line) -> None:
        """Leave out a line whose row an earlier line of the file is about."""
        marks = []
        if line.target is not None:
            marks.append(hash(("row", line.target)))
        for target in self.match:
            value = self._compared(target, line)
            owner = line.values.get(self.parent_field) if self._is_within(target) else None
            if value:
                marks.append(hash((target.key, value, owner)))
        earlier = next((self.seen[mark] for mark in marks if mark in self.seen), 0)
        if earlier and not line.outcome:
            line.outcome = Outcome.SKIP
            line.problems.append(["repeated", "", str(earlier)])
            return
        for mark in marks:
            self.seen.setdefault(mark, line.number)

    def _decide(self, line: Line) -> None:
        if line.outcome:
            return
        if any(code != "repeated" for code, _field, _value in line.problems):
            line.outcome = Outcome.ERROR
        elif line.target is None:
            self._decide_new(line)
        elif self.mode == "new":
            line.outcome = Outcome.SKIP
            line.problems.append(["known_already", "", ""])
        else:
            line.outcome = Outcome.UPDATE

    def _decide_new(self, line: Line) -> None:
        if self.mode == "update":
            line.outcome = Outcome.SKIP
            line.problems.append(["not_known", "", ""])
            return
        missing = [
            each.key for each in objects.fields_of(self.kind)
            if each.is_required and each.is_writable and not line.values.get(each.key)
            and each.key not in self._defaulted()
        ]  # fmt: skip
        if missing:
            line.outcome = Outcome.ERROR
            line.problems += [["missing", key, ""] for key in missing]
        else:
            line.outcome = Outcome.NEW

    def _defaulted(self) -> set[str]:
        """Return required fields that a choice fills by itself: its column has a default."""
        if not hasattr(self, "_with_default"):
            columns = {each.name: each for each in self.kind.model._meta.concrete_fields}
            self._with_default = {
                each.key for each in self.kind.fields
                if each.source in columns and columns[each.source].has_default()
                and columns[each.source].get_default() not in ("", None)
            }  # fmt: skip
        return self._with_default

    # Values for the services ----------------------------------------------------------------------

    def own_values(self, line: Line) -> dict[str, Any]:
        """Return the values of the kind's own fields, as its service takes them."""
        found = {}
        for key, value in line.values.items():
            target = self.known.get(key)
            if target is None or target.is_child or self.is_direct(target):
                continue
            if target.field.is_of_new and line.target is not None:
                continue
            found[key] = converting.from_json(target.field, value)
        return found

    def is_direct(self, target: Target) -> bool:
        """Tell whether a value is written beside the service: identities, the day of entry."""
        own = {each.key for each in self.kind.fields if each.is_writable}
        return not target.is_child and target.key in (KEY, REF, ENTERED) and target.key not in own

    def child_values(self, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """Return the values of rows that belong to the line's row, by kind."""
        found: dict[str, dict[str, Any]] = {}
        for key, value in values.items():
            target = self.known.get(key)
            if target is not None and target.is_child:
                told = found.setdefault(target.kind.key, {})
                told[target.field.key] = converting.from_json(target.field, value)
        return found


def _converted(convert: Callable[[str], Any], text: str) -> str:
    """Return a further phone or e-mail as its field takes it; ``""`` when it is none."""
    try:
        return str(converting.as_json(convert(text)))
    except BadValue:
        return ""


def objects_fold(text: str) -> str:
    """Return a word as choices are known by."""
    return fold(text)


def people_named(names: Iterable[str]) -> dict[str, UUID]:
    """Return the people that addresses, full names or keys mean; of two namesakes nobody."""
    wanted = {fold(name): name for name in names}
    found: dict[str, UUID] = {}
    twice: set[str] = set()
    for key, email, full_name in User.objects.filter(is_active=True).values_list(
        "pk", "email", "full_name"
    ):
        for each in (str(key), email, full_name, *_initials(full_name)):
            name = wanted.get(fold(each or ""))
            if name and found.setdefault(name, key) != key:
                twice.add(name)
    return {name: key for name, key in found.items() if name not in twice}


def _initials(full_name: str) -> list[str]:
    parts = full_name.split()
    if len(parts) < 2:
        return []
    first, *rest = parts
    return [f"{' '.join(rest)} {first}", f"{first} {rest[0][0]}.", f"{rest[-1]} {first[0]}."]


def rows_named(kind: ObjectKind, names: Iterable[str], user: Any) -> dict[str, UUID]:
    """Return the rows that texts name: by key, identifier, a strong field, or the exact name."""
    found: dict[str, UUID] = {}
    left = set(names)
    usable = [each for each in targets(kind) if each.may_match and not each.is_child]
    strong = [each for each in usable if each.is_strong]
    title = [each for each in usable if comparing.is_title(kind, each.field)]
    columns = {each.name for each in kind.model._meta.concrete_fields}
    for target in (*strong, *title):
        if not left:
            break
        rows = kind.rows(user).order_by()
        if "is_archived" in columns:
            rows = rows.filter(is_archived=False)
        if target.key == KEY:
            keys = {name.lower(): name for name in left if _is_key(name)}
            there = rows.filter(pk__in=keys).values_list("pk", flat=True)
            pairs = [(keys[str(key)], key) for key in there]
        elif target.key == REF:
            pairs = list(rows.filter(ref__in=left).values_list("ref", "pk"))
        else:
            by_value = {comparing.comparable(kind, target.field, name): name for name in left}
            by_value.pop("", None)
            rows = rows.filter(opened(user, kind.model, target.field.key))
            told = rows.annotate(compared=comparing.expression(kind, target.field))
            told = told.filter(compared__in=by_value).values_list("compared", "pk")[:20_000]
            pairs = [(by_value[value], key) for value, key in told]
        for name, key in pairs:
            found.setdefault(name, key)
        left -= found.keys()
    return found


def _parent_field(kind: ObjectKind) -> str:
    """Return the field that says whose a row of the kind is; "" where nobody's."""
    if kind.parent is None:
        return ""
    owners = (f for f in kind.fields if f.type == "relation" and f.related == kind.parent[1])
    return next((each.key for each in owners), "")


def _related(field_: Field) -> ObjectKind | None:
    try:
        return objects.kind(field_.related)
    except KeyError:
        return None


def _nothing(field_: Field) -> Any:
    if field_.type in ("user", "relation", "date", "moment", "number", "quantity", "money"):
        return None
    return [] if field_.type == "choices" else False if field_.type == "boolean" else ""


def _is_key(value: Any) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True
