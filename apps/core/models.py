"""What every room stands on: keys, moments, the company's own organizations and settings."""

from __future__ import annotations

import uuid_utils.compat
from django.db import models
from django.db.models.functions import MD5
from django.utils.translation import gettext_lazy as _


class BaseModel(models.Model):
    """UUIDv7 key (time-ordered, made on any side) and the moments of a row."""

    id = models.UUIDField(primary_key=True, default=uuid_utils.compat.uuid7, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        abstract = True


class FromNode(models.Model):
    """A row that a 1C may own: the node it came from and the identifier it has there.

    A row made in the CRM has no node and an empty ``ref``.
    """

    node_id = models.UUIDField(null=True, blank=True, editable=False)
    ref = models.CharField(max_length=120, blank=True, editable=False)
    is_archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        abstract = True


class Extensible(models.Model):
    """A row to which administrators add fields: their values by key of the field."""

    custom = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        abstract = True


class Organization(BaseModel, FromNode):
    """A legal entity of the company itself: who sells."""

    name = models.CharField(_("name"), max_length=250)
    full_name = models.CharField(_("full name"), max_length=500, blank=True)
    tax_number = models.CharField(_("tax number"), max_length=20, blank=True)
    tax_reason_code = models.CharField(_("tax reason code (KPP)"), max_length=9, blank=True)
    registration_number = models.CharField(_("registration number"), max_length=20, blank=True)
    address = models.CharField(_("address"), max_length=500, blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    director = models.CharField(_("director"), max_length=150, blank=True)
    accountant = models.CharField(_("chief accountant"), max_length=150, blank=True)
    bank_name = models.CharField(_("bank"), max_length=250, blank=True)
    bank_code = models.CharField(_("bank code (BIC)"), max_length=20, blank=True)
    bank_account = models.CharField(_("account number or IBAN"), max_length=40, blank=True)
    correspondent_account = models.CharField(_("correspondent account"), max_length=40, blank=True)
    invoice_prefix = models.CharField(_("invoice number prefix"), max_length=4, blank=True)
    is_default = models.BooleanField(_("used by default"), default=False)

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        constraints = [
            models.UniqueConstraint(
                fields=["node_id", "ref"],
                condition=models.Q(node_id__isnull=False),
                name="organization_unique_ref",
            ),
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="organization_one_default",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StockCheck(models.TextChoices):
    IGNORE = "ignore", _("Do not check")
    WARN = "warn", _("Warn")
    REFUSE = "refuse", _("Refuse")


class CompanySettings(models.Model):
    """Settings of the company: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    stock_check = models.CharField(
        _("when an invoice asks for more than is free"),
        max_length=10,
        choices=StockCheck.choices,
        default=StockCheck.WARN,
    )
    has_demo_data = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="company_settings_one_row")
        ]

    def __str__(self) -> str:
        return "settings"


class UserPreference(models.Model):
    """How one person likes a screen: the columns of a list, what is folded."""

    id = models.BigAutoField(primary_key=True)
    user_id = models.UUIDField()
    key = models.CharField(max_length=80)
    value = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user_id", "key"], name="user_preference_unique_key")
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.user_id}"


class Sharing(models.TextChoices):
    PRIVATE = "private", _("Only me")
    TEAM = "team", _("My team")
    COMPANY = "company", _("Everybody")


class SavedView(BaseModel):
    """A list as somebody likes it: its address and columns, under a name."""

    list_key = models.CharField(max_length=60)
    name = models.CharField(_("name"), max_length=80)
    address = models.TextField(blank=True)  # ``f=…&sort=…``, without page and parts
    sharing = models.CharField(
        _("who sees it"), max_length=10, choices=Sharing.choices, default=Sharing.PRIVATE
    )
    user_id = models.UUIDField()  # who made it
    team_id = models.UUIDField(null=True, blank=True)
    is_default = models.BooleanField(default=False)  # what everybody sees first
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["list_key"], condition=models.Q(is_default=True),
                name="saved_view_one_default",
            ),
        ]
        indexes = [
            models.Index(fields=["list_key", "position", "id"], name="saved_view_by_list")
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class FormerView(BaseModel):
    """A saved view as it was before it was changed or deleted; kept for a time."""

    view_id = models.UUIDField()
    list_key = models.CharField(max_length=60)
    name = models.CharField(max_length=80)
    address = models.TextField(blank=True)
    sharing = models.CharField(max_length=10, choices=Sharing.choices)
    user_id = models.UUIDField()  # who made the view
    team_id = models.UUIDField(null=True, blank=True)
    is_default = models.BooleanField(default=False)
    position = models.PositiveIntegerField(default=0)
    changed_by_id = models.UUIDField()
    changed_at = models.DateTimeField()
    # The version that took its place; empty when the view was deleted.
    followed_by = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["list_key", "-changed_at", "-id"], name="former_view_of_list"),
            models.Index(fields=["changed_at"], name="former_view_by_age"),
        ]

    def __str__(self) -> str:
        return self.name


class Remembered(models.Model):
    """What a person looked at lately, or put into the side bar."""

    id = models.BigAutoField(primary_key=True)
    user_id = models.UUIDField()
    url = models.CharField(max_length=2000)
    title = models.CharField(max_length=120)
    icon = models.CharField(max_length=40)
    is_pinned = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "user_id", MD5("url"), name="remembered_unique_url"
            )
        ]
        indexes = [
            models.Index(fields=["user_id", "-is_pinned", "-seen_at"], name="remembered_by_person")
        ]

    def __str__(self) -> str:
        return self.title


class JobState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("at work")
    DONE = "done", _("done")
    UNDOING = "undoing", _("being undone")
    UNDONE = "undone", _("undone")


class BulkJob(BaseModel):
    """One change of many rows of a kind; kept for a day so that it can be undone."""

    kind = models.CharField(max_length=60)
    user_id = models.UUIDField()
    field = models.CharField(max_length=80, blank=True)  # "" for the archive
    how = models.CharField(max_length=10)  # set, add, remove, archive, restore
    value = models.JSONField(default=list)
    list_key = models.CharField(max_length=60, blank=True)
    address = models.TextField(blank=True)  # of the list whose matching rows are meant
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    reasons = models.JSONField(default=dict)  # sentence -> how many rows

    class Meta:
        indexes = [models.Index(fields=["state", "updated_at"], name="bulk_job_by_state")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.how} {self.field}".strip()


class RowState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")
    UNDONE = "undone", _("undone")


class BulkRow(models.Model):
    """One row of a job: what it was before."""

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(BulkJob, on_delete=models.CASCADE, related_name="rows", db_index=False)
    row_id = models.UUIDField()
    state = models.CharField(max_length=10, choices=RowState.choices, default=RowState.WAITING)
    former = models.JSONField(null=True)
    after_at = models.DateTimeField(null=True)  # ``updated_at`` that the job left behind

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "row_id"], name="bulk_row_unique_row")
        ]
        indexes = [models.Index(fields=["job", "state", "id"], name="bulk_row_by_state")]

    def __str__(self) -> str:
        return f"{self.row_id}: {self.state}"


class ExportState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("at work")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")


class Every(models.TextChoices):
    DAY = "day", _("every day")
    WEEK = "week", _("every week")


class ExportSchedule(BaseModel):
    """A list that is sent to a person by the clock: every day, or on a day of the week."""

    user_id = models.UUIDField()
    list_key = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    address = models.TextField(blank=True)
    view_id = models.UUIDField(null=True, blank=True)  # the saved view, as it stands by then
    columns = models.JSONField(default=list)
    kind = models.CharField(max_length=4)  # xlsx or csv
    every = models.CharField(_("how often"), max_length=5, choices=Every.choices)
    weekday = models.PositiveSmallIntegerField(_("day of the week"), default=0)  # Monday is 0
    hour = models.PositiveSmallIntegerField(_("hour"), default=7)
    next_at = models.DateTimeField()
    is_active = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_at", "id"], condition=models.Q(is_active=True),
                name="export_schedule_due",
            ),
            models.Index(fields=["user_id", "id"], name="export_schedule_of_person"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title}: {self.every}"


class ExportJob(BaseModel):
    """A list being made into a file, and the file: for its owner alone, for a week."""

    user_id = models.UUIDField()
    list_key = models.CharField(max_length=60)
    title = models.CharField(max_length=120)
    address = models.TextField(blank=True)
    columns = models.JSONField(default=list)
    kind = models.CharField(max_length=4)  # xlsx or csv
    state = models.CharField(
        max_length=10, choices=ExportState.choices, default=ExportState.WAITING
    )
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    file = models.CharField(max_length=200, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    schedule = models.ForeignKey(
        ExportSchedule, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(fields=["user_id", "-created_at", "-id"], name="export_job_of_person"),
            models.Index(fields=["state", "updated_at"], name="export_job_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.state}"

    @property
    def file_name(self) -> str:
        """Return what the file is called where it is kept."""
        return f"{self.list_key}-{self.created_at:%Y-%m-%d}.{self.kind}"

    @property
    def is_active(self) -> bool:
        """Whether it is still being made."""
        return self.state in (ExportState.WAITING, ExportState.RUNNING)


class Tag(BaseModel):
    """A word that is put on rows of any kind; ``colour`` is one of eight."""

    name = models.CharField(_("name"), max_length=60)
    folded_name = models.CharField(max_length=60, editable=False)
    colour = models.PositiveSmallIntegerField(_("colour"), default=0)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        indexes = [models.Index(fields=["folded_name"], name="tag_by_name")]

    def __str__(self) -> str:
        return self.name


class Tagged(models.Model):
    """A row with tags: it keeps their keys itself, so that they travel and stand in the history.

    An index ``GinIndex(fields=["tags"], opclasses=["jsonb_path_ops"])`` answers
    ``tags__contains=[key]``.
    """

    tags = models.JSONField(_("tags"), default=list, blank=True)

    class Meta:
        abstract = True
