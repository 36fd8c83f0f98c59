"""Whatever breaks, former data stays and the next run completes."""

from __future__ import annotations

import errno
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from exchange import files, progress, runs, services, taking
from exchange.models import (
    ExchangeSession,
    FilePart,
    FileState,
    SessionProblem,
    SessionState,
    UploadedFile,
)
from tenants.models import Company
from tests.exchange import messages
from tests.exchange.onec import OneC
from tests.exchange.shelf import Shelf


class Killed(BaseException):
    """The worker disappears at this point, as by SIGKILL: nothing after it runs."""


def quiet() -> None:
    services.look_after(now=timezone.now() + timedelta(hours=1))
    runs.run_company()


@pytest.mark.parametrize("cut", [0.05, 0.3, 0.6, 0.9, 0.999])
def test_a_file_cut_at_any_byte_leaves_former_data_and_the_next_run_completes(
    onec: OneC, warehouse: Shelf, cut: float
) -> None:
    onec.portion("import0_1.xml", messages.catalogue(["a"]))
    former = warehouse.body("products", "a")
    whole = messages.catalogue(["a", "b"], name="Screw")

    broken = onec.portion("import0_1.xml", whole[: int(len(whole) * cut)])
    kept = warehouse.body("products", "a")
    whole_again = onec.portion("import0_1.xml", whole)

    assert broken.startswith("failure\n")
    assert (kept, whole_again) == (former, "success")
    assert warehouse.refs("products") == ["a", "b"]


@pytest.mark.parametrize("cut", [1, 40, 200, 400])
def test_an_archive_cut_at_any_byte_is_refused_and_the_next_one_is_taken(
    onec: OneC, warehouse: Shelf, cut: int
) -> None:
    whole = messages.zipped({"import0_1.xml": messages.catalogue(["a"])})
    for body in (whole[:-cut], whole):
        login = onec.again()
        login.sign_in()
        login.text("catalog", "init")
        login.send("catalog", "v8.zip", body)
        answer = login.take("catalog", "import0_1.xml")
        assert answer.startswith("success" if body == whole else "failure\n")

    assert warehouse.refs("products") == ["a"]


def test_a_part_whose_body_breaks_off_is_not_appended(onec: OneC) -> None:
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "import0_1.xml", b"<first/>")

    answer = onec.raw(
        "type=catalog&mode=file&filename=import0_1.xml", body=b"<second", announced=70
    )

    assert answer.content.startswith(b"failure\nThe part was cut off: 7 of 70 bytes")
    assert UploadedFile.objects.get().size == len(b"<first/>")
    assert FilePart.objects.count() == 1


@pytest.mark.parametrize(
    "step",
    [
        ("exchange.taking", "open_file"),
        ("exchange.taking", "_finish"),
        ("exchange.runs", "_recount"),
        ("exchange.runs", "_settle"),
        ("exchange.unpacking", "_members"),
    ],
    ids=lambda step: f"{step[0]}.{step[1]}",
)
def test_a_worker_killed_between_any_two_steps_is_made_up_for_by_the_next(
    onec: OneC, warehouse: Shelf, monkeypatch: pytest.MonkeyPatch, step: tuple[str, str]
) -> None:
    onec.sign_in()
    onec.text("catalog", "init")
    body = messages.zipped({"import0_1.xml": messages.catalogue(["a", "b"])})
    onec.send("catalog", "v8.zip", body)
    services.look_after(now=timezone.now() + timedelta(seconds=31))

    def die(*_: Any, **__: Any) -> None:
        raise Killed

    with monkeypatch.context() as broken:
        broken.setattr(f"{step[0]}.{step[1]}", die)
        with pytest.raises(Killed):
            runs.run_company()
    ExchangeSession.objects.update(latest_contact_at=timezone.now())
    quiet()

    assert warehouse.refs("products") == ["a", "b"]
    session = ExchangeSession.objects.get()
    assert session.state == SessionState.DONE
    assert session.counts["products"] == {"read": 2, "created": 2}


def test_a_worker_killed_in_the_middle_of_a_file_leaves_nothing_of_it(
    onec: OneC, warehouse: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "import0_1.xml", messages.catalogue(["a", "b"]))
    services.look_after(now=timezone.now() + timedelta(seconds=31))

    def die(row: Any) -> None:
        if getattr(row, "ref", "") == "b":
            raise Killed

    warehouse.before_store = die
    with pytest.raises(Killed):
        runs.run_company()
    left = warehouse.refs("products")
    warehouse.before_store = None
    quiet()

    assert (left, warehouse.refs("products")) == ([], ["a", "b"])


