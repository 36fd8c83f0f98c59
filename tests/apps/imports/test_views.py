"""The steps of an import on screen, and who may take them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from apps.accounts.models import User
from apps.counterparties.models import Counterparty
from apps.imports.models import ImportRun, RunState
from tenants.models import Company
from tests.apps.imports.steps import brought, checked
from tests.apps.imports.test_sources import xlsx

TEXT = "Наименование;ИНН;Почта\nРомашка;7707083893;a@b.example\nЛютик;7736050003;не почта\n"
Capture = Any


def upload(client: Client, data: bytes, name: str = "customers.csv") -> str:
    """Return the address to which a file leads."""
    file = SimpleUploadedFile(name, data)
    answer = client.post("/imports/new/", {"kind": "counterparties", "file": file})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    return str(answer["Location"])


def chosen(run: ImportRun) -> dict[str, Any]:
    """Return what the form of the columns sends as it was guessed."""
    fields = {f"field-{place}": each["field"] for place, each in enumerate(run.mapping)}
    return {**fields, "match": run.settings["match"], "mode": "both", "empty": "keep"}


def test_a_file_goes_all_the_way_on_screen(
    manager_client: Client, company: Company,
    django_capture_on_commit_callbacks: Capture,
) -> None:  # fmt: skip
    """F232: a spreadsheet with mapping, preview and error file."""
    rows = [["Наименование", "ИНН", "Почта"], ["Ромашка", 7707083893, "a@b.example"],
            ["Лютик", 7736050003, "не почта"]]  # fmt: skip
    address = upload(manager_client, xlsx(rows), "customers.xlsx")
    run = ImportRun.objects.get()
    assert "7707083893" in manager_client.get(address).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        manager_client.post(f"{address}choose/", chosen(run))
    page = manager_client.get(address).content.decode()
    assert "“не почта” is not an e-mail address." in page
    assert not Counterparty.objects.exists()

    with django_capture_on_commit_callbacks(execute=True):
        manager_client.post(f"{address}write/")
    assert [each.name for each in Counterparty.objects.all()] == ["Ромашка"]

    with django_capture_on_commit_callbacks(execute=True):
        manager_client.post(f"{address}undo/")
    assert not Counterparty.objects.exists()
    assert "Undone" in manager_client.get(address).content.decode()


def test_the_error_file_can_be_corrected_and_brought_in_again(
    manager_client: Client, manager: User, company: Company
) -> None:
    """F232, G044: error file with the rows and a reason column, re-importable."""
    checked(brought(TEXT + "+7 900;1;x\n=1+1;2;x\n", by=manager))
    run = ImportRun.objects.get()

    answer = manager_client.get(f"/imports/{run.pk}/errors/")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.splitlines()[0] == "Наименование,ИНН,Почта,Reason"
    assert "+7 900,1," in text
    assert "'=1+1,2," in text

    again = brought(text.replace("не почта", "c@d.example"), by=manager)
    assert [each["field"] for each in again.mapping] == ["name", "tax_number", "email", ""]


def test_the_file_is_read_in_another_way_when_told_so(
    manager_client: Client, company: Company
) -> None:
    address = upload(manager_client, b"name/phone\nAcme/12345678\n")

    manager_client.post(f"{address}look/", {"delimiter": "/", "head": "1"})

    assert ImportRun.objects.get().headings == ["name", "phone"]


def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    manager_client: Client, company: Company
) -> None:
    file = SimpleUploadedFile("base.mdb", b"\x00\x01\x00\x00Standard Jet DB\x00" + bytes(100))

    answer = manager_client.post("/imports/new/", {"kind": "counterparties", "file": file})

    assert answer.status_code == 422
    assert not ImportRun.objects.exists()


def test_nobody_else_sees_an_import_but_who_runs_the_company(
    manager: User, manager_client: Client, owner_client: Client, accountant_client: Client,
    company: Company,
) -> None:  # fmt: skip
    run = checked(brought(TEXT, by=manager))
    other = User.objects.create_user(email="other@acme.example", role="manager")
    theirs = Client(headers={"host": "acme.localhost"})
    theirs.force_login(other, backend="allauth.account.auth_backends.AuthenticationBackend")

    assert owner_client.get(f"/imports/{run.pk}/").status_code == 200
    assert theirs.get(f"/imports/{run.pk}/").status_code == 404
    assert theirs.get(f"/imports/{run.pk}/errors/").status_code == 404
    assert theirs.post(f"/imports/{run.pk}/write/").status_code == 404
    assert accountant_client.get(f"/imports/{run.pk}/").status_code == 403


def test_another_company_reaches_no_import(
    manager: User, rival_owner_client: Client, company: Company
) -> None:
    run = checked(brought(TEXT, by=manager))

    for part in ("", "errors/"):
        assert rival_owner_client.get(f"/imports/{run.pk}/{part}").status_code == 404
    assert rival_owner_client.post(f"/imports/{run.pk}/write/").status_code == 404
    run.refresh_from_db()
    assert run.state == RunState.CHECKED


@pytest.mark.parametrize("language", ["ru", "tr"])
def test_the_screens_speak_the_language_of_the_reader(
    manager_client: Client, manager: User, company: Company, language: str
) -> None:
    run = checked(brought(TEXT, by=manager))
    manager_client.cookies["kopru_language"] = language

    with translation.override(language):
        page = manager_client.get(f"/imports/{run.pk}/").content.decode()

    assert {"ru": "Не взято", "tr": "Alınmayanlar"}[language] in page
