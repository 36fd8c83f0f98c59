"""Who changed what on a card, from what to what, and how a former value comes back (F226)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django_tenants.utils import tenant_context

from apps.accounts.models import Role, User
from apps.catalog.models import Price, PriceType, Product
from apps.catalog.services import ProductValues, create_product, set_price
from apps.core import objects
from apps.core.tagging import tags_called
from apps.counterparties.models import ContactPerson, Counterparty
from apps.counterparties.services import ContactValues, CounterpartyValues, save_counterparty
from apps.custom.services import FieldValues, add_field
from apps.history import services
from apps.history.models import RowChange
from apps.history.tracked import Refused
from exchange.models import Node
from tenants.context import acting
from tenants.models import Company
from tests.apps.sales.conftest import NOW


@pytest.fixture
def olga(committed: Company) -> User:
    return person(Role.OWNER)


@pytest.fixture
def signed_in(olga: User) -> Client:
    return client_of(olga)


def person(role: str) -> User:
    return User.objects.create_user(email=f"{role}@ladoga.example", role=role, full_name="Olga")


def client_of(user: User) -> Client:
    client = Client(headers={"host": "ladoga.localhost"})
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def saved(**values: Any) -> Counterparty:
    known = values.pop("pk", None)
    return save_counterparty(
        values=CounterpartyValues(**{"name": "Romashka", **values}), counterparty_id=known
    )


def history_of(client: Client, row: Any) -> str:
    return client.get(f"/history/{row._meta.db_table}/{row.pk}/").content.decode()


def change_of(column: str) -> RowChange:
    services.gather(now=NOW)
    return RowChange.objects.filter(changed__has_key=column, operation="U").latest("pk")


def test_a_card_tells_each_field_with_who_and_from_what_to_what(
    signed_in: Client, olga: User
) -> None:
    """F226: each change of a field with who, when, from what to what."""
    with acting(author=olga.pk, cause="screen"):
        partner = saved(phone="+7 495 111")
    with acting(author=olga.pk, cause="screen"):
        saved(pk=partner.pk, phone="+7 495 222", comment="Calls back on Mondays")

    page = history_of(signed_in, partner)

    assert "+7 495 111" in page
    assert "+7 495 222" in page
    assert "Calls back on Mondays" in page
    assert str(olga) in page
    assert page.index("+7 495 222") < page.index("Created"), "the latest stands first"


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        ("api", "through the API"), ("import", "by an import"), ("merge", "rows were merged"),
        ("import undone", "an import was undone"), ("merge undone", "a merge was undone"),
    ],
)  # fmt: skip
def test_a_change_names_where_it_came_from(
    signed_in: Client, olga: User, cause: str, told: str
) -> None:
    """F226: the source of a change is told beside who made it."""
    partner = saved(phone="+7 495 111")
    assert told not in history_of(signed_in, partner)

    with acting(author=olga.pk, cause=cause):
        saved(pk=partner.pk, phone="+7 495 222")

    page = history_of(signed_in, partner)
    assert str(olga) in page
    assert told in page


def test_tags_and_own_fields_are_told_by_name_and_come_back_one_by_one(
    signed_in: Client, olga: User
) -> None:
    """F226: no key of a row and no JSON stands in a history."""
    for values in (
        FieldValues(label="Colour", type="choice", choices=("Crimson", "Azure")),
        FieldValues(label="Keeper", type="user"), FieldValues(label="Since", type="date"),
    ):  # fmt: skip
        add_field(kind="counterparties", values=values)
    kind = objects.kind("counterparties")
    partner = saved()

    def change(**values: Any) -> None:
        objects.save(kind, values=values, by=olga, key=partner.pk)

    [(red, _), (blue, _)] = objects.fields_of(kind)[-3].offered()
    change(x_colour=red)
    change(x_colour=blue, x_keeper=olga.pk, x_since=date(2026, 3, 9))
    change(tags=[*tags_called(["Pays on time"]), "no key at all"])
    services.gather(now=NOW)
    page = history_of(signed_in, partner)
    card = signed_in.get(f"/counterparties/{partner.pk}/").content.decode()

    assert "Crimson" in page
    assert "Azure" in page
    for shown in (page, card):
        assert "Pays on time" in shown
        assert "Mar 9, 2026" in shown
        assert "x_colour" not in shown.replace("custom.x_colour", "").replace('data-f="x_', "")
    both = RowChange.objects.filter(changed__has_key="custom").latest("pk")
    services.restore(change_id=both.pk, column="custom.x_colour", by=olga.pk)
    partner.refresh_from_db()
    assert partner.custom["x_colour"] == red
    assert partner.custom["x_keeper"] == str(olga.pk)
    services.restore(change_id=both.pk, column="custom.x_keeper", by=olga.pk)
    partner.refresh_from_db()
    assert "x_keeper" not in partner.custom


def test_a_change_by_1c_names_the_1c_and_its_exchange(signed_in: Client) -> None:
    """F226: the source of a change is told: here 1C and which exchange."""
    node = Node.objects.create(name="Trade Management", login="1c-history")
    partner = saved()
    session = uuid4()
    with acting(origin=node.pk, cause=f"exchange:{session}"):
        saved(pk=partner.pk, name="Romashka LLC")

    page = history_of(signed_in, partner)

    assert "Trade Management" in page
    assert f"/exchange/runs/{session}/" in page


def test_a_former_value_comes_back_once_and_that_is_told_too(signed_in: Client, olga: User) -> None:
    partner = saved(name="Romashka", phone="1")
    saved(pk=partner.pk, name="Lutik", phone="2")
    change = change_of("name")

    for _ in range(2):
        answer = signed_in.post(f"/history/restore/{change.pk}/", {"column": "name"}, follow=True)

    partner.refresh_from_db()
    assert (partner.name, partner.sort_name, partner.phone) == ("Romashka", "romashka", "2")
    assert "a former value was restored" in answer.content.decode()
    assert RowChange.objects.filter(cause="restored").count() == 1


def test_a_removed_contact_person_is_brought_back(signed_in: Client) -> None:
    partner = saved(contact_persons=[ContactValues("Anna Ivanova", phone="+7 1")])
    saved(pk=partner.pk, contact_persons=[])
    page = history_of(signed_in, partner)
    assert "Anna Ivanova" in page
    change = RowChange.objects.get(table="counterparties_contactperson", operation="D")

    signed_in.post(f"/history/bring-back/{change.pk}/")

    person = ContactPerson.objects.get(counterparty=partner)
    assert (person.full_name, person.phone) == ("Anna Ivanova", "+7 1")


def test_what_hangs_on_a_row_that_is_gone_is_refused_with_the_reason(committed: Company) -> None:
    partner = saved(phone="1")
    saved(pk=partner.pk, phone="2")
    change = change_of("phone")
    partner.delete()

    with pytest.raises(Refused, match="deleted since"):
        services.restore(change_id=change.pk, column="phone", by=uuid4())
    with pytest.raises(Refused, match="cannot be restored"):
        services.restore(change_id=change.pk, column="email", by=uuid4())


def test_prices_set_in_bulk_keep_old_and_new_amounts(signed_in: Client) -> None:
    kind = PriceType.objects.create(name="Retail", currency="RUB")
    product = create_product(values=ProductValues(name="Kettle"))
    set_price(product_id=product.pk, price_type_id=kind.pk, amount=Decimal(100))
    with acting(cause="screen"):
        Price.objects.filter(price_type=kind).update(amount=Decimal(120))

    page = history_of(signed_in, product)

    assert "Price: Retail" in page
    assert "<del>100</del>" in page
    assert "<ins>120</ins>" in page


def test_what_1c_owns_is_not_restored_here(signed_in: Client) -> None:
    product = create_product(values=ProductValues(name="Kettle"))
    Product.objects.filter(pk=product.pk).update(name="Kettle 2 l", node_id=uuid4())
    change = change_of("name")

    answer = signed_in.post(f"/history/restore/{change.pk}/", {"column": "name"}, follow=True)

    product.refresh_from_db()
    assert product.name == "Kettle 2 l"
    assert "1C owns this product" in answer.content.decode()


def test_one_line_of_many_rows_is_split_and_told_once(committed: Company) -> None:
    kind = PriceType.objects.create(name="Retail", currency="RUB")
    products = [create_product(values=ProductValues(name=f"Product {n}")) for n in range(30)]
    for each in products:
        set_price(product_id=each.pk, price_type_id=kind.pk, amount=Decimal(1))
    services.gather(now=NOW)
    Price.objects.filter(price_type=kind).update(amount=Decimal(2))

    assert services.gather(now=NOW) == 30
    assert services.gather(now=NOW) == 0
    owners = set(RowChange.objects.filter(table="catalog_price").values_list("owner", flat=True))
    assert owners == {each.pk for each in products}


def test_passwords_never_enter_journal_or_history(signed_in: Client) -> None:
    manager = person(Role.MANAGER)
    manager.set_password("another-Secret-7")
    manager.role = Role.ADMINISTRATOR
    manager.save()
    gone = User.objects.create_user(email="gone@acme.example", password="a-Secret-8")
    gone.delete()
    services.gather(now=NOW)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM replication_journal WHERE changed ? 'password'")
        assert cursor.fetchone()[0] == 0
    assert not RowChange.objects.filter(changed__has_key="password").exists()
    assert "<ins>Administrator</ins>" in history_of(signed_in, manager)


def test_who_may_not_change_the_card_restores_nothing(committed: Company) -> None:
    partner = saved(phone="1")
    saved(pk=partner.pk, phone="2")
    change = change_of("phone")
    accountant = client_of(person(Role.ACCOUNTANT))

    assert "Restore" not in history_of(accountant, partner)
    answer = accountant.post(f"/history/restore/{change.pk}/", {"column": "phone"})

    assert answer.status_code == 403
    partner.refresh_from_db()
    assert partner.phone == "2"


def test_another_company_reads_and_restores_nothing(
    owner_client: Client, acme: Company, rival: Company
) -> None:
    with tenant_context(rival):
        other = saved(name="Their customer", phone="2")
        change = RowChange.objects.create(
            line=1, table="counterparties_counterparty", key=other.pk, owner=other.pk,
            operation="U", changed={"phone": ["1", "2"]}, moment=NOW,
        )  # fmt: skip

    address = f"/history/counterparties_counterparty/{other.pk}/"
    assert owner_client.get(address).status_code == 404
    for what in ("restore", "bring-back"):
        answer = owner_client.post(f"/history/{what}/{change.pk}/", {"column": "phone"})
        assert answer.status_code == 404

    with tenant_context(rival):
        other.refresh_from_db()
        assert other.phone == "2"


def test_a_long_history_is_read_page_by_page_with_few_queries(
    signed_in: Client, django_assert_max_num_queries: Any
) -> None:
    partner = saved(phone="0")
    for number in range(1, 80):
        saved(pk=partner.pk, phone=f"number-{number}-")
    history_of(signed_in, partner)

    with django_assert_max_num_queries(14):
        page = history_of(signed_in, partner)
    assert "number-79-" in page
    below = page.split("below=")[1].split('"')[0]
    rest = signed_in.get(
        f"/history/counterparties_counterparty/{partner.pk}/?part=entries&below={below}"
    ).content.decode()

    assert "number-5-" in rest
    assert "number-79-" not in rest
    assert "Created" in rest


def test_one_field_alone_can_be_looked_at(signed_in: Client) -> None:
    partner = saved(phone="1", comment="a")
    saved(pk=partner.pk, phone="2")
    saved(pk=partner.pk, phone="2", comment="only this")

    page = signed_in.get(
        f"/history/counterparties_counterparty/{partner.pk}/"
        "?part=entries&field=counterparties_counterparty.phone"
    ).content.decode()

    assert "<ins>2</ins>" in page
    assert "only this" not in page


def test_a_reader_that_was_released_begins_again_without_telling_twice(committed: Company) -> None:
    from replication.models import Reader

    partner = saved(phone="1")
    saved(pk=partner.pk, phone="2")
    services.gather(now=NOW)
    before = RowChange.objects.filter(owner=partner.pk).count()
    Reader.objects.filter(name=services.READER).update(released_at=NOW)
    saved(pk=partner.pk, phone="3")

    services.gather(now=NOW)

    assert RowChange.objects.filter(owner=partner.pk).count() == before + 1
