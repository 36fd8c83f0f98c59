"""Raising, changing and issuing invoices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from apps.accounts.models import User
from apps.catalog.models import Product
from apps.core import bulk, events, objects
from apps.core.models import CompanySettings, Organization, StockCheck
from apps.core.objects import Refused
from apps.custom.rows import keep, settle_many
from apps.sales.models import (
    DeliveryState,
    Invoice,
    InvoiceEvent,
    InvoiceLine,
    InvoiceStatus,
    PaymentState,
)
from apps.sales.services.errors import (
    InvoiceChangedMeanwhile,
    InvoiceLocked,
    NotEnoughStock,
    NothingToIssue,
    WrongStatus,
)
from apps.sales.services.happenings import InvoiceIssued
from apps.sales.services.numbers import next_number
from apps.sales.services.stock import shortages
from apps.sales.totals import LineTotals, document_totals, line_totals

ZERO = Decimal(0)
Look = Callable[[Invoice, Sequence[InvoiceLine], "User | None"], None]
_looks: list[Look] = []


def look_before_issue(look: Look) -> None:
    """Ask an upper room before an invoice is issued: it raises a ``SalesError`` to refuse."""
    if look not in _looks:
        _looks.append(look)


@dataclass(frozen=True)
class LineValues:
    """A line as a person or 1C gives it; the totals are ours to compute."""

    name: str
    quantity: Decimal
    price: Decimal
    product_id: UUID | None = None
    characteristic_id: UUID | None = None
    article: str = ""
    unit: str = ""
    discount_percent: Decimal = ZERO
    tax_rate: Decimal | None = None
    id: UUID | None = None  # of the line it replaces
    is_tax_rate_given: bool = False  # then no rate means no tax; else the product's rate is taken


@dataclass(frozen=True)
class InvoiceValues:
    """The head of an invoice and all its lines."""

    counterparty_id: UUID
    organization_id: UUID
    issued_on: date
    currency: str
    lines: Sequence[LineValues] = field(default_factory=tuple)
    due_on: date | None = None
    price_type_id: UUID | None = None
    warehouse_id: UUID | None = None
    is_tax_included: bool = True
    comment: str = ""
    responsible_id: UUID | None = None
    tags: Sequence[str] | None = None  # keys; none named: they stay as they are


_HEAD = (
    "counterparty_id", "organization_id", "issued_on", "currency", "due_on", "price_type_id",
    "warehouse_id", "is_tax_included", "comment", "responsible_id",
)  # fmt: skip

FREE = frozenset(_HEAD) - {"currency", "is_tax_included"}  # totals of lines follow from these two


@transaction.atomic
def create_invoice(
    *, values: InvoiceValues, by: User | None, now: datetime, key: UUID | None = None
) -> Invoice:
    """Create a draft, under a key if one was given out; it gets its number when it is issued."""
    invoice = Invoice(**{name: getattr(values, name) for name in _HEAD})
    invoice.tags = list(values.tags or ())
    if key is not None:
        invoice.pk = key
    if invoice.responsible_id is None and by is not None:
        invoice.responsible = by
    invoice.save(force_insert=True)
    _put_lines(invoice, values.lines)
    tell(invoice, "created", now=now, by=by)
    return invoice


@transaction.atomic
def change_invoice(
    *, invoice_id: UUID, values: InvoiceValues, version: int, by: User | None, now: datetime
) -> Invoice:
    """Replace head and lines; saved unchanged it changes nothing.

    ``version`` is what the person saw.

    :raises InvoiceChangedMeanwhile: it has been saved since.
    :raises InvoiceLocked: it is shipped, paid or cancelled.
    """
    invoice = locked(invoice_id)
    if invoice.version != version:
        raise InvoiceChangedMeanwhile(invoice)
    require_changeable(invoice)
    changed = [name for name in _HEAD if getattr(invoice, name) != getattr(values, name)]
    for name in changed:
        setattr(invoice, name, getattr(values, name))
    is_tagged = _tag(invoice, values.tags)
    is_changed = _put_lines(invoice, values.lines, save=False) or bool(changed)
    if is_changed or is_tagged:
        invoice.version += 1
        invoice.save()
    if is_changed and invoice.status != InvoiceStatus.DRAFT:
        tell(invoice, "changed", now=now, by=by, fields=sorted(changed))
    return invoice


@transaction.atomic
def tag_invoice(*, invoice_id: UUID, tags: Sequence[str]) -> Invoice:
    """Put these tags on an invoice in place of those it had, whatever state it is in.

    They are ours alone: neither 1C nor the invoice's road is told.
    """
    invoice = locked(invoice_id)
    if _tag(invoice, tags):
        invoice.version += 1
        invoice.save(update_fields=["tags", "version", "updated_at"])
    return invoice


def _tag(invoice: Invoice, tags: Sequence[str] | None) -> bool:
    """Bring the tags to what is wanted (not saved); tell whether they changed."""
    if tags is None or invoice.tags == list(tags):
        return False
    invoice.tags = list(tags)
    return True


@transaction.atomic
def change_heads(
    *, changes: Mapping[UUID, Mapping[str, Any]], by: User | None, now: datetime
) -> dict[UUID, bool | InvoiceLocked]:
    """Bring heads of invoices to values by column, those their lines do not follow (``FREE``).

    Returns by key whether one differed, or why it stays as it is; the others are written.
    """
    rows = Invoice.objects.select_for_update().filter(pk__in=list(changes)).order_by("pk")
    known = {invoice.pk: invoice for invoice in rows}
    former = bulk.columns_now(known.values())
    told: dict[UUID, bool | InvoiceLocked] = {}
    news: list[InvoiceEvent] = []
    for key, invoice in known.items():
        try:
            require_changeable(invoice)
        except InvoiceLocked as error:
            told[key] = error
            continue
        changed = [name for name, to in changes[key].items() if getattr(invoice, name) != to]
        told[key] = bool(changed)
        if not changed:
            continue
        for name in changed:
            setattr(invoice, name, changes[key][name])
        invoice.version += 1
        if invoice.status != InvoiceStatus.DRAFT:
            news.append(_event(invoice, "changed", now=now, by=by, fields=sorted(changed)))
    kept = [invoice for key, invoice in known.items() if told[key] is True]
    bulk.update_changed(Invoice, former, kept, now=timezone.now())
    InvoiceEvent.objects.bulk_create(news)
    return told


@transaction.atomic
def issue_invoice(*, invoice_id: UUID, by: User | None, now: datetime) -> Invoice:
    """Give the invoice its number and make it count; stock is checked at this moment.

    :raises WrongStatus: it is not a draft.
    :raises NothingToIssue: it has no lines.
    :raises NotEnoughStock: more than is free, and the company's setting refuses that.
    :raises DiscountAboveLimit: a room that was asked before refuses.
    """
    invoice = locked(invoice_id)
    if invoice.status != InvoiceStatus.DRAFT:
        raise WrongStatus(invoice)
    lines = list(invoice.lines.all())
    if not lines:
        raise NothingToIssue(invoice.pk)
    for look in _looks:
        look(invoice, lines, by)
    short = shortages(
        lines=[(line.product_id, line.characteristic_id, line.quantity) for line in lines],
        invoice_id=invoice.pk,
    )
    check = stock_check()
    if short and check == StockCheck.REFUSE:
        raise NotEnoughStock(short)
    invoice.number = next_number(organization=invoice.organization, issued_on=invoice.issued_on)
    invoice.status = InvoiceStatus.ISSUED
    invoice.version += 1
    invoice.save()
    tell(
        invoice, "issued", now=now, by=by,
        short=[s.name for s in short] if check == StockCheck.WARN else [],
    )  # fmt: skip
    events.publish(InvoiceIssued(invoice.pk))
    return invoice


@transaction.atomic
def mark_sent(*, invoice_id: UUID, by: User | None, now: datetime, to: str = "") -> Invoice:
    """Note that the customer has the invoice; a second time it only notes the sending.

    :raises WrongStatus: it is a draft or cancelled.
    """
    invoice = locked(invoice_id)
    if not invoice.can_be_sent:
        raise WrongStatus(invoice)
    if invoice.status != InvoiceStatus.SENT:
        invoice.status = InvoiceStatus.SENT
        invoice.version += 1
        invoice.save()
    tell(invoice, "sent", now=now, by=by, to=to)
    return invoice


@transaction.atomic
def cancel_invoice(
    *, invoice_id: UUID, by: User | None, now: datetime, source: str = "screen"
) -> Invoice:
    """Cancel the invoice; a cancelled one stays as it is.

    :raises InvoiceLocked: goods or money have moved already.
    """
    invoice = locked(invoice_id)
    if invoice.status == InvoiceStatus.CANCELLED:
        return invoice
    if invoice.delivery_state != DeliveryState.NOT_SHIPPED:
        raise InvoiceLocked(invoice, "shipped")
    if invoice.payment_state != PaymentState.UNPAID:
        raise InvoiceLocked(invoice, "paid")
    invoice.status = InvoiceStatus.CANCELLED
    invoice.version += 1
    invoice.save()
    tell(invoice, "cancelled", now=now, by=by, source=source)
    return invoice


@transaction.atomic
def copy_invoice(*, invoice_id: UUID, by: User, issued_on: date, now: datetime) -> Invoice:
    """Make a draft with the same customer and lines."""
    former = Invoice.objects.get(pk=invoice_id)
    lines = [
        LineValues(
            name=line.name,
            quantity=line.quantity,
            price=line.price,
            product_id=line.product_id,
            characteristic_id=line.characteristic_id,
            article=line.article,
            unit=line.unit,
            discount_percent=line.discount_percent,
            tax_rate=line.tax_rate,
            is_tax_rate_given=True,
        )
        for line in former.lines.all()
    ]
    values = InvoiceValues(
        counterparty_id=former.counterparty_id, organization_id=former.organization_id,
        issued_on=issued_on, currency=former.currency, lines=lines,
        price_type_id=former.price_type_id, warehouse_id=former.warehouse_id,
        is_tax_included=former.is_tax_included, comment=former.comment, responsible_id=by.pk,
    )  # fmt: skip
    copy = create_invoice(values=values, by=by, now=now)
    carry_own_fields(invoice=copy, custom=former.custom)
    return copy


@transaction.atomic
def keep_own_fields(
    *, invoice: Invoice, values: Mapping[str, Any], by: User | None, now: datetime
) -> None:
    """Keep the values of own fields of an invoice that has just been changed or looked through.

    :raises Refused: with sentences by field; nothing of them is kept.
    """
    former, version = invoice.custom, invoice.version
    was_told = InvoiceEvent.objects.filter(invoice=invoice, kind="changed", at=now).exists()
    keep(objects.kind("invoices"), invoice, values, is_new=False)
    if invoice.version != version and invoice.status != InvoiceStatus.DRAFT and not was_told:
        keys = {*former, *invoice.custom}
        changed = sorted(key for key in keys if former.get(key) != invoice.custom.get(key))
        tell(invoice, "changed", now=now, by=by, fields=changed)


def carry_own_fields(*, invoice: Invoice, custom: Mapping[str, Any]) -> None:
    """Give a new invoice the own fields of what it is made of, as far as it has such fields.

    One that another row holds alone, or that is no value of the invoice's field, stays out.
    """
    kind = objects.kind("invoices")
    known = {each.key for each in objects.fields_of(kind) if each.is_custom and each.is_writable}
    given = {key: value for key, value in custom.items() if key in known}
    told = settle_many(kind, [(invoice.pk, {key: value}) for key, value in given.items()])
    fit = {
        key: value for (key, value), each in zip(given.items(), told, strict=True)
        if not isinstance(each, Refused)
    }  # fmt: skip
    if fit:
        keep(kind, invoice, fit, is_new=False)


def default_organization() -> Organization | None:
    """Return the organization that sells unless another is chosen."""
    return Organization.objects.filter(is_archived=False).order_by("-is_default", "id").first()


def stock_check() -> str:
    """Return what happens when more is asked for than is free."""
    found = CompanySettings.objects.filter(pk=1).values_list("stock_check", flat=True).first()
    return found or StockCheck.WARN


def require_changeable(invoice: Invoice) -> None:
    """Pass when head and lines may still change.

    :raises InvoiceLocked: with the reason.
    """
    if invoice.status == InvoiceStatus.CANCELLED:
        raise InvoiceLocked(invoice, "cancelled")
    if invoice.delivery_state != DeliveryState.NOT_SHIPPED:
        raise InvoiceLocked(invoice, "shipped")
    if invoice.payment_state == PaymentState.PAID:
        raise InvoiceLocked(invoice, "paid")


def status_before(invoice: Invoice) -> str:
    """Return the status a cancelled invoice goes back to."""
    was_sent = invoice.events.filter(kind="sent").exists()
    return InvoiceStatus.SENT if was_sent else InvoiceStatus.ISSUED


def locked(invoice_id: UUID) -> Invoice:
    """Return the invoice, locked until the transaction ends."""
    return Invoice.objects.select_for_update().get(pk=invoice_id)


def tell(
    invoice: Invoice, kind: str, *, now: datetime, by: User | None = None, source: str = "screen",
    **detail: object,
) -> InvoiceEvent:  # fmt: skip
    """Write a step of the invoice's road."""
    event = _event(invoice, kind, now=now, by=by, source=source, **detail)
    event.save(force_insert=True)
    return event


