"""The screens of offices and conflicts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.accounts.models import User
from apps.counterparties.models import Counterparty
from apps.offices import selectors
from replication import nodes
from replication.models import (
    BranchNode,
    Conflict,
    ConflictKind,
    Direction,
    MessageLog,
    NodeState,
    ParkedChange,
    Winner,
)
from tenants.models import Company
from tests.tenants.routes import routes

ASKED = {
    "name": "Kazan", "prefix": "kz", "rhythm": "every", "minutes": "15", "seats": "",
    "scope_counterparties": "all", "scope_products": "all", "scope_prices": "all",
    "scope_stock": "all",
}  # fmt: skip


def an_office(**values: object) -> BranchNode:
    node, _code = nodes.add_office(
        name="Kazan", prefix="KZ", scope={}, schedule={"every": 15}, seats=0, now=timezone.now()
    )
    BranchNode.objects.filter(pk=node.pk).update(**values)
    node.refresh_from_db()
    return node


def test_without_an_office_the_page_says_what_one_is_for(owner_client: Client) -> None:
    answer = owner_client.get("/offices/")

    assert b"No office works on a copy of its own yet" in answer.content


def test_an_office_is_added_and_its_command_shown_once(
    owner_client: Client, manager_client: Client, acme: Company
) -> None:
    answer = owner_client.post("/offices/new/", ASKED, follow=True)

    assert b"branch join http://acme.localhost" in answer.content
    with tenant_context(acme):
        node = BranchNode.objects.get()
    assert (node.prefix, node.schedule, node.state) == ("KZ", {"every": 15}, NodeState.WAITING)
    assert manager_client.get(f"/offices/{node.pk}/").status_code == 403


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"prefix": "K Z"}, "at most 2"), ({"prefix": "?"}, "One or two letters"),
        ({"minutes": ""}, "after how many minutes"), ({"rhythm": "at"}, "at least one time"),
        ({"rhythm": "at", "times": "25:00"}, "is not a time"),
        ({"scope_stock": "warehouses"}, "Tick at least one"), ({"name": ""}, "required"),
    ],
)  # fmt: skip
def test_wrong_input_is_said_at_its_field_and_adds_nothing(
    owner_client: Client, acme: Company, wrong: dict[str, str], words: str
) -> None:
    answer = owner_client.post("/offices/new/", {**ASKED, **wrong})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    with tenant_context(acme):
        assert not BranchNode.objects.exists()


def test_a_prefix_is_given_once(owner_client: Client, acme: Company) -> None:
    with tenant_context(acme):
        an_office()

    answer = owner_client.post("/offices/new/", ASKED)

    assert b"Another office has this prefix" in answer.content


def test_the_preview_counts_what_the_office_would_hold(owner_client: Client, acme: Company) -> None:
    with tenant_context(acme):
        Counterparty.objects.create(name="Ladoga")

    everything = owner_client.post("/offices/preview/", ASKED)
    nothing = owner_client.post("/offices/preview/", {**ASKED, "scope_counterparties": "none"})

    assert b"would hold 1 row" in everything.content
    assert b"would hold 0 rows" in nothing.content


def test_a_silent_office_raises_an_alarm(company: Company) -> None:
    now = timezone.now()
    an_office(state=NodeState.LIVE, met_at=now - timedelta(hours=1))

    found = selectors.offices(now=now)

    assert [str(alarm) for alarm in found[0].alarms] == ["Silent for more than twice its period."]


def alarms_of(**values: object) -> list[str]:
    """Return what the screen warns of, for an office in exchange that has just been here."""
    now = timezone.now()
    an_office(**{"state": NodeState.LIVE, "met_at": now, **values})
    return [str(alarm) for alarm in selectors.offices(now=now)[0].alarms]


def test_an_office_that_does_well_raises_none(company: Company) -> None:
    assert alarms_of(told={"backlogs": [1000, 2000, 2000, 10], "baton": "b"}) == []


@pytest.mark.parametrize(
    ("backlogs", "is_told"),
    [
        ([500, 1000, 2000, 3000], True), ([5, 10, 20, 30], False), ([9000, 5000, 6000, 7000], True),
        ([9000, 8000, 7000, 6000], False), ([2000, 3000], False),
    ],
    ids=["more each time", "a little more", "more lately", "less each time", "met twice"],
)  # fmt: skip
def test_a_backlog_that_grows_at_each_meeting_raises_an_alarm(
    company: Company, backlogs: list[int], is_told: bool
) -> None:
    found = alarms_of(told={"backlogs": backlogs})

    assert any("backlog grows" in alarm for alarm in found) is is_told


def test_a_copied_base_raises_an_alarm_for_days(company: Company) -> None:
    lately, long_ago = timezone.now() - timedelta(days=1), timezone.now() - timedelta(days=9)

    assert "a copy of its base" in alarms_of(told={"copied_at": lately.isoformat()})[0]
    BranchNode.objects.all().delete()
    assert alarms_of(told={"copied_at": long_ago.isoformat()}) == []


def test_numbers_that_ran_backwards_raise_an_alarm_for_days(company: Company) -> None:
    found = alarms_of(told={"restored_at": timezone.now().isoformat()})

    assert found == ["A base was restored from a backup; the office gets a new copy."]


def test_an_office_by_hand_is_missed_after_a_month(company: Company) -> None:
    now = timezone.now()

    assert alarms_of(schedule={}, met_at=now - timedelta(days=29)) == []
    BranchNode.objects.all().delete()
    found = alarms_of(schedule={}, met_at=now - timedelta(days=31))
    assert found == ["Has not met the centre for a month. After two it gets a new copy."]


@pytest.mark.parametrize("fault", ["forked", "restored", "wrong_release"])
def test_what_went_wrong_is_said_in_words(company: Company, fault: str) -> None:
    now = timezone.now()
    an_office(state=NodeState.LIVE, met_at=now, fault=fault)

    assert len(selectors.offices(now=now)[0].alarms) == 1


def a_conflict(node: BranchNode, key: object) -> Conflict:
    return Conflict.objects.create(
        node=node, kind=ConflictKind.FIELD, table="counterparties_counterparty", key=key,
        column="phone", base="1", centre="2", branch="3", winner=Winner.BRANCH, policy="later",
    )  # fmt: skip


def test_both_versions_stand_side_by_side_and_the_other_can_be_taken(
    manager_client: Client, acme: Company
) -> None:
    with tenant_context(acme):
        partner = Counterparty.objects.create(name="Ladoga", phone="3")
        conflict = a_conflict(an_office(), partner.pk)

    page = manager_client.get(f"/offices/conflicts/{conflict.pk}/").content.decode()
    manager_client.post(f"/offices/conflicts/{conflict.pk}/decide/", {"what": "other"})

    assert ">2<" in page
    assert ">3<" in page
    with tenant_context(acme):
        partner.refresh_from_db()
        assert partner.phone == "2"
        assert not Conflict.objects.get().is_open


def test_many_conflicts_are_left_as_they_are(manager_client: Client, acme: Company) -> None:
    with tenant_context(acme):
        partner = Counterparty.objects.create(name="Ladoga", phone="3")
        conflict = a_conflict(an_office(), partner.pk)

    manager_client.post("/offices/conflicts/settle/", {"id": [str(conflict.pk)]})

    assert b"Nothing is in conflict" in manager_client.get("/offices/conflicts/").content
    with tenant_context(acme):
        assert Conflict.objects.get().resolved_by == User.objects.get(role="manager").pk


def test_an_accountant_decides_nothing(accountant_client: Client, acme: Company) -> None:
    assert accountant_client.get("/offices/conflicts/").status_code == 403


def test_what_is_in_quarantine_says_why_and_can_be_given_up(
    owner_client: Client, acme: Company
) -> None:
    with tenant_context(acme):
        node = an_office(state=NodeState.LIVE)
        parked = ParkedChange.objects.create(
            node=node, number=1, table="counterparties_contactperson", key=node.pk,
            operation="new", row={"id": str(node.pk)}, reason="no_parent",
        )  # fmt: skip

    page = owner_client.get(f"/offices/{node.pk}/").content
    owner_client.post(f"/offices/parked/{parked.pk}/", {"what": "discard"})

    assert b"What it belongs to is not here yet" in page
    with tenant_context(acme):
        assert not ParkedChange.objects.exists()


def test_access_is_withdrawn(owner_client: Client, acme: Company) -> None:
    with tenant_context(acme):
        node = an_office(state=NodeState.LIVE)

    owner_client.post(f"/offices/{node.pk}/withdraw/")

    with tenant_context(acme):
        assert BranchNode.objects.get().state == NodeState.REVOKED


def test_customers_are_handed_over(manager_client: Client, acme: Company) -> None:
    with tenant_context(acme):
        node = an_office()
        partner = Counterparty.objects.create(name="Ladoga")

    manager_client.post(
        "/counterparties/hand-over/", {"id": [str(partner.pk)], "office": str(node.pk)}
    )

    with tenant_context(acme):
        assert Counterparty.objects.get().office_id == node.pk


def test_an_office_does_not_offer_what_needs_the_centre(
    owner_client: Client, settings: Any
) -> None:
    assert b"Exchange with 1C" in owner_client.get("/stock/").content

    settings.IS_OFFICE = True

    assert b"Exchange with 1C" not in owner_client.get("/stock/").content


def test_there_is_no_strip_at_the_centre(manager_client: Client) -> None:
    assert manager_client.get("/offices/strip/").content.strip() == b""
    assert manager_client.post("/offices/sync/").status_code == 404


def test_an_office_shows_how_it_stands(manager_client: Client, acme: Company) -> None:
    with tenant_context(acme):
        an_office(side="branch", state=NodeState.LIVE, fault="unreachable")

    strip = manager_client.get("/offices/strip/").content

    assert b"Kazan" in strip
    assert b"The centre cannot be reached" in strip


@pytest.mark.parametrize(
    "address", ["/accounts/people/", "/accounts/profile/", "/accounts/password/change/",
                "/accounts/two-steps/", "/exchange/", "/offices/new/"],
)  # fmt: skip
def test_an_office_says_in_a_sentence_what_is_done_at_the_centre(
    owner_client: Client, acme: Company, settings: Any, address: str
) -> None:
    with tenant_context(acme):
        an_office(side="branch", state=NodeState.LIVE, address="https://acme.example.com")
    assert b"This is done at the centre" not in owner_client.get(address).content
    settings.IS_OFFICE = True

    answer = owner_client.get(address)

    assert answer.status_code == 403
    assert b"This is done at the centre" in answer.content
    assert f"https://acme.example.com{address}".encode() in answer.content


def test_the_start_page_of_an_office_offers_no_1c(owner_client: Client, settings: Any) -> None:
    assert b"Connect your 1C" in owner_client.get("/").content
    settings.IS_OFFICE = True
    assert b"Connect your 1C" not in owner_client.get("/").content


def test_an_office_with_one_seat_lets_one_person_in_at_a_time(
    acme: Company, owner: User, manager: User
) -> None:
    with tenant_context(acme):
        an_office(side="branch", state=NodeState.LIVE, seats=1)

    def sign_in(user: User) -> tuple[Client, bool]:
        client = Client(headers={"host": "acme.localhost"})
        answer = client.post(
            "/accounts/login/", {"login": user.email, "password": "correct horse battery"}
        )
        return client, answer.status_code == 302

    first, is_in = sign_in(manager)
    assert is_in
    assert sign_in(manager)[1], "one person on two machines is one seat"
    _client, is_second_in = sign_in(owner)
    assert not is_second_in
    with tenant_context(acme):
        Session.objects.all().delete()
    assert sign_in(owner)[1]
    assert first


def test_each_office_has_a_schedule_and_a_log_of_its_own(
    owner_client: Client, acme: Company
) -> None:
    """F110: one office exchanges every quarter of an hour, another at noon; each lists its own."""
    with tenant_context(acme):
        kazan = an_office()
        izmir, _code = nodes.add_office(
            name="Izmir", prefix="IM", scope={}, schedule={"at": ["12:00"]}, seats=0,
            now=timezone.now(),
        )  # fmt: skip
        for node, number in ((kazan, 4711), (izmir, 815)):
            MessageLog.objects.create(
                node=node, direction=Direction.IN, incarnation=uuid4(), number=number, digest="a"
            )

    pages = [
        owner_client.get(f"/offices/{node.pk}/").content.decode() for node in (kazan, izmir)
    ]

    told = [(each.count("every 15 minutes"), "4,711" in each, "815" in each) for each in pages]
    assert told == [(1, True, False), (0, False, True)]
    assert "12:00" in pages[1]


# What sets the whole company up is done at the centre: who may sign in, the lines to 1C and to
# offices, stages of the pipelines, own fields, web forms and webhooks; and
# mail, whose boxes are read there.
AT_THE_CENTRE = (
    "/accounts/", "/exchange/", "/offices/", "/deals/pipelines/", "/customization/", "/forms/",
    "/webhooks/", "/mail/", "/start/demo/", "/retention/",
)  # fmt: skip


@pytest.mark.parametrize(
    "path",
    [
        route.path for route in routes()
        if not route.takes_id and "1c" not in route.path and not route.path.startswith("/sync/")
        and route.name not in ("account_logout", "service_worker")
    ],
)  # fmt: skip
def test_what_works_at_the_centre_works_at_an_office(
    owner_client: Client, acme: Company, settings: Any, path: str
) -> None:
    """F111: every page people work with answers at an office as it does at the centre."""
    with tenant_context(acme):
        an_office(side="branch", state=NodeState.LIVE, address="https://acme.example.com")
    at_centre = owner_client.get(path).status_code
    settings.IS_OFFICE = True

    at_office = owner_client.get(path).status_code

    assert at_office == at_centre or path.startswith(AT_THE_CENTRE)
