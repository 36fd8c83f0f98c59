"""The change history of a row by the API, as its card shows it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django_tenants.utils import tenant_context

from apps.accounts import roles
from apps.accounts.models import AccessRole, Role, Scope, User
from apps.accounts.rights import forget
from apps.counterparties.models import Counterparty
from apps.history.models import RowChange
from tenants.models import Company
from tests.apps.custom.asking import ask

AT = datetime(2026, 11, 28, 10, tzinfo=UTC)


@pytest.fixture
def alfa(company: Company, owner: User) -> Counterparty:
    """A customer whose name and phone were changed."""
    row = Counterparty.objects.create(name="Alfa", sort_name="alfa", responsible=owner)
    for number, (column, old, new) in enumerate(
        [("name", "Alpha", "Alfa"), ("phone", "1", "+7 495 000 00 01")]
    ):
        RowChange.objects.create(
            line=number, table=Counterparty._meta.db_table, key=row.pk, owner=row.pk,
            operation="U", changed={column: [old, new]}, author=owner.pk, moment=AT, cause="api",
        )  # fmt: skip
    return row


def narrowed(owner: User, person: User, **more: object) -> None:
    """Let managers see their own customers alone, and not the phone."""
    role = roles.built_in(Role.MANAGER)
    scopes = {**roles.ticked(AccessRole(base=Role.MANAGER)).scopes, **more}
    roles.save_role(
        role=role, scopes=scopes, fields={("counterparties", "phone"): "hidden"}, by=owner
    )
    forget(person)


def test_a_program_reads_who_changed_what(alfa: Counterparty, owner: User) -> None:
    """F226, G069: the latest first, with the names of fields as people know them."""
    told = ask(owner, f"counterparties/{alfa.pk}/history").json()

    fields = [field for row in told["data"][0]["rows"] for field in row["fields"]]
    assert told["next"] is None
    assert told["data"][0]["author"] == "Olga Owner"
    assert told["data"][0]["source"] == "through the API"
    assert ("Alpha", "Alfa") in [(each["old"], each["new"]) for each in fields]
    assert len(fields) == 2


def test_a_hidden_field_is_not_told(alfa: Counterparty, owner: User, manager: User) -> None:
    """F222: neither what it is nor what it was."""
    narrowed(owner, manager)

    text = ask(manager, f"counterparties/{alfa.pk}/history").content.decode()

    assert "Alpha" in text
    assert "+7 495" not in text


def test_a_colleague_s_row_has_no_history_for_others(
    alfa: Counterparty, owner: User, manager: User
) -> None:
    """F219: nor has a row of another company, nor a kind without one."""
    narrowed(owner, manager, **{"counterparties.view": Scope.OWN})

    assert ask(manager, f"counterparties/{alfa.pk}/history").status_code == 404
    assert ask(owner, f"pipelines/{alfa.pk}/history").status_code == 404


def test_who_may_not_see_histories_sees_none(
    alfa: Counterparty, owner: User, manager: User
) -> None:
    narrowed(owner, manager, **{"history.view": Scope.NONE})

    assert ask(manager, f"counterparties/{alfa.pk}/history").status_code == 403


def test_another_company_s_row_is_not_there(
    company: Company, owner: User, rival: Company
) -> None:
    with tenant_context(rival):
        theirs = Counterparty.objects.create(name="X", sort_name="x").pk

    assert ask(owner, f"counterparties/{theirs}/history").status_code == 404


@pytest.mark.parametrize("asked", ["cursor=x", "cursor=-1", "page=2"])
def test_what_is_no_place_is_refused(alfa: Counterparty, owner: User, asked: str) -> None:
    assert ask(owner, f"counterparties/{alfa.pk}/history?{asked}").status_code == 400
