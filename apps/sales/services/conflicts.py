"""Deciding what both sides changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.core.objects import Refused
from apps.sales import content, own
from apps.sales.models import ConflictState, Invoice, InvoiceConflict, InvoiceStatus
from apps.sales.services.applying import apply_difference, apply_head, recount
from apps.sales.services.errors import OwnValueRefused, SalesError
from apps.sales.services.invoices import locked, status_before, tell


class ConflictResolved(SalesError):
    """Somebody has decided already."""


@transaction.atomic
def resolve_conflict(
    *, conflict_id: UUID, take_theirs: bool, by: User, now: datetime
) -> InvoiceConflict:
    """Keep our version of the field or take 1C's; either goes to 1C with the next exchange.

    :raises ConflictResolved: somebody has decided already.
    :raises OwnValueRefused: 1C's value cannot stand in the own field; nothing was decided.
    """
    conflict = InvoiceConflict.objects.select_for_update().get(pk=conflict_id)
    if conflict.state != ConflictState.OPEN:
        raise ConflictResolved(conflict.pk)
    invoice = locked(conflict.invoice_id)
    if take_theirs:
        _apply(invoice, conflict)
    conflict.state = ConflictState.THEIRS if take_theirs else ConflictState.OURS
    conflict.resolved_by, conflict.resolved_at = by, now
    conflict.save()
    invoice.version += 1
    invoice.save()
    tell(
        invoice, "conflict_resolved", now=now, by=by, field=conflict.field,
        line=conflict.line_name, kept="theirs" if take_theirs else "ours",
    )  # fmt: skip
    return conflict


def _apply(invoice: Invoice, conflict: InvoiceConflict) -> None:
    if conflict.field == "cancelled":
        invoice.status = InvoiceStatus.CANCELLED if conflict.theirs else status_before(invoice)
        return
    if own.is_own(conflict.field):
        try:
            own.keep(invoice, field=conflict.field, text=conflict.theirs or "")
        except Refused as refused:
            raise OwnValueRefused(refused) from refused
        return
    if conflict.field in content.HEAD:
        apply_head(invoice, field=conflict.field, theirs=conflict.theirs or "")
        return
    apply_difference(
        invoice, node_id=conflict.node_id, key=conflict.line_key, field=conflict.field,
        theirs=conflict.theirs, name=conflict.line_name,
    )  # fmt: skip
    recount(invoice)


def open_conflict(
    *, invoice: Invoice, node_id: UUID, key: str, name: str, field: str, base: object,
    ours: object, theirs: object,
) -> bool:  # fmt: skip
    """Keep both versions of a field for a person; tell whether that is news."""
    found, is_new = InvoiceConflict.objects.get_or_create(
        invoice=invoice, node_id=node_id, line_key=key[:300], field=field,
        state=ConflictState.OPEN,
        defaults={"line_name": name[:500], "base": base, "ours": ours, "theirs": theirs},
    )  # fmt: skip
    if is_new:
        return True
    if (found.ours, found.theirs) == (ours, theirs):
        return False
    found.ours, found.theirs = ours, theirs
    found.save(update_fields=["ours", "theirs", "updated_at"])
    return True
