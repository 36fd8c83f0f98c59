"""Taking what 1C says of one order: edits against the agreed base, payments, shipments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import override

from apps.catalog.models import Product
from apps.core import events
from apps.core.objects import Refused
from apps.counterparties.services import counterparty_for, known_counterparty
from apps.finance.models import Payment, PaymentKind
from apps.sales import content, own
from apps.sales.models import (
    Delivery,
    DeliveryState,
    Invoice,
    InvoiceBase,
    InvoicePayment,
    InvoiceStatus,
    PaymentState,
)
from apps.sales.services.applying import (
    apply_difference,
    apply_head,
    lines_by_key,
    product_at,
    recount,
)
from apps.sales.services.conflicts import open_conflict
from apps.sales.services.happenings import (
    ConflictFound,
    InvoiceCancelledIn1C,
    InvoiceChangedIn1C,
)
from apps.sales.services.invoices import (
    InvoiceValues,
    LineValues,
    create_invoice,
    default_organization,
    locked,
    status_before,
    tell,
)
from apps.sales.services.settlement import refresh_states, settle
from exchange.formats.commerceml import canonical_requisite
from exchange.formats.commerceml.values import day
from exchange.registry import StoreContext
from exchange.rows import DocumentLine, DocumentRow, Problem, ProblemCode
from tenants.current import current_company

ZERO = Decimal(0)
_KINDS = (("выплата наличных", PaymentKind.CASH), ("эквайринг", PaymentKind.CARD))
_NUMBERS = re.compile(r"(?<![\w/-])[\w/-]{4,11}(?![\w/-])")


class UnknownOrder(Exception):
    """An order made in 1C cannot become an invoice; ``reason`` is a short key."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class IncomingOrder:
    """An order of 1C with the payments and shipments told beside it."""

    row: DocumentRow | None
    payments: Sequence[DocumentRow] = ()
    shipments: Sequence[DocumentRow] = ()
    digest: str = ""
    takes_payments: bool = True
    takes_shipments: bool = True
    requisites: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        found = self.row.requisites if self.row is not None else ()
        object.__setattr__(
            self, "requisites", {canonical_requisite(r.name): r.value for r in found}
        )

    @property
    def is_cancelled(self) -> bool:
        """Whether 1C has cancelled the order or marked it for deletion."""
        assert self.row is not None  # noqa: S101  (callers have looked)
        return self.row.is_deleted or self.requisites.get("Отменен", "").lower() in {"true", "1"}


@transaction.atomic
def take_order(
    order: IncomingOrder, *, invoice_id: UUID, context: StoreContext
) -> tuple[bool, list[Problem]]:
    """Take what 1C says of an invoice; return whether it changed, and what could not be taken."""
    invoice = locked(invoice_id)
    problems: list[Problem] = []
    changed = False
    if order.row is not None:
        changed |= _take_identity(order, invoice, context)
        changed |= _take_content(order, invoice, context, problems)
    if order.takes_payments:
        changed |= _take_payments(order, invoice, context)
    if order.takes_shipments:
        changed |= _take_shipments(order, invoice, context)
    before = (invoice.payment_state, invoice.delivery_state, invoice.paid_total)
    if refresh_states(invoice=invoice):
        changed = True
        _tell_states(invoice, before, order, context)
    _remember(order, invoice, context)
    return changed, problems


