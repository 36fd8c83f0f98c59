"""Making, changing and retiring fields and kinds of the administrators' own, without a restart."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.forms import DateField
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.core import events, objects
from apps.core.folding import fold
from apps.core.lists import conditions
from apps.core.objects import Refused
from apps.custom import onec, related
from apps.custom.computing import CannotCompute
from apps.custom.fields import OBJECT_PREFIX, PREFIX, computing, forget
from apps.custom.formulas.checking import resolved, typed
from apps.custom.formulas.syntax import FormulaProblem, parse, renamed
from apps.custom.models import COMPUTED, CustomField, CustomObject, CustomType
from apps.custom.tasks import bring_indexes
from apps.custom.values import NotAValue, stored

MOST_FIELDS, MOST_OBJECTS, MOST_CHOICES = 200, 50, 500
_LATIN = dict(
    zip(
        "абвгдезийклмнопрстуфхцчшщъыьэюя",
        ["a", "b", "v", "g", "d", "e", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t",
         "u", "f", "h", "ts", "ch", "sh", "sch", "", "y", "", "e", "yu", "ya"],
        strict=True,
    )
) | {"ж": "zh"}  # fmt: skip


@dataclass(frozen=True)
class FieldValues:
    """What an administrator says of a field; ``key`` and ``type`` count when it is made."""

    label: str
    type: str = CustomType.TEXT
    key: str = ""
    choices: Sequence[str] = ()  # labels, in order
    related: str = ""
    is_required: bool = False
    is_unique: bool = False
    default: Any = None
    help: str = ""
    name_1c: str = ""  # what holds the value in 1C: ``apps.custom.onec``
    formula: str = ""  # names fields by their keys, or as people call them
    shown: str = ""  # the relation and the field behind it: ``counterparty.x_segment``
    rows: str = ""  # the kind whose rows lead here, and by which relation
    how: str = ""  # of ``apps.custom.related.HOW``
    measure: str = ""  # the kind and the field that is added up
    only: str = ""  # the kind and the field of the condition
    operator: str = ""
    value: str = ""


def key_from(label: str, *, prefix: str = PREFIX) -> str:
    """Return a key made of a label in Latin letters; ``x_`` alone where none is left."""
    latin = "".join(_LATIN.get(letter, letter) for letter in fold(label))
    return prefix + re.sub(r"[^a-z0-9]+", "_", latin).strip("_")[:40]


@transaction.atomic
def add_field(*, kind: str, values: FieldValues) -> CustomField:
    """Add a field to a kind: from the next request on it stands in every door.

    :raises Refused: with sentences by field of the form.
    """
    owner = _extensible(kind)
    known = CustomField.objects.filter(kind=kind)
    if known.count() >= MOST_FIELDS:
        raise Refused({"": [_("There are %(most)d fields already.") % {"most": MOST_FIELDS}]})
    key = values.key.strip().lower() or key_from(values.label)
    key = key if key.startswith(PREFIX) else PREFIX + key
    if key == PREFIX:
        key = f"{PREFIX}field_{known.count() + 1}"
    errors = _problems(values)
    if not re.fullmatch(r"x_[a-z0-9_]{1,40}", key):
        errors["key"] = [_("A key is made of small Latin letters, digits and “_”.")]
    elif known.filter(key=key).exists() or any(each.key == key for each in owner.fields):
        errors["key"] = [_("There is a field with this key already.")]
    errors |= _problems_in_1c(owner, values)
    if errors:
        raise Refused(errors)
    place = (known.aggregate(most=Max("position"))["most"] or 0) + 1
    row = CustomField(kind=kind, key=key, type=values.type, position=place, **_plain(values, ()))
    if row.type in COMPUTED:
        row.recipe = _recipe(row, values)
    row.save(force_insert=True)
    _told(row)
    return row


@transaction.atomic
def change_field(*, field_id: UUID, values: FieldValues) -> CustomField:
    """Change what a field is called and asks for; its key and type stay, and so do all values.

    A choice that is left out stays readable where it was chosen, and cannot be chosen anew.

    :raises Refused: with sentences by field of the form.
    """
    row = CustomField.objects.select_for_update().get(pk=field_id)
    values = FieldValues(**{**values.__dict__, "type": row.type, "related": row.related})
    errors = _problems(values) | _problems_in_1c(objects.kind(row.kind), values, but=row)
    if errors:
        raise Refused(errors)
    for name, value in _plain(values, row.choices).items():
        setattr(row, name, value)
    if row.type in COMPUTED:
        row.recipe = _recipe(row, values)
    else:
        _require_good_for_others(row, "choices")
    row.save()
    _told(row)
    return row


@transaction.atomic
def retire_field(*, field_id: UUID, is_archived: bool) -> CustomField:
    """Take a field out of use, its values kept, or bring it back with them.

    :raises Refused: others are computed of it; or it is computed itself, and cannot be any more.
    """
    row = CustomField.objects.select_for_update().get(pk=field_id)
    if row.is_archived != is_archived:
        _require_no_use(row) if is_archived else _require_usable(row)
        row.is_archived = is_archived
        row.save()
    _told(row)
    return row


@transaction.atomic
def remove_unused_field(*, field_id: UUID) -> bool:
    """Remove a field that no row has a value of and none is made of; return whether it is gone."""
    row = CustomField.objects.select_for_update().get(pk=field_id)
    model = objects.kind(row.kind).model
    if model._default_manager.filter(custom__has_key=row.key).exists() or made_of(row):
        return False
    row.delete()
    _told()
    return True


@transaction.atomic
def order_fields(*, kind: str, keys: Sequence[UUID]) -> None:
    """Put the fields of a kind in this order; those not named follow."""
    rows = {row.pk: row for row in CustomField.objects.select_for_update().filter(kind=kind)}
    ordered = [rows.pop(key) for key in keys if key in rows] + list(rows.values())
    for place, row in enumerate(ordered, start=1):
        row.position = place
    CustomField.objects.bulk_update(ordered, ["position"])
    _told()


@transaction.atomic
def save_object(
    *, values: Mapping[str, Any], object_id: UUID | None = None
) -> CustomObject:
    """Make a kind of the company's own, or change what it is called; its key stays.

    :raises Refused: with sentences by field of the form.
    """
    row = (
        CustomObject.objects.select_for_update().get(pk=object_id) if object_id else CustomObject()
    )
    former = (row.label, row.label_plural)
    for name in ("label", "label_plural", "icon", "has_counterparty", "directory_1c"):
        if name in values:
            setattr(row, name, values[name])
    errors: dict[str, list[str]] = {
        name: [_("It needs a name.")]
        for name in ("label", "label_plural")
        if not str(getattr(row, name)).strip()
    }
    if row._state.adding:
        if CustomObject.objects.count() >= MOST_OBJECTS:
            errors[""] = [_("There are %(most)d objects already.") % {"most": MOST_OBJECTS}]
        base = key_from(row.label_plural, prefix=OBJECT_PREFIX)
        base = base if base != OBJECT_PREFIX else f"{OBJECT_PREFIX}object"
        taken = set(CustomObject.objects.values_list("key", flat=True))
        free = (f"{base[:38]}{n or ''}" for n in range(MOST_OBJECTS + 1))
        row.key = next(key for key in free if key not in taken)
    row.directory_1c = " ".join(row.directory_1c.split())
    errors |= _problems_of_directory(row)
    if (row.label, row.label_plural) != former:
        errors = _problems_of_names(row) | errors
    if errors:
        raise Refused(errors)
    row.save()
    _told(row)
    return row


@transaction.atomic
def retire_object(*, object_id: UUID, is_archived: bool) -> CustomObject:
    """Take a kind out of use, its rows kept, or bring it back with them.

    :raises Refused: fields of other kinds are computed of it.
    """
    row = CustomObject.objects.select_for_update().get(pk=object_id)
    if not is_archived:
        problems = _problems_of_directory(row) or _problems_of_names(row)
        if problems:
            raise Refused({"": [text for texts in problems.values() for text in texts]})
    users = _broken(gone=row.key) if is_archived else []
    if users:
        raise Refused({"": [_made_of_it(row.label_plural, [each for each, _problem in users])]})
    row.is_archived = is_archived
    row.save()
    _told(row)
    return row


def _problems_of_names(row: CustomObject) -> dict[str, list[str]]:
    """Return why a kind cannot be called so: another one is, in any language, or one of ours.

    Case, ё and Turkish marks make no difference.
    """
    taken = {
        fold(name): name
        for other in CustomObject.objects.filter(is_archived=False).exclude(pk=row.pk)
        for name in (other.label, other.label_plural)
    }
    for language, _name in settings.LANGUAGES:
        with override(language):
            for kind in objects.registered():
                for label in (str(kind.label), str(kind.label_plural)):
                    taken.setdefault(fold(label), label)
    return {
        name: [_("“%(name)s” is an object already. Choose another name.")
               % {"name": taken[fold(getattr(row, name))]}]
        for name in ("label", "label_plural") if fold(getattr(row, name)) in taken
    }  # fmt: skip


def _problems_of_directory(row: CustomObject) -> dict[str, list[str]]:
    """Return why a directory of 1C cannot fill a kind: each fills one."""
    others = CustomObject.objects.filter(is_archived=False).exclude(directory_1c="")
    for other in others.exclude(pk=row.pk) if row.directory_1c else ():
        if onec.place(other.directory_1c) == onec.place(row.directory_1c):
            return {"directory_1c": [_("This directory fills “%(name)s” already.")
                                     % {"name": other.label_plural}]}  # fmt: skip
    return {}


def _extensible(kind: str) -> objects.ObjectKind:
    found = objects.kind(kind)
    if not found.is_extensible:
        raise KeyError(kind)
    return found


def _problems(values: FieldValues) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if not values.label.strip():
        errors["label"] = [_("It needs a name.")]
    if values.type not in CustomType.values:
        errors["type"] = [_("There is no such type.")]
    if values.type in {"choice", "choices"} and not any(each.strip() for each in values.choices):
        errors["choices"] = [_("Name at least one choice.")]
    if len(values.choices) > MOST_CHOICES:
        errors["choices"] = [_("At most %(most)d choices.") % {"most": MOST_CHOICES}]
    if values.type in COMPUTED and (values.is_required or values.is_unique):
        errors["is_required"] = [_("Nobody enters a computed field: it has no such rules.")]
    if values.type == "relation" and values.related not in {k.key for k in objects.kinds()}:
        errors["related"] = [_("Choose which object the field leads to.")]
    try:
        stored(values.type, values.default)
    except NotAValue as error:
        errors["default"] = [str(error)]
    return errors


def _problems_in_1c(
    owner: objects.ObjectKind, values: FieldValues, but: CustomField | None = None
) -> dict[str, list[str]]:
    """Return why a field cannot be called so in 1C; orders hold fields of two kinds."""
    name = values.name_1c.strip()
    if not name:
        return {}
    if not onec.can_be_named(owner.key, values.type):
        return {"name_1c": [_("1C does not know people, links to other objects and computed"
                              " values: a field of this type has no name there.")]}  # fmt: skip
    if onec.is_taken_up(owner.key, name):
        return {"name_1c": [_("“%(name)s” says something else in orders of 1C already.")
                            % {"name": name}]}  # fmt: skip
    kinds = onec.ORDERS if owner.key in onec.ORDERS else (owner.key,)
    others = CustomField.objects.filter(kind__in=kinds, is_archived=False).exclude(name_1c="")
    for other in others.exclude(pk=but.pk) if but is not None else others:
        if onec.place(other.name_1c) == onec.place(name):
            return {"name_1c": [_("“%(field)s” has this name in 1C already.")
                                % {"field": other.label}]}  # fmt: skip
    return {}


def _plain(values: FieldValues, former: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Return the columns; a choice keeps the value it had, however it is called now."""
    by_label = {label: value for value, label in former}
    labels = list(dict.fromkeys(each.strip()[:100] for each in values.choices if each.strip()))
    choices: list[list[str]] = []
    for label in labels:
        value = by_label.get(label) or key_from(label, prefix="") or f"choice_{len(choices) + 1}"
        taken = {each for each, _label in choices}
        while value in taken:
            value += "_"
        choices.append([value, label])
    return {
        "label": values.label.strip()[:100], "choices": choices, "related": values.related,
        "is_required": values.is_required, "is_unique": values.is_unique,
        "default": stored(values.type, values.default) if values.type not in COMPUTED else None,
        "help": values.help.strip()[:200], "name_1c": " ".join(values.name_1c.split())[:100],
    }  # fmt: skip


