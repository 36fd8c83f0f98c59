"""The office that this installation is."""

from __future__ import annotations

from django.core.management.base import CommandError
from django_tenants.utils import schema_context, tenant_context

from replication.models import BranchNode
from replication.nodes import this_office
from tenants.models import Company


def the_office() -> tuple[Company, BranchNode]:
    """Return the company of this installation and its link to the centre.

    :raises CommandError: this installation is no office.
    """
    with schema_context("public"):
        found = list(Company.objects.active().exclude(signed_up_at=None).order_by("signed_up_at"))
    for company in found:
        with tenant_context(company):
            node = this_office()
            if node is not None:
                return company, node
    raise CommandError("This is no branch office. Join the centre: ./kopru branch join")