def test_a_file_that_kills_its_worker_every_time_is_given_up_and_the_rest_goes_on(
    onec: OneC, warehouse: Shelf
) -> None:
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "import0_1.xml", messages.catalogue(["poison"]))
    onec.send("catalog", "orders-1.xml", messages.order("INV-1"))
    services.look_after(now=timezone.now() + timedelta(seconds=31))

    def die(row: Any) -> None:
        if getattr(row, "ref", "") == "poison":
            raise Killed

    warehouse.before_store = die
    for _ in range(runs.MAX_ATTEMPTS):
        with pytest.raises(Killed):
            runs.run_company()
        ExchangeSession.objects.update(queued_at=timezone.now())
    runs.run_company()

    assert UploadedFile.objects.get(name="import0_1.xml").cause == "interrupted"
    assert warehouse.refs("orders") == ["doc-INV-1"]


def test_a_database_connection_dropped_in_the_middle_of_a_file_is_taken_up_again(
    onec: OneC, warehouse: Shelf
) -> None:
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "import0_1.xml", messages.catalogue(["a", "b"]))
    services.look_after(now=timezone.now() + timedelta(seconds=31))
    drops = iter([True])

    def drop(row: Any) -> None:
        if getattr(row, "ref", "") == "b" and next(drops, False):
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE; SELECT pg_terminate_backend(pg_backend_pid())")

    warehouse.before_store = drop
    runs.run_company()

    file = UploadedFile.objects.get()
    assert (file.state, file.attempts) == (FileState.DONE, 2)
    assert file.counts["products"] == {"read": 2, "created": 2}


def test_a_full_disk_is_told_to_1c_and_nothing_half_stored_remains(
    onec: OneC, monkeypatch: pytest.MonkeyPatch
) -> None:
    onec.sign_in()
    onec.text("catalog", "init")

    def full(*_: Any, **__: Any) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(default_storage._wrapped.__class__, "_save", full)
        answer = onec.text("catalog", "file", filename="import0_1.xml", body=b"<a/>")
    later = onec.text("catalog", "file", filename="import0_1.xml", body=b"<a/>")

    assert answer.startswith("failure\nThere is no space left on the server.")
    assert (later, FilePart.objects.count()) == ("success", 1)


def test_a_full_disk_while_unpacking_fails_that_archive_alone(
    onec: OneC, warehouse: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "v8.zip", messages.zipped({"import0_1.xml": messages.catalogue(["a"])}))
    real = files.add_whole

    def full(**values: Any) -> Any:
        real(**values)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(files, "add_whole", full)
        answer = onec.take("catalog", "import0_1.xml")

    assert answer.startswith("failure\nThere is no space left on the server.")
    assert UploadedFile.objects.count() == 1


def test_a_defect_in_an_adapter_fails_its_file_alone(onec: OneC, warehouse: Shelf) -> None:
    def break_down(row: Any) -> None:
        if getattr(row, "ref", "") == "a":
            raise ZeroDivisionError

    warehouse.before_store = break_down
    broken = onec.portion("import0_1.xml", messages.catalogue(["a"]))
    orders = onec.portion("orders-1.xml", messages.order("INV-1"), subject="sale")

    assert broken.startswith("failure\nKöprü has a fault with this file.")
    assert orders == "success"


def test_a_second_run_waits_for_the_first_and_is_taken_by_it(onec: OneC, warehouse: Shelf) -> None:
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "import0_1.xml", messages.catalogue(["a"]))
    services.look_after(now=timezone.now() + timedelta(seconds=31))

    with progress.side_connection() as first:
        assert first.try_lock()
        meanwhile = runs.run_company()
        untouched = warehouse.refs("products")
    after = runs.run_company()

    assert (meanwhile, untouched) == (0, [])
    assert (after, warehouse.refs("products")) == (1, ["a"])


