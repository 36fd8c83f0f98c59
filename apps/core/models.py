"""What every room stands on: keys, moments, the company's own organizations and settings."""

from __future__ import annotations

import uuid_utils.compat
from django.db import models
from django.utils.translation import gettext_lazy as _


class BaseModel(models.Model):
    """UUIDv7 key (time-ordered, made on any side) and the moments of a row."""

    id = models.UUIDField(primary_key=True, default=uuid_utils.compat.uuid7, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        abstract = True


class FromNode(models.Model):
    """A row that a 1C may own: the node it came from and the identifier it has there.

    A row made in the CRM has no node and an empty ``ref``.
    """

    node_id = models.UUIDField(null=True, blank=True, editable=False)
    ref = models.CharField(max_length=120, blank=True, editable=False)
    is_archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        abstract = True


class Extensible(models.Model):
    """A row to which administrators add fields: their values by key of the field."""

    custom = models.JSONField(default=dict, blank=True, editable=False)

    class Meta:
        abstract = True


class Organization(BaseModel, FromNode):
    """A legal entity of the company itself: who sells."""

    name = models.CharField(_("name"), max_length=250)
    full_name = models.CharField(_("full name"), max_length=500, blank=True)
    tax_number = models.CharField(_("tax number"), max_length=20, blank=True)
    tax_reason_code = models.CharField(_("tax reason code (KPP)"), max_length=9, blank=True)
    registration_number = models.CharField(_("registration number"), max_length=20, blank=True)
    address = models.CharField(_("address"), max_length=500, blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    director = models.CharField(_("director"), max_length=150, blank=True)
    accountant = models.CharField(_("chief accountant"), max_length=150, blank=True)
    bank_name = models.CharField(_("bank"), max_length=250, blank=True)
    bank_code = models.CharField(_("bank code (BIC)"), max_length=20, blank=True)
    bank_account = models.CharField(_("account number or IBAN"), max_length=40, blank=True)
    correspondent_account = models.CharField(_("correspondent account"), max_length=40, blank=True)
    invoice_prefix = models.CharField(_("invoice number prefix"), max_length=4, blank=True)
    is_default = models.BooleanField(_("used by default"), default=False)

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        constraints = [
            models.UniqueConstraint(
                fields=["node_id", "ref"],
                condition=models.Q(node_id__isnull=False),
                name="organization_unique_ref",
            ),
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="organization_one_default",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StockCheck(models.TextChoices):
    IGNORE = "ignore", _("Do not check")
    WARN = "warn", _("Warn")
    REFUSE = "refuse", _("Refuse")


class CompanySettings(models.Model):
    """Settings of the company: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    stock_check = models.CharField(
        _("when an invoice asks for more than is free"),
        max_length=10,
        choices=StockCheck.choices,
        default=StockCheck.WARN,
    )
    has_demo_data = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="company_settings_one_row")
        ]

    def __str__(self) -> str:
        return "settings"


class UserPreference(models.Model):
    """How one person likes a screen: the columns of a list, what is folded."""

    id = models.BigAutoField(primary_key=True)
    user_id = models.UUIDField()
    key = models.CharField(max_length=80)
    value = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user_id", "key"], name="user_preference_unique_key")
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.user_id}"
