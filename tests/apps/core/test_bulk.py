"""One change of many rows: ticked ones or all that match, resumed, taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.core import objects, views_lists
from apps.core.lists import bulk
from apps.core.models import BulkJob, BulkRow, JobState, RowState
from apps.counterparties.models import Counterparty
from tenants.models import Company

pytestmark = pytest.mark.usefixtures("company")
MANY = "/objects/counterparties/many/?list=counterparties"


@pytest.fixture
def rows(company: Company) -> list[Counterparty]:
    """Seven customers, five of them with «nail» in the name."""
    names = [f"Nail {number}" for number in range(5)] + ["Board", "Paint"]
    return [
        Counterparty.objects.create(name=name, sort_name=name.lower(), comment="old")
        for name in names
    ]


def comments() -> dict[str, str]:
    return dict(Counterparty.objects.values_list("name", "comment"))


def test_ticked_rows_are_changed_and_taken_back(
    rows: list[Counterparty], manager_client: Client
) -> None:
    """G011: bulk edit over a selection, with undo; G046."""
    answer = manager_client.post(MANY, {
        "id": [str(rows[0].pk), str(rows[5].pk)], "field": "comment", "value": "new",
        "back": "/counterparties/",
    })  # fmt: skip
    job = BulkJob.objects.get()
    assert f"job={job.pk}" in answer["Location"]
    assert [name for name, text in comments().items() if text == "new"] == ["Nail 0", "Board"]

    page = manager_client.post(f"/jobs/{job.pk}/undo/").content.decode()

    assert "Taken back:" in page
    assert set(comments().values()) == {"old"}


def test_all_that_match_are_changed(
    rows: list[Counterparty], manager: User, manager_client: Client
) -> None:
    """G011: change the owner of all that match."""
    manager_client.post(f'{MANY}&f=["name","contains","nail"]', {
        "all": "yes", "field": "responsible", "value": str(manager.pk), "back": "/counterparties/",
    })  # fmt: skip

    changed = Counterparty.objects.filter(responsible=manager).values_list("name", flat=True)
    assert sorted(changed) == [f"Nail {number}" for number in range(5)]


def test_a_damaged_filter_takes_no_row(rows: list[Counterparty], manager_client: Client) -> None:
    manager_client.post(f"{MANY}&f=[broken", {"all": "yes", "field": "comment", "value": "x"})

    assert set(comments().values()) == {"old"}


def test_many_rows_wait_for_a_worker(
    rows: list[Counterparty], manager_client: Client, monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    monkeypatch.setattr(bulk, "AT_ONCE", 3)
    asked: list[str] = []
    monkeypatch.setattr(
        views_lists.run_bulk_job, "delay", lambda *, job_id: asked.append(job_id)
    )

    with django_capture_on_commit_callbacks(execute=True):
        manager_client.post(MANY, {"all": "yes", "field": "comment", "value": "x"})

    job = BulkJob.objects.get()
    page = manager_client.get(f"/jobs/{job.pk}/").content.decode()
    assert asked == [str(job.pk)]
    assert "every 1s" in page
    assert set(comments().values()) == {"old"}


def test_a_killed_worker_is_followed_by_one_that_goes_on(
    rows: list[Counterparty], manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "PORTION", 2)
    job = begun(manager, [row.pk for row in rows])
    BulkJob.objects.filter(pk=job.pk).update(state=JobState.RUNNING)
    bulk._portion(BulkJob.objects.get(pk=job.pk))  # and the worker is gone
    assert BulkRow.objects.filter(state=RowState.DONE).count() == 2

    first = bulk.run(job_id=job.pk)
    again = bulk.run(job_id=job.pk)

    assert (first.done, again.done, again.state) == (7, 7, JobState.DONE)
    assert set(comments().values()) == {"new"}


def test_a_job_left_behind_is_found(rows: list[Counterparty], manager: User) -> None:
    job = begun(manager, [rows[0].pk])

    later = timezone.now() + timedelta(minutes=3)

    assert bulk.left_behind(now=later) == [job.pk]


def test_a_row_changed_since_stays_when_the_rest_is_taken_back(
    rows: list[Counterparty], manager: User
) -> None:
    job = bulk.run(job_id=begun(manager, [rows[0].pk, rows[1].pk]).pk)
    Counterparty.objects.filter(pk=rows[0].pk).update(
        comment="newer", updated_at=timezone.now() + timedelta(seconds=5)
    )

    bulk.begin_undo(job_id=job.pk, by=manager, now=timezone.now())
    undone = bulk.run(job_id=job.pk)

    assert (comments()["Nail 0"], comments()["Nail 1"]) == ("newer", "old")
    assert (undone.done, undone.refused) == (1, 1)


def test_a_refused_row_is_counted_with_its_reason(
    rows: list[Counterparty], manager: User
) -> None:
    job = bulk.begin(
        kind=objects.kind("counterparties"), by=manager, how="set", field="name", value=[""],
        keys=[rows[0].pk],
    )  # fmt: skip

    done = bulk.run(job_id=job.pk)

    assert (done.done, done.refused) == (0, 1)
    assert list(done.reasons) == ["This field is required."]
    assert Counterparty.objects.filter(name="Nail 0").exists()


def test_what_is_a_day_old_cannot_be_taken_back(
    rows: list[Counterparty], manager: User
) -> None:
    job = bulk.run(job_id=begun(manager, [rows[0].pk]).pk)
    tomorrow = timezone.now() + timedelta(days=1, minutes=1)

    with pytest.raises(bulk.TooLate):
        bulk.begin_undo(job_id=job.pk, by=manager, now=tomorrow)

    bulk.forget_old(now=tomorrow)
    assert not BulkJob.objects.exists()


def test_rows_are_archived_and_come_back(
    rows: list[Counterparty], manager: User, manager_client: Client
) -> None:
    manager_client.post(MANY, {"id": [str(rows[0].pk)], "how": "archive"})
    assert Counterparty.objects.get(pk=rows[0].pk).is_archived

    manager_client.post(f"/jobs/{BulkJob.objects.get().pk}/undo/")

    assert not Counterparty.objects.get(pk=rows[0].pk).is_archived


def test_somebody_else_sees_no_job(
    rows: list[Counterparty], manager: User, owner_client: Client, rival_owner_client: Client,
    accountant_client: Client,
) -> None:  # fmt: skip
    job = bulk.run(job_id=begun(manager, [rows[0].pk]).pk)

    for client in (owner_client, rival_owner_client):
        assert client.get(f"/jobs/{job.pk}/").status_code == 404
        assert client.post(f"/jobs/{job.pk}/undo/").status_code == 404
    assert accountant_client.post(MANY, {"field": "comment", "value": "x"}).status_code == 403
    assert comments()["Nail 0"] == "new"


def begun(user: User, keys: list[Any]) -> BulkJob:
    return bulk.begin(
        kind=objects.kind("counterparties"), by=user, how="set", field="comment", value=["new"],
        keys=keys,
    )  # fmt: skip
