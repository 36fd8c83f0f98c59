"""The second step of signing in is asked at an office, too; its secret is nobody else's."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache
from django.test import Client

from apps.accounts.models import Role, User
from replication.messages import sections
from replication.models import BranchNode
from replication.packing import pack
from tests.replication.conftest import Offices
from tests.replication.offices import NOW, exchange, messages_of, node_at

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "correct horse battery"


@pytest.fixture
def anna(offices: Offices) -> User:
    """Anna of the centre, who has switched the second step on."""
    with offices.centre.entered():
        found = User.objects.create_user(
            email="anna@x.example", password=PASSWORD, full_name="Anna", role=Role.MANAGER
        )
        TOTP.activate(found, SECRET)
        RecoveryCodes.activate(found)
    return found


def signed_in(slug: str, code: str) -> Any:
    """Sign in at an office with password and code; return the answer to the code."""
    cache.clear()
    client = Client(headers={"host": f"{slug}.localhost"})
    client.post("/accounts/login/", {"login": "anna@x.example", "password": PASSWORD})
    return client.post("/accounts/two-steps/authenticate/", {"code": code})


def test_an_office_asks_for_the_code_of_the_phone(offices: Offices, anna: User) -> None:
    exchange(offices.centre, offices.kazan)
    code = format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))

    right, wrong = signed_in("kazan", code), signed_in("kazan", "000000")

    assert (right.status_code, right["Location"]) == (302, "/")
    assert wrong.status_code == 200


def test_recovery_codes_stay_at_the_centre(offices: Offices, anna: User) -> None:
    exchange(offices.centre, offices.kazan)

    with offices.kazan.entered():
        assert list(Authenticator.objects.values_list("type", flat=True)) == ["totp"]


def test_each_base_keeps_the_secret_with_a_key_of_its_own(offices: Offices, anna: User) -> None:
    with offices.centre.entered():
        at_centre = Authenticator.objects.get(type="totp").data
        pack(node=node_at(offices.centre, offices.kazan), now=NOW)
        sent = b"".join(
            each.data for message in messages_of(node_at(offices.centre, offices.kazan))
            for each in sections(message.body) if each.table == "mfa_authenticator"
        )  # fmt: skip
    exchange(offices.centre, offices.kazan)

    with offices.kazan.entered():
        at_office = Authenticator.objects.get().data
        assert TOTP(Authenticator.objects.get()).validate_code("000000") is False
    assert at_office != at_centre
    assert SECRET.encode() not in sent
    assert at_centre["secret"].encode() not in sent


def test_a_step_switched_off_and_on_again_follows(offices: Offices, anna: User) -> None:
    exchange(offices.centre, offices.kazan)
    with offices.centre.entered():
        Authenticator.objects.filter(type="totp").delete()
        TOTP.activate(anna, SECRET[::-1])
    exchange(offices.centre, offices.kazan)
    code = format_hotp_value(hotp_value(SECRET[::-1], next(yield_hotp_counters_from_time())))

    assert signed_in("kazan", code)["Location"] == "/"


def test_nothing_is_sent_again_while_nothing_changed(offices: Offices, anna: User) -> None:
    exchange(offices.centre, offices.kazan)

    with offices.centre.entered():
        assert pack(node=node_at(offices.centre, offices.kazan), now=NOW) == 0


def test_an_office_without_the_key_of_the_link_is_not_sent_any(
    offices: Offices, anna: User
) -> None:
    with offices.centre.entered():
        BranchNode.objects.update(file_key=b"")

    exchange(offices.centre, offices.kazan)

    with offices.kazan.entered():
        assert not Authenticator.objects.exists()
        assert User.objects.filter(email="anna@x.example").exists()
