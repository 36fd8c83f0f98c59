"""Nobody reaches the exchange of another company, and nobody guesses a password."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from exchange import access, files, services
from exchange.models import FilePart, Node, UploadedFile
from tenants.audit.models import SecurityEvent
from tenants.models import Company
from tests.exchange import messages
from tests.exchange.onec import OneC
from tests.exchange.shelf import Shelf


def test_the_login_of_one_company_opens_nothing_at_another(onec: OneC) -> None:
    onec.host = "rival.localhost"
    onec.client.defaults["HTTP_HOST"] = "rival.localhost"

    assert onec.text("catalog", "checkauth").startswith("failure\nThe login or the password")


def test_the_cookie_of_one_company_opens_nothing_at_another(onec: OneC) -> None:
    onec.sign_in()
    onec.client.defaults["HTTP_HOST"] = "rival.localhost"

    answer = onec.text("catalog", "init")

    assert answer.startswith("failure\nThe session is unknown")


def test_a_file_of_one_company_is_not_found_in_another(onec: OneC, volga: Company) -> None:
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "import0_1.xml", b"<a/>")
    file = UploadedFile.objects.get()
    stored_as = FilePart.objects.get().stored_as

    connection.set_schema_to_public()
    connection.set_tenant(Company.objects.get(slug="rival"))
    try:
        with pytest.raises(UploadedFile.DoesNotExist):
            files.open_sent(file.pk)
        assert not default_storage.exists(stored_as)
    finally:
        connection.set_tenant(volga)


def test_a_cookie_ends_with_a_new_password(onec: OneC, node: Node) -> None:
    onec.sign_in()

    services.renew_password(node=node, now=timezone.now())

    assert onec.text("catalog", "init").startswith("failure\n")


def test_a_cookie_with_the_login_of_another_connection_is_refused(onec: OneC) -> None:
    onec.sign_in()
    onec.login = "somebody"

    assert onec.text("catalog", "init").startswith("failure\nThe session is unknown")


@pytest.mark.parametrize("cookie", ["PHPSESSID=x", "PHPSESSID=a.b.c.d.e", "other=1", "PHPSESSID="])
def test_a_forged_cookie_is_refused(onec: OneC, cookie: str) -> None:
    onec.cookie = cookie

    assert onec.text("catalog", "init").startswith("failure\n")


def test_an_unknown_login_is_answered_like_a_wrong_password(onec: OneC) -> None:
    stranger = OneC(login="nobody", password="x")
    thief = OneC(login="1c", password="x")

    assert stranger.text("catalog", "checkauth") == thief.text("catalog", "checkauth")


def test_wrong_passwords_are_slowed_down_and_written_down(onec: OneC) -> None:
    thief = OneC(login="1c", password="guess")
    answers = [thief.text("catalog", "checkauth") for _ in range(8)]

    assert answers[0].startswith("failure\nThe login or the password is not right.")
    assert answers[-1].startswith("failure\nToo many wrong passwords from this address.")
    assert SecurityEvent.objects.filter(kind="exchange.password_refused").count() == 5


def test_one_wrong_login_does_not_slow_another_down(onec: OneC) -> None:
    thief = OneC(login="nobody", password="guess")
    for _ in range(8):
        thief.text("catalog", "checkauth")

    assert onec.sign_in()[0] == "success"


def test_a_connection_that_is_switched_off_says_so(onec: OneC, node: Node) -> None:
    Node.objects.update(is_active=False)

    assert onec.text("catalog", "checkauth").startswith("failure\nThis exchange is switched off")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a/../../b.xml", "..%5C..%5Cx", "x%00.xml", "a%0Ab", ""]
)
def test_a_name_that_leaves_its_area_is_refused(onec: OneC, name: str) -> None:
    onec.sign_in()
    onec.text("catalog", "init")

    answer = onec.raw(f"type=catalog&mode=file&filename={name}", body=b"x")

    assert answer.content.startswith(b"failure\n")
    assert UploadedFile.objects.count() == 0


def test_an_endless_upload_is_refused_and_written_down(onec: OneC, settings: Any) -> None:
    settings.KOPRU_EXCHANGE_UPLOAD_LIMIT = 1000
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "a.xml", b"x" * 900)

    answer = onec.text("catalog", "file", filename="b.xml", body=b"x" * 200)

    assert answer.startswith("failure\nThe upload is larger than")
    assert SecurityEvent.objects.filter(kind="exchange.upload_refused").count() == 1
    assert FilePart.objects.count() == 1


def _bomb() -> bytes:
    return messages.zipped({"import0_1.xml": b"<a>" + b" " * 60_000_000})


def _linked() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("import0_1.xml")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return buffer.getvalue()


@pytest.mark.parametrize(
    "body",
    [
        _bomb(),
        _linked(),
        messages.zipped({"../x.xml": b"<a/>"}),
        messages.zipped({"/etc/x.xml": b"<a/>"}),
        messages.zipped({"inner.zip": b"PK"}),
    ],
    ids=["bomb", "link", "traversal", "absolute", "nested"],
)
def test_a_hostile_archive_is_refused_whole_and_written_down(
    onec: OneC, warehouse: Shelf, body: bytes
) -> None:
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "v8.zip", body)

    answer = onec.take("catalog", "import0_1.xml")

    assert answer.startswith("failure\nThe archive is refused:")
    assert SecurityEvent.objects.filter(kind="exchange.archive_refused").count() == 1
    assert UploadedFile.objects.count() == 1


def test_an_archive_of_eighty_to_one_is_real_data(onec: OneC, warehouse: Shelf) -> None:
    refs = [f"item-{number:06}" for number in range(20_000)]
    body = messages.zipped({"import0_1.xml": messages.catalogue(refs[:300])})
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "v8.zip", body)

    assert onec.take("catalog", "import0_1.xml") == "success"


def test_xml_with_a_document_type_is_refused_and_written_down(onec: OneC, warehouse: Shelf) -> None:
    hostile = (
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    )

    answer = onec.portion("import0_1.xml", hostile)

    assert answer.startswith("failure\nThe file is refused:")
    assert SecurityEvent.objects.filter(kind="exchange.document_refused").count() == 1


def test_a_password_can_be_typed_and_is_kept_as_a_hash(node: Node) -> None:
    password = access.new_password()

    assert len(password) == 23
    assert node.test_password not in Node.objects.get().password
