"""Deals as programs read and write them: with the lines, participants and members of their card.

Lists, imports and reports know deals by the fields of ``kinds.py``; these are the parts that only
a card and a form hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.core import objects
from apps.core.objects import Field, Refused
from apps.deals import kinds, services
from apps.deals.models import Deal, DealLine, MemberRole, ParticipantRole
from apps.deals.selectors.cards import who_may_take_part
from apps.sales import told_lines
from apps.sales.services import LineValues

PARTICIPANT = (
    Field("person", gettext_lazy("Contact person"), "key", is_required=True),
    Field("role", gettext_lazy("Role"), "choice", choices=ParticipantRole.choices),
)
MEMBER = (
    Field("user", gettext_lazy("Person"), "user", is_required=True),
    Field("role", gettext_lazy("Role"), "choice", choices=MemberRole.choices),
)


def _lines(deal: Deal) -> list[dict[str, Any]]:
    return [told_lines.told(line) for line in deal.lines.all()]


def _participants(deal: Deal) -> list[dict[str, Any]]:
    return _parts(deal.participants.all(), "person")


def _members(deal: Deal) -> list[dict[str, Any]]:
    return _parts(deal.members.all(), "user")


def _parts(rows: Any, who: str) -> list[dict[str, Any]]:
    found = sorted(rows, key=lambda row: (row.created_at, row.pk))
    return [{who: getattr(row, f"{who}_id"), "role": row.role} for row in found]


PARTS = (
    Field("price_type", gettext_lazy("Price type"), "relation", related="price_types",
          is_filterable=False),
    Field("is_tax_included", gettext_lazy("Prices include tax"), "boolean", is_filterable=False),
    Field("lines", gettext_lazy("Lines"), "rows", parts=told_lines.LINE_PARTS, read=_lines,
          is_filterable=False),
    Field("participants", pgettext_lazy("deal", "Participants"), "rows", parts=PARTICIPANT,
          read=_participants, is_filterable=False),
    Field("members", pgettext_lazy("deal", "Team"), "rows", parts=MEMBER, read=_members,
          is_filterable=False),
)  # fmt: skip


@transaction.atomic
def save(
    *,
    values: Mapping[str, Any],
    by: Any,
    key: UUID | None = None,
    seen: datetime | None = None,
) -> Deal:
    """Open a deal or bring one to these values, parts too: naming one replaces all it held.

    Of a deal with lines the amount is what they come to, whatever is named.
    """
    own = {name: value for name, value in values.items() if name not in _WRITTEN_APART}
    lines = _line_values(values, key, by)
    deal = kinds.save(values=own, by=by, key=key, seen=seen, lines=lines)
    if "participants" in values:
        _put_participants(deal, values["participants"] or (), by)
    if "members" in values:
        roles = {each["user"]: each.get("role") or "" for each in values["members"] or ()}
        _told_by_field("members", lambda: services.put_members(deal_id=deal.pk, roles=roles))
    return deal


_WRITTEN_APART = ("lines", "participants", "members")


def _line_values(
    values: Mapping[str, Any], key: UUID | None, by: Any
) -> Sequence[LineValues] | None:
    if "lines" not in values:
        is_counted_anew = key is not None and "is_tax_included" in values
        held = DealLine.objects.filter(deal=key) if is_counted_anew else ()
        return [told_lines.as_it_is(line) for line in held] or None
    if key is None:
        price_type = services.price_type_for(values.get("counterparty"))
        of = told_lines.Document((), price_type.pk if price_type else None)
    else:
        deal = Deal.objects.get(pk=key)
        lines = set(deal.lines.values_list("pk", flat=True))
        of = told_lines.Document(lines, deal.price_type_id, deal.currency)
    if "price_type" in values:
        of = replace(of, price_type_id=values["price_type"])
    if values.get("currency"):
        of = replace(of, currency=values["currency"])
    return told_lines.line_values(values["lines"], of=of, by=by)


def _put_participants(deal: Deal, given: Sequence[Mapping[str, Any]], by: Any) -> None:
    """Bring those who take part to these: new ones work at the customer, or are seen by ``by``."""
    roles = {each["person"]: each.get("role") or "" for each in given}
    known = set(deal.participants.values_list("person_id", flat=True))
    if roles.keys() - known - who_may_take_part(by, deal, roles.keys() - known):
        raise Refused({"participants": [_("Choose a contact person and a role.")]})
    _told_by_field(
        "participants", lambda: services.put_participants(deal_id=deal.pk, roles=roles)
    )


def _told_by_field(name: str, run: Any) -> None:
    try:
        run()
    except Refused as refused:
        raise Refused({name: [each for told in refused.errors.values() for each in told]}) from None


_registered = objects.kind("deals")
objects.register_for_programs(
    replace(
        _registered,
        fields=(*(each for each in _registered.fields if each.key != "lines"), *PARTS),
        save=save,
        prefetch=("lines", "participants", "members"),
    )
)
