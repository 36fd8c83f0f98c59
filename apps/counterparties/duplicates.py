"""Who is entered already: asked while somebody types, by number, phone, e-mail and name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from apps.accounts.rights import opened, visible
from apps.core.folding import fold
from apps.counterparties.contacts import keys_reached_at
from apps.counterparties.models import (
    ContactPerson,
    Counterparty,
    CounterpartyStatus,
    PhoneEnd,
)
from apps.counterparties.selectors import SHORTEST_PHONE, having_phone

SEVERAL = 5
SHORTEST_NAME = 4


@dataclass(frozen=True)
class Like:
    """A counterparty that may be the same, and what they share, as a word."""

    row: Counterparty
    reason: str


def like(
    *, by: Any, name: str = "", tax_number: str = "", phone: str = "", email: str = "",
    but: UUID | None = None,
) -> list[Like]:  # fmt: skip
    """Return whom the person may see and who has the same number, phone, e-mail or name."""
    reasons: dict[UUID, str] = {}
    for keys, reason in (
        (_of_number(tax_number), _("the same tax number")),
        ([row.pk for row in having_phone(phone, by=by)], _("the same phone")),
        (_of_email(email, by), _("the same e-mail")),
        (_of_name(name), _("the same name")),
    ):
        for key in keys:
            reasons.setdefault(key, reason)
    reasons.pop(but, None)  # type: ignore[arg-type]
    if not reasons:
        return []
    rows = Counterparty.objects.filter(pk__in=reasons, is_archived=False)
    rows = visible(by, rows, "counterparties.view").select_related("responsible")
    found = [Like(row, reasons[row.pk]) for row in rows.order_by("sort_name", "id")[:SEVERAL]]
    order = list(reasons)
    return sorted(found, key=lambda each: order.index(each.row.pk))


def like_each(rows: Sequence[Any], *, by: Any) -> dict[Any, list[Counterparty]]:
    """Return for each row of a page who else has its e-mail, or a phone with the same end."""
    ends = {_end(row.phone) for row in rows} - {""}
    mails = {row.email.lower() for row in rows if row.email}
    known = visible(by, Counterparty.objects.filter(is_archived=False), "counterparties.view")
    near = Q(pk__in=[])
    if ends:
        near |= Q(~Q(phone=""), end__in=ends) & opened(by, Counterparty, "phone")
    if mails:
        near |= Q(~Q(email=""), mail__in=mails) & opened(by, Counterparty, "email")
    found = list(
        known.alias(end=PhoneEnd("phone"), mail=Lower("email"))
        .filter(near)
        .exclude(status=CounterpartyStatus.UNSORTED)
        .order_by("sort_name", "id")[:200]
    )
    return {
        row: [
            each for each in found
            if (row.phone and _end(each.phone) == _end(row.phone))
            or (row.email and each.email.lower() == row.email.lower())
        ][:3]
        for row in rows
    }  # fmt: skip


def _end(phone: str) -> str:
    digits = "".join(letter for letter in phone if letter.isdigit())
    return digits[-10:] if len(digits) >= SHORTEST_PHONE else ""


def _of_number(number: str) -> list[UUID]:
    number = "".join(number.split())
    if len(number) < SHORTEST_NAME:
        return []
    rows = Counterparty.objects.filter(tax_number=number)
    return list(rows.values_list("pk", flat=True)[:SEVERAL])


def _of_email(email: str, by: Any) -> list[UUID]:
    email = email.strip().lower()
    if "@" not in email[1:-1]:
        return []
    lower = Lower("email")
    own = Counterparty.objects.alias(mail=lower).exclude(email="").filter(mail=email)
    people = ContactPerson.objects.alias(mail=lower).exclude(email="").filter(mail=email)
    keys = [
        *own.values_list("pk", flat=True)[:SEVERAL],
        *people.values_list("counterparty_id", flat=True)[:SEVERAL],
        *keys_reached_at(email),
    ]
    open_ones = Counterparty.objects.filter(opened(by, Counterparty, "email"), pk__in=keys)
    known = set(open_ones.values_list("pk", flat=True)) if keys else set()
    return [key for key in keys if key in known]


def _of_name(name: str) -> list[UUID]:
    folded = fold(name)[:250]
    if len(folded) < SHORTEST_NAME:
        return []
    bare = bare_name(folded)
    names = {folded, bare, *(f"{form} {bare}" for form in _FORMS), *(f"{bare} {f}" for f in _FORMS)}
    quoted = {f"{form} «{bare}»" for form in _FORMS} | {f'{form} "{bare}"' for form in _FORMS}
    rows = Counterparty.objects.filter(sort_name__in=names | quoted)
    return list(rows.values_list("pk", flat=True)[:SEVERAL])


# What a name begins or ends with and does not tell one company from another, folded.
_FORMS = (
    "ооо", "оао", "зао", "пао", "ао", "ип", "нко", "тоо", "ltd", "ltd.", "llc", "inc", "inc.",
    "gmbh", "a.s.", "as", "ltd. sti.", "ltd sti", "limited", "san. tic. ltd. sti.",
)  # fmt: skip


def bare_name(folded: str) -> str:
    """Return a folded name without its legal form and quotation marks."""
    words = "".join(" " if mark in "«»\"'“”" else mark for mark in folded).split()
    while len(words) > 1 and words[0] in _FORMS:
        words = words[1:]
    while len(words) > 1 and words[-1] in _FORMS:
        words = words[:-1]
    return " ".join(words)
