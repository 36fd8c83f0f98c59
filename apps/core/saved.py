"""Saved views of a list: an address and columns under a name, for oneself or for others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.http import QueryDict

from apps.core.models import FormerView, SavedView, Sharing

MOST_VIEWS = 50
LONGEST_ADDRESS = 8000
KEPT = timedelta(days=30)  # so long a view can be brought back
MOST_FORMER = 100
# What an address holds beside the state of a list.
NOT_KEPT = frozenset(
    {"part", "after", "size", "head", "view", "job", "in", "at", "csrfmiddlewaretoken"}
)


class MayNotShare(PermissionError):
    """The person may not share views, or not this one; nothing was changed."""


class ViewChanged(RuntimeError):
    """Somebody changed the view since it was looked at; nothing was changed."""

    def __init__(self, view: SavedView) -> None:
        super().__init__(view.pk)
        self.view = view


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


def is_at_home(view: SavedView, user: Any, *, may_change_all: bool) -> bool:
    """Tell whether a person changes a view at once: the author, and who may change settings.

    Others who may share are asked first whether they would rather keep it as their own.
    """
    return view.user_id == user.pk or may_change_all


@transaction.atomic
def save_view(
    *, list_key: str, name: str, address: str, sharing: str, by: Any, may_share: bool,
    now: datetime, may_change_all: bool = False, view_id: UUID | None = None,
    seen: datetime | None = None, for_everybody: bool = False,
) -> SavedView:  # fmt: skip
    """Make a view, or bring one of one's own (or a shared one) to this name and state.

    A view of somebody else stays seen by whom it was; ``for_everybody`` says that it is meant to be
    changed for all of them. How it was before is kept for thirty days.

    :raises SavedView.DoesNotExist: there is no such view for this person.
    :raises MayNotShare: it is or would be seen by others, and the person may not share.
    :raises ViewChanged: somebody changed it since ``seen``.
    :raises TooManyViews: the list has enough.
    """
    if sharing != Sharing.PRIVATE and not may_share:
        raise MayNotShare(name)
    if view_id is not None:
        return _change(
            view_id, name, address, sharing, by, now=now, seen=seen,
            rights=(may_share, may_change_all), for_everybody=for_everybody,
        )  # fmt: skip
    count = SavedView.objects.filter(list_key=list_key, user_id=by.pk).count()
    if count >= MOST_VIEWS:
        raise TooManyViews(list_key)
    top = SavedView.objects.filter(list_key=list_key).aggregate(top=Max("position"))["top"]
    view = SavedView(list_key=list_key, user_id=by.pk, position=(top or 0) + 1)
    _put(view, name, address)
    _share(view, sharing, by)
    view.save()
    return view


def _change(
    view_id: UUID, name: str, address: str, sharing: str, by: Any, *, now: datetime,
    seen: datetime | None, rights: tuple[bool, bool], for_everybody: bool,
) -> SavedView:  # fmt: skip
    view = _held(view_id, by, rights, seen=seen, for_everybody=for_everybody)
    former = _former(view, by, now)
    _put(view, name, address)
    if view.user_id == by.pk:
        _share(view, sharing, by)
    view.save()
    former.followed_by = view.updated_at
    former.save()
    return view


def _put(view: SavedView, name: str, address: str) -> None:
    view.name = name.strip()[:80] or view.name
    view.address = address[:LONGEST_ADDRESS]


def _share(view: SavedView, sharing: str, by: Any) -> None:
    view.sharing = sharing if sharing in Sharing.values else Sharing.PRIVATE
    view.team_id = getattr(by, "team_id", None) if view.sharing == Sharing.TEAM else None
    if view.sharing != Sharing.COMPANY:
        view.is_default = False


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
def delete_view(
    *, view_id: UUID, by: Any, may_share: bool, now: datetime, may_change_all: bool = False,
    seen: datetime | None = None, for_everybody: bool = False,
) -> FormerView:  # fmt: skip
    """Delete a view and return what it was, so that it can be brought back.

    :raises SavedView.DoesNotExist: there is no such view for this person.
    :raises MayNotShare: it is somebody else's, and the person may not share or did not say that it
        is meant for everybody.
    :raises ViewChanged: somebody changed it since ``seen``.
    """
    rights = (may_share, may_change_all)
    view = _held(view_id, by, rights, seen=seen, for_everybody=for_everybody)
    former = _former(view, by, now)
    former.save()
    SavedView.objects.filter(pk=view.pk).delete()
    return former


def _held(
    view_id: UUID, by: Any, rights: tuple[bool, bool], *, seen: datetime | None,
    for_everybody: bool,
) -> SavedView:  # fmt: skip
    """Return a view for changing it."""
    may_share, may_change_all = rights
    view = seen_by(by).select_for_update().get(pk=view_id)
    if not is_at_home(view, by, may_change_all=may_change_all) and not (
        may_share and for_everybody
    ):
        raise MayNotShare(view.name)
    if seen is not None and view.updated_at != seen:
        raise ViewChanged(view)
    return view


def former_views(list_key: str, user: Any, *, may_change_all: bool, now: datetime) -> list[
    FormerView
]:  # fmt: skip
    """Return the latest former states of a list's views that a person may bring back."""
    rows = _may_bring_back(user, may_change_all).filter(list_key=list_key)
    return list(rows.filter(changed_at__gt=now - KEPT).order_by("-changed_at", "-id")[:MOST_FORMER])


