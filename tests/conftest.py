"""Fixtures of the whole test run: two companies, people of each role, clients bound to hosts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from django_tenants.utils import schema_context, tenant_context
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

from apps.accounts.models import Role, User
from tenants.current import current_schema, enter_public
from tenants.models import Company
from tenants.services import create_company, drop_company

# The same examples in each run, however slow the machine is: a run never fails by chance.
# Others are tried with ``./kopru test --hypothesis-profile=searching``.
for _name, _is_same in (("same", True), ("searching", False)):
    settings.register_profile(
        _name, derandomize=_is_same, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
settings.load_profile("same")
CORPUS = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus"


# What takes longest begins first, so that no core waits for it at the end of the run.
BEGUN_FIRST = (
    "browser", "scenarios", "replication", "launcher", "apps/api/test_described.py", "tenants",
    "exchange",
)  # fmt: skip
# Each of its tests takes a minute and makes its own world: they go to whichever core is free.
SHARED_OUT = "replication/test_simulator.py"


class _ByModule(LoadScopeScheduling):
    """A module's tests go to one core, whose fixtures they share, and all browsers to one."""

    def _split_scope(self, nodeid: str) -> str:
        place = nodeid.partition("::")[0].removeprefix("tests/")
        if place == SHARED_OUT:
            return nodeid
        return "browser" if place.startswith("browser/") else place


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Hand out the tests by module."""
    return _ByModule(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Begin with what takes longest."""
    yield  # others sort too, by what a test does to the database
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    place = item.nodeid.partition("::")[0].removeprefix("tests/")
    begun = (n for n, each in enumerate(BEGUN_FIRST) if f"{place}/".startswith(f"{each}/"))
    return next(begun, len(BEGUN_FIRST))


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Real files of 1C installations; they are not part of the project."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of real 1C files is not beside this checkout")
    return CORPUS


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_blocker: Any,
    django_db_keepdb: bool,
    django_db_modify_db_settings: None,
) -> Iterator[None]:
    """Make the database and two companies once; tests run in transactions on top of them.

    In place of pytest-django's own, which makes no database when the chosen tests manage theirs.
    """
    with django_db_blocker.unblock():
        made = setup_databases(
            verbosity=0, interactive=False, keepdb=django_db_keepdb,
            aliases={"default"},  # type: ignore[arg-type]  # Django asks for a collection
        )  # fmt: skip
        for slug, name in (("acme", "Acme Trading"), ("rival", "Rival Trading")):
            _make_company(slug, name)
    yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            enter_public()
            for company in Company.objects.all():  # roles are the cluster's, not the database's
                drop_company(company=company)
            teardown_databases(made, verbosity=0)


def _make_company(slug: str, name: str) -> Company:
    found = Company.objects.filter(slug=slug).first()
    return found or create_company(slug=slug, name=name)


def _company(slug: str) -> Company:
    """Look a company up outside every company: inside one, the others are out of reach."""
    with schema_context("public"):
        found: Company = Company.objects.get(slug=slug)
    return found


@pytest.fixture
def acme(db: None) -> Company:
    """The company most tests speak of."""
    return _company("acme")


@pytest.fixture
def rival(db: None) -> Company:
    """Another company: nothing of Acme may reach it."""
    return _company("rival")


@pytest.fixture
def company(acme: Company) -> Iterator[Company]:
    """Acme, entered: the test's own queries run inside it."""
    with tenant_context(acme):
        yield acme


@pytest.fixture
def visitor(acme: Company) -> Client:
    """A browser at Acme's address, not signed in."""
    return Client(headers={"host": "acme.localhost"})


def _person(company: Company, role: str, name: str) -> User:
    with tenant_context(company):
        return User.objects.create_user(
            email=f"{role}@{company.slug}.example",
            password="correct horse battery",
            role=role,
            full_name=name,
        )


def _signed_in(user: User, company: Company) -> Client:
    client = Client(headers={"host": f"{company.slug}.localhost"})
    with tenant_context(company):
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.fixture
def owner(acme: Company) -> User:
    """Who signed the company up."""
    return _person(acme, Role.OWNER, "Olga Owner")


