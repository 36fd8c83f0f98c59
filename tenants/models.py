"""What the service knows of its companies. These tables live in ``public`` and nowhere else."""

from __future__ import annotations

import uuid_utils.compat
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin


class CompanyState(models.TextChoices):
    SPARE = "spare", _("Spare")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")


class CompanyQuerySet(models.QuerySet["Company"]):
    def active(self) -> CompanyQuerySet:
        """Keep the companies whose doors are open."""
        return self.filter(state=CompanyState.ACTIVE)


class Company(TenantMixin):
    """A company that signed up: one schema, one database role, one address."""

    auto_create_schema = False

    id = models.UUIDField(primary_key=True, default=uuid_utils.compat.uuid7, editable=False)
    name = models.CharField(max_length=200)
    slug = models.CharField(max_length=40, unique=True)
    # What the name looks like: two names that a person cannot tell apart are one.
    look = models.CharField(max_length=40, null=True, unique=True)  # noqa: DJ001  (spares have none)
    state = models.CharField(
        max_length=10, choices=CompanyState.choices, default=CompanyState.ACTIVE
    )
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=5, default="en")
    time_zone = models.CharField(max_length=64, default="UTC")
    currency = models.CharField(max_length=3, default="USD")
    created_at = models.DateTimeField(auto_now_add=True)
    signed_up_at = models.DateTimeField(null=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")

    def __str__(self) -> str:
        return f"{self.name} ({self.slug})"


class Domain(DomainMixin):
    """A host name that leads to a company."""

    def __str__(self) -> str:
        return str(self.domain)


class RenderedMigration(models.Model):
    """A migration of the companies' tables as SQL, taken when it was applied to the template."""

    app = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    statements = models.JSONField(null=True)  # null: it needs Python in each company
    rendered_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=("app", "name"), name="rendered_migration_unique_name")
        ]

    def __str__(self) -> str:
        return f"{self.app}.{self.name}"
