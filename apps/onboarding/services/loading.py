"""Bringing the demonstration: a simulated 1C fills the company as a real one would.

The catalogue comes as CommerceML files through the exchange, orders go out and come back paid,
shipped or changed by the same code that serves a real 1C. What stands in the CRM is what that 1C
holds.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from uuid import UUID

from django.db import transaction

from apps.accounts.models import Role, User
from apps.catalog.confidential import mark_cost
from apps.catalog.models import Characteristic, Price, PriceType, Product
from apps.core.models import CompanySettings, Organization
from apps.counterparties.models import ContactPerson, Counterparty
from apps.counterparties.services import counterparty_for
from apps.onboarding.models import DemoRecord
from apps.onboarding.services.customers import add_customers
from apps.onboarding.services.day import load_day
from apps.onboarding.services.doubles import enter_twice
from apps.onboarding.services.fair import import_the_fair
from apps.onboarding.services.letters import bring_letters
from apps.onboarding.services.reporting import keep_reports
from apps.onboarding.services.selling import bring_deals
from apps.reports.models import ReportSettings
from apps.sales.models import Invoice, InvoiceEvent, TradeTerms
from apps.sales.services import (
    InvoiceValues,
    LineValues,
    cancel_invoice,
    create_invoice,
    issue_invoice,
    mark_sent,
)
from exchange import orders_out, runs
from exchange import services as exchange
from exchange.models import Configuration, Node
from exchange.rows import ContactRow, CounterpartyRow
from onec import catalogue, orders
from onec.base import Base
from onec.demo import PURCHASE, DemoBase, Partner, demo_base, guid
from onec.incoming import read_orders
from replication.nodes import add_office

NAMESPACE = "urn:1C.ru:commerceml_210"
_ORGANIZATIONS = {
    "ru": {
        "name": "ООО «Демо-Торг»",
        "full_name": "Общество с ограниченной ответственностью «Демо-Торг»",
        "tax_number": "7707083893", "tax_reason_code": "770701001",
        "address": "г. Москва, ул. Складская, д. 7", "director": "Петров П. П.",
        "accountant": "Сидорова С. С.", "bank_name": "Демонстрационный банк",
        "bank_code": "044525225", "bank_account": "40702810938000060473",
        "correspondent_account": "30101810400000000225",
    },
    "tr": {
        "name": "Demo Ticaret Ltd. Şti.", "full_name": "Demo Ticaret Limited Şirketi",
        "tax_number": "1234567890", "address": "Sanayi Cad. No: 7, İzmir", "director": "Ayşe Demir",
        "bank_name": "Demo Bankası", "bank_account": "TR330006100519786457841326",
    },
    "en": {
        "name": "Demo Trading Ltd", "full_name": "Demo Trading Limited", "tax_number": "123456789",
        "address": "7 Dock Street, Leeds", "director": "Emma Clark", "bank_name": "Demo Bank",
        "bank_account": "GB82WEST12345698765432",
    },
}  # fmt: skip


@dataclass(frozen=True)
class DemoConnection:
    """The login of the demonstration's 1C; the password is shown once."""

    node: Node
    password: str


@dataclass(frozen=True)
class _Plan:
    """What becomes of one demonstration invoice."""

    days_ago: int
    products: tuple[int, ...]  # places in the catalogue
    quantity: int
    state: str  # draft, issued, sent, in_1c, partly_paid, paid, partly_shipped, shipped, done …


