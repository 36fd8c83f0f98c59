"""Who hears of what happens to an activity."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.rights import visible
from apps.activities import cards
from apps.activities.models import Activity, Follower, PartRole
from apps.core import notices
from apps.core.folding import fold

_MENTION = re.compile(r"(?<![\w@])@([^\s@,;:!?()]{2,60}(?: [^\s@,;:!?()]{2,60})?)")


def tell(
    activity: Activity, kind: str, *, users: Collection[UUID | None], by: User | None, **more: Any
) -> None:
    """Tell people what happened to an activity."""
    notices.tell(
        users=users,
        kind=kind,
        values={"subject": activity.subject, "who": str(by) if by else "", **more},
        url=reverse("activities:card", args=[activity.pk]),
    )


def taking_part(activity: Activity) -> set[UUID]:
    """Return who takes part in an activity."""
    people = activity.people.filter(role=PartRole.PARTICIPANT)
    return set(people.values_list("user_id", flat=True))


def interested(activity: Activity) -> set[UUID | None]:
    """Return the giver and who watches or takes part: they hear how it goes."""
    return {activity.giver_id, *activity.people.values_list("user_id", flat=True)}


def is_moved(before: Any, activity: Activity) -> bool:
    """Tell whether the plan was put to another time."""
    return (before.starts_at, before.due_at) != (activity.starts_at, activity.due_at)


def mentioned(text: str) -> list[User]:
    """Return the people a text names: ``@Anna``, ``@Anna Petrova``, ``@anna`` of the e-mail."""
    names = [fold(found) for found in _MENTION.findall(text)]
    if not names:
        return []
    people = User.objects.filter(is_active=True).order_by("id")
    found = []
    for user in people:
        whole, first = fold(user.full_name), fold(user.full_name).split(" ")[0]
        mail = fold(user.email.partition("@")[0])
        known = {whole, first, mail} - {""}
        if any(name in known or name.split(" ")[0] in known for name in names):
            found.append(user)
    return found


def tell_mentioned(activity: Activity, text: str, *, by: User | None) -> set[UUID]:
    """Tell the people a text names; return whom."""
    told = {user.pk for user in mentioned(text)} - {by.pk if by else None}
    tell(activity, "mentioned", users=told, by=by, text=text[:200])
    return told


def tell_followers(activity: Activity, *, by: User | None) -> None:
    """Tell who follows the cards an activity stands on that there is something new."""
    wanted = Q(pk__in=[])
    if activity.counterparty_id:
        wanted |= Q(kind=cards.CUSTOMERS, key=activity.counterparty_id)
    for link in activity.links.all():
        wanted |= Q(kind=link.kind, key=link.key)
    followers = Follower.objects.filter(wanted).select_related("user").order_by("user_id")
    mine = Activity.objects.filter(pk=activity.pk)
    told = {
        each.user_id
        for each in followers
        if each.user_id not in (by.pk if by else None, activity.owner_id)
        and visible(each.user, mine, "activities.view").exists()
    }
    tell(activity, "followed_news", users=told, by=by, card=_card_name(activity))


def _card_name(activity: Activity) -> str:
    return str(activity.counterparty) if activity.counterparty_id else ""
