"""Readers of the journal, what was purged of it, and the links between the centre and offices.

The journal itself is made by SQL. A link has the same shape at both ends: numbers, positions of its
own journal, what waits to be acknowledged (``docs/protocol/replication.md``).
"""

from __future__ import annotations

from uuid import UUID

import uuid_utils.compat
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Reader(models.Model):
    """A reader that keeps its place in the journal; the slowest one holds the lines back."""

    name = models.CharField(max_length=100, unique=True)
    position = models.TextField()
    updated_at = models.DateTimeField()
    lines_behind = models.BigIntegerField(default=0)
    oldest_unread_at = models.DateTimeField(null=True)
    alarmed_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("journal reader")
        verbose_name_plural = _("journal readers")

    def __str__(self) -> str:
        return self.name


class JournalPurge(models.Model):
    """Lines that were removed: all of them belong to transactions up to ``through``."""

    through = models.BigIntegerField()
    lines = models.BigIntegerField()
    purged_at = models.DateTimeField()

    class Meta:
        verbose_name = _("journal purge")
        verbose_name_plural = _("journal purges")

    def __str__(self) -> str:
        return f"{self.lines} lines through {self.through}"


class _Keyed(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid_utils.compat.uuid7, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        abstract = True


class Side(models.TextChoices):
    """Which end of the link this database is."""

    CENTRE = "centre", pgettext_lazy("replication", "Centre")
    BRANCH = "branch", pgettext_lazy("replication", "Branch office")


class NodeState(models.TextChoices):
    WAITING = "waiting", _("Waiting for the office to join")
    COPYING = "copying", _("First copy under way")
    LIVE = "live", _("In exchange")
    NEEDS_IMAGE = "needs_image", _("Needs a new copy")
    REVOKED = "revoked", _("Access withdrawn")


class BranchNode(_Keyed):
    """A branch office and the link to it: at the centre one for each office, at an office its own.

    ``id`` is the same at both ends and is the origin of journal lines that came over the link.
    """

    side = models.CharField(max_length=6, choices=Side.choices, default=Side.CENTRE)
    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(_("number prefix"), max_length=2)
    state = models.CharField(max_length=12, choices=NodeState.choices, default=NodeState.WAITING)
    scope = models.JSONField(default=dict)  # {rule: {"choice": …, "values": […]}}, see plan.Rule
    schedule = models.JSONField(default=dict)  # {"every": minutes} | {"at": ["09:00"]} | {}
    number_block = models.PositiveSmallIntegerField(default=0)  # of document numbers, 0: centre
    seats = models.PositiveSmallIntegerField(_("seats"), default=0)  # 0: no limit
    join_code_digest = models.CharField(max_length=64, blank=True)
    join_code_until = models.DateTimeField(null=True)
    incarnation = models.UUIDField(default=uuid_utils.compat.uuid7)  # new after a new image
    public_key = models.BinaryField(default=bytes)  # Ed25519 of the other end, raw, 32 bytes
    private_key = models.BinaryField(default=bytes)  # ours, encrypted with this server's secret
    file_key = models.BinaryField(default=bytes)  # for messages in files, encrypted likewise
    address = models.CharField(max_length=300, blank=True)  # of the centre; at an office
    company_id = models.UUIDField(null=True)  # of the centre, named in every message

    sent_number = models.PositiveBigIntegerField(default=0)
    acknowledged_number = models.PositiveBigIntegerField(default=0)
    received_number = models.PositiveBigIntegerField(default=0)
    is_within_batch = models.BooleanField(default=False)  # received a part of a batch only
    position = models.TextField(blank=True)  # of our journal, where the latest batch ends
    acknowledged_position = models.TextField(blank=True)  # … the latest acknowledged batch
    scope_sent = models.JSONField(null=True)  # the scope that the other end holds
    whole_sent = models.JSONField(default=dict)  # {table: digest} of tables that travel whole
    clock_offset = models.FloatField(default=0)  # seconds that the other clock is ahead

    met_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=300, blank=True)  # why the latest exchange failed
    told = models.JSONField(default=dict)  # what the other end says of itself

    class Meta:
        verbose_name = _("branch office")
        verbose_name_plural = _("branch offices")
        constraints = [
            models.UniqueConstraint(fields=["prefix"], name="branch_node_unique_prefix"),
            models.UniqueConstraint(
                fields=["join_code_digest"], condition=~models.Q(join_code_digest=""),
                name="branch_node_unique_code",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class OutgoingMessage(_Keyed):
    """A message that has not been acknowledged; its bytes are sent again unchanged."""

    node = models.ForeignKey(BranchNode, on_delete=models.CASCADE, related_name="outgoing")
    number = models.PositiveBigIntegerField()
    head = models.BinaryField()  # JSON, as signed
    signature = models.BinaryField()  # Ed25519 over ``head``, 64 bytes
    body = models.BinaryField()  # zstd; its SHA-256 stands in the head
    rows = models.PositiveIntegerField(default=0)
    position = models.TextField(blank=True)  # where the batch ends; only in its latest message

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["node", "number"], name="outgoing_message_number")
        ]

    def __str__(self) -> str:
        return f"{self.node_id} no. {self.number}"


class MessagePart(models.Model):
    """A part of a message that is arriving."""

    id = models.BigAutoField(primary_key=True)
    node = models.ForeignKey(BranchNode, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveBigIntegerField()
    offset = models.PositiveBigIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["node", "number", "offset"], name="message_part_offset")
        ]

    def __str__(self) -> str:
        return f"{self.number} from {self.offset}"