def _event(
    invoice: Invoice, kind: str, *, now: datetime, by: User | None = None, source: str = "screen",
    **detail: object,
) -> InvoiceEvent:  # fmt: skip
    return InvoiceEvent(
        invoice=invoice, at=now, kind=kind, source=source, author=by,
        detail={name: value for name, value in detail.items() if value},
    )  # fmt: skip


def _put_lines(invoice: Invoice, lines: Sequence[LineValues], *, save: bool = True) -> bool:
    """Bring the lines and totals of an invoice to what is wanted; tell whether anything changed."""
    former = {line.pk: line for line in invoice.lines.all()} if not invoice._state.adding else {}
    rates = _tax_rates(lines)
    sums: list[LineTotals] = []
    new: list[InvoiceLine] = []
    changed: list[InvoiceLine] = []
    for position, values in enumerate(lines, 1):
        line = former.pop(values.id, None) if values.id else None
        before = _snapshot(line) if line is not None else None
        if line is None:
            line = InvoiceLine(invoice=invoice)
        rate = values.tax_rate
        if rate is None and not values.is_tax_rate_given:
            rate = rates.get(values.product_id)
        totals = line_totals(
            quantity=values.quantity, price=values.price, tax_rate=rate,
            discount_percent=values.discount_percent, is_tax_included=invoice.is_tax_included,
        )  # fmt: skip
        sums.append(totals)
        for name in (
            "name", "quantity", "price", "product_id", "characteristic_id", "article", "unit",
            "discount_percent",
        ):  # fmt: skip
            setattr(line, name, getattr(values, name))
        line.position, line.tax_rate = position, rate
        line.total, line.tax = totals
        if before is None:
            new.append(line)
        elif before != _snapshot(line):
            changed.append(line)
    InvoiceLine.objects.filter(pk__in=list(former)).delete()
    InvoiceLine.objects.bulk_create(new)
    for line in changed:
        line.save()
    total, tax = document_totals(sums)
    is_new_total = (invoice.total, invoice.tax_total) != (total, tax)
    invoice.total, invoice.tax_total = total, tax
    if save and is_new_total:
        invoice.save(update_fields=["total", "tax_total", "updated_at"])
    return bool(new or changed or former or is_new_total)


def _snapshot(line: InvoiceLine) -> tuple[object, ...]:
    return (
        line.name, line.quantity, line.price, line.product_id, line.characteristic_id,
        line.article, line.unit, line.discount_percent, line.position, line.tax_rate, line.total,
        line.tax,
    )  # fmt: skip


def _tax_rates(lines: Sequence[LineValues]) -> dict[UUID | None, Decimal | None]:
    wanted = {
        line.product_id
        for line in lines
        if line.product_id and line.tax_rate is None and not line.is_tax_rate_given
    }
    if not wanted:
        return {}
    return dict(Product.objects.filter(pk__in=wanted).values_list("pk", "tax_rate"))


def touch(*, invoice_ids: Sequence[UUID]) -> None:
    """Let the version of invoices grow, so that open editors notice."""
    Invoice.objects.filter(pk__in=invoice_ids).update(version=F("version") + 1)
