"""Invoices on their way to 1C, where they become customer orders (CommerceML, chapter 9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import override

from apps.core.models import Organization
from apps.counterparties.models import Counterparty, CounterpartyKind
from apps.finance.models import PaymentKind
from apps.sales import content, own
from apps.sales.models import (
    ConflictState,
    Invoice,
    InvoiceBase,
    InvoiceConflict,
    InvoiceLine,
    InvoiceStatus,
)
from exchange.outgoing import OutgoingSource, register_source
from exchange.rows import (
    BankAccountRow,
    ContactRow,
    CounterpartyRow,
    DocumentLine,
    DocumentRow,
    DocumentTax,
    Requisite,
)
from replication.journal import Change, changes

OPERATION = "Заказ товара"
TABLES = ("sales_invoice", "sales_invoiceline", "sales_invoiceconflict")
TAX_NAME = "НДС"
ONE = Decimal(1)
_OURS = {"tags", "version", "updated_at"}


@register_source
class InvoiceSource(OutgoingSource):
    """Tells a node the invoices that reached its chosen status, and what changed of them since.

    An invoice with an open conflict is held back until a person has decided.
    """

    kind = "orders"

    def documents(
        self, *, node_id: UUID, after: str, until: str, settings: dict[str, Any]
    ) -> Iterable[DocumentRow]:
        """Return the orders of the node, remembering what they say until it confirms them."""
        invoices = _entitled(node_id, settings)
        if after:
            invoices = invoices.filter(pk__in=_changed(node_id, after, until))
        lines = InvoiceLine.objects.select_related("product__unit", "characteristic")
        found = (
            invoices.select_related("counterparty", "organization", "price_type", "warehouse")
            .prefetch_related(
                Prefetch("lines", queryset=lines),
                "counterparty__bank_accounts",
                "counterparty__contact_persons",
            )
            .order_by("issued_on", "number", "id")
        )
        with override("ru"):  # 1C reads names of statuses in its own language
            return list(_told(found, node_id, until, is_first=not after))

    def has_news(self, *, node_id: UUID, after: str, settings: dict[str, Any]) -> bool:
        """Tell whether a query would bring an order."""
        invoices = _entitled(node_id, settings)
        if after:
            invoices = invoices.filter(pk__in=_changed(node_id, after, None))
        return invoices.exists()

    def confirmed(self, *, node_id: UUID, until: str) -> None:
        """Take what the node was told up to this position as agreed on."""
        told = InvoiceBase.objects.filter(node_id=node_id, told_position=until)
        agreed = list(told)
        for base in agreed:
            base.content, base.told, base.told_position = base.told, {}, ""
        InvoiceBase.objects.bulk_update(agreed, ["content", "told", "told_position"])

    def statuses(self) -> Sequence[tuple[str, str]]:
        """Return the statuses of an invoice, for 1C to map."""
        with override("ru"):
            return [(str(value), str(label)) for value, label in InvoiceStatus.choices]

    def payment_kinds(self) -> Sequence[tuple[str, str]]:
        """Return the ways in which an invoice may be paid, for 1C to map."""
        with override("ru"):
            return [(str(value), str(label)) for value, label in PaymentKind.choices]


def _entitled(node_id: UUID, settings: dict[str, Any]) -> QuerySet[Invoice]:
    """Return the invoices a node may know of."""
    begun = [InvoiceStatus.SENT]
    if settings.get("send_from_status") != InvoiceStatus.SENT:
        begun.append(InvoiceStatus.ISSUED)
    known = Exists(InvoiceBase.objects.filter(invoice=OuterRef("pk"), node_id=node_id))
    held = Exists(InvoiceConflict.objects.filter(invoice=OuterRef("pk"), state=ConflictState.OPEN))
    return (
        Invoice.objects.exclude(number="")
        .filter(Q(status__in=begun) | Q(known, ~Q(status=InvoiceStatus.DRAFT)))
        .exclude(held)
    )


def _changed(node_id: UUID, after: str, until: str | None) -> set[UUID]:
    found: set[UUID] = set()
    for change in changes(after, until, TABLES):
        if change.origin != node_id and not _is_ours_alone(change):
            found.add(change.key if change.table == "sales_invoice" else change.route or change.key)
    return found


def _is_ours_alone(change: Change) -> bool:
    """Tell whether nothing of an invoice changed but what is no part of an order."""
    columns = set(change.changed or ())
    return change.table == "sales_invoice" and bool(columns) and columns <= _OURS


def _told(
    invoices: QuerySet[Invoice], node_id: UUID, until: str, *, is_first: bool
) -> Iterator[DocumentRow]:
    agreed = _agreed(node_id) if is_first else {}
    found = list(invoices)
    bases_of = InvoiceBase.objects.filter(node_id=node_id, invoice__in=[each.pk for each in found])
    named = bases_of.values_list("invoice_id", "ref", "content__own")
    known = {key: (ref, said or {}) for key, ref, said in named}
    bases = []
    for invoice in found:
        lines = list(invoice.lines.all())
        said = content.of_invoice(invoice, lines, node_id=node_id)
        if content.is_said(agreed.get(invoice.pk), said):
            continue
        ref, told = known.get(invoice.pk, ("", {}))
        bases.append(InvoiceBase(invoice=invoice, node_id=node_id, told=said, told_position=until))
        yield document(invoice, lines, node_id=node_id, ref=ref, agreed=told)
    InvoiceBase.objects.bulk_create(
        bases, update_conflicts=True, unique_fields=["invoice", "node_id"],
        update_fields=["told", "told_position"],
    )  # fmt: skip


def _agreed(node_id: UUID) -> dict[UUID, content.Content]:
    """Return what 1C itself told last of its orders: a first query need not bring that back.

    УТ knows an order by its number only, and would make a second one of an order that began there.
    """
    known = InvoiceBase.objects.filter(node_id=node_id).exclude(received_digest="")
    return dict(known.values_list("invoice_id", "content"))


def document(
    invoice: Invoice, lines: Sequence[InvoiceLine], *, node_id: UUID, ref: str = "",
    agreed: Mapping[str, str] | None = None,
) -> DocumentRow:  # fmt: skip
    """Return an invoice as the order that 1C takes.

    ``ref`` is what this 1C calls it, ``agreed`` what it knows of own fields.
    """
    included = invoice.is_tax_included
    created = timezone.localtime(invoice.created_at)
    taxed = any(line.tax_rate is not None for line in lines)
    return DocumentRow(
        ref=ref or (invoice.ref if invoice.node_id == node_id else "") or str(invoice.pk),
        number=invoice.number,
        issued_on=invoice.issued_on,
        issued_time=f"{created:%H:%M:%S}",
        operation=OPERATION,
        role="Продавец",
        currency=invoice.currency,
        rate=ONE,
        total=invoice.total,
        counterparties=(_counterparty(invoice.counterparty, node_id),),
        lines=tuple(_line(line, node_id, included=included) for line in lines),
        taxes=(DocumentTax(TAX_NAME, None, included, invoice.tax_total),) if taxed else (),
        discounts=(),
        requisites=(*_requisites(invoice, node_id), *own.requisites(invoice, agreed)),
        number_1c="",
        date_1c=None,
        base_ref="",
        parent_ref="",
        parent_number="",
        container_ref="",
        version=str(invoice.version),
        is_deleted=False,
        comment=invoice.comment,
        due_on=invoice.due_on,
        warehouse_ref=(
            invoice.warehouse.ref
            if invoice.warehouse is not None and invoice.warehouse.node_id == node_id
            else ""
        ),
    )


def _line(line: InvoiceLine, node_id: UUID, *, included: bool) -> DocumentLine:
    ref, characteristic = "", ""
    kind = "Товар"
    if line.product is not None:
        ref = line.product.ref if line.product.node_id == node_id else str(line.product_id)
        kind = "Услуга" if line.product.is_service else "Товар"
    if line.characteristic is not None:
        characteristic = line.characteristic.ref or str(line.characteristic_id)
    total = line.total if included else line.total - line.tax
    price = content.told_price(line, included)
    tax = DocumentTax(TAX_NAME, line.tax_rate, included, line.tax)
    return DocumentLine(
        product_ref=ref or str(line.pk),
        characteristic_ref=characteristic,
        article=line.article,
        name=line.name,
        unit=line.unit,
        price=price,
        quantity=line.quantity,
        total=total,
        coefficient=ONE,
        taxes=(tax,) if line.tax_rate is not None else (),
        discounts=(),
        requisites=(Requisite("ВидНоменклатуры", kind), Requisite("ТипНоменклатуры", kind)),
        unit_code=_unit_code(line),
    )


def _unit_code(line: InvoiceLine) -> str:
    """Return the ОКЕИ code of a line that is counted in its product's base unit."""
    unit = line.product.unit if line.product is not None else None
    return unit.code if unit is not None and line.unit in {"", unit.name} else ""


