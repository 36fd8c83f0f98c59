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
from apps.accounts.rights import visible
from apps.core.folding import fold
from apps.core.search import Found
from apps.counterparties.models import BankAccount, ContactPerson, Counterparty, PhoneEnd

SEVERAL = 8
SHORTEST_PHONE, LONGEST_PHONE = 7, 20


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
            | Q(card_number=word.upper())
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


def bare_card(number: str) -> str:
    """Return a card number as it is kept: letters and digits only."""
    return "".join(letter for letter in number.upper() if letter.isalnum())[:40]


def having_card(number: str) -> list[Counterparty]:
    """Return who has a customer card with this number."""
    bare = bare_card(number)
    if not bare:
        return []
    return list(Counterparty.objects.filter(card_number=bare, is_archived=False)[:SEVERAL])


def having_phone(number: str) -> list[Counterparty]:
    """Return who is reached at a phone number, or has a contact person who is.

    Ten digits decide, so +7, 8 and 0 in front make no difference.
    """
    digits = "".join(letter for letter in number if letter.isdigit())[-10:]
    if len(digits) < SHORTEST_PHONE or len("".join(number.split())) > LONGEST_PHONE:
        return []
    people = ContactPerson.objects.exclude(phone="").alias(end=PhoneEnd("phone"))
    own = Counterparty.objects.exclude(phone="").alias(end=PhoneEnd("phone"))
    keys = [
        *own.filter(end=digits).values_list("pk", flat=True)[:SEVERAL],
        *people.filter(end=digits).values_list("counterparty_id", flat=True)[:SEVERAL],
    ]
    found = Counterparty.objects.filter(pk__in=keys, is_archived=False)
    return list(found.order_by("sort_name", "id")[:SEVERAL]) if keys else []


def people() -> list[User]:
    """Return who may be responsible."""
    return list(User.objects.filter(is_active=True).order_by("full_name", "email", "id"))


def found(user: Any, query: str, limit: int) -> list[Found]:
    """Return what the command palette shows for a query."""
    rows = counterparties(CounterpartyFilter(query=query))
    rows = visible(user, rows, "counterparties.view")[:limit]
    return [
        Found(row.name, row.tax_number, reverse("counterparties:card", args=[row.pk]))
        for row in rows
    ]
