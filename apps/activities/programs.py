"""Activities as programs read and write them: on their cards, with people and comments.

A note is an activity of the kind ``note``: what a card's timeline shows of people's own words is
read by ``?card=`` or ``?counterparty=``. Cards are followed and left by actions of their kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

import apps.counterparties.programs
import apps.deals.programs  # noqa: F401  (both have taken their own form by now)
from apps.activities import cards, kinds, services
from apps.activities.models import Activity, ActivityPerson, PartRole
from apps.core import objects, parts
from apps.core.objects import Action, Field, Refused

MOST_CARDS, MOST_PEOPLE = 20, 100
FOLLOWED = ("counterparties", "contacts", "deals")

CARD = (
    Field("kind", gettext_lazy("Kind of card"), is_required=True),
    Field("key", gettext_lazy("Card"), "key", is_required=True),
)
PERSON = (
    Field("user", gettext_lazy("Person"), "user", is_required=True),
    Field("role", gettext_lazy("Role"), "choice", choices=PartRole.choices),
)
COMMENT = (
    Field("id", gettext_lazy("Comment"), "key"),
    Field("author", gettext_lazy("Author"), "user"),
    Field("text", gettext_lazy("Text"), "long_text"),
    Field("created_at", gettext_lazy("Entered"), "moment"),
)


def _cards(activity: Activity) -> list[dict[str, Any]]:
    found = sorted(activity.links.all(), key=lambda link: (link.kind, link.key))
    return [{"kind": link.kind, "key": link.key} for link in found]


def _people(activity: Activity) -> list[dict[str, Any]]:
    found = sorted(activity.people.all(), key=lambda each: (each.role, each.pk))
    return [{"user": each.user_id, "role": each.role} for each in found]


def _comments(activity: Activity) -> list[dict[str, Any]]:
    found = sorted(activity.comments.all(), key=lambda each: (each.created_at, each.pk))
    return [
        {"id": each.pk, "author": each.author_id, "text": each.text, "created_at": each.created_at}
        for each in found
    ]


def _card(activity: Activity) -> UUID | None:
    return next((each["key"] for each in _cards(activity)), None)


PARTS = (
    Field("card", gettext_lazy("Card"), "key", path="links__key", read=_card, is_writable=False,
          help=gettext_lazy("The first of its cards; asked for, any of them.")),
    Field("cards", gettext_lazy("Cards"), "rows", parts=CARD, read=_cards, is_filterable=False),
    Field("people", gettext_lazy("Who takes part"), "rows", parts=PERSON, read=_people,
          is_filterable=False),
    Field("comments", gettext_lazy("Comments"), "rows", parts=COMMENT, read=_comments,
          is_writable=False, is_filterable=False),
)  # fmt: skip


def save(
    *,
    values: Mapping[str, Any],
    by: Any,
    key: UUID | None = None,
    seen: datetime | None = None,
) -> Activity:
    """Enter an activity or bring one to these values, cards and people too."""
    own = {name: value for name, value in values.items() if name not in ("cards", "people")}
    more: dict[str, Any] = {}
    if "cards" in values:
        more["cards_of"] = _card_keys(values["cards"] or (), key, by)
    if "people" in values:
        rows = values["people"] or ()
        parts.require("people", rows, model=ActivityPerson, known=(), most=MOST_PEOPLE)
        roles = {each["user"]: each.get("role") or PartRole.PARTICIPANT for each in rows}
        for name, role in (("participants", PartRole.PARTICIPANT), ("watchers", PartRole.WATCHER)):
            more[name] = [user for user, told in roles.items() if told == role]
    return kinds.save(values=own, by=by, key=key, seen=seen, **more)


def _card_keys(
    given: Sequence[Mapping[str, Any]], key: UUID | None, by: Any
) -> list[tuple[str, UUID]]:
    """Return the cards: those it stands on, and further ones that the person sees.

    :raises Refused: there is no such card.
    """
    wanted = [(str(each["kind"]), each["key"]) for each in given]
    held = Activity.objects.get(pk=key).links.values_list("kind", "key") if key else ()
    new = set(wanted) - set(held)
    seen = set(cards.titles(new, by)) if len(new) <= MOST_CARDS else set()

    def problem(row: Mapping[str, Any]) -> str:
        is_there = (row["kind"], row["key"]) in seen or (row["kind"], row["key"]) not in new
        return "" if is_there else _("there is no such card.")

    parts.require("cards", given, model=Activity, known=(), most=MOST_CARDS, problem=problem)
    return wanted


def _comment(*, key: UUID, values: Mapping[str, Any], by: Any) -> Activity:
    """Say something about an activity."""
    services.comment(activity_id=key, text=str(values.get("text") or "")[:20_000], by=by)
    return Activity.objects.get(pk=key)


def _accept(*, key: UUID, values: Mapping[str, Any], by: Any) -> Activity:
    return _mine(lambda: services.accept(activity_id=key, by=by))


def _decline(*, key: UUID, values: Mapping[str, Any], by: Any) -> Activity:
    reason = str(values.get("reason") or "")[:2000]
    return _mine(
        lambda: services.decline(activity_id=key, by=by, now=timezone.now(), reason=reason)
    )


def _mine(run: Callable[[], Activity]) -> Activity:
    try:
        return run()
    except services.NotYours:
        raise Refused({"": [_("Only who is to do it accepts or declines it.")]}) from None


def _follow(kind: str) -> Callable[..., Model]:
    def run(*, key: UUID, values: Mapping[str, Any], by: Any) -> Model:
        services.follow(kind=kind, key=key, user=by)
        return _row_of(kind, key)

    return run


def _unfollow(kind: str) -> Callable[..., Model]:
    def run(*, key: UUID, values: Mapping[str, Any], by: Any) -> Model:
        services.unfollow(kind=kind, key=key, user=by)
        return _row_of(kind, key)

    return run


def _row_of(kind: str, key: UUID) -> Model:
    return objects.kind(kind).model._default_manager.get(pk=key)


def _known(key: str) -> objects.ObjectKind:
    return objects.program_kinds().get(key) or objects.kind(key)


_activities = objects.kind("activities")
objects.register_for_programs(
    replace(
        _activities,
        fields=(*_activities.fields, *PARTS),
        save=save,
        prefetch=("links", "people", "comments"),
        actions=(
            Action("comment", gettext_lazy("Comment"), "activities.view", _comment,
                   (Field("text", gettext_lazy("Text"), "long_text", is_required=True),)),
            Action("accept", pgettext_lazy("task", "Accept"), "activities.change", _accept),
            Action("decline", pgettext_lazy("task", "Decline"), "activities.change", _decline,
                   (Field("reason", pgettext_lazy("why", "Reason"), "long_text"),)),
        ),
    )
)  # fmt: skip
for _key in FOLLOWED:
    objects.register_for_programs(
        replace(
            _known(_key),
            actions=(
                *_known(_key).actions,
                Action("follow", gettext_lazy("Follow"), "activities.view", _follow(_key)),
                Action("unfollow", gettext_lazy("Follow no more"), "activities.view",
                       _unfollow(_key)),
            ),
        )
    )  # fmt: skip