@transaction.atomic
def bring_back(
    *, former_id: UUID, by: Any, may_change_all: bool, now: datetime, is_undo: bool = False
) -> SavedView:
    """Let a view be as it was, deleted or not; what it is now is kept in its turn.

    :raises FormerView.DoesNotExist: there is no such state that this person may bring back.
    :raises ViewChanged: it is an undo, and the view was changed since.
    """
    rows = _may_bring_back(by, may_change_all).filter(changed_at__gt=now - KEPT)
    former = rows.get(pk=former_id)
    view = SavedView.objects.select_for_update().filter(pk=former.view_id).first()
    if view is not None and is_undo and view.updated_at != former.followed_by:
        raise ViewChanged(view)
    kept = _former(view, by, now) if view is not None else None
    view = view or SavedView(pk=former.view_id)
    for name in ("list_key", "name", "address", "sharing", "user_id", "team_id", "position"):
        setattr(view, name, getattr(former, name))
    others = SavedView.objects.filter(list_key=view.list_key, is_default=True).exclude(pk=view.pk)
    view.is_default = former.is_default and not others.exists()
    view.save()
    if kept is not None:
        kept.followed_by = view.updated_at
        kept.save()
    return view


def forget_old(*, now: datetime) -> None:
    """Forget how views were more than thirty days ago."""
    FormerView.objects.filter(changed_at__lte=now - KEPT).delete()


def _may_bring_back(user: Any, may_change_all: bool) -> QuerySet[FormerView]:
    """Return how views were that a person made, or changed; of all that were shared, for settings.

    A view that its author keeps private by now is nobody else's to bring back.
    """
    asked = Q(changed_by_id=user.pk)
    if may_change_all:
        asked |= ~Q(sharing=Sharing.PRIVATE)
    private = SavedView.objects.exclude(pk__in=seen_by(user).values("pk"))
    asked &= ~Q(view_id__in=private.values("pk"))
    return FormerView.objects.filter(Q(user_id=user.pk) | asked)


def _former(view: SavedView, by: Any, now: datetime) -> FormerView:
    return FormerView(
        view_id=view.pk, list_key=view.list_key, name=view.name, address=view.address,
        sharing=view.sharing, user_id=view.user_id, team_id=view.team_id,
        is_default=view.is_default, position=view.position, changed_by_id=by.pk, changed_at=now,
    )  # fmt: skip


def sizes(views: Sequence[SavedView], count: Callable[[SavedView], int]) -> dict[UUID, int]:
    """Return how many rows each view has now."""
    return {view.pk: count(view) for view in views}
