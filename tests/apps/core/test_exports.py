"""Lists of many rows as files: made in the background, for their owner alone, sent by the clock."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.accounts import roles
from apps.accounts.models import User
from apps.core import saved
from apps.core.lists import exporting
from apps.core.lists.exporting import When, next_moment
from apps.core.lists.screen import screen_of
from apps.core.models import ExportJob, ExportSchedule, ExportState
from apps.counterparties.models import Counterparty
from tenants.audit.models import SecurityEvent
from tenants.models import Company

PAGE = "/counterparties/"


@pytest.fixture
def many(acme: Company, monkeypatch: pytest.MonkeyPatch) -> int:
    """More customers than are sent while the person waits."""
    monkeypatch.setattr(exporting, "AT_ONCE", 5)
    with tenant_context(acme):
        Counterparty.objects.bulk_create(
            Counterparty(name=f"Firm {number:02}", sort_name=f"firm {number:02}", phone="=1+1")
            for number in range(12)
        )
    return 12


@pytest.fixture
def begun(
    many: int, acme: Company, manager_client: Client,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> ExportJob:  # fmt: skip
    """The manager's export of them, begun and not yet made."""
    answer = manager_client.get(f"{PAGE}?part=csv&q=firm&cols=name,phone")
    assert answer["Location"] == "/exports/"
    with tenant_context(acme):
        return ExportJob.objects.get()


def made(job: ExportJob, acme: Company) -> ExportJob:
    with tenant_context(acme):
        return exporting.run(job_id=job.pk)


def rows_of(answer: Any) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_a_list_of_many_rows_is_made_in_the_background_and_fetched(
    begun: ExportJob, acme: Company, manager_client: Client
) -> None:
    """G050: the same columns and rows, with progress and a file."""
    waiting = manager_client.get("/exports/?part=body").content.decode()

    job = made(begun, acme)
    ready = manager_client.get("/exports/?part=body").content.decode()
    table = rows_of(manager_client.get(f"/exports/{job.pk}/file/"))

    assert "<progress" in waiting
    assert "hx-trigger" in waiting
    assert "hx-trigger" not in ready
    assert (job.state, job.total, job.done) == (ExportState.DONE, 12, 12)
    assert table[0] == ["Name", "Phone"]
    assert table[1] == ["Firm 00", "'=1+1"]
    assert len(table) == 13


def test_few_rows_are_sent_at_once(manager_client: Client, acme: Company) -> None:
    answer = manager_client.get(f"{PAGE}?part=csv")

    assert answer.status_code == 200
    with tenant_context(acme):
        assert not ExportJob.objects.exists()


def test_a_job_that_runs_twice_makes_one_file(begun: ExportJob, acme: Company) -> None:
    first = made(begun, acme)

    second = made(begun, acme)

    assert second.file == first.file


def test_nobody_else_fetches_the_file(
    begun: ExportJob, acme: Company, owner_client: Client, rival_owner_client: Client,
    visitor: Client,
) -> None:  # fmt: skip
    """G050: not a colleague, not another company, not who is not signed in."""
    job = made(begun, acme)
    address = f"/exports/{job.pk}/file/"

    answers = [client.get(address).status_code
               for client in (owner_client, rival_owner_client, visitor)]  # fmt: skip

    assert answers == [404, 404, 302]
    assert owner_client.post(f"/exports/{job.pk}/remove/").status_code == 404
    with tenant_context(acme):
        assert default_storage.exists(ExportJob.objects.get().file)


def test_who_lost_the_right_gets_no_file(
    begun: ExportJob, acme: Company, manager_client: Client, owner: User
) -> None:
    """G050: rights count as they are when the file is made, and when it is fetched."""
    job = made(begun, acme)
    with tenant_context(acme):
        role = roles.built_in("manager")
        scopes = dict(roles.ticked(role).scopes)
        scopes.pop("counterparties.export")
        roles.save_role(role=role, scopes=scopes, fields={}, by=owner)
        ExportJob.objects.filter(pk=job.pk).update(state=ExportState.WAITING)
        late = exporting.run(job_id=job.pk)

    assert late.state == ExportState.REFUSED
    assert manager_client.get(f"/exports/{job.pk}/file/").status_code == 404
    with tenant_context(acme):
        ExportJob.objects.filter(pk=job.pk).update(state=ExportState.DONE)
    assert manager_client.get(f"/exports/{job.pk}/file/").status_code == 403


def test_a_hidden_field_is_in_no_file_made_later(
    begun: ExportJob, acme: Company, manager_client: Client, owner: User
) -> None:
    with tenant_context(acme):
        role = roles.built_in("manager")
        roles.save_role(
            role=role, scopes=dict(roles.ticked(role).scopes),
            fields={("counterparties", "phone"): "hidden"}, by=owner,
        )  # fmt: skip

    job = made(begun, acme)
    table = rows_of(manager_client.get(f"/exports/{job.pk}/file/"))

    assert table[:2] == [["Name"], ["Firm 00"]]


def test_exports_stand_in_the_security_log(
    begun: ExportJob, acme: Company, manager_client: Client
) -> None:
    """G047, G050: who asked for what, and who fetched it."""
    job = made(begun, acme)
    manager_client.get(f"/exports/{job.pk}/file/")

    with tenant_context(acme):
        found = dict(
            SecurityEvent.objects.filter(kind__startswith="list.").values_list("kind", "detail")
        )
    assert found["list.exported"]["rows"] == 12
    assert "list.export_fetched" in found


