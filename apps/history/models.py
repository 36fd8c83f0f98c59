"""The change history: what the journal told of rows that people look at, kept for years."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RowChange(models.Model):
    """A row that was made, changed or deleted, as one line of the journal told it."""

    id = models.BigAutoField(primary_key=True)
    line = models.BigIntegerField()  # of the journal
    table = models.CharField(max_length=63)
    key = models.UUIDField()
    owner = models.UUIDField()  # the row whose card shows it
    operation = models.CharField(max_length=1)  # I, U, D
    changed = models.JSONField(null=True)  # {column: [old, new]}
    author = models.UUIDField(null=True)
    origin = models.UUIDField(null=True)
    cause = models.CharField(max_length=100, blank=True)
    moment = models.DateTimeField()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        indexes = [
            models.Index(fields=["owner", "-moment", "-id"], name="row_change_of_card"),
            models.Index(fields=["moment"], name="row_change_by_moment"),
            models.Index(  # parts of a card that have one of their own
                fields=["key", "-moment", "-id"], condition=~models.Q(key=models.F("owner")),
                name="row_change_of_part",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.operation} {self.table} {self.key}"
