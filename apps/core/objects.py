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
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

FieldType = Literal[
    "text", "long_text", "number", "quantity", "money", "date", "moment", "boolean", "choice",
    "choices", "user", "relation", "phone", "email", "url", "file", "formula", "rows",
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
    path where a value is not a column of the row: it cannot be filtered or sorted by.
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
    is_required: bool = False
    is_unique: bool = False
    is_filterable: bool = True
    is_sortable: bool = False  # only by what an index gives for 100,000 rows
    is_custom: bool = False
    is_sensitive: bool = False  # of a VIP customer: shown only to those who may
    help: str | Promise = ""
    words: tuple[str, ...] = ()  # what else a column of an import may be headed, in any language

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
    office: str = ""
    parent: tuple[str, str] | None = None  # (path of the foreign key, kind)
    related: Sequence[str] = ()  # select_related of every read
    search: Sequence[str] = ()  # lookups on folded columns
    order: str = "-pk"
    save: Save | None = None
    save_many: SaveMany | None = None  # of own fields only; without it rows are saved one by one
    archive: Callable[[Collection[UUID], bool], int] | None = None  # keys, whether into the trash
    is_extensible: bool = False  # has ``custom``: administrators add fields
    actions: Sequence[Action] = ()
    right: str = ""  # the object of the rights, where it is not ``key``
    only: Mapping[str, Any] = field(default_factory=dict)  # which rows of the model are of the kind
    prefetch: Sequence[Any] = ()

    @property
    def right_object(self) -> str:
        """Return the object of the rights."""
        return self.right or self.key

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
        rows = rows.prefetch_related(*self.prefetch)
        return _doors.narrow(user, rows, f"{self.right_object}.{action}")


@dataclass
class _Doors:
    """What rooms above fill in: whose rows one may see, and the custom fields."""

    narrow: Callable[[Any, QuerySet[Any], str], QuerySet[Any]]
    custom: Callable[[str], Sequence[Field]]
    made: Callable[[], Sequence[ObjectKind]]
    keep: Callable[[ObjectKind, Model, Mapping[str, Any], bool], None]


def _nothing(user: Any, rows: QuerySet[Any], right: str) -> QuerySet[Any]:
    return rows.none()


_kinds: dict[str, ObjectKind] = {}
_doors = _Doors(
    narrow=_nothing, custom=lambda key: (), made=lambda: (),
    keep=lambda kind, row, values, is_new: None,
)  # fmt: skip


def register(kind: ObjectKind) -> None:
    """Add a kind; registered again it replaces the former one."""
    _kinds[kind.key] = kind


def kinds() -> list[ObjectKind]:
    """Return the kinds in the order of their keys, then those that administrators made."""
    return [*(_kinds[key] for key in sorted(_kinds)), *_doors.made()]


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


def kind_of(model: type[Model]) -> ObjectKind | None:
    """Return the kind whose rows a model holds."""
    return next((each for each in _kinds.values() if each.model is model), None)


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


def fields_of(kind: ObjectKind) -> list[Field]:
    """Return the fields of a kind, the custom ones of this company behind the room's own."""
    return [*kind.fields, *(_doors.custom(kind.key) if kind.is_extensible else ())]


def rows_are_narrowed_by(narrow: Callable[[Any, QuerySet[Any], str], QuerySet[Any]]) -> None:
    """Let the room of accounts say which rows a right covers for a person."""
    _doors.narrow = narrow


def custom_fields_are(
    custom: Callable[[str], Sequence[Field]],
    *,
    made: Callable[[], Sequence[ObjectKind]],
    keep: Callable[[ObjectKind, Model, Mapping[str, Any], bool], None],
) -> None:
    """Let the room of custom fields name those of a kind, and the kinds administrators made.

    ``keep(kind, row, values, is_new)`` checks and stores values of custom fields on a saved row.
    """
    _doors.custom, _doors.made, _doors.keep = custom, made, keep


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
    :raises ChangedMeanwhile: the row is newer than ``seen``.
    """
    if kind.save is None:
        raise Refused({"": [_("This cannot be changed here.")]})
    custom = {each.key for each in fields_of(kind) if each.is_custom}
    own = {name: value for name, value in values.items() if name not in custom}
    row = kind.save(values=own, by=by, key=key, seen=seen)
    if kind.is_extensible and (custom or key is None):
        named = {name: values[name] for name in custom & values.keys()}
        _doors.keep(kind, row, named, key is None)
    return row


def save_many(
    kind: ObjectKind, *, rows: Sequence[tuple[UUID | None, Mapping[str, Any]]], by: Any
) -> list[Saved]:
    """Save thousands of rows, by the room's set-based service where it has one.

    Where administrators have added fields, new rows and those with values of such fields go one
    by one: the room of custom fields gives defaults and checks each.
    """
    custom = {each.key for each in fields_of(kind) if each.is_custom}
    concerns_custom = bool(custom) and any(
        key is None or custom & values.keys() for key, values in rows
    )
    if kind.save_many is not None and not concerns_custom:
        with transaction.atomic():
            return kind.save_many(rows=rows, by=by)
    return [save_one_of_many(kind, key, values, by) for key, values in rows]


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
    is_changed = key is None or before is None or getattr(row, moment) != before
    return Saved(row.pk, is_new=key is None, is_changed=is_changed)
