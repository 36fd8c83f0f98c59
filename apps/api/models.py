"""Keys of programs, and what was answered to a request that may come again."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import BaseModel


class ApiToken(BaseModel):
    """A key by which a program acts for a person, within that person's rights and these scopes.

    Only a digest of the secret is kept; ``prefix`` is what tells one key from another on a screen.
    """

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(_("scopes"), default=list)  # ["counterparties:read", "*:write", …]
    expires_at = models.DateTimeField(_("good until"), null=True, blank=True)
    used_at = models.DateTimeField(_("latest use"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        indexes = [models.Index(fields=["user", "-created_at"], name="api_token_of_user")]

    def __str__(self) -> str:
        return self.name


class ApiReplay(models.Model):
    """The answer to a request with an ``Idempotency-Key``; the same request again is given it."""

    id = models.BigAutoField(primary_key=True)
    owner = models.UUIDField()  # the token, or the person when a page asks
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(null=True)
    etag = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="api_replay_unique_key")
        ]
        indexes = [models.Index(fields=["created_at"], name="api_replay_by_age")]

    def __str__(self) -> str:
        return f"{self.key} of {self.owner}"
