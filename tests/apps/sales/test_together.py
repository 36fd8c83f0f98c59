"""What is bought together stands as a hint beside the lines."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import AccessRole, Role, RoleRight, Scope, User
from apps.catalog.models import Product
from apps.sales.together import bought_with
from tests.apps.sales.conftest import TODAY, Shop


@pytest.fixture
def glue(shop: Shop) -> Product:
    """Bought once with a nail, which is chance."""
    glue = Product.objects.create(name="Glue", sort_name="glue")
    shop.issued(shop.line(shop.nail), shop.line(glue))
    for _time in range(2):
        shop.issued(shop.line(shop.nail), shop.line(shop.board))
    return glue


def test_products_bought_together_are_a_hint(shop: Shop, glue: Product, manager: User) -> None:
    """F145: a related-products hint; what was together once alone is none."""
    assert bought_with(manager, [shop.nail.pk], today=TODAY) == [(shop.board.pk, 2)]
    assert bought_with(manager, [shop.nail.pk, shop.board.pk], today=TODAY) == []
    assert bought_with(manager, [], today=TODAY) == []


def test_the_hint_of_the_editors(
    shop: Shop, glue: Product, manager_client: Client
) -> None:
    """F145: the hint shows on the lines of an invoice and of a deal, with price and number."""
    for address in ("/invoices/products/", "/deals/products/"):
        [found] = manager_client.get(f"{address}?with={shop.nail.pk},x").json()["results"]
        assert found["product"] == str(shop.board.pk)
        assert found["times_text"] == "together on 2 invoices"
    assert 'id="together"' in manager_client.get("/invoices/new/").content.decode()


def test_only_invoices_one_may_see_make_a_hint(shop: Shop, glue: Product) -> None:
    role = AccessRole.objects.create(name="Own only", base=Role.MANAGER)
    for name in ("invoices", "counterparties"):
        RoleRight.objects.create(role=role, object=name, action="view", scope=Scope.OWN)
    user = User.objects.create_user(email="own@acme.example", role=Role.MANAGER, access_role=role)

    assert bought_with(user, [shop.nail.pk], today=TODAY) == []


def test_what_was_bought_long_ago_is_no_hint(
    shop: Shop, glue: Product, manager: User, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):  # the rights of the person, then the hint
        found = bought_with(manager, [shop.nail.pk], today=TODAY + timedelta(days=400))

    assert found == []
