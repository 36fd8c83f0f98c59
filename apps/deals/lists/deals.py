"""The list of deals: its columns, filters and what can be done with many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import tagging
from apps.core.addresses import address_of
from apps.core.folding import fold
from apps.core.lists import (
    BulkAction,
    ChoiceFilter,
    Column,
    DateRangeFilter,
    Empty,
    ListScreen,
    NumberRangeFilter,
    RelatedFilter,
)
from apps.core.templatetags.ui import status
from apps.counterparties.models import Counterparty
from apps.counterparties.templatetags.contacts import tag_list
from apps.deals import next_steps
from apps.deals.models import Deal, LossReason, Pipeline, Source, Stage, StageKind
from apps.deals.selectors.finding import deals, rotten_days, rotting, with_words
from apps.deals.selectors.reports import reached

_TONES = {StageKind.OPEN: "info", StageKind.WON: "good", StageKind.LOST: "off"}
_STEP_TONES = {"overdue": "bad", "today": "good", "later": "off", "none": "waiting"}


def _stage(deal: Deal) -> SafeString:
    return status(_TONES[StageKind(deal.stage.kind)], deal.stage.name)


def _rotting(deal: Deal) -> SafeString | str:
    days = rotten_days(stage=deal.stage, touched_at=deal.touched_at, now=timezone.now())
    if not days:
        return ""
    text = ngettext("%(count)d day", "%(count)d days", days) % {"count": days}
    return format_html('<span class="badge is-warning">{}</span>', text)


def _step(deal: Deal) -> SafeString | str:
    step = getattr(deal, "next_step", None)
    if step is None:
        return status("waiting", gettext("No next step")) if deal.is_open else ""
    return status(_STEP_TONES[step.state(timezone.localdate())], step.title)


def _tags(deal: Any) -> SafeString:
    return tag_list(deal.tag_list)


def _tag_names(deal: Any) -> str:
    return ", ".join(tag.name for tag in deal.tag_list)


def _states() -> list[tuple[str, str]]:
    return [
        ("open", gettext("Open ones")), ("won", gettext("Won ones")),
        ("lost", gettext("Lost ones")),
        ("rotting", gettext("Untouched for too long")),
    ]  # fmt: skip


def _steps() -> list[tuple[str, str]]:
    return [
        ("overdue", gettext("Overdue")), ("today", gettext("Today")), ("later", gettext("Later")),
        ("none", gettext("No next step")),
    ]  # fmt: skip


def _in_state(rows: QuerySet[Any], chosen: Sequence[str]) -> QuerySet[Any]:
    [state] = chosen
    if state == "rotting":
        return rotting(rows, now=timezone.now())
    return rows.filter(stage__kind=state)


def _with_step(rows: QuerySet[Any], chosen: Sequence[str]) -> QuerySet[Any]:
    rows = rows.filter(closed_at__isnull=True)
    return next_steps.narrow(rows, chosen[0], timezone.localdate())


class ReachedFilter(RelatedFilter):
    """The deals that came to a stage, or further: what a number of the funnel leads to."""

    def narrow(self, rows: QuerySet[Any], asked: QueryDict) -> QuerySet[Any]:
        """Return the deals that came so far."""
        try:
            wanted = UUID(asked.get(self.name, ""))
        except ValueError:
            return rows
        return reached(rows, wanted)


class DealList(ListScreen):
    """Deals, the one somebody did something about latest first."""

    key = "deals"
    kind = "deals"
    title = _("Deals")
    url_name = "deals:list"
    columns = (
        Column("name", _("Name"), sort="name", is_link=True, phone="title"),
        Column("customer", _("Customer"), "counterparty.name", phone="wide"),
        Column("stage", _("Stage"), _stage),
        Column("amount", _("Amount"), kind="money", unit="currency", sort="amount",
               phone="figure"),
        Column("expected_on", _("Expected on"), kind="date", sort="expected_on"),
        Column("step", _("Next step"), _step),
        Column("owner", _("Responsible"), phone="hidden"),
        Column("rotting", _("Untouched"), _rotting),
        Column("touched_at", _("Latest activity"), kind="moment", sort="touched_at",
               is_default=False),
        Column("pipeline", _("Pipeline"), is_default=False),
        Column("source", _("Source"), lambda deal: deal.get_source_display(), is_default=False),
        Column("opened_at", _("Opened"), kind="date", is_default=False),
        Column("closed_at", _("Closed"), kind="date", is_default=False),
        Column("loss_reason", _("Reason of loss"), is_default=False),
        Column("tags", _("Tags"), _tags, exported=_tag_names, is_default=False),
    )  # fmt: skip
    filters = (
        ChoiceFilter("state", _("State"), choices=_states, apply=_in_state),
        RelatedFilter("pipeline", _("Pipeline"), model=Pipeline),
        RelatedFilter("stage", _("Stage"), model=Stage),
        RelatedFilter("owner", _("Responsible"), model=User),
        ChoiceFilter("step", _("Next step"), choices=_steps, apply=_with_step),
        ChoiceFilter("source", _("Source"), path="source", choices=Source.choices),
        NumberRangeFilter("amount", _("Amount")),
        DateRangeFilter("expected", _("Expected on"), path="expected_on"),
        DateRangeFilter("opened", _("Opened"), path="opened_at__date"),
        DateRangeFilter("closed", _("Closed"), path="closed_at__date"),
        ReachedFilter("reached", _("Came to the stage"), model=Stage),
        RelatedFilter("reason", _("Reason of loss"), path="loss_reason", model=LossReason),
        RelatedFilter("counterparty", _("Customer"), model=Counterparty),
    )
    joins = {"pipeline": "pipeline", "loss_reason": "loss_reason"}
    search = ("search_name__contains",)
    search_hint = _("Name or customer")
    order = "-touched_at"
    bars = ("opened_at", "expected_on")
    tables = ("deals_deal",)
    is_kept = True
    actions = (
        BulkAction("archive", _("Archive"), "deals:bulk", "deals.change", icon="archive",
                   name="do"),
    )  # fmt: skip
    empty = Empty(
        "target", _("There are no deals yet."),
        _("A deal is a sale on its way: enter the first one, and the board shows where it stands."),
        _("New deal"), "deals:new",
    )  # fmt: skip
    create_url_name, create_label, create_right = "deals:new", _("New deal"), "deals.create"

    def rows(self) -> QuerySet[Deal]:
        """Return the deals in use that the person may see."""
        joined = ("counterparty", "owner", "stage")
        return deals(self.request.user).select_related(*joined)

    def url(self, row: Deal) -> str:
        """Return the address of a deal."""
        return address_of("deals:card", row.pk)

    def matching(self, rows: QuerySet[Any], words: Sequence[str]) -> QuerySet[Any]:
        """Keep the deals in whose name or customer each word stands."""
        return with_words(rows, fold(" ".join(words)))

    def prepare(self, rows: Sequence[Deal]) -> None:
        """Add the next step and the tags of each deal of the page."""
        tagging.named(rows)
        steps: Mapping[UUID, Any] = next_steps.of([row.pk for row in rows])
        for row in rows:
            row.next_step = steps.get(row.pk)  # type: ignore[attr-defined]
