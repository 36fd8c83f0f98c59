"""The list of activities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts import rights
from apps.activities import moments, selectors, telling, words
from apps.activities.models import (
    OPEN_STATES,
    PLANNED_KINDS,
    Activity,
    ActivityKind,
    ActivityState,
    Importance,
    Mention,
)
from apps.core import tagging
from apps.core.addresses import address_of
from apps.core.lists import (
    BulkAction,
    ChoiceFilter,
    Column,
    DateRangeFilter,
    Empty,
    ListScreen,
    RelatedFilter,
)
from apps.core.templatetags.ui import icon, status
from apps.counterparties.models import Counterparty
from apps.counterparties.templatetags.contacts import tag_list

TONES = {
    ActivityState.OPEN: "waiting",
    ActivityState.ACCEPTED: "info",
    ActivityState.DECLINED: "off",
    ActivityState.DONE: "good",
}


def state(row: Activity) -> SafeString:
    """Return the state of an activity; late is a state of its own."""
    if row.is_open and row.planned_at is not None:
        now = timezone.now()
        if moments.is_late(row.planned_at, is_all_day=row.is_all_day, now=now):
            return status("bad", pgettext_lazy("task", "Late"))
    return status(TONES[ActivityState(row.state)], row.get_state_display())


def _subject(row: Activity) -> SafeString:
    return format_html("{} {}", icon(words.icon(row.kind), "small"), row.subject)


def _which(rows: QuerySet[Any], wanted: Sequence[str]) -> QuerySet[Any]:
    """Return the open ones unless others are asked for."""
    conditions = {
        "open": Q(state__in=OPEN_STATES),
        "late": Q(moments.late(timezone.now()), state__in=OPEN_STATES),
        "done": Q(state=ActivityState.DONE),
        "declined": Q(state=ActivityState.DECLINED),
    }
    found = Q(pk__in=[])
    for each in wanted:
        found |= conditions[each]
    return rows.filter(found)


def _tag_names(row: Any) -> str:
    return ", ".join(tag.name for tag in row.tag_list)


def _people() -> list[tuple[str, str]]:
    return [(str(each.pk), str(each)) for each in selectors.active_people()]


class ActivityList(ListScreen):
    """Everything planned and done, the next first."""

    key = "activities"
    kind = "activities"
    title = _("Tasks and meetings")
    url_name = "activities:list"
    columns = (
        Column("subject", _("Subject"), _subject, is_link=True, phone="title", exported="subject"),
        Column("when", _("When"), words.when_text, sort="planned_at", phone="figure",
               exported="planned_at"),
        Column("state", _("State"), state),
        Column("importance", _("Importance"), "get_importance_display", is_default=False),
        Column("counterparty", _("Counterparty"), "counterparty.name"),
        Column("owner", _("Responsible"), "owner"),
        Column("giver", _("Given by"), "giver", is_default=False),
        Column("result", _("Result"), "result", is_default=False),
        Column("completed_at", _("Done at"), kind="moment", is_default=False),
        Column("tags", _("Tags"), lambda row: tag_list(row.tag_list), exported=_tag_names,
               is_default=False),
    )  # fmt: skip
    filters = (
        ChoiceFilter("which", _("State"), is_multiple=True, apply=_which, choices=(
            ("open", pgettext_lazy("task", "Open")), ("late", pgettext_lazy("task", "Late")),
            ("done", pgettext_lazy("task", "Done")),
            ("declined", pgettext_lazy("task", "Declined")),
        )),
        ChoiceFilter("kind", _("Kind"), is_multiple=True, choices=[
            (value, label) for value, label in ActivityKind.choices
        ]),
        ChoiceFilter("owner", _("Responsible"), path="owner_id", choices=_people,
                     read="people"),
        ChoiceFilter("giver", _("Given by"), path="giver_id", choices=_people,
                     read="people"),
        ChoiceFilter("importance", _("Importance"), choices=Importance.choices),
        DateRangeFilter("planned", _("When"), path="planned_at__date"),
        DateRangeFilter("completed", _("Done at"), path="completed_at__date"),
        RelatedFilter("counterparty", _("Counterparty"), path="counterparty_id",
                      model=Counterparty),
    )  # fmt: skip
    search = ("subject__icontains", "counterparty__sort_name__contains")
    search_hint = _("Subject or counterparty")
    order = "when"
    bars = ("starts_at", "due_at")
    tables = ("activities_activity",)
    actions = (
        BulkAction("done", _("Done"), "activities:bulk", "activities.change", "check"),
        BulkAction("tomorrow", _("Tomorrow"), "activities:bulk", "activities.change",
                   "arrow-right"),
        BulkAction("week", _("Next week"), "activities:bulk", "activities.change", "calendar"),
        BulkAction("trash", _("To the bin"), "activities:bulk", "activities.delete", "trash"),
    )  # fmt: skip
    empty = Empty(
        "circle-check", _("Nothing here yet"),
        _("Tasks, calls and meetings stand here, of everybody you may see."),
        _("New task"), "activities:new_task",
    )  # fmt: skip
    create_url_name, create_label = "activities:new_task", _("New task")
    create_right = "activities.create"

    def rows(self) -> QuerySet[Any]:
        """Return what is planned or done, notes left out; without a filter what is open."""
        rows = selectors.seen_by(self.request.user).filter(is_archived=False)
        if not self.asked.getlist("kind"):
            rows = rows.filter(kind__in=(*PLANNED_KINDS, ActivityKind.ABSENCE))
        return rows

    def prepare(self, rows: Sequence[Any]) -> None:
        """Add the tags of the page's rows."""
        tagging.named(rows)

    def url(self, row: Any) -> str:
        """Return the address of the activity's card."""
        return address_of("activities:card", row.pk)


