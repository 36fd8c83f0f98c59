"""Readers of the journal, and what was purged of it. The journal itself is made by SQL."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


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
