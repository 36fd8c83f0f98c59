"""Reports by the API: the table of the report's file, for whoever may take it out."""

from __future__ import annotations

import pytest

from apps.accounts import roles
from apps.accounts.models import AccessRole, Role, User
from tenants.audit.models import SecurityEvent
from tenants.models import Company
from tests.apps.custom.asking import ask


@pytest.mark.parametrize("name", ["sales", "customers", "promising"])
def test_a_report_is_told_as_a_table(company: Company, owner: User, name: str) -> None:
    """F139, G069: and stands in the security log as its file would."""
    answer = ask(owner, f"reports/{name}?period=month")

    told = answer.json()
    assert answer.status_code == 200
    assert all(len(row) == len(told["columns"]) for row in told["rows"])
    assert SecurityEvent.objects.get(kind="list.exported").detail["list"] == f"reports.{name}"


def test_numbers_of_a_report_are_texts(company: Company, owner: User) -> None:
    rows = ask(owner, "reports/customers").json()["rows"]

    assert rows
    assert {type(cell) for row in rows for cell in row} <= {str, type(None)}


def test_no_such_report(company: Company, owner: User) -> None:
    assert ask(owner, "reports/moon").status_code == 404


def test_who_takes_no_report_out_reads_none(company: Company, owner: User) -> None:
    """F219: the table is the whole file."""
    scopes = dict(roles.ticked(AccessRole(base=Role.MANAGER)).scopes)
    del scopes["reports.export"]
    role = roles.save_role(
        role=AccessRole(base=Role.MANAGER), name="Reader", scopes=scopes, fields={}, by=owner
    )
    person = User.objects.create_user(
        email="reader@acme.example", role=Role.MANAGER, access_role=role, full_name="Rita"
    )

    assert ask(person, "reports/sales").status_code == 403
    assert not SecurityEvent.objects.filter(kind="list.exported").exists()
