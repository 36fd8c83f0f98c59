"""Opening, changing, moving and closing deals."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.catalog.models import PriceType
from apps.catalog.selectors import default_price_type
from apps.core import bulk, events, objects
from apps.core.folding import fold
from apps.core.objects import ChangedMeanwhile, Refused
from apps.counterparties.models import ContactPerson, Counterparty
from apps.deals.models import (
    Deal,
    DealMember,
    DealParticipant,
    LossReason,
    MemberRole,
    ParticipantRole,
    Stage,
    StageKind,
    StageMove,
)
from apps.deals.services import happenings
from apps.deals.services.errors import NothingToUndo, StageNeeds
from apps.deals.services.lines import put_lines
from apps.deals.services.pipelines import begin
from apps.sales.models import TradeTerms
from apps.sales.services import LineValues
from tenants.current import company_or_none
from tenants.prepared import Prepared

KEY = "deals"  # the kind, and the object of the rights
# What a person enters, and the column that keeps it.
COLUMNS = {
    "name": "name", "counterparty": "counterparty_id", "owner": "owner_id",
    "amount": "amount", "currency": "currency", "price_type": "price_type_id",
    "is_tax_included": "is_tax_included", "expected_on": "expected_on", "source": "source",
    "contract": "contract", "comment": "comment", "loss_reason": "loss_reason_id",
    "loss_comment": "loss_comment", "tags": "tags",
}  # fmt: skip
_REQUIRED = ("name", "counterparty_id", "currency")


@transaction.atomic
def save_deal(
    *,
    values: Mapping[str, Any],
    by: User | None,
    now: datetime,
    key: UUID | None = None,
    seen: datetime | None = None,
    lines: Sequence[LineValues] | None = None,
) -> Deal:
    """Open a deal or bring one to these values; what is not named stays, the same writes nothing.

    ``values`` are by key of the kind's field. A deal begins in the first stage of its pipeline,
    now; one of another program on the day it was ``opened_at`` there, and one that begins in a
    stage that ends it is closed, ``closed_at`` the day that is named.

    :raises Refused: with sentences by field.
    :raises ChangedMeanwhile: the deal is newer than ``seen``.
    :raises StageNeeds: ``stage`` names one that asks for fields the deal does not have.
    """
    deal = locked(key) if key else _begun(values, now)
    if key and seen is not None and deal.updated_at > seen:
        raise ChangedMeanwhile(deal)
    former_owner = deal.owner_id
    changed = set_values(deal, values)
    check(deal, values)
    stage = _wanted_stage(deal, values)
    if deal._state.adding:
        deal.owner_id = deal.owner_id or (by.pk if by else None)
        deal.stage, deal.pipeline_id = stage, stage.pipeline_id
        _date(deal, values, now)
        deal.save(force_insert=True)
        StageMove.objects.create(deal=deal, stage=stage, at=deal.stage_since, by=by)
        if lines and put_lines(deal, lines):
            deal.save()
        return deal
    has_new_lines = lines is not None and put_lines(deal, lines)
    if changed or has_new_lines:
        deal.touched_at = now
        deal.save()
    if deal.owner_id != former_owner:
        owners = {deal.pk: deal.owner_id}
        events.publish(happenings.DealsHandedOver(owners, by.pk if by else None))
    if stage.pk != deal.stage_id:
        move(deal, stage, by=by, now=now)
    return deal


def open_deal(
    *, counterparty_id: UUID, by: User | None, now: datetime, name: str = "", source: str = "",
    comment: str = "", people: Sequence[UUID] = (), stage_id: UUID | None = None,
) -> Deal:  # fmt: skip
    """Open a deal with a counterparty without retyping: a lead becomes a deal (F146).

    Its contact persons take part (all of them, when ``people`` names none); price type and
    currency are those one sells to it by.

    :raises Refused: there is no such counterparty in use.
    """
    with transaction.atomic():
        partner = Counterparty.objects.filter(pk=counterparty_id, is_archived=False).first()
        if partner is None:
            raise Refused({"counterparty": [_("There is no such counterparty in use.")]})
        values: dict[str, Any] = {
            "name": name or partner.name, "counterparty": partner.pk, "source": source,
            "comment": comment,
        }  # fmt: skip
        if stage_id is not None:
            values["stage"] = stage_id
        if partner.responsible_id is not None:
            values["owner"] = partner.responsible_id
        deal = save_deal(values=values, by=by, now=now)
        persons = ContactPerson.objects.filter(counterparty=partner)
        if people:
            persons = persons.filter(pk__in=people)
        DealParticipant.objects.bulk_create(
            DealParticipant(deal=deal, person=person) for person in persons.order_by("id")
        )
    return deal


@transaction.atomic
def move_deal(
    *, deal_id: UUID, stage_id: UUID, by: User | None, now: datetime,
    values: Mapping[str, Any] | None = None,
) -> Deal:  # fmt: skip
    """Bring a deal to a stage, of its own pipeline or of another; there already, it stays so.

    ``values`` are what the stage asks for, saved in the same step.

    :raises StageNeeds: fields are still missing; nothing was moved.
    :raises Refused: a value cannot be taken.
    """
    deal = locked(deal_id)
    stage = Stage.objects.select_related("pipeline").get(pk=stage_id, is_archived=False)
    if deal.stage_id == stage.pk:
        return deal
    if values:
        objects.save(objects.kind(KEY), values=values, by=by, key=deal.pk)
        deal.refresh_from_db()
    return move(deal, stage, by=by, now=now)


def move(
    deal: Deal, stage: Stage, *, by: User | None, now: datetime, is_checked: bool = True
) -> Deal:
    """Bring a locked deal to a stage; ``is_checked=False`` where a fact carries it there.

    :raises StageNeeds: fields are missing.
    """
    if is_checked:
        require_fields(deal, stage)
    former_id = bring_to(deal, stage, now=now)
    deal.save()
    note_moves([(deal, former_id)], by=by, now=now)
    return deal


def require_fields(deal: Deal, stage: Stage) -> None:
    """Pass when a deal has what a stage asks for.

    :raises StageNeeds: fields are missing.
    """
    missing = missing_for(deal, stage)
    if missing:
        raise StageNeeds(deal, stage, missing)


def bring_to(deal: Deal, stage: Stage, *, now: datetime) -> UUID:
    """Put a deal in memory into a stage; return the one it was in."""
    former_id, was_open = deal.stage_id, deal.is_open
    deal.stage, deal.pipeline_id = stage, stage.pipeline_id
    deal.stage_since = deal.touched_at = now
    if stage.kind == StageKind.OPEN:
        deal.closed_at = None
    elif was_open:
        deal.closed_at = now
    if stage.kind != StageKind.LOST:
        deal.loss_reason, deal.loss_comment = None, ""
    return former_id


def note_moves(
    moved: Sequence[tuple[Deal, UUID]], *, by: User | None, now: datetime
) -> None:
    """Write down which stages deals came from, and tell those who listen."""
    StageMove.objects.bulk_create(
        StageMove(deal=deal, former_id=former_id, stage=deal.stage, at=now, by=by)
        for deal, former_id in moved
    )
    author = by.pk if by else None
    told = [
        happenings.DealMoved(deal.pk, former_id, deal.stage_id, author)
        for deal, former_id in moved
    ]
    if told:
        events.publish(happenings.DealsMoved(told))
    for deal, _former_id in moved:
        if deal.stage.kind == StageKind.WON:
            events.publish(happenings.DealWon(deal.pk, author))
        elif deal.stage.kind == StageKind.LOST:
            events.publish(happenings.DealLost(deal.pk, author))


def missing_for(deal: Deal, stage: Stage) -> list[str]:
    """Return the keys of fields that a stage asks for and the deal has not."""
    asked = list(stage.required_fields)
    if stage.kind == StageKind.LOST and _has_reasons(stage):
        asked.insert(0, "loss_reason")
    return [key for key in dict.fromkeys(asked) if _is_empty(deal, key)]


def _has_reasons(stage: Stage) -> bool:
    """Tell whether the company words reasons of loss; some reads of a stage tell it along."""
    told = getattr(stage, "has_reasons", None)
    return has_reasons() if told is None else bool(told)


def has_reasons() -> bool:
    """Tell whether the company words reasons of loss."""
    return LossReason.objects.filter(is_archived=False).exists()


@transaction.atomic
def undo_move(*, deal_id: UUID, stage_id: UUID) -> Deal:
    """Take the latest move, which brought the deal to this stage, back as if it had not been.

    :raises NothingToUndo: the deal has moved on since, or never moved.
    """
    deal = locked(deal_id)
    way = StageMove.objects.filter(deal=deal).select_related("former", "stage")
    moves = list(way.order_by("-at", "-id")[:2])
    if len(moves) < 2 or moves[0].stage_id != stage_id or deal.stage_id != stage_id:
        raise NothingToUndo(deal.pk)
    latest, former = moves
    deal.stage, deal.pipeline_id = former.stage, former.stage.pipeline_id
    deal.stage_since = former.at
    if former.stage.kind == StageKind.OPEN:
        deal.closed_at = None
        deal.loss_reason, deal.loss_comment = None, ""
    else:
        deal.closed_at = former.at
    deal.save()
    latest.delete()
    return deal


@transaction.atomic
def move_many(
    *, deal_ids: Collection[UUID], stage_id: UUID, by: User | None, now: datetime
) -> tuple[int, int]:
    """Bring deals to a stage; return how many moved and how many lack what it asks for."""
    stage = Stage.objects.select_related("pipeline").get(pk=stage_id, is_archived=False)
    stage.has_reasons = has_reasons()  # type: ignore[attr-defined]
    deals = list(
        Deal.objects.select_for_update(of=("self",))
        .filter(pk__in=deal_ids, is_archived=False)
        .exclude(stage=stage)
        .order_by("pk")
    )
    former = bulk.columns_now(deals)
    fit = [deal for deal in deals if not missing_for(deal, stage)]
    moved = [(deal, bring_to(deal, stage, now=now)) for deal in fit]
    bulk.update_changed(Deal, former, fit, now=now)
    note_moves(moved, by=by, now=now)
    return len(fit), len(deals) - len(fit)


@transaction.atomic
def hand_over(
    *, deal_ids: Collection[UUID], owner_id: UUID | None, by: User | None, now: datetime
) -> int:
    """Give deals another owner, with one statement; return how many changed."""
    others = Deal.objects.filter(pk__in=deal_ids)
    others = others.exclude(owner_id=owner_id) if owner_id is None else others.filter(
        ~Q(owner_id=owner_id) | Q(owner_id=None)
    )  # fmt: skip
    keys = list(others.order_by("pk").select_for_update().values_list("pk", flat=True))
    Deal.objects.filter(pk__in=keys).update(owner_id=owner_id, touched_at=now, updated_at=now)
    if keys:
        owners = dict.fromkeys(keys, owner_id)
        events.publish(happenings.DealsHandedOver(owners, by.pk if by else None))
    return len(keys)


def archive_deals(*, ids: Collection[UUID], is_archived: bool, now: datetime) -> int:
    """Take deals out of use, or bring them back; return how many changed."""
    found = Deal.objects.filter(pk__in=ids).exclude(is_archived=is_archived)
    return found.update(is_archived=is_archived, updated_at=now)


def touch(*, deal_ids: Collection[UUID], now: datetime) -> None:
    """Note that somebody did something about deals: they do not rot, and stand at the top."""
    Deal.objects.filter(pk__in=deal_ids, touched_at__lt=now).update(touched_at=now)


@transaction.atomic
def put_participant(*, deal_id: UUID, person_id: UUID, role: str) -> DealParticipant:
    """Let a contact person take part, or change the part.

    :raises Refused: there is no such person or role.
    """
    is_known = ContactPerson.objects.filter(pk=person_id).exists()
    if role not in ParticipantRole.values or not is_known:
        raise Refused({"person": [_("Choose a contact person and a role.")]})
    found, is_new = DealParticipant.objects.get_or_create(
        deal_id=deal_id, person_id=person_id, defaults={"role": role}
    )
    if not is_new and found.role != role:
        found.role = role
        found.save()
    return found


@transaction.atomic
def put_member(*, deal_id: UUID, user_id: UUID, role: str) -> DealMember:
    """Let one of our people take part, or change the part.

    :raises Refused: there is no such person or role.
    """
    is_known = User.objects.filter(pk=user_id, is_active=True).exists()
    if role not in MemberRole.values or not is_known:
        raise Refused({"user": [_("Choose a person and a role.")]})
    found, is_new = DealMember.objects.get_or_create(
        deal_id=deal_id, user_id=user_id, defaults={"role": role}
    )
    if not is_new and found.role != role:
        found.role = role
        found.save()
    return found


@transaction.atomic
def put_participants(*, deal_id: UUID, roles: Mapping[UUID, str], now: datetime) -> None:
    """Bring the contact persons who take part to these with their roles; the others go.

    A role that is ``""`` stays as it is, or is that of whoever has none. Unchanged ones are not
    written.

    :raises Refused: there is no such person or role.
    """
    found = {row.person_id: row for row in DealParticipant.objects.filter(deal=deal_id)}
    new = roles.keys() - found.keys()
    is_known = ContactPerson.objects.filter(pk__in=new).count() == len(new)
    if not is_known or not {role for role in roles.values() if role} <= set(ParticipantRole.values):
        raise Refused({"person": [_("Choose a contact person and a role.")]})
    made = [
        DealParticipant(deal_id=deal_id, person_id=key, role=roles[key] or ParticipantRole.OTHER)
        for key in roles if key in new
    ]  # fmt: skip
    _put(DealParticipant, found, made, roles, now)


@transaction.atomic
def put_members(*, deal_id: UUID, roles: Mapping[UUID, str], now: datetime) -> None:
    """Bring those of our people who take part to these with their roles, as participants are.

    :raises Refused: there is no such person or role.
    """
    found = {row.user_id: row for row in DealMember.objects.filter(deal=deal_id)}
    new = roles.keys() - found.keys()
    is_known = User.objects.filter(pk__in=new, is_active=True).count() == len(new)
    if not is_known or not {role for role in roles.values() if role} <= set(MemberRole.values):
        raise Refused({"user": [_("Choose a person and a role.")]})
    made = [
        DealMember(deal_id=deal_id, user_id=key, role=roles[key] or MemberRole.HELPS)
        for key in roles if key in new
    ]  # fmt: skip
    _put(DealMember, found, made, roles, now)


def _put(
    model: Any, found: Mapping[UUID, Any], made: Sequence[Any], roles: Mapping[UUID, str],
    now: datetime,
) -> None:  # fmt: skip
    """Write who takes part by three statements: roles that differ, who goes, who comes."""
    changed = []
    for key, row in found.items():
        if roles.get(key, "") not in ("", row.role):
            row.role, row.updated_at = roles[key], now
            changed.append(row)
    model.objects.bulk_update(changed, ["role", "updated_at"])
    model.objects.filter(pk__in=[row.pk for key, row in found.items() if key not in roles]).delete()
    model.objects.bulk_create(made)


def remove_participant(*, deal_id: UUID, participant_id: UUID) -> None:
    """Let a contact person take part no more; the same again does nothing."""
    DealParticipant.objects.filter(pk=participant_id, deal=deal_id).delete()


def remove_member(*, deal_id: UUID, member_id: UUID) -> None:
    """Let one of our people take part no more; the same again does nothing."""
    DealMember.objects.filter(pk=member_id, deal=deal_id).delete()


def locked(deal_id: UUID) -> Deal:
    """Return the deal, locked until the transaction ends."""
    return Deal.objects.select_for_update().get(pk=deal_id)


def company_currency() -> str:
    """Return the currency of the company that is entered."""
    company = company_or_none()
    return (company.currency if company else "") or "USD"


def price_type_for(counterparty_id: UUID | None) -> PriceType | None:
    """Return the price type at which one sells to a counterparty."""
    terms = _terms.first(counterparty_id) if counterparty_id else None
    return (terms.price_type if terms else None) or default_price_type()


def _begun(values: Mapping[str, Any], now: datetime) -> Deal:
    price_type = price_type_for(values.get("counterparty"))
    return Deal(
        opened_at=now, stage_since=now, touched_at=now, price_type=price_type,
        currency=price_type.currency if price_type else company_currency(),
        is_tax_included=price_type.is_tax_included if price_type else True,
    )  # fmt: skip


def _date(deal: Deal, values: Mapping[str, Any], now: datetime) -> None:
    """Give a new deal its days: now, or those it had where it comes from.

    :raises Refused: it was closed before it was opened, is not over, or lies ahead.
    """
    opened, closed = values.get("opened_at"), values.get("closed_at")
    is_over = deal.stage.kind != StageKind.OPEN
    errors: dict[str, list[str]] = {}
    for name, moment in (("opened_at", opened), ("closed_at", closed)):
        if moment is not None and moment > now:
            errors[name] = [_("This day lies ahead.")]
    if closed is not None and not is_over:
        errors["closed_at"] = [_("A deal is closed in a stage that ends it.")]
    elif closed is not None and opened is not None and closed < opened:
        errors["closed_at"] = [_("A deal is not closed before it is opened.")]
    if errors:
        raise Refused(errors)
    deal.opened_at = opened or closed or now
    deal.closed_at = (closed or now) if is_over else None
    deal.stage_since = deal.touched_at = deal.closed_at or deal.opened_at


_terms = Prepared(
    lambda key: TradeTerms.objects.select_related("price_type").filter(counterparty_id=key),
    UUID(int=1),
)


def set_values(
    deal: Deal, values: Mapping[str, Any], partners: Mapping[UUID, Counterparty] | None = None
) -> bool:
    """Put values into a deal in memory; tell whether any differed.

    ``partners`` are the counterparties that are named, where they have been read.
    """
    wanted = {COLUMNS[key]: value for key, value in values.items() if key in COLUMNS}
    if "tags" in wanted:
        wanted["tags"] = [str(key) for key in wanted["tags"] or ()]
    if wanted.get("amount", Decimal(0)) is None:
        wanted["amount"] = Decimal(0)
    for column, value in list(wanted.items()):
        if value is None and not Deal._meta.get_field(column.removesuffix("_id")).null:
            wanted[column] = ""
    changed = [name for name, value in wanted.items() if getattr(deal, name) != value]
    for name in changed:
        setattr(deal, name, wanted[name])
    if "name" in changed or "counterparty_id" in changed:
        deal.search_name = _search_name(deal, partners or {})
    return bool(changed)


def _search_name(deal: Deal, partners: Mapping[UUID, Counterparty]) -> str:
    partner = partners.get(deal.counterparty_id)
    if partner is None and deal.counterparty_id:
        partner = _partner.first(deal.counterparty_id)
    if partner is not None:
        deal.counterparty = partner  # found: nobody has to ask whether it is there
    return fold(f"{deal.name} {partner.name if partner else ''}")[:500]


_partner = Prepared(lambda key: Counterparty.objects.filter(pk=key), UUID(int=1))


def check(deal: Deal, values: Mapping[str, Any]) -> None:
    """Pass when a deal in memory may be kept so.

    :raises Refused: with sentences by field.
    """
    errors: dict[str, list[str]] = {}
    if not str(deal.name).strip():
        errors["name"] = [_("A deal has a name.")]
    named = deal.counterparty_id if "counterparty" in values or deal._state.adding else None
    if not deal.counterparty_id:
        errors["counterparty"] = [_("A deal has a customer.")]
    elif named and not _is_there(deal):
        errors["counterparty"] = [_("There is no such counterparty in use.")]
    if deal.amount < 0:
        errors["amount"] = [_("An amount is not below zero.")]
    if len(deal.currency or "") != 3:
        errors["currency"] = [_("A currency has three letters.")]
    if errors:
        raise Refused(errors)


def _is_there(deal: Deal) -> bool:
    """Tell whether the customer is there; the name for searching may have been read already."""
    known = Deal.counterparty.is_cached(deal)
    return known or Counterparty.objects.filter(pk=deal.counterparty_id).exists()


def _wanted_stage(deal: Deal, values: Mapping[str, Any]) -> Stage:
    open_ones = Stage.objects.filter(is_archived=False).select_related("pipeline")
    if values.get("stage"):
        stage = open_ones.filter(pk=values["stage"]).first()
        if stage is None:
            raise Refused({"stage": [_("There is no such stage.")]})
        return stage
    if not deal._state.adding and values.get("pipeline") in (None, deal.pipeline_id):
        return deal.stage
    pipeline_id = values.get("pipeline") or begin().pk
    stage = _first_stage.first(pipeline_id)
    if stage is None:
        raise Refused({"pipeline": [_("There is no such pipeline.")]})
    return stage


def _first_of(pipeline_id: UUID) -> QuerySet[Stage]:
    stages = Stage.objects.filter(
        pipeline_id=pipeline_id, kind=StageKind.OPEN, is_archived=False
    )
    return stages.select_related("pipeline").order_by("position", "id")[:1]


_first_stage = Prepared(_first_of, UUID(int=1))


def _is_empty(deal: Deal, key: str) -> bool:
    try:
        field = objects.kind(KEY).field(key)
    except KeyError:
        return False  # a field that was removed is asked for no more
    if field.is_custom:
        value = deal.custom.get(field.source.removeprefix("custom__"))
    else:
        value = getattr(deal, COLUMNS.get(key, key), None)
    if field.type in ("money", "number", "quantity"):
        return not value
    return value in (None, "", [], False)
