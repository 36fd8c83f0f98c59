"""People, roles, teams and modules as programs read and write them: by the rules of the screens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts import entering, modules, roles, services, teams
from apps.accounts.forms import PersonForm, TeamForm
from apps.accounts.models import AccessRole, FieldAccess, Role, Scope, Team, User
from apps.accounts.rights import access, matrix
from apps.core import objects
from apps.core.entering import entered, merged, unchanged
from apps.core.objects import Document, Field, ObjectKind, Refused
from replication.nodes import known_offices

_NAMES = {"without": "without_modules"}


def _modules() -> list[tuple[str, Any]]:
    return [(each.key, each.label) for each in modules.MODULES.values()]


def _offices() -> list[tuple[str, str]]:
    return [(str(key), name) for key, name, _is_here in known_offices()]


def _people() -> list[tuple[str, str]]:
    people = User.objects.filter(is_active=True).order_by("full_name", "email", "pk")
    return [(str(person.pk), str(person)) for person in people]


# People -------------------------------------------------------------------------------------------


def save_person(
    *, values: Mapping[str, Any], by: Any, key: UUID | None = None, seen: datetime | None = None
) -> User:
    """Change a person; nobody is made here: people are invited.

    :raises Refused: with sentences by field.
    :raises ChangedMeanwhile: the row is newer than ``seen``.
    """
    # Owners are locked first, as ``services.change_person`` does: two calls wait in one order.
    list(User.objects.select_for_update().filter(role=Role.OWNER).order_by("pk"))
    user = unchanged(User, key, seen)
    try:
        services.require_owner_for(role=user.role, by=by)
    except services.OwnersOnly as error:
        raise PermissionDenied from error
    given = {("without" if name == "without_modules" else name): v for name, v in values.items()}
    form = PersonForm(merged(PersonForm.initial_of(user), given), by=by)
    entered(form, names=_NAMES)
    try:
        return entering.change_person(user=user, form=form, by=by)
    except Refused as refused:
        told = {_NAMES.get(name, name): each for name, each in refused.errors.items()}
        raise Refused(told) from refused


class _People(ObjectKind):
    """People with what administrators change of them."""

    def rows(self, user: Any, *, action: str = "view") -> QuerySet[Any]:
        """Return everybody, for whoever has the right."""
        return super().rows(user, action=action).select_related("access_role", "team")


objects.register_for_programs(
    _People(
        key="people", label=gettext_lazy("Person of the company"),
        label_plural=gettext_lazy("People"), icon="users", model=User, is_of_centre=True,
        is_creatable=False, save=save_person, search=("full_name__icontains", "email__icontains"),
        fields=(
            Field("full_name", gettext_lazy("Name"), is_writable=False),
            Field("email", gettext_lazy("E-mail"), "email", is_writable=False),
            Field("is_active", gettext_lazy("may sign in"), "boolean"),
            Field("role", gettext_lazy("Role"), "choice", choices=roles.role_choices,
                  read=roles.choice_of, is_required=True, is_filterable=False,
                  help=gettext_lazy("A built-in role by its key, or one of the company's own.")),
            Field("team", gettext_lazy("Team"), "relation", related="teams"),
            Field("is_team_head", gettext_lazy("Heads the team"), "boolean"),
            Field("office", gettext_lazy("Works at"), "choice", choices=_offices,
                  read=lambda row: str(row.office_id or ""), is_filterable=False,
                  help=gettext_lazy("Nothing: the centre.")),
            Field("without_modules", gettext_lazy("Modules not used at this workplace"), "choices",
                  choices=_modules, is_filterable=False),
            Field("updated_at", gettext_lazy("changed"), "moment", is_writable=False),
        ),
    )
)  # fmt: skip


# Roles --------------------------------------------------------------------------------------------

_SCOPES = {scope.name.lower(): scope for scope in Scope}


def _rights(row: AccessRole) -> list[dict[str, str]]:
    kept = [(each.object, each.action, each.scope) for each in row.rights.all()]
    given = access.rights_of(row.base, kept)
    return [
        {"right": right, "scope": Scope(scope).name.lower()}
        for right, scope in sorted(given.items())
    ]


def _hidden(row: AccessRole) -> list[dict[str, str]]:
    kept = sorted(row.fields.all(), key=lambda each: (each.object, each.field))
    return [{"object": each.object, "field": each.field, "access": each.access} for each in kept]


def save_role(
    *, values: Mapping[str, Any], by: Any, key: UUID | None = None, seen: datetime | None = None
) -> AccessRole:
    """Make a role from a built-in one, tick a built-in one otherwise, or change either.

    :raises Refused: with sentences by field.
    :raises ChangedMeanwhile: the row is newer than ``seen``.
    """
    role = unchanged(AccessRole, key, seen) if key is not None else _new_role(values)
    ticked = roles.ticked(role)
    scopes = _taken_rights(values["rights"]) if "rights" in values else ticked.scopes
    fields = _taken_fields(values["fields"]) if "fields" in values else ticked.fields
    name = str(values.get("name", role.name)).strip()
    if role.is_system and values.get("name"):
        raise Refused({"name": [_("A built-in role has its own name.")]})
    return entering.save_role(role=role, name=name, scopes=scopes, fields=fields, by=by)


def _new_role(values: Mapping[str, Any]) -> AccessRole:
    built_in, base = values.get("key") or "", values.get("base") or ""
    if not built_in:
        return AccessRole(base=base or Role.MANAGER)
    if base not in ("", built_in):
        raise Refused({"base": [_("A built-in role is made from itself.")]})
    found = roles.built_in(built_in)
    if not found._state.adding:
        raise Refused({"key": [_("This built-in role is in the list: change it there.")]})
    return found


def _taken_rights(rows: Sequence[Mapping[str, Any]]) -> dict[str, Scope]:
    """Return scopes by right; what is not named is not given."""
    found, sentences = {}, []
    for row in rows:
        right, scope = str(row.get("right", "")), _SCOPES.get(str(row.get("scope", "")))
        name, _dot, action = right.partition(".")
        if action not in matrix.ACTIONS.get(name, ()):
            sentences.append(_("There is no right “%(right)s”.") % {"right": right[:60]})
        elif scope not in roles.scopes_offered(name, action):
            text = _("“%(right)s” cannot be given to “%(scope)s”.")
            sentences.append(text % {"right": right, "scope": str(row.get("scope", ""))[:20]})
        else:
            found[right] = scope
    if sentences:
        raise Refused({"rights": sentences})
    return {right: scope for right, scope in found.items() if scope}


def _taken_fields(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    """Return how fields are shown; what is not named is shown and may be changed."""
    known = {(kind.key, each.key) for kind, fields in roles.kinds_with_fields() for each in fields}
    found, sentences = {}, []
    for row in rows:
        pair, how = (str(row.get("object", "")), str(row.get("field", ""))), row.get("access")
        if pair not in known or how not in FieldAccess.values:
            text = _("No role hides “%(field)s”.")
            sentences.append(text % {"field": ".".join(pair)[:100]})
        else:
            found[pair] = str(how)
    if sentences:
        raise Refused({"fields": sentences})
    return found


def _remove_role(*, key: UUID, by: User) -> None:
    entering.remove_role(role=AccessRole.objects.select_for_update().get(pk=key), by=by)


class _Roles(ObjectKind):
    """The company's own roles, and the built-in ones that are ticked otherwise."""

    def rows(self, user: Any, *, action: str = "view") -> QuerySet[Any]:
        """Return the roles, for whoever has the right."""
        rows: QuerySet[Any] = super().rows(user, action=action).annotate(people=Count("users"))
        return rows.prefetch_related("rights", "fields")


