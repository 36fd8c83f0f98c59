"""Terms of trade, payments, our own organizations and hand-overs by programs."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from apps.accounts.models import User
from apps.activities.models import Activity
from apps.catalog.models import PriceType
from apps.core.models import Organization
from apps.counterparties.models import Counterparty
from apps.finance.models import Payment
from apps.mail.models import MailSending
from apps.sales.models import Invoice, InvoiceConflict, TradeTerms
from tests.apps.api.test_letters import a_box
from tests.apps.custom.asking import ask
from tests.apps.custom.test_computed_rights import narrow
from tests.apps.sales.conftest import TODAY, Shop


def send(by: User, path: str, method: str = "POST", **body: Any) -> Any:
    return ask(by, path, method=method, body=json.dumps(body))


@pytest.fixture
def payment(shop: Shop) -> Payment:
    return Payment.objects.create(
        number="7", paid_on=TODAY, counterparty=shop.customer, amount=Decimal(20), currency="RUB"
    )


def test_a_payment_settles_the_invoice_that_is_named(shop: Shop, payment: Payment) -> None:
    """What 1C told of no invoice is assigned by a key, as on the screen."""
    invoice = shop.issued()
    path = f"payments/{payment.pk}/assign"

    unknown = send(shop.manager, path, number="none")
    assigned = send(shop.manager, path, number=invoice.number)

    assert "number" in unknown.json()["errors"]
    assert assigned.status_code == 200, assigned.content
    invoice.refresh_from_db()
    assert invoice.paid_total == Decimal(20)


def test_a_payment_settles_no_invoice_that_one_may_not_change(
    shop: Shop, payment: Payment, manager: User, owner: User
) -> None:
    invoice = shop.issued()
    Invoice.objects.update(responsible=owner)
    Counterparty.objects.update(responsible=owner)
    narrow(manager, "invoices", "payments", "counterparties")

    answer = send(manager, f"payments/{payment.pk}/assign", number=invoice.number)

    assert answer.status_code in (404, 422)
    invoice.refresh_from_db()
    assert invoice.paid_total == 0


def test_a_conflict_with_1c_is_decided_once(shop: Shop) -> None:
    """What both sides changed is read and decided by a key."""
    invoice = shop.issued()
    conflict = InvoiceConflict.objects.create(
        invoice=invoice, node_id=shop.node_id, field="comment", base="", ours="A", theirs="B"
    )
    path = f"invoices/{invoice.pk}/decide"

    told = ask(shop.manager, f"invoices/{invoice.pk}").json()["conflicts"]
    unsaid = send(shop.manager, path, conflict=str(conflict.pk))
    decided = send(shop.manager, path, conflict=str(conflict.pk), keep="theirs")
    again = send(shop.manager, path, conflict=str(conflict.pk), keep="ours")

    assert [(each["ours"], each["theirs"]) for each in told] == [("A", "B")]
    assert (unsaid.status_code, again.status_code) == (422, 422)
    assert (decided.json()["comment"], decided.json()["conflicts"][0]["state"]) == ("B", "theirs")


def test_terms_of_trade_are_set_and_read(shop: Shop) -> None:
    price_type = PriceType.objects.get()
    path = f"counterparties/{shop.customer.pk}/set-terms"

    told = send(shop.manager, path, price_type=str(price_type.pk), payment_days=14).json()
    kept = send(shop.manager, path, payment_days=7).json()
    wrong = send(shop.manager, path, payment_days=-1)

    assert told["terms"] == [{"price_type": str(price_type.pk), "payment_days": "14"}]
    assert kept["terms"] == [{"price_type": str(price_type.pk), "payment_days": "7"}]
    assert (wrong.status_code, TradeTerms.objects.get().payment_days) == (422, 7)


def test_an_organization_is_entered_and_changed(owner: User, manager: User, shop: Shop) -> None:
    """With its check digits and its own prefix."""
    made = send(owner, "organizations", name="Second", invoice_prefix="S")
    key = made.json()["id"]
    changed = send(owner, f"organizations/{key}", "PATCH", director="Olga")
    wrong = send(owner, f"organizations/{key}", "PATCH", tax_number="7707083890")
    stranger = send(manager, f"organizations/{key}", "PATCH", director="Ivan")

    assert made.status_code == 201, made.content
    assert (changed.json()["director"], changed.json()["invoice_prefix"]) == ("Olga", "S")
    assert "tax_number" in wrong.json()["errors"]
    assert stranger.status_code == 403
    assert Organization.objects.get(pk=key).director == "Olga"


def test_two_organizations_have_not_one_prefix(owner: User, shop: Shop) -> None:
    send(owner, "organizations", name="Second", invoice_prefix="S")

    answer = send(owner, "organizations", name="Third", invoice_prefix="S")

    assert "invoice_prefix" in answer.json()["errors"]


def test_everything_of_a_leaver_is_handed_over_and_taken_back(
    shop: Shop, owner: User, manager: User
) -> None:
    """F120, G069: in one request, as on the screen."""
    Counterparty.objects.update(responsible=manager)
    body = {"giver": str(manager.pk), "receiver": str(owner.pk)}

    done = send(owner, "hand_overs", **body)
    held = Counterparty.objects.get().responsible
    nobody = send(owner, "hand_overs", giver=str(manager.pk))
    back = send(owner, f"hand_overs/{done.json()['id']}/undo")
    again = send(owner, f"hand_overs/{done.json()['id']}/undo")

    assert done.status_code == 201, done.content
    assert {"kind": "counterparties", "count": "1"} in done.json()["counts"]
    assert (held, Counterparty.objects.get().responsible) == (owner, manager)
    assert (nobody.status_code, bool(back.json()["undone_at"])) == (422, True)
    assert again.status_code == 422


def test_a_manager_hands_nothing_over(shop: Shop, owner: User, manager: User) -> None:
    body = {"giver": str(owner.pk), "receiver": str(manager.pk)}

    assert send(manager, "hand_overs", **body).status_code == 403
    assert ask(manager, "hand_overs").json().get("data", []) == []


def test_a_letter_is_written_from_a_card(shop: Shop, manager: User, owner: User) -> None:
    """It stands on the card at once; of a closed VIP customer none is written."""
    box = a_box("Sales", shares_matched=True).mailbox
    box.smtp_host = "mail.example"
    box.save()
    body = {"to": "buyer@example.com", "subject": "Nails", "text": "Good day"}
    path = f"counterparties/{shop.customer.pk}/write-letter"

    written = send(manager, path, **body)
    wrong = send(manager, path, **(body | {"to": "nobody"}))
    Counterparty.objects.update(is_vip=True, responsible=owner)
    closed = send(manager, path, **body)

    assert written.status_code == 200, written.content
    assert "to" in wrong.json()["errors"]
    assert closed.status_code == 422
    assert MailSending.objects.get().to == ["buyer@example.com"]
    assert not Activity.objects.exists()