class Direction(models.TextChoices):
    IN = "in", pgettext_lazy("message", "Received")
    OUT = "out", pgettext_lazy("message", "Sent")


class MessageLog(_Keyed):
    """A message that was taken in or acknowledged, without its content."""

    node = models.ForeignKey(BranchNode, on_delete=models.CASCADE, related_name="messages")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    incarnation = models.UUIDField()
    number = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)  # of the head: one number has one content
    rows = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    parked = models.PositiveIntegerField(default=0)
    conflicts = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0)
    position = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["node", "direction", "incarnation", "number"], name="message_log_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.number}"


class Membership(models.Model):
    """A row of a restricted table that an office holds, as of the latest message packed for it."""

    id = models.BigAutoField(primary_key=True)
    node = models.ForeignKey(BranchNode, on_delete=models.CASCADE, related_name="+", db_index=False)
    table = models.CharField(max_length=63)
    key = models.UUIDField()
    is_reference = models.BooleanField(default=False)  # only because another row points to it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["node", "table", "key"], name="membership_unique")
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.key}"


class Departed(models.Model):
    """A row that was withdrawn from an office or deleted, until the office has acknowledged that.

    What it did to the row before it knew is still taken.
    """

    id = models.BigAutoField(primary_key=True)
    node = models.ForeignKey(BranchNode, on_delete=models.CASCADE, related_name="+", db_index=False)
    table = models.CharField(max_length=63)
    key = models.UUIDField()
    number = models.PositiveBigIntegerField()  # of the latest message of the batch that told it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["node", "table", "key"], name="departed_unique")
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.key}"


class Resend(models.Model):
    """A row the other end has to be told again, whatever its journal says."""

    id = models.BigAutoField(primary_key=True)
    node = models.ForeignKey(BranchNode, on_delete=models.CASCADE, related_name="+", db_index=False)
    table = models.CharField(max_length=63)
    key = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["node", "table", "key"], name="resend_unique")
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.key}"


class Alias(_Keyed):
    """A key that was joined with another one: late changes of it land on ``key``."""

    table = models.CharField(max_length=63)
    former = models.UUIDField()
    key = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "former"], name="alias_unique_former")
        ]

    def __str__(self) -> str:
        return f"{self.table}: {self.former} is {self.key}"


class ParkedChange(_Keyed):
    """Quarantine: a change of the other end that could not go in, and why; tried again."""

    node = models.ForeignKey(BranchNode, on_delete=models.CASCADE, related_name="parked")
    number = models.PositiveBigIntegerField()
    table = models.CharField(max_length=63)
    key = models.UUIDField()
    operation = models.CharField(max_length=8)  # of the section: new, change, row, gone, away
    author = models.UUIDField(null=True)
    changed_at = models.DateTimeField(null=True)
    row = models.JSONField()  # column → value; of a change {"new": {…}, "base": {…}}
    reason = models.CharField(max_length=20)  # no_parent, not_unique, check, not_in_scope …
    detail = models.CharField(max_length=300, blank=True)
    tried_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["node", "table", "key", "operation", "number"], name="parked_change_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.key}: {self.reason}"


class ConflictKind(models.TextChoices):
    FIELD = "field", _("Both changed the same field")
    DELETED = "deleted", _("One deleted what the other changed")
    PARENT = "parent", _("One deleted what the other added to")
    SAME_KEY = "same_key", _("Both entered the same")
    RENAMED = "renamed", _("A name or number was given out twice")


class Winner(models.TextChoices):
    CENTRE = "centre", pgettext_lazy("conflict", "Centre")
    BRANCH = "branch", pgettext_lazy("conflict", "Office")
    SUM = "sum", pgettext_lazy("conflict", "Sum of both")
    NOBODY = "nobody", pgettext_lazy("conflict", "Nobody yet")


class Conflict(_Keyed):
    """What both sides changed: both values, who and when, who won; the loser can be taken yet."""

    node = models.ForeignKey(BranchNode, on_delete=models.CASCADE, related_name="conflicts")
    kind = models.CharField(max_length=10, choices=ConflictKind.choices)
    table = models.CharField(max_length=63)
    key = models.UUIDField()
    other_key = models.UUIDField(null=True)  # same_key: the row that may be joined with it
    column = models.CharField(max_length=63, blank=True)
    base = models.JSONField(null=True)
    centre = models.JSONField(null=True)
    branch = models.JSONField(null=True)
    centre_author = models.UUIDField(null=True)
    branch_author = models.UUIDField(null=True)
    centre_at = models.DateTimeField(null=True)
    branch_at = models.DateTimeField(null=True)  # by the centre's clock
    winner = models.CharField(max_length=6, choices=Winner.choices)
    policy = models.CharField(max_length=10)
    number = models.PositiveBigIntegerField(default=0)  # of the message that brought it
    is_open = models.BooleanField(default=True)  # somebody should look
    resolved_by = models.UUIDField(null=True)
    resolved_at = models.DateTimeField(null=True)
    taken = models.CharField(max_length=6, blank=True)  # whose value a person took

    class Meta:
        verbose_name = _("conflict")
        verbose_name_plural = _("conflicts")
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="conflict_latest"),
            models.Index(fields=["key"], name="conflict_by_row"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.table} {self.key} {self.column}"

    @property
    def loser(self) -> UUID | None:
        """The author of the value that lost."""
        return self.branch_author if self.winner == Winner.CENTRE else self.centre_author
