"""What the demonstration brought, so that it can be taken away again."""

from __future__ import annotations

from django.db import models

from apps.core.models import BaseModel


class DemoRecord(BaseModel):
    """A row made for the demonstration that belongs to no 1C of it."""

    label = models.CharField(max_length=60)  # "sales.Invoice"
    object_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["label", "object_id"], name="demo_record_unique")
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.object_id}"
