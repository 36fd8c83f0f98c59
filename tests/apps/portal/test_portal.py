"""The page a customer opens by a personal link: own documents, answers, comments, nothing else."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Role, User
from apps.activities import cards, timeline
from apps.counterparties.models import ContactPerson, Counterparty
from apps.deals.models import Deal, Quotation
from apps.deals.services import quotations
from apps.notifications.models import Notification
from apps.portal import services, throttling
from apps.portal.models import PortalLink, PortalMessage
from apps.sales.models import Invoice
from apps.service.models import ServiceRequest
from tests.apps.deals.conftest import Funnel, funnel, shop
from tests.apps.sales.conftest import NOW

__all__ = ["funnel", "shop"]


@pytest.fixture
def person(funnel: Funnel) -> ContactPerson:
    """Who buys at Romashka."""
    return ContactPerson.objects.create(
        counterparty=funnel.shop.customer, full_name="Petr Buyer", email="petr@romashka.example"
    )


@pytest.fixture
def stranger(funnel: Funnel) -> Counterparty:
    """Another customer of the same company."""
    return Counterparty.objects.create(name="Vasilek", sort_name="vasilek")


def linked(person: ContactPerson, by: User, **values: Any) -> tuple[PortalLink, str]:
    asked = {"days": 30, "language": "", "now": timezone.now(), **values}
    return services.make_link(
        counterparty=person.counterparty, person_id=person.pk, by=by, **asked
    )


@pytest.fixture
def customer(person: ContactPerson, manager: User) -> Client:
    """The browser of the customer's person, who has opened the link."""
    _link, token = linked(person, manager)
    browser = Client(headers={"host": "acme.localhost"})
    assert browser.get(f"/portal/enter/{token}/").status_code == 302
    return browser


def sent(funnel: Funnel, **values: Any) -> Quotation:
    line = funnel.shop.line(funnel.shop.nail, "2", "10")
    deal = funnel.deal(lines=[line], **values)
    made = quotations.quote(
        deal_id=deal.pk, by=funnel.shop.manager, today=timezone.localdate(), now=NOW
    )
    return quotations.mark_sent(quotation_id=made.pk, by=None, now=NOW)


def test_a_customer_sees_own_documents(funnel: Funnel, customer: Client) -> None:
    """F134: invoices with their state and PDF, quotations and requests on a page of one's own."""
    invoice = funnel.shop.issued()
    Invoice.objects.filter(pk=invoice.pk).update(
        payment_state="paid", number_1c="UT-000777", status_1c="К обеспечению"
    )
    quotation = sent(funnel)
    ServiceRequest.objects.create(counterparty=funnel.shop.customer, subject="Broken box")
    funnel.shop.draft()

    home = customer.get("/portal/").content.decode()
    card = customer.get(f"/portal/invoices/{invoice.pk}/").content.decode()
    paper = customer.get(f"/portal/invoices/{invoice.pk}/pdf/")

    assert invoice.number in home
    assert quotation.number in home
    assert "Broken box" in home
    assert "Paid" in card
    assert "Nail 50 mm" in card
    assert (paper["Content-Type"], paper.content[:4]) == ("application/pdf", b"%PDF")
    for hidden in ("UT-000777", "К обеспечению", "1C", "Draft"):
        assert hidden not in home + card


def test_a_comment_stands_on_the_timeline_and_tells_the_owner(
    funnel: Funnel, customer: Client, manager: User, django_capture_on_commit_callbacks: Any
) -> None:
    """F134: a customer comments on an own order; the owner is told."""
    invoice = funnel.shop.issued()

    with django_capture_on_commit_callbacks(execute=True):
        customer.post(f"/portal/invoices/{invoice.pk}/comment/", {"text": "When will it come?"})

    card = timeline.Card(cards.kind_of("counterparties"), funnel.shop.customer.pk, manager)
    page = timeline.page(card, only="portal")
    assert [(each.text, each.who) for each in page.entries] == [
        ("When will it come?", "Petr Buyer")
    ]
    notice = Notification.objects.get(user=manager)
    assert (notice.kind, notice.url) == ("portal_comment", f"/invoices/{invoice.pk}/")


def test_we_answer_and_the_customer_reads_it(
    funnel: Funnel, customer: Client, manager_client: Client
) -> None:
    """F134: the answer stands on the customer's page."""
    request = ServiceRequest.objects.create(counterparty=funnel.shop.customer, subject="Box")
    customer.post(f"/portal/requests/{request.pk}/comment/", {"text": "It is torn"})
    said = PortalMessage.objects.get()

    manager_client.post(
        f"/portal/links/{funnel.shop.customer.pk}/answer/",
        {"on": str(said.pk), "text": "A new one is on its way"},
    )

    shown = customer.get(f"/portal/requests/{request.pk}/").content.decode()
    assert "A new one is on its way" in shown
    assert "Marina" not in shown


