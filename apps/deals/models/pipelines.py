"""Ways deals go: pipelines with their stages, and why deals are lost."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.models import BaseModel


class StageKind(models.TextChoices):
    OPEN = "open", pgettext_lazy("stage", "Open")
    WON = "won", pgettext_lazy("stage", "Won")
    LOST = "lost", pgettext_lazy("stage", "Lost")


class Document(models.TextChoices):
    """What is made when a deal reaches a stage."""

    QUOTATION = "quotation", _("A quotation")
    INVOICE = "invoice", _("An invoice")


class EntersOn(models.TextChoices):
    """What carries a deal forward to a stage by itself."""

    QUOTATION_SENT = "quotation_sent", _("A quotation was sent")
    QUOTATION_ACCEPTED = "quotation_accepted", _("The customer accepted a quotation")
    INVOICE_ISSUED = "invoice_issued", _("An invoice was issued")
    PAID = "paid", _("All invoices are paid")


class Pipeline(BaseModel):
    """A way deals go, with stages of its own."""

    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveSmallIntegerField(default=0)
    is_default = models.BooleanField(_("used by default"), default=False)
    is_archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        verbose_name = _("pipeline")
        verbose_name_plural = _("pipelines")
        ordering = ("position", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="pipeline_one_default",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Stage(BaseModel):
    """A step of a pipeline; the last two of each are «won» and «lost»."""

    pipeline = models.ForeignKey(Pipeline, on_delete=models.CASCADE, related_name="stages")
    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(
        _("kind"), max_length=5, choices=StageKind.choices, default=StageKind.OPEN
    )
    probability = models.PositiveSmallIntegerField(_("probability, %"), default=0)
    rotting_days = models.PositiveSmallIntegerField(
        _("untouched for too long after, days"), null=True, blank=True
    )
    most_deals = models.PositiveSmallIntegerField(_("at most, deals"), null=True, blank=True)
    required_fields = models.JSONField(default=list, blank=True)  # keys of fields of the kind
    makes = models.CharField(_("makes"), max_length=10, choices=Document.choices, blank=True)
    enters_on = models.CharField(
        _("deals come here when"), max_length=20, choices=EntersOn.choices, blank=True
    )
    is_archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ("position", "id")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(probability__lte=100), name="stage_probability"
            ),
            models.UniqueConstraint(
                fields=["pipeline", "kind"],
                condition=~models.Q(kind="open") & models.Q(is_archived=False),
                name="stage_one_end_of_each_kind",
            ),
        ]
        indexes = [models.Index(fields=["pipeline", "position"], name="stage_by_position")]

    def __str__(self) -> str:
        return self.name


class LossReason(BaseModel):
    """Why a deal was lost, as the company words it."""

    name = models.CharField(_("name"), max_length=100)
    position = models.PositiveSmallIntegerField(default=0)
    is_archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        verbose_name = _("reason of loss")
        verbose_name_plural = _("reasons of loss")
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.name
