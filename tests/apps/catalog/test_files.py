"""Pictures of 1C: before or after their product, small, safe, and nobody else's."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, datetime

import pytest
from django.conf import settings as django_settings
from django.test import Client
from PIL import Image

from apps.catalog import services
from apps.catalog.models import ProductFile
from exchange.rows import FileRef
from tenants.models import Company
from tests.apps.catalog.rows import NODE, product, store

NOW = datetime(2026, 3, 2, tzinfo=UTC)
PATH = "import_files/ab/nail.jpg"


@pytest.fixture(autouse=True)
def _storage(tmp_path: object, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    assert tmp_path == django_settings.MEDIA_ROOT


def picture(width: int = 800, height: int = 600) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(target, "JPEG")
    return target.getvalue()


def attach(content: bytes, path: str = PATH) -> str:
    return services.attach_file(
        node_id=NODE,
        path=path,
        source=io.BytesIO(content),
        digest=hashlib.sha256(content).hexdigest(),
        size=len(content),
        now=NOW,
    )


def nail_with_picture() -> ProductFile:
    store(product("nail", files=(FileRef(PATH, "", True),)))
    return ProductFile.objects.get(path=PATH)


@pytest.mark.usefixtures("company")
def test_bytes_find_the_product_that_came_before_them() -> None:
    file = nail_with_picture()

    attach(picture())

    file.refresh_from_db()
    assert file.digest == hashlib.sha256(picture()).hexdigest()


@pytest.mark.usefixtures("company")
def test_bytes_that_come_first_wait_for_their_product() -> None:
    attach(picture())

    assert nail_with_picture().digest == hashlib.sha256(picture()).hexdigest()


@pytest.mark.usefixtures("company")
def test_the_same_bytes_again_change_nothing() -> None:
    nail_with_picture()

    assert [attach(picture()), attach(picture()), attach(picture(10, 10))] == [
        "created",
        "unchanged",
        "changed",
    ]


@pytest.mark.usefixtures("company")
def test_a_file_too_large_is_refused_and_nothing_is_kept() -> None:
    file = nail_with_picture()

    with pytest.raises(services.FileRefused):
        services.attach_file(
            node_id=NODE,
            path=PATH,
            source=io.BytesIO(b""),
            digest="0" * 64,
            size=services.FILE_LIMIT + 1,
            now=NOW,
        )

    file.refresh_from_db()
    assert file.digest == ""


@pytest.mark.usefixtures("company")
def test_a_picture_is_shown_small(manager_client: Client) -> None:
    file = nail_with_picture()
    attach(picture())

    answer = manager_client.get(f"/catalog/files/{file.pk}/?size=small")

    small = Image.open(io.BytesIO(b"".join(answer.streaming_content)))
    assert answer["Content-Type"] == "image/webp"
    assert small.size == (96, 72)


@pytest.mark.usefixtures("company")
def test_a_browser_that_has_the_picture_is_not_sent_it_again(manager_client: Client) -> None:
    file = nail_with_picture()
    attach(picture())
    tag = manager_client.get(f"/catalog/files/{file.pk}/")["ETag"]

    again = manager_client.get(f"/catalog/files/{file.pk}/", headers={"If-None-Match": tag})

    assert again.status_code == 304


@pytest.mark.usefixtures("company")
@pytest.mark.parametrize(
    "content",
    [b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", b"<html>", b"MZ"],
    ids=["svg", "html", "program"],
)
def test_what_is_no_picture_is_only_ever_downloaded(manager_client: Client, content: bytes) -> None:
    file = nail_with_picture()
    attach(content)

    answer = manager_client.get(f"/catalog/files/{file.pk}/")

    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert manager_client.get(f"/catalog/files/{file.pk}/?size=small").status_code == 404


@pytest.mark.usefixtures("company")
def test_a_picture_that_would_fill_the_memory_is_not_decoded(
    manager_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.catalog.pictures._PIXELS", 100)
    file = nail_with_picture()
    attach(picture())

    assert manager_client.get(f"/catalog/files/{file.pk}/?size=small").status_code == 404


@pytest.mark.usefixtures("company")
def test_another_company_cannot_reach_the_file(rival_owner_client: Client) -> None:
    file = nail_with_picture()
    attach(picture())

    assert rival_owner_client.get(f"/catalog/files/{file.pk}/").status_code == 404


def test_who_is_not_signed_in_gets_no_file(company: Company, visitor: Client) -> None:
    file = nail_with_picture()

    assert visitor.get(f"/catalog/files/{file.pk}/").status_code == 302
