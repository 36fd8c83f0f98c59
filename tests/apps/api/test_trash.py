"""Rows deleted for good by the API: as the bin does it, and by whom it lets."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django_tenants.utils import tenant_context

from apps.accounts.models import User
from apps.api import tokens
from apps.core import objects
from apps.counterparties.models import Counterparty
from apps.duplicates import bin as trash
from apps.service.models import ServiceRequest
from tenants.audit.models import SecurityEvent
from tenants.models import Company
from tests.apps.custom.asking import ask


@pytest.fixture
def gone(company: Company, owner: User) -> Counterparty:
    """A customer in the trash."""
    row = Counterparty.objects.create(name="Romashka", sort_name="romashka", responsible=owner)
    trash.delete(kind=objects.kind("counterparties"), keys=[row.pk], by=owner)
    return row


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let rows be deleted for good on the day they went into the trash."""
    monkeypatch.setattr(trash, "KEPT", timedelta(0))


def purge(by: User, row: Any) -> Any:
    return ask(by, f"counterparties/{row.pk}/purge", "POST")


def test_a_row_of_the_trash_is_deleted_for_good(
    gone: Counterparty, owner: User, at_once: None
) -> None:
    """G069: and stands in the security log, as from the page."""
    answer = purge(owner, gone)

    assert (answer.status_code, answer.json()) == (200, {"id": str(gone.pk)})
    assert not Counterparty.objects.exists()
    assert SecurityEvent.objects.get(kind="bin.purged").login == owner.email


def test_a_row_stays_in_the_trash_for_thirty_days(gone: Counterparty, owner: User) -> None:
    assert purge(owner, gone).status_code == 422
    assert Counterparty.objects.exists()


def test_a_row_that_is_in_use_is_not_deleted(
    company: Company, owner: User, at_once: None
) -> None:
    row = Counterparty.objects.create(name="Lada", sort_name="lada", responsible=owner)

    assert purge(owner, row).status_code == 422
    assert Counterparty.objects.exists()


def test_what_documents_hold_is_kept(gone: Counterparty, owner: User, at_once: None) -> None:
    ServiceRequest.objects.create(counterparty=gone, subject="Broken")

    answer = purge(owner, gone)

    assert (answer.status_code, "Romashka" in answer.json()["detail"]) == (422, True)
    assert Counterparty.objects.exists()


def test_who_may_not_change_settings_deletes_nothing_for_good(
    gone: Counterparty, manager: User, at_once: None
) -> None:
    """F219."""
    assert purge(manager, gone).status_code == 403
    assert Counterparty.objects.exists()


def test_what_has_no_trash_has_no_such_address(company: Company, owner: User) -> None:
    assert ask(owner, f"price_types/{owner.pk}/purge", "POST").status_code == 404
    assert ask(owner, f"moons/{owner.pk}/purge", "POST").status_code == 404


def test_another_company_s_rows_are_not_deleted(
    gone: Counterparty, rival: Company, rival_owner: User, at_once: None
) -> None:
    with tenant_context(rival):
        answer = ask_at(rival, rival_owner, gone)

    assert answer.status_code == 404
    assert Counterparty.objects.exists()


def ask_at(company: Company, by: User, row: Any) -> Any:
    _token, secret = tokens.make_token(user=by, name="R", scopes=["*:read", "*:write"])
    return Client(headers={"host": f"{company.slug}.localhost"}).post(
        f"/api/v1/counterparties/{row.pk}/purge", headers={"Authorization": f"Bearer {secret}"}
    )
