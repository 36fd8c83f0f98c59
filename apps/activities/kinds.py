"""Activities as a kind of object: what every generic door knows of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.activities import repeating
from apps.activities.models import (
    OPEN_STATES,
    Activity,
    ActivityKind,
    ActivityLink,
    ActivityState,
    Importance,
)
from apps.activities.services import (
    ActivityValues,
    change_activities,
    complete,
    reopen,
    save_activity,
)
from apps.activities.services import archive as put_away
from apps.core import objects, tagging
from apps.core.objects import Field, ObjectKind, Refused, Saved
from apps.deals.models import Deal

FIELDS = (
    Field("subject", _("Subject"), is_required=True, words=("тема", "konu", "title")),
    Field("kind", _("Kind"), "choice", choices=ActivityKind.choices, is_required=True),
    Field("state", _("State"), "choice", choices=ActivityState.choices),
    Field("importance", _("Importance"), "choice", choices=Importance.choices),
    Field("text", _("Text"), "long_text", words=("описание", "açıklama", "description")),
    Field("place", _("Place")),
    Field("owner", _("Responsible"), "user"),
    Field("giver", _("Given by"), "user", is_writable=False),
    Field("counterparty", _("Counterparty"), "relation", related="counterparties"),
    Field("starts_at", _("Begins"), "moment"),
    Field("due_at", _("Due"), "moment", words=("срок", "termin", "deadline")),
    Field("ends_at", _("Ends"), "moment"),
    Field("is_all_day", _("All day"), "boolean"),
    Field("planned_at", _("When"), "moment", is_writable=False, is_sortable=True),
    Field("remind_at", _("Reminds"), "moment"),
    Field("remind_rule", _("Reminds again"), "choice", choices=repeating.REMINDERS,
          is_filterable=False),
    Field("recurrence", _("Repeats"), "choice", choices=repeating.RULES, is_filterable=False),
    Field("result", _("Result"), "long_text"),
    Field("tags", _("Tags"), "choices", choices=tagging.choices,
          words=("теги", "метки", "etiketler")),
    Field("completed_at", _("Done at"), "moment"),
    Field("created_at", _("Entered"), "moment", is_writable=False),
    Field("updated_at", _("changed"), "moment", is_writable=False),
)  # fmt: skip
_COLUMNS = {"owner": "owner_id", "counterparty": "counterparty_id"}
_OWN = ("state", "completed_at")


@transaction.atomic
def save(
    *,
    values: Mapping[str, Any],
    by: Any,
    key: UUID | None = None,
    seen: datetime | None = None,
    **parts: Any,
) -> Activity:
    """Enter an activity or bring one to these values; see ``apps.core.objects.Save``.

    ``state`` ``done`` with ``completed_at`` enters what was done at another time. ``parts`` are
    the cards it stands on and who takes part, as ``save_activity`` takes them.
    """
    now = timezone.now()
    named = _named(values)
    state, done_at = named.get("state"), named.get("completed_at")
    held = ActivityValues() if key is None else ActivityValues.of(Activity.objects.get(pk=key))
    wanted = replace(held, **{name: value for name, value in named.items() if name not in _OWN})
    is_done = state == ActivityState.DONE
    saved = save_activity(
        values=wanted, by=by, now=now, activity_id=key, seen=seen, is_done=is_done,
        done_at=done_at if is_done or wanted.kind == ActivityKind.NOTE else None, **parts,
    )  # fmt: skip
    if key is not None and is_done:
        complete(ids=[saved.pk], by=by, now=done_at or now)
    elif key is not None and state == ActivityState.OPEN:
        reopen(ids=[saved.pk], now=now)
    saved.refresh_from_db()
    return saved


@transaction.atomic
def save_many(
    *, rows: Sequence[tuple[UUID | None, Mapping[str, Any]]], by: Any
) -> list[Saved]:
    """Enter activities one by one, bring thousands to values at once; see ``objects.SaveMany``."""
    now = timezone.now()
    named = [(key, _named(values)) for key, values in rows]
    changes: dict[UUID, Mapping[str, Any]] = {}
    for key, told_of in named:
        if key is not None:
            own = {name: value for name, value in told_of.items() if name not in _OWN}
            changes.setdefault(key, own)
    found = change_activities(changes=changes, by=by, now=now)
    kept = {key for key, told in found.items() if isinstance(told, bool)}
    moved = _bring_to_states([(key, v) for key, v in named if key in kept], by=by, now=now)
    answers = []
    for key, values in rows:
        told = found.pop(key, None) if key is not None else None
        if told is None:
            answers.append(objects.save_one_of_many(objects.kind("activities"), key, values, by))
        elif isinstance(told, Refused):
            answers.append(Saved(key, refused=told))
        else:
            answers.append(Saved(key, is_changed=told or key in moved))
    return answers


def _bring_to_states(
    named: Sequence[tuple[UUID | None, Mapping[str, Any]]], *, by: Any, now: datetime
) -> set[UUID]:
    """Call activities done or open again where that is said; return which of them were not."""
    done: dict[datetime, list[UUID]] = {}
    reopened: list[UUID] = []
    for key, values in named:
        if key is not None and values.get("state") == ActivityState.DONE:
            done.setdefault(values.get("completed_at") or now, []).append(key)
        elif key is not None and values.get("state") == ActivityState.OPEN:
            reopened.append(key)
    changed = [each.pk for at, ids in done.items() for each in complete(ids=ids, by=by, now=at)]
    if reopened:
        changed += [each.pk for each in reopen(ids=reopened, now=now)]
    return set(changed)


def _named(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values by the columns of the service."""
    named = {_COLUMNS.get(name, name): value for name, value in values.items()}
    if "importance" in named:
        named["importance"] = named["importance"] or Importance.NORMAL  # as the form takes none
    if "tags" in named:
        named["tags"] = [str(tag) for tag in named["tags"] or ()]
    return named


def archive(keys: Collection[UUID], is_archived: bool) -> int:
    """Throw activities away, or bring them back."""
    return put_away(ids=keys, is_archived=is_archived)


def _of_shared_deals(user: Any) -> Q:
    """Whoever works at a deal sees what is planned and done on it, whoever it is of (F147)."""
    mine = Deal.objects.filter(Q(owner=user.pk) | Q(members__user=user.pk)).order_by()
    on_them = ActivityLink.objects.filter(kind="deals", key__in=mine.values("pk")).order_by()
    return Q(pk__in=on_them.values("activity"))


objects.register(
    ObjectKind(
        key="activities",
        label=_("Activity"),
        label_plural=_("Activities"),
        icon="circle-check",
        model=Activity,
        fields=FIELDS,
        card_url_name="activities:card",
        list_url_name="activities:list",
        title="subject",
        owner="owner",
        handed_over=Q(state__in=OPEN_STATES),
        participants=("giver", "people__user"),
        shared_with=_of_shared_deals,
        parent=("counterparty", "counterparties"),
        related=("owner", "giver", "counterparty"),
        search=("subject__icontains",),
        order="-planned_at",
        save=save,
        save_many=save_many,
        archive=archive,
        happened=("at", "completed_at"),
        is_extensible=True,
        hideable=("text", "place", "importance"),
    )
)