_PLANS = (
    _Plan(58, (3, 40, 90), 4, "done"), _Plan(51, (12, 77), 2, "done"), _Plan(47, (5,), 10, "done"),
    _Plan(41, (100, 101, 102, 150), 6, "done"), _Plan(36, (20, 33), 3, "done"),
    _Plan(33, (60,), 24, "overdue"), _Plan(30, (7, 8, 9), 2, "done"),
    _Plan(27, (140, 141), 5, "paid"),
    _Plan(24, (180,), 12, "cancelled"), _Plan(21, (15, 16, 66), 3, "done"),
    _Plan(18, (200, 201), 8, "partly_paid"), _Plan(15, (30, 31, 32, 35), 2, "paid"),
    _Plan(13, (110,), 40, "partly_shipped"), _Plan(11, (50, 51), 6, "paid"),
    _Plan(9, (210, 120), 4, "in_1c"), _Plan(8, (70, 71, 72), 10, "shipped"),
    _Plan(6, (25,), 1, "in_1c"), _Plan(5, (160, 161, 162), 3, "changed"),
    _Plan(4, (80, 81), 15, "sent"),
    _Plan(3, (45,), 2, "in_1c"), _Plan(2, (130, 131, 1), 5, "sent"),
    _Plan(1, (55, 170), 2, "issued"),
    _Plan(1, (220,), 6, "issued"), _Plan(0, (10, 61), 3, "draft"), _Plan(0, (230,), 1, "draft"),
)  # fmt: skip
_IN_1C = {
    "done", "overdue", "paid", "partly_paid", "partly_shipped", "shipped", "in_1c", "changed",
}  # fmt: skip


def load_demo(
    *, language: str, currency: str, now: datetime, base_path: Path | None = None
) -> DemoConnection:
    """Fill the company with the demonstration; call it once, outside a transaction.

    ``base_path`` keeps the simulated 1C for later exchanges; without it the 1C is forgotten.
    """
    demo = demo_base(language=language if language in _ORGANIZATIONS else "en", currency=currency)
    with tempfile.TemporaryDirectory() as folder:
        base = Base(base_path or Path(folder) / "demo.sqlite3")
        try:
            if base.one("SELECT 1 FROM product LIMIT 1") is None:
                base.fill(demo)
            return _fill(base, demo, now)
        finally:
            base.close()


def add_demo_office(*, name: str, prefix: str, now: datetime) -> str:
    """Add a branch office that waits to be joined, and return its one-time code."""
    node, code = add_office(
        name=name, prefix=prefix, scope={}, schedule={"every": 15}, seats=0, now=now
    )
    _note("replication.BranchNode", node.pk)
    return code


def _fill(base: Base, demo: DemoBase, now: datetime) -> DemoConnection:
    organization = _organization(demo.language)
    node, password = exchange.connect(
        name=_word(demo.language, "1C of the demonstration", "1С для демонстрации", "Tanıtım 1C"),
        kind=Configuration.UT, login=exchange.free_login(), now=now,
    )  # fmt: skip
    _send_catalogue(base, node, now)
    partners = _partners(demo, node)
    manager = (
        User.objects.filter(is_active=True, role=Role.MANAGER).order_by("created_at").first()
        or User.objects.filter(is_active=True).order_by("created_at").first()
    )
    invoices = _invoices(demo, organization, partners, manager, now)
    _exchange_orders(base, node, now)
    for plan, invoice in invoices:
        _live_in_1c(base, plan, invoice, now)
    _bring_back(base, node, now)
    _exchange_orders(base, node, now)
    _set_back(invoices, now)
    add_customers(language=demo.language, partners=partners, manager=manager, now=now)
    bring_deals(
        language=demo.language, currency=demo.currency, partners=partners, manager=manager, now=now
    )
    for activity in load_day(language=demo.language, partners=partners, manager=manager, now=now):
        _note("activities.Activity", activity.pk)
    enter_twice(partners, language=demo.language, note=_note, now=now)
    bring_letters(partners, language=demo.language, note=_note, now=now)
    import_the_fair(language=demo.language, manager=manager, note=_note, now=now)
    keep_reports(language=demo.language, note=_note)
    CompanySettings.objects.update_or_create(pk=1, defaults={"has_demo_data": True})
    return DemoConnection(node, password)


def _word(language: str, english: str, russian: str, turkish: str) -> str:
    return {"ru": russian, "tr": turkish}.get(language, english)


