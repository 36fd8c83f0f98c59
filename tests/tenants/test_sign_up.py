"""Companies begin: the pool, the names, the moment of signing up."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from django_tenants.utils import tenant_context

from apps.accounts.models import User
from apps.core.models import CompanySettings
from tenants.current import enter_public
from tenants.models import Company, CompanyState, Domain
from tenants.names import NameFault, fault_of, skeleton, suggestion
from tenants.provisioning import baseline, pool
from tenants.provisioning.rendering import TEMPLATE, CannotRender, render
from tenants.services import NameRefused, drop_company, name_fault, sign_up
from tenants.signup import SignUp
from tests.tenants.inventory import QUERIES, inventory


@pytest.fixture(scope="module")
def spare(django_db_setup: None, django_db_blocker: Any) -> Iterator[Company]:
    """A spare made while these tests run."""
    with django_db_blocker.unblock():
        made = pool.make_spare()
        yield made
        enter_public()
        if Company.objects.filter(pk=made.pk).exists():  # a later test may have signed up with it
            drop_company(company=made)


@pytest.fixture(scope="module")
def migrated(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A schema made by running every migration, one after the other."""
    schema = "kopru_migrated"
    with django_db_blocker.unblock():
        call_command("migrate_schemas", schema_name=schema, verbosity=0)
        enter_public()
        yield schema
        with connection.cursor() as cursor:
            cursor.execute(f'DROP SCHEMA "{schema}" CASCADE')


def asked(slug: str = "blue-harbour", **changes: object) -> SignUp:
    values: dict[str, object] = {
        "name": "Blue Harbour", "slug": slug, "email": "ann@harbour.example",
        "password": "a long enough secret", "language": "tr", "time_zone": "Europe/Istanbul",
        "currency": "TRY", **changes,
    }  # fmt: skip
    return SignUp(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", QUERIES)
def test_a_spare_has_the_same_as_the_migrations_make(
    open_database: None, spare: Company, migrated: str, kind: str
) -> None:
    assert inventory(spare.schema_name)[kind] == inventory(migrated)[kind]


@pytest.mark.parametrize("change", [{"server": 9}, {"migrations": [["deals", "9999_of_tomorrow"]]}])
def test_kept_sql_that_is_not_for_this_program_is_left_alone(
    open_database: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, change: dict[str, Any]
) -> None:
    head, _, sql = baseline.PATH.read_text(encoding="utf-8").partition("\n")
    told = {**json.loads(head.removeprefix("-- ")), **change}
    other = tmp_path / "baseline.sql"
    other.write_text(f"-- {json.dumps(told)}\n{sql}", encoding="utf-8")
    monkeypatch.setattr(baseline, "PATH", other)
    known = {(app, name) for app, name in json.loads(head.removeprefix("-- "))["migrations"]}

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA kopru_untouched")
        is_laid = baseline.lay("kopru_untouched", known=known)
        cursor.execute(
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'kopru_untouched'::regnamespace"
        )
        [made] = cursor.fetchone()
        cursor.execute("DROP SCHEMA kopru_untouched CASCADE")

    assert (is_laid, made) == (False, 0)


def test_a_spare_holds_the_rows_that_migrations_write(open_database: None, spare: Company) -> None:
    made, template = f'"{spare.schema_name}"', f'"{TEMPLATE}"'
    with connection.cursor() as cursor:
        for table in ("django_migrations", "django_content_type", "auth_permission"):
            cursor.execute(
                f"(TABLE {template}.{table} EXCEPT TABLE {made}.{table})"
                f" UNION ALL (TABLE {made}.{table} EXCEPT TABLE {template}.{table})"
            )
            assert cursor.fetchall() == []
        cursor.execute(
            f"SELECT nextval(pg_get_serial_sequence('\"{spare.schema_name}\".django_content_type',"
            f" 'id')) > max(id) FROM \"{spare.schema_name}\".django_content_type"
        )
        assert cursor.fetchone() == (True,)


def test_the_role_of_a_spare_may_use_all_of_it_and_nothing_else(
    open_database: None, spare: Company
) -> None:
    role = spare.schema_name
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_and(has_table_privilege(%s, c.oid, 'SELECT, INSERT, UPDATE, DELETE'))"
            " FILTER (WHERE n.nspname = %s),"
            " bool_or(has_table_privilege(%s, c.oid, 'SELECT')) FILTER (WHERE n.nspname <> %s)"
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog',"
            " 'information_schema') AND n.nspname NOT LIKE 'pg_toast%%'",
            [role, role, role, role],
        )
        assert cursor.fetchone() == (True, False)
        cursor.execute(
            "SELECT rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin,"
            " has_schema_privilege(rolname, rolname, 'CREATE'),"
            " has_schema_privilege(rolname, 'public', 'CREATE') FROM pg_roles WHERE rolname = %s",
            [role],
        )
        assert set(cursor.fetchone()) == {False}


