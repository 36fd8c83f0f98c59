"""Deals and quotations as programs read and write them: all that their cards and forms do.

Lists, imports and reports know them by the fields of ``kinds.py``; these are the parts that only a
card and a form hold, and the steps of a quotation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.accounts.rights import hidden_of
from apps.core import objects
from apps.core.objects import Action, ChangedMeanwhile, Content, Field, Refused
from apps.deals import kinds, services, words
from apps.deals.documents import file_name, language_for, quotation_pdf
from apps.deals.letters import letter_of
from apps.deals.models import Deal, DealLine, MemberRole, ParticipantRole, Quotation
from apps.deals.selectors.cards import who_may_take_part
from apps.deals.services import DealError, quotations
from apps.sales import told_lines
from apps.sales.documents.invoice_pdf import LANGUAGES
from apps.sales.programs import LETTER, told_letter
from apps.sales.services import LineValues
from tenants.current import current_company

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
        _told_by_field(
            "members",
            lambda: services.put_members(deal_id=deal.pk, roles=roles, now=timezone.now()),
        )
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
        "participants",
        lambda: services.put_participants(deal_id=deal.pk, roles=roles, now=timezone.now()),
    )


def _told_by_field(name: str, run: Any) -> None:
    try:
        run()
    except Refused as refused:
        raise Refused({name: [each for told in refused.errors.values() for each in told]}) from None


def _undo_move(*, key: UUID, values: Mapping[str, Any], by: Any) -> Deal:
    """Take the latest move back, the one that brought the deal to this stage."""
    try:
        if values.get("stage") is None:
            raise services.NothingToUndo(key)
        return services.undo_move(deal_id=key, stage_id=values["stage"])
    except DealError as error:
        raise Refused({"stage": [words.refusal(error)]}) from error


# Quotations ---------------------------------------------------------------------------------------


@transaction.atomic
def save_quotation(
    *,
    values: Mapping[str, Any],
    by: Any,
    key: UUID | None = None,
    seen: datetime | None = None,
) -> Quotation:
    """Set how long a quotation is valid and on which terms; it is made of a deal, not here."""
    assert key is not None  # noqa: S101  (the kind is not creatable)
    quotation = Quotation.objects.select_for_update().get(pk=key)
    if seen is not None and quotation.updated_at > seen:
        raise ChangedMeanwhile(quotation)
    terms = values.get("terms")
    try:
        return quotations.change_quotation(
            quotation_id=quotation.pk,
            valid_until=values.get("valid_until") or quotation.valid_until,
            terms=quotation.terms if terms is None else terms,
        )
    except DealError as error:
        raise Refused({"": [words.refusal(error)]}) from error


def _step(run: Callable[..., Any]) -> Callable[..., Quotation]:
    """Return something done with a quotation as the API calls it."""

    def step(*, key: UUID, values: Mapping[str, Any], by: Any) -> Quotation:
        try:
            run(key, values, by)
        except DealError as error:
            raise Refused({"": [words.refusal(error)]}) from error
        return Quotation.objects.get(pk=key)

    return step


def _decide(key: UUID, values: Mapping[str, Any], by: Any) -> None:
    if not values.get("decision"):
        raise Refused({"decision": [_("It is approve or refuse.")]})
    quotations.decide(
        quotation_id=key, is_approved=values["decision"] == "approve", by=by, now=timezone.now(),
        reason=values.get("reason") or "",
    )  # fmt: skip


def _send(key: UUID, values: Mapping[str, Any], by: Any) -> None:
    rows = Quotation.objects.select_related("deal__counterparty", "organization")
    quotation = rows.get(pk=key)
    language = language_for(quotation, company_language=current_company().language)
    letter = told_letter(letter_of(quotation, by=by), values)
    quotations.send(quotation_id=key, by=by, now=timezone.now(), language=language, **letter)


def _mark_sent(key: UUID, values: Mapping[str, Any], by: Any) -> None:
    quotations.mark_sent(quotation_id=key, by=by, now=timezone.now())


def _accept(key: UUID, values: Mapping[str, Any], by: Any) -> None:
    quotations.accept(quotation_id=key, by=by, today=timezone.localdate(), now=timezone.now())


def _decline(key: UUID, values: Mapping[str, Any], by: Any) -> None:
    quotations.decline(quotation_id=key, now=timezone.now(), reason=values.get("reason") or "")


def _invoice(key: UUID, values: Mapping[str, Any], by: Any) -> None:
    quotations.invoice_quotation(
        quotation_id=key, by=by, today=timezone.localdate(), now=timezone.now()
    )


def _pdf(*, row: Quotation, user: Any, language: str) -> HttpResponse:
    """Return a quotation as PDF, in the customer's language where none is asked for."""
    usual = language_for(row, company_language=current_company().language)
    hidden = hidden_of(user, row.deal.counterparty)
    pdf = quotation_pdf(quotation_id=row.pk, language=language or usual, hidden=hidden)
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{file_name(row)}"'
    return answer


