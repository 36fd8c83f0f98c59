"""What one person may do, read once for a request with one query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from apps.accounts import together
from apps.accounts.models import FieldAccess, Role, Scope, Ticked, User
from apps.accounts.rights import matrix


@dataclass(frozen=True)
class FieldRights:
    """The fields of a kind that a person does not see, and those they see without changing."""

    hidden: frozenset[str] = frozenset()
    read_only: frozenset[str] = frozenset()

    @property
    def locked(self) -> frozenset[str]:
        """Return the fields that a form does not take."""
        return self.hidden | self.read_only


@dataclass(frozen=True)
class Access:
    """The rights of one person as they stand now."""

    scopes: Mapping[str, Scope]  # by right; one that is not given is absent
    fields: Mapping[str, FieldRights] = field(default_factory=dict)  # by object
    teams: frozenset[UUID] = frozenset()  # the person's own and all below it
    modules_off: frozenset[str] = frozenset()  # at this workplace

    def scope(self, right: str) -> Scope:
        """Return whose rows a right covers.

        :raises KeyError: there is no such right, so the code that asks is wrong.
        """
        return self.scopes.get(matrix.plain(right), Scope.NONE)

    @property
    def may_hide(self) -> bool:
        """Whether some field of some row may be hidden: of every row, or of VIP customers."""
        return bool(self.fields) or not self.scope("counterparties.vip")

    @property
    def is_restricted(self) -> bool:
        """Whether some right to see covers a part of the rows only, or a field is hidden."""
        is_partial = any(
            right.endswith(".view") and scope < Scope.ALL for right, scope in self.scopes.items()
        )
        return is_partial or any(each.hidden for each in self.fields.values())


_NOTHING = Access({})


def access_of(user: Any) -> Access:
    """Return what a person may do; read once for each ``User`` object, so once for a request."""
    if not isinstance(user, User) or not user.is_active:
        return _NOTHING
    given = (
        user.role, user.access_role_id, user.team_id, tuple(user.without_modules or ()),
    )  # fmt: skip
    known: tuple[Any, Access] | None = getattr(user, "_access", None)  # it may be a lazy object
    if known is not None and known[0] == given:
        return known[1]
    found = _default(user) if user._state.adding else _read(user)
    user._access = (given, found)  # type: ignore[attr-defined]
    return found


def forget(user: User) -> None:
    """Let the rights of a person be read anew at the next question."""
    user._access = None  # type: ignore[attr-defined]


def rights_of(
    base: str, ticked: Iterable[tuple[str, str, int]] = (), modules_off: Iterable[str] = ()
) -> dict[str, Scope]:
    """Return the rights of a role: the built-in one's, with what was ticked otherwise."""
    scopes = dict(matrix.DEFAULTS.get(base, {}))
    if base not in matrix.UNTOUCHABLE:
        for name, action, scope in ticked:
            if name in matrix.OBJECTS and action in matrix.ACTIONS[name]:
                scopes[f"{name}.{action}"] = Scope(scope)
    off = frozenset(modules_off)
    return {
        right: scope
        for right, scope in scopes.items()
        if scope and matrix.OBJECTS[right.partition(".")[0]].module not in off - {""}
    }


def fields_of(base: str, ticked: Iterable[tuple[str, str, str]]) -> dict[str, FieldRights]:
    """Return the fields a role hides or locks, by object."""
    hidden: dict[str, set[str]] = {}
    read_only: dict[str, set[str]] = {}
    if base not in matrix.UNTOUCHABLE:
        for name, key, access in ticked:
            (hidden if access == FieldAccess.HIDDEN else read_only).setdefault(name, set()).add(key)
    return {
        name: FieldRights(frozenset(hidden.get(name, ())), frozenset(read_only.get(name, ())))
        for name in hidden.keys() | read_only.keys()
    }


def below(team: UUID, teams: Iterable[tuple[UUID, UUID | None]]) -> frozenset[UUID]:
    """Return a team and all below it; a ring of teams ends."""
    children: dict[UUID | None, list[UUID]] = {}
    for key, parent in teams:
        children.setdefault(parent, []).append(key)
    found, waiting = {team}, [team]
    while waiting:
        new = [each for each in children.get(waiting.pop(), ()) if each not in found]
        found.update(new)
        waiting += new
    return frozenset(found)


def _default(user: User) -> Access:
    """Return the rights of a person who is not in the database: the built-in role's."""
    off = frozenset(user.without_modules or ())
    return Access(rights_of(user.role, modules_off=off), modules_off=off)


def _read(user: User) -> Access:
    """Return the rights as they were read with the person, or are read now."""
    read = getattr(user, "ticked", None)
    if read is not None:
        del user.ticked  # type: ignore[attr-defined]  # asked again it is read anew
    else:
        read = User.objects.filter(pk=user.pk).values_list(Ticked(), flat=True).first()
        if read is None:  # not in this company any more
            return _NOTHING
        together.told(user, read.pop())
    ticked, fields, teams, off_for_all = read[:4]
    off = frozenset([*off_for_all, *(user.without_modules or ())])
    known = [(UUID(key), UUID(parent) if parent else None) for key, parent in teams]
    return Access(
        rights_of(user.role, ticked, off), fields_of(user.role, fields),
        below(user.team_id, known) if user.team_id else frozenset(), off,
    )  # fmt: skip


def is_almighty(user: Any) -> bool:
    """Tell whether a person may do everything, whatever is ticked."""
    return isinstance(user, User) and user.role in (Role.OWNER, Role.ADMINISTRATOR)