# Computed fields ----------------------------------------------------------------------------------


def made_of(row: CustomField) -> list[CustomField]:
    """Return the fields that could not be computed without this one."""
    return [other for other, _problem in _broken(without=row)]


def problems(*, kind: str) -> dict[UUID, str]:
    """Return why fields of a kind cannot be computed, by their key: none, as a rule.

    A room may have dropped a field, an office may have an older program.
    """
    rows = _rows()
    made = computing(rows)
    found = {}
    for row in rows.get(kind, ()):
        try:
            made.field(row)
        except (FormulaProblem, CannotCompute) as problem:
            found[row.pk] = str(problem)
    return found


def _recipe(row: CustomField, values: FieldValues) -> dict[str, Any]:
    """Return the recipe of a computed field, its fields named by key.

    :raises Refused: it cannot be computed so, or others could not be computed of it any more.
    """
    asked = {"formula": "formula", "lookup": "shown", "rollup": "rows"}[row.type]
    try:
        recipe = _RECIPES[row.type](row, values)
        row.recipe = recipe
        _made(row)
    except (FormulaProblem, CannotCompute) as problem:
        raise Refused({asked: [str(problem)]}) from problem
    if not row._state.adding:
        _require_good_for_others(row, asked)
    return recipe


def _require_good_for_others(row: CustomField, asked: str) -> None:
    """Pass when all that is computed of a field can be computed of it as it is to be."""
    sentences = [
        _("“%(field)s” is made of this field: %(problem)s")
        % {"field": other.label, "problem": sentence}
        for other, sentence in _broken(instead=row)
    ]
    if sentences:
        raise Refused({asked: sentences})


