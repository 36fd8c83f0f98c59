"""Who hears of what happens to an activity."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.rights import fields, seeing, visible, with_rights
from apps.activities import cards
from apps.activities.models import Activity, Comment, Follower, Mention, PartRole
from apps.core import notices
from apps.core.folding import fold
from apps.core.notices import Told

_MENTION = re.compile(r"(?<![\w@])@([^\s@,;:!?()]{2,60}(?: [^\s@,;:!?()]{2,60})?)")


def tell(
    activity: Activity, kind: str, *, users: Collection[UUID | None], by: User | None, **more: Any
) -> None:
    """Tell people what happened to an activity."""
    notices.tell_all([word(activity, kind, users=users, by=by, **more)])


def word(
    activity: Activity, kind: str, *, users: Collection[UUID | None], by: User | None, **more: Any
) -> Told:
    """Return what people are to be told of an activity, for ``notices.tell_all``."""
    return notices.word(
        users=users,
        kind=kind,
        values={"subject": activity.subject, "who": str(by) if by else "", **more},
        url=reverse("activities:card", args=[activity.pk]),
    )


def taking_part(activity: Activity) -> set[UUID]:
    """Return who takes part in an activity; no query where its people have been read."""
    return {each.user_id for each in activity.people.all() if each.role == PartRole.PARTICIPANT}


def interested(activity: Activity) -> set[UUID | None]:
    """Return the giver and who watches or takes part: they hear how it goes."""
    return {activity.giver_id, *(each.user_id for each in activity.people.all())}


def is_moved(before: Any, activity: Activity) -> bool:
    """Tell whether the plan was put to another time."""
    return (before.starts_at, before.due_at) != (activity.starts_at, activity.due_at)


def said_in(activity: Activity) -> str:
    """Return what was written: the first line may stand in the subject alone."""
    if activity.text.startswith(activity.subject):
        return activity.text
    return f"{activity.subject}\n{activity.text}".strip()


def mentioned(text: str) -> list[User]:
    """Return the people a text names: ``@Anna``, ``@Anna Petrova``, ``@anna`` of the e-mail.

    A whole name means its bearer alone; a first name that several bear means all of them.
    """
    names = [fold(found) for found in _MENTION.findall(text)]
    if not names:
        return []
    people = list(with_rights().order_by("id"))
    found: dict[UUID, User] = {}
    for name in names:
        named = [user for user in people if name == fold(user.full_name)]
        named = named or [user for user in people if name.split(" ")[0] in _short_names(user)]
        found |= {user.pk: user for user in named}
    return [found[key] for key in sorted(found)]


def tell_mentioned(
    activity: Activity, text: str, *, by: User | None, comment: Comment | None = None
) -> set[UUID]:
    """Tell the people a text names and who may see the activity, each once; return whom."""
    people = [user for user in mentioned(text) if by is None or user.pk != by.pk]
    if not people:
        return set()
    allowed = seeing(people, Activity.objects.filter(pk=activity.pk), "activities.view")
    known = Mention.objects.filter(activity=activity, comment=comment)
    told = allowed - set(known.values_list("user_id", flat=True))
    Mention.objects.bulk_create(
        [
            Mention(user_id=key, activity=activity, comment=comment, author=by)
            for key in sorted(told)
        ],
        ignore_conflicts=True,
    )
    blind = {user.pk for user in people if "text" in fields(user, "activities").hidden}
    if comment is not None:
        blind = set()
    tell(activity, "mentioned", users=told - blind, by=by, text=text[:200])
    tell(activity, "mentioned", users=told & blind, by=by, text=activity.subject)
    return told


def not_seeing(activity: Activity, text: str) -> list[User]:
    """Return the people a text names who may not see the activity, and so were not told."""
    people = mentioned(text)
    if not people:
        return []
    allowed = seeing(people, Activity.objects.filter(pk=activity.pk), "activities.view")
    return [user for user in people if user.pk not in allowed]


def _short_names(user: User) -> set[str]:
    return {fold(user.full_name).split(" ")[0], fold(user.email.partition("@")[0])} - {""}


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
