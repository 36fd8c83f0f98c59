"""Files on cards: kept once, looked into, never shown where they could do harm."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from apps.accounts.models import User
from apps.counterparties import files
from apps.counterparties.models import Attachment, Counterparty
from tenants.models import Company


def picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(target, "PNG")
    return target.getvalue()


def sent(browser: Client, partner: Counterparty, name: str, content: bytes) -> Any:
    told = {"file": SimpleUploadedFile(name, content, content_type="image/png")}
    return browser.post(f"/counterparties/files/counterparties/{partner.pk}/", told)


@pytest.fixture
def partner(company: Company) -> Counterparty:
    return Counterparty.objects.create(name="Romashka")


@pytest.mark.parametrize(
    ("content", "kept_as", "is_shown"),
    [
        (b"%PDF-1.7 offer", "application/pdf", True),
        (picture(), "image/png", True),
        (b"<html><script>alert(1)</script>", files.ANYTHING, False),
    ],
    ids=["a PDF is seen in place", "a picture too", "a page is only downloaded"],
)
def test_a_file_is_served_by_what_it_is(
    partner: Counterparty, manager_client: Client, content: bytes, kept_as: str, is_shown: bool
) -> None:
    """G027: drop a PDF on a card: seen in place."""
    sent(manager_client, partner, "offer.png", content)

    file = Attachment.objects.get()
    answer = manager_client.get(f"/counterparties/files/{file.pk}/")

    assert (file.content_type, answer["Content-Type"]) == (kept_as, kept_as)
    assert answer["Content-Disposition"].startswith("inline") == is_shown
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content) == content  # type: ignore[attr-defined]


def test_the_same_name_is_a_further_version(partner: Counterparty, manager_client: Client) -> None:
    """G027: versions."""
    for content in (b"%PDF-1", b"%PDF-2", b"%PDF-2"):
        sent(manager_client, partner, "offer.pdf", content)

    [latest] = files.files_of(kind="counterparties", key=partner.pk)
    assert (latest.version, Attachment.objects.count()) == (2, 2)


def test_a_file_goes_to_the_trash_and_comes_back(
    partner: Counterparty, manager_client: Client
) -> None:
    sent(manager_client, partner, "offer.pdf", b"%PDF-1")
    file = Attachment.objects.get()

    manager_client.post(f"/counterparties/files/{file.pk}/archive/")
    assert files.files_of(kind="counterparties", key=partner.pk) == []
    manager_client.post(f"/counterparties/files/{file.pk}/archive/", {"back": "yes"})

    assert files.files_of(kind="counterparties", key=partner.pk) == [file]


def test_a_file_that_is_too_large_is_refused(
    partner: Counterparty, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGEST", 3)

    with pytest.raises(files.TooLarge):
        files.keep_file(
            kind="counterparties", key=partner.pk, name="a", source=io.BytesIO(b"1234"), size=4,
            by=manager,
        )  # fmt: skip

    assert not Attachment.objects.exists()


def test_an_accountant_adds_no_file(partner: Counterparty, accountant_client: Client) -> None:
    answer = sent(accountant_client, partner, "offer.pdf", b"%PDF-1")

    assert (answer.status_code, Attachment.objects.count()) == (404, 0)


def test_another_company_cannot_reach_a_file(
    partner: Counterparty, manager_client: Client, rival_owner_client: Client
) -> None:
    sent(manager_client, partner, "offer.pdf", b"%PDF-1")
    file = Attachment.objects.get()

    assert rival_owner_client.get(f"/counterparties/files/{file.pk}/").status_code == 404


def test_a_name_from_outside_is_only_a_name(partner: Counterparty, manager: User) -> None:
    kept = files.keep_file(
        kind="counterparties", key=partner.pk, name="..\\..\\etc/passwd", size=3,
        source=io.BytesIO(b"abc"), by=manager,
    )  # fmt: skip

    assert kept.name == "passwd"
