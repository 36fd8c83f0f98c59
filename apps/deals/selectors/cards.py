"""Everything the card of a deal shows, in two queries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    Exists,
    F,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, JSONObject

from apps.accounts.models import User, name_of
from apps.accounts.rights import opened, visible
from apps.counterparties.models import ContactPerson, ContactRole
from apps.deals.models import (
    Deal,
    DealLine,
    DealMember,
    DealParticipant,
    DealSettings,
    MemberRole,
    ParticipantRole,
    Quotation,
    Stage,
    StageKind,
    StageMove,
)
from apps.deals.selectors.finding import rotten_days
from apps.sales.models import Delivery, Invoice, InvoicePayment
from exchange.models import Node

_KEYS = ("id", "product_id", "characteristic_id")
_TEXTS = (*_KEYS, "position", "name", "article", "unit")
_FIGURES = ("quantity", "price", "discount_percent", "tax_rate", "total", "tax")


@dataclass(frozen=True)
class Step:
    """A stage on the road of a deal."""

    stage: Stage
    state: str  # done, here, ahead
    since: datetime | None


@dataclass(frozen=True)
class Move:
    """A step that a deal took."""

    stage_id: UUID
    stage: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Part:
    """Somebody with a part in a deal."""

    pk: UUID
    name: str
    role: str
    phone: str = ""
    company: str = ""  # where it is not the customer


@dataclass(frozen=True)
class DealCard:
    """A deal with all that belongs to it."""

    deal: Deal
    steps: list[Step]
    all_stages: list[Stage]
    lines: list[DealLine]
    participants: list[Part]
    members: list[Part]
    quotations: list[Quotation]
    invoices: Sequence[Invoice]  # with ``payments`` and ``shipments``: day, number, amount
    moves: list[Move]
    rotten_days: int
    discount_limit: Decimal
    may_change: bool

    @property
    def latest_contact_at(self) -> datetime | None:
        """Return when 1C spoke with us last."""
        return next((each.contact_at for each in self.invoices), None)  # type: ignore[attr-defined]

    @property
    def highest_discount(self) -> Decimal:
        """Return the highest discount of its lines, in percent."""
        return max((line.discount_percent for line in self.lines), default=Decimal(0))


def card(user: Any, deal_id: UUID, *, now: datetime) -> DealCard:
    """Return a deal with all that belongs to it.

    :raises Deal.DoesNotExist: there is none that the person may see.
    """
    deal = _read(user).get(pk=deal_id)
    told: Any = deal
    stages = [Stage(pipeline=deal.pipeline, **_stage(each)) for each in told.of_stages]
    moves = [
        Move(UUID(each["stage_id"]), each["stage"], datetime.fromisoformat(each["at"]),
             each["by"] or "")
        for each in told.of_moves
    ]  # fmt: skip
    limit = told.discount_limit
    return DealCard(
        deal=deal,
        steps=_steps(deal, stages, moves),
        all_stages=stages,
        lines=lines_of(deal),
        participants=[_participant(each) for each in told.of_participants],
        members=[
            Part(UUID(each["id"]), each["name"], str(MemberRole(each["role"]).label))
            for each in told.of_members
        ],
        quotations=[_quotation(each, deal) for each in told.of_quotations],
        invoices=_invoices(deal),
        moves=moves,
        rotten_days=rotten_days(stage=deal.stage, touched_at=deal.touched_at, now=now),
        discount_limit=DealSettings().discount_limit if limit is None else limit,
        may_change=told.may_change,
    )


def with_lines(rows: QuerySet[Deal]) -> QuerySet[Deal]:
    """Read deals with their lines, for ``lines_of``, in the same query."""
    figures = {name: Cast(name, TextField()) for name in _FIGURES}  # digits, not floats
    lines = DealLine.objects.filter(deal=OuterRef("pk")).order_by("position", "id")
    return rows.annotate(of_lines=_rows(lines, **{name: name for name in _TEXTS}, **figures))


def lines_of(deal: Deal) -> list[DealLine]:
    """Return the lines of a deal that was read by ``with_lines``."""
    return [_line(each, deal) for each in cast(Any, deal).of_lines]


def persons_to_add(deal: Deal) -> list[ContactPerson]:
    """Return who is offered to take part."""
    return list(_persons_of(deal).order_by("full_name", "id")[:100])


def may_take_part(user: Any, deal: Deal, person_id: UUID) -> bool:
    """Tell whether a contact person works at the customer, or is one whom the user sees."""
    return bool(who_may_take_part(user, deal, [person_id]))


def who_may_take_part(user: Any, deal: Deal, person_ids: Collection[UUID]) -> set[UUID]:
    """Return which contact persons work at the customer, or are seen by the user."""
    asked = ContactPerson.objects.filter(pk__in=person_ids)
    seen = visible(user, asked, "counterparties.view").order_by().values_list("pk", flat=True)
    there = _persons_of(deal).filter(pk__in=person_ids).order_by().values_list("pk", flat=True)
    return {*seen, *there} if person_ids else set()


def _persons_of(deal: Deal) -> QuerySet[ContactPerson]:
    """Return whoever works at the customer, those whose main work is elsewhere as well."""
    further = ContactRole.objects.filter(counterparty=deal.counterparty_id).values("person")
    return ContactPerson.objects.filter(
        Q(counterparty=deal.counterparty_id) | Q(pk__in=further), is_archived=False
    )


def colleagues() -> list[User]:
    """Return who may be on a team."""
    return list(User.objects.filter(is_active=True).order_by("full_name", "email", "id"))


def _read(user: Any) -> QuerySet[Deal]:
    """Return deals with what belongs to them as lists of mappings, in one query."""
    mine = {"deal": OuterRef("pk")}
    stages = Stage.objects.filter(pipeline=OuterRef("pipeline"), is_archived=False)
    moves = StageMove.objects.filter(**mine).order_by("at", "id")
    participants = DealParticipant.objects.filter(**mine).order_by("created_at", "id")
    members = DealMember.objects.filter(**mine).order_by("created_at", "id")
    quotations = visible(user, Quotation.objects.filter(**mine), "quotations.view")
    rows = Deal.objects.select_related(
        "counterparty", "owner", "pipeline", "stage", "price_type", "loss_reason"
    ).annotate(
        of_stages=_rows(stages.order_by("position", "id"), id="id", name="name", kind="kind",
                        position="position", probability="probability"),
        of_moves=_rows(moves, stage_id="stage_id", stage="stage__name", at="at", by=name_of("by")),
        of_participants=_rows(
            participants, id="id", name="person__full_name", role="role", phone=_phone(user),
            company_id="person__counterparty_id", company="person__counterparty__name",
            customer="deal__counterparty_id",
        ),
        of_members=_rows(members, id="id", name=name_of("user"), role="role"),
        of_quotations=_rows(
            quotations.order_by("-issued_on", "-id"), id="id", number="number", status="status",
            issued_on="issued_on", valid_until="valid_until", total="total", currency="currency",
        ),
        discount_limit=Subquery(DealSettings.objects.order_by("pk").values("discount_limit")[:1]),
        may_change=Exists(
            visible(user, Deal.objects.filter(pk=OuterRef("pk")), "deals.change")
        ),
    )  # fmt: skip
    return visible(user, with_lines(rows), "deals.view")


def _phone(user: Any) -> Any:
    """Return the phone of a participant; of a VIP customer's only for those who may see it."""
    shown = opened(user, ContactPerson, "phone", "person__")
    if not shown:
        return "person__phone"
    return Case(When(shown, then=F("person__phone")), default=Value(""))


