"""1C instances of a company, what they sent and what became of it.

Three layers: an ``Upload`` is one HTTP login of 1C and the files it brought; an
``ExchangeSession`` is
the run a person sees (УТ logs in anew for every portion of it); a ``SentFile`` is taken as a whole
or
not at all. ``docs/protocol/exchange-sessions.md`` draws the states.
"""

from __future__ import annotations

import uuid_utils.compat
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exchange.options import NodeOptions


class _Keyed(models.Model):
    """UUIDv7 key and the moment of making."""

    id = models.UUIDField(primary_key=True, default=uuid_utils.compat.uuid7, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        abstract = True


class Configuration(models.TextChoices):
    """The configuration of 1C behind a node; it decides what the connection page tells."""

    UT = "ut", _("1C:Trade Management 11")
    KA = "ka", _("1C:Comprehensive Automation 2")
    ERP = "erp", _("1C:ERP 2")
    RETAIL = "retail", _("1C:Retail 2")
    UNF = "unf", _("1C:Small Business (UNF)")
    BUS = "bus", _("1C-Bitrix exchange module")
    MOYSKLAD = "moysklad", _("MoySklad")
    OTHER = "other", _("Another program that speaks CommerceML")


class Node(_Keyed):
    """A 1C instance that exchanges with the company: its login, settings and position."""

    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(
        _("configuration"), max_length=10, choices=Configuration.choices, default=Configuration.UT
    )
    login = models.CharField(_("login"), max_length=60, unique=True)
    password = models.CharField(max_length=200, editable=False)
    password_set_at = models.DateTimeField(null=True, editable=False)
    is_active = models.BooleanField(_("exchange allowed"), default=True)
    file_limit = models.PositiveIntegerField(_("bytes in one part of a file"), default=10_485_760)
    accepts_zip = models.BooleanField(_("accepts zip"), default=True)
    settings = models.JSONField(default=dict, blank=True)
    first_contact_at = models.DateTimeField(null=True, editable=False)
    latest_contact_at = models.DateTimeField(null=True, editable=False)
    latest_address = models.GenericIPAddressField(null=True, editable=False)
    user_agent = models.CharField(max_length=200, blank=True, editable=False)
    # Everything up to this journal position is known to 1C: it confirmed by ``success``.
    acknowledged_position = models.TextField(blank=True, editable=False)
    acknowledged_query_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("1C connection")
        verbose_name_plural = _("1C connections")
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name

    @property
    def options(self) -> NodeOptions:
        """The settings as typed values."""
        return NodeOptions.read(self.settings)


class Subject(models.TextChoices):
    """What an upload and a run are about: the ``type`` of the protocol."""

    CATALOG = "catalog", _("Products, prices and stock")
    SALE = "sale", _("Orders")
    REFERENCE = "reference", _("Directories")


class SessionState(models.TextChoices):
    RECEIVING = "receiving", _("Receiving")
    QUEUED = "queued", _("Waiting in the queue")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    DONE_WITH_PROBLEMS = "done_with_problems", _("Done, with problems")
    FAILED = "failed", _("Failed")
    INTERRUPTED = "interrupted", _("Interrupted")


class ExchangeSession(_Keyed):
    """One run of the exchange as a person sees it."""

    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="sessions")
    subject = models.CharField(max_length=10, choices=Subject.choices)
    state = models.CharField(
        max_length=20, choices=SessionState.choices, default=SessionState.RECEIVING
    )
    is_open = models.BooleanField(default=True)  # further uploads of the node may still join
    is_manual = models.BooleanField(default=False)  # a file that a person brought
    is_cancelled = models.BooleanField(default=False)
    repeats = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="again")
    # [{"catalog": ref, "scope": "catalog" | "offers"}]: whole by their headers or by ``deactivate``
    full = models.JSONField(default=list)
    full_by_request = models.BooleanField(default=False)
    author = models.UUIDField(null=True)
    started_at = models.DateTimeField(null=True)
    latest_contact_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    progress_current = models.BigIntegerField(default=0)
    progress_total = models.BigIntegerField(default=0)
    progress_file = models.CharField(max_length=300, blank=True)
    counts = models.JSONField(default=dict)  # {kind: {"read": …, "created": …, …}}
    closing_counts = models.JSONField(default=dict)  # the part of it made when the run ended
    problem_count = models.PositiveIntegerField(default=0)
    sent_documents = models.PositiveIntegerField(default=0)
    cause = models.CharField(max_length=40, blank=True)  # key of ``exchange.sentences.CAUSES``
    cause_values = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("exchange session")
        verbose_name_plural = _("exchange sessions")
        ordering = ("-created_at", "-id")
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="exchange_session_latest"),
            models.Index(
                fields=["queued_at"],
                condition=Q(queued_at__isnull=False),
                name="exchange_session_queue",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["node", "subject"],
                condition=Q(is_open=True),
                name="exchange_session_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.node_id} {self.subject} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_under_way(self) -> bool:
        """Tell whether it goes on: files arrive, wait or are being taken."""
        return self.state in (SessionState.RECEIVING, SessionState.QUEUED, SessionState.RUNNING)

    @property
    def percent(self) -> int:
        """How far the file being taken is, never quite at its end; 0 when its size is not known."""
        if not self.progress_total:
            return 0
        return min(99, self.progress_current * 100 // self.progress_total)


class Upload(_Keyed):
    """One HTTP login of 1C: the area its files stand in and what ``query`` told it."""

    cookie = models.UUIDField()  # one login may speak of several subjects
    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="uploads")
    subject = models.CharField(max_length=10, choices=Subject.choices)
    session = models.ForeignKey(
        ExchangeSession, on_delete=models.CASCADE, null=True, related_name="uploads"
    )
    version = models.CharField(max_length=10, blank=True)
    cml_version = models.CharField(max_length=10, blank=True)
    latest_contact_at = models.DateTimeField()
    pending_position = models.TextField(blank=True)
    queried_at = models.DateTimeField(null=True)
    query_count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        constraints = [
            models.UniqueConstraint(fields=["cookie", "subject"], name="exchange_upload_unique")
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.cookie}"


class FileState(models.TextChoices):
    RECEIVING = "receiving", _("Receiving")
    WAITING = "waiting", _("Waiting")
    TAKING = "taking", _("Being read")
    DONE = "done", _("Taken")
    FAILED = "failed", _("Failed")
    SKIPPED = "skipped", _("Skipped")
    DROPPED = "dropped", _("Replaced by 1C")


class FileKind(models.TextChoices):
    XML = "xml", _("Data")
    ZIP = "zip", _("Archive")
    OTHER = "other", _("Picture or attachment")


class UploadedFile(_Keyed):
    """A file 1C sent in parts, or one found in its archive; taken whole or not at all."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="files")
    session = models.ForeignKey(ExchangeSession, on_delete=models.CASCADE, related_name="files")
    container = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, related_name="members"
    )
    is_current = models.BooleanField(default=True)  # ``init`` puts the former ones aside
    position = models.PositiveIntegerField(default=0)  # order of arrival in its upload
    name = models.CharField(max_length=300)  # normalised
    kind = models.CharField(max_length=5, choices=FileKind.choices, default=FileKind.XML)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=FileState.choices, default=FileState.RECEIVING)
    attempts = models.PositiveSmallIntegerField(default=0)
    is_requested = models.BooleanField(default=False)  # 1C asked; else our own clock did
    requested_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)
    headers = models.JSONField(default=list)  # [{"catalog", "is_offers", "changes_only"}]
    problem_count = models.PositiveIntegerField(default=0)
    cause = models.CharField(max_length=40, blank=True)
    cause_values = models.JSONField(default=dict)
    is_purged = models.BooleanField(default=False)  # bytes removed after the retention time

    class Meta:
        verbose_name = _("exchange file")
        verbose_name_plural = _("exchange files")
        ordering = ("created_at", "position", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["upload", "name"],
                condition=Q(is_current=True),
                name="exchange_file_unique_name",
            )
        ]
        indexes = [
            models.Index(
                fields=["session"],
                condition=Q(state__in=["waiting", "taking"]),
                name="exchange_file_pending",
            )
        ]

    def __str__(self) -> str:
        return self.name


class FilePart(models.Model):
    """One POST's worth of a file, stored as an object of its own and never changed."""

    id = models.UUIDField(primary_key=True, default=uuid_utils.compat.uuid7, editable=False)
    file = models.ForeignKey(UploadedFile, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    size = models.BigIntegerField()
    stored_as = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("part of a file")
        verbose_name_plural = _("parts of files")
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="exchange_part_unique_number")
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.stored_as}"


