"""Signing in and out, forgotten passwords, confirmed e-mails, the second step."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.mail import EmailMessage
from django.test import Client
from django_tenants.utils import tenant_context

from apps.accounts.models import User
from apps.accounts.tasks import mail_confirmation
from tenants.audit.models import SecurityEvent
from tenants.models import Company
from tenants.tasks import HEADER

PASSWORD = "correct horse battery"
LOGIN = "/accounts/login/"


def sign_in(browser: Client, email: str, password: str = PASSWORD, **extra: Any) -> Any:
    return browser.post(LOGIN, {"login": email, "password": password}, **extra)


def link_in(letter: EmailMessage) -> str:
    found = re.search(r"http://\S+", letter.body)
    assert found is not None, letter.body
    return found.group()


def events(company: Company) -> list[str]:
    with tenant_context(company):
        return list(SecurityEvent.objects.order_by("at", "id").values_list("kind", flat=True))


def test_who_knows_the_password_is_let_in(visitor: Client, owner: User) -> None:
    answer = sign_in(visitor, "OWNER@acme.example")

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert visitor.get("/").status_code == 200


def test_a_wrong_password_is_refused_and_written_down(
    visitor: Client, owner: User, acme: Company
) -> None:
    answer = sign_in(visitor, owner.email, "wrong")

    assert answer.status_code == 200
    assert visitor.get("/").status_code == 302
    assert events(acme) == ["sign_in.refused"]


def test_the_person_of_another_company_is_unknown_here(visitor: Client, rival_owner: User) -> None:
    sign_in(visitor, rival_owner.email)

    assert visitor.get("/").status_code == 302


def test_signing_out_ends_the_session(owner_client: Client) -> None:
    owner_client.post("/accounts/logout/")

    assert owner_client.get("/").status_code == 302


def test_a_login_rests_after_ten_wrong_passwords_from_one_address(
    visitor: Client, owner: User, administrator: User, acme: Company
) -> None:
    for _ in range(10):
        sign_in(visitor, owner.email, "wrong")

    assert sign_in(visitor, owner.email.upper()).status_code == 429
    assert sign_in(visitor, owner.email, REMOTE_ADDR="192.0.2.7").status_code == 302
    assert (
        sign_in(Client(headers={"host": "acme.localhost"}), administrator.email)["Location"] == "/"
    )
    assert "sign_in.locked" in events(acme)


def test_a_forgotten_password_is_replaced_by_a_link_on_the_companys_own_address(
    visitor: Client, owner: User, mailoutbox: list[EmailMessage]
) -> None:
    visitor.post(
        "/accounts/password/reset/", {"email": owner.email},
        headers={"host": "acme.localhost", "x-forwarded-host": "evil.example"},
    )  # fmt: skip
    link = link_in(mailoutbox[0])
    form = visitor.get(link.removeprefix("http://acme.localhost:8000"), follow=True)
    new = {"password1": "entirely new words", "password2": "entirely new words"}
    visitor.post(form.request["PATH_INFO"], new)

    assert link.startswith("http://acme.localhost:8000/accounts/password/reset/key/")
    assert mailoutbox[0].subject.startswith("Acme Trading: ")
    assert sign_in(visitor, owner.email, "entirely new words").status_code == 302
    assert visitor.get(link.removeprefix("http://acme.localhost:8000")).status_code == 200


def test_a_reset_link_of_one_company_opens_nothing_in_another(
    visitor: Client, owner: User, rival_owner: User, mailoutbox: list[EmailMessage]
) -> None:
    visitor.post("/accounts/password/reset/", {"email": owner.email})
    path = link_in(mailoutbox[0]).removeprefix("http://acme.localhost:8000")

    answer = Client(headers={"host": "rival.localhost"}).get(path)

    assert b'type="password"' not in answer.content


def test_nobody_learns_by_a_reset_who_works_here(
    visitor: Client, owner: User, mailoutbox: list[EmailMessage]
) -> None:
    known = visitor.post("/accounts/password/reset/", {"email": owner.email}, follow=True)
    unknown = visitor.post("/accounts/password/reset/", {"email": "no@body.example"}, follow=True)

    assert (known.status_code, known.redirect_chain) == (
        unknown.status_code,
        unknown.redirect_chain,
    )
    assert [letter.to for letter in mailoutbox] == [[owner.email]]


@pytest.fixture
def unconfirmed(owner: User, acme: Company) -> EmailAddress:
    """The owner's e-mail, which nobody has confirmed yet."""
    with tenant_context(acme):
        return EmailAddress.objects.create(user=owner, email=owner.email, primary=True)


def test_an_e_mail_is_confirmed_by_the_link_in_a_letter(
    visitor: Client, unconfirmed: EmailAddress, acme: Company, mailoutbox: list[EmailMessage]
) -> None:
    mail_confirmation.apply_async(
        kwargs={"user_id": str(unconfirmed.user_id)}, headers={HEADER: acme.schema_name}
    )
    link = link_in(mailoutbox[0])
    visitor.post(link.removeprefix("http://acme.localhost:8000"))

    assert link.startswith("http://acme.localhost:8000/accounts/confirm-email/")
    with tenant_context(acme):
        assert EmailAddress.objects.get().verified


def test_the_key_of_one_company_confirms_nothing_in_another(
    unconfirmed: EmailAddress, rival_owner: User, acme: Company, rival: Company
) -> None:
    with tenant_context(rival):
        theirs = EmailAddress.objects.create(
            pk=unconfirmed.pk, user=rival_owner, email=rival_owner.email, primary=True
        )
        key = EmailConfirmation.create(theirs).key
    with tenant_context(acme):
        Client(headers={"host": "acme.localhost"}).post(f"/accounts/confirm-email/{key}/")

        assert not EmailAddress.objects.get(pk=unconfirmed.pk).verified


def test_who_has_switched_on_the_second_step_needs_the_code(
    visitor: Client, owner: User, acme: Company
) -> None:
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    with tenant_context(acme):
        TOTP.activate(owner, secret)
        stored = Authenticator.objects.get().data["secret"]

    first = sign_in(visitor, owner.email)
    before = visitor.get("/")
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    second = visitor.post("/accounts/two-steps/authenticate/", {"code": code})

    assert first["Location"].startswith("/accounts/two-steps/authenticate/")
    assert before.status_code == 302
    assert second["Location"] == "/"
    assert visitor.get("/").status_code == 200
    assert secret not in stored


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/profile/", "/accounts/two-steps/", "/accounts/password/change/",
        "/accounts/email/", "/accounts/logout/",
    ],
)  # fmt: skip
def test_a_page_about_oneself_is_shown(owner_client: Client, path: str) -> None:
    assert owner_client.get(path).status_code == 200


def test_the_second_step_is_switched_on_with_a_code_to_scan(visitor: Client, owner: User) -> None:
    sign_in(visitor, owner.email)
    asked_again = visitor.get("/accounts/two-steps/totp/activate/")

    page = visitor.post(asked_again["Location"], {"password": PASSWORD}, follow=True)

    assert b"data:image/svg+xml" in page.content