def _organization(language: str) -> Organization:
    found = Organization.objects.filter(is_default=True).first()
    if found is not None:
        return found
    made = Organization.objects.create(is_default=True, **_ORGANIZATIONS[language])
    _note("core.Organization", made.pk)
    return made


def _send_catalogue(base: Base, node: Node, now: datetime) -> None:
    products = catalogue.products_to_send(base, is_full=True)
    values = {"version": "2.08", "namespace": NAMESPACE, "changes_only": True}
    goods = catalogue.import_file(base, products, with_classifier=True, **values)  # type: ignore[arg-type]
    offers = catalogue.offers_file(base, products, with_directories=True, **values)  # type: ignore[arg-type]
    for name, content in (("import0_1.xml", goods), ("offers0_1.xml", offers)):
        _bring(node, name, content, now)
    base.acknowledge("product", base.registered("product"))
    first = PriceType.objects.filter(node_id=node.pk).order_by("created_at", "id").first()
    if first is not None and not PriceType.objects.filter(is_default=True).exists():
        PriceType.objects.filter(pk=first.pk).update(is_default=True)
    purchase = PriceType.objects.filter(node_id=node.pk, ref=guid("price", PURCHASE)).first()
    kept, _made = ReportSettings.objects.get_or_create(pk=1)
    if kept.cost_price_type_id is None and purchase is not None:
        kept.cost_price_type = purchase
        kept.save(update_fields=["cost_price_type"])
        mark_cost(purchase.pk)


def _bring(node: Node, name: str, content: bytes, now: datetime) -> None:
    exchange.upload_by_hand(
        node=node, name=name, source=BytesIO(content), size=len(content), by=None, now=now
    )
    runs.finish_company()


@transaction.atomic
def _partners(demo: DemoBase, node: Node) -> list[Counterparty]:
    wholesale = PriceType.objects.filter(node_id=node.pk, ref=demo.price_types[1][0]).first()
    made = []
    for place, partner in enumerate(demo.partners):
        row = _row(partner)
        counterparty = counterparty_for(row=row, node_id=node.pk)
        ContactPerson.objects.get_or_create(counterparty=counterparty, full_name=partner.contact)
        if place % 3 == 0:
            TradeTerms.objects.get_or_create(
                counterparty=counterparty, defaults={"price_type": wholesale, "payment_days": 14}
            )
        made.append(counterparty)
    return made


def _row(partner: Partner) -> CounterpartyRow:
    return CounterpartyRow(
        ref=partner.ref, name=partner.name, full_name=partner.full_name,
        official_name=partner.full_name, is_person=False, tax_number=partner.tax_number,
        tax_reason_code=partner.tax_reason_code, okpo="", role="Покупатель",
        address=partner.address, legal_address=partner.address,
        contacts=(ContactRow("Телефон", partner.phone), ContactRow("Почта", partner.email)),
        accounts=(), representatives=(), is_deleted=False,
    )  # fmt: skip


def _invoices(
    demo: DemoBase, organization: Organization, partners: Sequence[Counterparty],
    manager: User | None, now: datetime,
) -> list[tuple[_Plan, Invoice]]:  # fmt: skip
    made = []
    today = now.date()
    for place, plan in enumerate(_PLANS):
        partner = partners[place * 7 % len(partners)]
        issued_on = today - timedelta(days=plan.days_ago)
        values = InvoiceValues(
            counterparty_id=partner.pk, organization_id=organization.pk, issued_on=issued_on,
            due_on=issued_on + timedelta(days=14), currency=demo.currency,
            lines=_lines(demo, plan), responsible_id=manager.pk if manager else None,
        )  # fmt: skip
        invoice = create_invoice(values=values, by=manager, now=now)
        _note("sales.Invoice", invoice.pk)
        if plan.state != "draft":
            issue_invoice(invoice_id=invoice.pk, by=manager, now=now)
        if plan.state in _IN_1C | {"sent"}:
            mark_sent(invoice_id=invoice.pk, by=manager, now=now, to=partner.email)
        if plan.state == "cancelled":
            cancel_invoice(invoice_id=invoice.pk, by=manager, now=now)
        invoice.refresh_from_db()
        made.append((plan, invoice))
    return made


