"""Connecting boxes: administrators alone, with passwords nobody reads afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_tenants.utils import tenant_context

from apps.mail import secrets
from apps.mail.models import Mailbox
from tenants.models import Company
from tests.apps.mail.server import ImapServer
from tests.apps.mail.smtp import SmtpServer
from tests.apps.mail.test_reading import box, inside, server  # noqa: F401
from tests.apps.mail.test_sending import smtp  # noqa: F401

GIVEN = {
    "provider": "yandex", "name": "Sales", "address": "sales@acme.example",
    "password": "zebra crossing", "imap_port": "993",
}  # fmt: skip


def test_a_known_provider_needs_address_and_password(
    administrator_client: Client, acme: Company
) -> None:
    """F119: a box is connected with address and password; its messages then come by themselves."""
    answer = administrator_client.post("/mail/boxes/new/", GIVEN)

    assert answer.status_code == 302
    with tenant_context(acme):
        kept = Mailbox.objects.get()
    assert (kept.imap_host, kept.imap_port, kept.is_tls) == ("imap.yandex.ru", 993, True)
    assert (kept.smtp_host, kept.smtp_port, kept.smtp_is_tls) == ("smtp.yandex.ru", 465, True)
    assert (kept.login, kept.shares_matched) == ("sales@acme.example", True)
    assert b"zebra" not in bytes(kept.secret)
    assert secrets.opened(kept.secret) == "zebra crossing"


def test_the_password_is_shown_nowhere_and_stays(
    administrator_client: Client, acme: Company
) -> None:
    administrator_client.post("/mail/boxes/new/", GIVEN)
    with tenant_context(acme):
        kept = Mailbox.objects.get()

    page = administrator_client.get(f"/mail/boxes/{kept.pk}/")
    administrator_client.post(f"/mail/boxes/{kept.pk}/", {**GIVEN, "password": "", "name": "New"})

    assert "zebra" not in page.content.decode()
    with tenant_context(acme):
        kept.refresh_from_db()
    assert kept.name == "New"
    assert secrets.opened(kept.secret) == "zebra crossing"


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"provider": "other"}, "imap_host"), ({"password": ""}, "password")],
    ids=["no server", "no password"],
)
def test_what_is_missing_is_asked_for(
    administrator_client: Client, acme: Company, changed: dict[str, str], field: str
) -> None:
    answer = administrator_client.post("/mail/boxes/new/", GIVEN | changed)

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    with tenant_context(acme):
        assert not Mailbox.objects.exists()


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"provider": "other", "imap_host": "imap.stranger.example"},
        {"provider": "other", "imap_host": "imap.yandex.ru", "imap_port": "1993"},
        {"provider": "other", "imap_host": "imap.yandex.ru", "is_tls": ""},
        {
            "provider": "other", "imap_host": "imap.yandex.ru", "is_tls": "on",
            "smtp_host": "smtp.stranger.example",
        },
    ],
    ids=["server", "port", "no encryption", "server that sends"],
)
def test_a_password_is_not_sent_to_another_server(
    administrator_client: Client, acme: Company, elsewhere: dict[str, str]
) -> None:
    administrator_client.post("/mail/boxes/new/", GIVEN)
    with tenant_context(acme):
        kept = Mailbox.objects.get()
    path, new = f"/mail/boxes/{kept.pk}/", {**GIVEN, "is_tls": "on", "name": "New", **elsewhere}

    answer = administrator_client.post(path, {**new, "password": ""})

    assert answer.status_code == 422
    assert "password" in answer.context["form"].errors
    with tenant_context(acme):
        kept.refresh_from_db()
    assert (kept.name, kept.imap_host, kept.imap_port) == ("Sales", "imap.yandex.ru", 993)
    assert administrator_client.post(path, new).status_code == 302


def test_the_check_says_what_is_wrong(
    server: ImapServer, administrator_client: Client, acme: Company  # noqa: F811
) -> None:
    server.password = "another"
    with tenant_context(acme):
        kept = box(server)

    page = administrator_client.post(f"/mail/boxes/{kept.pk}/check/", follow=True)

    form = administrator_client.get(f"/mail/boxes/{kept.pk}/")
    assert "refused login or password" in page.content.decode()
    assert "refused login or password" in form.content.decode()


def test_the_check_says_what_is_wrong_with_sending(
    server: ImapServer, smtp: SmtpServer, administrator_client: Client, acme: Company  # noqa: F811
) -> None:
    smtp.password = "another"
    with tenant_context(acme):
        kept = box(server, smtp_host="127.0.0.1", smtp_port=smtp.port, smtp_is_tls=False)

    page = administrator_client.post(f"/mail/boxes/{kept.pk}/check/", follow=True)

    with tenant_context(acme):
        kept.refresh_from_db()
    assert (kept.problem, kept.send_problem) == ("", "login")
    assert "wrong password" in page.content.decode()
    assert smtp.taken == []


def test_the_check_says_that_a_box_reads_and_sends(
    server: ImapServer, smtp: SmtpServer, administrator_client: Client, acme: Company  # noqa: F811
) -> None:
    with tenant_context(acme):
        kept = box(server, smtp_host="127.0.0.1", smtp_port=smtp.port, smtp_is_tls=False)

    page = administrator_client.post(f"/mail/boxes/{kept.pk}/check/", follow=True)

    assert "can be read, and sent from" in page.content.decode()


@pytest.mark.parametrize("name", ["boxes", "box_new"])
def test_who_may_not_change_settings_connects_nothing(manager_client: Client, name: str) -> None:
    assert manager_client.get(reverse(f"mail:{name}")).status_code == 403


def test_a_box_of_another_company_is_not_found(
    administrator_client: Client, rival: Company, server: Any  # noqa: F811
) -> None:
    with tenant_context(rival):
        theirs = box(server)

    answer = administrator_client.get(f"/mail/boxes/{theirs.pk}/")

    assert answer.status_code == 404
