"""A company with something to sell and somebody to sell it to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from apps.accounts.models import User
from apps.catalog.models import PriceType, Product
from apps.core.models import Organization
from apps.counterparties.models import Counterparty
from apps.inventory.models import StockBalance, Warehouse
from apps.sales.models import Invoice
from apps.sales.services import (
    InvoiceValues,
    LineValues,
    change_invoice,
    create_invoice,
    issue_invoice,
)
from exchange.registry import StoreContext, Stored, adapter_for
from exchange.rows import CounterpartyRow, DocumentLine, DocumentRow, Requisite
from tenants.models import Company

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


@dataclass
class Shop:
    """One seller, one customer, nails and boards."""

    organization: Organization
    customer: Counterparty
    nail: Product
    board: Product
    manager: User
    node_id: UUID

    def line(self, product: Product, quantity: str = "2", price: str = "10.00", **more: Any) -> Any:
        return LineValues(
            name=product.name,
            product_id=product.pk,
            quantity=Decimal(quantity),
            price=Decimal(price),
            unit="pc",
            **more,
        )

    def values(self, *lines: LineValues, **head: Any) -> InvoiceValues:
        return InvoiceValues(
            **{
                "counterparty_id": self.customer.pk,
                "organization_id": self.organization.pk,
                "issued_on": TODAY,
                "currency": "RUB",
                "lines": lines or (self.line(self.nail),),
                "responsible_id": self.manager.pk,
                **head,
            }
        )

    def draft(self, *lines: LineValues, **head: Any) -> Invoice:
        return create_invoice(values=self.values(*lines, **head), by=self.manager, now=NOW)

    def issued(self, *lines: LineValues, **head: Any) -> Invoice:
        made = self.draft(*lines, **head)
        return issue_invoice(invoice_id=made.pk, by=self.manager, now=NOW)

    def change(self, invoice: Invoice, quantity: str = "2", price: str = "10.00") -> Invoice:
        """Change the only line here."""
        invoice.refresh_from_db()
        line = invoice.lines.get()
        values = self.values(self.line(self.nail, quantity, price, id=line.pk))
        return change_invoice(
            invoice_id=invoice.pk, values=values, version=invoice.version, by=self.manager, now=NOW
        )

    def order(
        self, invoice: Invoice, quantity: str = "2", price: str = "10.00", **told: Any
    ) -> DocumentRow:
        """The order as 1C tells it."""
        requisites = {"Номер по 1С": "МСК-1", "Проведен": "true", **told.pop("requisites", {})}
        row = {
            "ref": "order-1",
            "number": invoice.number,
            "operation": "Заказ товара",
            "lines": (told_line(self.nail, quantity, price),),
            "requisites": tuple(Requisite(*pair) for pair in requisites.items()),
            "number_1c": "МСК-1",
            **told,
        }
        return document(**row)

    def receive(self, *rows: DocumentRow, now: datetime = NOW, **settings: Any) -> Stored:
        """Have 1C tell these documents."""
        adapter = adapter_for(DocumentRow)
        assert adapter is not None
        context = StoreContext(
            node_id=self.node_id, session_id=uuid4(), file="orders.xml", now=now, settings=settings
        )
        return adapter.store(rows, context)


def told_line(product: Product, quantity: str, price: str) -> DocumentLine:
    """A line of a document of 1C."""
    return DocumentLine(
        product_ref=product.ref or str(product.pk), characteristic_ref="", article="",
        name=product.name, unit="pc", price=Decimal(price), quantity=Decimal(quantity),
        total=None, coefficient=Decimal(1), taxes=(), discounts=(), requisites=(),
    )  # fmt: skip


def document(**told: Any) -> DocumentRow:
    """A document of 1C that says only what matters."""
    empty = {
        "ref": "", "number": "", "issued_on": TODAY, "issued_time": "", "operation": "", "role": "",
        "currency": "RUB", "rate": None, "total": None, "counterparties": (), "lines": (),
        "taxes": (), "discounts": (), "requisites": (), "number_1c": "", "date_1c": None,
        "base_ref": "", "parent_ref": "", "parent_number": "", "container_ref": "", "version": "",
        "is_deleted": False, "comment": "", "due_on": None, "warehouse_ref": "",
    }  # fmt: skip
    return DocumentRow(**{**empty, **told})


def payment(ref: str, amount: str, **told: Any) -> DocumentRow:
    """A payment as 1C tells it."""
    posted = told.pop("posted", "true")
    return document(
        ref=ref,
        operation="Выплата безналичных денег",
        total=Decimal(amount),
        requisites=(Requisite("Проведен", posted),),
        **told,
    )


def party(**told: Any) -> CounterpartyRow:
    """A counterparty as 1C tells it."""
    empty = {
        "ref": "", "name": "", "full_name": "", "official_name": "", "is_person": False,
        "tax_number": "", "tax_reason_code": "", "okpo": "", "role": "Покупатель", "address": "",
        "legal_address": "", "contacts": (), "accounts": (), "representatives": (),
        "is_deleted": False,
    }  # fmt: skip
    return CounterpartyRow(**{**empty, **told})


def make_shop(manager: User) -> Shop:
    """Fill the entered company."""
    warehouse = Warehouse.objects.create(name="Main")
    nail = Product.objects.create(name="Nail 50 mm", sort_name="nail 50 mm")
    board = Product.objects.create(name="Board", sort_name="board")
    StockBalance.objects.create(product=nail, warehouse=warehouse, quantity=100)
    StockBalance.objects.create(product=board, warehouse=warehouse, quantity=5)
    PriceType.objects.create(name="Retail", currency="RUB", is_default=True)
    return Shop(
        organization=Organization.objects.create(name="Most", is_default=True),
        customer=Counterparty.objects.create(
            name="Romashka", sort_name="romashka", email="buyer@romashka.example"
        ),
        nail=nail,
        board=board,
        manager=manager,
        node_id=uuid4(),
    )


@pytest.fixture
def shop(company: Company, manager: User) -> Shop:
    """Acme with something to sell."""
    return make_shop(manager)
