"""What is entered of people, roles and teams: the same for a screen and for a program.

Each function takes a filled form, or plain values, calls the room's service and says a refusal in
words, by field of the form.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts import modules, roles, services, teams
from apps.accounts.forms import InviteForm, PersonForm, TeamForm
from apps.accounts.models import AccessRole, Team, User
from apps.accounts.rights.matrix import right_label
from apps.accounts.tasks import send_invitation
from apps.core.entering import entered
from apps.core.objects import Refused
from tenants.audit.services import record


def invite(*, form: InviteForm, by: User) -> str:
    """Send an invitation by mail, once more if it was sent before; return the e-mail.

    :raises Refused: with sentences by field of the form.
    :raises PermissionDenied: the role gives more than the one who invites has.
    """
    told = entered(form)
    email, role = told["email"], told["role"]
    base, own = roles.read_choice(role)
    try:
        roles.require_no_more(roles.ticked(own or roles.built_in(base)).scopes, by=by)
    except roles.MoreThanOneself as error:
        raise PermissionDenied from error
    token = services.invitation_token(email=email, role=role)
    send_invitation.delay(email=email, path=reverse("people_join", args=[token]), inviter=str(by))
    record(kind="people.invited", login=email, role=role, by=by.email)
    return str(email)


def change_person(*, user: User, form: PersonForm, by: User) -> User:
    """Change a person's role, place, or whether they may sign in.

    :raises Refused: with sentences by field of the form.
    :raises PermissionDenied: an owner is concerned, and ``by`` is none.
    """
    told = entered(form)
    role, access_role = roles.read_choice(told["role"])
    try:
        return services.change_person(
            user_id=user.pk, role=role, access_role=access_role, place=form.place(),
            is_active=told["is_active"], by=by,
        )  # fmt: skip
    except services.OwnersOnly as error:
        raise PermissionDenied from error
    except roles.MoreThanOneself as error:
        text = _("This would give or take a right that you do not have: %(right)s.")
        raise Refused({"role": [text % {"right": right_label(error.right)}]}) from error
    except modules.NoSeatLeft as error:
        raise Refused({"without": [no_seat_text(error)]}) from error
    except services.LastOwner as error:
        sentence = _("This is the only owner. Make somebody else an owner first.")
        raise Refused({"": [sentence]}) from error


def save_role(
    *, role: AccessRole, name: str, scopes: roles.Scopes, fields: roles.Fields, by: User
) -> AccessRole:
    """Keep what is ticked of a role.

    :raises Refused: it has no name or that of another one, or gives more than ``by`` has.
    """
    if not role.is_system and not name:
        raise Refused({"name": [_("A role has a name.")]})
    try:
        return roles.save_role(role=role, name=name, scopes=scopes, fields=fields, by=by)
    except roles.NameTaken as error:
        raise Refused({"name": [_("Another role is called so.")]}) from error
    except roles.MoreThanOneself as error:
        text = _("You cannot give a right that you do not have: %(right)s.")
        raise Refused({"rights": [text % {"right": right_label(error.right)}]}) from error


def remove_role(*, role: AccessRole, by: User) -> None:
    """Remove a role nobody has, or bring a built-in one back to what it gave at first.

    :raises Refused: people have it.
    """
    try:
        roles.remove_role(role=role, by=by)
    except roles.RoleInUse as error:
        text = ngettext(
            "%(count)d person has this role: give them another one first.",
            "%(count)d people have this role: give them another one first.", error.people,
        )  # fmt: skip
        raise Refused({"": [text % {"count": error.people}]}) from error


def save_team(*, team: Team, form: TeamForm, by: User) -> Team:
    """Keep a team with its people.

    :raises Refused: with sentences by field of the form.
    """
    told: dict[str, Any] = entered(form)
    try:
        return teams.save_team(
            team=team, name=told["name"], parent=told["parent"],
            members=[each.pk for each in told["members"]],
            head=told["head"].pk if told["head"] else None, by=by,
        )  # fmt: skip
    except teams.TeamNameTaken as error:
        raise Refused({"name": [_("Another team is called so.")]}) from error
    except teams.TeamRing as error:
        raise Refused({"parent": [_("A team cannot stand below itself.")]}) from error


def set_modules(*, is_on: dict[str, bool], seats: dict[str, int], by: User) -> None:
    """Switch modules and limit their workplaces.

    :raises Refused: offices exchange, or more people work with one than it would have places.
    """
    try:
        modules.set_modules(is_on=is_on, seats=seats, by=by)
    except modules.OfficesJoined as error:
        sentence = _("There are branch offices: close them first, else they exchange unseen.")
        raise Refused({"": [sentence]}) from error
    except modules.NoSeatLeft as error:
        raise Refused({"": [no_seat_text(error)]}) from error


def no_seat_text(error: modules.NoSeatLeft) -> str:
    """Say that a module has fewer workplaces than people."""
    return _("“%(module)s” has %(seats)d workplaces, and %(people)d people would use it.") % {
        "module": error.module.label, "seats": error.seats, "people": error.people,
    }  # fmt: skip
