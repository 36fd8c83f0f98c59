"""The kinds of objects a company works with, and their fields: one table for all generic doors.

A room registers an ``ObjectKind`` for each subject a user would name (counterparties, deals,
tasks). Lists' filter builder, inline and bulk editing, import, export, search, the REST API,
webhooks, duplicates, the trash, custom fields and the rights read this table and know no room by
name: a field registered here stands in all of them at once.

Reading and writing go one way for every door: ``kind.rows(user)`` are the rows a person may see,
``kind.save(...)`` is the room's own service, with the room's own refusals.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

FieldType = Literal[
    "text", "long_text", "number", "quantity", "money", "date", "moment", "boolean", "choice",
    "choices", "user", "relation", "phone", "email", "url", "file", "formula", "rows", "key",
]  # fmt: skip
Choices = Sequence[tuple[str, str | Promise]]


class Refused(Exception):
    """An object was not saved; ``errors`` holds sentences by field key, ``""`` for the whole.

    Nothing was changed.
    """

    def __init__(self, errors: Mapping[str, Sequence[str]]) -> None:
        super().__init__(errors)
        self.errors = {key: list(sentences) for key, sentences in errors.items()}


class ChangedMeanwhile(Exception):
    """Somebody saved the row since it was read; ``row`` is as it stands now. Nothing was changed.

    Every door that edits names the moment (``updated_at``) of the version it saw.
    """

    def __init__(self, row: Model) -> None:
        super().__init__(row)
        self.row = row


@dataclass(frozen=True)
class Field:
    """One field of a kind.

    ``key`` names it in addresses, the API, imports and custom layouts and never changes; ``path``
    is where the ORM finds it (``key`` when not given; ``custom__colour`` for a custom field);
    ``related`` is the key of the kind that a ``relation`` leads to; ``parts`` are the fields of
    each of the ``rows`` (an invoice's lines, read as a list of mappings). ``read`` replaces the
    path where a value is not a column of the row: it cannot be filtered or sorted by, unless it is
    ``computed``: rows are given such values by ``apps.core.computed``.
    """

    key: str
    label: str | Promise
    type: FieldType = "text"
    path: str = ""
    choices: Choices | Callable[[], Choices] = ()
    related: str = ""
    parts: Sequence[Field] = ()
    read: Callable[[Any], Any] | None = None
    # What the path holds of a Python value (JSON keeps days as texts); the value itself without.
    stored: Callable[[Any], Any] | None = None
    unit: str = ""  # path of the currency or unit
    is_writable: bool = True
    # Told when a row is made, and not written after: when a deal of another program was opened.
    is_of_new: bool = False
    is_required: bool = False
    is_unique: bool = False
    is_filterable: bool = True
    is_sortable: bool = False  # only by what an index gives for 100,000 rows
    is_custom: bool = False
    # Leads to a row of the same kind above this one: never to itself, nor to one below it.
    is_tree: bool = False
    is_sensitive: bool = False  # of a VIP customer: shown only to those who may
    help: str | Promise = ""
    # What the database computes of other fields: the expression for rows that are found by a path
    # (``counterparty__``), as a person may see it. ``made_of`` names what it tells of by kind and
    # key, ``weight`` how much is computed.
    computed: Callable[[Any, str], Any] | None = None
    made_of: frozenset[tuple[str, str]] = frozenset()
    weight: int = 0
    words: tuple[str, ...] = ()  # what else a column of an import may be headed, in any language
    # The sentence about a value that cannot be right: check digits, phones. Asked by ``problem``.
    check: Callable[[str], str] | None = None

    @property
    def source(self) -> str:
        """Return where the ORM finds the value."""
        return self.path or self.key

    def offered(self) -> list[tuple[str, str]]:
        """Return the choices as they stand now."""
        found = self.choices() if callable(self.choices) else self.choices
        return [(str(value), str(label)) for value, label in found]


class Save(Protocol):
    """A room's service behind every generic door that writes.

    ``values`` are by field key, as Python values (``UUID`` for users and relations); fields that
    are not named stay as they are. Without ``key`` a row is made. ``seen`` is the ``updated_at``
    the writer saw. The same again writes nothing.

    :raises Refused: with sentences by field.
    :raises ChangedMeanwhile: the row is newer than ``seen``.
    """

    def __call__(
        self,
        *,
        values: Mapping[str, Any],
        by: Any,
        key: UUID | None = None,
        seen: datetime | None = None,
    ) -> Model: ...


@dataclass(frozen=True)
class Saved:
    """What became of one row of a bulk: its key, or why it was refused."""

    key: UUID | None = None
    is_new: bool = False
    is_changed: bool = False
    refused: Refused | None = None


@dataclass(frozen=True)
class Settled:
    """What a row is to keep of its custom fields."""

    values: Mapping[str, Any]
    is_changed: bool


class CustomValues(Protocol):
    """How the room of custom fields takes values: of one saved row, or of many."""

    def keep(self, kind: ObjectKind, row: Model, given: Mapping[str, Any], is_new: bool) -> None:
        """Check values and store them on a saved row.

        :raises Refused: with sentences by field.
        """

    def settle_many(
        self, kind: ObjectKind, rows: Sequence[tuple[UUID | None, Mapping[str, Any]]]
    ) -> list[Settled | Refused]:
        """Check values of many rows before they are written; see ``SaveMany`` for the rows."""
        ...

    def put_many(self, kind: ObjectKind, values: Mapping[UUID, Mapping[str, Any]]) -> None:
        """Write the settled values of many saved rows."""


class SaveMany(Protocol):
    """A room's service for thousands of rows: as ``Save``, a refused row leaves the others.

    Each row is (key or ``None``, values); the answers stand in the same order.
    """

    def __call__(
        self, *, rows: Sequence[tuple[UUID | None, Mapping[str, Any]]], by: Any
    ) -> list[Saved]: ...


@dataclass(frozen=True)
class Action:
    """Something that is done with a row, beyond saving it: issue, send, win.

    ``run(key=…, values=…, by=…)`` is the room's own service; it refuses with ``Refused``.
    """

    key: str
    label: str | Promise
    right: str
    run: Callable[..., Model | None]
    fields: Sequence[Field] = ()
    is_making: bool = False  # the answer is the row it made, of the same kind: a copy


@dataclass(frozen=True)
class Content:
    """What of a row is fetched as a file: an invoice's PDF, the bytes of an attachment.

    ``send(row=…, user=…, language=…)`` answers with it; ``language`` is one of ``languages``, or
    ``""`` where none was asked for.
    """

    key: str
    label: str | Promise
    media_type: str
    send: Callable[..., Any]
    languages: Sequence[str] = ()


@dataclass(frozen=True)
class ObjectKind:
    """What a user would name.

    ``key`` is also the object of the rights (``deals.view``, ``deals.change``). ``owner``,
    ``office`` and ``parent`` tell the rights whose a row is: paths to the user, to the office's
    key, and to another kind's row whose visibility it shares (a contact person's counterparty).
    """

    key: str
    label: str | Promise  # «Deal»
    label_plural: str | Promise  # «Deals»
    icon: str
    model: type[Model]
    fields: Sequence[Field] = ()
    card_url_name: str = ""
    list_url_name: str = ""
    title: str = ""  # path of what names a row; ``str(row)`` without
    owner: str = ""
    # Which rows go to a successor when the owner leaves: what is done stays whose it was, so that
    # nobody's past figures change. All rows without it.
    handed_over: Q | None = None
    office: str = ""
    parent: tuple[str, str] | None = None  # (path of the foreign key, kind)
    participants: Sequence[str] = ()  # further paths to users for whom a row is as their own
    # What else makes rows as a person's own, where no path leads there: a condition for the user.
    shared_with: Callable[[Any], Q] | None = None
    related: Sequence[str] = ()  # select_related of every read
    search: Sequence[str] = ()  # lookups on folded columns
    order: str = "-pk"
    save: Save | None = None
    is_creatable: bool = True  # ``save`` makes rows, too; else they come another way, as from 1C
    is_changeable: bool = True  # ``save`` changes rows, too; else what is made stays as it is
    save_many: SaveMany | None = None  # of own fields only; without it rows are saved one by one
    archive: Callable[[Collection[UUID], bool], int] | None = None  # keys, whether into the trash
    # What of rows that go into another one its fields have no room for is kept beside them; their
    # columns and those the one that stays had before (first) are given. Returns what was made, and
    # what was led elsewhere.
    merged: Callable[[UUID, Sequence[Mapping[str, Any]]], Sequence[Model | Led]] | None = None
    # Keeps further phones and e-mails of rows beside them, as (type of field, value) by key; those
    # that stand there already stay once. Returns what was made, with whose it is.
    further: Callable[
        [Mapping[UUID, Sequence[tuple[str, str]]]], Sequence[tuple[UUID, Model]]
    ] | None = None  # fmt: skip
    # Columns that say when something happened where nobody says so: of a row that was entered
    # elsewhere they hold that day.
    happened: Collection[str] = ()
    is_extensible: bool = False  # has ``custom``: administrators add fields
    # Fields that a role may hide: every screen of the room has to leave them out then.
    hideable: Collection[str] = ()
    actions: Sequence[Action] = ()
    contents: Sequence[Content] = ()
    right: str = ""  # the object of the rights, where it is not ``key``
    # Columns that are no fields and tell what sensitive fields hold: further phones, as searched.
    sensitive_columns: Collection[str] = ()
    only: Mapping[str, Any] = field(default_factory=dict)  # which rows of the model are of the kind
    prefetch: Sequence[Any] = ()  # … or what makes one for a person: not all parts are for all
    shown: Callable[[Any], Q] | None = None  # which rows are for a person, beside the rights
    # Whether ``updated_at`` is the version of all a row tells: not where it tells of other rows.
    has_version: bool = True
    # The right that an action needs where it is none of that object: who sees deals sees the
    # stages they go through, whoever may arrange pipelines changes them.
    rights_to: Mapping[str, str] = field(default_factory=dict)
    is_of_centre: bool = False  # written at the centre alone: a branch office has a copy
    # What DELETE does with a row that goes into no trash: ``remove(key=…, by=…)`` is the room's
    # service and refuses with ``Refused``.
    remove: Callable[..., None] | None = None

    @property
    def right_object(self) -> str:
        """Return the object of the rights."""
        return self.right or self.key

    def right_to(self, action: str) -> str:
        """Return the right that an action needs: view, create, change or delete."""
        return _right_to(self.rights_to, action) or f"{self.right_object}.{action}"

    @property
    def makes_rows(self) -> bool:
        """Whether the generic doors may make rows of the kind."""
        return self.save is not None and self.is_creatable

    @property
    def changes_rows(self) -> bool:
        """Whether the generic doors may change rows of the kind."""
        return self.save is not None and self.is_changeable

    def field(self, key: str) -> Field:
        """Return a field, custom ones too.

        :raises KeyError: there is none.
        """
        for each in fields_of(self):
            if each.key == key:
                return each
        raise KeyError(key)

    def rows(self, user: Any, *, action: str = "view") -> QuerySet[Any]:
        """Return the rows a person may see (or change …), with what every read shows."""
        rows = self.model._default_manager.filter(**self.only).select_related(*self.related)
        rows = rows.prefetch_related(*(p(user) if callable(p) else p for p in self.prefetch))
        rows = rows.filter(self.shown(user)) if self.shown is not None else rows
        return rights().narrow(user, rows, self.right_to(action))


def _right_to(rights: Mapping[str, str], action: str) -> str:
    return rights.get(action) or (rights.get("change", "") if action != "view" else "")


@dataclass(frozen=True)
class Document:
    """Settings that are one object, read and changed as a whole: rules, modules, own choices.

    ``read(by=…)`` returns the values by field key as Python values, ``save(values=…, by=…)`` is the
    room's service for those that are named; it refuses with ``Refused``.
    """

    key: str
    label: str | Promise
    fields: Sequence[Field]
    read: Callable[..., Mapping[str, Any]]
    rights_to: Mapping[str, str]  # of view and change
    save: Callable[..., None] | None = None
    is_of_centre: bool = False

    def right_to(self, action: str) -> str:
        """Return the right that an action needs: view or change."""
        return _right_to(self.rights_to, action)


@dataclass(frozen=True)
class Led:
    """A row that a merge has led to something else: what stood in a column, and stands there."""

    row: Model
    column: str
    former: Any
    now: Any


@dataclass(frozen=True)
class Part:
    """Rows that people know as a part of another's card, and imports as rows: bank accounts.

    ``kind`` names their fields, their owner and the service that saves them; no other door reaches
    them by it. ``problems`` are sentences by field about values of one row that cannot be right
    together; ``take_away`` removes rows that an import had made, by the room's own rules.
    """

    kind: ObjectKind
    problems: Callable[[Mapping[str, Any]], Mapping[str, str]] = lambda values: {}
    take_away: Callable[[Collection[UUID]], None] | None = None


@dataclass(frozen=True)
class Told:
    """What a person's browser is told of changes.

    Of ``silent`` tables nothing; of ``blurred`` ones that something changed, without the keys of
    rows that may not be theirs to see; of others the keys, unless ``is_blurred``: tables of no kind
    may hold parts of such rows, and only those in ``clear`` are told in full then.
    """

    silent: frozenset[str] = frozenset()
    blurred: frozenset[str] = frozenset()
    clear: frozenset[str] = frozenset()
    is_blurred: bool = False

    def of(self, table: str) -> Literal["keys", "table", "nothing"]:
        """Return how much is told of a table."""
        if table in self.silent:
            return "nothing"
        if table in self.blurred or (self.is_blurred and table not in self.clear):
            return "table"
        return "keys"


@dataclass(frozen=True)
class Unseen:
    """What of a kind's rows a person must not learn, by filters, sorting or searching either.

    ``hidden`` keys are those of every row; ``closed`` ones of the rows that do not fulfil
    ``is_open`` (the details of VIP customers); ``columns`` are where both stand in the database.
    """

    hidden: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()
    is_open: Q = field(default_factory=Q)
    hidden_columns: frozenset[str] = frozenset()
    closed_columns: frozenset[str] = frozenset()

    @property
    def keys(self) -> frozenset[str]:
        """Return the fields that rows are neither sorted nor grouped by."""
        return self.hidden | self.closed


class Rights(Protocol):
    """What the room of accounts answers: who sees and does what."""

    def narrow(self, user: Any, rows: QuerySet[Any], right: str) -> QuerySet[Any]:
        """Return the rows a right covers for a person."""
        ...

    def narrow_seen(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows a person sees, whatever kind they are of; of no kind: all of them."""
        ...

    def hidden(self, user: Any, model: type[Model]) -> frozenset[str]:
        """Return the keys of the fields that a person does not see of any row."""
        ...

    def hidden_in(self, user: Any, kind: ObjectKind) -> frozenset[str]:
        """Return the same for one kind, of those that administrators made too."""
        ...

    def unseen(self, user: Any, model: type[Model], path: str = "") -> Unseen:
        """Return what a person must not learn of a model's rows, found by a path of the ORM."""
        ...

    def mask(self, user: Any, rows: Sequence[Any]) -> None:
        """Empty what a person does not see of these rows, and of rows that were read with them."""
        ...

    def may_export(self, user: Any, model: type[Model]) -> bool:
        """Tell whether a person may take rows of a model out as a file."""
        ...

    def refusals(
        self, user: Any, kind: ObjectKind, rows: Sequence[tuple[UUID | None, Collection[str]]]
    ) -> list[Refused | None]:
        """Return for each row (key or ``None``, fields) why a person may not save it so.

        As ``require_save``, with as many queries for thousands of rows as for one.
        """
        ...

    def told(self, user: Any) -> Told:
        """Return what a person's browser is told of changes."""
        ...

    def require_save(
        self, user: Any, kind: ObjectKind, key: UUID | None, names: Collection[str]
    ) -> None:
        """Pass when a person may make a row, or change these fields of one.

        :raises Refused: a field is not theirs to change.
        """
        ...


