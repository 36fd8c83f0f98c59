"""Live screens: below a second, nothing missed, nothing to the wrong company or person."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection
from django_tenants.utils import schema_context, tenant_context
from websockets.exceptions import InvalidStatus

from apps.accounts.models import User
from apps.catalog.models import Unit
from apps.core import consumers, live
from apps.notifications.models import Notification
from replication.journal import current_position
from replication.positions import covers
from replication.pump import layer_sender
from tenants.models import Company, CompanyState
from tenants.services import create_company
from tests.live import Faulty, Page, RunningPump, cookie_of, person, socket_server
from tests.replication.writers import another_writer, insert_unit


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with socket_server() as number:
        yield number


@pytest.fixture
def pump(committed: Company) -> Iterator[RunningPump]:
    with RunningPump() as running:
        yield running


@pytest.fixture
def marina(committed: Company) -> User:
    return person(committed, "marina")


@pytest.fixture
def cookie(committed: Company, marina: User) -> str:
    return cookie_of(committed, marina)


@pytest.fixture
def open_page(port: int, committed: Company, cookie: str) -> Iterator[Callable[..., Page]]:
    pages: list[Page] = []

    def open_one(host: str = "ladoga.localhost", **values: Any) -> Page:
        page = Page(port, host, values.pop("cookie", cookie), **values)
        pages.append(page)
        return page

    yield open_one
    for page in pages:
        page.close()


@pytest.fixture
def neighbour(committed: Company) -> Iterator[Company]:
    """A second company beside the test's own, outside any transaction."""
    with schema_context("public"):
        Company.objects.filter(slug="neva").update(state=CompanyState.ACTIVE)
        found = Company.objects.filter(slug="neva").first()
        company = found or create_company(slug="neva", name="Neva Trading")
    yield company
    with tenant_context(company):
        User.objects.all().delete()


def keys_of(event: dict[str, Any], table: str) -> set[str]:
    return {pair[0] for pair in event["tables"].get(table, [])}


