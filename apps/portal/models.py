"""Personal links of customers' people, and what is said on the page behind them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import BaseModel
from apps.counterparties.models import ContactPerson, Counterparty


class PortalLink(BaseModel):
    """A link by which one person of a customer sees what concerns that customer.

    The base keeps the SHA-256 of its token alone: the link itself is shown once. ``shows`` are the
    kinds of documents its maker may see.
    """

    counterparty = models.ForeignKey(
        Counterparty, on_delete=models.CASCADE, related_name="portal_links"
    )
    person = models.ForeignKey(
        ContactPerson, verbose_name=_("contact person"), on_delete=models.CASCADE, related_name="+"
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    shows = models.JSONField(default=list)
    language = models.CharField(_("language"), max_length=5, blank=True)
    expires_at = models.DateTimeField(_("good until"))
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    author = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("customer's link")
        verbose_name_plural = _("customers' links")

    def __str__(self) -> str:
        return f"{self.person_id} until {self.expires_at:%Y-%m-%d}"


class PortalMessage(BaseModel):
    """What a customer's person wrote about a document, or what we answered (``author``)."""

    counterparty = models.ForeignKey(Counterparty, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    key = models.UUIDField()
    person = models.ForeignKey(
        ContactPerson, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    author = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("message of a customer")
        verbose_name_plural = _("messages of customers")
        indexes = [
            models.Index(fields=["counterparty", "-created_at"], name="portal_message_of_customer"),
            models.Index(fields=["kind", "key", "created_at"], name="portal_message_of_card"),
        ]

    def __str__(self) -> str:
        return self.text[:60]