@dataclass
class _Doors:
    """What rooms above fill in: whose rows one may see, and the custom fields."""

    rights: Rights | None
    custom: Callable[[str], Sequence[Field]]
    made: Callable[[], Sequence[ObjectKind]]
    values: CustomValues | None


_unnamed: dict[str, str] = {}
_kinds: dict[str, ObjectKind] = {}
_programs: dict[str, ObjectKind] = {}
_documents: dict[str, Document] = {}
_common: dict[type[Model], ObjectKind] = {}
_parts: dict[str, Part] = {}
_doors = _Doors(
    rights=None, custom=lambda key: (), made=lambda: (), values=None,
)  # fmt: skip


def register(kind: ObjectKind) -> None:
    """Add a kind; registered again it replaces the former one."""
    _kinds[kind.key] = kind


def kinds() -> list[ObjectKind]:
    """Return the kinds in the order of their keys, then those that administrators made."""
    return [*(_kinds[key] for key in sorted(_kinds)), *_doors.made()]


def register_for_programs(kind: ObjectKind) -> None:
    """Add a kind that only the API tells of: parts of a card, settings, what has own rules.

    No list, search, import or report reaches it; its ``rows`` says who may see what, and its
    ``archive``, asked by DELETE, may remove for good. With the key of a registered kind it takes
    that one's place there: the same rows, with what else their cards and forms hold.
    """
    _programs[kind.key] = kind