def _requisites(invoice: Invoice, node_id: UUID) -> Iterator[Requisite]:
    cancelled = invoice.status == InvoiceStatus.CANCELLED
    yield Requisite("Статус заказа", str(InvoiceStatus(invoice.status).label))
    yield Requisite("Статуса заказа ИД", invoice.status)
    if cancelled:
        yield Requisite("Отменен", "true")
    if _is_theirs(invoice.organization, node_id):
        yield Requisite("Организация", invoice.organization.name)
    if invoice.price_type is not None and invoice.price_type.node_id == node_id:
        yield Requisite("Вид цен", invoice.price_type.name)
    if invoice.warehouse is not None and invoice.warehouse.node_id == node_id:
        yield Requisite("Склад", invoice.warehouse.name)


def _is_theirs(organization: Organization, node_id: UUID) -> bool:
    return organization.node_id == node_id


def _counterparty(partner: Counterparty, node_id: UUID) -> CounterpartyRow:
    is_person = partner.kind == CounterpartyKind.PERSON
    digits = partner.tax_number.isdigit()
    tax_number = partner.tax_number if digits and len(partner.tax_number) in {10, 11, 12} else ""
    reason = partner.tax_reason_code if len(partner.tax_reason_code) == 9 else ""
    contacts = [
        ContactRow(kind, value)
        for kind, value in (("Телефон рабочий", partner.phone), ("Почта", partner.email))
        if value
    ]
    return CounterpartyRow(
        ref=partner.ref if partner.node_id == node_id and partner.ref else str(partner.pk),
        name=partner.name,
        full_name=partner.full_name or partner.name,
        official_name="" if is_person else (partner.full_name or partner.name),
        is_person=is_person,
        tax_number=tax_number,
        tax_reason_code=reason,
        okpo="",
        role="Покупатель",
        address=partner.address,
        legal_address=partner.legal_address,
        contacts=tuple(contacts),
        accounts=tuple(
            BankAccountRow(a.number, a.bank_name, a.bank_code, a.correspondent_account)
            for a in partner.bank_accounts.all()
        ),
        representatives=tuple(p.full_name for p in partner.contact_persons.all()),
        is_deleted=False,
    )
