"""The demonstration: believable at a second look too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Role, Team, User
from apps.accounts.rights import visible
from apps.activities.models import Activity
from apps.catalog.models import Product
from apps.core.models import Organization, Tag
from apps.counterparties.models import ContactPerson, Counterparty
from apps.custom.models import CustomField
from apps.deals.models import Deal, Quotation, Stage
from apps.finance.models import Payment
from apps.onboarding.services import form_team, load_demo, remove_demo
from apps.onboarding.services.removing import demo_node
from apps.reports.models import ReportSettings
from apps.sales.models import Invoice
from apps.sales.road import road
from apps.service.models import RequestState, ServiceRequest
from onec.base import Base
from tenants.models import Company

BROUGHT = (
    Activity, Product, Organization, Tag, Counterparty, ContactPerson, CustomField, Deal,
    Quotation, Payment, Invoice, ServiceRequest,
)  # fmt: skip


@pytest.fixture
def demo(committed: Company, settings: Any, tmp_path: Path) -> Company:
    """A company with the demonstration in it."""
    settings.MEDIA_ROOT = str(tmp_path)
    User.objects.create_user(email="olga@ladoga.example", role=Role.OWNER)
    load_demo(
        language="en", currency="USD", now=timezone.now(), base_path=tmp_path / "1c.sqlite3"
    )
    return committed


def test_every_road_of_the_demonstration_goes_forward_in_time(demo: Company) -> None:
    roads = {
        invoice.number: [
            step.at
            for step in road(invoice, invoice.events.order_by("at", "id"))
            if step.at is not None
        ]
        for invoice in Invoice.objects.all()
    }

    backward = [number for number, times in roads.items() if times != sorted(times)]
    assert max(map(len, roads.values())) == 5
    assert backward == []


def test_clearing_the_demonstration_leaves_nothing(demo: Company) -> None:
    """G078: one click takes away all that the demonstration brought."""
    assert all(model._default_manager.exists() for model in BROUGHT)

    kept = remove_demo(node=demo_node())

    left = {model.__name__: model._default_manager.count() for model in BROUGHT}
    assert (kept, {name for name, count in left.items() if count}) == (0, set())


def test_no_figure_differs_between_the_crm_and_its_1c(demo: Company, tmp_path: Path) -> None:
    """F250: total and payment of each order are the same to the penny on both sides."""
    base = Base(tmp_path / "1c.sqlite3")
    told = {
        row["site_number"]: (base.total(row["ref"]), base.paid(row["ref"]))
        for row in base.rows("SELECT * FROM customer_order")
    }
    base.close()

    ours = Invoice.objects.filter(number__in=told)
    assert len(told) > 15
    assert {each.number: (each.total, each.paid_total) for each in ours} == told


def test_the_seller_of_the_demonstration_sees_their_own_rows_only(demo: Company) -> None:
    owner = User.objects.get(role=Role.OWNER)
    people = {
        name: User.objects.create_user(
            email=f"{name}@ladoga.example", role=Role.HEAD if name == "head" else Role.MANAGER
        )
        for name in ("head", "manager", "seller")
    }  # fmt: skip
    Counterparty.objects.filter(name__startswith="A").update(responsible=people["seller"])

    form_team(language="en", people=people, by=owner)

    seller, head = (User.objects.get(pk=people[name].pk) for name in ("seller", "head"))
    seen = visible(seller, Counterparty.objects.all(), "counterparties.view")
    assert {each.responsible_id for each in seen} == {seller.pk}
    assert head.is_team_head
    assert Team.objects.get(name="Wholesale").members.count() == 3


def test_no_main_screen_of_the_demonstration_is_empty(demo: Company) -> None:
    """G078: every column of both boards holds something, and something is late."""
    deals = set(Deal.objects.values_list("stage_id", flat=True))
    states = set(ServiceRequest.objects.values_list("state", flat=True))
    now = timezone.now()

    assert deals == set(Stage.objects.values_list("pk", flat=True))
    assert states == set(RequestState.values)
    assert Activity.objects.filter(due_at__lt=now, completed_at__isnull=True).count() >= 3
    assert ServiceRequest.objects.filter(
        due_at__lt=now, state__in=[RequestState.NEW, RequestState.IN_WORK]
    ).exists()


def test_the_demonstration_knows_what_goods_cost(demo: Company) -> None:
    """F128: the purchase price is the cost, so that profitability has its figures."""
    owner = User.objects.get(role=Role.OWNER)
    client = Client(headers={"host": f"{demo.slug}.localhost"})
    client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")

    page = client.get("/reports/?by=customer&measure=profit").content.decode()

    assert str(ReportSettings.objects.get().cost_price_type) == "Purchase"
    assert "The cost of goods is not known" not in page
