"""Files by the API: kept on cards, listed, fetched, thrown away, each by the rights of its card."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_tenants.utils import tenant_context

from apps.accounts.models import User
from apps.api import tokens
from apps.counterparties import files
from apps.counterparties.models import Attachment, Counterparty
from tenants.models import Company
from tests.apps.custom.asking import ask
from tests.apps.custom.test_computed_rights import narrow


@pytest.fixture
def romashka(company: Company, owner: User) -> Counterparty:
    return Counterparty.objects.create(name="Romashka", sort_name="romashka", responsible=owner)


def upload(by: User, card: Counterparty, content: bytes = b"%PDF-1.7", **more: Any) -> Any:
    cache.clear()
    _token, secret = tokens.make_token(user=by, name="Shop", scopes=["*:read", "*:write"])
    told = {"kind": "counterparties", "key": str(card.pk),
            "file": SimpleUploadedFile("offer.pdf", content)}  # fmt: skip
    return Client(headers={"host": "acme.localhost"}).post(
        "/api/v1/files", told | more, headers={"Authorization": f"Bearer {secret}"}
    )


def test_a_file_is_kept_listed_and_fetched(romashka: Counterparty, manager: User) -> None:
    """G027, G069: by a key, as a person drops it on the card."""
    kept = upload(manager, romashka)
    key = kept.json()["id"]

    found = ask(manager, f"files?kind=counterparties&key={romashka.pk}").json()["data"]
    fetched = ask(manager, f"files/{key}/content")

    assert (kept.status_code, kept.json()["name"]) == (201, "offer.pdf")
    assert [each["id"] for each in found] == [key]
    assert b"".join(fetched.streaming_content) == b"%PDF-1.7"
    assert "attachment" in fetched["Content-Disposition"]


def test_the_same_bytes_again_keep_nothing_new(romashka: Counterparty, manager: User) -> None:
    first, again = upload(manager, romashka), upload(manager, romashka)
    other = upload(manager, romashka, b"%PDF-1.8")

    assert again.json()["id"] == first.json()["id"]
    assert other.json()["version"] == "2"


def test_a_file_goes_into_the_trash_and_comes_back(
    romashka: Counterparty, manager: User
) -> None:
    key = upload(manager, romashka).json()["id"]

    gone = ask(manager, f"files/{key}/trash", method="POST")
    back = ask(manager, f"files/{key}/restore", method="POST")

    assert (gone.json()["is_archived"], back.json()["is_archived"]) == (True, False)


def test_whoever_does_not_see_the_card_sees_no_file(
    romashka: Counterparty, manager: User, owner: User
) -> None:
    key = upload(owner, romashka).json()["id"]
    narrow(manager, "counterparties")

    assert ask(manager, "files").json()["data"] == []
    assert ask(manager, f"files/{key}/content").status_code == 404
    assert ask(manager, f"files/{key}/trash", method="POST").status_code == 404
    assert upload(manager, romashka).status_code == 422
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "status"),
    [({"key": "x"}, 422), ({"kind": "planets"}, 422), ({"colour": "red"}, 422),
     ({"file": ""}, 422)],
)  # fmt: skip
def test_a_wrong_form_keeps_nothing(
    romashka: Counterparty, manager: User, more: dict[str, str], status: int
) -> None:
    assert upload(manager, romashka, **more).status_code == status
    assert not Attachment.objects.exists()


def test_a_file_has_its_limit(
    romashka: Counterparty, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGEST", 4)

    assert upload(manager, romashka).status_code == 413
    assert upload(manager, romashka, b"").status_code == 422
    assert ask(manager, "files", method="POST", body="{}").status_code == 415


def test_a_key_without_the_scope_keeps_nothing(romashka: Counterparty, manager: User) -> None:
    _token, secret = tokens.make_token(user=manager, name="R", scopes=["files:read"])

    answer = Client(headers={"host": "acme.localhost"}).post(
        "/api/v1/files", {}, headers={"Authorization": f"Bearer {secret}"}
    )

    assert answer.status_code == 403


def test_another_company_s_files_are_not_there(
    romashka: Counterparty, manager: User, rival: Company, rival_owner: User
) -> None:
    key = upload(manager, romashka).json()["id"]
    with tenant_context(rival):
        _token, secret = tokens.make_token(user=rival_owner, name="R", scopes=["*:read"])
        answer = Client(headers={"host": f"{rival.slug}.localhost"}).get(
            f"/api/v1/files/{key}/content", headers={"Authorization": f"Bearer {secret}"}
        )

    assert answer.status_code in (403, 404)
