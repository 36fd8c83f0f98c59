"""Quotations by programs: each step of their card, and the PDF."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.accounts.models import Role, Scope, User
from apps.counterparties.models import Counterparty
from apps.deals.models import Quotation
from apps.sales.models import Invoice
from tests.apps.custom.asking import ask
from tests.apps.custom.test_computed_rights import narrow
from tests.apps.deals.conftest import Funnel
from tests.apps.deals.test_quotations import quoted


def send(by: User, path: str, method: str = "POST", **body: Any) -> Any:
    return ask(by, path, method=method, body=json.dumps(body))


@pytest.fixture
def quotation(funnel: Funnel) -> Quotation:
    made = quoted(funnel)
    Quotation.objects.update(valid_until=timezone.localdate() + timedelta(days=30))
    return made


def test_a_quotation_goes_its_way(funnel: Funnel, quotation: Quotation) -> None:
    """F141, G069: changed, sent, accepted, invoiced, by a key."""
    manager, path = funnel.shop.manager, f"quotations/{quotation.pk}"

    changed = send(manager, path, "PATCH", terms="By Friday").json()
    sent = send(manager, f"{path}/mark-sent").json()
    accepted = send(manager, f"{path}/accept").json()
    invoiced = send(manager, f"{path}/invoice").json()

    assert (changed["terms"], sent["status"], accepted["status"]) == (
        "By Friday", "sent", "accepted",
    )  # fmt: skip
    assert invoiced["invoice"] == str(Invoice.objects.get().pk)
    assert send(manager, path, "PATCH", terms="Late").status_code == 422


def test_a_customer_declines(funnel: Funnel, quotation: Quotation) -> None:
    path = f"quotations/{quotation.pk}"

    declined = send(funnel.shop.manager, f"{path}/decline", reason="Too dear").json()
    again = send(funnel.shop.manager, f"{path}/accept")

    assert (declined["status"], declined["decision"]) == ("declined", "Too dear")
    assert again.status_code == 422


def test_a_discount_is_approved_by_those_who_may(funnel: Funnel) -> None:
    """F142: who sells waits for the head; the decision and its reason are kept."""
    waiting = quoted(funnel, discount="50")
    head = User.objects.create_user(email="head@acme.example", role=Role.HEAD)
    path = f"quotations/{waiting.pk}"

    refused = send(funnel.shop.manager, f"{path}/decide", decision="approve")
    unsaid = send(head, f"{path}/decide")
    early = send(funnel.shop.manager, f"{path}/mark-sent")
    approved = send(head, f"{path}/decide", decision="approve", reason="Large order")

    assert (refused.status_code, unsaid.status_code, early.status_code) == (403, 422, 422)
    assert approved.json()["status"] == "approved"
    assert approved.json()["decided_by"] == str(head.pk)


def test_a_quotation_is_mailed(
    funnel: Funnel, quotation: Quotation, mailoutbox: list[Any],
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    path = f"quotations/{quotation.pk}/send"
    Counterparty.objects.update(email="")

    unaddressed = send(funnel.shop.manager, path)
    with django_capture_on_commit_callbacks(execute=True):
        sent = send(funnel.shop.manager, path, to="buyer@example.com", subject="Offer")

    assert "to" in unaddressed.json()["errors"]
    assert (sent.json()["status"], sent.json()["sent_to"]) == ("sent", "buyer@example.com")
    assert [letter.subject for letter in mailoutbox] == ["Offer"]


def test_documents_are_fetched_as_pdf(funnel: Funnel, quotation: Quotation) -> None:
    """F028: a quotation and an invoice, in the language that is asked for."""
    manager = funnel.shop.manager
    invoice = funnel.shop.issued()

    offer = ask(manager, f"quotations/{quotation.pk}/pdf?language=tr")
    bill = ask(manager, f"invoices/{invoice.pk}/pdf")
    wrong = ask(manager, f"invoices/{invoice.pk}/pdf?language=xx")

    assert (offer.content[:5], bill.content[:5]) == (b"%PDF-", b"%PDF-")
    assert offer["Content-Type"] == "application/pdf"
    assert wrong.status_code == 400
    assert ask(manager, f"invoices/{invoice.pk}/pdf", method="POST").status_code == 405


def test_a_colleague_s_documents_are_not_there(
    funnel: Funnel, quotation: Quotation, manager: User, owner: User
) -> None:
    Counterparty.objects.update(responsible=owner)
    Quotation.objects.update(author=owner)
    narrow(manager, "quotations", "deals", "counterparties", scope=Scope.OWN)
    quotation.deal.owner = owner
    quotation.deal.save()

    assert ask(manager, f"quotations/{quotation.pk}/pdf").status_code == 404
    assert send(manager, f"quotations/{quotation.pk}/accept").status_code == 404


def test_an_invoice_is_copied_once(funnel: Funnel) -> None:
    """A draft with the same lines; the answer is the copy."""
    invoice = funnel.shop.issued()

    copied = send(funnel.shop.manager, f"invoices/{invoice.pk}/copy")

    assert copied.status_code == 200
    assert copied.json()["id"] != str(invoice.pk)
    assert (copied.json()["status"], copied.json()["total"]) == ("draft", f"{invoice.total}")


def test_an_invoice_line_keeps_its_identity(funnel: Funnel) -> None:
    invoice = funnel.shop.draft()
    held = ask(funnel.shop.manager, f"invoices/{invoice.pk}").json()["lines"]

    changed = send(
        funnel.shop.manager, f"invoices/{invoice.pk}", "PATCH", lines=[{**held[0], "quantity": 7}]
    )

    assert changed.status_code == 200, changed.content
    assert str(invoice.lines.get().pk) == held[0]["id"]
