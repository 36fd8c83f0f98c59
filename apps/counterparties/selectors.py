"""Reading counterparties for screens, exports and the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.rights import hidden_of, mask, opened, visible
from apps.core import tagging
from apps.core.folding import fold
from apps.core.models import Tag
from apps.core.search import Found
from apps.core.searching import best, matching
from apps.counterparties.contacts import keys_reached_at
from apps.counterparties.models import (
    BankAccount,
    Consent,
    ContactPerson,
    ContactPoint,
    Counterparty,
    CounterpartyStatus,
    ImportantDate,
    PhoneEnd,
)
from tenants.prepared import PreparedBy

SEVERAL = 8
SHORTEST_PHONE, LONGEST_PHONE = 7, 20
WAITING = (CounterpartyStatus.UNSORTED, CounterpartyStatus.REJECTED)


RELATIONS = {
    "customer": _("Customer"), "supplier": _("Supplier"), "partner": _("Partner"),
    "competitor": _("Competitor"),
}  # fmt: skip


@dataclass(frozen=True)
class CounterpartyFilter:
    """What narrows the list; without a ``status`` those one works with."""

    query: str = ""
    responsible_id: UUID | None = None
    is_archived: bool = False
    status: str = ""
    by: Any = None  # who searches: what they do not see finds nothing


def counterparties(chosen: CounterpartyFilter) -> QuerySet[Counterparty]:
    """Return counterparties by name; each word asked for stands in name, number or a contact."""
    found = Counterparty.objects.filter(is_archived=chosen.is_archived)
    if chosen.responsible_id is not None:
        found = found.filter(responsible=chosen.responsible_id)
    if chosen.status:
        found = found.filter(status=chosen.status)
    elif not chosen.query and not chosen.is_archived:
        found = found.exclude(status__in=WAITING)
    found = matching(found, chosen.query, by=chosen.by)
    return found.select_related("responsible").order_by("sort_name", "id")


def related_as(rows: QuerySet[Any], relations: Sequence[str]) -> QuerySet[Any]:
    """Keep those that are a customer, supplier, partner or competitor: one of these is enough."""
    wanted = Q(pk__in=[])
    for each in relations:
        if each in RELATIONS:
            wanted |= Q(**{f"is_{each}": True})
    return rows.filter(wanted)


def with_tags(rows: QuerySet[Any], keys: Sequence[str]) -> QuerySet[Any]:
    """Keep the rows that have one of these tags."""
    wanted = Q(pk__in=[])
    for key in keys:
        wanted |= Q(tags__contains=[key])
    return rows.filter(wanted)


def card(counterparty_id: UUID, *, by: Any) -> Any:
    """Return a counterparty with all that its left column tells, in one query.

    ``accounts``, ``further`` (contacts), ``days`` and ``leaves`` (consents); ``same``: others with
    its tax number, probably the same company; ``below``: those that belong to it; ``tag_list``.

    :raises Counterparty.DoesNotExist: there is none in this company that the person may see.
    """
    found = _cards(by, counterparty_id)
    if not found:
        raise Counterparty.DoesNotExist(str(counterparty_id))
    partner = found[0]
    tagging.named([partner], [Tag(**{**tag, "folded_name": fold(tag["name"])})
                              for tag in partner.every_tag])  # fmt: skip
    return partner


def _card(by: Any, key: UUID) -> QuerySet[Counterparty]:
    mine = {"counterparty": OuterRef("pk")}
    accounts = BankAccount.objects.filter(**mine).order_by("created_at", "id")
    points = ContactPoint.objects.filter(**mine, person=None).order_by("kind", "created_at", "id")
    dates = ImportantDate.objects.filter(**mine).order_by("on", "id")
    consents = Consent.objects.filter(**mine, person=None).order_by("-given_on", "id")
    rows = visible(by, Counterparty.objects.all(), "counterparties.view")
    below = rows.filter(parent=OuterRef("pk"), is_archived=False)
    same = (
        rows.filter(tax_number=OuterRef("tax_number"), is_archived=False)
        .exclude(tax_number="")
        .exclude(pk=OuterRef("pk"))
        .order_by("name", "id")
    )
    card: QuerySet[Counterparty] = rows.filter(pk=key).select_related("responsible", "parent")
    return card.annotate(
        accounts=_rows(accounts, "number", "bank_name", "bank_code"),
        further=_rows(points, "kind", "label", "value"),
        days=_rows(dates, "kind", "label", "on", "is_yearly"),
        leaves=_rows(consents, "id", "given_on", "text_version", "channel", "withdrawn_on"),
        below=_rows(below.order_by("sort_name", "id")[:20], "id", "name"),
        same=_rows(same[:5], "id", "name"),
        every_tag=_rows(Tag.objects.order_by("folded_name"), "id", "name", "colour"),
    )


_cards = PreparedBy(_card, UUID(int=1))


def hides_contacts(user: Any, partner: Any) -> bool:
    """Tell whether a person sees no ways to reach a counterparty: a VIP's, or by their role."""
    return {"phone", "email"} <= hidden_of(user, partner)


