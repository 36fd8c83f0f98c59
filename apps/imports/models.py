"""Imports: a file that became rows, its lines, and what each row was before."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.models import BaseModel


class RunState(models.TextChoices):
    MAPPING = "mapping", _("Columns to be chosen")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked, nothing written yet")
    RUNNING = "running", _("Being written")
    DONE = "done", _("Imported")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")
    FAILED = "failed", _("Not read")


class Outcome(models.TextChoices):
    NEW = "new", pgettext_lazy("rows", "New")
    UPDATE = "update", _("Changed")
    SAME = "same", _("Unchanged")
    SKIP = "skip", _("Left out")
    ERROR = "error", _("With errors")


class ImportRun(BaseModel):
    """One file on its way: how it is read, what its columns mean, how far it has come."""

    kind = models.CharField(max_length=80)
    file_name = models.CharField(_("file"), max_length=250)
    stored_as = models.CharField(max_length=200, blank=True)  # "" once the bytes are removed
    size = models.BigIntegerField(default=0)
    state = models.CharField(
        _("state"), max_length=10, choices=RunState.choices, default=RunState.MAPPING
    )
    options = models.JSONField(default=dict)  # sources.Options
    headings = models.JSONField(default=list)
    samples = models.JSONField(default=list)  # a list of values for each column
    mapping = models.JSONField(default=list)  # {"field", "format"} for each column
    meanings = models.JSONField(default=dict)  # field: {text of the file: value or ""}
    settings = models.JSONField(default=dict)  # match, mode, empty, missing
    counts = models.JSONField(default=dict)  # of the check, then of the writing
    unknown = models.JSONField(default=dict)  # field: {text: times} that nothing answers to
    row_count = models.PositiveIntegerField(default=0)
    position = models.PositiveIntegerField(default=0)  # the line up to which it is done
    before_count = models.PositiveIntegerField(null=True)  # rows of the kind before and after
    after_count = models.PositiveIntegerField(null=True)
    failure = models.JSONField(default=dict)
    by = models.ForeignKey(
        "accounts.User", verbose_name=_("by"), null=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip
    begun_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = [models.Index(fields=["-created_at", "-id"], name="import_run_latest")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_under_way(self) -> bool:
        """Whether a worker has it in hand."""
        return self.state in (RunState.CHECKING, RunState.RUNNING, RunState.UNDOING)

    @property
    def percent(self) -> int:
        """How much of it is done."""
        return min(100, self.position * 100 // self.row_count) if self.row_count else 0


class ImportLine(models.Model):
    """A row of the file: as it stands there, as it was understood, what is to become of it."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(
        ImportRun, on_delete=models.CASCADE, related_name="lines", db_index=False
    )
    number = models.PositiveIntegerField()  # of the row in the file
    cells = ArrayField(models.TextField())
    values = models.JSONField(null=True)
    outcome = models.CharField(max_length=6, choices=Outcome.choices)
    target = models.UUIDField(null=True)
    problems = models.JSONField(default=list)  # [code, field, value]

    class Meta:
        verbose_name = _("line of an import")
        verbose_name_plural = _("lines of imports")
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="import_line_unique_number")
        ]
        indexes = [models.Index(fields=["run", "outcome", "number"], name="import_line_outcome")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.number}"


class ImportedRow(models.Model):
    """A row that an import wrote, with what it takes to undo it."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(
        ImportRun, on_delete=models.CASCADE, related_name="rows", db_index=False
    )
    kind = models.CharField(max_length=80)
    key = models.UUIDField()
    number = models.PositiveIntegerField()  # of the line
    is_new = models.BooleanField()
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)  # columns that were changed
    written_at = models.DateTimeField(null=True)  # the row's own moment after writing
    is_kept = models.BooleanField(default=False)  # undo left it: somebody has changed it since

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        constraints = [
            models.UniqueConstraint(fields=["run", "kind", "key"], name="imported_row_unique_key")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class KnownMapping(BaseModel):
    """What the columns of such a file meant the last time."""

    kind = models.CharField(max_length=80)
    fingerprint = models.CharField(max_length=64)  # of the headings
    mapping = models.JSONField(default=dict)  # folded heading: {"field", "format"}
    meanings = models.JSONField(default=dict)
    settings = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("known mapping")
        verbose_name_plural = _("known mappings")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "fingerprint"], name="known_mapping_unique_headings"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.fingerprint[:8]}"