@pytest.mark.parametrize(("do", "status"), [("accept", "accepted"), ("decline", "declined")])
def test_a_quotation_is_answered(
    funnel: Funnel, customer: Client, manager: User, do: str, status: str,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    """F134: a customer accepts or declines a quotation, once; the owner is told."""
    quotation = sent(funnel)
    address = f"/portal/quotations/{quotation.pk}/decide/"

    with django_capture_on_commit_callbacks(execute=True):
        customer.post(address, {"do": do, "reason": "As agreed"})
        customer.post(address, {"do": "accept" if do == "decline" else "decline"})

    quotation.refresh_from_db()
    assert quotation.status == status
    assert Notification.objects.filter(user=manager, kind=f"portal_{status}").count() == 1
    if do == "accept":
        assert Deal.objects.get().stage.name == "Agreed"


def test_a_quotation_that_is_over_is_not_accepted(funnel: Funnel, customer: Client) -> None:
    quotation = sent(funnel)
    Quotation.objects.update(valid_until=timezone.localdate() - timedelta(days=1))

    customer.post(f"/portal/quotations/{quotation.pk}/decide/", {"do": "accept"})

    quotation.refresh_from_db()
    assert quotation.status == "sent"


def test_nothing_of_another_customer_is_reached(
    funnel: Funnel, customer: Client, stranger: Counterparty
) -> None:
    """F134: documents of another customer are not there, by no way."""
    theirs = {
        "invoices": funnel.shop.issued(counterparty_id=stranger.pk),
        "quotations": sent(funnel, counterparty=stranger.pk),
        "requests": ServiceRequest.objects.create(counterparty=stranger, subject="Secret"),
    }

    home = customer.get("/portal/").content.decode()
    for kind, row in theirs.items():
        assert str(row.pk) not in home
        base = f"/portal/{kind}/{row.pk}"
        assert customer.get(f"{base}/").status_code == 404
        assert customer.get(f"{base}/pdf/").status_code == 404
        assert customer.post(f"{base}/comment/", {"text": "x"}).status_code == 404
    decided = customer.post(
        f"/portal/quotations/{theirs['quotations'].pk}/decide/", {"do": "accept"}
    )
    assert decided.status_code == 404
    assert not PortalMessage.objects.exists()
    theirs["quotations"].refresh_from_db()
    assert theirs["quotations"].status == "sent"


def test_what_is_not_issued_or_sent_is_not_there(funnel: Funnel, customer: Client) -> None:
    draft = funnel.shop.draft()
    deal = funnel.deal(lines=[funnel.shop.line(funnel.shop.nail)])
    offer = quotations.quote(
        deal_id=deal.pk, by=funnel.shop.manager, today=timezone.localdate(), now=NOW
    )

    assert customer.get(f"/portal/invoices/{draft.pk}/").status_code == 404
    assert customer.get(f"/portal/quotations/{offer.pk}/").status_code == 404
    assert customer.get(f"/portal/deals/{deal.pk}/").status_code == 404


def test_a_link_opens_nothing_in_another_company(
    person: ContactPerson, manager: User, rival: Any
) -> None:
    """F134: neither the link nor the browser that opened it is known to another company."""
    _link, token = linked(person, manager)
    elsewhere = Client(headers={"host": "rival.localhost"})

    assert elsewhere.get(f"/portal/enter/{token}/").status_code == 403
    assert elsewhere.get("/portal/").status_code == 403


def test_the_customers_browser_reaches_no_page_of_ours(
    funnel: Funnel, customer: Client
) -> None:
    """F134: the link signs nobody in."""
    for path in ("/", "/invoices/", f"/counterparties/{funnel.shop.customer.pk}/", "/reports/",
                 f"/portal/links/{funnel.shop.customer.pk}/", "/api/v1/invoices"):  # fmt: skip
        answer = customer.get(path)
        assert answer.status_code in (302, 401, 403), path
        assert answer.status_code != 302 or "/login/" in answer["Location"]


def test_the_base_holds_no_token(person: ContactPerson, manager: User) -> None:
    """F134: the token is kept as its hash alone."""
    link, token = linked(person, manager)

    assert link.digest == hashlib.sha256(token.encode()).hexdigest()
    stored = PortalLink.objects.filter(pk=link.pk).values().get()
    assert token not in str(stored)


def test_a_link_runs_out(person: ContactPerson, manager: User, visitor: Client) -> None:
    """F134: links expire; a browser that had opened one is let in no more."""
    link, token = linked(person, manager, days=7)
    visitor.get(f"/portal/enter/{token}/")
    assert visitor.get("/portal/").status_code == 200

    PortalLink.objects.filter(pk=link.pk).update(expires_at=timezone.now())

    assert visitor.get("/portal/").status_code == 403
    assert visitor.get(f"/portal/enter/{token}/").status_code == 403


def test_a_link_is_ended_at_once(
    person: ContactPerson, manager: User, manager_client: Client, customer: Client
) -> None:
    """F134: links are revocable."""
    manager_client.post(f"/portal/links/{PortalLink.objects.get().pk}/end/")

    assert customer.get("/portal/").status_code == 403


def test_links_are_not_guessed_without_end(
    person: ContactPerson, manager: User, visitor: Client
) -> None:
    """F134: wrong links are throttled, then a good one waits too."""
    _link, token = linked(person, manager)
    caller = {"REMOTE_ADDR": f"fd00::{uuid4().hex[:4]}:{uuid4().hex[:4]}"}  # nobody else's count
    for _try in range(throttling.TRIES):
        assert visitor.get(f"/portal/enter/{uuid4().hex}/", **caller).status_code == 403

    answer = visitor.get(f"/portal/enter/{token}/", **caller)

    assert answer.status_code == 403
    assert "Too many" in answer.content.decode()


def test_a_customer_does_not_write_without_end(
    funnel: Funnel, customer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttling, "WORDS", 2)
    invoice = funnel.shop.issued()

    for number in range(4):
        customer.post(f"/portal/invoices/{invoice.pk}/comment/", {"text": f"Word {number}"})

    assert PortalMessage.objects.count() == 2


def test_a_link_is_made_on_a_page_and_shown_once(
    person: ContactPerson, manager_client: Client, visitor: Client
) -> None:
    """F134: from the card a manager makes a personal link."""
    address = f"/portal/links/{person.counterparty_id}/"
    assert address in manager_client.get(
        f"/counterparties/{person.counterparty_id}/").content.decode()  # fmt: skip

    made = manager_client.post(address, {"person": str(person.pk), "days": "7", "language": "tr"})
    again = manager_client.get(address).content.decode()

    shown = made.content.decode()
    token = shown.split("/portal/enter/")[1].split("/")[0]
    assert token not in again
    assert "Petr Buyer" in again
    opened = visitor.get(f"/portal/enter/{token}/")
    assert opened.cookies[settings.LANGUAGE_COOKIE_NAME].value == "tr"


def test_a_link_shows_what_its_maker_may_see(
    person: ContactPerson, funnel: Funnel, company: Any, visitor: Client
) -> None:
    """F134: nobody reads by a link of their own making what their role does not show."""
    from apps.accounts.models import AccessRole, RoleRight

    role = AccessRole.objects.create(name="No invoices", base=Role.MANAGER)
    RoleRight.objects.create(role=role, object="invoices", action="view", scope=0)
    maker = User.objects.create_user(email="m@acme.example", role=Role.MANAGER, access_role=role)
    invoice = funnel.shop.issued()
    _link, token = linked(person, maker)

    visitor.get(f"/portal/enter/{token}/")

    assert invoice.number not in visitor.get("/portal/").content.decode()
    assert visitor.get(f"/portal/invoices/{invoice.pk}/").status_code == 404


def test_a_colleagues_customer_gets_no_link(
    person: ContactPerson, company: Any, visitor: Client
) -> None:
    from apps.accounts.models import AccessRole, RoleRight, Scope

    role = AccessRole.objects.create(name="Own only", base=Role.MANAGER)
    for action in ("view", "edit"):
        RoleRight.objects.create(
            role=role, object="counterparties", action=action, scope=Scope.OWN
        )
    user = User.objects.create_user(email="o@acme.example", role=Role.MANAGER, access_role=role)
    visitor.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")

    answer = visitor.post(
        f"/portal/links/{person.counterparty_id}/", {"person": str(person.pk), "days": "7"}
    )

    assert answer.status_code == 404
    assert not PortalLink.objects.exists()


def test_a_person_of_another_customer_is_no_choice(
    person: ContactPerson, stranger: Counterparty, manager: User
) -> None:
    other = ContactPerson.objects.create(counterparty=stranger, full_name="Vera")

    with pytest.raises(services.NotTheirs):
        services.make_link(
            counterparty=person.counterparty, person_id=other.pk, days=7, language="", by=manager,
            now=timezone.now(),
        )  # fmt: skip
    assert not PortalLink.objects.exists()


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Quotations"), ("ru", "Предложения"), ("tr", "Teklifler")]
)
def test_the_page_speaks_three_languages(
    funnel: Funnel, customer: Client, language: str, word: str
) -> None:
    """F134: the page is in English, Russian and Turkish."""
    customer.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    assert word in customer.get("/portal/").content.decode()


def test_amounts_are_those_of_the_document(funnel: Funnel, customer: Client) -> None:
    invoice = funnel.shop.issued()
    Invoice.objects.filter(pk=invoice.pk).update(paid_total=Decimal("5.00"))

    shown = customer.get(f"/portal/invoices/{invoice.pk}/").content.decode()

    assert "₽20.00" in shown
    assert "₽5.00" in shown
