"""Handing over by programs: everything of somebody who leaves, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.accounts.rights import can
from apps.core import objects
from apps.core.objects import Action, Field, ObjectKind, Refused
from apps.counterparties import handing_over
from apps.counterparties.models import HandOver
from tenants.audit.services import record


class HandOvers(ObjectKind):
    """What was handed over: for those who may change people."""

    def rows(self, user: Any, *, action: str = "view") -> QuerySet[Any]:
        """Return every hand-over, or none."""
        rows = HandOver.objects.all()
        return rows if can(user, "people.change") else rows.none()


def _counts(done: HandOver) -> list[dict[str, Any]]:
    return [{"kind": kind, "count": str(len(keys))} for kind, keys in sorted(done.keys.items())]


def save(
    *,
    values: Mapping[str, Any],
    by: User,
    key: UUID | None = None,
    seen: datetime | None = None,
) -> HandOver:
    """Give what a person is responsible for to ``receiver``, or kind by kind to ``receivers``.

    Returns what was given to the receiver of most; each receiver's part is a row of its own.
    """
    people = {
        user.pk: user for user in User.objects.filter(
            pk__in=[values["giver"], *_named(values).values()]
        )
    }  # fmt: skip
    receivers = {kind: people[pk] for kind, pk in _named(values).items()}
    giver = people[values["giver"]]
    try:
        done = handing_over.hand_over(giver=giver, receivers=receivers, by=by)
    except handing_over.NothingToHandOver:
        raise Refused({"giver": [_("There is nothing to hand over.")]}) from None
    except handing_over.HandOverRefused:
        raise Refused({"receiver": [_("Choose somebody else who may sign in.")]}) from None
    counts = {each.pk: sum(len(keys) for keys in each.keys.values()) for each in done}
    record(
        kind="people.handed_over", login=giver.email, by=by.email, count=sum(counts.values())
    )
    return max(done, key=lambda each: counts[each.pk])


def _named(values: Mapping[str, Any]) -> dict[str, UUID]:
    """Return who takes over each kind.

    :raises Refused: nobody is named, or a kind has no owner.
    """
    known = [kind.key for kind in objects.kinds() if kind.owner and "__" not in kind.owner]
    usual = values.get("receiver")
    named = {each["kind"]: each["receiver"] for each in values.get("receivers") or ()}
    if usual is None and not named:
        raise Refused({"receiver": [_("Choose who takes over.")]})
    for kind in named.keys() - set(known):
        sentence = _("There is no kind “%(key)s”.") % {"key": kind[:60]}
        raise Refused({"receivers": [sentence]})
    return (dict.fromkeys(known, usual) if usual is not None else {}) | named


def _undo(*, key: UUID, values: Mapping[str, Any], by: Any) -> HandOver:
    """Give everything back that the receiver still has of it."""
    try:
        handing_over.take_back(hand_over_id=key, now=timezone.now())
    except handing_over.AlreadyUndone:
        raise Refused({"": [_("This was taken back before.")]}) from None
    return HandOver.objects.get(pk=key)


objects.register_for_programs(
    HandOvers(
        key="hand_overs", label=gettext_lazy("Hand-over"), label_plural=gettext_lazy("Hand-overs"),
        icon="users", model=HandOver, right="people",
        fields=(
            Field("giver", gettext_lazy("Who leaves"), "user", is_required=True),
            Field("receiver", gettext_lazy("Who takes over"), "user"),
            Field("receivers", gettext_lazy("Who takes over, kind by kind"), "rows",
                  read=lambda done: [], is_filterable=False, parts=(
                      Field("kind", gettext_lazy("Kind"), is_required=True),
                      Field("receiver", gettext_lazy("Who takes over"), "user", is_required=True),
                  )),
            Field("counts", gettext_lazy("What was handed over"), "rows", read=_counts,
                  is_writable=False, is_filterable=False, parts=(
                      Field("kind", gettext_lazy("Kind")),
                      Field("count", gettext_lazy("Number"), "number"),
                  )),
            Field("author", gettext_lazy("Author"), "user", is_writable=False),
            Field("created_at", gettext_lazy("Entered"), "moment", is_writable=False),
            Field("undone_at", gettext_lazy("Taken back"), "moment", is_writable=False),
        ),
        save=save, is_changeable=False,
        actions=(Action("undo", gettext_lazy("Take back"), "people.change", _undo),),
    )
)  # fmt: skip