def program_kinds() -> Mapping[str, ObjectKind]:
    """Return the kinds that the API alone tells of."""
    return _programs


def register_part(part: Part) -> None:
    """Let imports bring rows that are a part of another's card."""
    _parts[part.kind.key] = part


def parts() -> list[Part]:
    """Return what imports bring beside the kinds."""
    return [_parts[key] for key in sorted(_parts)]


def part(key: str) -> Part | None:
    """Return a part by its key; ``None`` for a kind."""
    return _parts.get(key)


def register_document(document: Document) -> None:
    """Add settings that programs read and change as one object."""
    _documents[document.key] = document


def documents() -> Mapping[str, Document]:
    """Return the settings that programs read and change as one object."""
    return _documents


def registered() -> list[ObjectKind]:
    """Return the kinds of the rooms, without those that administrators made: no query."""
    return [_kinds[key] for key in sorted(_kinds)]


def kind(key: str) -> ObjectKind:
    """Return a kind.

    :raises KeyError: there is none.
    """
    if key in _kinds:
        return _kinds[key]
    for each in _doors.made():
        if each.key == key:
            return each
    raise KeyError(key)


def room_kind(key: str) -> ObjectKind | None:
    """Return a kind of a room; ``None`` for what is none, or was made by administrators."""
    return _kinds.get(key)


