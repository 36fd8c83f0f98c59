"""Complaints and service requests."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.catalog.models import Product
from apps.core.models import BaseModel, Extensible, Tagged
from apps.counterparties.models import ContactPerson, Counterparty
from apps.sales.models import Invoice


class RequestKind(models.TextChoices):
    COMPLAINT = "complaint", _("Complaint")
    SERVICE = "service", _("Service request")


class RequestState(models.TextChoices):
    NEW = "new", pgettext_lazy("service request", "New")
    IN_WORK = "in_work", _("In work")
    WAITING = "waiting", _("Waiting for the customer")
    SOLVED = "solved", _("Solved")
    REJECTED = "rejected", pgettext_lazy("service request", "Declined")


OPEN = (RequestState.NEW, RequestState.IN_WORK, RequestState.WAITING)
CLOSED = (RequestState.SOLVED, RequestState.REJECTED)


class ServiceRequest(BaseModel, Extensible, Tagged):
    """What a customer complains of or asks to be done, who sees to it and until when."""

    kind = models.CharField(
        _("kind"), max_length=10, choices=RequestKind.choices, default=RequestKind.SERVICE
    )
    counterparty = models.ForeignKey(
        Counterparty, verbose_name=_("counterparty"), on_delete=models.CASCADE, related_name="+"
    )
    person = models.ForeignKey(
        ContactPerson, verbose_name=_("contact person"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    invoice = models.ForeignKey(
        Invoice, verbose_name=_("invoice"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip
    product = models.ForeignKey(
        Product, verbose_name=_("product"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("what happened"), blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=RequestState.choices, default=RequestState.NEW
    )
    is_urgent = models.BooleanField(_("urgent"), default=False)
    owner = models.ForeignKey(
        "accounts.User", verbose_name=_("responsible"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    author = models.ForeignKey(
        "accounts.User", verbose_name=_("entered by"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    due_at = models.DateTimeField(_("deadline"), null=True, blank=True)
    taken_at = models.DateTimeField(_("taken up"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    resolution = models.TextField(_("what was done"), blank=True)
    is_archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        verbose_name = _("service request")
        verbose_name_plural = _("service requests")
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="request_by_moment"),
            models.Index(
                fields=["due_at", "id"], condition=models.Q(closed_at__isnull=True),
                name="request_open_by_deadline",
            ),
            models.Index(fields=["counterparty", "-created_at"], name="request_by_counterparty"),
            models.Index(fields=["owner", "state"], name="request_by_owner"),
            GinIndex(fields=["tags"], opclasses=["jsonb_path_ops"], name="request_by_tag"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.subject

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to see to it."""
        return self.state in OPEN

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether the deadline has passed with the request still open."""
        return self.is_open and self.due_at is not None and self.due_at < now