def create_order(order: IncomingOrder, *, context: StoreContext) -> Invoice:
    """Make an invoice of an order that began in 1C.

    :raises UnknownOrder: its number, counterparty or currency cannot be used, or nobody of ours
        could sell.
    """
    row = order.row
    assert row is not None  # noqa: S101
    number = row.number or row.number_1c
    if not 0 < len(number) <= 11:
        raise UnknownOrder("number")
    if not row.currency:
        raise UnknownOrder("currency")
    if Invoice.objects.filter(number=number).exists():
        raise UnknownOrder("number_taken")
    organization = default_organization()
    if organization is None:
        raise UnknownOrder("organization")
    party = next((p for p in row.counterparties if p.role != "Продавец"), None)
    if party is None:
        raise UnknownOrder("counterparty")
    lines = [_line_values(line, context) for line in row.lines if line.quantity]
    included = not any(tax.is_included is False for tax in row.taxes)
    with transaction.atomic():
        partner = counterparty_for(row=party, node_id=context.node_id)
        invoice = create_invoice(
            values=InvoiceValues(
                counterparty_id=partner.pk, organization_id=organization.pk,
                issued_on=row.issued_on or _today(context), currency=row.currency, lines=lines,
                due_on=row.due_on, is_tax_included=included, comment=row.comment,
            ),
            by=None, now=context.now,
        )  # fmt: skip
        invoice.number, invoice.status = number, InvoiceStatus.ISSUED
        invoice.node_id, invoice.ref = context.node_id, row.ref[:120]
        invoice.save()
        take_order(order, invoice_id=invoice.pk, context=context)
    return invoice


@transaction.atomic
def take_payment(row: DocumentRow, *, context: StoreContext) -> str:
    """Take a payment of no known order: it settles the invoices whose numbers its purpose holds.

    One that names no invoice is kept for a person to assign. Return what became of it: "created",
    "changed" or "unchanged".
    """
    before = _payment_state_of(row, context)
    payment = _payment(row, context, partner_id=_payer(row, context))
    former = list(payment.settlements.values_list("invoice_id", flat=True))
    if not former:
        _settle_by_purpose(payment, row)
    elif len(former) == 1 and before is not None and before[0] != payment.amount:
        settle(invoice=locked(former[0]), payment=payment, amount=payment.amount)
    for invoice_id in payment.settlements.order_by("invoice").values_list("invoice_id", flat=True):
        invoice = locked(invoice_id)
        state = (invoice.payment_state, invoice.delivery_state, invoice.paid_total)
        if refresh_states(invoice=invoice):
            _tell_states(invoice, state, None, context)
    if before is None:
        return "created"
    return "unchanged" if before == _payment_state_of(row, context) else "changed"


def _payment_state_of(row: DocumentRow, context: StoreContext) -> tuple[object, ...] | None:
    found = Payment.objects.filter(node_id=context.node_id, ref=row.ref[:120])
    parts = found.annotate(parts=Count("settlements"))
    return parts.values_list("amount", "updated_at", "parts").first()


def _payer(row: DocumentRow, context: StoreContext) -> UUID | None:
    """Return the counterparty that 1C names as the payer, when it is known here."""
    for party in row.counterparties:
        found = known_counterparty(row=party, node_id=context.node_id)
        if found is not None:
            return found.pk
    return None


def _settle_by_purpose(payment: Payment, row: DocumentRow) -> None:
    """Spread the payment over the invoices it names, in their order; the last one gets the rest."""
    named = list(dict.fromkeys(_NUMBERS.findall(f"{row.comment} {row.parent_number} {row.number}")))
    found = {
        invoice.number: invoice
        for invoice in Invoice.objects.exclude(number="")
        .filter(number__in=named, currency=payment.currency)
        .select_for_update()
        .order_by("id")
    }
    invoices = [found[number] for number in named if number in found]
    left = payment.amount
    for position, invoice in enumerate(invoices, 1):
        unpaid = max(invoice.total - invoice.paid_total, ZERO)
        part = left if position == len(invoices) else min(left, unpaid)
        settle(invoice=invoice, payment=payment, amount=part)
        left -= part


