"""Quotations: made, approved, sent, accepted, invoiced."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from apps.accounts.models import Role, Team, User
from apps.counterparties.models import Counterparty
from apps.deals.models import Deal, Quotation, QuotationStatus
from apps.deals.services import (
    NothingToOffer,
    NotValidAnyMore,
    WrongQuotationStatus,
    move_deal,
    quotations,
)
from apps.deals.services.happenings import QuotationNeedsApproval
from apps.notifications.listeners import quotation_needs_approval
from apps.notifications.models import Notification
from apps.sales.models import Invoice
from apps.sales.services import DiscountAboveLimit, issue_invoice
from tests.apps.deals.conftest import Funnel
from tests.apps.sales.conftest import NOW, TODAY


def dealt(funnel: Funnel, discount: str = "0") -> Deal:
    line = funnel.shop.line(funnel.shop.nail, "2", "10", discount_percent=Decimal(discount))
    return funnel.deal(lines=[line])


def quoted(funnel: Funnel, by: Any = None, discount: str = "0") -> Quotation:
    return quotations.quote(
        deal_id=dealt(funnel, discount).pk, by=by or funnel.shop.manager, today=TODAY, now=NOW
    )


def test_a_quotation_is_made_and_becomes_an_invoice(funnel: Funnel, manager_client: Client) -> None:
    """F141: made of a deal in one click, an invoice in one more."""
    deal = dealt(funnel)
    made = manager_client.post(f"/deals/{deal.pk}/quote/")

    quotation = Quotation.objects.get()
    invoiced = manager_client.post(f"/deals/quotations/{quotation.pk}/invoice/")

    quotation.refresh_from_db()
    assert made.url == f"/deals/quotations/{quotation.pk}/"
    assert invoiced.url == f"/invoices/{quotation.invoice_id}/edit/"
    assert (quotation.total, quotation.invoice.total) == (Decimal(20), Decimal(20))
    assert [line.name for line in quotation.invoice.lines.all()] == ["Nail 50 mm"]


def test_an_invoice_is_opened_prefilled_from_a_deal(funnel: Funnel, manager_client: Client) -> None:
    """F028: «New invoice» opens prefilled with customer and product lines."""
    answer = manager_client.post(f"/deals/{dealt(funnel).pk}/invoice/", follow=True)

    shown = answer.content.decode()
    assert "Romashka" in shown
    assert "Nail 50 mm" in shown


def test_a_second_invoice_of_a_quotation_is_the_first(funnel: Funnel) -> None:
    quotation = quoted(funnel)

    made = [
        quotations.invoice_quotation(quotation_id=quotation.pk, by=None, today=TODAY, now=NOW)
        for _time in range(2)
    ]

    assert made[0] == made[1]


def test_a_discount_over_the_limit_waits_for_approval(
    funnel: Funnel, django_capture_on_commit_callbacks: Any
) -> None:
    """F142: a quotation over the discount limit needs approval, and says so."""
    from apps.core import events

    told: list[QuotationNeedsApproval] = []
    events.listen(QuotationNeedsApproval, told.append)
    with django_capture_on_commit_callbacks(execute=True):
        quotation = quoted(funnel, discount="15")

    assert quotation.status == QuotationStatus.WAITING
    assert told == [QuotationNeedsApproval(quotation.pk)]
    with pytest.raises(WrongQuotationStatus):
        quotations.mark_sent(quotation_id=quotation.pk, by=None, now=NOW)


def test_an_invoice_is_no_way_around_the_approval(
    funnel: Funnel, owner: User, manager_client: Client
) -> None:
    """F142: neither in one click from the deal nor by its draft; after the approval both."""
    quotation = quoted(funnel, discount="15")
    address = f"/deals/{quotation.deal_id}/invoice/"
    refused = manager_client.post(address, follow=True)
    assert "15 % is above the limit of 10 %" in refused.content.decode()
    assert not Invoice.objects.exists()

    quotations.decide(quotation_id=quotation.pk, is_approved=True, by=owner, now=NOW)
    manager_client.post(address)

    assert Invoice.objects.get().lines.get().discount_percent == 15


def test_a_draft_of_a_deal_is_not_issued_with_more_discount_than_allowed(
    funnel: Funnel, owner: User
) -> None:
    """F142: who changes the lines of the draft afterwards needs somebody who may as well."""
    manager = funnel.shop.manager
    deal = dealt(funnel)
    draft = quotations.invoice_deal(deal_id=deal.pk, by=manager, today=TODAY, now=NOW)
    draft.lines.update(discount_percent=15)

    with pytest.raises(DiscountAboveLimit):
        issue_invoice(invoice_id=draft.pk, by=manager, now=NOW)
    draft.refresh_from_db()
    assert draft.status == "draft"

    assert issue_invoice(invoice_id=draft.pk, by=owner, now=NOW).status == "issued"


@pytest.mark.parametrize(("discount", "made"), [("10", 1), ("15", 0)], ids=["within", "above"])
def test_a_stage_makes_no_invoice_that_waits_for_approval(
    funnel: Funnel, discount: str, made: int, django_capture_on_commit_callbacks: Any
) -> None:
    """F142: nor does the stage that makes invoices by itself."""
    deal, stage = dealt(funnel, discount), funnel.stage("Waits for payment")

    with django_capture_on_commit_callbacks(execute=True):
        move_deal(deal_id=deal.pk, stage_id=stage.pk, by=funnel.shop.manager, now=NOW)

    deal.refresh_from_db()
    assert (deal.stage, Invoice.objects.count()) == (stage, made)


def test_who_may_approves_it(funnel: Funnel, owner_client: Client, manager_client: Client) -> None:
    """F142: the approver acts; a manager may not."""
    quotation = quoted(funnel, discount="15")
    address = f"/deals/quotations/{quotation.pk}/decide/"

    refused = manager_client.post(address, {"decision": "approve"})
    owner_client.post(address, {"decision": "approve", "reason": "A good customer"})

    quotation.refresh_from_db()
    assert refused.status_code == 403
    assert (quotation.status, quotation.decision) == ("approved", "A good customer")


def test_who_may_approve_needs_no_approval(funnel: Funnel, owner: Any) -> None:
    assert quoted(funnel, by=owner, discount="15").status == QuotationStatus.DRAFT


def test_a_sent_and_accepted_quotation_moves_the_deal(funnel: Funnel) -> None:
    """G061: accepting a quotation moves the deal."""
    quotation = quoted(funnel)
    quotations.mark_sent(quotation_id=quotation.pk, by=None, now=NOW)
    assert Deal.objects.get().stage.name == "Quotation"

    quotations.accept(quotation_id=quotation.pk, by=None, today=TODAY, now=NOW)

    assert Deal.objects.get().stage.name == "Agreed"


def test_a_deal_does_not_go_back_for_a_quotation(funnel: Funnel) -> None:
    quotation = quoted(funnel)
    Deal.objects.update(stage=funnel.stage("Waits for payment"))

    quotations.accept(quotation_id=quotation.pk, by=None, today=TODAY, now=NOW)

    assert Deal.objects.get().stage.name == "Waits for payment"


def test_a_quotation_that_is_over_is_not_accepted(funnel: Funnel) -> None:
    quotation = quoted(funnel)

    with pytest.raises(NotValidAnyMore):
        quotations.accept(
            quotation_id=quotation.pk, by=None, today=TODAY + timedelta(days=15), now=NOW
        )

    quotation.refresh_from_db()
    assert quotation.status == QuotationStatus.DRAFT


def test_an_empty_deal_is_not_offered(funnel: Funnel) -> None:
    deal = funnel.deal(amount=Decimal(0))

    with pytest.raises(NothingToOffer):
        quotations.quote(deal_id=deal.pk, by=None, today=TODAY, now=NOW)

    assert not Quotation.objects.exists()


def test_numbers_follow_each_other(funnel: Funnel) -> None:
    assert [quoted(funnel).number for _time in range(2)] == ["Q-26-00001", "Q-26-00002"]


def test_a_quotation_is_mailed_with_its_pdf(
    funnel: Funnel, manager_client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    quotation = quoted(funnel)
    letter = {"to": "buyer@romashka.example", "subject": "Offer", "message": "Good day"}

    with django_capture_on_commit_callbacks(execute=True):
        manager_client.post(f"/deals/quotations/{quotation.pk}/send/", letter)

    [sent] = mail.outbox
    quotation.refresh_from_db()
    assert (quotation.status, quotation.sent_to) == ("sent", "buyer@romashka.example")
    assert sent.attachments[0][0] == f"quotation-{quotation.number}-{TODAY}.pdf"


@pytest.mark.parametrize("language", ["en", "ru", "tr"])
def test_a_quotation_prints_in_three_languages(
    funnel: Funnel, manager_client: Client, language: str
) -> None:
    quotation = quoted(funnel)

    answer = manager_client.get(f"/deals/quotations/{quotation.pk}/pdf/?language={language}")

    assert BytesIO(answer.content).read(5) == b"%PDF-"


@pytest.mark.parametrize("address", ["", "{pk}/", "{pk}/edit/", "{pk}/send/"])
def test_a_screen_of_quotations_takes_at_most_twelve_queries(
    funnel: Funnel, owner_client: Client, django_assert_max_num_queries: Any, address: str
) -> None:
    address = f"/deals/quotations/{address.format(pk=quoted(funnel).pk)}"
    owner_client.get(address)

    with django_assert_max_num_queries(12):
        answer = owner_client.get(address)

    assert answer.status_code == 200


def test_who_may_approve_it_is_told_and_acts_from_the_notice(
    funnel: Funnel, owner: Any, owner_client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    """F142: the notice reaches those who may approve this quotation, and leads to it."""
    ours = Team.objects.create(name="Ours")
    mine, other = (
        User.objects.create_user(
            email=f"{name}@acme.example", role=Role.HEAD, full_name=name, team=team
        )
        for name, team in (("Hanna", ours), ("Hugo", Team.objects.create(name="Others")))
    )
    User.objects.filter(pk=funnel.shop.manager.pk).update(team=ours)
    Counterparty.objects.update(responsible=funnel.shop.manager)

    with django_capture_on_commit_callbacks(execute=True):
        quotation = quoted(funnel, discount="15")

    told = Notification.objects.filter(kind="quotation_to_approve")
    assert {each.user for each in told} == {owner, mine}
    assert other.pk not in {each.user_id for each in told}
    notice = told.get(user=owner)
    opened = owner_client.get(f"/notifications/{notice.pk}/", follow=True).content.decode()
    assert f"/deals/quotations/{quotation.pk}/decide/" in opened
    owner_client.post(notice.url + "decide/", {"decision": "approve"})
    quotation.refresh_from_db()
    assert quotation.status == "approved"


def test_asking_for_approval_takes_few_questions(
    funnel: Funnel, owner: Any, django_assert_max_num_queries: Any
) -> None:
    """F142: however many people there are, who may approve is found at once."""
    for number in range(12):
        User.objects.create_user(email=f"h{number}@acme.example", role=Role.HEAD)
    quotation = quoted(funnel, discount="15")

    with django_assert_max_num_queries(10):
        quotation_needs_approval(QuotationNeedsApproval(quotation.pk))
