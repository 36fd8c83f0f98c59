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
from apps.imports.models import ImportRun, KnownMapping
from apps.mail.models import Mailbox, MailFile, MailMessage
from apps.onboarding.services import (
    add_closed_office,
    add_demo_office,
    form_team,
    load_demo,
    remove_demo,
)
from apps.onboarding.services.removing import demo_node
from apps.reports.models import ReportSettings, SavedReport
from apps.sales.models import Invoice
from apps.sales.road import road
from apps.service.models import RequestState, ServiceRequest
from apps.webforms.models import WebForm
from onec.base import Base
from replication.models import BranchNode, Conflict
from tenants.models import Company

BROUGHT = (
    Activity, Product, Organization, Tag, Counterparty, ContactPerson, CustomField, Deal,
    Quotation, Payment, Invoice, ServiceRequest, Mailbox, MailMessage, MailFile, ImportRun,
    KnownMapping, SavedReport, WebForm, BranchNode, Conflict,
)  # fmt: skip


@pytest.fixture
def demo(committed: Company, settings: Any, tmp_path: Path) -> Company:
    """A company with the demonstration in it."""
    settings.MEDIA_ROOT = str(tmp_path)
    User.objects.create_user(email="olga@ladoga.example", role=Role.OWNER)
    load_demo(
        language="en", currency="USD", now=timezone.now(), base_path=tmp_path / "1c.sqlite3"
    )
    add_demo_office(name="Leeds", prefix="LD", now=timezone.now())
    add_closed_office(language="en", name="York", prefix="YK", now=timezone.now())
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


def test_clearing_the_demonstration_leaves_nothing(demo: Company, tmp_path: Path) -> None:
    """G078: one click takes away all that the demonstration brought."""
    assert all(model._default_manager.exists() for model in BROUGHT)

    kept = remove_demo(node=demo_node())

    left = {model.__name__: model._default_manager.count() for model in BROUGHT}
    assert (kept, {name for name, count in left.items() if count}) == (0, set())
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / "1c.sqlite3"]


def test_clearing_leaves_the_box_that_somebody_made_their_own(demo: Company) -> None:
    Mailbox.objects.update(address="sales@ladoga.example", imap_host="imap.ladoga.example")

    remove_demo(node=demo_node())

    assert [box.address for box in Mailbox.objects.all()] == ["sales@ladoga.example"]
    assert not MailMessage.objects.exists()


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


@pytest.mark.parametrize("language", ["en", "ru", "tr"])
def test_letters_import_and_conflicts_are_believable(
    committed: Company, settings: Any, tmp_path: Path, language: str
) -> None:
    """G078: letters stand on customers, one card of the fair could not be read, some clash."""
    settings.MEDIA_ROOT = str(tmp_path)
    User.objects.create_user(email="olga@ladoga.example", role=Role.OWNER)
    load_demo(language=language, currency="USD", now=timezone.now())
    add_closed_office(language=language, name="York", prefix="YK", now=timezone.now())

    run = ImportRun.objects.get()
    letters = MailMessage.objects.all()
    assert (run.state, run.counts["new"], run.counts["error"]) == ("done", 5, 1)
    assert (letters.count(), letters.filter(links=None).count()) == (10, 2)
    assert letters.filter(is_outgoing=True).count() == 3
    assert Conflict.objects.filter(is_open=True).count() == 2
    assert SavedReport.objects.count() == 3
    assert len(set(Payment.objects.values_list("paid_on", flat=True))) > 5
