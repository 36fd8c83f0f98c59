"""Calls that a telephone exchange tells of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django_tenants.utils import tenant_context

from apps.accounts.models import AccessRole, RoleRight, Scope, User
from apps.activities.models import Activity, ActivityLink
from apps.api import tokens
from apps.counterparties.models import ContactPerson, Counterparty
from apps.notifications.models import Notification
from tenants.models import Company

Say = Callable[..., Any]
AT = "2026-11-28T10:{}:00Z"


def _door(visitor: Client, user: User, *scopes: str) -> Say:
    cache.clear()
    _token, secret = tokens.make_token(user=user, name="Exchange", scopes=scopes)

    def said(event: str, at: str = "00", **more: Any) -> Any:
        body = {"call": "17.1", "event": event, "number": "+90 232 555 01 02", "at": AT.format(at)}
        return visitor.post(
            "/api/v1/calls", body | more, content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )  # fmt: skip

    return said


@pytest.fixture
def said(company: Company, administrator: User, visitor: Client) -> Say:
    """An exchange with the administrator's key."""
    return _door(visitor, administrator, "calls:write")


@pytest.fixture
def azimuth(company: Company, manager: User) -> Counterparty:
    """A customer of the manager."""
    return Counterparty.objects.create(
        name="Azimuth", sort_name="azimuth", phone="0 (232) 555-01-02", responsible=manager
    )


@pytest.mark.parametrize(
    "order",
    [
        [("ringing", "00"), ("answered", "01"), ("ended", "03")],
        [("ended", "03"), ("ringing", "00"), ("answered", "01")],
        [("answered", "01"), ("answered", "01"), ("ended", "03"), ("ringing", "00")],
        [("missed", "02"), ("ended", "03"), ("answered", "01"), ("ringing", "00")],
    ],
    ids=["in order", "the end first", "twice", "missed by one, answered by another"],
)
def test_events_in_any_order_make_the_same_call(
    said: Say, azimuth: Counterparty, order: list[tuple[str, str]]
) -> None:
    """F119: a call stands on the customer's card by itself, once."""
    answers = [said(event, at) for event, at in order]

    assert {answer.status_code for answer in answers} == {200}
    call = Activity.objects.get(is_archived=False)
    assert (call.kind, call.state, call.counterparty_id) == ("call", "done", azimuth.pk)
    moments = [call.at, call.starts_at, call.ends_at]
    assert [each.minute for each in moments if each] == [0, 1, 3]
    assert (call.subject, call.result) == ("Incoming call: Azimuth", "Talked for 2 min 0 s.")


def test_a_missed_call_makes_one_task_for_the_owner(
    said: Say, azimuth: Counterparty, manager: User
) -> None:
    """F119: the owner calls back."""
    said("ringing")
    first = said("missed", "01")
    again = said("missed", "01")

    task = Activity.objects.get(kind="task")
    assert (task.subject, task.owner, task.state) == ("Call back Azimuth", manager, "open")
    assert first.json()["task"] == again.json()["task"] == str(task.pk)
    assert Activity.objects.get(kind="call").result == "Nobody answered."


def test_an_outgoing_call_asks_nobody_to_call_back(said: Say, azimuth: Counterparty) -> None:
    said("missed", direction="outgoing")

    assert Activity.objects.get().subject == "Outgoing call: Azimuth"
    assert not Notification.objects.exists()


def test_the_owner_is_told_while_it_rings(
    said: Say, azimuth: Counterparty, manager: User,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    """F119: who calls, whose customer it is, and the card; once."""
    with django_capture_on_commit_callbacks(execute=True):
        said("ringing")
        said("ringing")

    notice = Notification.objects.get(kind="call_ringing")
    assert notice.user == manager
    assert notice.values == {"customer": "Azimuth", "owner": str(manager)}
    assert notice.url == f"/counterparties/{azimuth.pk}/"


def test_a_person_who_does_not_see_the_customer_is_not_told(
    said: Say, azimuth: Counterparty, manager: User, accountant: User,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    """F119: the call is its owner's instead."""
    role = AccessRole.objects.create(name="Own only", base=accountant.role)
    RoleRight.objects.create(role=role, object="counterparties", action="view", scope=Scope.OWN)
    User.objects.filter(pk=accountant.pk).update(access_role=role)

    with django_capture_on_commit_callbacks(execute=True):
        said("ringing", person=accountant.email)

    assert Notification.objects.get().user == manager
    assert Activity.objects.get().owner == manager


def test_an_unknown_number_offers_a_lead(
    said: Say, manager: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        said("ringing", number="+7 916 000", person=manager.email.upper())

    notice = Notification.objects.get()
    assert (notice.user, notice.kind) == (manager, "call_unknown")
    assert notice.url == "/counterparties/new/?phone=%2B7+916+000"
    assert Activity.objects.get().counterparty is None


def test_a_contact_persons_call_stands_on_both_cards(said: Say, azimuth: Counterparty) -> None:
    """F119: with the link to the recording."""
    anna = ContactPerson.objects.create(
        counterparty=azimuth, full_name="Anna", phone="8 916 123-45-67"
    )

    said("ended", number="+79161234567", recording="https://pbx.example/17.mp3")

    call = Activity.objects.get()
    assert (call.subject, call.counterparty) == ("Incoming call: Anna", azimuth)
    assert call.text == "Recording: https://pbx.example/17.mp3"
    assert ActivityLink.objects.get(activity=call).key == anna.pk


def test_a_key_finds_only_customers_its_person_sees(
    company: Company, manager: User, visitor: Client, azimuth: Counterparty
) -> None:
    azimuth.is_vip, azimuth.responsible = True, None
    azimuth.save()

    answer = _door(visitor, manager, "calls:write")("ringing")

    assert "counterparty" not in answer.json()
    assert Activity.objects.get().counterparty is None


@pytest.mark.parametrize("scopes", [[], ["activities:write"], ["*:read"]])
def test_a_key_without_the_scope_is_refused(
    company: Company, administrator: User, visitor: Client, scopes: list[str]
) -> None:
    answer = _door(visitor, administrator, *scopes)("ringing")

    assert answer.status_code == 403
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        {"event": "dialled"}, {"number": "azimuth"}, {"number": 5}, {"at": "yesterday"},
        {"at": "2026-11-28T10:00:00"}, {"call": ""}, {"recording": "javascript:alert(1)"},
        {"direction": "inside"}, {"extension": "17"},
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused(said: Say, given: dict[str, Any]) -> None:
    answer = said(**{"event": "ringing"} | given)

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == list(given)
    assert not Activity.objects.exists()


def test_another_company_is_not_reached(
    said: Say, azimuth: Counterparty, company: Company, rival: Company, administrator: User
) -> None:
    """Neither does the key open the other company's door, nor is the same call there the same."""
    said("ringing")
    _token, secret = tokens.make_token(user=administrator, name="x", scopes=["calls:write"])
    there = Client(headers={"host": "rival.localhost"})

    answer = there.post(
        "/api/v1/calls", {"call": "17.1", "event": "ended", "number": "+902325550102"},
        content_type="application/json", headers={"Authorization": f"Bearer {secret}"},
    )  # fmt: skip

    assert answer.status_code == 401
    with tenant_context(company):
        assert Activity.objects.get().ends_at is None
