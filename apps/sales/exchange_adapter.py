"""Orders, payments and shipments as 1C tells them (CommerceML reference, chapter 10)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from apps.sales import own
from apps.sales.incoming import IncomingOrder, UnknownOrder, create_order, take_order, take_payment
from apps.sales.models import Invoice, InvoiceBase
from exchange.formats.commerceml import canonical_requisite
from exchange.registry import Adapter, StoreContext, Stored, register
from exchange.rows import DocumentRow, Problem, ProblemCode

ORDER = "заказ товара"
PAYMENTS = ("выплата", "эквайринг", "оплата")
REFUND = ("возврат безналичных", "возврат наличных")
SHIPMENT = ("отпуск товара", "реализация")


@dataclass
class _Bundle:
    """An order with the payments and shipments that belong to it."""

    order: DocumentRow | None = None
    payments: list[DocumentRow] = field(default_factory=list)
    shipments: list[DocumentRow] = field(default_factory=list)

    def digest(self, context: StoreContext) -> str:
        """What the bundle says that is taken, apart from where in which file it stood."""
        said: list[object] = [_takes(context, "payments"), _takes(context, "shipments")]
        said += own.fields_now()  # a field that is named in 1C since reads the same order anew
        said += [
            row._replace(line=0) for row in (self.order, *self.payments, *self.shipments) if row
        ]
        return hashlib.sha256(repr(said).encode()).hexdigest()


@register
class DocumentAdapter(Adapter[DocumentRow]):
    """Takes documents of 1C into invoices; the same document again changes nothing."""

    row_type = DocumentRow
    kind = "orders"
    rank = 200

    def store(self, rows: Sequence[DocumentRow], context: StoreContext) -> Stored:
        """Take the documents, order by order."""
        stored = Stored(read=len(rows))
        bundles, loose = _bundles(rows)
        invoices = _invoices(bundles.values(), context.node_id)
        digests = dict(
            InvoiceBase.objects.filter(
                invoice__in=[i.pk for i in invoices.values()], node_id=context.node_id
            ).values_list("invoice_id", "received_digest")
        )
        for bundle in bundles.values():
            self._take(bundle, invoices, digests, context, stored)
        for row in loose:
            self._count(stored, take_payment(row, context=context), 1)
        return stored

    def _take(
        self, bundle: _Bundle, invoices: dict[str, Invoice], digests: dict[UUID, str],
        context: StoreContext, stored: Stored,
    ) -> None:  # fmt: skip
        size = bool(bundle.order) + len(bundle.payments) + len(bundle.shipments)
        invoice, digest = _find(bundle, invoices), bundle.digest(context)
        if invoice is not None and digests.get(invoice.pk) == digest:
            stored.unchanged += size
            return
        order = IncomingOrder(
            row=bundle.order, payments=bundle.payments, shipments=bundle.shipments,
            digest=digest, takes_payments=_takes(context, "payments"),
            takes_shipments=_takes(context, "shipments"),
        )  # fmt: skip
        if invoice is None:
            self._take_unknown(bundle, order, context, stored)
            return
        changed, problems = take_order(order, invoice_id=invoice.pk, context=context)
        stored.problems += problems
        self._count(stored, "changed" if changed else "unchanged", size)

    def _take_unknown(
        self, bundle: _Bundle, order: IncomingOrder, context: StoreContext, stored: Stored
    ) -> None:
        """Make an invoice of the order if the node's settings say so; money is kept in any case."""
        reason = ""
        if bundle.order is not None and context.settings.get("create_orders_from_1c"):
            try:
                create_order(order, context=context)
            except UnknownOrder as refusal:
                reason = refusal.reason
            else:
                stored.created += 1 + len(bundle.payments) + len(bundle.shipments)
                return
        if _takes(context, "payments"):
            for row in bundle.payments:
                self._count(stored, take_payment(row, context=context), 1)
        if bundle.order is not None or bundle.shipments:
            stored.problems.append(_unknown(bundle, context, reason))

    @staticmethod
    def _count(stored: Stored, what: str, number: int) -> None:
        setattr(stored, what, getattr(stored, what) + number)


def _takes(context: StoreContext, kind: str) -> bool:
    return bool(context.settings.get("exchanged", {}).get(kind, True))