def kind_of(model: type[Model]) -> ObjectKind | None:
    """Return the kind whose rows a model holds; of several, what they have in common."""
    found = next((each for each in _kinds.values() if each.model is model), None)
    return found or _common.get(model)


def have_in_common(kind: ObjectKind) -> None:
    """Say whose the rows of a model are that holds the rows of many kinds."""
    _common[kind.model] = kind


def tell_unnamed(table: str, *, right: str) -> None:
    """Let browsers of whoever has a right be told that a table changed, never which of its rows.

    For rows of no kind, of which a room itself says who reads them.
    """
    _unnamed[table] = right


def unnamed() -> Mapping[str, str]:
    """Return the tables of which that is told, with the right it needs."""
    return dict(_unnamed)


def value_of(field: Field, row: Any) -> Any:
    """Return the Python value of a field of a row; keys for people and related objects."""
    if field.read is not None:
        return field.read(row)
    value = row
    names = field.source.split("__")
    for name in names:
        if value is None:
            return None
        is_key = name == names[-1] and field.type in {"user", "relation"}
        value = getattr(value, f"{name}_id" if is_key else name)
    return value


def problem(field: Field, value: Any, *, before: Any = None) -> str:
    """Return the sentence about an entered value that cannot be right; ``""`` when it may be.

    What stands there already (``before``) is not refused to somebody who changes something else:
    1C is not asked for check digits.
    """
    if field.check is None or not isinstance(value, str) or not value.strip() or value == before:
        return ""
    return field.check(value)


