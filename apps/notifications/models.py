"""What a person should know, and how they want to be told."""

from __future__ import annotations

from datetime import time

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import BaseModel


class Notification(BaseModel):
    """One notice to one person; the sentence is made on the screen from kind and values.

    ``mail_at`` is when it is to be mailed (after quiet hours), ``is_for_digest`` waits for the
    letter of the day; both are cleared once that has been done.
    """

    user = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="notifications"
    )
    kind = models.CharField(max_length=50)
    values = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    is_in_bell = models.BooleanField(default=True)
    is_for_browser = models.BooleanField(default=False)
    is_for_digest = models.BooleanField(default=False)
    mail_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["user", "-created_at"], name="notification_by_user"),
            models.Index(
                fields=["user", "created_at"], condition=Q(is_for_digest=True),
                name="notification_for_digest",
            ),
            models.Index(
                fields=["mail_at"], condition=Q(mail_at__isnull=False), name="notification_to_mail"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} to {self.user_id}"


class NoticeSettings(BaseModel):
    """How one person wants to be told: channels by topic, quiet hours, the letter of the day.

    Hours are those of the person's time zone; topics that are absent go the usual way.
    """

    user = models.OneToOneField(
        "accounts.User", on_delete=models.CASCADE, related_name="notice_settings"
    )
    channels = models.JSONField(default=dict)  # {topic: [channel, …]}
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    is_weekend_quiet = models.BooleanField(_("quiet at weekends"), default=False)
    digest_at = models.TimeField(_("letter of the day at"), default=time(8, 30))
    digest_sent_on = models.DateField(null=True, blank=True, editable=False)

    def __str__(self) -> str:
        return f"settings of {self.user_id}"