def _formula(row: CustomField, values: FieldValues) -> dict[str, Any]:
    """Return a formula with keys in place of names; what is wrong is told by the text as typed."""
    known = computing(_rows()).all_of(row.kind)
    typed(parse(values.formula.rstrip()), known)
    return {"formula": renamed(values.formula.strip(), lambda name: resolved(name, known).key)}


def _lookup(row: CustomField, values: FieldValues) -> dict[str, Any]:
    through, _dot, field = values.shown.partition(".")
    if not through or not field:
        raise CannotCompute(_("Choose which field of which object is shown."))
    return {"through": through, "field": field}


def _rollup(row: CustomField, values: FieldValues) -> dict[str, Any]:
    """Return the recipe of a total of related rows.

    :raises Refused: with sentences by field of the form.
    """
    kind, _dot, through = values.rows.partition(".")
    known = computing(_rows()).all_of(kind)
    if through not in known or known[through].related != row.kind:
        raise CannotCompute(_("Choose the rows that lead here."))
    if values.how not in related.HOW:
        raise Refused({"how": [_("Choose how the figure is made.")]})
    recipe: dict[str, Any] = {"kind": kind, "through": through, "how": values.how}
    if values.how != "count":
        recipe["field"] = _of_kind(kind, values.measure, "measure")
        field = known.get(recipe["field"])
        if field is None or not related.can_be_totalled(field, values.how):
            raise Refused({"measure": [
                _("Choose a number or an amount; for the least and the greatest also a date.")
            ]})  # fmt: skip
    if values.only:
        recipe["only"] = _only(kind, known, values)
    return recipe