def fields_of(kind: ObjectKind) -> list[Field]:
    """Return the fields of a kind, the custom ones of this company behind the room's own."""
    return [*kind.fields, *(_doors.custom(kind.key) if kind.is_extensible else ())]


def rights_are(answered_by: Rights) -> None:
    """Let the room of accounts say who sees and does what."""
    _doors.rights = answered_by


def rights() -> Rights:
    """Return who answers questions about rights.

    :raises RuntimeError: no room has said so; nothing may be shown then.
    """
    if _doors.rights is None:
        raise RuntimeError("no room says who may see what")
    return _doors.rights


def custom_fields_are(
    custom: Callable[[str], Sequence[Field]],
    *,
    made: Callable[[], Sequence[ObjectKind]],
    values: CustomValues,
) -> None:
    """Let the room of custom fields name those of a kind, and the kinds administrators made."""
    _doors.custom, _doors.made, _doors.values = custom, made, values


@transaction.atomic
def save(
    kind: ObjectKind,
    *,
    values: Mapping[str, Any],
    by: Any,
    key: UUID | None = None,
    seen: datetime | None = None,
) -> Model:
    """Make a row of a kind or bring one to these values: the way of every generic door.

    The room's service takes its own fields; the custom ones are kept beside them in the same
    transaction, so that either all is saved or nothing.

    :raises Refused: with sentences by field; also when the kind cannot be written at all.
    :raises PermissionDenied: the role of ``by`` does not give the right to this row.
    :raises ChangedMeanwhile: the row is newer than ``seen``.
    """
    if kind.save is None:
        raise Refused({"": [_("This cannot be changed here.")]})
    if by is not None:  # nobody: a program of ours
        rights().require_save(by, kind, key, values.keys())
    if key is None and not kind.makes_rows:
        raise Refused({"": [_("None is made here: only what is there can be changed.")]})
    custom = {each.key for each in fields_of(kind) if each.is_custom}
    own = {name: value for name, value in values.items() if name not in custom}
    row = kind.save(values=own, by=by, key=key, seen=seen)
    if custom and _doors.values is not None:  # a new row takes their defaults
        named = {name: values[name] for name in custom & values.keys()}
        _doors.values.keep(kind, row, named, key is None)
    return row


