"""A shop with customers who bought at different times."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from apps.accounts.models import Role, Scope, User
from apps.catalog.models import Price, PriceType, ProductGroup
from apps.counterparties.models import Counterparty
from apps.reports.models import ReportSettings
from apps.reports.periods import Period
from tests.apps.sales.conftest import Shop, shop

__all__ = ["shop"]

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def customer(shop: Shop) -> Any:
    """Make customers by name."""

    def make(name: str, **values: Any) -> Counterparty:
        return Counterparty.objects.create(name=name, sort_name=name.lower(), **values)

    return make


@pytest.fixture
def costs(shop: Shop) -> PriceType:
    """Say what a nail costs: 6.00 in purchase, without tax."""
    kind = PriceType.objects.create(name="Purchase", currency="RUB", is_tax_included=False)
    Price.objects.create(
        product=shop.nail, price_type=kind, amount=Decimal(6), currency="RUB"
    )
    ReportSettings.objects.create(cost_price_type=kind)
    return kind


@pytest.fixture
def grouped(shop: Shop) -> ProductGroup:
    """Nails stand in the group of fasteners."""
    group = ProductGroup.objects.create(name="Fasteners")
    type(shop.nail).objects.filter(pk=shop.nail.pk).update(group=group)
    return group


@pytest.fixture
def own_only(company: Any) -> User:
    """Somebody who sees their own rows only."""
    from apps.accounts.models import AccessRole, RoleRight

    role = AccessRole.objects.create(name="Own only", base=Role.MANAGER)
    for name in ("invoices", "counterparties", "deals"):
        RoleRight.objects.create(role=role, object=name, action="view", scope=Scope.OWN)
    return User.objects.create_user(
        email="own@acme.example", role=Role.MANAGER, access_role=role, full_name="Oleg Own"
    )
