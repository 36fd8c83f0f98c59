"""Comments on activities, and following cards."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.activities import telling
from apps.activities.models import Activity, Comment, Follower
from apps.core.objects import Refused
from apps.history.models import RowChange


@transaction.atomic
def comment(*, activity_id: UUID, text: str, by: User) -> Comment:
    """Say something about an activity.

    Its owner, its giver, who takes part or watches and who has spoken before are told; who is
    named with ``@`` is told that.

    :raises Refused: nothing was said.
    """
    if not text.strip():
        raise Refused({"text": [_("Write something first.")]})
    activity = Activity.objects.get(pk=activity_id)
    said = Comment.objects.create(activity=activity, author=by, text=text.strip())
    named = telling.tell_mentioned(activity, text, by=by, comment=said)
    spoken = set(activity.comments.values_list("author_id", flat=True))
    users = ({activity.owner_id} | telling.interested(activity) | spoken) - named - {by.pk}
    telling.tell(activity, "activity_comment", users=users, by=by, text=text.strip()[:200])
    return said


@transaction.atomic
def follow(*, kind: str, key: UUID, user: User) -> None:
    """Hear of everything new on a card; the second time changes nothing."""
    latest = RowChange.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    Follower.objects.get_or_create(
        kind=kind, key=key, user=user, defaults={"seen_change": latest}
    )


@transaction.atomic
def unfollow(*, kind: str, key: UUID, user: User) -> None:
    """Hear no more of a card."""
    Follower.objects.filter(kind=kind, key=key, user=user).delete()
