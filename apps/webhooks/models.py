"""Who outside wants to hear of changes, and what became of each telling."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import BaseModel


class Webhook(BaseModel):
    """A web address that is told of changes of some kinds, with the rights of its owner."""

    name = models.CharField(_("name"), max_length=100)
    url = models.CharField(_("address"), max_length=500)
    kinds = models.JSONField(_("what it hears of"), default=list)  # keys of kinds
    operations = models.JSONField(_("when"), default=list)  # created, changed, deleted
    secret = models.BinaryField(default=bytes)  # encrypted with this server's secret
    owner = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    is_active = models.BooleanField(_("active"), default=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    stopped_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return self.name


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Failed")


class WebhookDelivery(BaseModel):
    """One event on its way to one address; its key is what the receiver tells events apart by."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=80)  # counterparties.changed
    payload = models.JSONField()
    state = models.CharField(
        max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(default=0)  # of the latest answer; 0: there was none
    answer = models.TextField(blank=True)  # its beginning, or what went wrong
    milliseconds = models.PositiveIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(fields=["webhook", "-created_at", "-id"], name="webhook_delivery_log"),
            models.Index(
                fields=["next_at"],
                condition=models.Q(state="waiting"),
                name="webhook_delivery_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.webhook_id}"
