"""Complaints and service requests: entered, taken up, closed with a word, reported."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.core import events, objects
from apps.counterparties.models import ContactPerson, Counterparty
from apps.notifications.models import Notification
from apps.service import selectors, services
from apps.service.models import RequestState, ServiceRequest
from apps.service.services import RequestAssigned, RequestValues
from tenants.models import Company

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def partner(company: Company) -> Counterparty:
    return Counterparty.objects.create(name="Romashka", sort_name="romashka")


def entered(partner: Counterparty, by: User, **told: Any) -> ServiceRequest:
    values = {"subject": "Two boxes open", "counterparty_id": partner.pk, **told}
    return services.save_request(values=RequestValues(**values), by=by)


def test_a_claim_has_customer_subject_owner_deadline_and_state(
    partner: Counterparty, manager: User, manager_client: Client
) -> None:
    """F132: a claim is entered on a form; an overdue one is flagged."""
    told = {
        "subject": "Two boxes open", "kind": "complaint", "counterparty": str(partner.pk),
        "counterparty_name": "Romashka", "owner": str(manager.pk), "due_at": "2020-01-05T10:00",
        "text": "noted by the driver",
    }  # fmt: skip
    answer = manager_client.post("/requests/new/", told)

    row = ServiceRequest.objects.get()
    page = manager_client.get("/requests/?state=overdue").content.decode()
    card = manager_client.get(answer["Location"]).content.decode()
    assert (row.kind, row.state, row.owner) == ("complaint", "new", manager)
    assert "is-late-text" in page
    assert "overdue" in card


def test_a_request_is_taken_up_closed_and_reported(partner: Counterparty, manager: User) -> None:
    """F133: a service request is logged, assigned, closed and reported."""
    row = entered(partner, manager)
    ServiceRequest.objects.update(created_at=NOW - timedelta(hours=10))
    services.move_requests(keys=[row.pk], state="in_work", by=manager, now=NOW)
    services.move_requests(
        keys=[row.pk], state="solved", by=manager, now=NOW, resolution="Sent anew"
    )

    [line, whole] = selectors.report(
        manager, from_on=date(2026, 11, 1), until_on=date(2026, 11, 30), now=NOW
    )

    assert (line.name, line.solved, line.open) == ("Marina Manager", 1, 0)
    assert (whole.taken_after, whole.closed_after) == (timedelta(hours=10), timedelta(hours=10))


def test_whoever_closes_says_what_was_done(partner: Counterparty, manager: User) -> None:
    row = entered(partner, manager)

    with pytest.raises(services.NothingDone):
        services.move_requests(keys=[row.pk], state="solved", by=manager, now=NOW)

    row.refresh_from_db()
    assert (row.state, row.closed_at) == (RequestState.NEW, None)


def test_a_move_is_taken_back(partner: Counterparty, manager: User) -> None:
    row = entered(partner, manager, resolution="Sent anew")
    before = services.move_requests(keys=[row.pk], state="solved", by=manager, now=NOW)

    services.put_back(before=before)

    row.refresh_from_db()
    assert (row.state, row.closed_at) == (RequestState.NEW, None)


def test_the_owner_hears_of_it(
    partner: Counterparty, manager: User, owner: User,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    heard: list[RequestAssigned] = []
    events.listen(RequestAssigned, heard.append)

    with django_capture_on_commit_callbacks(execute=True):
        row = entered(partner, manager, owner_id=owner.pk)

    assert heard == [RequestAssigned(row.pk, owner.pk, manager.pk)]


def test_the_owner_has_a_notice_of_it(
    partner: Counterparty, manager: User, owner: User,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    """F133: assigned: the one who is to see to it is told, not the one who assigned it."""
    with django_capture_on_commit_callbacks(execute=True):
        entered(partner, manager, owner_id=owner.pk)
        entered(partner, manager, owner_id=manager.pk)

    [notice] = Notification.objects.all()
    assert (notice.user_id, notice.kind) == (owner.pk, "request_assigned")


def test_a_contact_person_of_somebody_else_is_refused(
    partner: Counterparty, manager: User
) -> None:
    other = Counterparty.objects.create(name="Other")
    stranger = ContactPerson.objects.create(counterparty=other, full_name="Anna")

    with pytest.raises(services.OfSomebodyElse):
        entered(partner, manager, person_id=stranger.pk)

    assert not ServiceRequest.objects.exists()


def test_the_kind_saves_and_refuses_by_field(partner: Counterparty, manager: User) -> None:
    kind = objects.kind("requests")

    with pytest.raises(objects.Refused) as refusal:
        objects.save(kind, values={"subject": "No customer"}, by=manager)

    assert list(refusal.value.errors) == ["counterparty"]


def test_the_board_shows_states_with_counts(
    partner: Counterparty, manager: User, manager_client: Client
) -> None:
    for _ in range(3):
        entered(partner, manager)

    columns = selectors.board(selectors.requests(manager))
    page = manager_client.get("/requests/board/")

    assert [(each.state, each.count) for each in columns][:2] == [("new", 3), ("in_work", 0)]
    assert page.status_code == 200


def test_an_accountant_looks_but_changes_nothing(
    partner: Counterparty, manager: User, accountant_client: Client
) -> None:
    row = entered(partner, manager)

    seen = accountant_client.get(f"/requests/{row.pk}/")
    moved = accountant_client.post(f"/requests/{row.pk}/move/", {"state": "in_work"})

    row.refresh_from_db()
    assert (seen.status_code, moved.status_code, row.state) == (200, 403, "new")


def test_another_company_sees_no_request(
    partner: Counterparty, manager: User, rival_owner_client: Client
) -> None:
    row = entered(partner, manager)

    assert rival_owner_client.get(f"/requests/{row.pk}/").status_code == 404


def test_requests_stand_on_the_card_of_their_customer(
    partner: Counterparty, manager: User, manager_client: Client
) -> None:
    """F132: the customer's card lists its claims."""
    entered(partner, manager)

    card = manager_client.get(f"/counterparties/{partner.pk}/").content.decode()

    assert "Two boxes open" in card
