"""Invoices and what becomes of them."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.catalog.models import Characteristic, PriceType, Product
from apps.core.models import BaseModel, Extensible, FromNode, Organization, Tagged
from apps.counterparties.models import Counterparty
from apps.finance.models import Payment
from apps.inventory.models import Warehouse


class InvoiceStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued")
    SENT = "sent", _("Sent to the customer")
    CANCELLED = "cancelled", _("Cancelled")


class PaymentState(models.TextChoices):
    UNPAID = "unpaid", _("Unpaid")
    PARTLY_PAID = "partly_paid", _("Paid in part")
    PAID = "paid", _("Paid")


class DeliveryState(models.TextChoices):
    NOT_SHIPPED = "not_shipped", _("Not shipped")
    PARTLY_SHIPPED = "partly_shipped", _("Shipped in part")
    SHIPPED = "shipped", _("Shipped")


class TradeTerms(BaseModel):
    """How one sells to a counterparty."""

    counterparty = models.OneToOneField(
        Counterparty, on_delete=models.CASCADE, related_name="trade_terms"
    )
    price_type = models.ForeignKey(
        PriceType, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    payment_days = models.PositiveSmallIntegerField(_("days to pay"), default=5)

    def __str__(self) -> str:
        return str(self.counterparty_id)


class NumberSequence(models.Model):
    """The latest document number given out, for each organization and year."""

    id = models.BigAutoField(primary_key=True)
    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    latest = models.PositiveIntegerField(default=0)
    # УНФ keeps only the digits of a number: each further organization has digits of its own.
    block = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organization", "year"], name="number_sequence_unique")
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.year}: {self.latest}"


class Invoice(BaseModel, FromNode, Extensible, Tagged):
    """An invoice; in 1C it becomes a customer order. ``ref`` is the order's identifier there."""

    number = models.CharField(_("number"), max_length=11, blank=True)  # 1C reads 11 characters
    issued_on = models.DateField(_("date"))
    due_on = models.DateField(_("pay before"), null=True, blank=True)
    organization = models.ForeignKey(
        Organization, verbose_name=_("organization"), on_delete=models.PROTECT, related_name="+"
    )
    counterparty = models.ForeignKey(
        Counterparty,
        verbose_name=_("counterparty"),
        on_delete=models.PROTECT,
        related_name="invoices",
    )
    price_type = models.ForeignKey(
        PriceType,
        verbose_name=_("price type"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    warehouse = models.ForeignKey(
        Warehouse,
        verbose_name=_("warehouse"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    currency = models.CharField(_("currency"), max_length=3)
    is_tax_included = models.BooleanField(_("prices include tax"), default=True)
    status = models.CharField(
        _("status"), max_length=10, choices=InvoiceStatus.choices, default=InvoiceStatus.DRAFT
    )
    payment_state = models.CharField(
        _("payment"), max_length=12, choices=PaymentState.choices, default=PaymentState.UNPAID
    )
    delivery_state = models.CharField(
        _("delivery"),
        max_length=15,
        choices=DeliveryState.choices,
        default=DeliveryState.NOT_SHIPPED,
    )
    total = models.DecimalField(_("total"), max_digits=18, decimal_places=2, default=0)
    tax_total = models.DecimalField(_("tax"), max_digits=18, decimal_places=2, default=0)
    paid_total = models.DecimalField(_("paid"), max_digits=18, decimal_places=2, default=0)
    comment = models.TextField(_("comment"), blank=True)
    responsible = models.ForeignKey(
        "accounts.User",
        verbose_name=_("responsible"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    number_1c = models.CharField(_("number in 1C"), max_length=50, blank=True)
    date_1c = models.DateTimeField(_("date in 1C"), null=True, blank=True)
    status_1c = models.CharField(_("status in 1C"), max_length=100, blank=True)  # as 1C calls it
    is_posted_1c = models.BooleanField(_("posted in 1C"), default=False)
    version = models.PositiveIntegerField(default=1)  # grows with each change of head or lines

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=~models.Q(number=""), name="invoice_unique_number"
            ),
        ]
        indexes = [
            models.Index(fields=["-issued_on", "-id"], name="invoice_by_date"),
            models.Index(fields=["counterparty", "-issued_on"], name="invoice_by_counterparty"),
            models.Index(fields=["-total", "-id"], name="invoice_by_total"),
            models.Index(fields=["due_on", "id"], name="invoice_by_due_day"),
            GinIndex(fields=["tags"], opclasses=["jsonb_path_ops"], name="invoice_by_tag"),
        ]

    def __str__(self) -> str:
        return self.number or str(_("Draft"))

    @property
    def can_be_sent(self) -> bool:
        """Whether it may go to the customer: it is issued, and not cancelled since."""
        return self.status in {InvoiceStatus.ISSUED, InvoiceStatus.SENT}

    @property
    def net_total(self) -> Decimal:
        """What the invoice comes to without tax."""
        return self.total - self.tax_total


class InvoiceLine(BaseModel):
    """One line of an invoice."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(default=0)
    product = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    characteristic = models.ForeignKey(
        Characteristic, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("name"), max_length=500)
    article = models.CharField(_("article"), max_length=100, blank=True)
    unit = models.CharField(_("unit"), max_length=50, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=3)
    price = models.DecimalField(_("price"), max_digits=18, decimal_places=4)
    discount_percent = models.DecimalField(
        _("discount, %"), max_digits=5, decimal_places=2, default=0
    )
    tax_rate = models.DecimalField(
        _("tax rate, %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    total = models.DecimalField(_("total"), max_digits=18, decimal_places=2)
    tax = models.DecimalField(_("tax"), max_digits=18, decimal_places=2, default=0)
    shipped_quantity = models.DecimalField(_("shipped"), max_digits=18, decimal_places=3, default=0)

    class Meta:
        verbose_name = _("invoice line")
        verbose_name_plural = _("invoice lines")
        ordering = ("position", "id")

    def __str__(self) -> str:
        return f"{self.position}. {self.name}"


class InvoicePayment(BaseModel):
    """The part of a payment that settles an invoice."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="settlements")
    payment = models.ForeignKey(Payment, on_delete=models.CASCADE, related_name="settlements")
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "payment"], name="invoice_payment_unique")
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id}: {self.amount}"


class Delivery(BaseModel, FromNode):
    """Goods handed over for an invoice. Owned by 1C."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="deliveries")
    number = models.CharField(_("number"), max_length=50, blank=True)
    shipped_on = models.DateField(_("shipped on"))
    total = models.DecimalField(_("total"), max_digits=18, decimal_places=2, null=True, blank=True)
    lines = models.JSONField(default=list)  # [{"ref", "name", "quantity"}]

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "node_id", "ref"], name="delivery_unique_ref"
            )
        ]

    def __str__(self) -> str:
        return self.number


class InvoiceEvent(BaseModel):
    """A step of an invoice's road: when, by whom or what, from where."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=30)  # issued, in_1c, sent, paid, shipped, changed_in_1c …
    source = models.CharField(max_length=80)  # "screen", "exchange:<session id>" …
    author = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["invoice", "at"], name="invoice_event_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d}"


class InvoiceBase(BaseModel):
    """What a node and we last agreed on about an invoice: the base of the three-way comparison."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="bases")
    node_id = models.UUIDField()
    ref = models.CharField(max_length=120, blank=True)  # what the node calls the order
    content = models.JSONField(default=dict)  # apps.sales.content; empty: not agreed on yet
    told = models.JSONField(default=dict)  # what the latest ``query`` said, until it is confirmed
    told_position = models.TextField(blank=True)
    received_digest = models.CharField(max_length=64, blank=True)  # of the latest document taken

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "node_id"], name="invoice_base_unique")
        ]
        indexes = [
            models.Index(fields=["node_id", "ref"], condition=~models.Q(ref=""), name="base_by_ref")
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} at {self.node_id}"


class ConflictState(models.TextChoices):
    OPEN = "open", pgettext_lazy("conflict", "Open")
    OURS = "ours", _("Ours was kept")
    THEIRS = "theirs", _("1C's was taken")


class InvoiceConflict(BaseModel):
    """A field that both sides changed since they last agreed; both versions are kept."""

    invoice = models.ForeignKey(Invoice, on_delete=models.CASCADE, related_name="conflicts")
    node_id = models.UUIDField()
    line_key = models.CharField(max_length=300, blank=True)  # "" for the head
    line_name = models.CharField(max_length=500, blank=True)
    field = models.CharField(max_length=80)  # quantity, price, comment, line, an own field …
    base = models.JSONField(null=True)
    ours = models.JSONField(null=True)
    theirs = models.JSONField(null=True)
    state = models.CharField(
        max_length=10, choices=ConflictState.choices, default=ConflictState.OPEN
    )
    resolved_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invoice", "node_id", "line_key", "field"],
                condition=models.Q(state="open"),
                name="invoice_conflict_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.invoice_id}"
