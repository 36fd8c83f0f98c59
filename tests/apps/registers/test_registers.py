"""Asking registers: which one, how often, and what is said when one does not answer."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from django_tenants.utils import tenant_context

from apps.registers import services, words
from apps.registers.models import RegisterAccess
from apps.registers.providers import NotTold, base, register_for
from tenants.audit.models import SecurityEvent
from tenants.models import Company
from tests.apps.registers.server import KEY, RegisterServer, party

INN, VAT = "7707083893", "IE6388047V"
BOTH = "4540530095"  # the check digits of an ИНН and of a VKN fit


@pytest.mark.parametrize(
    ("number", "currency", "register"),
    [
        (INN, "RUB", "dadata"), ("500100732259", "RUB", "dadata"), (INN, "EUR", "dadata"),
        ("7707083894", "RUB", None), ("", "RUB", None), (VAT, "RUB", "vies"),
        ("DE136695976", "TRY", "vies"), ("DE136695977", "TRY", None), ("4540536920", "TRY", None),
        ("10000000146", "TRY", None), ("XX136695976", "EUR", None),
    ],
)  # fmt: skip
def test_the_kind_of_number_chooses_the_register(
    number: str, currency: str, register: str | None
) -> None:
    found = register_for(number, currency=currency)

    assert (found.key if found else None) == register


def test_a_number_that_is_an_inn_and_a_vkn_goes_by_the_companys_currency() -> None:
    register = register_for(BOTH, currency="RUB")

    assert register is not None
    assert register_for(BOTH, currency="TRY") is None


def test_an_inn_tells_name_address_and_state(acme: Company, with_key: RegisterServer) -> None:
    """G051: a tax number fills name and address."""
    with tenant_context(acme):
        entry = services.look_up(f" {INN} ")

    assert entry.values == {
        "name": "ПАО СБЕРБАНК", "full_name": "ПУБЛИЧНОЕ ОБЩЕСТВО СБЕРБАНК",
        "tax_reason_code": "773601001", "registration_number": "1027700132195",
        "legal_address": "г Москва, ул Вавилова, д 19",
    }  # fmt: skip
    assert (entry.state, entry.head, entry.activity) == ("active", "Греф Герман Оскарович", "64.19")
    (asked,) = with_key.asked
    assert asked.path == "/suggestions/api/4_1/rs/findById/party"
    assert asked.body == {"query": INN, "branch_type": "MAIN"}


def test_a_sole_trader_has_neither_kpp_nor_head(acme: Company, with_key: RegisterServer) -> None:
    with_key.suggestions = [
        party(inn="500100732259", kpp=None, management=None, address=None,
              name={"short_with_opf": "ИП Иванов", "full_with_opf": None})
    ]  # fmt: skip

    with tenant_context(acme):
        entry = services.look_up("500100732259")

    assert dict(entry.values) == {"name": "ИП Иванов", "registration_number": "1027700132195"}
    assert entry.head == ""


def test_a_vat_number_is_asked_without_a_key(acme: Company, registers: RegisterServer) -> None:
    with tenant_context(acme):
        entry = services.look_up(VAT)

    assert entry.values["legal_address"] == "3RD FLOOR, GORDON HOUSE, DUBLIN 4"
    assert entry.state == "active"
    (asked,) = registers.asked
    assert asked.path == "/taxation_customs/vies/rest-api/ms/IE/vat/6388047V"
    assert asked.authorization == ""


@pytest.mark.parametrize(
    ("answer", "state", "values"),
    [
        ({"isValid": True, "name": "---", "address": "---"}, "active", {}),
        ({"isValid": False, "userError": "INVALID"}, "not_valid", {}),
    ],
    ids=["a country that tells nothing", "not valid"],
)
def test_what_a_country_keeps_to_itself_is_left_out(
    acme: Company, registers: RegisterServer, answer: dict[str, Any], state: str, values: Any
) -> None:
    registers.vat = answer

    with tenant_context(acme):
        entry = services.look_up(VAT)

    assert (entry.state, entry.values) == (state, values)


def test_a_country_out_of_order_is_not_a_number_that_is_not_valid(
    acme: Company, registers: RegisterServer
) -> None:
    registers.vat = {"isValid": False, "userError": "MS_UNAVAILABLE"}

    with tenant_context(acme), pytest.raises(NotTold) as refused:
        services.look_up(VAT)

    assert (refused.value.code, refused.value.detail) == (base.BROKEN, "MS_UNAVAILABLE")


def test_an_answer_is_asked_for_once_a_day(acme: Company, with_key: RegisterServer) -> None:
    with tenant_context(acme):
        first = services.look_up(INN)
        again = services.look_up(INN)

    assert first == again
    assert len(with_key.asked) == 1


def test_another_company_has_neither_key_nor_answer(
    acme: Company, rival: Company, with_key: RegisterServer
) -> None:
    with tenant_context(acme):
        services.look_up(INN)

    with tenant_context(rival):
        assert services.known(INN) is None
        with pytest.raises(services.NoKey):
            services.look_up(INN)


def test_nobody_known_is_kept_as_well(acme: Company, with_key: RegisterServer) -> None:
    with_key.suggestions = []

    with tenant_context(acme):
        for _time in range(2):
            with pytest.raises(services.UnknownThere):
                services.look_up(INN)

    assert len(with_key.asked) == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "key"), (402, "denied"), (403, "denied"), (429, "busy"), (500, "broken"),
     (503, "broken"), (302, "words"), (400, "words")],
)  # fmt: skip
def test_a_refusal_is_told_in_words_and_asked_anew(
    acme: Company, with_key: RegisterServer, status: int, code: str
) -> None:
    with_key.status = status

    with tenant_context(acme), pytest.raises(NotTold) as refused:
        services.look_up(INN)
    with_key.status = 200
    with tenant_context(acme):
        entry = services.look_up(INN)

    assert refused.value.code == code
    assert "DaData" in words.sentence(register_for(INN, currency="RUB"), refused.value)
    assert entry.state == "active"
    assert len(with_key.asked) == 2  # each once; a redirection is not followed


@pytest.mark.parametrize(
    "raw", [b"<html>", b"[]", b'{"suggestions": 1}', b'{"suggestions": [{}]}', b"9" * 600_000],
    ids=["html", "a list", "a number", "no data", "too long"],
)  # fmt: skip
def test_an_answer_of_another_kind_is_not_understood(
    acme: Company, with_key: RegisterServer, raw: bytes
) -> None:
    with_key.raw = raw

    with tenant_context(acme), pytest.raises(NotTold) as refused:
        services.look_up(INN)

    assert refused.value.code == base.WORDS


def test_a_slow_register_is_not_waited_for(
    acme: Company, with_key: RegisterServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "SECONDS", 0.2)
    with_key.waits = 1.0

    with tenant_context(acme), pytest.raises(NotTold) as refused:
        services.look_up(INN)

    assert refused.value.code == base.SLOW


def test_a_register_that_is_away_is_said_to_be(acme: Company, with_key: RegisterServer) -> None:
    with_key.shutdown()
    with_key.server_close()

    with tenant_context(acme), pytest.raises(NotTold) as refused:
        services.look_up(INN)

    assert refused.value.code == base.LINE


def test_the_key_is_kept_encrypted_and_shown_nowhere(
    administrator_client: Client, acme: Company, registers: RegisterServer
) -> None:
    page = reverse("registers:settings")
    answer = administrator_client.post(page, {"key": KEY})

    shown = administrator_client.get(page).content.decode()

    assert answer.status_code == 302
    assert KEY not in shown
    with tenant_context(acme):
        kept = RegisterAccess.objects.get()
        assert SecurityEvent.objects.filter(kind="registers.key_saved").count() == 1
    assert KEY.encode() not in bytes(kept.secret)


@pytest.mark.parametrize(
    ("status", "said"),
    [(200, "DaData answers."), (403, "refused the call"), (503, "out of order")],
)
def test_check_says_what_is_wrong(
    administrator_client: Client, with_key: RegisterServer, status: int, said: str
) -> None:
    with_key.status = status

    with override("en"):
        answer = administrator_client.post(
            reverse("registers:check", args=["dadata"]), follow=True,
            headers={"accept-language": "en"},
        )  # fmt: skip

    assert said in " ".join(str(each) for each in answer.context["messages"])


def test_a_key_with_other_letters_is_refused(administrator_client: Client, acme: Company) -> None:
    answer = administrator_client.post(reverse("registers:settings"), {"key": "ключ"})

    assert answer.status_code == 422
    with tenant_context(acme):
        assert not RegisterAccess.objects.exists()


def test_a_key_is_taken_away(
    administrator_client: Client, acme: Company, with_key: RegisterServer
) -> None:
    administrator_client.post(reverse("registers:forget"))

    with tenant_context(acme):
        assert not RegisterAccess.objects.exists()


def test_the_settings_are_administrators_own(
    manager_client: Client, acme: Company, with_key: RegisterServer
) -> None:
    answers = [
        manager_client.get(reverse("registers:settings")),
        manager_client.post(reverse("registers:settings"), {"key": "another"}),
        manager_client.post(reverse("registers:forget")),
        manager_client.post(reverse("registers:check", args=["dadata"])),
    ]

    assert {each.status_code for each in answers} == {403}
    with tenant_context(acme):
        assert services.look_up(INN).state == "active"  # the key is as it was
