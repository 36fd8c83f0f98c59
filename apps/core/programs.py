"""What a person arranged for themselves as programs write it: views, pins, the start page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import objects, remembered, saved
from apps.core import start as starting
from apps.core.context_processors import allowed
from apps.core.entering import unchanged
from apps.core.lists.screen import screen_of
from apps.core.models import Remembered, SavedView, Sharing
from apps.core.objects import Document, Field, ObjectKind, Refused

OWN = {"view": "api.use", "change": "api.use"}  # of whoever asks: rights to rows come with these


# Saved views --------------------------------------------------------------------------------------


class _Views(ObjectKind):
    """Saved views: one's own, those of the team, those of everybody."""

    def rows(self, user: Any, *, action: str = "view") -> Any:
        """Return the views a person sees, or may change: others' with the right to settings."""
        rows = saved.seen_by(user)
        if action == "view" or allowed(user, "settings.change"):
            return rows
        return rows.filter(user_id=user.pk)


def save_view(
    *, values: Mapping[str, Any], by: Any, key: UUID | None = None, seen: datetime | None = None
) -> SavedView:
    """Make a view of a list, or change one; what everybody sees first is set by administrators.

    :raises Refused: with sentences by field.
    :raises PermissionDenied: it is or would be seen by others, and the person may not share.
    :raises ChangedMeanwhile: the row is newer than ``seen``.
    """
    row = unchanged(SavedView, key, seen) if key is not None else SavedView()
    name = str(values.get("name", row.name)).strip()
    if not name:
        raise Refused({"name": [_("A view has a name.")]})
    list_key = str(values.get("list", row.list_key))[:60]
    _require_list(list_key, by)
    address = str(values.get("address", row.address))[: saved.LONGEST_ADDRESS]
    is_default = values.get("is_default", row.is_default)
    try:
        view = saved.save_view(
            list_key=list_key, name=name, address=saved.state_of(QueryDict(address)),
            sharing=values.get("sharing") or row.sharing, by=by,
            may_share=allowed(by, "views.share"), view_id=key, now=timezone.now(),
            may_change_all=allowed(by, "settings.change"),
        )  # fmt: skip
    except saved.MayNotShare as error:
        raise PermissionDenied("views.share") from error
    except saved.TooManyViews as error:
        text = _("This list has %(count)d views of yours already.")
        raise Refused({"": [text % {"count": saved.MOST_VIEWS}]}) from error
    return view if bool(is_default) == view.is_default else _first(view, bool(is_default), by)


def _first(view: SavedView, is_default: bool, by: Any) -> SavedView:
    if not allowed(by, "settings.change"):
        raise PermissionDenied("settings.change")
    if view.sharing != Sharing.COMPANY:
        raise Refused({"is_default": [_("Only what everybody sees can be seen first.")]})
    return saved.make_default(view_id=view.pk, by=by, is_default=is_default)


def _require_list(key: str, by: Any) -> None:
    """Pass when there is a list that the person may see.

    :raises Refused: there is none.
    """
    try:
        kind = objects.kind(screen_of(key, user=by).kind)
    except (KeyError, Http404):
        kind = None
    if kind is None or not allowed(by, kind.right_to("view")):
        raise Refused({"list": [_("There is no such list.")]})


def _remove_view(*, key: UUID, by: Any) -> None:
    try:
        saved.delete_view(
            view_id=key, by=by, may_share=allowed(by, "views.share"), now=timezone.now(),
            may_change_all=allowed(by, "settings.change"),
        )  # fmt: skip
    except saved.MayNotShare as error:
        raise PermissionDenied("views.share") from error


