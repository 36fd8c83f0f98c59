"""Jobs of the journal."""

from __future__ import annotations

from celery import shared_task
from django.core.cache import cache
from django.db import OperationalError
from django.utils import timezone

from replication import care
from replication.models import BranchNode, NodeState
from replication.packing import pack
from tenants.models import Company, CompanyState


@shared_task(control=True, time_limit=3600, autoretry_for=(OperationalError,), retry_backoff=30)
def care_for_journal(*, schema: str) -> None:
    """Look after a company's journal, from outside: it makes and drops tables."""
    company = Company.objects.filter(schema_name=schema, state=CompanyState.ACTIVE).first()
    if company is not None:
        care.care_for(company=company, now=timezone.now())


@shared_task(control=True, time_limit=600)
def care_for_journals() -> None:
    """Start the care of every active company's journal, spread over half an hour."""
    schemas = Company.objects.filter(state=CompanyState.ACTIVE).order_by("schema_name")
    for number, schema in enumerate(schemas.values_list("schema_name", flat=True)):
        care_for_journal.apply_async(kwargs={"schema": schema}, countdown=number % 1800)


@shared_task(time_limit=3600)
def pack_for_office(*, schema: str, node_id: str) -> None:
    """Pack a first copy for an office; a second task of the same finds nothing to do."""
    node = BranchNode.objects.filter(pk=node_id).first()
    try:
        if node is not None and (not node.position or node.state == NodeState.NEEDS_IMAGE):
            pack(node=node, now=timezone.now())
    finally:
        cache.delete(f"sync.packing.{node_id}")
