"""Köprü on a phone: called as the company, read without a line by the one person who was there."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.counterparties.models import Counterparty
from tenants.models import Company


def person_of(client: Client) -> str:
    return str(client.get("/counterparties/")["X-Kopru-Person"])


def test_a_company_is_installed_under_its_own_name(visitor: Client) -> None:
    """G076: an installable program, with pictures of ours and one address where it begins."""
    told = json.loads(visitor.get("/manifest.webmanifest").content)

    assert (told["name"], told["start_url"], told["scope"]) == ("Acme Trading", "/", "/")
    assert told["display"] == "standalone"
    assert {each["sizes"] for each in told["icons"]} == {"192x192", "512x512"}
    assert "maskable" in {each.get("purpose") for each in told["icons"]}


@pytest.mark.parametrize("path", ["/", "/counterparties/", "/deals/list/", "/activities/"])
def test_lists_of_daily_work_may_be_read_without_a_line(
    company: Company, manager_client: Client, path: str
) -> None:
    """G076: what was opened lately is kept."""
    assert manager_client.get(path).get("X-Kopru-Keep") == "yes"


@pytest.mark.parametrize(
    "path",
    ["/accounts/security/", "/accounts/profile/", "/api/", "/counterparties/new/", "/search/"],
)  # fmt: skip
def test_settings_and_forms_are_not_kept(
    company: Company, owner_client: Client, path: str
) -> None:
    assert "X-Kopru-Keep" not in owner_client.get(path)


def test_the_card_of_a_vip_is_not_kept(company: Company, manager_client: Client) -> None:
    plain, vip = (
        Counterparty.objects.create(name=name, is_vip=is_vip)
        for name, is_vip in (("Romashka", False), ("Lutik", True))
    )

    assert manager_client.get(f"/counterparties/{plain.pk}/")["X-Kopru-Keep"] == "yes"
    assert "X-Kopru-Keep" not in manager_client.get(f"/counterparties/{vip.pk}/")


def test_each_person_has_a_name_of_their_own_for_what_is_kept(
    company: Company, manager_client: Client, accountant_client: Client,
    rival_owner_client: Client, owner_client: Client,
) -> None:  # fmt: skip
    """G076: never another person's pages, nor another company's."""
    clients = [manager_client, accountant_client, owner_client, rival_owner_client]

    assert len({person_of(each) for each in clients}) == len(clients)
    assert person_of(manager_client) == person_of(manager_client)


def test_who_is_not_signed_in_is_nobody(visitor: Client) -> None:
    assert visitor.get("/accounts/login/")["X-Kopru-Person"] == "nobody"


def test_the_worker_knows_its_version_and_the_language(
    company: Company, manager: User, manager_client: Client
) -> None:
    first = manager_client.get("/service-worker.js")
    again = manager_client.get("/service-worker.js")
    User.objects.filter(pk=manager.pk).update(language="tr")
    turkish = manager_client.get("/service-worker.js")

    assert first["Content-Type"].startswith("text/javascript")
    assert first.content == again.content
    assert first.content != turkish.content, "its page without a line speaks the new language"


def test_the_page_without_a_line_names_nobody(manager: User, manager_client: Client) -> None:
    page = manager_client.get("/offline/").content.decode()

    assert "There is no connection" in page
    assert str(manager) not in page
