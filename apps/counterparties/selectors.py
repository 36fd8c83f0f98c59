"""Reading counterparties for screens, exports and the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse

from apps.accounts.models import User
from apps.core.folding import fold
from apps.core.search import Found
from apps.counterparties.models import BankAccount, ContactPerson, Counterparty


@dataclass(frozen=True)
class CounterpartyFilter:
    """What narrows the list."""

    query: str = ""
    responsible_id: UUID | None = None
    is_archived: bool = False


def counterparties(chosen: CounterpartyFilter) -> QuerySet[Counterparty]:
    """Return counterparties by name; each word asked for stands in name, tax number or contact."""
    found = Counterparty.objects.filter(is_archived=chosen.is_archived)
    if chosen.responsible_id is not None:
        found = found.filter(responsible=chosen.responsible_id)
    for word in fold(chosen.query).split():
        found = found.filter(
            Q(sort_name__contains=word)
            | Q(tax_number__startswith=word.upper())
            | Q(email__icontains=word)
            | Q(phone__contains=word)
        )
    return found.select_related("responsible").order_by("sort_name", "id")


def card(counterparty_id: UUID) -> Counterparty:
    """Return a counterparty with ``people``, ``accounts`` and ``same``, in one query.

    ``same``: others with its tax number, probably the same company.

    :raises Counterparty.DoesNotExist: there is none in this company.
    """
    mine = {"counterparty": OuterRef("pk")}
    people = ContactPerson.objects.filter(**mine).order_by("created_at", "id")
    accounts = BankAccount.objects.filter(**mine).order_by("created_at", "id")
    same = (
        Counterparty.objects.filter(tax_number=OuterRef("tax_number"), is_archived=False)
        .exclude(tax_number="")
        .exclude(pk=OuterRef("pk"))
        .order_by("name", "id")
    )
    found = Counterparty.objects.select_related("responsible").annotate(
        people=_rows(people, "full_name", "job_title", "phone", "email"),
        accounts=_rows(accounts, "number", "bank_name", "bank_code"),
        same=_rows(same[:5], "id", "name"),
    )
    return found.get(pk=counterparty_id)


def _rows(found: QuerySet[Any], *names: str) -> ArraySubquery:
    """Return the expression of these rows as a list of dictionaries."""
    return ArraySubquery(found.values(row=JSONObject(**{name: name for name in names})))


def people() -> list[User]:
    """Return who may be responsible."""
    return list(User.objects.filter(is_active=True).order_by("full_name", "email", "id"))


def found(query: str, limit: int) -> list[Found]:
    """Return what the command palette shows for a query."""
    rows = counterparties(CounterpartyFilter(query=query))[:limit]
    return [
        Found(row.name, row.tax_number, reverse("counterparties:card", args=[row.pk]))
        for row in rows
    ]