def _said(row: Mention) -> str:
    said = row.comment.text if row.comment is not None else telling.said_in(row.activity)
    return said[:300]


class MentionList(ListScreen):
    """Where one was named with ``@``, the latest first, as far as one still sees it."""

    key = "mentions"
    title = _("Mentions me")
    url_name = "activities:mentions"
    columns = (
        Column("said", _("What was written"), _said, is_link=True, phone="title"),
        Column("author", _("Who"), phone="meta"),
        Column("activity", _("On"), "activity.subject", phone="wide"),
        Column("customer", _("Customer"), "activity.counterparty.name"),
        Column("created", _("When"), "created_at", kind="moment", sort="created_at",
               phone="figure"),
    )  # fmt: skip
    filters = (DateRangeFilter("created", _("When"), path="created_at__date"),)
    search = ("comment__text",)
    search_hint = _("A word of the text")
    order = "-created"
    tables = ("activities_mention",)
    empty = Empty("message", _("Nobody has mentioned you yet."),
                  _("Whoever writes @ and your name in a note or a comment calls you: it stands"
                    " here."))  # fmt: skip

    def rows(self) -> QuerySet[Any]:
        """Return the mentions of the person in what they may see."""
        seen = selectors.seen_by(self.request.user).filter(is_archived=False)
        mine = Mention.objects.filter(
            user=self.request.user.pk, activity__in=seen.order_by().values("pk")
        )
        return mine.select_related("author", "comment", "activity__counterparty")

    def matching(self, rows: QuerySet[Any], words: Sequence[str]) -> QuerySet[Any]:
        """Return those with the words in the comment, or in what the role shows of the note."""
        hidden = rights.fields(self.request.user, "activities").hidden
        places = [f"activity__{name}" for name in ("subject", "text") if name not in hidden]
        for word in words:
            wanted = Q(comment__text__icontains=word)
            for place in places:
                wanted |= Q(**{f"{place}__icontains": word})
            rows = rows.filter(wanted)
        return rows

    def url(self, row: Mention) -> str:
        """Return the address of the activity, at the comment where it is one."""
        address = address_of("activities:card", row.activity_id)
        return f"{address}#comment-{row.comment_id}" if row.comment_id else address