def _line(each: dict[str, Any], deal: Deal) -> DealLine:
    keys = {name: UUID(each[name]) if each[name] else None for name in _KEYS}
    figures = {name: None if each[name] is None else Decimal(each[name]) for name in _FIGURES}
    return DealLine(**{**each, **keys, **figures, "deal": deal})


def _rows(found: QuerySet[Any], **names: Any) -> ArraySubquery:
    return ArraySubquery(found.values(row=JSONObject(**names)))


def _invoices(deal: Deal) -> Sequence[Invoice]:
    """Return the invoices of a deal with payments, shipments and 1C's latest contact."""
    mine = {"invoice": OuterRef("pk")}
    payments = InvoicePayment.objects.filter(**mine).order_by("payment__paid_on", "id")
    shipments = Delivery.objects.filter(**mine, is_archived=False).order_by("shipped_on", "id")
    contact = Node.objects.filter(is_active=True).order_by().values("is_active")
    rows = Invoice.objects.filter(
        pk__in=deal.invoice_links.values("invoice")
    ).annotate(
        of_payments=_rows(payments, day="payment__paid_on", number="payment__number",
                          amount="amount"),
        of_shipments=_rows(shipments, day="shipped_on", number="number", amount="total"),
        contact_at=Subquery(contact.annotate(at=Max("latest_contact_at")).values("at")[:1]),
    )  # fmt: skip
    found = list(rows.order_by("created_at", "id"))
    for invoice in found:
        told: Any = invoice
        told.payments = [_dated(each) for each in told.of_payments]
        told.shipments = [_dated(each) for each in told.of_shipments]
    return found


def _dated(each: dict[str, Any]) -> dict[str, Any]:
    amount = each["amount"]
    return {
        "day": date.fromisoformat(each["day"][:10]), "number": each["number"],
        "amount": None if amount is None else Decimal(str(amount)),
    }  # fmt: skip


def _stage(each: dict[str, Any]) -> dict[str, Any]:
    return {**each, "id": UUID(each["id"])}


def _participant(each: dict[str, Any]) -> Part:
    company = "" if each["company_id"] == each["customer"] else each["company"]
    role = str(ParticipantRole(each["role"]).label)
    return Part(UUID(each["id"]), each["name"], role, each["phone"], company)


def _quotation(each: dict[str, Any], deal: Deal) -> Quotation:
    return Quotation(
        id=UUID(each["id"]), deal=deal, number=each["number"], status=each["status"],
        issued_on=date.fromisoformat(each["issued_on"]), currency=each["currency"],
        valid_until=date.fromisoformat(each["valid_until"]), total=Decimal(str(each["total"])),
    )  # fmt: skip


def _steps(deal: Deal, stages: list[Stage], moves: list[Move]) -> list[Step]:
    since = {move.stage_id: move.at for move in moves}
    shown = [
        stage for stage in stages
        if stage.kind != StageKind.LOST or deal.stage_id == stage.pk
    ]  # fmt: skip
    if deal.stage_id not in {stage.pk for stage in shown}:
        shown.append(deal.stage)
    steps = []
    for stage in shown:
        is_before = stage.position < deal.stage.position
        if deal.stage.kind == StageKind.LOST:
            is_before = stage.pk in since
        state = "here" if stage.pk == deal.stage_id else "done" if is_before else "ahead"
        steps.append(Step(stage, state, since.get(stage.pk) if state != "ahead" else None))
    return steps