objects.register_for_programs(
    _Views(
        key="saved_views", label=gettext_lazy("Saved view"),
        label_plural=gettext_lazy("Saved views"), icon="adjustments", model=SavedView,
        rights_to=OWN, save=save_view, remove=_remove_view, search=("name__icontains",),
        fields=(
            Field("list", gettext_lazy("List"), path="list_key", is_required=True,
                  is_writable=False, is_of_new=True),
            Field("name", gettext_lazy("Name"), is_required=True),
            Field("address", gettext_lazy("Filters, order and columns"), "long_text",
                  help=gettext_lazy("The query of the list's own address.")),
            Field("sharing", gettext_lazy("who sees it"), "choice", choices=Sharing.choices),
            Field("is_default", gettext_lazy("Everybody sees it first"), "boolean"),
            Field("made_by", gettext_lazy("Made by"), "user", path="user_id",
                  read=lambda row: row.user_id, is_writable=False),
            Field("updated_at", gettext_lazy("changed"), "moment", is_writable=False),
        ),
    )
)  # fmt: skip


# Pins ---------------------------------------------------------------------------------------------


def _pins(*, by: Any) -> dict[str, Any]:
    rows = Remembered.objects.filter(user_id=by.pk, is_pinned=True).order_by("title", "pk")
    return {"pins": [{"url": row.url, "title": row.title} for row in rows]}


def _save_pins(*, values: Mapping[str, Any], by: Any) -> None:
    """Let these addresses stand in the side bar, and no others."""
    if "pins" not in values:
        return
    wanted = list(dict.fromkeys(str(each.get("url", "")) for each in values["pins"]))
    stands = {each["url"] for each in _pins(by=by)["pins"]}
    now = timezone.now()
    for url in [*sorted(stands - set(wanted)), *(each for each in wanted if each not in stands)]:
        try:
            remembered.pin(user=by, url=url, now=now)
        except Http404 as error:
            text = _("“%(address)s” is no card, list or view that you see.")
            raise Refused({"pins": [text % {"address": url[:100]}]}) from error
        except remembered.TooManyPins as error:
            text = _("The side bar holds %(count)d pins. Take one out first.")
            raise Refused({"pins": [text % {"count": remembered.MOST_PINNED}]}) from error


objects.register_document(
    Document(
        key="pins", label=gettext_lazy("Pins"), rights_to=OWN, read=_pins, save=_save_pins,
        fields=(
            Field("pins", gettext_lazy("Pins"), "rows", parts=(
                Field("url", gettext_lazy("Address")),
                Field("title", gettext_lazy("Name"), is_writable=False),
            )),
        ),
    )
)  # fmt: skip


# The start page -----------------------------------------------------------------------------------


def _widgets() -> list[tuple[str, Any]]:
    return [(each.key, each.label or each.key) for each in starting.sections()]


def _desktop(*, by: Any) -> dict[str, Any]:
    desktop = starting.desktop(user=by, allowed=partial(allowed, by))
    return {
        "shown": [each.key for each in desktop.shown],
        "hidden": [each.key for each in desktop.hidden], "is_own": desktop.is_own,
    }  # fmt: skip


def _save_desktop(*, values: Mapping[str, Any], by: Any) -> None:
    """Show these widgets in this order and hide the others; without any, go back to the role's."""
    if "shown" not in values:
        return
    if not values["shown"]:
        starting.usual(user=by)
        return
    stands = _desktop(by=by)
    known = [*stands["shown"], *stands["hidden"]]
    wanted = list(dict.fromkeys(values["shown"]))
    if not set(wanted) <= set(known):
        raise Refused({"shown": [_("Name widgets that you may see.")]})
    hidden = [key for key in known if key not in wanted]
    starting.arrange(user=by, order=wanted, hidden=hidden)


objects.register_document(
    Document(
        key="start_page", label=gettext_lazy("Start page"), rights_to=OWN, read=_desktop,
        save=_save_desktop,
        fields=(
            Field("shown", gettext_lazy("Widgets in their order"), "choices", choices=_widgets),
            Field("hidden", gettext_lazy("Hidden widgets"), "choices", is_writable=False),
            Field("is_own", gettext_lazy("Arranged by oneself"), "boolean", is_writable=False),
        ),
    )
)  # fmt: skip
