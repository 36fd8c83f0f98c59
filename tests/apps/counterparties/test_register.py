"""What a register says of a customer: offered, ticked, taken over; its state stays on the card."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone
from django_tenants.utils import schema_context, tenant_context

from apps.accounts import roles
from apps.accounts.models import User
from apps.counterparties import bulk, register
from apps.counterparties.models import Counterparty
from apps.counterparties.services import CounterpartyValues, save_counterparty
from apps.notifications.models import Notification
from apps.registers import services
from tenants.models import Company
from tests.apps.registers.server import RegisterServer, party

INN, OTHER = "7707083893", "7728168971"


def entered(company: Company, **told: Any) -> Counterparty:
    """Return a customer of a company."""
    with tenant_context(company):
        return save_counterparty(values=CounterpartyValues(**{"name": "Sber", **told}))


def test_a_valid_number_offers_to_ask(
    manager_client: Client, acme: Company, with_key: RegisterServer
) -> None:
    page = reverse("counterparties:check")

    offered = manager_client.get(page, {"tax_number": INN}).content.decode()
    wrong = manager_client.get(page, {"tax_number": "7707083894"}).content.decode()

    assert reverse("counterparties:register_new") in offered
    assert "hx-post" not in wrong
    assert not with_key.asked


def test_without_a_key_nothing_is_offered(
    manager_client: Client, acme: Company, registers: RegisterServer
) -> None:
    answer = manager_client.get(reverse("counterparties:check"), {"tax_number": INN})

    assert "hx-post" not in answer.content.decode()


def test_what_differs_is_offered_and_only_what_is_empty_is_ticked(
    manager_client: Client, acme: Company, with_key: RegisterServer
) -> None:
    """G051: a tax number fills name and address, and overwrites nothing by itself."""
    typed = {"tax_number": INN, "name": "Sber", "tax_reason_code": "773601001"}

    answer = manager_client.post(
        reverse("counterparties:register_new"), typed, headers={"hx-request": "true"}
    )

    told = answer.context["told"]
    assert {each.name: each.is_ticked for each in told.offered} == {
        "name": False, "full_name": True, "registration_number": True, "legal_address": True,
    }  # fmt: skip
    assert "г Москва, ул Вавилова, д 19" in answer.content.decode()


def test_a_register_that_does_not_answer_is_a_sentence_beside_the_form(
    manager_client: Client, acme: Company, with_key: RegisterServer
) -> None:
    with_key.status = 429

    answer = manager_client.post(reverse("counterparties:register_new"), {"tax_number": INN})
    saved = manager_client.post(
        reverse("counterparties:new"), {"name": "Sber", "kind": "company", "tax_number": INN}
    )

    assert (answer.status_code, answer.context["told"]) == (200, None)
    assert saved.status_code == 302


def test_the_state_told_while_typing_stands_on_the_card(
    manager_client: Client, acme: Company, with_key: RegisterServer
) -> None:
    with_key.suggestions = [party(state={"status": "LIQUIDATING"})]
    manager_client.post(reverse("counterparties:register_new"), {"tax_number": INN})

    manager_client.post(
        reverse("counterparties:new"), {"name": "Sber", "kind": "company", "tax_number": INN}
    )

    with tenant_context(acme):
        partner = Counterparty.objects.get(tax_number=INN)
    card = manager_client.get(reverse("counterparties:card", args=[partner.pk])).content.decode()
    assert (partner.register_state, len(with_key.asked)) == ("liquidating", 1)
    assert str(partner.get_register_state_display()) in card


def test_the_quick_form_keeps_what_was_filled_in(
    manager_client: Client, acme: Company, with_key: RegisterServer
) -> None:
    manager_client.post(reverse("counterparties:register_new"), {"tax_number": INN})

    manager_client.post(
        reverse("counterparties:quick"),
        {"name": "ПАО СБЕРБАНК", "tax_number": INN, "legal_address": "Москва",
         "registration_number": "1027700132195"},
    )  # fmt: skip

    with tenant_context(acme):
        partner = Counterparty.objects.get(tax_number=INN)
    assert (partner.legal_address, partner.registration_number) == ("Москва", "1027700132195")
    assert partner.register_state == "active"


def test_the_card_looks_up_and_takes_over_what_is_ticked(
    manager_client: Client, manager: User, acme: Company, with_key: RegisterServer
) -> None:
    """G051: look up on the card."""
    partner = entered(acme, tax_number=INN, full_name="Ours", responsible_id=manager.pk)

    page = manager_client.post(reverse("counterparties:register", args=[partner.pk]))
    answer = manager_client.post(
        reverse("counterparties:register_take", args=[partner.pk]),
        {"field": ["legal_address", "name", "tax_number", "is_vip"]},
    )

    assert [each.name for each in page.context["told"].offered][:2] == ["name", "full_name"]
    assert answer.status_code == 302
    with tenant_context(acme):
        partner.refresh_from_db()
    assert (partner.name, partner.full_name) == ("ПАО СБЕРБАНК", "Ours")
    assert partner.legal_address == "г Москва, ул Вавилова, д 19"
    assert (partner.is_vip, len(with_key.asked)) == (False, 1)


def test_nothing_is_taken_over_when_the_register_is_away(
    manager_client: Client, manager: User, acme: Company, with_key: RegisterServer
) -> None:
    partner = entered(acme, tax_number=INN, responsible_id=manager.pk)
    with_key.status = 503

    page = manager_client.post(reverse("counterparties:register", args=[partner.pk]))
    manager_client.post(
        reverse("counterparties:register_take", args=[partner.pk]), {"field": ["name"]}
    )

    assert page.context["problem"]
    with tenant_context(acme):
        partner.refresh_from_db()
    assert (partner.name, partner.register_state, partner.register_told_at) == ("Sber", "", None)


def test_asking_does_not_stop_who_has_the_form_open(
    manager_client: Client, manager: User, acme: Company, with_key: RegisterServer
) -> None:
    partner = entered(acme, tax_number=INN, responsible_id=manager.pk)

    manager_client.post(
        reverse("counterparties:register", args=[partner.pk]), {"tax_number": INN},
        headers={"hx-request": "true"},
    )  # fmt: skip

    with tenant_context(acme):
        after = Counterparty.objects.get(pk=partner.pk)
    assert after.register_state == "active"
    assert after.updated_at == partner.updated_at


def test_the_state_of_another_number_is_not_kept(
    manager_client: Client, manager: User, acme: Company, with_key: RegisterServer
) -> None:
    partner = entered(acme, tax_number=OTHER, responsible_id=manager.pk)

    manager_client.post(
        reverse("counterparties:register", args=[partner.pk]), {"tax_number": INN},
        headers={"hx-request": "true"},
    )  # fmt: skip

    with tenant_context(acme):
        partner.refresh_from_db()
    assert partner.register_state == ""


@pytest.mark.parametrize("way", ["form", "import"])
def test_another_tax_number_forgets_what_was_told(
    company: Company, with_key: RegisterServer, way: str
) -> None:  # fmt: skip
    partner = save_counterparty(values=CounterpartyValues(name="Sber", tax_number=INN))
    register.keep_state(partner, entry=services.look_up(INN), now=timezone.now())

    if way == "form":
        values = CounterpartyValues(name="Sber", tax_number=OTHER)
        save_counterparty(values=values, counterparty_id=partner.pk)
    else:
        bulk.save_many(rows=[(partner.pk, {"tax_number": OTHER})], by=None)

    partner.refresh_from_db()
    assert (partner.tax_number, partner.register_state) == (OTHER, "")
    assert partner.register_told_at is None


def test_an_import_that_leaves_the_number_keeps_what_was_told(
    company: Company, with_key: RegisterServer
) -> None:
    partner = save_counterparty(values=CounterpartyValues(name="Sber", tax_number=INN))
    register.keep_state(partner, entry=services.look_up(INN), now=timezone.now())

    bulk.save_many(rows=[(partner.pk, {"tax_number": INN, "source": "fair"})], by=None)

    partner.refresh_from_db()
    assert (partner.source, partner.register_state) == ("fair", "active")


def test_a_field_that_a_role_hides_is_neither_offered_nor_taken(
    manager_client: Client, manager: User, owner: User, acme: Company,
    with_key: RegisterServer,
) -> None:  # fmt: skip
    partner = entered(acme, tax_number=INN, responsible_id=manager.pk)
    with tenant_context(acme):
        role = roles.built_in("manager")
        roles.save_role(
            role=role, scopes=dict(roles.ticked(role).scopes), by=owner,
            fields={("counterparties", "legal_address"): "hidden"},
        )  # fmt: skip

    page = manager_client.post(reverse("counterparties:register", args=[partner.pk]))
    manager_client.post(
        reverse("counterparties:register_take", args=[partner.pk]), {"field": ["legal_address"]}
    )

    assert "legal_address" not in {each.name for each in page.context["told"].offered}
    assert "Вавилова" not in page.content.decode()
    with tenant_context(acme):
        partner.refresh_from_db()
    assert partner.legal_address == ""


def test_many_are_checked_behind_the_screen(
    manager_client: Client, manager: User, acme: Company, with_key: RegisterServer
) -> None:
    """G051: check with the register in bulk."""
    with_key.suggestions = [party(), party(inn=OTHER, state={"status": "LIQUIDATED"})]
    keys = [
        entered(acme, tax_number=number, responsible_id=manager.pk).pk
        for number in (INN, OTHER, "7736050003", "")
    ]

    answer = ask_many(manager_client, keys)

    assert answer.status_code == 302
    with tenant_context(acme):
        states = dict(Counterparty.objects.values_list("tax_number", "register_state"))
        (told,) = Notification.objects.filter(kind="register_checked")
    assert states == {INN: "active", OTHER: "liquidated", "7736050003": "", "": ""}
    assert (told.user_id, told.values["checked"], told.values["alarming"]) == (manager.pk, 2, 1)
    assert told.values["unknown"] == 1


def ask_many(browser: Client, keys: list[Any]) -> Any:
    """Press "Check with the register" for rows of the list, and let the job run."""
    with TestCase.captureOnCommitCallbacks() as begun:
        answer = browser.post(
            reverse("counterparties:register_many"), {"id": [str(key) for key in keys]}
        )
    slug = str(browser.defaults["HTTP_HOST"]).partition(".")[0]
    with schema_context("public"):
        company = Company.objects.get(slug=slug)
    with tenant_context(company), TestCase.captureOnCommitCallbacks(execute=True):
        for job in begun:
            job()
    return answer


def test_a_register_that_refuses_is_not_asked_for_the_rest(
    manager_client: Client, manager: User, acme: Company, with_key: RegisterServer
) -> None:
    with_key.status = 403
    keys = [
        entered(acme, tax_number=number, responsible_id=manager.pk).pk for number in (INN, OTHER)
    ]

    ask_many(manager_client, keys)

    with tenant_context(acme):
        (told,) = Notification.objects.filter(kind="register_stopped")
    assert len(with_key.asked) == 1
    assert (told.values["checked"], told.values["unasked"]) == (0, 2)
    assert "DaData" in told.values["why"]


def test_rows_of_another_company_are_not_asked_for(
    rival_owner_client: Client, acme: Company, with_key: RegisterServer
) -> None:
    partner = entered(acme, tax_number=INN)

    ask_many(rival_owner_client, [partner.pk])

    assert not with_key.asked


def test_asking_costs_few_queries(
    manager_client: Client, manager: User, acme: Company, with_key: RegisterServer,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    partner = entered(acme, tax_number=INN, responsible_id=manager.pk)
    pages = (reverse("counterparties:register_new"), {"tax_number": INN}), (
        reverse("counterparties:register", args=[partner.pk]), {},
    )  # fmt: skip

    for page, typed in pages:
        with django_assert_max_num_queries(12):
            manager_client.post(page, typed)


def test_who_may_only_look_asks_no_register(
    accountant_client: Client, acme: Company, with_key: RegisterServer
) -> None:
    partner = entered(acme, tax_number=INN)

    answers = [
        accountant_client.post(reverse("counterparties:register_new"), {"tax_number": INN}),
        accountant_client.post(reverse("counterparties:register", args=[partner.pk])),
        accountant_client.post(reverse("counterparties:register_take", args=[partner.pk])),
        ask_many(accountant_client, [partner.pk]),
    ]

    assert {each.status_code for each in answers} == {403}
    assert not with_key.asked


def test_another_companys_customer_is_not_looked_up(
    rival_owner_client: Client, acme: Company, with_key: RegisterServer
) -> None:
    partner = entered(acme, tax_number=INN)

    answer = rival_owner_client.post(reverse("counterparties:register", args=[partner.pk]))

    assert answer.status_code == 404
    assert not with_key.asked