class SessionProblem(_Keyed):
    """One value of a run that could not be taken, in terms that make a sentence in any language."""

    session = models.ForeignKey(ExchangeSession, on_delete=models.CASCADE, related_name="problems")
    file = models.ForeignKey(UploadedFile, on_delete=models.CASCADE, null=True)
    code = models.CharField(max_length=40)
    file_name = models.CharField(max_length=300, blank=True)
    line = models.PositiveIntegerField(default=0)
    element = models.CharField(max_length=300, blank=True)
    value = models.CharField(max_length=200, blank=True)
    ref = models.CharField(max_length=120, blank=True)
    name = models.CharField(max_length=250, blank=True)
    kept = models.CharField(max_length=40, blank=True)

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        ordering = ("created_at", "id")
        indexes = [models.Index(fields=["session", "code"], name="exchange_problem_by_code")]

    def __str__(self) -> str:
        return f"{self.file_name}:{self.line} {self.code}"


class ParkedRow(_Keyed):
    """A row that waits for something 1C has not sent yet; offered again after later files."""

    node = models.ForeignKey(Node, on_delete=models.CASCADE, related_name="parked")
    session = models.ForeignKey(ExchangeSession, on_delete=models.SET_NULL, null=True)
    rank = models.PositiveIntegerField()
    row_type = models.CharField(max_length=40)
    key = models.CharField(max_length=400)
    body = models.JSONField()
    file_name = models.CharField(max_length=300)
    catalog_ref = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("waiting row")
        verbose_name_plural = _("waiting rows")
        ordering = ("rank", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["node", "row_type", "key"], name="exchange_parked_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.row_type} {self.key}"


class SeenKeys(_Keyed):
    """Keys that one batch of a run named: what a full run left out is what stands in none of them.

    Written by ``exchange.staging`` in the transaction of the file, a row for thousands of keys.
    """

    node_id = models.UUIDField()
    session_id = models.UUIDField()
    kind = models.CharField(max_length=20)
    catalog_ref = models.CharField(max_length=120, blank=True)
    keys = ArrayField(models.UUIDField())

    class Meta:
        verbose_name = _("keys seen in a run")
        verbose_name_plural = _("keys seen in a run")
        indexes = [models.Index(fields=["node_id", "session_id", "kind"], name="exchange_seen_run")]

    def __str__(self) -> str:
        return f"{self.session_id} {self.kind}"
