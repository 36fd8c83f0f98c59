"""Everything the card of a deal shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.accounts.models import User
from apps.counterparties.models import ContactPerson
from apps.deals.models import (
    Deal,
    DealInvoice,
    DealLine,
    DealMember,
    DealParticipant,
    Quotation,
    Stage,
    StageKind,
    StageMove,
)
from apps.deals.selectors.finding import rotten_days
from apps.sales.models import Delivery, Invoice, InvoicePayment
from exchange.models import Node


@dataclass(frozen=True)
class Step:
    """A stage on the road of a deal."""

    stage: Stage
    state: str  # done, here, ahead
    since: datetime | None


@dataclass(frozen=True)
class DealCard:
    """A deal with all that belongs to it."""

    deal: Deal
    steps: list[Step]
    all_stages: list[Stage]
    lines: list[DealLine]
    participants: list[DealParticipant]
    members: list[DealMember]
    quotations: list[Quotation]
    invoices: list[Invoice]
    settlements: list[InvoicePayment]
    deliveries: list[Delivery]
    nodes: list[Node]
    moves: list[StageMove]
    rotten_days: int

    @property
    def latest_contact_at(self) -> datetime | None:
        """Return when 1C spoke with us last."""
        return max((n.latest_contact_at for n in self.nodes if n.latest_contact_at), default=None)

    @property
    def highest_discount(self) -> Any:
        """Return the highest discount of its lines, in percent."""
        return max((line.discount_percent for line in self.lines), default=0)


def card(deal: Deal, *, now: datetime) -> DealCard:
    """Return a deal, read with its customer and stage, with all that belongs to it."""
    moves = list(deal.moves.select_related("stage", "by").order_by("at", "id"))
    stages = list(
        Stage.objects.filter(pipeline=deal.pipeline_id, is_archived=False).order_by(
            "position", "id"
        )
    )
    links = DealInvoice.objects.filter(deal=deal).select_related("invoice")
    invoices = [link.invoice for link in links.order_by("created_at", "id")]
    keys = [invoice.pk for invoice in invoices]
    settlements = InvoicePayment.objects.filter(invoice__in=keys).select_related("payment")
    deliveries = Delivery.objects.filter(invoice__in=keys, is_archived=False)
    return DealCard(
        deal=deal,
        steps=_steps(deal, stages, moves),
        all_stages=stages,
        lines=list(deal.lines.all()),
        participants=list(
            deal.participants.select_related("person__counterparty").order_by("created_at", "id")
        ),
        members=list(deal.members.select_related("user").order_by("created_at", "id")),
        quotations=list(deal.quotations.order_by("-issued_on", "-id")),
        invoices=invoices,
        settlements=list(settlements.order_by("payment__paid_on", "id")) if keys else [],
        deliveries=list(deliveries.order_by("shipped_on", "id")) if keys else [],
        nodes=list(Node.objects.filter(is_active=True).order_by("name", "id")) if keys else [],
        moves=moves,
        rotten_days=rotten_days(stage=deal.stage, touched_at=deal.touched_at, now=now),
    )


def persons_to_add(deal: Deal, query: str = "") -> list[ContactPerson]:
    """Return contact persons who could take part: of the customer first, others by name."""
    found = ContactPerson.objects.select_related("counterparty")
    if query:
        return list(found.filter(full_name__icontains=query).order_by("full_name", "id")[:20])
    return list(found.filter(counterparty=deal.counterparty_id).order_by("full_name", "id")[:50])


def colleagues() -> list[User]:
    """Return who may be on a team."""
    return list(User.objects.filter(is_active=True).order_by("full_name", "email", "id"))


def _steps(deal: Deal, stages: list[Stage], moves: list[StageMove]) -> list[Step]:
    since: dict[UUID, datetime] = {move.stage_id: move.at for move in moves}
    shown = [
        stage for stage in stages
        if stage.kind != StageKind.LOST or deal.stage_id == stage.pk
    ]  # fmt: skip
    if deal.stage not in shown:
        shown.append(deal.stage)
    steps = []
    for stage in shown:
        is_before = stage.position < deal.stage.position
        if deal.stage.kind == StageKind.LOST:
            is_before = stage.pk in since
        state = "here" if stage.pk == deal.stage_id else "done" if is_before else "ahead"
        steps.append(Step(stage, state, since.get(stage.pk) if state != "ahead" else None))
    return steps
