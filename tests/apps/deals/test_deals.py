"""Deals: opening, moving, what a stage asks for, undoing, who was quicker."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from apps.core import objects
from apps.core.objects import ChangedMeanwhile, Refused
from apps.counterparties.models import ContactPerson
from apps.deals import services
from apps.deals.models import Deal, DealInvoice, Quotation, Stage, StageMove
from apps.deals.services import NothingToUndo, StageInUse, StageNeeds
from apps.deals.services.pipelines import archive_stage, create_pipeline, prepare
from apps.deals.services.quotations import invoice_deal
from apps.sales.services import issue_invoice
from tenants.models import Company
from tenants.signup import SignUp
from tests.apps.deals.conftest import Funnel
from tests.apps.sales.conftest import NOW, TODAY, payment

LATER = NOW + timedelta(days=2)


def move(funnel: Funnel, deal: Deal, stage: str, **values: object) -> Deal:
    return services.move_deal(
        deal_id=deal.pk, stage_id=funnel.stage(stage).pk, by=funnel.shop.manager, now=LATER,
        values=values,
    )  # fmt: skip


def test_a_company_begins_with_a_pipeline_in_its_language(company: Company) -> None:
    prepare(company, SignUp(name="", slug="", email="", password="", language="ru"))

    assert [stage.kind for stage in Stage.objects.order_by("position")] == [
        "open", "open", "open", "open", "open", "won", "lost",
    ]  # fmt: skip
    assert Stage.objects.order_by("position").first().name == "Новая"


def test_each_move_is_dated(funnel: Funnel) -> None:
    """F135: a deal moves through stages; each move is dated."""
    deal = funnel.deal()

    move(funnel, deal, "Quotation")

    deal.refresh_from_db()
    moves = StageMove.objects.filter(deal=deal).order_by("at")
    assert [(str(each.stage), each.at) for each in moves] == [("New", NOW), ("Quotation", LATER)]
    assert (deal.stage.name, deal.stage_since) == ("Quotation", LATER)


def test_won_asks_for_the_amount(funnel: Funnel) -> None:
    """G017: moving to «Won» asks for what the stage requires."""
    deal = funnel.deal(amount=Decimal(0))

    with pytest.raises(StageNeeds) as refusal:
        move(funnel, deal, "Won")

    assert refusal.value.missing == ["amount"]
    deal.refresh_from_db()
    assert (deal.stage.name, deal.closed_at) == ("New", None)


def test_what_is_asked_for_is_saved_with_the_move(funnel: Funnel) -> None:
    deal = funnel.deal(amount=Decimal(0))

    move(funnel, deal, "Won", amount=Decimal(900))

    deal.refresh_from_db()
    assert (deal.stage.name, deal.amount, deal.closed_at) == ("Won", Decimal(900), LATER)


def test_lost_asks_for_the_reason(funnel: Funnel) -> None:
    """G018: dropping on «Lost» asks the reason."""
    deal = funnel.deal()
    with pytest.raises(StageNeeds) as refusal:
        move(funnel, deal, "Lost")

    move(funnel, deal, "Lost", loss_reason=funnel.reason.pk, loss_comment="by 5 %")

    deal.refresh_from_db()
    assert refusal.value.missing == ["loss_reason"]
    assert (deal.loss_reason, deal.loss_comment) == (funnel.reason, "by 5 %")


def test_a_reopened_deal_forgets_why_it_was_lost(funnel: Funnel) -> None:
    deal = funnel.deal()
    move(funnel, deal, "Lost", loss_reason=funnel.reason.pk)

    move(funnel, deal, "Agreed")

    deal.refresh_from_db()
    assert (deal.loss_reason, deal.closed_at) == (None, None)


def test_a_deal_moves_to_another_pipeline(funnel: Funnel) -> None:
    """G013: two pipelines; a deal moves between them."""
    deal, repairs = funnel.deal(), create_pipeline(name="Repairs")
    first = repairs.stages.order_by("position").first()

    services.move_deal(deal_id=deal.pk, stage_id=first.pk, by=None, now=LATER)

    deal.refresh_from_db()
    assert (deal.pipeline, deal.stage) == (repairs, first)


def test_a_move_is_undone_as_if_it_had_not_been(funnel: Funnel) -> None:
    deal = funnel.deal()
    move(funnel, deal, "Lost", loss_reason=funnel.reason.pk)

    services.undo_move(deal_id=deal.pk, stage_id=funnel.stage("Lost").pk)

    deal.refresh_from_db()
    assert (deal.stage.name, deal.stage_since, deal.closed_at) == ("New", NOW, None)
    assert StageMove.objects.filter(deal=deal).count() == 1


def test_a_move_that_was_followed_by_another_is_not_undone(funnel: Funnel) -> None:
    deal = funnel.deal()
    move(funnel, deal, "Quotation")
    services.move_deal(
        deal_id=deal.pk, stage_id=funnel.stage("Agreed").pk, by=None,
        now=LATER + timedelta(hours=1),
    )  # fmt: skip

    with pytest.raises(NothingToUndo):
        services.undo_move(deal_id=deal.pk, stage_id=funnel.stage("Quotation").pk)

    deal.refresh_from_db()
    assert deal.stage.name == "Agreed"


def test_the_amount_is_what_the_lines_come_to(funnel: Funnel) -> None:
    shop = funnel.shop
    lines = [shop.line(shop.nail, "3", "10"), shop.line(shop.board, "1", "7.50")]

    deal = funnel.deal(lines=lines)

    assert deal.amount == Decimal("37.50")
    with pytest.raises(Refused) as refusal:
        objects.save(objects.kind("deals"), values={"amount": Decimal(1)}, by=None, key=deal.pk)
    assert list(refusal.value.errors) == ["amount"]


def test_the_second_of_two_editors_is_told(funnel: Funnel) -> None:
    """F269: two users edit one deal; the second is told, nothing is lost."""
    deal = funnel.deal()
    seen = deal.updated_at
    services.save_deal(values={"comment": "first"}, by=None, now=LATER, key=deal.pk, seen=seen)

    with pytest.raises(ChangedMeanwhile):
        services.save_deal(values={"comment": "second"}, by=None, now=LATER, key=deal.pk, seen=seen)

    deal.refresh_from_db()
    assert deal.comment == "first"


def test_saved_unchanged_it_changes_nothing(funnel: Funnel) -> None:
    deal = funnel.deal()

    services.save_deal(values={"name": deal.name}, by=None, now=LATER, key=deal.pk)

    former = deal.updated_at
    deal.refresh_from_db()
    assert (deal.updated_at, deal.touched_at) == (former, NOW)


def test_a_deal_without_name_or_customer_is_refused(funnel: Funnel) -> None:
    with pytest.raises(Refused) as refusal:
        services.save_deal(values={"name": " "}, by=None, now=NOW)

    assert set(refusal.value.errors) == {"name", "counterparty"}
    assert not Deal.objects.exists()


def test_a_lead_becomes_a_deal_without_retyping(funnel: Funnel) -> None:
    """F146: a lead is converted without retyping: customer, people, who is responsible."""
    customer = funnel.shop.customer
    customer.responsible = funnel.shop.manager
    customer.save()
    buyer = ContactPerson.objects.create(counterparty=customer, full_name="Boris Buyer")

    deal = services.open_deal(counterparty_id=customer.pk, by=None, now=NOW, source="site")

    assert (deal.name, deal.counterparty, deal.owner) == ("Romashka", customer, funnel.shop.manager)
    assert [each.person for each in deal.participants.all()] == [buyer]


def test_several_people_take_part_with_roles(funnel: Funnel, accountant: object) -> None:
    """F137: a deal has several contacts with roles and several own team members."""
    deal = funnel.deal()
    customer = funnel.shop.customer
    buyer, boss = (
        ContactPerson.objects.create(counterparty=customer, full_name=name)
        for name in ("Boris Buyer", "Bella Boss")
    )
    for person, role in ((buyer, "buys"), (boss, "decides"), (boss, "pays")):
        services.put_participant(deal_id=deal.pk, person_id=person.pk, role=role)
    services.put_member(deal_id=deal.pk, user_id=accountant.pk, role="counts")

    roles = {each.person.full_name: each.role for each in deal.participants.all()}
    assert roles == {"Boris Buyer": "buys", "Bella Boss": "pays"}
    assert [each.role for each in deal.members.all()] == ["counts"]


def test_many_deals_get_another_owner_at_once(
    funnel: Funnel, owner: object, django_assert_max_num_queries: object
) -> None:
    keys = [funnel.deal(f"Deal {number}").pk for number in range(5)]

    with django_assert_max_num_queries(4):
        count = services.hand_over(deal_ids=keys, owner_id=owner.pk, by=None, now=LATER)

    assert count == 5
    assert Deal.objects.filter(owner=owner).count() == 5


def test_many_deals_move_but_those_that_lack_something(funnel: Funnel) -> None:
    keys = [funnel.deal(amount=Decimal(amount)).pk for amount in (0, 100, 200)]

    told = services.move_many(
        deal_ids=keys, stage_id=funnel.stage("Won").pk, by=None, now=LATER
    )

    assert told == (2, 1)


def test_a_stage_with_deals_stays(funnel: Funnel) -> None:
    funnel.deal()

    with pytest.raises(StageInUse):
        archive_stage(stage_id=funnel.stage("New").pk)

    assert not funnel.stage("New").is_archived


def test_reaching_a_stage_makes_its_document(
    funnel: Funnel, django_capture_on_commit_callbacks: object
) -> None:
    """F143: reaching a stage makes the set document filled with data."""
    deal = funnel.deal(lines=[funnel.shop.line(funnel.shop.nail, "4", "10")])
    with django_capture_on_commit_callbacks(execute=True):
        move(funnel, deal, "Waits for payment")

    invoice = DealInvoice.objects.get(deal=deal).invoice
    assert (invoice.counterparty, invoice.total) == (funnel.shop.customer, Decimal(40))
    Stage.objects.filter(name="Agreed").update(makes="quotation")
    with django_capture_on_commit_callbacks(execute=True):
        move(funnel, deal, "Agreed")
    assert Quotation.objects.get(deal=deal).total == Decimal(40)


def test_an_issued_and_paid_invoice_carries_its_deal(
    funnel: Funnel, django_capture_on_commit_callbacks: object
) -> None:
    """F038: the deal follows its invoice: issued, then paid in 1C."""
    shop = funnel.shop
    deal = funnel.deal(lines=[shop.line(shop.nail, "2", "10")])
    made = invoice_deal(deal_id=deal.pk, by=shop.manager, today=TODAY, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        invoice = issue_invoice(invoice_id=made.pk, by=shop.manager, now=NOW)
    deal.refresh_from_db()
    assert deal.stage.name == "Waits for payment"

    with django_capture_on_commit_callbacks(execute=True):
        shop.receive(shop.order(invoice), payment("p1", "20", parent_ref="order-1"))

    deal.refresh_from_db()
    assert deal.stage.name == "Won"
