"""Money that came."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import BaseModel, Extensible, FromNode
from apps.counterparties.models import Counterparty


class PaymentKind(models.TextChoices):
    BANK = "bank", _("Bank transfer")
    CASH = "cash", _("Cash")
    CARD = "card", _("Card")


class Payment(BaseModel, FromNode, Extensible):
    """A payment of a counterparty. Owned by 1C: the CRM never changes what came from there.

    The values of own fields are the CRM's, of every payment.
    """

    number = models.CharField(_("number"), max_length=50, blank=True)
    paid_on = models.DateField(_("paid on"))
    counterparty = models.ForeignKey(
        Counterparty, null=True, blank=True, on_delete=models.PROTECT, related_name="payments"
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=PaymentKind.choices, default=PaymentKind.BANK
    )
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    purpose = models.CharField(_("purpose"), max_length=500, blank=True)
    is_posted = models.BooleanField(_("posted"), default=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.UniqueConstraint(
                fields=["node_id", "ref"],
                condition=models.Q(node_id__isnull=False),
                name="payment_unique_ref",
            )
        ]
        indexes = [
            models.Index(fields=["paid_on", "id"], name="payment_by_day"),
            models.Index(fields=["-amount", "-id"], name="payment_by_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.amount} {self.currency}"
