"""Imports by the API: a file is brought, understood, checked, written and undone as on screen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django_tenants.utils import tenant_context

from apps.accounts import roles
from apps.accounts.models import AccessRole, Role, User
from apps.api import tokens
from apps.counterparties.models import Counterparty
from apps.imports import services
from apps.imports.models import ImportRun, KnownMapping
from tenants.audit.models import SecurityEvent
from tenants.models import Company
from tests.apps.custom.asking import ask
from tests.apps.imports.steps import brought, checked, written

TEXT = "Наименование;ИНН;Почта\nРомашка;7707083893;a@b.example\nЛютик;7736050003;не почта\n"
Capture = Any


def bring(by: User, text: str | bytes = TEXT, *, once: str = "", **more: Any) -> Any:
    """Return the answer to a file that a program brings."""
    cache.clear()
    _token, secret = tokens.make_token(user=by, name="Shop", scopes=["*:read", "*:write"])
    data = text.encode() if isinstance(text, str) else text
    told = {"kind": "counterparties", "file": SimpleUploadedFile("customers.csv", data), **more}
    headers = {"Authorization": f"Bearer {secret}"} | ({"Idempotency-Key": once} if once else {})
    return Client(headers={"host": "acme.localhost"}).post(
        "/api/v1/imports", told, headers=headers
    )


def change(by: User, key: Any, **values: Any) -> Any:
    return ask(by, f"imports/{key}", "PATCH", json.dumps(values))


def act(by: User, key: Any, name: str) -> Any:
    return ask(by, f"imports/{key}/{name}", "POST")


def who_only_looks(owner: User) -> User:
    scopes = dict(roles.ticked(AccessRole(base=Role.MANAGER)).scopes)
    del scopes["imports.change"]
    role = roles.save_role(
        role=AccessRole(base=Role.MANAGER), name="Looks", scopes=scopes, fields={}, by=owner
    )
    return User.objects.create_user(
        email="looks@acme.example", role=Role.MANAGER, access_role=role, full_name="Luka"
    )


def test_a_file_goes_all_the_way_by_the_api(
    company: Company, manager: User, django_capture_on_commit_callbacks: Capture
) -> None:
    """F232, G069: brought, checked, written and undone; nothing is there before it is written."""
    made = bring(manager)
    key = made.json()["id"]

    with django_capture_on_commit_callbacks(execute=True):
        checking = act(manager, key, "check")
    told = ask(manager, f"imports/{key}").json()
    before = Counterparty.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        act(manager, key, "write")
    names = [each.name for each in Counterparty.objects.all()]
    with django_capture_on_commit_callbacks(execute=True):
        act(manager, key, "undo")

    assert (made.status_code, made.json()["state"]) == (201, "mapping")
    assert made["Location"].endswith(f"/api/v1/imports/{key}")
    assert checking.json()["state"] == "checking"
    assert [told[name] for name in ("state", "row_count", "new", "changed", "wrong")] == [
        "checked", "2", "1", "0", "1"
    ]  # fmt: skip
    assert (before, names) == (0, ["Ромашка"])
    assert ask(manager, f"imports/{key}").json()["state"] == "undone"
    assert not Counterparty.objects.exists()


def test_what_the_columns_mean_is_guessed_and_told(company: Company, manager: User) -> None:
    """F232: each column with its heading and first values."""
    told = bring(manager).json()

    assert [(each["number"], each["field"]) for each in told["columns"]] == [
        ("1", "name"), ("2", "tax_number"), ("3", "email")
    ]  # fmt: skip
    assert told["columns"][0]["samples"] == ["Ромашка", "Лютик"]
    assert [told[name] for name in ("encoding", "delimiter", "head", "match", "mode")] == [
        "utf-8", ";", "1", "tax_number", "both"
    ]  # fmt: skip


def test_all_may_be_told_with_the_file(company: Company, manager: User) -> None:
    columns = [{"number": 1, "field": "name"}, {"number": 2, "field": "phone"}]
    answer = bring(
        manager, "name/phone/x\nAcme/+7 495 1234567/1\n", delimiter="/", head="1",
        columns=json.dumps(columns), match="name", mode="new", empty="clear", missing="refuse",
    )  # fmt: skip

    told = answer.json()
    assert answer.status_code == 201, told
    assert [each["field"] for each in told["columns"]] == ["name", "phone", ""]
    assert [told[name] for name in ("match", "mode", "empty", "missing", "state")] == [
        "name", "new", "clear", "refuse", "mapping"
    ]  # fmt: skip


def test_columns_that_are_read_may_be_sent_back_changed(company: Company, manager: User) -> None:
    """F232: what was read is taken, changed or not; a check before it is void."""
    run = checked(brought(TEXT, by=manager))
    columns = ask(manager, f"imports/{run.pk}").json()["columns"]
    columns[2]["field"] = "comment"

    answer = change(manager, run.pk, columns=columns, mode="new")

    told = answer.json()
    assert answer.status_code == 200, told
    assert [each["field"] for each in told["columns"]] == ["name", "tax_number", "comment"]
    assert (told["state"], told["wrong"], told["mode"]) == ("mapping", "0", "new")
    assert act(manager, run.pk, "write").status_code == 422


def test_a_file_is_read_in_another_way(company: Company, manager: User) -> None:
    run = brought("name/phone\nAcme/12345678\n", by=manager)

    answer = change(manager, run.pk, delimiter="/", head=0)

    told = answer.json()
    assert [each["samples"] for each in told["columns"]] == [["name", "Acme"],
                                                             ["phone", "12345678"]]  # fmt: skip
    assert (told["delimiter"], told["head"]) == ("/", "0")


def test_words_of_the_file_are_given_a_meaning(company: Company, manager: User) -> None:
    """F232: words that nothing answers to are told, and mean what a program says."""
    run = checked(brought("Наименование;Ответственный\nРомашка;Ма\n", by=manager))
    unknown = ask(manager, f"imports/{run.pk}").json()["unknown"]
    meant = {"field": "responsible", "text": "Ма", "value": str(manager.pk)}

    answer = change(manager, run.pk, meanings=[meant])
    run.refresh_from_db()
    after = checked(run)

    assert unknown == [{"field": "responsible", "text": "Ма", "times": "1"}]
    assert answer.json()["meanings"] == [meant]
    assert (after.counts, after.unknown) == ({"new": 1}, {})


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"kind": "planets"}, "kind"), ({"kind": "stock"}, "kind"), ({"colour": "red"}, "colour"),
        ({"encoding": "ebcdic"}, "encoding"), ({"delimiter": "ab"}, "delimiter"),
        ({"table": "Sheet9"}, "table"), ({"head": "1.5"}, "head"), ({"mode": ""}, "mode"),
        ({"match": "phone"}, "match"), ({"columns": "{"}, "columns"),
        ({"columns": '[{"number": 9, "field": "name"}]'}, "columns"),
        ({"columns": '[{"number": 1}, {"number": 1}]'}, "columns"),
        ({"columns": '[{"number": 1, "field": "moon"}]'}, "columns"),
        ({"meanings": '[{"field": "moon", "text": "x"}]'}, "meanings"),
        ({"file": ""}, "file"), ({"state": "done"}, "state"),
    ],
)  # fmt: skip
def test_a_wrong_form_keeps_nothing(
    company: Company, manager: User, settings: Any, tmp_path: Path, more: dict[str, str],
    field: str,
) -> None:  # fmt: skip
    """F232: neither a row nor the bytes of the file."""
    settings.MEDIA_ROOT = tmp_path

    answer = bring(manager, **more)

    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert not ImportRun.objects.exists()
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []


def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    company: Company, manager: User
) -> None:
    answer = bring(manager, b"\x00\x01\x00\x00Standard Jet DB\x00" + bytes(100))
    nothing = bring(manager, b" ")

    assert (answer.status_code, nothing.status_code) == (422, 422)
    assert nothing.json()["errors"] == {"file": ["There are no rows in the file."]}
    assert not ImportRun.objects.exists()


def test_a_file_has_the_limit_of_the_screen(
    company: Company, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MOST_BYTES", 4)

    assert bring(manager).status_code == 413
    assert ask(manager, "imports", "POST", "{}").status_code == 415
    assert not ImportRun.objects.exists()


def test_the_same_file_again_is_brought_once(company: Company, manager: User) -> None:
    """G069: by its Idempotency-Key; another file under the same key is refused."""
    _token, secret = tokens.make_token(user=manager, name="S", scopes=["*:read", "*:write"])

    def ask_once(text: str) -> Any:
        file = SimpleUploadedFile("customers.csv", text.encode())
        return Client(headers={"host": "acme.localhost"}).post(
            "/api/v1/imports", {"kind": "counterparties", "file": file},
            headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": "monday"},
        )  # fmt: skip

    first, again, other = ask_once(TEXT), ask_once(TEXT), ask_once(TEXT + "Пион;;\n")

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 409)
    assert (again["Idempotent-Replayed"], again.json()["id"]) == ("true", first.json()["id"])
    assert ImportRun.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "name"),
    [(TEXT, "write"), (TEXT, "undo"), ("x;y\n1;2\n", "check")],
    ids=["before its check", "before it is written", "without a meaning"],
)
def test_a_step_out_of_turn_is_refused(
    company: Company, manager: User, text: str, name: str
) -> None:
    """F232: the steps are those of the screen."""
    run = brought(text, by=manager)

    answer = act(manager, run.pk, name)

    run.refresh_from_db()
    assert (answer.status_code, run.state) == (422, "mapping")


def test_what_is_written_is_changed_no_more(company: Company, manager: User) -> None:
    run = written(checked(brought(TEXT, by=manager)))

    columns = change(manager, run.pk, columns=[])
    reading = change(manager, run.pk, delimiter=",")

    run.refresh_from_db()
    assert (columns.status_code, reading.status_code, run.state) == (422, 422, "done")
    assert columns.json()["detail"] == "This step does not follow “Imported”."


def test_an_import_whose_file_is_forgotten_is_not_undone(
    company: Company, manager: User
) -> None:
    """What undo needs is gone after a month: nothing claims to have been undone."""
    run = written(checked(brought(TEXT, by=manager)))
    services.remove_old(now=run.created_at + services.KEPT * 2)

    answer = act(manager, run.pk, "undo")

    run.refresh_from_db()
    assert (answer.status_code, run.state) == (422, "done")
    assert answer.json()["detail"] == "Its file was removed after a month. Bring it again."
    assert ask(manager, f"imports/{run.pk}/errors").status_code == 404


def test_the_lines_with_errors_are_fetched(company: Company, manager: User) -> None:
    """F232: once they are known, each with its reason."""
    run = brought(TEXT, by=manager)
    early = ask(manager, f"imports/{run.pk}/errors")
    checked(run)

    file = ask(manager, f"imports/{run.pk}/errors")

    text = b"".join(file.streaming_content).decode("utf-8-sig")
    assert early.status_code == 404
    assert text.splitlines()[0] == "Наименование,ИНН,Почта,Reason"
    assert "“не почта” is not an e-mail address." in text
    assert "Ромашка" not in text


def test_an_import_is_of_whoever_brought_it(
    company: Company, manager: User, accountant: User, owner: User
) -> None:
    """F219: who runs the company sees all."""
    run = checked(brought(TEXT, by=owner))
    role = roles.ticked(AccessRole(base=Role.MANAGER))
    assert "imports.view" in role.scopes

    answers = [
        ask(manager, f"imports/{run.pk}"), change(manager, run.pk, mode="new"),
        act(manager, run.pk, "write"), ask(manager, f"imports/{run.pk}/errors"),
    ]  # fmt: skip

    assert [each.status_code for each in answers] == [404, 404, 404, 404]
    assert ask(manager, "imports").json()["data"] == []
    assert [each["id"] for each in ask(owner, "imports").json()["data"]] == [str(run.pk)]
    run.refresh_from_db()
    assert run.state == "checked"


def test_without_the_right_nothing_is_brought_or_written(company: Company, owner: User) -> None:
    """F219: neither by who may only look, nor of a kind whose rows one may not write."""
    person = who_only_looks(owner)
    run = checked(brought(TEXT, by=person))

    answers = [bring(person), change(person, run.pk, mode="new"), act(person, run.pk, "write")]

    assert [each.status_code for each in answers] == [403, 403, 403]
    assert ask(person, f"imports/{run.pk}").status_code == 200
    assert (ImportRun.objects.count(), Counterparty.objects.count()) == (1, 0)


def test_rows_of_a_kind_need_the_right_to_the_kind(company: Company, owner: User) -> None:
    """F219: who may import, but not write customers, imports none."""
    scopes = dict(roles.ticked(AccessRole(base=Role.MANAGER)).scopes)
    del scopes["counterparties.create"], scopes["counterparties.edit"]
    role = roles.save_role(
        role=AccessRole(base=Role.MANAGER), name="Deals", scopes=scopes, fields={}, by=owner
    )
    person = User.objects.create_user(
        email="deals@acme.example", role=Role.MANAGER, access_role=role, full_name="Dima"
    )
    run = checked(brought(TEXT, by=person))

    answers = [bring(person), change(person, run.pk, mode="new"), act(person, run.pk, "write")]

    run.refresh_from_db()
    assert [each.status_code for each in answers] == [403, 403, 403]
    assert (ImportRun.objects.count(), run.state) == (1, "checked")


def test_a_key_without_the_scope_brings_nothing(company: Company, manager: User) -> None:
    _token, secret = tokens.make_token(user=manager, name="R", scopes=["imports:read"])

    answer = Client(headers={"host": "acme.localhost"}).post(
        "/api/v1/imports", {}, headers={"Authorization": f"Bearer {secret}"}
    )

    assert answer.status_code == 403


def test_another_company_s_imports_are_not_there(
    company: Company, manager: User, rival: Company, rival_owner: User
) -> None:
    run = checked(brought(TEXT, by=manager))
    with tenant_context(rival):
        _token, secret = tokens.make_token(user=rival_owner, name="R", scopes=["*:read", "*:write"])
        client = Client(headers={"host": f"{rival.slug}.localhost"})
        headers = {"Authorization": f"Bearer {secret}"}
        read = client.get(f"/api/v1/imports/{run.pk}", headers=headers)
        wrote = client.post(f"/api/v1/imports/{run.pk}/write", headers=headers)

    assert (read.status_code, wrote.status_code) == (404, 404)


def test_writing_stands_in_the_security_log(company: Company, manager: User) -> None:
    """F219: as from the screen, with who did it."""
    run = checked(brought(TEXT, by=manager))

    act(manager, run.pk, "write")

    noted = SecurityEvent.objects.get(kind="import.started")
    assert (noted.login, noted.detail["object"]) == (manager.email, "counterparties")
    assert KnownMapping.objects.filter(kind="counterparties").exists()