def _bundles(
    rows: Sequence[DocumentRow],
) -> tuple[dict[tuple[str, str], _Bundle], list[DocumentRow]]:
    """Put payments and shipments to their orders; payments of no order come back apart."""
    bundles: dict[tuple[str, str], _Bundle] = defaultdict(_Bundle)
    by_ref: dict[str, tuple[str, str]] = {}
    by_container: dict[str, tuple[str, str]] = {}
    for row in rows:
        if _is_order(row):
            key = (row.number, row.ref)
            bundles[key].order = row
            by_ref[row.ref] = key
            if row.container_ref:
                by_container[row.container_ref] = key
    loose: list[DocumentRow] = []
    for row in rows:
        if _is_order(row):
            continue
        parent = row.parent_ref or row.base_ref
        key = by_ref.get(parent) or by_container.get(row.container_ref) or ("", parent)
        if not parent and key == ("", ""):
            loose += [row] if is_payment(row) else []
        elif is_payment(row):
            bundles[key].payments.append(row)
        elif row.operation.lower().startswith(SHIPMENT):
            bundles[key].shipments.append(row)
    return bundles, loose


def _is_order(row: DocumentRow) -> bool:
    return row.operation.lower() == ORDER or (not row.operation and bool(row.number))


def is_payment(row: DocumentRow) -> bool:
    """Tell whether a document moves money."""
    return row.operation.lower().startswith((*PAYMENTS, *REFUND))


def _invoices(bundles: Iterable[_Bundle], node_id: UUID) -> dict[str, Invoice]:
    """Return the invoices these bundles speak of, by number and by identifier, in one query."""
    numbers: set[str] = set()
    refs: set[str] = set()
    for bundle in bundles:
        for row in (bundle.order, *bundle.payments, *bundle.shipments):
            if row is not None:
                numbers |= {row.number, row.parent_number} - {""}
                refs |= {row.ref, row.parent_ref, row.base_ref} - {""}
    own = [ref for ref in refs if _is_uuid(ref)]
    found: dict[str, Invoice] = {}
    matching = Invoice.objects.filter(
        Q(number__in=numbers) | Q(node_id=node_id, ref__in=refs) | Q(pk__in=own)
    ).exclude(number="")
    known = {
        base.invoice_id: base
        for base in InvoiceBase.objects.filter(node_id=node_id).filter(
            Q(ref__in=refs) | Q(invoice__number__in=numbers)
        )
    }
    matching |= Invoice.objects.filter(bases__node_id=node_id, bases__ref__in=refs)
    for invoice in matching.distinct():
        found[f"ref:{invoice.pk}"] = invoice
        if invoice.node_id == node_id and invoice.ref:
            found[f"ref:{invoice.ref}"] = invoice
        base = known.get(invoice.pk)
        if base is not None and base.ref:
            found[f"ref:{base.ref}"] = invoice
        # The order of another 1C that this one was never told of: the same number is chance.
        if invoice.node_id in (None, node_id) or base is not None:
            found[f"number:{invoice.number}"] = invoice
    return found


def _find(bundle: _Bundle, invoices: dict[str, Invoice]) -> Invoice | None:
    if bundle.order is not None:
        by_number = invoices.get(f"number:{bundle.order.number}")
        return by_number or invoices.get(f"ref:{bundle.order.ref}")
    for row in (*bundle.payments, *bundle.shipments):
        for name in (f"number:{row.parent_number}", f"ref:{row.parent_ref}", f"ref:{row.base_ref}"):
            if name in invoices:
                return invoices[name]
    return None


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _unknown(bundle: _Bundle, context: StoreContext, reason: str) -> Problem:
    row = bundle.order or [*bundle.payments, *bundle.shipments][0]
    return Problem(
        ProblemCode.UNKNOWN_DOCUMENT, context.file, row.line, "Документ/Номер",
        row.number or row.parent_number or row.base_ref, row.ref, reason, "nothing",
    )  # fmt: skip


def requisites(row: DocumentRow) -> dict[str, str]:
    """Return the requisites of a document under their Russian names."""
    return {canonical_requisite(r.name): r.value for r in row.requisites}


def amount(row: DocumentRow) -> Decimal:
    """Return what a payment moves; money given back counts against it."""
    value = row.total or Decimal(0)
    return -value if row.operation.lower().startswith(REFUND) else value
