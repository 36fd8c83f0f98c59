"""What concerns the safety of a company: refused sign-ins, hostile input, changed rights."""

from __future__ import annotations

import uuid_utils.compat
from django.db import models


class SecurityEvent(models.Model):
    """One line of the security log; written once, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid_utils.compat.uuid7, editable=False)
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    kind = models.CharField(max_length=60)  # "exchange.password_refused", "sign_in.locked" …
    login = models.CharField(max_length=200, blank=True)
    address = models.GenericIPAddressField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ("-at", "-id")
        indexes = [
            models.Index(fields=["kind", "-at"], name="security_event_by_kind"),
            models.Index(fields=["login", "-at"], name="security_event_by_login"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind} {self.login}"
