"""Our own organizations and the company's settings: what people change of them."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction

from apps.core.models import CompanySettings, Organization

FIELDS = (
    "name", "full_name", "tax_number", "tax_reason_code", "registration_number", "address", "phone",
    "email", "director", "accountant", "bank_name", "bank_code", "bank_account",
    "correspondent_account", "invoice_prefix",
)  # fmt: skip


class PrefixTaken(Exception):
    """Another organization numbers its invoices with this prefix."""


@transaction.atomic
def save_organization(
    *, values: Mapping[str, str], is_default: bool, organization_id: UUID | None = None
) -> Organization:
    """Create an organization or bring one to these values; the first one is used by default.

    :raises PrefixTaken: two organizations with one prefix would give out the same numbers.
    """
    organization = (
        Organization.objects.select_for_update().get(pk=organization_id)
        if organization_id
        else Organization()
    )
    others = Organization.objects.exclude(pk=organization.pk)
    prefix = values["invoice_prefix"]
    if prefix and others.filter(invoice_prefix=prefix).exists():
        raise PrefixTaken(prefix)
    for name in FIELDS:
        setattr(organization, name, values[name])
    organization.is_default = is_default or not others.filter(is_default=True).exists()
    if organization.is_default:
        others.filter(is_default=True).update(is_default=False)
    organization.save()
    return organization


def change_settings(*, stock_check: str) -> None:
    """Set what happens when an invoice asks for more than is free."""
    CompanySettings.objects.update_or_create(pk=1, defaults={"stock_check": stock_check})
