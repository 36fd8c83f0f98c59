"""A 1C asks for the catalogue: step by step, with its own identifiers, and nobody else's."""

from __future__ import annotations

import io
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.catalog.models import Characteristic, Price, PriceType, Product, ProductGroup, Unit
from apps.inventory.models import StockBalance, Warehouse
from exchange import catalog_out, services
from exchange.formats import commerceml
from exchange.models import Configuration, Node
from exchange.rows import GroupRow, OfferRow, PriceRow, ProductRow, StockRow
from tenants.models import Company
from tests.exchange.onec import OneC


def connect(name: str = "УТ", login: str = "1c") -> tuple[Node, str]:
    return services.connect(name=name, kind=Configuration.UT, login=login, now=timezone.now())


def one_c(password: str, *, login: str = "1c", host: str = "acme.localhost") -> OneC:
    return OneC(login=login, password=password, host=host)


@pytest.fixture
def catalogue(company: Company) -> Product:
    """A shirt of two colours, in a group, with prices and stock; made in the CRM."""
    group = ProductGroup.objects.create(name="Shirts")
    shirt = Product.objects.create(
        name="Shirt", article="S-1", group=group, unit=Unit.objects.create(name="pcs", code="796"),
        tax_rate=Decimal(20),
    )  # fmt: skip
    retail = PriceType.objects.create(name="Retail", currency="RUB")
    main = Warehouse.objects.create(name="Main")
    for colour in ("red", "blue"):
        variant = Characteristic.objects.create(
            product=shirt, name=colour, ref=colour, values={"Colour": colour}
        )
        Price.objects.create(
            product=shirt, characteristic=variant, price_type=retail, amount=Decimal("12.5"),
            currency="RUB",
        )  # fmt: skip
        StockBalance.objects.create(
            product=shirt, characteristic=variant, warehouse=main, quantity=Decimal(3)
        )
    return shirt


def steps(onec: OneC) -> list[bytes]:
    """Sign in and ask until it is over."""
    assert len(onec.sign_in("get_catalog")) == 3
    assert onec.text("get_catalog", "init") == "zip=no"
    found = []
    for _ in range(50):
        answer = onec.ask("get_catalog", "query").content
        if answer == b"finished=yes":
            return found
        found.append(answer)
    raise AssertionError("it does not end")


def rows(bodies: list[bytes], kind: type) -> list:  # type: ignore[type-arg]
    return [
        row
        for body in bodies
        for row in commerceml.read(io.BytesIO(body), name="step.xml")
        if type(row) is kind
    ]


def test_what_is_written_is_what_our_own_reader_reads(catalogue: Product) -> None:
    _, password = connect()

    bodies = steps(one_c(password))

    [group] = rows(bodies, GroupRow)
    [product] = rows(bodies, ProductRow)
    assert (product.ref, product.name, product.article) == (str(catalogue.pk), "Shirt", "S-1")
    assert product.group_refs == (group.ref,)
    assert {offer.name for offer in rows(bodies, OfferRow)} == {"Shirt (red)", "Shirt (blue)"}
    assert [price.amount for price in rows(bodies, PriceRow)] == [Decimal("12.5")] * 2
    assert [rest.quantity for rest in rows(bodies, StockRow)] == [Decimal(3)] * 2


def test_products_come_a_hundred_at_a_time(company: Company) -> None:
    Product.objects.bulk_create(Product(name=f"Bolt {n:03}") for n in range(250))
    _, password = connect()

    bodies = steps(one_c(password))

    assert [len(rows([body], ProductRow)) for body in bodies] == [0, 100, 100, 50, 0, 0, 0]
    assert len({row.ref for row in rows(bodies, ProductRow)}) == 250
    assert catalog_out.STEP == 100


def test_a_login_that_begins_again_gets_everything_again(catalogue: Product) -> None:
    _, password = connect()
    onec = one_c(password)
    onec.sign_in("get_catalog")
    onec.text("get_catalog", "init")
    first = onec.ask("get_catalog", "query").content
    onec.ask("get_catalog", "query")

    onec.text("get_catalog", "init")

    again = onec.ask("get_catalog", "query").content
    assert rows([again], GroupRow) == rows([first], GroupRow) != []


def test_each_1c_hears_its_own_identifiers(catalogue: Product) -> None:
    mine, password = connect()
    _, other_password = connect("UNF", "other")
    Product.objects.filter(pk=catalogue.pk).update(node_id=mine.pk, ref="from-1c")

    assert [row.ref for row in rows(steps(one_c(password)), ProductRow)] == ["from-1c"]
    [row] = rows(steps(one_c(other_password, login="other")), ProductRow)
    assert UUID(row.ref) == catalogue.pk


def test_archived_products_are_not_given(catalogue: Product) -> None:
    Product.objects.update(is_archived=True)
    _, password = connect()

    assert rows(steps(one_c(password)), ProductRow) == []


def test_a_link_followed_in_a_browser_gives_nothing(catalogue: Product) -> None:
    _, password = connect()
    onec = one_c(password)
    onec.sign_in("get_catalog")
    onec.client.defaults["HTTP_REFERER"] = "http://shop.example/"

    assert onec.text("get_catalog", "query").startswith("failure\n")


def test_another_company_gives_its_own_catalogue(catalogue: Product, rival: Company) -> None:
    with tenant_context(rival):
        _, password = connect()

    bodies = steps(one_c(password, host="rival.localhost"))

    assert rows(bodies, ProductRow) == rows(bodies, OfferRow) == []


def test_a_portion_asks_as_often_whatever_its_size(
    catalogue: Product, django_assert_max_num_queries: object
) -> None:
    from apps.inventory.catalog_out import Goods

    for n in range(20):
        Product.objects.create(name=f"Nut {n}", group=catalogue.group, unit=catalogue.unit)
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        found = Goods().offers(node_id=UUID(int=0), after=None, limit=100)

    assert len(found) == 21