def _bases() -> list[tuple[str, Any]]:
    return [(key, Role(key).label) for key in roles.CHANGEABLE]


objects.register_for_programs(
    _Roles(
        key="roles", label=gettext_lazy("Role"), label_plural=gettext_lazy("Roles"), icon="lock",
        model=AccessRole, is_of_centre=True, save=save_role, remove=_remove_role,
        fields=(
            Field("name", gettext_lazy("Name")),
            Field("base", gettext_lazy("made from"), "choice", choices=_bases, is_writable=False,
                  is_of_new=True),
            Field("key", gettext_lazy("Built-in role"), "choice", choices=_bases,
                  is_writable=False, is_of_new=True,
                  help=gettext_lazy("Names a built-in role to tick it otherwise.")),
            Field("rights", gettext_lazy("Rights"), "rows", read=_rights, is_filterable=False,
                  parts=(Field("right", gettext_lazy("Right")),
                         Field("scope", gettext_lazy("Whose rows"))),
                  help=gettext_lazy("All that the role gives: what is not named is not given.")),
            Field("fields", gettext_lazy("Fields"), "rows", read=_hidden, is_filterable=False,
                  parts=(Field("object", gettext_lazy("Object")),
                         Field("field", gettext_lazy("Field")),
                         Field("access", gettext_lazy("Access")))),
            Field("people", gettext_lazy("People"), "number", is_writable=False,
                  is_filterable=False),
            Field("updated_at", gettext_lazy("changed"), "moment", is_writable=False),
        ),
    )
)  # fmt: skip