def _only(kind: str, known: Mapping[str, objects.Field], values: FieldValues) -> list[str]:
    """Return the condition of a total as lists write theirs."""
    key = _of_kind(kind, values.only, "only")
    field = known.get(key)
    if field is None or values.operator not in conditions.OF_TYPE.get(field.type, ()):
        raise Refused({"operator": [_("Choose how “%(field)s” is compared.")
                                    % {"field": field.label if field else key}]})  # fmt: skip
    only = [key, values.operator, *_typed(field, values.operator, values.value.strip())]
    try:
        conditions.parse(json.dumps(only), objects.kind(kind), None)
    except conditions.BadFilter as problem:
        raise Refused({"value": [problem.sentence]}) from problem
    return only


def _typed(field: objects.Field, operator: str, text: str) -> list[str]:
    """Return the values of a condition as the filter of an address holds them."""
    takes = conditions.OPERATORS[operator].takes
    if takes == "none" or not text:
        return []
    parts = [each.strip() for each in text.split(";" if takes == "two" else ",")]
    given = parts if takes in ("two", "many") else [text]
    named = {label.casefold(): value for value, label in field.offered()}
    if takes == "period":
        named = {str(label).casefold(): value for value, label in conditions.PERIODS.items()}
    if field.type in ("date", "moment") and takes in ("one", "two"):
        return [_day(each) for each in given]
    return [named.get(each.casefold(), each) for each in given]


