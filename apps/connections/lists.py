"""The list of runs: what 1C brought and took, latest first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.connections import selectors
from apps.core.addresses import address_of
from apps.core.lists import ChoiceFilter, Column, DateRangeFilter, Empty, ListScreen
from exchange.models import ExchangeSession, Node, SessionState, Subject


def _nodes() -> list[tuple[str, str]]:
    return [(str(key), name) for key, name in Node.objects.values_list("pk", "name")]


def _subject(run: Any) -> SafeString | str:
    if not run.is_manual:
        return str(run.get_subject_display())
    badge = format_html('<span class="badge-outline">{}</span>', gettext("by hand"))
    return format_html("{} {}", run.get_subject_display(), badge)


def _state(run: Any) -> SafeString:
    return render_to_string("exchange/_run_state.html", {"session": run})


def _total(name: str, run: Any) -> int:
    return selectors.total(run, name)


def _of_state(rows: QuerySet[Any], values: Sequence[str]) -> QuerySet[Any]:
    return selectors.in_state(rows, values[0])


class RunList(ListScreen):
    """Runs of the exchange."""

    key = "runs"
    title = _("Runs")
    url_name = "exchange:home"
    columns = (
        Column("begun", _("Begun"), "created_at", kind="moment", sort="created_at", is_link=True,
               phone="title"),
        Column("node", pgettext_lazy("to 1C", "Connection"), "node.name", sort="node__name"),
        Column("subject", pgettext_lazy("of an exchange", "What"), _subject, phone="wide"),
        Column("state", _("State"), _state, phone="figure", exported="get_state_display"),
        Column("read", _("Read"), partial(_total, "read"), kind="number"),
        Column("created", pgettext_lazy("rows", "Created"), partial(_total, "created"),
               kind="number"),
        Column("changed", _("Changed"), partial(_total, "changed"), kind="number"),
        Column("problems", _("Problems"), "problem_count", kind="number", sort="problem_count"),
        Column("unchanged", _("Unchanged"), partial(_total, "unchanged"), kind="number",
               is_default=False),
        Column("sent", _("Documents sent"), "sent_documents", kind="number", is_default=False),
        Column("finished", _("Finished"), "finished_at", kind="moment", sort="finished_at",
               is_default=False),
    )  # fmt: skip
    filters = (
        ChoiceFilter(
            "state", _("State"), apply=_of_state,
            choices=[("problems", _("With problems")), *SessionState.choices],
        ),
        ChoiceFilter("node", pgettext_lazy("to 1C", "Connection"), choices=_nodes),
        ChoiceFilter("subject", pgettext_lazy("of an exchange", "What"), choices=Subject.choices),
        DateRangeFilter("begun", _("Begun"), path="created_at__date", ends=("from", "until")),
    )  # fmt: skip
    order = "-begun"
    tables = ("exchange_exchangesession",)
    empty = Empty("arrows-exchange", _("1C has not run an exchange yet."))

    def rows(self) -> QuerySet[Any]:
        """Return every run with its connection."""
        return ExchangeSession.objects.select_related("node")

    def url(self, row: Any) -> str:
        """Return the address of a run."""
        return address_of("exchange:session", row.pk)