def parts(partner: Counterparty) -> dict[str, list[dict[str, Any]]]:
    """Return the lists that stand in the form of a counterparty, by name, in one query."""
    mine = {"counterparty": OuterRef("pk")}
    people = ContactPerson.objects.filter(**mine, is_archived=False).order_by("created_at", "id")
    accounts = BankAccount.objects.filter(**mine).order_by("created_at", "id")
    points = ContactPoint.objects.filter(**mine, person=None).order_by("created_at", "id")
    dates = ImportantDate.objects.filter(**mine).order_by("on", "id")
    found = Counterparty.objects.annotate(
        form_people=_rows(people, "full_name", "job_title", "phone", "email", key="id"),
        form_accounts=_rows(
            accounts, "number", "bank_name", "bank_code", "correspondent_account"
        ),
        form_points=_rows(points, "kind", "value", "label"),
        form_dates=_rows(dates, "on", "kind", "label", "is_yearly"),
    ).only("pk").get(pk=partner.pk)
    return {name: getattr(found, f"form_{name}") for name in _FORM_LISTS}


_FORM_LISTS = ("people", "accounts", "points", "dates")


def family(counterparty_id: UUID) -> list[UUID]:
    """Return the keys of a counterparty and of all that belong to it, at any depth."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE below AS ("
            " SELECT id, 0 AS depth FROM counterparties_counterparty WHERE id = %s"
            " UNION SELECT c.id, b.depth + 1 FROM counterparties_counterparty c"
            " JOIN below b ON c.parent_id = b.id WHERE b.depth < 20)"
            " SELECT DISTINCT id FROM below",
            [counterparty_id],
        )
        return [row[0] for row in cursor.fetchall()]


def sources() -> list[str]:
    """Return where counterparties have come from so far, for the field that offers them."""
    found = Counterparty.objects.exclude(source="").order_by("source").values_list("source")
    return [row[0] for row in found.distinct()[:50]]


def _rows(found: QuerySet[Any], *names: str, **renamed: str) -> ArraySubquery:
    """Return the expression of these rows as a list of dictionaries."""
    told = {name: name for name in names} | renamed
    return ArraySubquery(found.values(row=JSONObject(**told)))


def bare_card(number: str) -> str:
    """Return a card number as it is kept: letters and digits only."""
    return "".join(letter for letter in number.upper() if letter.isalnum())[:40]


def having_card(number: str) -> list[Counterparty]:
    """Return who has a customer card with this number."""
    bare = bare_card(number)
    if not bare:
        return []
    return list(Counterparty.objects.filter(card_number=bare, is_archived=False)[:SEVERAL])


def having_phone(number: str, *, by: Any) -> list[Counterparty]:
    """Return who is reached at a phone number, or has a contact person who is.

    Ten digits decide, so +7, 8 and 0 in front make no difference. Whose phones are closed to the
    person who asks is not among them; without a person (``by=None``) it is a program that asks.
    """
    digits = "".join(letter for letter in number if letter.isdigit())[-10:]
    if len(digits) < SHORTEST_PHONE or len("".join(number.split())) > LONGEST_PHONE:
        return []
    people = ContactPerson.objects.exclude(phone="").alias(end=PhoneEnd("phone"))
    own = Counterparty.objects.exclude(phone="").alias(end=PhoneEnd("phone"))
    if by is not None:
        people = people.filter(opened(by, ContactPerson, "phone"))
        own = own.filter(opened(by, Counterparty, "phone"))
    keys = [
        *own.filter(end=digits).values_list("pk", flat=True)[:SEVERAL],
        *people.filter(end=digits).values_list("counterparty_id", flat=True)[:SEVERAL],
        *keys_reached_at(number),
    ]
    found = Counterparty.objects.filter(pk__in=keys, is_archived=False)
    if by is not None:
        found = found.filter(opened(by, Counterparty, "phone"))
    return list(found.order_by("sort_name", "id")[:SEVERAL]) if keys else []


def people() -> list[User]:
    """Return who may be responsible."""
    return list(User.objects.filter(is_active=True).order_by("full_name", "email", "id"))


def found(user: Any, query: str, limit: int) -> list[Found]:
    """Return what the command palette shows for a query."""
    rows = Counterparty.objects.filter(is_archived=False)
    found = best(visible(user, rows, "counterparties.view"), query, limit=limit, by=user)
    mask(user, found)
    return [
        Found(row.name, row.tax_number, reverse("counterparties:card", args=[row.pk]))
        for row in found
    ]


def found_people(user: Any, query: str, limit: int) -> list[Found]:
    """Return the contact persons the command palette shows for a query."""
    rows = ContactPerson.objects.filter(is_archived=False).select_related("counterparty")
    found = best(visible(user, rows, "counterparties.view"), query, limit=limit, by=user)
    return [
        Found(row.full_name, row.counterparty.name, reverse("counterparties:person", args=[row.pk]))
        for row in found
    ]
