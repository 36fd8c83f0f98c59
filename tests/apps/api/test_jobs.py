"""Lists as files, lists by the clock and changes of many rows by the API."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from apps.accounts import roles
from apps.accounts.models import AccessRole, Role, User
from apps.api import tokens
from apps.core import objects
from apps.core.lists import bulk, exporting
from apps.core.models import BulkJob, ExportJob, ExportSchedule
from apps.counterparties.models import Counterparty
from tenants.audit.models import SecurityEvent
from tenants.models import Company
from tests.apps.custom.asking import ask

LIST = {"list": "counterparties", "file": "csv"}


@pytest.fixture
def alfa(company: Company, owner: User) -> Counterparty:
    return Counterparty.objects.create(name="Alfa", sort_name="alfa", responsible=owner)


def write(user: User, path: str, body: dict[str, Any], method: str = "POST") -> Any:
    return ask(user, path, method, json.dumps(body))


def fetched(user: User, path: str) -> Any:
    _token, secret = tokens.make_token(user=user, name="Shop", scopes=["exports:read"])
    return Client(headers={"host": "acme.localhost"}).get(
        f"/api/v1/{path}", headers={"Authorization": f"Bearer {secret}"}
    )


def who_takes_nothing_out(owner: User) -> User:
    scopes = dict(roles.ticked(AccessRole(base=Role.MANAGER)).scopes)
    del scopes["counterparties.export"]
    role = roles.save_role(
        role=AccessRole(base=Role.MANAGER), name="Stays", scopes=scopes, fields={}, by=owner
    )
    return User.objects.create_user(
        email="stays@acme.example", role=Role.MANAGER, access_role=role, full_name="Stas"
    )


def test_a_list_is_made_into_a_file_and_fetched(alfa: Counterparty, owner: User) -> None:
    """F234, G069: asked for, made, fetched, noted; then taken away."""
    job = write(owner, "exports", {**LIST, "address": "q=alfa", "columns": "name"}).json()
    early = fetched(owner, f"exports/{job['id']}/file")
    exporting.run(job_id=ExportJob.objects.get().pk)

    file = fetched(owner, f"exports/{job['id']}/file")
    state = ask(owner, f"exports/{job['id']}").json()
    gone = ask(owner, f"exports/{job['id']}", "DELETE")

    assert (job["state"], job["total"], job["columns"]) == ("waiting", "1", "name")
    assert (early.status_code, state["state"], gone.status_code) == (404, "done", 204)
    assert "Alfa" in b"".join(file.streaming_content).decode("utf-8-sig")
    noted = SecurityEvent.objects.filter(kind__startswith="list.").order_by("pk")
    assert list(noted.values_list("kind", flat=True)) == ["list.exported", "list.export_fetched"]


def test_a_file_is_its_owner_s(alfa: Counterparty, owner: User, manager: User) -> None:
    """F219: nobody else sees, fetches or removes it."""
    key = write(owner, "exports", LIST).json()["id"]
    exporting.run(job_id=ExportJob.objects.get().pk)

    assert ask(manager, f"exports/{key}").status_code == 404
    assert fetched(manager, f"exports/{key}/file").status_code == 404
    assert ask(manager, f"exports/{key}", "DELETE").status_code == 404
    assert ask(manager, "exports").json()["data"] == []


def test_who_may_take_nothing_out_takes_nothing_out(alfa: Counterparty, owner: User) -> None:
    """F219: neither now nor by the clock, nor what was made before."""
    person = who_takes_nothing_out(owner)
    made = ExportJob.objects.create(
        user_id=person.pk, list_key="counterparties", title="X", kind="csv", state="done",
        file="exports/none.csv",
    )  # fmt: skip

    begun = write(person, "exports", LIST)
    sent = write(person, "sent_lists", {**LIST, "every": "day"})

    assert (begun.status_code, sent.status_code) == (403, 403)
    assert fetched(person, f"exports/{made.pk}/file").status_code == 404
    assert (ExportJob.objects.count(), ExportSchedule.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("more", "field"),
    [({"list": "moon"}, "list"), ({"columns": "moon"}, "columns"), ({"file": "pdf"}, "file")],
    ids=["no list", "no column", "no such file"],
)
def test_a_wrong_export_is_refused(
    alfa: Counterparty, owner: User, more: dict[str, Any], field: str
) -> None:
    answer = write(owner, "exports", {**LIST, **more})

    assert (answer.status_code, list(answer.json()["errors"])) == (422, [field])
    assert not ExportJob.objects.exists()


def test_a_list_is_sent_by_the_clock_and_stopped(
    alfa: Counterparty, owner: User, manager: User
) -> None:
    """G069: only by whoever asked for it."""
    made = write(owner, "sent_lists", {**LIST, "every": "week", "weekday": "4", "hour": 18})
    wrong = write(owner, "sent_lists", {**LIST, "every": "week", "hour": 25})
    key = made.json()["id"]

    stranger = ask(manager, f"sent_lists/{key}", "DELETE")
    stopped = ask(owner, f"sent_lists/{key}", "DELETE")

    assert (made.status_code, made.json()["weekday"], made.json()["hour"]) == (201, "4", "18")
    assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["hour"])
    assert (stranger.status_code, stopped.status_code) == (404, 204)
    assert not ExportSchedule.objects.get().is_active


def test_a_change_of_many_rows_is_taken_back(
    alfa: Counterparty, owner: User, manager: User
) -> None:
    """G044: once, and by whoever made it."""
    kind = objects.kind("counterparties")
    job = bulk.begin(kind=kind, by=owner, how="set", field="comment", value=["x"], keys=[alfa.pk])
    bulk.run(job_id=job.pk)

    stranger = write(manager, f"bulk_jobs/{job.pk}/undo", {})
    undone = write(owner, f"bulk_jobs/{job.pk}/undo", {})
    again = write(owner, f"bulk_jobs/{job.pk}/undo", {})

    alfa.refresh_from_db()
    assert (stranger.status_code, undone.status_code, again.status_code) == (404, 200, 422)
    assert (alfa.comment, BulkJob.objects.get().state) == ("", "undone")
