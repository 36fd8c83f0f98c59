"""Roles as a company ticks them: reading, changing, comparing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import AccessRole, FieldAccess, Role, RoleField, RoleRight, Scope, User
from apps.accounts.rights import access, is_almighty, matrix, object_of
from apps.core import objects
from apps.core.objects import Field, ObjectKind
from tenants.audit.services import record

Scopes = Mapping[str, Scope]  # by right
Fields = Mapping[tuple[str, str], str]  # by object and field: a ``FieldAccess``
_YES, _SHOWN = _("yes"), _("shown")
CHANGEABLE = (Role.HEAD, Role.MANAGER, Role.ACCOUNTANT)  # of the built-in ones


class RoleError(Exception):
    """A role was not changed."""


class RoleInUse(RoleError):
    """People have this role: they need another one first."""

    def __init__(self, people: int) -> None:
        super().__init__(people)
        self.people = people


class NameTaken(RoleError):
    """Another role is called so."""


class MoreThanOneself(RoleError):
    """Nobody gives a right that they do not have themselves; ``right`` is the first of these."""

    def __init__(self, right: str) -> None:
        super().__init__(right)
        self.right = right


@dataclass(frozen=True)
class RoleRow:
    """A role in the list: where it is ticked, and how many have it."""

    role: AccessRole
    people: int
    is_fixed: bool = False  # owners and administrators: may do everything

    @property
    def value(self) -> str:
        """Return what names the role in forms: the key of a built-in one, else its own."""
        return self.role.key or str(self.role.pk)


@dataclass(frozen=True)
class Ticked:
    """What a role gives."""

    scopes: Scopes
    fields: Fields


def all_roles() -> list[RoleRow]:
    """Return every role, the built-in ones first, with the number of people who have it."""
    stored = list(AccessRole.objects.annotate(people=Count("users")).order_by("name", "pk"))
    by_key = {each.key: each for each in stored if each.key}
    counted = dict(
        User.objects.filter(access_role=None, is_active=True)
        .order_by()
        .values_list("role")
        .annotate(Count("pk"))
    )
    found = [
        RoleRow(
            by_key.get(key) or AccessRole(key=key, base=key), counted.get(key, 0),
            is_fixed=key in matrix.UNTOUCHABLE,
        )
        for key in Role.values
    ]  # fmt: skip
    own = [RoleRow(each, each.people) for each in stored if not each.key]
    return [*found, *own]


def role_choices() -> list[tuple[str, str]]:
    """Return the roles one may give, as (value, name)."""
    own = AccessRole.objects.filter(key="").order_by("name", "pk")
    return [
        *((key, str(label)) for key, label in Role.choices),
        *((str(each.pk), each.name) for each in own),
    ]


def read_choice(value: str) -> tuple[str, AccessRole | None]:
    """Return the built-in role and the company's own one that a value of a form names.

    :raises KeyError: there is no such role.
    """
    if value in Role.values:
        return value, None
    try:
        own = AccessRole.objects.filter(key="", pk=UUID(value)).first()
    except ValueError:
        own = None
    if own is None:
        raise KeyError(value)
    return own.base, own


def name_of(value: str) -> str:
    """Return what a role is called that a value of a form names; ``""`` when it is gone."""
    try:
        base, own = read_choice(value)
    except KeyError:
        return ""
    return str(own) if own is not None else str(Role(base).label)


def choice_of(user: User) -> str:
    """Return the value by which forms name a person's role."""
    return str(user.access_role_id) if user.access_role_id else user.role


def built_in(key: str) -> AccessRole:
    """Return a built-in role as it is ticked; one that nobody has touched is not stored yet."""
    return AccessRole.objects.filter(key=key).first() or AccessRole(key=key, base=key)


def ticked(role: AccessRole) -> Ticked:
    """Return what a role gives and hides, whatever is switched off."""
    rights: Iterable[Any] = ()
    fields: Iterable[Any] = ()
    if not role._state.adding:
        rights = role.rights.values_list("object", "action", "scope")
        fields = role.fields.values_list("object", "field", "access")
    scopes = access.rights_of(role.base, rights)
    return Ticked(scopes, {(name, key): how for name, key, how in fields})


@transaction.atomic
def save_role(
    *, role: AccessRole, name: str = "", scopes: Scopes, fields: Fields, by: User
) -> AccessRole:
    """Keep what is ticked of a role; it counts from everybody's next page.

    :raises NameTaken: see the class.
    :raises MoreThanOneself: see the class.
    """
    require_no_more(scopes, by=by)
    before = ticked(role)
    if not role.is_system:
        if AccessRole.objects.filter(key="", name__iexact=name).exclude(pk=role.pk).exists():
            raise NameTaken(name)
        role.name = name
    role.save()
    standard = matrix.DEFAULTS[role.base]
    role.rights.all().delete()
    RoleRight.objects.bulk_create(
        RoleRight(role=role, object=right.partition(".")[0], action=right.partition(".")[2],
                  scope=scopes.get(right, Scope.NONE))
        for right in sorted(access.rights_of(Role.OWNER))
        if scopes.get(right, Scope.NONE) != standard.get(right, Scope.NONE)
    )  # fmt: skip
    role.fields.all().delete()
    RoleField.objects.bulk_create(
        RoleField(role=role, object=name, field=key, access=how)
        for (name, key), how in sorted(fields.items())
        if how in FieldAccess.values
    )
    _note(role, before, ticked(role), by)
    return role