def test_a_commit_reaches_the_page_below_a_second(
    pump: RunningPump, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.ask(current_position())

    taken = []
    for name in ("pcs", "box", "kg", "m", "l"):  # the machine does other things, too
        began = time.monotonic()
        unit = Unit.objects.create(name=name)
        event = page.next()
        taken.append(time.monotonic() - began)
        assert keys_of(event, "catalog_unit") == {str(unit.pk)}

    assert min(taken) < 1


def test_what_changed_between_page_and_socket_is_in_the_answer(
    pump: RunningPump, open_page: Callable[..., Page]
) -> None:
    position = current_position()
    unit = Unit.objects.create(name="pcs")

    answer = open_page().ask(position)

    assert keys_of(answer, "catalog_unit") == {str(unit.pk)}


def test_a_dropped_socket_catches_up_from_its_position(
    pump: RunningPump, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    position = page.ask(current_position())["position"]
    page.close()
    missed = Unit.objects.create(name="pcs")

    again = open_page()

    assert keys_of(again.ask(position), "catalog_unit") == {str(missed.pk)}
    later = Unit.objects.create(name="box")
    # The pump may not have told of the former yet: what a socket hears twice does no harm.
    assert str(later.pk) in keys_of(again.next(), "catalog_unit")


def test_an_event_that_was_lost_is_seen_at_the_next_one(
    committed: Company, open_page: Callable[..., Page]
) -> None:
    faulty = Faulty(layer_sender())
    with RunningPump(send=faulty):
        page = open_page()
        page.ask(current_position())
        faulty.loses = True
        lost = Unit.objects.create(name="lost")
        assert page.hears_nothing()
        faulty.loses = False
        told = Unit.objects.create(name="told")

        assert keys_of(page.next(), "catalog_unit") == {str(lost.pk), str(told.pk)}


def test_an_event_that_was_lost_is_seen_at_the_next_beat(
    committed: Company, open_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "HEARTBEAT_SECONDS", 0.3)
    page = open_page()  # and no pump at all
    page.ask(current_position())

    unit = Unit.objects.create(name="pcs")

    assert keys_of(page.next(), "catalog_unit") == {str(unit.pk)}


def test_the_channel_layer_refuses_and_the_pump_sends_again(
    committed: Company, open_page: Callable[..., Page]
) -> None:
    faulty = Faulty(layer_sender())
    with RunningPump(send=faulty):
        page = open_page()
        page.ask(current_position())
        faulty.refusals = 2

        unit = Unit.objects.create(name="pcs")

        assert keys_of(page.next(), "catalog_unit") == {str(unit.pk)}


def test_the_database_drops_every_connection_and_nothing_is_missed(
    pump: RunningPump, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.ask(current_position())
    pump.is_listening.clear()

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND query ILIKE 'LISTEN%%'"
        )
    unit = Unit.objects.create(name="pcs")

    assert keys_of(page.next(), "catalog_unit") == {str(unit.pk)}


def test_a_pump_that_begins_anew_lets_pages_ask_for_what_they_lack(
    committed: Company, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.ask(current_position())
    unit = Unit.objects.create(name="while no pump ran")

    with RunningPump():
        event = page.next()

    assert keys_of(event, "catalog_unit") == {str(unit.pk)}


def test_what_commits_while_the_gap_is_read_is_told_after_it(
    pump: RunningPump, open_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def read_and_be_overtaken(since: str) -> live.Event:
        event = live.changed_since(since)
        made.append(str(Unit.objects.create(name="overtakes").pk))
        return event

    monkeypatch.setattr(consumers, "changed_since", read_and_be_overtaken)
    page = open_page()

    answer = page.ask(current_position())

    assert answer["tables"] == {}
    assert keys_of(page.next(), "catalog_unit") == {made[0]}


def test_a_gap_that_cannot_be_read_closes_the_socket_and_the_next_one_reads_it(
    pump: RunningPump, open_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(since: str) -> live.Event:
        raise OperationalError("the database went away")

    position = current_position()
    unit = Unit.objects.create(name="pcs")
    with monkeypatch.context() as broken:
        broken.setattr(consumers, "changed_since", refuse)
        page = open_page()
        page.socket.send(json.dumps({"since": position}))
        assert page.closed_with() == 1013

    assert keys_of(open_page().ask(position), "catalog_unit") == {str(unit.pk)}


def test_a_transaction_that_commits_late_is_told_when_it_commits(
    committed: Company, pump: RunningPump, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    page.ask(current_position())
    with another_writer(committed) as writer:
        late = insert_unit(writer, "late")
        early = Unit.objects.create(name="early")
        first = page.next()

        writer.commit()

    assert keys_of(first, "catalog_unit") == {str(early.pk)}
    assert keys_of(page.next(), "catalog_unit") == {str(late)}


def test_no_message_reaches_another_company(
    port: int, pump: RunningPump, open_page: Callable[..., Page], neighbour: Company
) -> None:
    page = open_page()
    page.ask(current_position())
    theirs = Page(port, "neva.localhost", cookie_of(neighbour, person(neighbour, "nina")))
    position = current_position()
    theirs.ask(position)

    with tenant_context(neighbour):
        secret = Unit.objects.create(name="secret")

    assert keys_of(theirs.next(), "catalog_unit") == {str(secret.pk)}
    assert page.hears_nothing()
    again = open_page().ask(position)
    assert again["tables"] == {}
    theirs.close()


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("ladoga.localhost", "http://neva.localhost:8000"),
        ("ladoga.localhost", "http://localhost:8000"),
        ("ladoga.localhost", "http://ladoga.localhost.evil.example"),
        ("ladoga.localhost", "null"),
        ("localhost", "http://localhost:8000"),
        ("nobody.localhost", "http://nobody.localhost:8000"),
    ],
    ids=["sibling page", "public page", "longer name", "no origin", "public host", "no company"],
)
def test_a_page_of_another_address_is_refused(
    open_page: Callable[..., Page], neighbour: Company, host: str, origin: str
) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        open_page(host, origin=origin)

    assert refusal.value.response.status_code == 403


def test_the_cookie_of_another_company_opens_nothing(
    open_page: Callable[..., Page], neighbour: Company
) -> None:
    theirs = cookie_of(neighbour, person(neighbour, "nina"))

    assert open_page(cookie=theirs).closed_with() == consumers.NOT_ALLOWED


def test_without_signing_in_nothing_is_told(open_page: Callable[..., Page]) -> None:
    assert open_page(cookie="").closed_with() == consumers.NOT_ALLOWED


def test_a_person_let_go_is_closed_at_the_next_beat(
    open_page: Callable[..., Page], marina: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "HEARTBEAT_SECONDS", 0.2)
    page = open_page()
    page.ask(current_position())

    User.objects.filter(pk=marina.pk).update(is_active=False)

    assert page.closed_with() == consumers.NOT_ALLOWED


def test_a_suspended_company_is_closed_at_the_next_beat(
    open_page: Callable[..., Page], neighbour: Company, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "HEARTBEAT_SECONDS", 0.2)
    page = Page(port, "neva.localhost", cookie_of(neighbour, person(neighbour, "nina")))

    with schema_context("public"):
        Company.objects.filter(pk=neighbour.pk).update(state=CompanyState.SUSPENDED)

    assert page.closed_with() == consumers.NOT_ALLOWED


def test_notices_of_one_person_are_told_to_that_person_only(
    committed: Company, pump: RunningPump, open_page: Callable[..., Page], marina: User
) -> None:
    other = person(committed, "boris")
    mine, his = open_page(), open_page(cookie=cookie_of(committed, other))
    position = current_position()
    mine.ask(position)
    his.ask(position)

    notice = Notification.objects.create(user=marina)

    assert keys_of(mine.next(), "notifications_notification") == {str(notice.pk)}
    assert his.hears_nothing()
    assert open_page(cookie=cookie_of(committed, other)).ask(position)["tables"] == {}


def test_a_position_of_another_base_makes_the_page_fetch_everything(
    open_page: Callable[..., Page], committed: Company
) -> None:
    future = "99999999999:99999999999:"

    answers = [open_page().ask(since) for since in (future, "nonsense", None)]

    assert [answer["reset"] for answer in answers] == [True, True, True]
    assert all(covers(current_position(), answer["position"]) for answer in answers)


@pytest.mark.parametrize("said", ["nonsense", "[]", "{}", "x" * 100_000])
def test_what_is_not_understood_closes_the_socket(
    open_page: Callable[..., Page], said: str
) -> None:
    page = open_page()

    page.socket.send(said)

    assert page.closed_with() == consumers.NOT_UNDERSTOOD


def test_a_page_without_a_socket_asks_by_http(
    committed: Company, marina: User, cookie: str, client: Any
) -> None:
    position = current_position()
    unit = Unit.objects.create(name="pcs")

    answer = client.get(
        "/live/changes", {"since": position},
        headers={"host": "ladoga.localhost", "cookie": cookie},
    ).json()  # fmt: skip

    assert keys_of(answer, "catalog_unit") == {str(unit.pk)}
    assert covers(answer["position"], position)


def test_events_that_follow_each_other_become_one() -> None:
    first = {"after": "1:1:", "position": "2:2:", "tables": {"a": [["k1", None]], "b": None}}
    second = {"after": "2:2:", "position": "3:3:", "tables": {"a": [["k2", None]], "b": []}}

    assert live.merged(first, second) == {
        "after": "1:1:", "position": "3:3:",
        "tables": {"a": [["k1", None], ["k2", None]], "b": None},
    }  # fmt: skip


def test_many_events_for_a_slow_page_stay_one_short_event() -> None:
    event: live.Event = {"after": "1:1:", "position": "1:1:", "tables": {}}
    for number in range(1, 1000):
        tables = {"a": [[f"k{number}", None]]}
        event = live.merged(
            event, {"after": event["position"], "position": f"{number}:{number}:", "tables": tables}
        )

    assert event["tables"] == {"a": None}
