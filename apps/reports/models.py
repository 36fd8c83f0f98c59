"""Reports people keep, what they get by mail, and how the company counts."""

from __future__ import annotations

from datetime import time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.catalog.models import PriceType
from apps.core.models import BaseModel


class ReportSettings(models.Model):
    """How the company counts: one row.

    The cost of a product is its price of the chosen type; without one the cost is unknown. A
    customer who has not bought for ``sleeping_days`` sleeps, after ``lost_days`` is lost.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    cost_price_type = models.ForeignKey(
        PriceType, verbose_name=_("price type that is the cost"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    sleeping_days = models.PositiveSmallIntegerField(
        _("days without a purchase until a customer sleeps"), default=90,
        validators=[MinValueValidator(1), MaxValueValidator(3650)],
    )  # fmt: skip
    lost_days = models.PositiveSmallIntegerField(
        _("days without a purchase until a customer is lost"), default=365,
        validators=[MinValueValidator(2), MaxValueValidator(7300)],
    )  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="report_settings_one_row"),
            models.CheckConstraint(
                condition=Q(lost_days__gt=models.F("sleeping_days")),
                name="report_settings_lost_after_sleeping",
            ),
        ]

    def __str__(self) -> str:
        return "settings"


class ReportKind(models.TextChoices):
    SALES = "sales", _("Sales analysis")
    CUSTOMERS = "customers", _("State of customers")
    PROMISING = "promising", _("Promising customers")
    FIELDS = "fields", _("By any field")


class SavedReport(BaseModel):
    """A report as one person keeps it: ``asked`` is what its address says, periods by name."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("name"), max_length=100)
    report = models.CharField(max_length=10, choices=ReportKind.choices)
    asked = models.TextField(blank=True)
    is_pinned = models.BooleanField(_("on my desktop"), default=False)
    is_mailed = models.BooleanField(_("in my letter"), default=False)

    class Meta:
        verbose_name = _("saved report")
        verbose_name_plural = _("saved reports")
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="saved_report_unique_name")
        ]

    def __str__(self) -> str:
        return self.name


class Rhythm(models.TextChoices):
    NEVER = "never", pgettext_lazy("letter", "Never")
    DAILY = "daily", pgettext_lazy("letter", "Every day")
    WORKDAYS = "workdays", pgettext_lazy("letter", "On workdays")
    WEEKLY = "weekly", pgettext_lazy("letter", "On Mondays, about the week")


class FiguresLetter(BaseModel):
    """The figures a person gets by mail: how often, at what hour of theirs, which."""

    user = models.OneToOneField("accounts.User", on_delete=models.CASCADE, related_name="+")
    rhythm = models.CharField(
        _("how often"), max_length=10, choices=Rhythm.choices, default=Rhythm.NEVER
    )
    at = models.TimeField(_("at"), default=time(8, 0))
    figures = models.JSONField(default=list, blank=True)  # keys of ``apps.reports.figures``
    sent_on = models.DateField(null=True, blank=True, editable=False)
    # Of which day one is being handed to the mail server, and since when.
    sending_on = models.DateField(null=True, blank=True, editable=False)
    sending_at = models.DateTimeField(null=True, blank=True, editable=False)
    uncertain_on = models.DateField(null=True, blank=True, editable=False)  # it may be missing

    class Meta:
        verbose_name = _("letter with figures")
        verbose_name_plural = _("letters with figures")
        indexes = [
            models.Index(fields=["at"], condition=~Q(rhythm="never"), name="figures_letter_due")
        ]

    def __str__(self) -> str:
        return f"{self.rhythm} to {self.user_id}"