# Head and lines ----------------------------------------------------------------------------------
def _take_identity(order: IncomingOrder, invoice: Invoice, context: StoreContext) -> bool:
    row = order.row
    assert row is not None  # noqa: S101
    if invoice.node_id not in (None, context.node_id):
        return False  # it is another 1C's order; this one's identifier stands in its own base
    posted = order.requisites.get("Проведен", "").lower() in {"true", "1", ""}
    values = {
        "node_id": context.node_id,
        "ref": row.ref[:120],
        "number_1c": row.number_1c[:50] or invoice.number_1c,
        "date_1c": _aware(row.date_1c) or invoice.date_1c,
        "status_1c": _status(order) or invoice.status_1c,
        "is_posted_1c": posted and not row.is_deleted,
    }
    changed = [name for name, value in values.items() if getattr(invoice, name) != value]
    if not changed:
        return False
    is_new = invoice.node_id is None
    former = invoice.status_1c
    for name in changed:
        setattr(invoice, name, values[name])
    invoice.save(update_fields=[*changed, "updated_at"])
    if is_new:
        tell(
            invoice, "in_1c", now=context.now, source=_source(context),
            number=invoice.number_1c, configuration=str(context.node_id),
        )  # fmt: skip
    elif "status_1c" in changed:
        change = {"line": "", "field": "status_1c", "from": former, "to": invoice.status_1c}
        tell(invoice, "changed_in_1c", now=context.now, source=_source(context), changes=[change])
    return True


def _status(order: IncomingOrder) -> str:
    """Return what 1C calls the order's state; "" when it says nothing or echoes our own word."""
    told = order.requisites.get("Статус заказа", "") or order.requisites.get("СтатусЗаказа", "")
    with override("ru"):
        own = {str(label) for label in InvoiceStatus.labels}
    return "" if told in own else told[:100]


def _take_content(
    order: IncomingOrder, invoice: Invoice, context: StoreContext, problems: list[Problem]
) -> bool:
    row = order.row
    assert row is not None  # noqa: S101
    lines = lines_by_key(invoice, node_id=context.node_id)
    ours = content.of_invoice(invoice, lines.values(), node_id=context.node_id)
    said_of_own, unread = own.of_requisites(row.requisites)
    problems += [_no_value(row, each, context=context) for each in unread]
    theirs = content.of_document(row, is_cancelled=order.is_cancelled, said_of_own=said_of_own)
    base = InvoiceBase.objects.filter(invoice=invoice, node_id=context.node_id).first()
    taken, conflicts = content.compare(
        base=base.content if base is not None else None, ours=ours, theirs=theirs
    )
    sent = _lines_of(row)
    taken = [each for each in taken if not _is_refused_own(each, row, invoice, context, problems)]
    for change in taken:
        if own.is_own(change.field):
            continue
        line = sent.get(change.key)
        if change.field == "cancelled":
            invoice.status = InvoiceStatus.CANCELLED if change.theirs else status_before(invoice)
            continue
        if change.field in content.HEAD:
            apply_head(invoice, field=change.field, theirs=change.theirs)
            continue
        if change.field == "line" and change.theirs and line is not None:
            _warn_unknown(line, change.key, context, problems)
        apply_difference(
            invoice, node_id=context.node_id, key=change.key, field=change.field,
            theirs=change.theirs, name=_name(change.key, line, lines),
            unit=line.unit if line else "", article=line.article if line else "",
            tax_rate=next((t.rate for t in line.taxes), None) if line else None,
        )  # fmt: skip
    is_news = False
    for change in conflicts:
        is_news |= open_conflict(
            invoice=invoice, node_id=context.node_id, key=change.key, field=change.field,
            name=_name(change.key, sent.get(change.key), lines), base=change.base,
            ours=change.ours, theirs=change.theirs,
        )  # fmt: skip
    if taken:
        recount(invoice)
        invoice.version += 1
        invoice.save()
        _tell_changes(invoice, taken, sent, lines, context)
    if is_news:
        tell(invoice, "conflict", now=context.now, source=_source(context),
             fields=[change.field for change in conflicts])  # fmt: skip
        events.publish(ConflictFound(invoice.pk))
    return bool(taken) or is_news


def _is_refused_own(
    change: content.Difference, row: DocumentRow, invoice: Invoice, context: StoreContext,
    problems: list[Problem],
) -> bool:  # fmt: skip
    """Keep what 1C says of an own field; tell whether it could not be kept."""
    if not own.is_own(change.field):
        return False
    try:
        own.keep(invoice, field=change.field, text=change.theirs)
    except Refused:
        bad = own.refused(change.field, change.theirs)
        problems.append(_no_value(row, bad, context=context))
        return True
    return False


