"""Finding one's company, health and figures of the service."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.core.mail import EmailMessage
from django.test import Client

from apps.accounts.models import User

BY_MAIL = "/sign-in/by-mail/"


@pytest.fixture
def public(db: None) -> Iterator[Client]:
    """A browser at the public address, which has asked nothing in this hour."""
    caches["public"].clear()
    yield Client(headers={"host": "localhost"})
    caches["public"].clear()


@pytest.mark.parametrize(
    "typed", ["acme", " ACME ", "acme.localhost", "http://acme.localhost:8000/invoices/"]
)
def test_an_address_leads_to_its_company(public: Client, acme: object, typed: str) -> None:
    answer = public.post("/sign-in/", {"slug": typed})

    assert answer["Location"] == "http://acme.localhost:8000/accounts/login/"


def test_an_address_that_nobody_has_is_told(public: Client) -> None:
    answer = public.post("/sign-in/", {"slug": "nobody"})

    assert answer.status_code == 422
    assert "no company" in answer.content.decode()


def test_a_letter_tells_where_an_e_mail_can_sign_in(
    public: Client, owner: User, mailoutbox: list[EmailMessage]
) -> None:
    public.post(BY_MAIL, {"mail-email": owner.email.upper()})

    assert [letter.to for letter in mailoutbox] == [[owner.email]]
    assert "Acme Trading\nhttp://acme.localhost:8000/accounts/login/" in mailoutbox[0].body
    assert "Rival" not in mailoutbox[0].body


def _answer_to(public: Client, email: str) -> str:
    """Return the page without what differs from one question to the next."""
    page = public.post(BY_MAIL, {"mail-email": email}).content.decode().replace(email, "")
    return re.sub(r"[A-Za-z0-9]{64}", "", page)  # the token of the form


def test_the_page_does_not_tell_who_works_where(
    public: Client, owner: User, mailoutbox: list[EmailMessage]
) -> None:
    known = _answer_to(public, owner.email)
    unknown = _answer_to(public, "no@body.example")

    assert known == unknown
    assert len(mailoutbox) == 1


def test_nobodys_box_is_flooded(
    public: Client, owner: User, mailoutbox: list[EmailMessage]
) -> None:
    for _ in range(5):
        public.post(BY_MAIL, {"mail-email": owner.email})

    assert len(mailoutbox) == 3


def test_one_address_does_not_sign_up_without_end(public: Client) -> None:
    codes = [public.post("/", {"slug": "x"}).status_code for _ in range(21)]

    assert codes == [422] * 20 + [429]


def test_the_service_is_ready(public: Client) -> None:
    assert public.get("/healthz").content == b"ok"
    assert public.get("/readyz").content == b"ready"


@pytest.mark.parametrize(
    ("extra", "status"),
    [
        ({}, 200),
        ({"REMOTE_ADDR": "192.0.2.1"}, 404),
        ({"HTTP_X_FORWARDED_FOR": "192.0.2.1"}, 404),
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_AUTHORIZATION": "Bearer wrong"}, 404),
        ({"REMOTE_ADDR": "192.0.2.1", "HTTP_AUTHORIZATION": "Bearer right"}, 200),
    ],
    ids=["this machine", "another", "through a proxy", "wrong token", "right token"],
)
def test_figures_are_for_the_operator(
    public: Client, settings: Any, extra: dict[str, str], status: int
) -> None:
    settings.METRICS_TOKEN = "right"

    answer = public.get("/metrics", **extra)

    assert answer.status_code == status
    if status == 200:
        assert b'kopru_companies{state="active"}' in answer.content
