"""The main job end to end: catalogue in, invoice out, payment and shipment back, as each client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.wsgi import get_wsgi_application
from django.utils import timezone

from apps.accounts.models import User
from apps.catalog.models import Characteristic, Price, Product
from apps.core.models import Organization
from apps.counterparties.models import Counterparty
from apps.custom.services import FieldValues, add_field
from apps.inventory.models import StockBalance
from apps.sales.models import Invoice, InvoiceConflict
from apps.sales.services import (
    InvoiceValues,
    LineValues,
    cancel_invoice,
    change_invoice,
    create_invoice,
    issue_invoice,
    resolve_conflict,
)
from exchange import services as exchange
from onec.base import Base
from onec.client import Report, Site
from onec.client import exchange as run_exchange
from onec.demo import demo_base
from tenants.models import Company

CLIENTS = {
    "УТ 11": {"dialect": "ut"},
    "УНФ 3, another protocol": {"dialect": "unf"},
    "УНФ 3, protocol Битрикс": {"dialect": "unf", "protocol": "bitrix"},
    "1C-Bitrix module": {"dialect": "bus"},
}


class World:
    """A company with its 1C: what people on both sides do."""

    def __init__(self, company: Company, base: Base, client: dict[str, str]) -> None:
        self.base = base
        self.company = company
        self.node, self.password = exchange.connect(
            name="1C", kind="ut", login="1c", now=timezone.now()
        )
        self.client = client
        self.manager = User.objects.create_user(email="m@example.com", full_name="Marina")

    def exchange(self, *, is_full: bool = False) -> Report:
        transport = httpx.WSGITransport(app=get_wsgi_application())
        host = f"{self.company.slug}.localhost"
        site = Site(
            address=f"http://{host}/bitrix/admin/1c_exchange.php",
            login="1c",
            password=self.password,
            client=httpx.Client(transport=transport, timeout=60),
            **self.client,  # type: ignore[arg-type]
        )
        report = run_exchange(self.base, site, is_full=is_full)
        settle_runs(self.company)
        return report

    def invoice(self, *, quantity: int = 2) -> Invoice:
        organization, _ = Organization.objects.get_or_create(
            name="ООО «Мост»", defaults={"is_default": True}
        )
        partner, _ = Counterparty.objects.get_or_create(name="ООО «Ромашка»")
        product = Product.objects.get(article="PO-0001")
        price = Price.objects.filter(product=product).order_by("-amount").first()
        assert price is not None
        draft = create_invoice(
            values=InvoiceValues(
                counterparty_id=partner.pk,
                organization_id=organization.pk,
                issued_on=timezone.now().date(),
                currency="RUB",
                lines=[
                    LineValues(
                        name=product.name,
                        product_id=product.pk,
                        article=product.article,
                        unit="шт",
                        quantity=Decimal(quantity),
                        price=price.amount,
                    )
                ],
            ),
            by=self.manager,
            now=timezone.now(),
        )
        return issue_invoice(invoice_id=draft.pk, by=self.manager, now=timezone.now())


def settle_runs(company: Company) -> None:
    """Let the engine take what went quiet, as its schedule does."""
    from django_tenants.utils import tenant_context

    from exchange import runs

    with tenant_context(company):
        for session in runs_open():
            from exchange import sessions

            sessions.close(session=session, now=timezone.now())
        runs.run_company()


def runs_open() -> list[Any]:
    from exchange.models import ExchangeSession

    return list(ExchangeSession.objects.filter(is_open=True))


@pytest.fixture
def base(tmp_path: Path) -> Iterator[Base]:
    made = Base(tmp_path / "1c.sqlite3")
    made.fill(demo_base(language="ru"))
    yield made
    made.close()


@pytest.fixture(params=CLIENTS.values(), ids=CLIENTS)
def world(
    committed: Company, base: Base, request: pytest.FixtureRequest, settings: Any, tmp_path: Path
) -> World:
    settings.MEDIA_ROOT = str(tmp_path / "files")
    return World(committed, base, request.param)


def test_the_whole_road_from_catalogue_to_shipped(world: World, base: Base) -> None:
    world.exchange(is_full=True)
    assert Product.objects.count() == 262
    assert Characteristic.objects.count() == 166
    assert Price.objects.count() == len(base.rows("SELECT * FROM price"))

    invoice = world.invoice()
    report = world.exchange()
    assert report.taken.created == 1
    assert report.taken.duplicates == 0
    assert base.total(base.order(invoice.number)["ref"]) == invoice.total

    base.pay(invoice.number)
    world.exchange()
    invoice.refresh_from_db()
    assert (invoice.payment_state, invoice.paid_total) == ("paid", invoice.total)
    assert invoice.number_1c

    base.ship(invoice.number)
    world.exchange()
    invoice.refresh_from_db()
    assert invoice.delivery_state == "shipped"
    kinds = list(invoice.events.order_by("at", "id").values_list("kind", flat=True))
    assert kinds == ["created", "issued", "in_1c", "paid", "shipped"]


def test_the_same_exchange_again_changes_nothing(world: World, base: Base) -> None:
    world.exchange(is_full=True)
    invoice = world.invoice()
    world.exchange()
    base.pay(invoice.number)
    world.exchange()
    before = _state_of_everything()

    base.register_everything()
    base.register("order", [base.order(invoice.number)["ref"]])
    again = world.exchange(is_full=True)

    assert _state_of_everything() == before
    assert (again.taken.created, again.taken.changed) == (0, 0)


def test_a_changed_price_and_stock_arrive(world: World, base: Base) -> None:
    world.exchange(is_full=True)
    base.change_price("PO-0001", Decimal("4321.50"))
    base.receive("PO-0001", Decimal(5))
    ref = base.product("PO-0001")["ref"]

    world.exchange()

    assert Price.objects.filter(product__ref=ref, amount=Decimal("4321.50")).exists()
    stock = sum(
        Decimal(r["quantity"])
        for r in base.rows("SELECT quantity FROM stock WHERE product_ref = ?", ref)
    )
    ours = sum(b.quantity for b in StockBalance.objects.filter(product__ref=ref))
    assert ours == stock


def test_a_quantity_changed_in_1c_comes_back(world: World, base: Base) -> None:
    world.exchange(is_full=True)
    invoice = world.invoice(quantity=2)
    world.exchange()
    base.change_line(invoice.number, 1, quantity=Decimal(3))

    world.exchange()

    invoice.refresh_from_db()
    assert invoice.lines.get().quantity == 3
    assert invoice.total == base.total(base.order(invoice.number)["ref"])
    assert invoice.events.filter(kind="changed_in_1c").count() == 1


def test_a_quantity_changed_here_goes_to_1c(world: World, base: Base) -> None:
    world.exchange(is_full=True)
    invoice = world.invoice(quantity=2)
    world.exchange()
    invoice.refresh_from_db()
    _set_quantity(world, invoice, 5)

    world.exchange()

    assert base.lines(base.order(invoice.number)["ref"])[0].quantity == 5
    invoice.refresh_from_db()
    assert invoice.lines.get().quantity == 5


def test_what_both_changed_is_a_conflict_with_both_versions(world: World, base: Base) -> None:
    world.exchange(is_full=True)
    invoice = world.invoice(quantity=2)
    world.exchange()
    invoice.refresh_from_db()
    _set_quantity(world, invoice, 5)
    _send_theirs_first(world, base, invoice, Decimal(3))

    conflict = InvoiceConflict.objects.get()
    assert (conflict.field, conflict.ours, conflict.theirs) == ("quantity", "5", "3")
    assert invoice.lines.get().quantity == 5

    resolve_conflict(
        conflict_id=conflict.pk, take_theirs=True, by=world.manager, now=timezone.now()
    )
    assert invoice.lines.get().quantity == 3


def test_an_order_cancelled_in_1c_is_cancelled_here(world: World, base: Base) -> None:
    world.exchange(is_full=True)
    invoice = world.invoice()
    world.exchange()
    base.cancel(invoice.number)

    world.exchange()

    invoice.refresh_from_db()
    assert invoice.status == "cancelled"


def test_an_invoice_cancelled_here_is_cancelled_in_1c(world: World, base: Base) -> None:
    world.exchange(is_full=True)
    invoice = world.invoice()
    world.exchange()
    cancel_invoice(invoice_id=invoice.pk, by=world.manager, now=timezone.now())

    world.exchange()

    assert base.order(invoice.number)["is_cancelled"] == 1


@pytest.mark.parametrize(
    "world",
    [CLIENTS["УНФ 3, protocol Битрикс"], CLIENTS["1C-Bitrix module"]],
    ids=["УНФ 3, protocol Битрикс", "1C-Bitrix module"],
    indirect=True,
)
def test_partial_payments_and_shipments_are_told_one_by_one(world: World, base: Base) -> None:
    world.exchange(is_full=True)
    invoice = world.invoice(quantity=4)
    world.exchange()
    base.pay(invoice.number, Decimal("100.00"))
    base.ship(invoice.number, Decimal(1))

    world.exchange()

    invoice.refresh_from_db()
    assert (invoice.payment_state, invoice.paid_total) == ("partly_paid", Decimal("100.00"))
    assert invoice.delivery_state == "partly_shipped"
    assert invoice.lines.get().shipped_quantity == 1

    base.unpay(invoice.number)
    world.exchange()
    invoice.refresh_from_db()
    assert (invoice.payment_state, invoice.paid_total) == ("unpaid", Decimal(0))


def _set_quantity(world: World, invoice: Invoice, quantity: int) -> None:
    line = invoice.lines.get()
    change_invoice(
        invoice_id=invoice.pk,
        version=invoice.version,
        by=world.manager,
        now=timezone.now(),
        values=InvoiceValues(
            counterparty_id=invoice.counterparty_id,
            organization_id=invoice.organization_id,
            issued_on=invoice.issued_on,
            currency=invoice.currency,
            responsible_id=invoice.responsible_id,
            lines=[
                LineValues(
                    id=line.pk,
                    name=line.name,
                    product_id=line.product_id,
                    article=line.article,
                    unit=line.unit,
                    quantity=Decimal(quantity),
                    price=line.price,
                )
            ],
        ),
    )


def _send_theirs_first(world: World, base: Base, invoice: Invoice, quantity: Decimal) -> None:
    """Have 1C's change arrive before 1C has asked for ours: a file carried by hand."""
    from io import BytesIO

    from exchange import runs
    from onec.orders import orders_file

    base.change_line(invoice.number, 1, quantity=quantity)
    content = orders_file(
        base,
        [base.order(invoice.number)["ref"]],
        version="2.07",
        namespace="urn:1C.ru:commerceml_2",
    )
    exchange.upload_by_hand(
        node=world.node,
        name="orders-1.xml",
        source=BytesIO(content),
        size=len(content),
        by=world.manager.pk,
        now=timezone.now(),
    )
    runs.run_company()