def _no_value(row: DocumentRow, unread: own.Unread, *, context: StoreContext) -> Problem:
    return Problem(
        unread.code, context.file, row.line,
        f"Документ/ЗначенияРеквизитов/ЗначениеРеквизита/{unread.field.name_1c}",
        unread.text[:200], row.ref, row.number, "former_value",
    )  # fmt: skip


def _tell_changes(
    invoice: Invoice, taken: list[content.Difference], sent: dict[str, DocumentLine],
    lines: dict[str, Any], context: StoreContext,
) -> None:  # fmt: skip
    if any(change.field == "cancelled" and change.theirs for change in taken):
        tell(invoice, "cancelled", now=context.now, source=_source(context))
        events.publish(InvoiceCancelledIn1C(invoice.pk))
    edits = [
        {
            "line": _name(change.key, sent.get(change.key), lines),
            "field": change.field,
            "from": change.ours,
            "to": change.theirs,
        }
        for change in taken
        if change.field != "cancelled"
    ]
    if edits:
        tell(invoice, "changed_in_1c", now=context.now, source=_source(context), changes=edits)
        events.publish(InvoiceChangedIn1C(invoice.pk))


def _lines_of(row: DocumentRow) -> dict[str, DocumentLine]:
    found: dict[str, DocumentLine] = {}
    for line in row.lines:
        if line.quantity:
            found[content.numbered(content.document_key(line), found)] = line
    return found


def _name(key: str, line: DocumentLine | None, lines: dict[str, Any]) -> str:
    if line is not None and line.name:
        return line.name
    return lines[key].name if key in lines else key


def _warn_unknown(
    line: DocumentLine, key: str, context: StoreContext, problems: list[Problem]
) -> None:
    product, _ = product_at(node_id=context.node_id, key=key)
    if product is None:
        problems.append(
            Problem(
                ProblemCode.UNKNOWN_PRODUCT,
                context.file,
                line.line,
                "Документ/Товары/Товар/Ид",
                key,
                key,
                line.name,
                "rest_of_row",
            )
        )


def _line_values(line: DocumentLine, context: StoreContext) -> LineValues:
    product, characteristic = product_at(node_id=context.node_id, key=content.document_key(line))
    assert line.quantity is not None  # noqa: S101
    return LineValues(
        name=line.name[:500] or (product.name if isinstance(product, Product) else "—"),
        quantity=line.quantity, price=content.document_price(line),
        product_id=product.pk if product else None,
        characteristic_id=characteristic.pk if characteristic else None,
        article=line.article[:100], unit=line.unit[:50],
        tax_rate=next((t.rate for t in line.taxes), None), is_tax_rate_given=bool(line.taxes),
    )  # fmt: skip


# Payments ----------------------------------------------------------------------------------------
def _take_payments(order: IncomingOrder, invoice: Invoice, context: StoreContext) -> bool:
    """Take the payments told one by one, or the single word «paid» of clients that tell no more."""
    changed = False
    for row in order.payments:
        payment = _payment(
            row, context, partner_id=invoice.counterparty_id, currency=invoice.currency
        )
        changed |= settle(invoice=invoice, payment=payment, amount=payment.amount)
    if order.row is None:
        return changed
    told = InvoicePayment.objects.filter(invoice=invoice, payment__node_id=context.node_id).exclude(
        payment__ref__startswith="paid:"
    )
    number = order.requisites.get("Номер оплаты по 1С", "")
    is_paid = bool(number) or order.requisites.get("Оплачен", "").lower() in {"true", "1"}
    if told.exists():
        # Told one by one now: the single word «paid» of before would count the money twice.
        stale = Payment.objects.filter(
            node_id=context.node_id, ref=f"paid:{invoice.pk}", is_posted=True
        )
        return bool(stale.update(is_posted=False, updated_at=context.now)) or changed
    return _take_full_payment(order, invoice, context, number, is_paid=is_paid) or changed


