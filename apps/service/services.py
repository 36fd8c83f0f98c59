"""What people do to complaints and service requests."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from apps.core import events, notices
from apps.core.objects import ChangedMeanwhile
from apps.counterparties.models import ContactPerson, Counterparty
from apps.sales.models import Invoice
from apps.service.models import CLOSED, OPEN, RequestKind, RequestState, ServiceRequest

FIELDS = (
    "kind", "counterparty_id", "person_id", "invoice_id", "product_id", "subject", "text",
    "is_urgent", "owner_id", "due_at", "tags", "resolution",
)  # fmt: skip


class RequestRefused(Exception):
    """A request was not saved; nothing was changed."""


class NoCounterparty(RequestRefused):
    """A request belongs to a counterparty."""


class OfSomebodyElse(RequestRefused):
    """The contact person or the invoice belongs to another counterparty."""


class NothingDone(RequestRefused):
    """Whoever closes a request says what was done."""


@dataclass(frozen=True)
class RequestValues:
    """What people enter of a request."""

    subject: str
    counterparty_id: UUID | None
    kind: str = RequestKind.SERVICE
    person_id: UUID | None = None
    invoice_id: UUID | None = None
    product_id: UUID | None = None
    text: str = ""
    is_urgent: bool = False
    owner_id: UUID | None = None
    due_at: datetime | None = None
    tags: Sequence[str] = ()
    resolution: str = ""


@dataclass(frozen=True)
class RequestAssigned:
    """Somebody is to see to a request now; whoever did it is ``by_id``."""

    request_id: UUID
    owner_id: UUID
    by_id: UUID | None


@dataclass(frozen=True)
class RequestClosed:
    """A request was solved or declined."""

    request_id: UUID
    state: str
    by_id: UUID | None


@transaction.atomic
def save_request(
    *, values: RequestValues, by: Any, request_id: UUID | None = None,
    seen: datetime | None = None,
) -> ServiceRequest:  # fmt: skip
    """Enter a request or bring one to these values; the same again writes nothing.

    :raises RequestRefused: in one of its forms.
    :raises ChangedMeanwhile: it was saved since ``seen``.
    """
    _require_parts(values)
    request = (
        ServiceRequest.objects.select_for_update().get(pk=request_id)
        if request_id
        else ServiceRequest(author=by)
    )
    if request_id and seen is not None and request.updated_at > seen:
        raise ChangedMeanwhile(request)
    wanted = {name: getattr(values, name) for name in FIELDS} | {"tags": list(values.tags)}
    changed = [name for name, value in wanted.items() if getattr(request, name) != value]
    for name in changed:
        setattr(request, name, wanted[name])
    if changed or request._state.adding:
        request.save()
    if "owner_id" in changed and request.owner_id is not None:
        events.publish(RequestAssigned(request.pk, request.owner_id, _key(by)))
        if request.owner_id != _key(by):
            notices.tell(
                users=[request.owner_id], kind="request_assigned",
                values={"subject": request.subject, "customer": request.counterparty.name},
                url=reverse("service:card", args=[request.pk]),
            )  # fmt: skip
    return request


@transaction.atomic
def move_requests(
    *, keys: Collection[UUID], state: str, by: Any, now: datetime, resolution: str = ""
) -> dict[UUID, str]:
    """Bring requests to a state; return where each that changed stood before.

    Whoever takes one up becomes responsible where nobody is.

    :raises NothingDone: one is closed without a word on what was done.
    """
    before: dict[UUID, str] = {}
    found = ServiceRequest.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    for request in found:
        if request.state == state:
            continue
        before[request.pk] = request.state
        request.resolution = resolution or request.resolution
        if state in CLOSED and not request.resolution.strip():
            raise NothingDone(request)
        request.state = state
        request.closed_at = now if state in CLOSED else None
        if state == RequestState.IN_WORK:
            request.taken_at = request.taken_at or now
            request.owner = request.owner or by
        request.save()
        if state in CLOSED:
            events.publish(RequestClosed(request.pk, state, _key(by)))
    return before


@transaction.atomic
def put_back(*, before: dict[UUID, str]) -> int:
    """Take a move back: each goes where it stood; return how many changed."""
    count = 0
    for key, state in before.items():
        if state not in RequestState.values:
            continue
        closed_at: Any = None if state in OPEN else Coalesce(F("closed_at"), Value(timezone.now()))
        found = ServiceRequest.objects.filter(pk=key).exclude(state=state)
        count += found.update(state=state, closed_at=closed_at, updated_at=timezone.now())
    return count


@transaction.atomic
def archive_requests(*, ids: Collection[UUID], is_archived: bool = True) -> int:
    """Take requests out of use, or bring them back; return how many changed."""
    found = ServiceRequest.objects.filter(pk__in=ids, is_archived=not is_archived)
    return found.update(is_archived=is_archived, updated_at=timezone.now())


def _require_parts(values: RequestValues) -> None:
    key = values.counterparty_id
    if key is None or not Counterparty.objects.filter(pk=key).exists():
        raise NoCounterparty
    invoices = Invoice.objects.filter(counterparty=key)
    if values.invoice_id is not None and not invoices.filter(pk=values.invoice_id).exists():
        raise OfSomebodyElse("invoice")
    people = ContactPerson.objects.filter(
        Q(counterparty=key) | Q(roles__counterparty=key)
    )
    if values.person_id is not None and not people.filter(pk=values.person_id).exists():
        raise OfSomebodyElse("person")


def _key(user: Any) -> UUID | None:
    return getattr(user, "pk", None)
