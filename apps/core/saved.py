"""Saved views of a list: an address and columns under a name, for oneself or for others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.http import QueryDict

from apps.core.models import SavedView, Sharing

MOST_VIEWS = 50
LONGEST_ADDRESS = 8000
# What an address holds beside the state of a list.
NOT_KEPT = frozenset(
    {"part", "after", "size", "head", "view", "job", "in", "at", "csrfmiddlewaretoken"}
)


class MayNotShare(PermissionError):
    """The person may not share views, or not this one; nothing was changed."""


class TooManyViews(ValueError):
    """A list has as many views as it can show; nothing was saved."""


def seen_by(user: Any) -> QuerySet[SavedView]:
    """Return the views a person sees: their own, their team's, everybody's."""
    mine = Q(user_id=user.pk) | Q(sharing=Sharing.COMPANY)
    team = getattr(user, "team_id", None)
    if team is not None:
        mine |= Q(sharing=Sharing.TEAM, team_id=team)
    return SavedView.objects.filter(mine)


def in_order(views: Iterable[SavedView]) -> list[SavedView]:
    """Return views as their tabs stand: everybody's first."""
    return sorted(views, key=lambda view: view.sharing == Sharing.PRIVATE)


def views_of(list_key: str, user: Any) -> list[SavedView]:
    """Return the views of a list that a person sees, everybody's first."""
    found = seen_by(user).filter(list_key=list_key).order_by("position", "id")[:MOST_VIEWS]
    return in_order(found)


def state_of(asked: QueryDict) -> str:
    """Return the part of an address that is the state of a list, in one order."""
    pairs = [
        (name, value)
        for name in sorted(asked)
        if name not in NOT_KEPT
        for value in asked.getlist(name)
        if value
    ]
    state = QueryDict(mutable=True)
    for name, value in pairs:
        state.appendlist(name, value)
    return state.urlencode()


@transaction.atomic
def save_view(
    *, list_key: str, name: str, address: str, sharing: str, by: Any, may_share: bool,
    view_id: UUID | None = None,
) -> SavedView:  # fmt: skip
    """Make a view, or bring one of one's own (or a shared one) to this name and state.

    :raises SavedView.DoesNotExist: there is no such view for this person.
    :raises MayNotShare: it is or would be seen by others, and the person may not share.
    :raises TooManyViews: the list has enough.
    """
    if view_id is not None:
        view = seen_by(by).select_for_update().get(pk=view_id)
        _require_own(view, by, may_share)
    else:
        count = SavedView.objects.filter(list_key=list_key, user_id=by.pk).count()
        if count >= MOST_VIEWS:
            raise TooManyViews(list_key)
        top = SavedView.objects.filter(list_key=list_key).aggregate(top=Max("position"))["top"]
        view = SavedView(list_key=list_key, user_id=by.pk, position=(top or 0) + 1)
    if sharing != Sharing.PRIVATE and not may_share:
        raise MayNotShare(name)
    view.name = name.strip()[:80] or view.name
    view.address = address[:LONGEST_ADDRESS]
    view.sharing = sharing if sharing in Sharing.values else Sharing.PRIVATE
    view.team_id = getattr(by, "team_id", None) if view.sharing == Sharing.TEAM else None
    if view.sharing != Sharing.COMPANY:
        view.is_default = False
    view.save()
    return view


@transaction.atomic
def make_default(*, view_id: UUID, by: Any, is_default: bool) -> SavedView:
    """Let everybody see this view first when they open the list, or no longer.

    :raises SavedView.DoesNotExist: there is no such view that everybody sees.
    """
    view = seen_by(by).select_for_update().get(pk=view_id, sharing=Sharing.COMPANY)
    if is_default:
        SavedView.objects.filter(list_key=view.list_key, is_default=True).update(is_default=False)
    view.is_default = is_default
    view.save(update_fields=["is_default", "updated_at"])
    return view


@transaction.atomic
def delete_view(*, view_id: UUID, by: Any, may_share: bool) -> SavedView:
    """Delete a view and return what it was, so that it can be made again.

    :raises SavedView.DoesNotExist: there is no such view for this person.
    :raises MayNotShare: it is somebody else's, and the person may not share.
    """
    view = seen_by(by).select_for_update().get(pk=view_id)
    _require_own(view, by, may_share)
    SavedView.objects.filter(pk=view.pk).delete()
    return view


def _require_own(view: SavedView, by: Any, may_share: bool) -> None:
    if view.user_id != by.pk and not may_share:
        raise MayNotShare(view.name)


def sizes(views: Sequence[SavedView], count: Callable[[SavedView], int]) -> dict[UUID, int]:
    """Return how many rows each view has now."""
    return {view.pk: count(view) for view in views}