def _take_full_payment(
    order: IncomingOrder, invoice: Invoice, context: StoreContext, number: str, *, is_paid: bool
) -> bool:
    ref = f"paid:{invoice.pk}"
    held = Payment.objects.select_for_update().filter(node_id=context.node_id, ref=ref)
    payment = held.first()
    if not is_paid:
        if payment is None or not payment.is_posted:
            return False
        payment.is_posted = False
        payment.save()
        return True
    paid_on = _day(order.requisites.get("Дата оплаты по 1С", ""))
    values = {
        "number": number[:50],
        "paid_on": paid_on or (payment.paid_on if payment else _today(context)),
        "amount": invoice.total,
        "currency": invoice.currency, "counterparty_id": invoice.counterparty_id,
        "is_posted": True,
    }  # fmt: skip
    changed = payment is None
    payment = payment or Payment(node_id=context.node_id, ref=ref)
    for name, value in values.items():
        if getattr(payment, name) != value:
            setattr(payment, name, value)
            changed = True
    if changed:
        payment.save()
    return settle(invoice=invoice, payment=payment, amount=invoice.total) or changed


def _payment(
    row: DocumentRow, context: StoreContext, *, partner_id: UUID | None = None, currency: str = ""
) -> Payment:
    known = {canonical_requisite(r.name): r.value for r in row.requisites}
    posted = known.get("Проведен", "true").lower() in {"true", "1"} and not row.is_deleted
    operation = row.operation.lower()
    total = row.total or ZERO
    held = Payment.objects.select_for_update().filter(node_id=context.node_id, ref=row.ref[:120])
    payment = held.first()
    values = {
        "number": (row.number_1c or row.number)[:50],
        "paid_on": row.issued_on or (payment.paid_on if payment else _today(context)),
        "amount": -total if operation.startswith("возврат") else total,
        "currency": row.currency or currency or _own_currency(),
        "kind": next((k for start, k in _KINDS if operation.startswith(start)), PaymentKind.BANK),
        "purpose": row.comment[:500],
        "is_posted": posted,
    }
    if payment is None:
        payment = Payment(node_id=context.node_id, ref=row.ref[:120], counterparty_id=partner_id)
    elif all(getattr(payment, name) == value for name, value in values.items()):
        return payment
    for name, value in values.items():
        setattr(payment, name, value)
    payment.save()
    return payment


def _today(context: StoreContext) -> date:
    """Return the day of something that 1C dates nowhere: when it was told first."""
    return timezone.localdate(context.now)


def _own_currency() -> str:
    return current_company().currency


# Shipments ---------------------------------------------------------------------------------------
def _take_shipments(order: IncomingOrder, invoice: Invoice, context: StoreContext) -> bool:
    changed = False
    for row in order.shipments:
        changed |= _delivery(
            invoice, context, ref=row.ref, number=row.number_1c or row.number,
            shipped_on=row.issued_on, total=row.total,
            lines=_shipped_lines(row), is_archived=_is_void(row),
        )  # fmt: skip
    if order.row is not None:
        changed |= _take_full_shipment(order, invoice, context)
    return _spread_shipped(invoice, context) or changed


def _take_full_shipment(order: IncomingOrder, invoice: Invoice, context: StoreContext) -> bool:
    mine = Delivery.objects.filter(invoice=invoice, node_id=context.node_id)
    if mine.exclude(ref__startswith="shipped:").exists():
        return False
    number = order.requisites.get("Номер отгрузки по 1С", "")
    is_shipped = bool(number) or order.requisites.get("Отгружен", "").lower() in {"true", "1"}
    ref = f"shipped:{invoice.pk}"
    if not is_shipped:
        gone = mine.filter(ref=ref, is_archived=False)
        return bool(gone.update(is_archived=True))
    lines = [
        {"key": key, "name": line.name, "quantity": content.text(line.quantity)}
        for key, line in lines_by_key(invoice, node_id=context.node_id).items()
    ]
    return _delivery(
        invoice, context, ref=ref, number=number,
        shipped_on=_day(order.requisites.get("Дата отгрузки по 1С", "")), total=invoice.total,
        lines=lines, is_archived=False,
    )  # fmt: skip


