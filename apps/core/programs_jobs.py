"""Work in the background as programs ask for it: lists as files, lists by the clock, many rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.core import objects
from apps.core.entering import entered
from apps.core.lists import bulk, exporting
from apps.core.lists.screen import ListScreen
from apps.core.lists.starting import start_export
from apps.core.models import BulkJob, Every, ExportJob, ExportSchedule, ExportState, JobState
from apps.core.objects import Action, Field, ObjectKind, Refused
from apps.core.programs import OWN
from apps.core.views_exports import LONGEST_ADDRESS, ScheduleForm, columns_of, screen_for
from apps.core.views_lists import start

_FILES = (("xlsx", "XLSX"), ("csv", "CSV"))


class _Mine(ObjectKind):
    """Work that a person asked for: theirs alone."""

    def rows(self, user: Any, *, action: str = "view") -> Any:
        """Return what the person asked for."""
        return self.model._default_manager.filter(user_id=user.pk, **self.only)


def _list_of(values: Mapping[str, Any], by: Any) -> ListScreen:
    """Return the list that is meant, as it stands at its address.

    :raises Refused: there is no such list.
    :raises PermissionDenied: the person may not take its rows out.
    """
    try:
        screen = screen_for(
            by, str(values.get("list", "")), str(values.get("address", ""))[:LONGEST_ADDRESS]
        )
    except Http404:
        raise Refused({"list": [_("There is no such list.")]}) from None
    if not screen.may_export:
        raise PermissionDenied
    return screen


def _columns(screen: ListScreen, text: str) -> list[Any]:
    named = [each.strip() for each in text.split(",") if each.strip()]
    known = {column.key: column for column in screen.columns}
    if not set(named) <= known.keys():
        raise Refused({"columns": [_("Name columns of this list.")]})
    return [known[key] for key in dict.fromkeys(named)] or columns_of(screen)


def begin_export(
    *, values: Mapping[str, Any], by: Any, key: UUID | None = None, seen: datetime | None = None
) -> ExportJob:
    """Begin to make a file of a list.

    :raises Refused: with sentences by field.
    :raises PermissionDenied: the person may not take the rows of this list out.
    """
    screen = _list_of(values, by)
    columns = _columns(screen, str(values.get("columns", "")))
    try:
        job = exporting.begin(
            screen=screen, columns=columns, kind=values.get("file") or "xlsx", by=by
        )
    except exporting.TooManyExports as error:
        text = _("You have %(most)d exports at work. Wait for one of them.")
        raise Refused({"": [text % {"most": exporting.MOST_JOBS}]}) from error
    start_export(job.pk)
    return job


def _remove_export(*, key: UUID, by: Any) -> None:
    job = exporting.jobs_of(by).select_for_update().get(pk=key)
    if job.state == ExportState.RUNNING:
        raise Refused({"": [_("It is still being made.")]})
    exporting.remove(job)


_LIST = (
    Field("list", gettext_lazy("List"), path="list_key", is_required=True, is_writable=False,
          is_of_new=True),
    Field("address", gettext_lazy("Filters, order and columns"), "long_text", is_writable=False,
          is_of_new=True, help=gettext_lazy("The query of the list's own address.")),
    Field("columns", gettext_lazy("Columns"), is_writable=False, is_of_new=True,
          is_filterable=False, read=lambda row: ",".join(row.columns),
          help=gettext_lazy("Keys of columns, parted by commas.")),
    Field("file", gettext_lazy("File"), "choice", path="kind", choices=_FILES, is_writable=False,
          is_of_new=True),
)  # fmt: skip

objects.register_for_programs(
    _Mine(
        key="exports", label=gettext_lazy("Export"), label_plural=gettext_lazy("Exports"),
        icon="download", model=ExportJob, rights_to=OWN, save=begin_export, remove=_remove_export,
        is_changeable=False,
        fields=(
            *_LIST,
            Field("state", gettext_lazy("State"), "choice", choices=ExportState.choices,
                  is_writable=False),
            Field("total", gettext_lazy("Rows"), "number", is_writable=False),
            Field("done", gettext_lazy("Rows that are done"), "number", is_writable=False),
            Field("size", gettext_lazy("Size, bytes"), "number", is_writable=False),
            Field("created_at", gettext_lazy("created"), "moment", is_writable=False),
            Field("ended_at", gettext_lazy("Ended at"), "moment", is_writable=False),
        ),
    )
)  # fmt: skip


def schedule(
    *, values: Mapping[str, Any], by: Any, key: UUID | None = None, seen: datetime | None = None
) -> ExportSchedule:
    """Send a list to oneself by the clock.

    :raises Refused: with sentences by field.
    :raises PermissionDenied: the person may not take the rows of this list out.
    """
    screen = _list_of(values, by)
    given = {"weekday": 0, "hour": 7, **values, "kind": values.get("file") or "xlsx"}
    told = entered(ScheduleForm(given), names={"kind": "file"})
    try:
        return exporting.schedule(
            screen=screen, kind=told["kind"], by=by, view_id=None, now=timezone.now(),
            when=exporting.When(told["every"], told["weekday"], told["hour"]),
            columns=_columns(screen, str(values.get("columns", ""))),
        )  # fmt: skip
    except exporting.TooManyExports as error:
        text = _("You have %(most)d lists sent to you already.")
        raise Refused({"": [text % {"most": exporting.MOST_SCHEDULES}]}) from error


def _stop(*, key: UUID, by: Any) -> None:
    exporting.stop(schedule_id=key, by=by)


objects.register_for_programs(
    _Mine(
        key="sent_lists", label=gettext_lazy("List that is sent"),
        label_plural=gettext_lazy("Lists that are sent"), icon="download", model=ExportSchedule,
        rights_to=OWN, only={"is_active": True}, save=schedule, remove=_stop,
        is_changeable=False,
        fields=(
            *_LIST,
            Field("every", gettext_lazy("How often"), "choice", choices=Every.choices,
                  is_required=True, is_writable=False, is_of_new=True),
            Field("weekday", gettext_lazy("Day of the week"), "number", is_writable=False,
                  is_of_new=True, help=gettext_lazy("0 is Monday.")),
            Field("hour", gettext_lazy("Hour"), "number", is_writable=False, is_of_new=True),
            Field("next_at", gettext_lazy("Next time"), "moment", is_writable=False),
        ),
    )
)  # fmt: skip


# Many rows ----------------------------------------------------------------------------------------


def _undo(*, key: UUID, values: Mapping[str, Any], by: Any) -> None:
    """Take a change of many rows back.

    :raises Refused: it is at work, undone already, or older than a day.
    """
    try:
        job = bulk.begin_undo(job_id=key, by=by, now=timezone.now())
    except bulk.TooLate as error:
        sentence = _("It is at work, undone already, or older than a day.")
        raise Refused({"": [sentence]}) from error
    start(job)


objects.register_for_programs(
    _Mine(
        key="bulk_jobs", label=gettext_lazy("Change of many rows"),
        label_plural=gettext_lazy("Changes of many rows"), icon="edit", model=BulkJob,
        rights_to=OWN,
        fields=(
            Field("kind", gettext_lazy("Object"), is_writable=False),
            Field("field", gettext_lazy("Field"), is_writable=False),
            Field("how", gettext_lazy("What is done"), is_writable=False),
            Field("state", gettext_lazy("State"), "choice", choices=JobState.choices,
                  is_writable=False),
            Field("total", gettext_lazy("Rows"), "number", is_writable=False),
            Field("done", gettext_lazy("Rows that are done"), "number", is_writable=False),
            Field("refused", pgettext_lazy("rows", "Refused"), "number", is_writable=False),
            Field("reasons", gettext_lazy("Why"), "rows", is_writable=False, is_filterable=False,
                  read=lambda row: [{"reason": text, "rows": number}
                                    for text, number in row.reasons.items()],
                  parts=(Field("reason", gettext_lazy("Why")),
                         Field("rows", gettext_lazy("Rows")))),
            Field("created_at", gettext_lazy("created"), "moment", is_writable=False),
        ),
        actions=(Action("undo", gettext_lazy("Undo"), "api.use", _undo),),
    )
)  # fmt: skip