def save_many(
    kind: ObjectKind, *, rows: Sequence[tuple[UUID | None, Mapping[str, Any]]], by: Any
) -> list[Saved]:
    """Save thousands of rows, by the room's set-based service where it has one.

    Each row is looked at as ``save`` looks at one: what the role does not give is refused.
    """
    if kind.save_many is None:
        return [save_one_of_many(kind, key, values, by) for key, values in rows]
    with transaction.atomic():
        refused = _refusals(kind, rows, by)
        saved = iter(
            _save_allowed(
                kind, kind.save_many,
                [row for row, told in zip(rows, refused, strict=True) if told is None], by,
            )
        )  # fmt: skip
        return [
            next(saved) if told is None else Saved(key, refused=told)
            for (key, _values), told in zip(rows, refused, strict=True)
        ]


def _refusals(
    kind: ObjectKind, rows: Sequence[tuple[UUID | None, Mapping[str, Any]]], by: Any
) -> list[Refused | None]:
    """Return for each row why ``by`` may not save it so."""
    found: list[Refused | None] = [None] * len(rows)
    if by is not None:  # nobody: a program of ours
        found = rights().refusals(by, kind, [(key, values.keys()) for key, values in rows])
    if kind.makes_rows:
        return found
    sentence = _("None is made here: only what is there can be changed.")
    return [
        Refused({"": [sentence]}) if key is None and told is None else told
        for (key, _values), told in zip(rows, found, strict=True)
    ]


def _save_allowed(
    kind: ObjectKind, save_many: SaveMany, rows: Sequence[tuple[UUID | None, Mapping[str, Any]]],
    by: Any,
) -> list[Saved]:  # fmt: skip
    custom = {each.key for each in fields_of(kind) if each.is_custom}
    if not rows:
        return []
    if not custom:
        return save_many(rows=rows, by=by)
    return _save_many_with_custom(kind, save_many, rows, custom, by)


def _save_many_with_custom(
    kind: ObjectKind, save_many: SaveMany, rows: Sequence[tuple[UUID | None, Mapping[str, Any]]],
    custom: set[str], by: Any,
) -> list[Saved]:  # fmt: skip
    """Save rows and, beside the room's own, the values of fields that administrators added."""
    if _doors.values is None:
        raise RuntimeError("no room keeps values of custom fields")
    settled = _doors.values.settle_many(
        kind, [(key, {n: values[n] for n in custom & values.keys()}) for key, values in rows]
    )
    own = [
        (key, {name: value for name, value in values.items() if name not in custom})
        for (key, values), told in zip(rows, settled, strict=True) if isinstance(told, Settled)
    ]  # fmt: skip
    saved = iter(save_many(rows=own, by=by))
    answers, values_of = [], {}
    for (key, _values), told in zip(rows, settled, strict=True):
        if isinstance(told, Refused):
            answers.append(Saved(key, refused=told))
            continue
        answer = next(saved)
        if answer.refused is None and answer.key is not None and told.is_changed:
            values_of[answer.key] = told.values
            answer = replace(answer, is_changed=True)
        answers.append(answer)
    _doors.values.put_many(kind, values_of)
    return answers


def save_one_of_many(
    kind: ObjectKind, key: UUID | None, values: Mapping[str, Any], by: Any
) -> Saved:
    """Save one row by ``save``; a refusal undoes this row alone and is part of the answer."""
    manager = kind.model._default_manager
    moment = "updated_at"
    has_moment = any(each.name == moment for each in kind.model._meta.concrete_fields)
    before = None
    if key is not None and has_moment:
        before = manager.filter(pk=key).values_list(moment, flat=True).first()
    try:
        with transaction.atomic():
            row = save(kind, values=values, by=by, key=key)
    except Refused as refused:
        return Saved(key, refused=refused)
    except PermissionDenied:
        sentence = _("Your role does not let you change this row.")
        return Saved(key, refused=Refused({"": [sentence]}))
    is_changed = key is None or before is None or getattr(row, moment) != before
    return Saved(row.pk, is_new=key is None, is_changed=is_changed)