def _delivery(
    invoice: Invoice, context: StoreContext, *, ref: str, number: str, shipped_on: date | None,
    total: Decimal | None, lines: list[dict[str, str]], is_archived: bool,
) -> bool:  # fmt: skip
    found = Delivery.objects.filter(invoice=invoice, node_id=context.node_id, ref=ref[:120]).first()
    values = {
        "number": number[:50],
        "shipped_on": shipped_on or (found.shipped_on if found else _today(context)),
        "total": total, "lines": lines, "is_archived": is_archived,
    }  # fmt: skip
    if found is None:
        Delivery.objects.create(invoice=invoice, node_id=context.node_id, ref=ref[:120], **values)
        return True
    if all(getattr(found, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(found, name, value)
    found.save()
    return True


def _shipped_lines(row: DocumentRow) -> list[dict[str, str]]:
    return [
        {"key": key, "name": line.name, "quantity": content.text(line.quantity or ZERO)}
        for key, line in _lines_of(row).items()
    ]


def _is_void(row: DocumentRow) -> bool:
    known = {canonical_requisite(r.name): r.value for r in row.requisites}
    posted = known.get("Проведен", "true").lower() in {"true", "1"}
    return row.is_deleted or not posted


def _spread_shipped(invoice: Invoice, context: StoreContext) -> bool:
    """Bring the shipped quantity of each line to the sum of the deliveries."""
    sums: dict[str, Decimal] = {}
    for lines in Delivery.objects.filter(invoice=invoice, is_archived=False).values_list(
        "lines", flat=True
    ):
        for line in lines:
            key = line["key"]
            sums[key] = sums.get(key, ZERO) + Decimal(line["quantity"])
    changed = False
    for key, line in lines_by_key(invoice, node_id=context.node_id).items():
        if line.shipped_quantity != sums.get(key, ZERO):
            line.shipped_quantity = sums.get(key, ZERO)
            line.save(update_fields=["shipped_quantity", "updated_at"])
            changed = True
    return changed


# Telling -----------------------------------------------------------------------------------------
def _tell_states(
    invoice: Invoice, before: tuple[str, str, Decimal], order: IncomingOrder | None,
    context: StoreContext,
) -> None:  # fmt: skip
    _, delivery_state, paid = before
    now, source = context.now, _source(context)
    if invoice.paid_total != paid:
        kind = {
            PaymentState.PAID: "paid",
            PaymentState.PARTLY_PAID: "partly_paid",
            PaymentState.UNPAID: "payment_withdrawn",
        }[PaymentState(invoice.payment_state)]
        tell(
            invoice, kind, now=now, source=source, amount=str(invoice.paid_total - paid),
            currency=invoice.currency,
            number=order.requisites.get("Номер оплаты по 1С", "") if order else "",
        )  # fmt: skip
    if invoice.delivery_state != delivery_state:
        kind = {
            DeliveryState.SHIPPED: "shipped",
            DeliveryState.PARTLY_SHIPPED: "partly_shipped",
            DeliveryState.NOT_SHIPPED: "shipment_withdrawn",
        }[DeliveryState(invoice.delivery_state)]
        tell(invoice, kind, now=now, source=source)


def _remember(order: IncomingOrder, invoice: Invoice, context: StoreContext) -> None:
    base, _ = InvoiceBase.objects.get_or_create(invoice=invoice, node_id=context.node_id)
    if order.row is not None:
        said_of_own, _unread = own.of_requisites(order.row.requisites)
        base.content = content.agreed(
            content.of_document(
                order.row, is_cancelled=order.is_cancelled, said_of_own=said_of_own
            ),
            content.of_invoice(invoice, (), node_id=context.node_id), former=base.content,
        )  # fmt: skip
        base.ref = order.row.ref[:120]
    base.received_digest = order.digest
    base.save()


def _source(context: StoreContext) -> str:
    return f"exchange:{context.session_id}"


def _aware(moment: datetime | None) -> datetime | None:
    """Return a wall-clock moment of 1C in the company's time zone."""
    return timezone.make_aware(moment) if moment is not None else None


def _day(text: str) -> date | None:
    try:
        return day(text)
    except (ValueError, OverflowError):
        return None
