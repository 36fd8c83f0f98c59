"""What a person should know."""

from __future__ import annotations

from django.db import models

from apps.core.models import BaseModel


class Notification(BaseModel):
    """One notice to one person; the sentence is made on the screen from kind and values."""

    user = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="notifications"
    )
    kind = models.CharField(max_length=50)
    values = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-created_at"], name="notification_by_user")]

    def __str__(self) -> str:
        return f"{self.kind} to {self.user_id}"