# Teams --------------------------------------------------------------------------------------------


def save_team(
    *, values: Mapping[str, Any], by: Any, key: UUID | None = None, seen: datetime | None = None
) -> Team:
    """Make a team or change one, with its people and its head.

    :raises Refused: with sentences by field.
    :raises ChangedMeanwhile: the row is newer than ``seen``.
    """
    list(Team.objects.select_for_update().order_by("pk"))  # in the order of ``teams.save_team``
    team = unchanged(Team, key, seen) if key is not None else Team()
    form = TeamForm(merged(TeamForm.initial_of(team), values), team=team)
    return entering.save_team(team=team, form=form, by=by)


def _remove_team(*, key: UUID, by: User) -> None:
    teams.remove_team(team=Team.objects.get(pk=key), by=by)


class _Teams(ObjectKind):
    """Teams with their people."""

    def rows(self, user: Any, *, action: str = "view") -> QuerySet[Any]:
        """Return the teams, for whoever has the right."""
        people = User.objects.filter(is_active=True).order_by("full_name", "email", "pk")
        rows = super().rows(user, action=action)
        return rows.prefetch_related(Prefetch("members", queryset=people, to_attr="people"))


def _head(row: Any) -> UUID | None:
    return next((person.pk for person in row.people if person.is_team_head), None)


objects.register_for_programs(
    _Teams(
        key="teams", label=gettext_lazy("Team"), label_plural=gettext_lazy("Teams"), icon="user",
        model=Team, is_of_centre=True, save=save_team, remove=_remove_team, has_version=False,
        rights_to={"view": "roles.view", "change": "roles.change"},
        fields=(
            Field("name", gettext_lazy("Name"), is_required=True),
            Field("parent", gettext_lazy("Belongs to"), "relation", related="teams"),
            Field("head", gettext_lazy("Head"), "user", read=_head, is_filterable=False),
            Field("members", gettext_lazy("People"), "choices", choices=_people,
                  read=lambda row: [str(person.pk) for person in row.people],
                  is_filterable=False),
            Field("updated_at", gettext_lazy("changed"), "moment", is_writable=False),
        ),
    )
)  # fmt: skip


# Modules ------------------------------------------------------------------------------------------


def _all_modules(*, by: Any) -> dict[str, Any]:
    return {
        "modules": [
            {"key": row.module.key, "name": str(row.module.label), "is_on": row.is_on,
             "seats": str(row.seats), "people": str(row.people)}
            for row in modules.all_modules()
        ]
    }  # fmt: skip


def _set_modules(*, values: Mapping[str, Any], by: Any) -> None:
    """Switch the modules that are named; the others stay as they are."""
    stands = {row.module.key: row for row in modules.all_modules()}
    is_on = {key: row.is_on for key, row in stands.items()}
    seats: dict[str, int] = {}
    for row in values.get("modules", ()):
        key = row.get("key", "")
        if key not in stands:
            text = _("There is no module “%(key)s”.") % {"key": str(key)[:40]}
            raise Refused({"modules": [text]})
        is_on[key] = row.get("is_on", is_on[key])
        number = row.get("seats")
        if number is not None:
            if number != int(number) or not 0 <= number <= modules.MOST_SEATS:
                text = _("Workplaces are a whole number from 0 to %(most)d.")
                raise Refused({"modules": [text % {"most": modules.MOST_SEATS}]})
            seats[key] = int(number)
    entering.set_modules(is_on=is_on, seats=seats, by=by)


objects.register_document(
    Document(
        key="modules", label=gettext_lazy("Modules"), is_of_centre=True,
        rights_to={"view": "settings.view", "change": "settings.change"},
        read=_all_modules, save=_set_modules,
        fields=(
            Field("modules", gettext_lazy("Modules"), "rows", parts=(
                Field("key", gettext_lazy("Key")),
                Field("name", gettext_lazy("Name"), is_writable=False),
                Field("is_on", gettext_lazy("used"), "boolean"),
                Field("seats", gettext_lazy("workplaces"), "number",
                      help=gettext_lazy("0: any number.")),
                Field("people", gettext_lazy("People"), "number", is_writable=False),
            )),
        ),
    )
)  # fmt: skip