@pytest.fixture
def administrator(acme: Company) -> User:
    """Who connects 1C."""
    return _person(acme, Role.ADMINISTRATOR, "Artem Admin")


@pytest.fixture
def manager(acme: Company) -> User:
    """Who sells."""
    return _person(acme, Role.MANAGER, "Marina Manager")


@pytest.fixture
def accountant(acme: Company) -> User:
    """Who works in 1C and looks things up here."""
    return _person(acme, Role.ACCOUNTANT, "Anna Accountant")


@pytest.fixture
def rival_owner(rival: Company) -> User:
    """The owner of the other company."""
    return _person(rival, Role.OWNER, "Roman Rival")


@pytest.fixture
def owner_client(owner: User, acme: Company) -> Client:
    """The owner's browser."""
    return _signed_in(owner, acme)


@pytest.fixture
def administrator_client(administrator: User, acme: Company) -> Client:
    """The administrator's browser."""
    return _signed_in(administrator, acme)


@pytest.fixture
def manager_client(manager: User, acme: Company) -> Client:
    """The manager's browser."""
    return _signed_in(manager, acme)


@pytest.fixture
def accountant_client(accountant: User, acme: Company) -> Client:
    """The accountant's browser."""
    return _signed_in(accountant, acme)


@pytest.fixture
def rival_owner_client(rival_owner: User, rival: Company) -> Client:
    """A browser signed in at the other company's address."""
    return _signed_in(rival_owner, rival)


_KEPT = ("django_migrations", "django_content_type", "auth_permission")


@pytest.fixture(scope="session")
def _ladoga(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        _make_company("ladoga", "Ladoga Trading")


@pytest.fixture
def committed(_ladoga: None, django_db_blocker: Any) -> Iterator[Company]:
    """A company of its own that the test has entered, without a transaction around the test.

    For what needs several connections: the journal, numbering, runs. Emptied before and afterwards.
    Not together with ``acme`` or ``company``, which live in a transaction.
    """
    with django_db_blocker.unblock():
        company = Company.objects.get(slug="ladoga")
        with tenant_context(company):
            empty_company()
            yield company
            empty_company()
        enter_public()


def empty_company(only: str = "") -> None:
    """Empty every table, or those whose names match ``only`` with all that refer to them.

    Only the owner of the schema may empty all, so outside the company. The few tables a test has
    filled are found first, among those that have ever held a row: asking all of a company takes
    the database twenty milliseconds. Rows go in any order, their references are looked at when all
    are gone; what the journal writes about it goes last. Truncating a hundred tables with their
    indexes takes a hundred times as long.
    """
    schema = current_schema()
    with schema_context("public"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('search_path', %s, true)", [f'"{schema}", public'])
        cursor.execute(_EMPTIED, {"schema": schema, "only": only or ".", "kept": list(_KEPT)})
        tables = [row[0] for row in cursor.fetchall()]
        filled = " UNION ALL ".join(
            f"SELECT '{each}' WHERE EXISTS (SELECT FROM {each})" for each in tables
        )
        for _ in range(2):  # the second time what triggers wrote about the first
            cursor.execute(filled)
            found = [row[0] for row in cursor.fetchall()]
            if not found:
                return
            cursor.execute("; ".join(f"DELETE FROM {each}" for each in found))


_EMPTIED = """
WITH RECURSIVE emptied (id) AS (
    SELECT oid FROM pg_class
    WHERE relnamespace = %(schema)s::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
    AND relname <> ALL(%(kept)s) AND (relname ~ %(only)s OR relname = 'replication_journal')
    UNION
    SELECT conrelid FROM pg_constraint JOIN emptied ON confrelid = emptied.id WHERE contype = 'f'
)
SELECT id::regclass::text FROM emptied JOIN pg_class ON oid = id
WHERE relkind = 'p' OR pg_relation_size(id) > 0
"""
