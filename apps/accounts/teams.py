"""Teams: who works with whom, and which teams stand below others."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from apps.accounts.models import Team, User
from apps.accounts.rights.access import below
from tenants.audit.services import record


class TeamError(Exception):
    """A team was not changed."""


class TeamNameTaken(TeamError):
    """Another team is called so."""


class TeamRing(TeamError):
    """A team cannot stand below itself."""


@dataclass(frozen=True)
class TeamLine:
    """A team in the tree with its people; ``depth`` is how many teams stand above it."""

    team: Team
    depth: int
    head: User | None
    members: list[User]


def tree() -> list[TeamLine]:
    """Return all teams, each below the one it belongs to, with their active people."""
    teams = list(Team.objects.order_by("name", "pk"))
    members: dict[UUID, list[User]] = {}
    people = User.objects.filter(is_active=True, team__isnull=False)
    for person in people.order_by("full_name", "email", "pk"):
        members.setdefault(person.team_id, []).append(person)  # type: ignore[arg-type]
    lines: list[TeamLine] = []
    keys = {each.pk for each in teams}

    def add(parent: UUID | None, depth: int) -> None:
        for team in teams:
            above = team.parent_id if team.parent_id in keys else None
            if above == parent and all(line.team.pk != team.pk for line in lines):
                mine = members.get(team.pk, [])
                head = next((each for each in mine if each.is_team_head), None)
                lines.append(TeamLine(team, depth, head, mine))
                add(team.pk, depth + 1)

    add(None, 0)
    return lines


def may_stand_below(team: Team | None) -> list[Team]:
    """Return the teams that a team may belong to: none of those below it."""
    teams = list(Team.objects.order_by("name", "pk"))
    if team is None or team._state.adding:
        return teams
    taken = below(team.pk, [(each.pk, each.parent_id) for each in teams])
    return [each for each in teams if each.pk not in taken]


@transaction.atomic
def save_team(
    *, team: Team, name: str, parent: Team | None, members: Collection[UUID], head: UUID | None,
    by: User,
) -> Team:  # fmt: skip
    """Keep a team with its people; the head is one of them.

    :raises TeamNameTaken: see the class.
    :raises TeamRing: see the class.
    """
    list(Team.objects.select_for_update().order_by("pk"))  # two at once make no ring
    if Team.objects.filter(name__iexact=name).exclude(pk=team.pk).exists():
        raise TeamNameTaken(name)
    if parent is not None and parent.pk not in {each.pk for each in may_stand_below(team)}:
        raise TeamRing(name)
    team.name, team.parent = name, parent
    team.save()
    mine = {*members, *([head] if head else [])}
    gone = User.objects.filter(team=team).exclude(pk__in=mine)
    gone.update(team=None, is_team_head=False)
    heads = User.objects.filter(team=team, is_team_head=True)
    (heads.exclude(pk=head) if head else heads).update(is_team_head=False)
    User.objects.filter(pk__in=mine).exclude(team=team).update(team=team, is_team_head=False)
    if head:
        User.objects.filter(pk=head).update(is_team_head=True)
    record(kind="teams.changed", login=by.email, team=name, people=len(mine))
    return team


@transaction.atomic
def remove_team(*, team: Team, by: User) -> None:
    """Remove a team; its people have none then, and teams below it stand where it stood."""
    Team.objects.filter(parent=team).update(parent=team.parent_id)
    User.objects.filter(team=team).update(team=None, is_team_head=False)
    record(kind="teams.removed", login=by.email, team=team.name)
    team.delete()