def test_own_fields_travel_both_ways(world: World, base: Base) -> None:
    """G048: own fields of invoices and customers are requisites of 1C's orders, for each client."""
    for kind, key, name in (
        ("invoices", "x_way", "Способ доставки"), ("counterparties", "x_region", "Регион"),
    ):  # fmt: skip
        add_field(kind=kind, values=FieldValues(label=name, key=key, name_1c=name))
    world.exchange(is_full=True)
    invoice = world.invoice()
    Invoice.objects.filter(pk=invoice.pk).update(custom={"x_way": "By van"})
    Counterparty.objects.filter(pk=invoice.counterparty_id).update(custom={"x_region": "Kazan"})

    world.exchange()
    there = json.loads(base.order(invoice.number)["requisites"])
    assert there == {"Способ доставки": "By van", "Регион": "Kazan"}

    base.set_requisite(invoice.number, "Способ доставки", "Самовывоз")
    world.exchange()
    invoice.refresh_from_db()
    assert invoice.custom == {"x_way": "Самовывоз"}

    Invoice.objects.filter(pk=invoice.pk).update(custom={"x_way": "By post"})
    base.register("order", [base.order(invoice.number)["ref"]])  # 1C repeats what it knew
    world.exchange()
    world.exchange()
    invoice.refresh_from_db()
    there = json.loads(base.order(invoice.number)["requisites"])
    assert (invoice.custom, there["Способ доставки"]) == ({"x_way": "By post"}, "By post")
    assert not InvoiceConflict.objects.exists()


def _state_of_everything() -> list[Any]:
    """Return the moments of change of every row that an exchange may touch."""
    return [
        sorted(model.objects.values_list("pk", "updated_at"))
        for model in (Product, Characteristic, Price, StockBalance, Invoice, Counterparty)
    ]