def test_whoever_needs_the_rows_waits_for_the_process_that_takes_them(
    onec: OneC, warehouse: Shelf, volga: Company
) -> None:
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "import0_1.xml", messages.catalogue(["a"]))
    services.look_after(now=timezone.now() + timedelta(seconds=31))

    def finish() -> None:
        connection.set_tenant(volga)
        try:
            runs.finish_company()
        finally:
            connection.close()

    waiting = (
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
        " AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    )
    with progress.side_connection() as first:
        assert first.try_lock()
        other = Thread(target=finish)
        other.start()
        while not first._value(waiting, []):
            assert other.is_alive()
        untouched = warehouse.refs("products")
    other.join()

    assert (untouched, warehouse.refs("products")) == ([], ["a"])


def test_two_companies_run_at_the_same_time(volga: Company) -> None:
    with progress.side_connection() as here:
        assert here.try_lock()
        connection.set_schema_to_public()
        connection.set_tenant(Company.objects.get(slug="rival"))
        try:
            with progress.side_connection() as there:
                assert there.try_lock()
        finally:
            connection.set_tenant(volga)


def test_progress_is_seen_while_the_file_is_being_taken(
    onec: OneC, warehouse: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "_EVERY", 0.0)
    seen: list[tuple[int, str]] = []

    def look(row: Any) -> None:
        with progress.side_connection() as other:
            value = other._value(
                "SELECT progress_current || '|' || progress_file FROM exchange_exchangesession", []
            )
        current, file = str(value).split("|")
        seen.append((int(current), file))

    warehouse.before_store = look
    body = messages.catalogue(["a"])
    onec.portion("import0_1.xml", body)

    assert seen[-1] == (len(body), "import0_1.xml")
    assert ExchangeSession.objects.get().progress_file == ""


def test_a_cancelled_run_rolls_its_file_back_and_skips_the_rest(
    onec: OneC, warehouse: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "_EVERY", 0.0)
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "import0_1.xml", messages.catalogue(["a"]))
    onec.send("catalog", "offers0_1.xml", messages.offers({"a": "1.00"}))
    services.look_after(now=timezone.now() + timedelta(seconds=31))

    def cancel(row: Any) -> None:
        with progress.side_connection() as other:
            other._value(
                "UPDATE exchange_exchangesession SET is_cancelled = true RETURNING true", []
            )

    warehouse.before_store = cancel
    monkeypatch.setattr(taking, "BATCH", 1)
    runs.run_company()

    session = ExchangeSession.objects.get()
    assert (session.state, session.cause) == (SessionState.INTERRUPTED, "cancelled")
    assert warehouse.refs("prices") == []


def test_run_again_takes_the_stored_files_once_more_and_changes_nothing(
    onec: OneC, warehouse: Shelf
) -> None:
    onec.portion("import0_1.xml", messages.catalogue(["a", "b"]))
    first = ExchangeSession.objects.get()

    again = services.run_again(session=first, by=None, now=timezone.now())
    runs.run_company()

    again.refresh_from_db()
    assert again.counts["products"] == {"read": 2, "unchanged": 2}
    assert again.repeats_id == first.pk


def test_a_file_is_not_taken_twice_in_one_login(onec: OneC, warehouse: Shelf) -> None:
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", "import0_1.xml", messages.catalogue(["a"]))

    answers = [onec.take("catalog", "import0_1.xml") for _ in range(3)]

    assert answers == ["success"] * 3
    assert ExchangeSession.objects.get().counts["products"] == {"read": 1, "created": 1}


def test_a_bad_value_is_named_with_its_line_and_the_rest_is_kept(
    onec: OneC, warehouse: Shelf
) -> None:
    onec.portion("import0_1.xml", messages.catalogue(["a", "b"]))

    onec.portion("offers0_1.xml", messages.offers({"a": "free", "b": "2.00"}))

    problem = SessionProblem.objects.get()
    assert (problem.code, problem.value, problem.file_name) == (
        "not_a_number",
        "free",
        "offers0_1.xml",
    )
    assert problem.line > 0
    assert len(warehouse.refs("prices")) == 1
    assert ExchangeSession.objects.get().state == SessionState.DONE_WITH_PROBLEMS


def test_raw_files_leave_after_the_retention_time_and_their_counts_stay(
    onec: OneC, warehouse: Shelf
) -> None:
    onec.portion("import0_1.xml", messages.catalogue(["a"]))
    UploadedFile.objects.update(created_at=timezone.now() - timedelta(days=31))

    removed = services.remove_old(now=timezone.now())

    file = UploadedFile.objects.get()
    assert (removed, file.is_purged, FilePart.objects.count()) == (1, True, 0)
    assert file.counts["products"] == {"read": 1, "created": 1}