_REASON = Field("reason", pgettext_lazy("why", "Reason"))
_DECISION = Field(
    "decision", gettext_lazy("Decision"), "choice", is_required=True,
    choices=(("approve", gettext_lazy("Approve")), ("refuse", gettext_lazy("Refuse"))),
)  # fmt: skip
_ANSWERED = (
    Field("organization", gettext_lazy("Organization"), "relation", related="organizations",
          is_writable=False),
    Field("invoice", gettext_lazy("Invoice"), "relation", related="invoices", is_writable=False),
    Field("decision", gettext_lazy("about the decision"), is_writable=False),
    Field("decided_by", gettext_lazy("Decided by"), "user", is_writable=False),
    Field("decided_at", gettext_lazy("Decided at"), "moment", is_writable=False),
    Field("sent_at", gettext_lazy("Sent at"), "moment", is_writable=False),
    Field("sent_to", gettext_lazy("sent to"), "email", is_writable=False),
    Field("answered_at", gettext_lazy("Answered at"), "moment", is_writable=False),
)  # fmt: skip
_CHANGED = ("valid_until", "terms")


_deals, _quotations = objects.kind("deals"), objects.kind("quotations")
objects.register_for_programs(
    replace(
        _deals,
        fields=(*(each for each in _deals.fields if each.key != "lines"), *PARTS),
        save=save,
        prefetch=("lines", "participants", "members"),
        actions=(
            *_deals.actions,
            Action("undo-move", gettext_lazy("Undo the latest move"), "deals.change", _undo_move,
                   (Field("stage", gettext_lazy("Stage"), "key", is_required=True),)),
        ),
    )
)  # fmt: skip
objects.register_for_programs(
    replace(
        _quotations,
        fields=(
            *(replace(each, is_writable=each.key in _CHANGED) for each in _quotations.fields),
            *_ANSWERED,
        ),
        related=(*_quotations.related, "organization"),
        save=save_quotation,
        is_creatable=False,
        actions=(
            Action("decide", gettext_lazy("Approve or refuse"), "quotations.approve",
                   _step(_decide), (_DECISION, _REASON)),
            Action("mark-sent", gettext_lazy("Sent to the customer"), "quotations.change",
                   _step(_mark_sent)),
            Action("send", gettext_lazy("Send by mail"), "quotations.change", _step(_send),
                   LETTER),
            Action("accept", pgettext_lazy("quotation", "Accept"), "quotations.change",
                   _step(_accept)),
            Action("decline", pgettext_lazy("quotation", "Decline"), "quotations.change",
                   _step(_decline), (_REASON,)),
            Action("invoice", gettext_lazy("Make an invoice"), "invoices.create",
                   _step(_invoice)),
        ),
        contents=(Content("pdf", "PDF", "application/pdf", _pdf, LANGUAGES),),
    )
)  # fmt: skip
