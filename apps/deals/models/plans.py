"""What is to be sold, and the rules of selling."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import BaseModel


class SalesPlan(BaseModel):
    """What a person, or without one the whole company, is to win in a month."""

    month = models.DateField(_("month"))  # its first day
    user = models.ForeignKey(
        "accounts.User", verbose_name=_("person"), null=True, blank=True,
        on_delete=models.CASCADE, related_name="+",
    )  # fmt: skip
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        constraints = [
            models.UniqueConstraint(
                fields=["month", "user", "currency"], name="sales_plan_unique",
                nulls_distinct=False,
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.amount}"


class DealSettings(BaseModel):
    """The rules of selling: one row, made when somebody first changes them."""

    discount_limit = models.DecimalField(
        _("discount without approval up to, %"), max_digits=5, decimal_places=2,
        default=Decimal(10),
    )  # fmt: skip
    quotation_days = models.PositiveSmallIntegerField(
        _("a quotation is valid for, days"), default=14
    )
    quotation_terms = models.TextField(_("terms on every quotation"), blank=True)

    class Meta:
        verbose_name = _("rules of selling")
        verbose_name_plural = _("rules of selling")

    def __str__(self) -> str:
        return str(self.discount_limit)
