"""Quotations: what a customer is offered, for how long, and what they said."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.models import BaseModel, Organization
from apps.deals.models.deals import Deal, TradedLine
from apps.sales.models import Invoice


class QuotationStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("quotation", "Draft")
    WAITING = "waiting", pgettext_lazy("quotation", "Waits for approval")
    REFUSED = "refused", pgettext_lazy("quotation", "Not approved")
    APPROVED = "approved", pgettext_lazy("quotation", "Approved")
    SENT = "sent", pgettext_lazy("quotation", "Sent")
    ACCEPTED = "accepted", pgettext_lazy("quotation", "Accepted")
    DECLINED = "declined", pgettext_lazy("quotation", "Declined")


class Quotation(BaseModel):
    """An offer made of a deal's lines. It does not change with the deal afterwards."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="quotations")
    number = models.CharField(_("number"), max_length=20)
    organization = models.ForeignKey(
        Organization, verbose_name=_("organization"), on_delete=models.PROTECT, related_name="+"
    )
    issued_on = models.DateField(_("date"))
    valid_until = models.DateField(_("valid until"))
    currency = models.CharField(_("currency"), max_length=3)
    is_tax_included = models.BooleanField(_("prices include tax"), default=True)
    total = models.DecimalField(_("total"), max_digits=18, decimal_places=2, default=0)
    tax_total = models.DecimalField(_("tax"), max_digits=18, decimal_places=2, default=0)
    terms = models.TextField(_("terms"), blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=QuotationStatus.choices, default=QuotationStatus.DRAFT
    )
    author = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(_("about the decision"), max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_to = models.EmailField(_("sent to"), blank=True)
    mail_problem = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    invoice = models.ForeignKey(
        Invoice, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("quotation")
        verbose_name_plural = _("quotations")
        constraints = [
            models.UniqueConstraint(fields=["number"], name="quotation_unique_number"),
        ]
        indexes = [
            models.Index(fields=["-issued_on", "-id"], name="quotation_by_date"),
            models.Index(fields=["status", "-issued_on"], name="quotation_by_status"),
        ]

    def __str__(self) -> str:
        return self.number


class QuotationLine(TradedLine):
    """A line of a quotation."""

    quotation = models.ForeignKey(Quotation, on_delete=models.CASCADE, related_name="lines")

    class Meta(TradedLine.Meta):
        verbose_name = _("quotation line")
        verbose_name_plural = _("quotation lines")
        abstract = False


class QuotationNumber(models.Model):
    """The latest number given out in a year, at this office."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    latest = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.latest}"