def _day(text: str) -> str:
    try:
        return DateField().to_python(text).isoformat()  # type: ignore[union-attr]
    except ValidationError:
        return text  # the condition says what is wrong with it


def _of_kind(kind: str, named: str, asked: str) -> str:
    of, _dot, key = named.partition(".")
    if of != kind or not key:
        raise Refused({asked: [_("Choose a field of the rows that are chosen above.")]})
    return key


_RECIPES: dict[str, Callable[[CustomField, FieldValues], dict[str, Any]]] = {
    "formula": _formula, "lookup": _lookup, "rollup": _rollup,
}  # fmt: skip


def _made(row: CustomField) -> objects.Field:
    rows = _rows(instead=row)
    return computing(rows).field(row)


def _require_no_use(row: CustomField) -> None:
    users = made_of(row)
    if users:
        raise Refused({"": [_made_of_it(row.label, users)]})


def _made_of_it(label: str, users: Sequence[CustomField]) -> str:
    names = ", ".join(f"“{each.label}”" for each in users)
    return _(
        "Computed of “%(field)s”: %(fields)s. Change these first, or take them out of use."
    ) % {"fields": names, "field": label}


def _require_usable(row: CustomField) -> None:
    """Pass when a field that was out of use may be in use again."""
    named = FieldValues(label=row.label, type=row.type, name_1c=row.name_1c)
    problems = _problems_in_1c(objects.kind(row.kind), named, but=row)
    if problems:
        raise Refused({"": problems["name_1c"]})
    if row.type not in COMPUTED:
        return
    try:
        _made(row)
    except (FormulaProblem, CannotCompute) as problem:
        raise Refused({"": [str(problem)]}) from problem


def _broken(
    *, without: CustomField | None = None, instead: CustomField | None = None, gone: str = ""
) -> list[tuple[CustomField, str]]:
    """Return which fields can be computed now and could not be after a change, and why."""
    former = computing(_rows())
    after = computing(_rows(without=without, instead=instead), gone=gone)
    changed = {each.pk for each in (without, instead) if each is not None}
    found = []
    for row in CustomField.objects.filter(type__in=COMPUTED, is_archived=False):
        if row.pk in changed or row.kind == gone:
            continue
        try:
            former.field(row)
        except (FormulaProblem, CannotCompute):
            continue  # it could not be before
        try:
            after.field(row)
        except (FormulaProblem, CannotCompute) as problem:
            found.append((row, str(problem)))
    return found


def _rows(
    *, without: CustomField | None = None, instead: CustomField | None = None
) -> dict[str, list[CustomField]]:
    """Return the fields in use by kind, as they would be after a change."""
    changed = {each.pk for each in (without, instead) if each is not None}
    found: dict[str, list[CustomField]] = {}
    for row in CustomField.objects.filter(is_archived=False).order_by("kind", "position", "pk"):
        if row.pk not in changed:
            found.setdefault(row.kind, []).append(row)
    if instead is not None:
        found.setdefault(instead.kind, []).append(instead)
    return found


def _told(row: CustomField | CustomObject | None = None) -> None:
    """Have the next question read anew; who holds what 1C told of the row's kind brings it in."""
    forget()
    if isinstance(row, CustomField) and row.name_1c and not row.is_archived:
        events.publish(onec.NamedIn1C(row.kind))
    if isinstance(row, CustomObject) and row.directory_1c and not row.is_archived:
        events.publish(onec.NamedIn1C(row.key))
    transaction.on_commit(bring_indexes.delay)
