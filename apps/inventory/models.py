"""How much there is, and where."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.catalog.models import Characteristic, Product, unique_ref
from apps.core.models import BaseModel, FromNode


class Warehouse(BaseModel, FromNode):
    """A place where goods are kept."""

    name = models.CharField(_("name"), max_length=250)
    address = models.CharField(_("address"), max_length=500, blank=True)
    is_total = models.BooleanField(default=False, editable=False)  # stock sent without warehouses

    class Meta:
        verbose_name = _("warehouse")
        verbose_name_plural = _("warehouses")
        constraints = [unique_ref("warehouse_unique_ref")]

    def __str__(self) -> str:
        return self.name


class StockBalance(BaseModel):
    """Quantity on hand of one product (or characteristic) at one warehouse, in base units.

    Without foreign key constraints, like ``catalog.Price`` and for the same reason.
    """

    product = models.ForeignKey(
        Product,
        on_delete=models.CASCADE,
        related_name="stock_balances",
        db_index=False,
        db_constraint=False,
    )
    characteristic = models.ForeignKey(
        Characteristic,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="stock_balances",
        db_index=False,
        db_constraint=False,
    )
    warehouse = models.ForeignKey(
        Warehouse,
        on_delete=models.CASCADE,
        related_name="stock_balances",
        db_index=False,
        db_constraint=False,
    )
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=3)

    class Meta:
        verbose_name = _("stock balance")
        verbose_name_plural = _("stock balances")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "characteristic", "warehouse"],
                name="stock_balance_unique",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.quantity} @ {self.warehouse_id}"
