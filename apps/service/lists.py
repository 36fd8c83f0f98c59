"""The list of complaints and service requests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.core import tagging
from apps.core.addresses import address_of
from apps.core.lists import (
    BooleanFilter,
    BulkAction,
    ChoiceFilter,
    Column,
    DateRangeFilter,
    Empty,
    ListScreen,
    RelatedFilter,
)
from apps.core.searching import wanted_by
from apps.core.templatetags.ui import moment, status
from apps.counterparties.models import Counterparty
from apps.counterparties.selectors import people, with_tags
from apps.service import selectors
from apps.service.models import OPEN, RequestKind, RequestState, ServiceRequest

TONES = {
    RequestState.NEW: "info", RequestState.IN_WORK: "running", RequestState.WAITING: "waiting",
    RequestState.SOLVED: "good", RequestState.REJECTED: "off",
}  # fmt: skip
_OPEN, _LATE = "open", "overdue"


def _state(row: Any) -> SafeString:
    return status(TONES.get(row.state, "draft"), row.get_state_display())


def _deadline(row: Any) -> SafeString | str:
    """Return the deadline, in red with a word where it has passed."""
    if row.due_at is None:
        return ""
    if not row.is_overdue(timezone.now()):
        return moment(row.due_at)
    return format_html(
        '<span class="is-late-text">{} <span class="badge is-bad">{}</span></span>',
        moment(row.due_at), gettext("overdue"),
    )  # fmt: skip


def _subject(row: Any) -> SafeString | str:
    if not row.is_urgent:
        return str(row.subject)
    return format_html('{} <span class="badge is-warning">{}</span>', row.subject, _("urgent"))


def _tag_names(row: Any) -> str:
    return ", ".join(tag.name for tag in row.tag_list)


def _responsible() -> list[tuple[str, str]]:
    return [(str(person.pk), str(person)) for person in people()]


def _in_state(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
    """Keep the rows in one of these states; "open" and "overdue" name several at once."""
    wanted = Q(state__in=[value for value in values if value in RequestState.values])
    if _OPEN in values:
        wanted |= Q(state__in=OPEN)
    if _LATE in values:
        wanted |= Q(closed_at__isnull=True, due_at__lt=timezone.now())
    return rows.filter(wanted)


class RequestList(ListScreen):
    """Complaints and service requests, the latest first."""

    key = "requests"
    kind = "requests"
    title = pgettext_lazy("room", "Service")
    url_name = "service:list"
    columns = (
        Column("subject", _("Subject"), _subject, is_link=True, phone="title", exported="subject"),
        Column("kind", _("Kind"), "get_kind_display"),
        Column("counterparty", _("Counterparty"), "counterparty.name"),
        Column("state", _("State"), _state, exported="get_state_display"),
        Column("owner", _("Responsible")),
        Column("due_at", _("Deadline"), _deadline, sort="due_at", exported="due_at"),
        Column("created_at", _("Entered"), kind="moment", sort="created_at", phone="hidden"),
        Column("closed_at", _("Closed"), kind="moment", is_default=False),
        Column("tags", _("Tags"), _tag_names, is_default=False),
    )
    filters = (
        ChoiceFilter(
            "state", _("State"), is_multiple=True, apply=_in_state,
            choices=[(_OPEN, _("All open ones")), (_LATE, _("Overdue")), *RequestState.choices],
        ),
        ChoiceFilter("kind", _("Kind"), choices=RequestKind.choices),
        ChoiceFilter("owner", _("Responsible"), choices=_responsible, read="people"),
        BooleanFilter("urgent", _("Urgent"), path="is_urgent"),
        DateRangeFilter("entered", _("Entered"), path="created_at__date"),
        ChoiceFilter(
            "tag", _("Tag"), choices=tagging.choices, is_multiple=True, apply=with_tags,
            read="tags",
        ),
        RelatedFilter("counterparty", _("Counterparty"), model=Counterparty),
    )  # fmt: skip
    search = ("subject", "counterparty")
    search_hint = _("Subject or counterparty")
    order = "-created_at"
    bars = ("created_at", "due_at")
    tables = ("service_servicerequest",)
    actions = (
        BulkAction("in_work", _("Take up"), "service:bulk", right="requests.change", icon="check"),
        BulkAction(
            "archive", pgettext_lazy("to do", "Archive"), "service:bulk",
            right="requests.delete", icon="archive",
        ),
    )  # fmt: skip
    empty = Empty(
        "help",
        _("There are no complaints and requests."),
        _("Enter what a customer asks for or complains of; who sees to it, and until when."),
        _("New request"),
        "service:new",
    )
    create_url_name, create_label = "service:new", _("New request")
    create_right = "requests.create"

    def rows(self) -> QuerySet[Any]:
        """Return the requests the person may see."""
        return selectors.requests(self.request.user).filter(is_archived=False)

    def matching(self, rows: QuerySet[Any], words: Sequence[str]) -> QuerySet[Any]:
        """Return those whose subject or customer the words name."""
        user = self.request.user
        for word in words:
            of_customer = wanted_by(user, word, model=Counterparty, path="counterparty__")
            rows = rows.filter(Q(subject__icontains=word) | of_customer)
        return rows

    def prepare(self, rows: Sequence[ServiceRequest]) -> None:
        """Add the tags of the page's rows."""
        tagging.named(rows, tagging.told(self.furnishing.further.get("tags", ())))

    def url(self, row: Any) -> str:
        """Return the address of a request."""
        return address_of("service:card", row.pk)
