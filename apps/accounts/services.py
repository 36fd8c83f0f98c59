"""Who may sign in: inviting people, changing roles, letting go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core import signing
from django.db import transaction
from django.utils import timezone

from apps.accounts import modules, roles
from apps.accounts.models import AccessRole, Role, User
from replication.nodes import this_office
from tenants.audit.services import record
from tenants.current import current_company

INVITE_DAYS = 7
ARRIVE_SECONDS = 60
_INVITE_SALT = "kopru.invite"
_ARRIVE_SALT = "kopru.arrive"


class AccountsError(Exception):
    """The accounts room refuses; nothing was changed."""


class InvitationExpired(AccountsError):
    """The invitation is too old, was used already, or is for another company."""


class LastOwner(AccountsError):
    """The company would have nobody left who may do everything."""


class OwnersOnly(AccountsError):
    """Only an owner may make somebody an owner, or change one."""


@dataclass(frozen=True)
class Invitation:
    """What a valid invitation says."""

    email: str
    role: str


def company_id() -> str:
    """Return the id of the company in force."""
    return str(current_company().pk)


def invitation_token(*, email: str, role: str) -> str:
    """Return the token of an invitation: bound to company, e-mail and role, good for a week."""
    content = {"company": company_id(), "email": email.strip().lower(), "role": role}
    return signing.dumps(content, salt=_INVITE_SALT, compress=True)


def read_invitation(*, token: str) -> Invitation:
    """Return what an invitation says.

    :raises InvitationExpired: see the class.
    """
    try:
        content = signing.loads(token, salt=_INVITE_SALT, max_age=INVITE_DAYS * 24 * 3600)
    except signing.BadSignature as error:
        raise InvitationExpired(str(error)) from error
    if content["company"] != company_id():
        raise InvitationExpired("another company")
    if User.objects.filter(email=content["email"]).exists():
        raise InvitationExpired("used")
    return Invitation(content["email"], content["role"])


@transaction.atomic
def accept_invitation(*, token: str, full_name: str, password: str) -> User:
    """Make the invited person a user; the invitation is good once.

    :raises InvitationExpired: see the class.
    """
    invitation = read_invitation(token=token)
    try:
        role, access_role = roles.read_choice(invitation.role)
    except KeyError as error:  # the role was removed meanwhile
        raise InvitationExpired("role") from error
    user = User.objects.create_user(
        email=invitation.email, password=password, role=role, access_role=access_role,
        full_name=full_name,
    )  # fmt: skip
    confirm_email(user=user)
    record(kind="people.joined", login=user.email)
    return user


def confirm_email(*, user: User) -> None:
    """Note that the person has shown to own the e-mail."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )


@dataclass(frozen=True)
class Place:
    """Where a person works: team, office (``None``: the centre), and without which modules."""

    team_id: UUID | None = None
    is_team_head: bool = False
    office_id: UUID | None = None
    without_modules: Sequence[str] = ()


@transaction.atomic
def change_person(
    *, user_id: UUID, role: str, is_active: bool, by: User, access_role: AccessRole | None = None,
    place: Place | None = None,
) -> User:  # fmt: skip
    """Change a person's role, place, or whether they may sign in; who may not is signed out.

    :raises OwnersOnly: the one who asks is no owner, and an owner is concerned.
    :raises LastOwner: nobody would be left who may do everything.
    :raises MoreThanOneself: the role gives, or gave, more than the one who asks has.
    :raises NoSeatLeft: a module has no workplace left.
    """
    # All owners are locked, in the order of their keys: two owners who let each other go at the
    # same moment would both find another one left.
    owners = User.objects.select_for_update().filter(role=Role.OWNER).order_by("pk")
    active_owners = [owner.pk for owner in owners if owner.is_active]
    user = User.objects.select_for_update().get(pk=user_id)
    require_owner_for(role=role, by=by)
    require_owner_for(role=user.role, by=by)
    loses_power = user.role == Role.OWNER and (role != Role.OWNER or not is_active)
    if loses_power and set(active_owners) <= {user.pk}:
        raise LastOwner(user.email)
    for each in (AccessRole(base=user.role) if user.access_role is None else user.access_role,
                 access_role or roles.built_in(role)):  # fmt: skip
        roles.require_no_more(roles.ticked(each).scopes, by=by)
    if place is not None:
        modules.require_seats(person=user, without=list(place.without_modules))
    before = _standing(user)
    user.role, user.access_role, user.is_active = role, access_role, is_active
    if place is not None:
        _put(user, place)
    user.save()
    if before != _standing(user):
        record(
            kind="people.changed", login=user.email, role=user.role_name, active=is_active,
            by=by.email,
        )  # fmt: skip
    if not is_active:
        end_sessions(user=user)
    return user


def _put(user: User, place: Place) -> None:
    """Put a person where they work; of a team that has a head, this one is the head now."""
    if place.is_team_head and place.team_id:
        others = User.objects.filter(team_id=place.team_id, is_team_head=True)
        others.exclude(pk=user.pk).update(is_team_head=False)
    user.team_id = place.team_id
    user.is_team_head = place.is_team_head and place.team_id is not None
    user.office_id = place.office_id
    user.without_modules = sorted(place.without_modules)


def _standing(user: User) -> tuple[object, ...]:
    return (
        user.role, user.access_role_id, user.is_active, user.team_id, user.is_team_head,
        user.office_id, tuple(user.without_modules or ()),
    )  # fmt: skip


def require_owner_for(*, role: str, by: User) -> None:
    """Pass when ``by`` may give or take this role.

    :raises OwnersOnly: the role is an owner's and ``by`` is none.
    """
    if role == Role.OWNER and by.role != Role.OWNER:
        raise OwnersOnly(by.email)


def end_sessions(*, user: User) -> int:
    """Sign a person out everywhere; return how many sessions ended."""
    ended = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()):
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()
            ended += 1
    return ended


def arrival_token(*, user: User) -> str:
    """Return what carries a person signed in from the public site to the company, once, at once."""
    content = {"company": company_id(), "user": str(user.pk), "seen": str(user.last_login or "")}
    return signing.dumps(content, salt=_ARRIVE_SALT)


def arriving(*, token: str) -> User | None:
    """Return who arrives with this token; ``None`` when it is old, used or another company's."""
    try:
        content: dict[str, Any] = signing.loads(token, salt=_ARRIVE_SALT, max_age=ARRIVE_SECONDS)
    except signing.BadSignature:
        return None
    if content["company"] != company_id():
        return None
    user = User.objects.filter(pk=content["user"], is_active=True).first()
    # Signing in moves the moment of the latest sign-in, so the token is good once.
    if user is None or str(user.last_login or "") != content["seen"]:
        return None
    return user


def is_office_full(*, user: User) -> bool:
    """Tell whether an office has no seat left for a person who is not signed in there yet.

    A seat is a person, on however many machines; it is free again when the sign-in has ended.
    """
    office = this_office()
    if office is None or not office.seats:
        return False
    now = timezone.now()
    people = {
        session.get_decoded().get("_auth_user_id")
        for session in Session.objects.filter(expire_date__gt=now).iterator()
    } - {None, str(user.pk)}
    return len(people) >= office.seats
