"""What people do to complaints and service requests."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from apps.core import bulk, events, notices
from apps.core.objects import ChangedMeanwhile
from apps.counterparties.models import ContactPerson, ContactRole, Counterparty
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


class Gone(RequestRefused):
    """The request is not there any more."""


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
    parts = _Parts([values])
    request = (
        ServiceRequest.objects.select_for_update().get(pk=request_id)
        if request_id
        else ServiceRequest(author=by)
    )
    if request_id and seen is not None and request.updated_at > seen:
        raise ChangedMeanwhile(request)
    parts.require(values)
    changed = _put(request, values)
    if changed or request._state.adding:
        request.save()
    if "owner_id" in changed:
        _tell_assigned([request], by)
    return request


@transaction.atomic
def change_requests(
    *, changes: Mapping[UUID, Mapping[str, Any]], by: Any, now: datetime
) -> dict[UUID, bool | RequestRefused]:
    """Bring requests to values by column, ``state`` too, as ``save_request`` and ``move_requests``.

    Returns by key whether a request differed, or why it stays as it is; the others are written.
    """
    found = ServiceRequest.objects.select_for_update(of=("self",)).select_related("counterparty")
    known = {each.pk: each for each in found.filter(pk__in=list(changes)).order_by("pk")}
    former = bulk.columns_now(known.values())
    wanted = {
        key: RequestValues(**{
            name: changes[key].get(name, getattr(request, name)) for name in FIELDS
        })
        for key, request in known.items()
    }  # fmt: skip
    parts = _Parts(list(wanted.values()))
    told: dict[UUID, bool | RequestRefused] = {
        key: Gone(key) for key in changes if key not in known
    }
    kept: list[ServiceRequest] = []
    assigned: list[ServiceRequest] = []
    for key, request in known.items():
        try:
            parts.require(wanted[key])
            changed = _put(request, wanted[key])
            is_moved = _bring_to(request, changes[key].get("state"), by=by, now=now)
        except RequestRefused as refused:
            told[key] = refused
            continue
        told[key] = bool(changed or is_moved)
        kept.append(request)
        assigned += [request] if "owner_id" in changed else []
    bulk.update_changed(ServiceRequest, former, kept, now=now)
    _tell_assigned(assigned, by)
    _tell_closed([each for each in kept if each.state != former[each.pk]["state"]], by)
    return told


def _put(request: ServiceRequest, values: RequestValues) -> list[str]:
    """Put values into a request in memory; return the columns that differed."""
    wanted = {name: getattr(values, name) for name in FIELDS} | {"tags": list(values.tags)}
    changed = [name for name, value in wanted.items() if getattr(request, name) != value]
    for name in changed:
        setattr(request, name, wanted[name])
    return changed


def _tell_assigned(requests: Sequence[ServiceRequest], by: Any) -> None:
    """Tell people what they are to see to now."""
    mine = [each for each in requests if each.owner_id is not None]
    for request in mine:
        events.publish(RequestAssigned(request.pk, request.owner_id, _key(by)))  # type: ignore[arg-type]
    notices.tell_all(
        notices.word(
            users=[request.owner_id], kind="request_assigned",
            values={"subject": request.subject, "customer": request.counterparty.name},
            url=reverse("service:card", args=[request.pk]),
        )
        for request in mine if request.owner_id != _key(by)
    )  # fmt: skip


@transaction.atomic
def move_requests(
    *, keys: Collection[UUID], state: str, by: Any, now: datetime, resolution: str = ""
) -> dict[UUID, str]:
    """Bring requests to a state; return where each that changed stood before.

    Whoever takes one up becomes responsible where nobody is.

    :raises NothingDone: one is closed without a word on what was done.
    """
    found = ServiceRequest.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    requests = list(found)
    former = bulk.columns_now(requests)
    moved = [
        request for request in requests
        if _bring_to(request, state, by=by, now=now, resolution=resolution)
    ]  # fmt: skip
    bulk.update_changed(ServiceRequest, former, moved, now=now)
    _tell_closed(moved, by)
    return {request.pk: former[request.pk]["state"] for request in moved}


def _bring_to(
    request: ServiceRequest, state: str | None, *, by: Any, now: datetime, resolution: str = ""
) -> bool:
    """Put a request in memory into a state; tell whether it was in another.

    :raises NothingDone: it is closed without a word on what was done.
    """
    if not state or request.state == state:
        return False
    resolution = resolution or request.resolution
    if state in CLOSED and not resolution.strip():
        raise NothingDone(request)
    request.resolution, request.state = resolution, state
    request.closed_at = now if state in CLOSED else None
    if state == RequestState.IN_WORK:
        request.taken_at = request.taken_at or now
        request.owner_id = request.owner_id or _key(by)
    return True


def _tell_closed(requests: Sequence[ServiceRequest], by: Any) -> None:
    for request in requests:
        if request.state in CLOSED:
            events.publish(RequestClosed(request.pk, request.state, _key(by)))


@transaction.atomic
def put_back(*, before: dict[UUID, str]) -> int:
    """Take a move back: each goes where it stood; return how many changed."""
    now = timezone.now()
    count = 0
    for state in sorted({*before.values()} & {*RequestState.values}):
        closed_at: Any = None if state in OPEN else Coalesce(F("closed_at"), Value(now))
        keys = [key for key, stood in before.items() if stood == state]
        found = ServiceRequest.objects.filter(pk__in=keys).exclude(state=state)
        count += found.update(state=state, closed_at=closed_at, updated_at=now)
    return count


@transaction.atomic
def archive_requests(*, ids: Collection[UUID], is_archived: bool = True) -> int:
    """Take requests out of use, or bring them back; return how many changed."""
    found = ServiceRequest.objects.filter(pk__in=ids, is_archived=not is_archived)
    return found.update(is_archived=is_archived, updated_at=timezone.now())


class _Parts:
    """What requests are about, read once for all of them."""

    def __init__(self, wanted: Sequence[RequestValues]) -> None:
        keys = {each.counterparty_id for each in wanted if each.counterparty_id}
        self._partners = set(Counterparty.objects.filter(pk__in=keys).values_list("pk", flat=True))
        invoices = {each.invoice_id for each in wanted if each.invoice_id}
        self._invoices = dict(
            Invoice.objects.filter(pk__in=invoices).values_list("pk", "counterparty_id")
        ) if invoices else {}  # fmt: skip
        people = {each.person_id for each in wanted if each.person_id}
        self._people: set[tuple[UUID | None, UUID | None]] = set()
        if people:
            at = ContactPerson.objects.filter(pk__in=people)
            self._people = {*at.values_list("pk", "counterparty_id")}
            roles = ContactRole.objects.filter(person__in=people)
            self._people |= {*roles.values_list("person_id", "counterparty_id")}

    def require(self, values: RequestValues) -> None:
        """Pass when the counterparty is there, and the invoice and the person are its own.

        :raises NoCounterparty: there is none.
        :raises OfSomebodyElse: the invoice or the person is not.
        """
        key = values.counterparty_id
        if key not in self._partners:
            raise NoCounterparty
        if values.invoice_id is not None and self._invoices.get(values.invoice_id) != key:
            raise OfSomebodyElse("invoice")
        if values.person_id is not None and (values.person_id, key) not in self._people:
            raise OfSomebodyElse("person")


def _key(user: Any) -> UUID | None:
    return getattr(user, "pk", None)