@transaction.atomic
def remove_role(*, role: AccessRole, by: User) -> None:
    """Remove a role of the company's own; a built-in one goes back to what it gave at first.

    :raises RoleInUse: see the class.
    """
    if role._state.adding:
        return
    people = 0 if role.is_system else role.users.count()
    if people:
        raise RoleInUse(people)
    record(kind="roles.removed", login=by.email, role=str(role))
    role.delete()


def require_no_more(scopes: Scopes, *, by: User) -> None:
    """Pass when a person has every right they are about to give.

    :raises MoreThanOneself: see the class.
    """
    if is_almighty(by):
        return
    mine = access.access_of(by)
    for right, scope in sorted(scopes.items()):
        if scope > mine.scope(right):
            raise MoreThanOneself(right)


def is_scoped(action: str) -> bool:
    """Tell whether an action is done with rows that are there: what is made has no owner yet."""
    return action not in ("create", "vip")


def scopes_offered(name: str, action: str = "view") -> tuple[Scope, ...]:
    """Return whose rows a right can cover: all alone where rows have no owner."""
    if not is_scoped(action):
        return (Scope.NONE, Scope.ALL)
    kinds = [each for each in objects.kinds() if _is_of(each, name)]
    if not any(each.owner or each.parent or each.participants for each in kinds):
        return (Scope.NONE, Scope.ALL)
    office = (Scope.OFFICE,) if any(each.office for each in kinds) else ()
    return (Scope.NONE, Scope.OWN, Scope.TEAM, *office, Scope.ALL)


def kinds_with_fields() -> list[tuple[ObjectKind, list[Field]]]:
    """Return the kinds of which a role may hide fields, with these."""
    found = []
    for kind in objects.kinds():
        known = [
            each for each in objects.fields_of(kind)
            if each.key in kind.hideable
            or ((each.is_custom or each.computed is not None) and kind.hideable)
        ]  # fmt: skip
        if known:
            found.append((kind, known))
    return found


@dataclass(frozen=True)
class Difference:
    """A right or a field of two roles side by side."""

    group: str | Promise
    label: str
    left: str
    right: str

    @property
    def is_other(self) -> bool:
        """Whether the two differ."""
        return self.left != self.right


def compared(left: AccessRole, right: AccessRole) -> list[Difference]:
    """Return what two roles give and hide, side by side."""
    first, second = ticked(left), ticked(right)
    found = []
    for each in matrix.OBJECTS.values():
        for action in each.actions:
            name = f"{each.key}.{action}"
            found.append(
                Difference(
                    each.label, str(matrix.ACTION_LABELS[action]),
                    scope_word(each.key, first.scopes.get(name, Scope.NONE)),
                    scope_word(each.key, second.scopes.get(name, Scope.NONE)),
                )
            )  # fmt: skip
    for kind, fields in kinds_with_fields():
        for field in fields:
            pair = (kind.key, field.key)
            found.append(
                Difference(
                    kind.label_plural, str(field.label), access_word(first.fields.get(pair, "")),
                    access_word(second.fields.get(pair, "")),
                )
            )  # fmt: skip
    return found


def scope_word(name: str, scope: Scope) -> str:
    """Return a scope in a word: «yes» where there is nothing to choose."""
    if len(scopes_offered(name)) == 2:
        return str(_YES if scope else Scope.NONE.label)
    return str(Scope(scope).label)


def access_word(how: str) -> str:
    """Return in a word how a field is shown."""
    return str(FieldAccess(how).label) if how else str(_SHOWN)


def _is_of(kind: ObjectKind, name: str) -> bool:
    try:
        return object_of(kind) == name
    except KeyError:
        return False


def _note(role: AccessRole, before: Ticked, now: Ticked, by: User) -> None:
    rights = [
        f"{right}={Scope(now.scopes.get(right, Scope.NONE)).name.lower()}"
        for right in sorted({*before.scopes, *now.scopes})
        if before.scopes.get(right) != now.scopes.get(right)
    ]
    fields = [
        f"{name}.{key}={now.fields.get((name, key), 'shown')}"
        for name, key in sorted({*before.fields, *now.fields})
        if before.fields.get((name, key)) != now.fields.get((name, key))
    ]
    if rights or fields:
        record(
            kind="roles.changed", login=by.email, role=str(role), rights=rights, fields=fields,
        )  # fmt: skip
