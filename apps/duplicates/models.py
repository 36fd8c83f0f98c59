"""Pairs that look like one, merges that can be undone, and where merged rows went."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import BaseModel


class PairState(models.TextChoices):
    OPEN = "open", _("To be looked at")
    DISMISSED = "dismissed", _("They are two")
    MERGED = "merged", _("Merged")


class DuplicatePair(BaseModel):
    """Two rows of a kind that may be one; ``first`` is the smaller key."""

    kind = models.CharField(max_length=80)
    first = models.UUIDField()
    second = models.UUIDField()
    score = models.PositiveSmallIntegerField(_("sure"))  # of a hundred
    reasons = models.JSONField(default=list)  # keys of the fields that are alike, "~name"
    state = models.CharField(max_length=10, choices=PairState.choices, default=PairState.OPEN)
    decided_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("pair")
        verbose_name_plural = _("pairs")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "first", "second"], name="duplicate_pair_unique"
            )
        ]
        indexes = [
            models.Index(fields=["kind", "state", "-score", "id"], name="duplicate_pair_queue"),
            models.Index(fields=["second"], name="duplicate_pair_second"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first} {self.second}"


class Search(BaseModel):
    """The latest search for duplicates of a kind."""

    kind = models.CharField(max_length=80, unique=True)
    is_running = models.BooleanField(default=False)
    found = models.PositiveIntegerField(default=0)
    row_count = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("search for duplicates")
        verbose_name_plural = _("searches for duplicates")

    def __str__(self) -> str:
        return self.kind


class Merge(BaseModel):
    """Several rows that were made one, with everything it takes to part them again."""

    kind = models.CharField(max_length=80)
    kept = models.UUIDField()
    title = models.CharField(max_length=250)
    former_titles = models.JSONField(default=list)
    before = models.JSONField(default=dict, encoder=DjangoJSONEncoder)  # the kept row's columns
    rows = models.JSONField(default=list, encoder=DjangoJSONEncoder)  # those that went, whole
    moved = models.JSONField(default=list)  # [table, key column, key, column, former value]
    removed = models.JSONField(default=list, encoder=DjangoJSONEncoder)  # [table, row]
    by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        indexes = [models.Index(fields=["-created_at", "-id"], name="merge_latest")]

    def __str__(self) -> str:
        return self.title


class MergedRow(models.Model):
    """A row that went into another one: whoever asks for it is led there."""

    id = models.BigAutoField(primary_key=True)
    merge = models.ForeignKey(Merge, on_delete=models.CASCADE, related_name="merged")
    kind = models.CharField(max_length=80)
    key = models.UUIDField()
    kept = models.UUIDField()
    node_id = models.UUIDField(null=True)  # of 1C, with the identifier it had there
    ref = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = _("merged row")
        verbose_name_plural = _("merged rows")
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="merged_row_unique")]
        indexes = [
            models.Index(fields=["kept"], name="merged_row_into"),
            models.Index(
                fields=["node_id", "ref"], condition=models.Q(node_id__isnull=False),
                name="merged_row_by_ref",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
