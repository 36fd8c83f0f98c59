"""Companies begin and end."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from tenants import signup, tasks
from tenants.addresses import company_host
from tenants.current import enter_public
from tenants.models import Company, CompanyState, Domain
from tenants.names import NameFault, fault_of, skeleton
from tenants.provisioning import pool


class NameRefused(Exception):
    """The address name cannot be had; nothing was made."""

    def __init__(self, fault: NameFault) -> None:
        super().__init__(fault)
        self.fault = fault


def name_fault(slug: str) -> NameFault | None:
    """Return what stands in the way of an address name; ``None`` when it is free."""
    fault = fault_of(slug)
    if fault is not None:
        return fault
    enter_public()
    taken = Company.objects.filter(look=skeleton(slug)).exists()
    return NameFault.TAKEN if taken else None


@transaction.atomic
def sign_up(*, asked: signup.SignUp, now: datetime) -> Company:
    """Make a company of a spare: one transaction, all or nothing.

    Of two people who ask for one name at the same moment the second one is refused.

    :raises NameRefused: the name is taken, reserved or malformed.
    """
    fault = name_fault(asked.slug)
    if fault is not None:
        raise NameRefused(fault)
    company = pool.take_spare()
    company.name, company.slug, company.look = asked.name, asked.slug, skeleton(asked.slug)
    company.email, company.language = asked.email, asked.language
    company.time_zone, company.currency = asked.time_zone, asked.currency
    company.state, company.signed_up_at = CompanyState.ACTIVE, now
    try:
        with transaction.atomic():
            company.save()
            Domain.objects.create(domain=company_host(asked.slug), tenant=company, is_primary=True)
    except IntegrityError:
        raise NameRefused(NameFault.TAKEN) from None
    with tenant_context(company):
        signup.run_hooks(company, asked)
    # Robust: the company is there, whatever becomes of the message; the schedule refills too.
    transaction.on_commit(tasks.refill_pool.delay, robust=True)
    return company


def create_company(*, slug: str, name: str, currency: str = "RUB") -> Company:
    """Make a company without people in it: for tests, benchmarks and support."""
    asked = signup.SignUp(name=name, slug=slug, email="", password="", currency=currency)
    with transaction.atomic():
        company = pool.take_spare()
        company.name, company.slug, company.look = name, slug, skeleton(slug)
        company.currency, company.state = asked.currency, CompanyState.ACTIVE
        company.signed_up_at = timezone.now()
        company.save()
        Domain.objects.create(domain=company_host(slug), tenant=company, is_primary=True)
    return company


@transaction.atomic
def suspend(*, company: Company) -> None:
    """Close a company's doors; its data stays."""
    Company.objects.filter(pk=company.pk).update(state=CompanyState.SUSPENDED)


@transaction.atomic
def drop_company(*, company: Company) -> None:
    """Remove a company with its schema and role; its files go after the commit."""
    enter_public()
    pool.drop_schema(company)
    Domain.objects.filter(tenant_id=company.pk).delete()
    Company.objects.filter(pk=company.pk).delete()
    transaction.on_commit(partial(tasks.remove_files.delay, company_id=str(company.pk)))