def _lines(demo: DemoBase, plan: _Plan) -> list[LineValues]:
    lines = []
    for number in plan.products:
        item = demo.items[number % len(demo.items)]
        product = Product.objects.get(ref=item.ref)
        characteristic = Characteristic.objects.filter(product=product).order_by("id").first()
        price = (
            Price.objects.filter(
                product=product,
                characteristic=characteristic,
                price_type__ref=demo.price_types[0][0],
            )
            .order_by("id")
            .first()
        )
        name = f"{product.name} ({characteristic.name})" if characteristic else product.name
        lines.append(
            LineValues(
                name=name,
                quantity=Decimal(plan.quantity),
                price=price.amount if price else Decimal(100),
                product_id=product.pk,
                characteristic_id=characteristic.pk if characteristic else None,
                article=product.article,
                unit=item.unit_name,
                tax_rate=product.tax_rate,
            )
        )
    return lines


def _exchange_orders(base: Base, node: Node, now: datetime) -> None:
    node.refresh_from_db()
    read_orders(orders_out.hand_over(node=node, now=now), base, dialect="ut")


def _live_in_1c(base: Base, plan: _Plan, invoice: Invoice, now: datetime) -> None:
    """Do in 1C what its accountant and storekeeper have done with the order."""
    number = invoice.number
    took = 5 + plan.days_ago % 7
    paid_at = now - timedelta(days=max(plan.days_ago - took, 0))
    if plan.state in {"done", "paid"}:
        base.pay(number, at=paid_at)
    if plan.state in {"done", "shipped"}:
        base.ship(number, at=min(paid_at + timedelta(days=1), now))
    if plan.state == "partly_paid":
        base.pay(number, (invoice.total / 2).quantize(Decimal("0.01")), at=paid_at)
    if plan.state == "partly_shipped":
        base.ship(number, Decimal(15), at=paid_at)
    if plan.state == "changed":
        base.change_line(number, 1, quantity=Decimal(plan.quantity + 2))


def _bring_back(base: Base, node: Node, now: datetime) -> None:
    refs = base.registered("order")
    content = orders.orders_file(
        base, refs, version="2.10", namespace=NAMESPACE, with_subordinates=True
    )
    _bring(node, "orders-demo.xml", content, now)
    base.acknowledge("order", refs)


@transaction.atomic
def _set_back(invoices: Sequence[tuple[_Plan, Invoice]], now: datetime) -> None:
    """Let the steps of each road lie some days apart, as they do in life."""
    for plan, invoice in invoices:
        begun = now - timedelta(days=plan.days_ago, hours=3)
        events = list(
            InvoiceEvent.objects.filter(invoice=invoice).order_by("at", "created_at", "id")
        )
        events.sort(key=lambda event: _ROAD.get(event.kind, _MIDWAY))  # all came within a second
        pace = min(timedelta(days=plan.days_ago) / max(len(events), 1), timedelta(days=2))
        for place, event in enumerate(events):
            event.at = begun + pace * place + timedelta(minutes=17 * place)
        InvoiceEvent.objects.bulk_update(events, ["at"])


# The order of the road: what is not named here happens on the way, once 1C has the order.
_ROAD = {
    "created": 0, "issued": 1, "in_1c": 2, "sent": 3, "partly_paid": 5, "paid": 6,
    "partly_shipped": 7, "shipped": 8, "cancelled": 9,
}  # fmt: skip
_MIDWAY = 4


def _note(label: str, object_id: UUID) -> None:
    DemoRecord.objects.get_or_create(label=label, object_id=object_id)
