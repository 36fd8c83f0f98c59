"""Deals, quotations and plans of the demonstration: a funnel a quarter old."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

from django.db import transaction
from django.utils.translation import override

from apps.accounts.models import Role, User
from apps.catalog.models import Price, Product
from apps.counterparties.models import ContactPerson, Counterparty
from apps.deals.models import (
    Deal,
    DealInvoice,
    DealMember,
    DealParticipant,
    LossReason,
    Quotation,
    SalesPlan,
    Source,
    Stage,
    StageKind,
    StageMove,
)
from apps.deals.services import save_deal
from apps.deals.services.pipelines import begin
from apps.deals.services.quotations import quote
from apps.onboarding.models import DemoRecord
from apps.sales.models import Invoice, InvoiceStatus
from apps.sales.services import LineValues

_NAMES = {
    "en": (
        "Fit-out of the new store", "Fasteners for the spring season", "Tools for the workshop",
        "Supply for a year", "Shelving for the warehouse", "Replacement of power tools",
        "First order, trial", "Materials for the renovation", "Stock for the second branch",
        "Paints for the showroom", "Equipment for the site", "Top-up of the assortment",
    ),
    "ru": (
        "Оснащение нового магазина", "Крепёж к весеннему сезону", "Инструмент для цеха",
        "Поставка на год", "Стеллажи для склада", "Замена электроинструмента",
        "Первый заказ на пробу", "Материалы для ремонта", "Запас для второго филиала",
        "Краски для шоурума", "Оснащение стройплощадки", "Пополнение ассортимента",
    ),
    "tr": (
        "Yeni mağazanın donatılması", "Bahar sezonu için bağlantı elemanları",
        "Atölye için el aletleri", "Bir yıllık tedarik", "Depo için raf sistemi",
        "Elektrikli aletlerin yenilenmesi", "Deneme siparişi", "Tadilat malzemeleri",
        "İkinci şube için stok", "Showroom boyaları", "Şantiye donanımı", "Çeşit tamamlama",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class _Plan:
    """What has become of one demonstration deal."""

    opened: int  # days ago
    reached: int  # the place of the stage it is in, or was lost from
    end: str = ""  # won, lost
    rested: int = 1  # days ago somebody touched it last
    expected: int = 20  # days from now
    lines: int = 2


_PLANS = (
    _Plan(88, 4, "won", 52, lines=3), _Plan(84, 2, "lost", 60), _Plan(80, 4, "won", 41),
    _Plan(77, 1, "lost", 58), _Plan(74, 4, "won", 30, lines=1), _Plan(70, 3, "lost", 33),
    _Plan(66, 4, "won", 22, lines=4), _Plan(61, 0, "lost", 48), _Plan(57, 4, "won", 9),
    _Plan(52, 2, "lost", 20), _Plan(49, 4, "won", 5, lines=2),
    _Plan(45, 4, rested=3, expected=4), _Plan(41, 3, rested=16, expected=-2, lines=3),
    _Plan(38, 4, rested=2, expected=6, lines=1), _Plan(35, 2, rested=15, expected=12),
    _Plan(33, 3, rested=1, expected=9, lines=4), _Plan(29, 2, rested=4, expected=22),
    _Plan(27, 1, rested=19, expected=30, lines=1), _Plan(24, 3, rested=2, expected=16),
    _Plan(21, 2, rested=1, expected=25, lines=3), _Plan(18, 1, rested=5, expected=38),
    _Plan(16, 2, rested=6, expected=34, lines=2), _Plan(14, 1, rested=2, expected=47, lines=0),
    _Plan(12, 0, rested=11, expected=60, lines=0), _Plan(10, 2, rested=0, expected=28, lines=5),
    _Plan(8, 1, rested=1, expected=52), _Plan(6, 0, rested=3, expected=70, lines=1),
    _Plan(4, 1, rested=0, expected=66, lines=2), _Plan(3, 0, rested=1, expected=80, lines=0),
    _Plan(2, 0, rested=0, expected=90, lines=1), _Plan(1, 0, rested=0, expected=75, lines=0),
)  # fmt: skip


@transaction.atomic
def bring_deals(
    *, language: str, currency: str, partners: Sequence[Counterparty], manager: User | None,
    now: datetime,
) -> None:  # fmt: skip
    """Open the demonstration's deals and let them go their ways; once, into an empty funnel."""
    if Deal.objects.exists() or not partners:
        return
    with override(language):
        pipeline = begin()
    stages = list(Stage.objects.filter(pipeline=pipeline).order_by("position"))
    reasons = list(LossReason.objects.order_by("position"))
    people = list(User.objects.filter(is_active=True).order_by("created_at", "id"))
    names = _NAMES.get(language, _NAMES["en"])
    products = _products(currency)
    for place, plan in enumerate(_PLANS):
        partner = partners[place * 7 % len(partners)]
        deal = save_deal(
            values={
                "name": names[place % len(names)], "counterparty": partner.pk,
                "owner": _owner(place, people, manager).pk,
                "currency": currency, "source": Source.values[place % len(Source.values)],
                "expected_on": now.date() + timedelta(days=plan.expected),
                "amount": Decimal(1200 + place * 370) if not plan.lines else Decimal(0),
            },
            lines=_lines(products, place, plan.lines), by=manager, now=now,
        )  # fmt: skip
        _note("deals.Deal", deal)
        _go(deal, plan, place, stages, reasons, manager, now)
        _take_part(deal, place, people)
        if plan.reached >= 2 and place % 2 == 0 and plan.lines:
            _quote(deal, plan, manager, now)
    _link_invoices(now)
    _plan_sales(currency, manager, now.date())


