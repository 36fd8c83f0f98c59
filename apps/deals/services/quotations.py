"""Making, approving, sending and answering quotations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import F

from apps.accounts.models import User
from apps.accounts.rights import can
from apps.core import events
from apps.deals.models import (
    Deal,
    DealInvoice,
    EntersOn,
    Quotation,
    QuotationLine,
    QuotationNumber,
    QuotationStatus,
    Stage,
    StageKind,
)
from apps.deals.models.deals import TradedLine
from apps.deals.services import happenings
from apps.deals.services.deals import locked, move, touch
from apps.deals.services.errors import (
    DiscountNeedsApproval,
    NoOrganization,
    NothingToOffer,
    NotValidAnyMore,
    WrongQuotationStatus,
)
from apps.deals.services.pipelines import settings
from apps.deals.tasks import mail_quotation
from apps.sales.models import Invoice
from apps.sales.services import InvoiceValues, LineValues, carry_own_fields, create_invoice
from apps.sales.services.invoices import default_organization
from apps.sales.totals import LineTotals, document_totals, line_totals
from replication.nodes import this_office

MAY_BE_SENT = (QuotationStatus.DRAFT, QuotationStatus.APPROVED, QuotationStatus.SENT)
OPEN = (*MAY_BE_SENT, QuotationStatus.WAITING, QuotationStatus.REFUSED)
DAYS_TO_PAY = 5


@transaction.atomic
def quote(*, deal_id: UUID, by: User | None, today: date, now: datetime) -> Quotation:
    """Make a quotation of what the deal holds now; it gets its number at once.

    One that gives more discount than its author may waits for approval.

    :raises NothingToOffer: the deal has neither lines nor an amount.
    :raises NoOrganization: none of one's own is entered.
    """
    deal = locked(deal_id)
    lines = [QuotationLine(**line.values()) for line in _offered(deal)]
    organization = default_organization()
    if organization is None:
        raise NoOrganization
    rules = settings()
    sums = document_totals(LineTotals(line.total, line.tax) for line in lines)
    quotation = Quotation.objects.create(
        deal=deal, number=_next_number(today.year), organization=organization, issued_on=today,
        valid_until=today + timedelta(days=rules.quotation_days), currency=deal.currency,
        is_tax_included=deal.is_tax_included, total=sums.total, tax_total=sums.tax,
        terms=rules.quotation_terms, author=by,
    )  # fmt: skip
    for line in lines:
        line.quotation = quotation
    QuotationLine.objects.bulk_create(lines)
    if highest_discount(lines) > rules.discount_limit and not can(by, "quotations.approve"):
        quotation.status = QuotationStatus.WAITING
        quotation.save()
        events.publish(happenings.QuotationNeedsApproval(quotation.pk))
    touch(deal_ids=[deal.pk], now=now)
    return quotation


@transaction.atomic
def change_quotation(*, quotation_id: UUID, valid_until: date, terms: str) -> Quotation:
    """Set how long it is valid and on which terms; the same again writes nothing.

    :raises WrongQuotationStatus: the customer has answered it.
    """
    quotation = _locked(quotation_id, *OPEN)
    if (quotation.valid_until, quotation.terms) != (valid_until, terms):
        quotation.valid_until, quotation.terms = valid_until, terms
        quotation.save()
    return quotation


@transaction.atomic
def decide(
    *, quotation_id: UUID, is_approved: bool, by: User, now: datetime, reason: str = ""
) -> Quotation:
    """Approve a quotation that waits for it, or refuse.

    :raises WrongQuotationStatus: it does not wait (any more).
    """
    quotation = _locked(quotation_id, QuotationStatus.WAITING)
    quotation.status = QuotationStatus.APPROVED if is_approved else QuotationStatus.REFUSED
    quotation.decided_by, quotation.decided_at, quotation.decision = by, now, reason[:500]
    quotation.save()
    touch(deal_ids=[quotation.deal_id], now=now)
    events.publish(happenings.QuotationDecided(quotation.pk, is_approved))
    return quotation


@transaction.atomic
def mark_sent(
    *, quotation_id: UUID, by: User | None, now: datetime, to: str = ""
) -> Quotation:
    """Note that the customer has it; the deal comes to the stage that waits for that.

    :raises WrongQuotationStatus: it waits for approval, was not approved, or is answered.
    """
    quotation = _locked(quotation_id, *MAY_BE_SENT)
    quotation.status = QuotationStatus.SENT
    quotation.sent_at, quotation.sent_to, quotation.mail_problem = now, to, ""
    quotation.save()
    advance(deal_id=quotation.deal_id, on=EntersOn.QUOTATION_SENT, by=by, now=now)
    return quotation


def send(
    *, quotation_id: UUID, to: str, subject: str, message: str, language: str, by: User,
    now: datetime,
) -> Quotation:  # fmt: skip
    """Note it as sent, and mail its PDF once that is committed.

    :raises WrongQuotationStatus: see ``mark_sent``.
    """
    with transaction.atomic():
        quotation = mark_sent(quotation_id=quotation_id, by=by, now=now, to=to)
        letter = {
            "quotation_id": str(quotation.pk), "to": to, "subject": subject, "message": message,
            "language": language, "reply_to": by.email,
        }  # fmt: skip
        transaction.on_commit(partial(mail_quotation.delay, **letter))
    return quotation


@transaction.atomic
def accept(*, quotation_id: UUID, by: User | None, today: date, now: datetime) -> Quotation:
    """Note that the customer accepts; the deal takes its lines and moves on (G061).

    :raises WrongQuotationStatus: it was not approved, or is answered already.
    :raises NotValidAnyMore: its last day is over.
    """
    quotation = _locked(quotation_id, *MAY_BE_SENT)
    if quotation.valid_until < today:
        raise NotValidAnyMore(quotation)
    quotation.status, quotation.answered_at = QuotationStatus.ACCEPTED, now
    quotation.save()
    deal = locked(quotation.deal_id)
    if deal.is_open and deal.amount != quotation.total:
        deal.amount = quotation.total
        deal.save()
    advance(deal_id=quotation.deal_id, on=EntersOn.QUOTATION_ACCEPTED, by=by, now=now)
    return quotation


@transaction.atomic
def decline(*, quotation_id: UUID, now: datetime, reason: str = "") -> Quotation:
    """Note that the customer declines.

    :raises WrongQuotationStatus: it is answered already.
    """
    quotation = _locked(quotation_id, *OPEN)
    quotation.status, quotation.answered_at = QuotationStatus.DECLINED, now
    quotation.decision = reason[:500] or quotation.decision
    quotation.save()
    touch(deal_ids=[quotation.deal_id], now=now)
    return quotation


@transaction.atomic
def invoice_quotation(
    *, quotation_id: UUID, by: User | None, today: date, now: datetime
) -> Invoice:
    """Make the draft of an invoice of a quotation; the second time the same one is returned.

    :raises WrongQuotationStatus: it waits for approval, was not approved, or was declined.
    """
    quotation = _locked(quotation_id, *MAY_BE_SENT, QuotationStatus.ACCEPTED)
    if quotation.invoice is not None:
        return quotation.invoice
    lines = list(quotation.lines.all())
    invoice = _invoice(
        quotation.deal, lines, quotation.organization_id, by=by, today=today, now=now
    )
    quotation.invoice = invoice
    quotation.save()
    return invoice


@transaction.atomic
def invoice_deal(*, deal_id: UUID, by: User | None, today: date, now: datetime) -> Invoice:
    """Make the draft of an invoice of what the deal holds: customer, lines, terms (F028).

    :raises NothingToOffer: the deal has neither lines nor an amount.
    :raises NoOrganization: none of one's own is entered.
    :raises DiscountNeedsApproval: see ``require_allowed``.
    """
    deal = locked(deal_id)
    organization = default_organization()
    if organization is None:
        raise NoOrganization
    lines = _offered(deal)
    require_allowed(deal_id=deal.pk, discount=highest_discount(lines), by=by)
    return _invoice(deal, lines, organization.pk, by=by, today=today, now=now)


def require_allowed(*, deal_id: UUID, discount: Decimal, by: User | None) -> None:
    """Let a discount pass that is within the limit, or approved: by this person, or before.

    :raises DiscountNeedsApproval: it is neither.
    """
    limit = settings().discount_limit
    if discount <= limit or can(by, "quotations.approve"):
        return
    approved = QuotationLine.objects.filter(
        quotation__deal=deal_id, discount_percent__gte=discount,
        quotation__status__in=(*MAY_BE_SENT, QuotationStatus.ACCEPTED),
    )
    if not approved.exists():
        raise DiscountNeedsApproval(discount, limit)


@transaction.atomic
def advance(*, deal_id: UUID, on: EntersOn, by: User | None, now: datetime) -> bool:
    """Bring a deal forward to the stage of its pipeline that waits for this; tell whether it moved.

    It is a fact that carries the deal: the fields a stage asks for do not hold it back. Closed
    deals and those already further stay where they are.
    """
    deal = locked(deal_id)
    touch(deal_ids=[deal_id], now=now)
    stage = (
        Stage.objects.select_related("pipeline")
        .filter(pipeline=deal.pipeline_id, enters_on=on, is_archived=False)
        .exclude(kind=StageKind.LOST)
        .order_by("position", "id")
        .first()
    )
    if stage is None or not deal.is_open or stage.position <= deal.stage.position:
        return False
    move(deal, stage, by=by, now=now, is_checked=False)
    return True


def highest_discount(lines: Iterable[TradedLine]) -> Decimal:
    """Return the highest discount of these lines, in percent."""
    return max((line.discount_percent for line in lines), default=Decimal(0))


def _locked(quotation_id: UUID, *allowed: str) -> Quotation:
    quotation = Quotation.objects.select_for_update().get(pk=quotation_id)
    if quotation.status not in allowed:
        raise WrongQuotationStatus(quotation)
    return quotation


def _offered(deal: Deal) -> list[TradedLine]:
    """Return the lines of a deal; one with its name and amount when it has none."""
    lines: list[TradedLine] = list(deal.lines.all())
    if lines:
        return lines
    if not deal.amount:
        raise NothingToOffer(deal.pk)
    figures = line_totals(quantity=Decimal(1), price=deal.amount)
    return [
        QuotationLine(
            position=1, name=deal.name, quantity=Decimal(1), price=deal.amount,
            total=figures.total, tax=figures.tax,
        )
    ]  # fmt: skip


def _invoice(
    deal: Deal, lines: Sequence[TradedLine], organization_id: UUID, *, by: User | None, today: date,
    now: datetime,
) -> Invoice:  # fmt: skip
    terms = getattr(deal.counterparty, "trade_terms", None)
    values = InvoiceValues(
        counterparty_id=deal.counterparty_id, organization_id=organization_id, issued_on=today,
        due_on=today + timedelta(days=terms.payment_days if terms else DAYS_TO_PAY),
        currency=deal.currency, price_type_id=deal.price_type_id,
        is_tax_included=deal.is_tax_included,
        responsible_id=deal.owner_id or (by.pk if by else None),
        lines=[
            LineValues(
                name=line.name, quantity=line.quantity, price=line.price,
                product_id=line.product_id, characteristic_id=line.characteristic_id,
                article=line.article, unit=line.unit, discount_percent=line.discount_percent,
                tax_rate=line.tax_rate, is_tax_rate_given=True,
            )
            for line in lines
        ],
    )  # fmt: skip
    invoice = create_invoice(values=values, by=by, now=now)
    carry_own_fields(invoice=invoice, custom=deal.custom)  # those the invoice has, too
    DealInvoice.objects.create(deal=deal, invoice=invoice)
    touch(deal_ids=[deal.pk], now=now)
    return invoice


def _next_number(year: int) -> str:
    """Return the next number of this office; a transaction that fails gives it back."""
    QuotationNumber.objects.bulk_create([QuotationNumber(year=year)], ignore_conflicts=True)
    office = this_office()
    while True:
        QuotationNumber.objects.filter(pk=year).update(latest=F("latest") + 1)
        latest = QuotationNumber.objects.get(pk=year).latest
        number = f"Q-{office.prefix if office else ''}{year % 100:02d}-{latest:05d}"
        if not Quotation.objects.filter(number=number).exists():
            return number
