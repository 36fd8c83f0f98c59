"""Reads compiled once for a company and a person: nobody gets the statement of somebody else."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django_tenants.utils import tenant_context

from apps.accounts.models import AccessRole, Role, RoleRight, Scope, User
from apps.accounts.rights import visible
from apps.counterparties.models import Counterparty
from tenants.models import Company
from tenants.prepared import Prepared, PreparedBy


def _rows(by: User, key: UUID) -> QuerySet[Counterparty]:
    return visible(by, Counterparty.objects.all(), "counterparties.view").filter(pk=key)


def _own_only(company: Company, name: str) -> User:
    """Return a person who sees their own counterparties, as a page reads them."""
    role = AccessRole.objects.create(name=f"Own only, {name}", base=Role.MANAGER)
    RoleRight.objects.create(role=role, object="counterparties", action="view", scope=Scope.OWN)
    made = User.objects.create(
        email=f"{name}@{company.slug}.example", role=Role.MANAGER, access_role=role
    )
    return User.objects.get(pk=made.pk)


def test_each_person_is_answered_by_their_own_rights(company: Company) -> None:
    read = PreparedBy(_rows, UUID(int=1))
    mila, vera = _own_only(company, "mila"), _own_only(company, "vera")
    row = Counterparty.objects.create(name="Polar Star", responsible=mila)

    assert [found.pk for found in read(mila, row.pk)] == [row.pk]
    assert read(vera, row.pk) == []
    assert [found.pk for found in read(mila, row.pk)] == [row.pk]


def test_a_right_taken_away_is_another_statement(company: Company) -> None:
    read = PreparedBy(_rows, UUID(int=1))
    mila = _own_only(company, "mila")
    row = Counterparty.objects.create(name="Polar Star", responsible=None)
    before = read(mila, row.pk)
    RoleRight.objects.filter(role=mila.access_role).update(scope=Scope.ALL)

    after = read(User.objects.get(pk=mila.pk), row.pk)

    assert before == []
    assert [found.pk for found in after] == [row.pk]


def test_another_company_is_answered_from_its_own_tables(acme: Company, rival: Company) -> None:
    read = PreparedBy(_rows, UUID(int=1))
    with tenant_context(acme):
        here = User.objects.create(email="a@acme.example", role=Role.OWNER)
        row = Counterparty.objects.create(name="Polar Star")
        found = read(User.objects.get(pk=here.pk), row.pk)
    with tenant_context(rival):
        there = User.objects.create(email="a@rival.example", role=Role.OWNER)
        elsewhere = read(User.objects.get(pk=there.pk), row.pk)

    assert [each.name for each in found] == ["Polar Star"]
    assert elsewhere == []


def test_the_second_reading_only_asks(company: Company) -> None:
    made = []

    def rows(by: User, key: UUID) -> QuerySet[Counterparty]:
        made.append(key)
        return _rows(by, key)

    read = PreparedBy(rows, UUID(int=1))
    owner = User.objects.create(email="o@acme.example", role=Role.OWNER)
    owner = User.objects.get(pk=owner.pk)
    row = Counterparty.objects.create(name="Polar Star")
    read(owner, row.pk)

    with CaptureQueriesContext(connection) as asked:
        found = read(owner, row.pk)

    assert made == [UUID(int=1)]
    assert len(asked) == 1
    assert found[0].name == "Polar Star"


def test_who_was_not_read_with_rights_is_answered_without_keeping(company: Company) -> None:
    read = PreparedBy(_rows, UUID(int=1))
    owner = User.objects.create(email="o@acme.example", role=Role.OWNER)
    row = Counterparty.objects.create(name="Polar Star")

    assert owner.read_as is None
    assert [found.pk for found in read(owner, row.pk)] == [row.pk]
    assert read._kept._known == {}


def test_rows_of_values_and_a_value_at_two_places(company: Company) -> None:
    row = Counterparty.objects.create(name="Polar Star")
    child = Counterparty.objects.create(name="Moon", parent=row)
    read = Prepared(
        lambda key: (
            Counterparty.objects.filter(pk=key) | Counterparty.objects.filter(parent_id=key)
        ).order_by("name").values_list("pk", "name"),
        UUID(int=1),
    )  # fmt: skip

    assert read(row.pk) == [(child.pk, "Moon"), (row.pk, "Polar Star")]
    assert read(child.pk) == [(child.pk, "Moon")]


def test_a_value_that_stands_nowhere_is_refused(company: Company) -> None:
    read = Prepared(lambda key: Counterparty.objects.all(), UUID(int=1))

    with pytest.raises(ValueError, match="stands nowhere"):
        read(UUID(int=2))


def test_what_can_fit_nothing_is_answered_with_nothing(company: Company) -> None:
    read = Prepared(lambda key: Counterparty.objects.filter(pk=key).none(), UUID(int=1))

    assert read(UUID(int=2)) == []