def test_files_go_after_a_week(begun: ExportJob, acme: Company) -> None:
    job = made(begun, acme)

    with tenant_context(acme):
        exporting.forget_old(now=timezone.now() + timedelta(days=8))
        assert not default_storage.exists(job.file)
        assert not ExportJob.objects.exists()


def test_a_job_left_behind_is_begun_anew(begun: ExportJob, acme: Company) -> None:
    with tenant_context(acme):
        ExportJob.objects.update(
            state=ExportState.RUNNING, updated_at=timezone.now() - timedelta(hours=1)
        )

        assert exporting.left_behind(now=timezone.now()) == [begun.pk]
        assert exporting.run(job_id=begun.pk).state == ExportState.DONE


# By the clock ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (When("day", hour=7), datetime(2026, 11, 29, 4, tzinfo=UTC)),
        (When("day", hour=23), datetime(2026, 11, 28, 20, tzinfo=UTC)),
        (When("week", weekday=0, hour=7), datetime(2026, 11, 30, 4, tzinfo=UTC)),
        (When("week", weekday=5, hour=7), datetime(2026, 12, 5, 4, tzinfo=UTC)),
    ],
    ids=["tomorrow morning", "this evening", "next Monday", "Saturday in a week"],
)
def test_the_next_time_is_by_the_person_s_clock(when: When, expected: datetime) -> None:
    now = datetime(2026, 11, 28, 12, tzinfo=UTC)  # a Saturday

    assert next_moment(when, after=now, zone=ZoneInfo("Europe/Moscow")) == expected


def test_a_saved_view_is_sent_by_mail_and_stands_in_the_log(
    many: int, acme: Company, manager: User, manager_client: Client
) -> None:
    """G050: every week, with the rows that fit the view by then."""
    with tenant_context(acme):
        view = saved.save_view(
            list_key="counterparties", name="Sevens", address="q=firm+07&cols=name",
            sharing="private", by=manager, may_share=False, now=timezone.now(),
        )  # fmt: skip
    asked = f"/exports/regularly/?list=counterparties&address=q%3Dfirm&view={view.pk}"
    manager_client.post(asked, {"kind": "csv", "every": "week", "weekday": "0", "hour": "7"})

    with tenant_context(acme):
        due = ExportSchedule.objects.get().next_at
        assert exporting.begin_due(now=due - timedelta(minutes=1)) == []
        jobs = exporting.begin_due(now=due)
        assert exporting.begin_due(now=due) == []
        exporting.run(job_id=jobs[0])
        kinds = set(SecurityEvent.objects.values_list("kind", flat=True))
        assert ExportSchedule.objects.get().next_at == due + timedelta(days=7)

    letter = mail.outbox[-1]
    name, content, _type = letter.attachments[0]
    text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
    assert (letter.to, letter.subject) == ([manager.email], "Sevens")
    assert name.endswith(".csv")
    assert text.replace("\ufeff", "").split() == ["Name", "Firm", "07"]
    assert {"list.export_scheduled", "list.export_sent"} <= kinds


def test_a_schedule_stops_with_the_right_of_its_owner(
    many: int, acme: Company, manager: User, owner: User
) -> None:
    with tenant_context(acme):
        screen = screen_of("counterparties", user=manager)
        made_ = exporting.schedule(
            screen=screen, kind="csv", when=When("day"), by=manager, view_id=None,
            now=timezone.now(), columns=screen.columns,
        )  # fmt: skip
        role = roles.built_in("manager")
        scopes = dict(roles.ticked(role).scopes)
        scopes.pop("counterparties.export")
        roles.save_role(role=role, scopes=scopes, fields={}, by=owner)

        for key in exporting.begin_due(now=made_.next_at):
            exporting.run(job_id=key)

        assert not ExportSchedule.objects.get().is_active
    assert mail.outbox == []


def test_nobody_stops_a_colleague_s_schedule(
    many: int, acme: Company, manager: User, owner_client: Client, manager_client: Client
) -> None:
    with tenant_context(acme):
        screen = screen_of("counterparties", user=manager)
        key: UUID = exporting.schedule(
            screen=screen, kind="csv", when=When("day"), by=manager, view_id=None,
            now=timezone.now(), columns=screen.columns,
        ).pk  # fmt: skip

    stranger = owner_client.post(f"/exports/regularly/{key}/stop/").status_code
    own = manager_client.post(f"/exports/regularly/{key}/stop/").status_code

    assert (stranger, own) == (404, 302)


def test_a_view_of_somebody_else_s_is_not_sent(
    many: int, acme: Company, manager: User, owner: User, manager_client: Client
) -> None:
    with tenant_context(acme):
        view = saved.save_view(
            list_key="counterparties", name="Mine", address="q=firm+11", sharing="private",
            by=owner, may_share=True, now=timezone.now(),
        )  # fmt: skip

    manager_client.post(
        f"/exports/regularly/?list=counterparties&view={view.pk}",
        {"kind": "csv", "every": "day", "weekday": "0", "hour": "7"},
    )

    with tenant_context(acme):
        assert ExportSchedule.objects.get().view_id is None