def test_what_cannot_be_rendered_is_refused(open_database: None) -> None:
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(f'CREATE VIEW "{TEMPLATE}".everybody AS SELECT 1 AS one')
        with pytest.raises(CannotRender, match="everybody"):
            render(TEMPLATE)
        transaction.set_rollback(True)


def test_a_company_is_at_work_after_signing_up(open_database: None) -> None:
    company = sign_up(asked=asked(), now=timezone.now())

    assert (company.state, company.currency) == (CompanyState.ACTIVE, "TRY")
    assert Domain.objects.get(tenant=company).domain == "blue-harbour.localhost"
    with tenant_context(company):
        owner = User.objects.get()
        assert (owner.email, owner.role, owner.language) == ("ann@harbour.example", "owner", "tr")
        assert owner.check_password("a long enough secret")
        assert CompanySettings.objects.count() == 1


def test_of_two_people_who_ask_at_once_one_gets_the_name(open_database: None) -> None:
    pool.refill(size=2)
    begin, outcomes = threading.Barrier(2), []

    def ask() -> None:
        begin.wait()
        try:
            outcomes.append(sign_up(asked=asked(), now=timezone.now()).slug)
        except NameRefused as refusal:
            outcomes.append(refusal.fault)
        finally:
            connection.close()

    people = [threading.Thread(target=ask) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert sorted(map(str, outcomes)) == ["blue-harbour", "taken"]
    assert Company.objects.filter(slug="blue-harbour").count() == 1


def test_nothing_remains_of_a_sign_up_that_was_killed(
    open_database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """The process ends here."""

    def kill(*_: object) -> None:
        raise Killed

    monkeypatch.setattr("tenants.signup.run_hooks", kill)
    with pytest.raises(Killed):
        sign_up(asked=asked(), now=timezone.now())

    enter_public()
    assert name_fault("blue-harbour") is None
    assert not Domain.objects.filter(domain="blue-harbour.localhost").exists()


@pytest.mark.parametrize(
    ("slug", "fault"),
    [
        ("ab", NameFault.TOO_SHORT), ("a" * 33, NameFault.TOO_LONG), ("-acme", NameFault.SHAPE),
        ("a--b", NameFault.SHAPE), ("ACME", NameFault.SHAPE), ("www", NameFault.RESERVED),
        ("xn--80ak6aa92e", NameFault.SHAPE), ("good-name", None),
    ],
)  # fmt: skip
def test_a_name_is_refused_for_a_reason(slug: str, fault: NameFault | None) -> None:
    assert fault_of(slug) == fault


def test_names_that_look_alike_are_one() -> None:
    assert skeleton("paypa1") == skeleton("paypal")
    assert skeleton("rnodern") == skeleton("modern")


@pytest.mark.parametrize(
    ("name", "slug"),
    [("ООО «Ромашка и К»", "romashka-i-k"), ("Çınar Yapı Ltd. Şti.", "cinar-yapi"), ("!!!", "")],
)
def test_an_address_is_proposed_from_the_companys_name(name: str, slug: str) -> None:
    assert suggestion(name) == slug


def test_the_page_says_while_typing_that_a_name_is_taken(db: None) -> None:
    public = Client(headers={"host": "localhost"})

    free = public.get("/check-name/", {"slug": "fresh-name"}).content.decode()
    taken = public.get("/check-name/", {"slug": "acme"}).content.decode()

    assert "fresh-name.localhost is free" in free
    assert "taken" in taken


def test_the_page_carries_the_owner_signed_in_to_the_company(open_database: None) -> None:
    public = Client(headers={"host": "localhost"})
    form = {
        "name": "Blue Harbour", "slug": "blue-harbour", "email": "ann@harbour.example",
        "password": "a long enough secret", "language": "en", "time_zone": "UTC",
        "currency": "USD",
    }  # fmt: skip

    answer = public.post("/", form)
    browser = Client(headers={"host": "blue-harbour.localhost"})
    path = answer["Location"].partition("localhost:8000")[2]
    arrived = browser.get(path)
    again = Client(headers={"host": "blue-harbour.localhost"}).get(path)

    assert answer["Location"].startswith("http://blue-harbour.localhost:8000/accounts/arrive/")
    assert (arrived.status_code, arrived["Location"]) == (302, "/")
    assert browser.get("/").status_code == 200
    assert again["Location"] == "/accounts/login/"


def test_a_page_with_wrong_input_keeps_what_was_typed_and_makes_nothing(db: None) -> None:
    public = Client(headers={"host": "localhost"})

    answer = public.post("/", {"name": "Blue Harbour", "slug": "www", "password": "short"})

    assert answer.status_code == 422
    assert 'value="Blue Harbour"' in answer.content.decode()
    assert not Company.objects.filter(name="Blue Harbour").exists()