def _owner(place: int, people: Sequence[User], manager: User | None) -> User:
    """Return whose deal it is: most are the manager's, some the first person's, some a seller's."""
    if place % 4 == 0 or manager is None:
        return people[0]
    others = [each for each in people if each.role == Role.MANAGER and each != manager]
    return others[0] if others and place % 3 == 0 else manager


def _products(currency: str) -> list[tuple[Product, Decimal]]:
    rows = Price.objects.filter(price_type__is_default=True, characteristic=None)
    rows = rows.filter(product__is_archived=False).select_related("product__unit")
    return [(row.product, row.amount) for row in rows.order_by("product__sort_name", "id")[:120]]


def _lines(products: list[tuple[Product, Decimal]], place: int, count: int) -> list[LineValues]:
    several = len(products)
    chosen = [products[(place * 11 + n * 17) % several] for n in range(count if several else 0)]
    return [
        LineValues(
            name=product.name, quantity=Decimal(4 + place % 7 * 6 + n * 3), price=price,
            product_id=product.pk, article=product.article,
            unit=product.unit.name if product.unit else "",
            discount_percent=Decimal(5 if (place + n) % 4 == 0 else 0),
        )
        for n, (product, price) in enumerate(chosen)
    ]  # fmt: skip


def _go(
    deal: Deal, plan: _Plan, place: int, stages: Sequence[Stage], reasons: Sequence[LossReason],
    manager: User | None, now: datetime,
) -> None:  # fmt: skip
    """Write the way of a deal as it would have gone: a step every few days until the last one."""
    way = [stage for stage in stages if stage.kind == StageKind.OPEN][: plan.reached + 1]
    way += [stage for stage in stages if plan.end and stage.kind == plan.end]
    opened_at = now - timedelta(days=plan.opened, hours=2)
    until = now - timedelta(days=plan.rested, hours=1)
    pace = (until - opened_at) / max(len(way) - 1, 1)
    moments = [opened_at + pace * n for n in range(len(way))]
    StageMove.objects.filter(deal=deal).update(at=moments[0])
    StageMove.objects.bulk_create(
        StageMove(deal=deal, former=former, stage=stage, at=at, by=manager)
        for (former, stage), at in zip(pairwise(way), moments[1:], strict=True)
    )
    deal.stage, deal.opened_at = way[-1], opened_at
    deal.stage_since, deal.touched_at = moments[-1], until
    deal.closed_at = moments[-1] if plan.end else None
    if plan.end == StageKind.LOST and reasons:
        deal.loss_reason = reasons[place % len(reasons)]
    deal.save()


def _take_part(deal: Deal, place: int, people: Sequence[User]) -> None:
    person = ContactPerson.objects.filter(counterparty=deal.counterparty_id).order_by("id").first()
    if person is not None:
        DealParticipant.objects.create(deal=deal, person=person, role="decides")
    others = [each for each in people if each.pk != deal.owner_id]
    if others and place % 3 == 0:
        DealMember.objects.create(deal=deal, user=others[place % len(others)], role="helps")


def _quote(deal: Deal, plan: _Plan, manager: User | None, now: datetime) -> None:
    day = now - timedelta(days=min(plan.rested + 3, plan.opened))
    touched_at = deal.touched_at
    made = quote(deal_id=deal.pk, by=manager, today=day.date(), now=day)
    status = "accepted" if plan.reached > 2 or plan.end == "won" else "sent"
    status = "declined" if plan.end == "lost" else status
    answered_at = None if status == "sent" else day + timedelta(days=2)
    Quotation.objects.filter(pk=made.pk).exclude(status="waiting").update(
        status=status, sent_at=day, sent_to=deal.counterparty.email, answered_at=answered_at
    )
    Deal.objects.filter(pk=deal.pk).update(touched_at=touched_at)


def _link_invoices(now: datetime) -> None:
    """Let some deals have the invoices that their customers got."""
    used: set[UUID] = set()
    for deal in Deal.objects.filter(stage__position__gte=4).order_by("opened_at"):
        invoice = (
            Invoice.objects.filter(counterparty=deal.counterparty_id)
            .exclude(status=InvoiceStatus.CANCELLED).exclude(pk__in=used)
            .order_by("issued_on", "id").first()
        )  # fmt: skip
        if invoice is not None:
            used.add(invoice.pk)
            DealInvoice.objects.create(deal=deal, invoice=invoice)


def _plan_sales(currency: str, manager: User | None, today: date) -> None:
    won = Deal.objects.filter(stage__kind=StageKind.WON).values_list("amount", flat=True)
    usual = (sum(won, Decimal(0)) / 3 or Decimal(10_000)).quantize(Decimal(1000)) + 1000
    first = today.replace(day=1)
    for number in range(-2, 7):
        at = first.year * 12 + first.month - 1 + number
        month = date(at // 12, at % 12 + 1, 1)
        plan = SalesPlan.objects.create(month=month, user=manager, amount=usual, currency=currency)
        _note("deals.SalesPlan", plan)


def _note(label: str, row: Deal | SalesPlan) -> None:
    DemoRecord.objects.get_or_create(label=label, object_id=row.pk)
