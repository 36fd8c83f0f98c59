"""All companies get the tables of a new release, whatever becomes of one of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from io import StringIO
from typing import Any

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django_tenants.utils import tenant_context

from tenants import migrating
from tenants.current import enter_public
from tenants.models import Company, RenderedMigration
from tenants.provisioning import pool
from tenants.provisioning.rendering import TEMPLATE
from tenants.services import create_company
from tests.tenants.inventory import differences

LATER = {"audit": "tests.tenants.later_migrations"}


@pytest.fixture
def later_release(open_database: None, settings: Any) -> Iterator[None]:
    """A release with two migrations more; everything is taken back afterwards."""
    settings.MIGRATION_MODULES = LATER
    yield
    enter_public()
    RenderedMigration.objects.all().delete()
    schemas = ["public", TEMPLATE, *Company.objects.values_list("schema_name", flat=True)]
    with connection.cursor() as cursor:
        for schema in schemas:
            cursor.execute(
                f'DELETE FROM "{schema}".django_migrations WHERE app = %s AND name > %s',
                ["audit", "0002"],
            )
            if schema == "public":
                continue
            cursor.execute(f'DROP TABLE IF EXISTS "{schema}".audit_note')
            cursor.execute(
                f'ALTER TABLE "{schema}".audit_securityevent DROP COLUMN IF EXISTS severity'
            )
            cursor.execute(
                f'DELETE FROM "{schema}".auth_permission p USING "{schema}".django_content_type t'
                " WHERE t.id = p.content_type_id AND t.model = 'note'"
            )
            cursor.execute(f"DELETE FROM \"{schema}\".django_content_type WHERE model = 'note'")


def migrate() -> str:
    out = StringIO()
    call_command("migrate_schemas", jobs=2, stdout=out)
    return out.getvalue()


def notes_of(company: Company) -> list[str]:
    with tenant_context(company), connection.cursor() as cursor:
        cursor.execute("SELECT text FROM audit_note")
        return [row[0] for row in cursor.fetchall()]


def test_nothing_to_do_is_said_at_once(open_database: None) -> None:
    assert "0 companies migrated" in migrate()


def test_companies_and_spares_get_what_the_template_gets(later_release: None) -> None:
    pool.refill(size=1)
    count = Company.objects.count()

    said = migrate()

    assert f"{count} companies migrated, 0 up to date, 0 failed." in said
    for company in Company.objects.all():
        assert notes_of(company) == [company.schema_name]
        # An own field has an index of its own, in the company of whoever made it.
        own = [each for each in differences(company.schema_name, TEMPLATE)
               if "custom_value_" not in each]
        assert own == []


def test_a_spare_made_after_a_release_has_its_tables(later_release: None) -> None:
    migrate()

    spare = pool.make_spare()

    assert differences(spare.schema_name, TEMPLATE) == []


def test_a_failing_company_does_not_stop_the_rest_and_is_caught_up_later(
    later_release: None,
) -> None:
    broken = create_company(slug="broken-one", name="Broken")
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TABLE "{broken.schema_name}".audit_note (id int)')

    with pytest.raises(CommandError) as failure:
        migrate()

    assert str(failure.value).count("audit.0002_severity") == 1
    assert broken.schema_name in str(failure.value)
    for company in Company.objects.exclude(pk=broken.pk):
        assert notes_of(company) == [company.schema_name]

    with connection.cursor() as cursor:
        cursor.execute(f'DROP TABLE "{broken.schema_name}".audit_note')
    assert "1 companies migrated" in migrate()
    assert notes_of(broken) == [broken.schema_name]


def test_a_company_keeps_its_rights_and_gets_no_others(later_release: None) -> None:
    company = create_company(slug="fresh-one", name="Fresh")
    migrate()

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(%s, %s, 'INSERT'), has_schema_privilege(%s, %s, 'CREATE')",
            [
                company.schema_name, f'"{company.schema_name}".audit_note',
                company.schema_name, company.schema_name,
            ],
        )  # fmt: skip
        assert cursor.fetchone() == (True, False)


def test_a_run_that_was_killed_in_the_middle_is_finished_by_the_next(later_release: None) -> None:
    for number in range(3):
        create_company(slug=f"many-{number}", name="Many")
    wanted = Company.objects.count()

    class Killed(StringIO):
        def write(self, line: str, /) -> int:
            if line.startswith("2/"):
                raise KeyboardInterrupt
            return super().write(line)

    with pytest.raises(KeyboardInterrupt):
        call_command("migrate_schemas", jobs=1, stdout=Killed())
    said = migrate()

    assert "0 failed" in said
    assert f"0 companies migrated, {wanted} up to date" in migrate()
    for company in Company.objects.all():
        assert notes_of(company) == [company.schema_name]  # once, not twice


def test_a_company_held_by_a_long_transaction_is_named_and_the_rest_go_on(
    later_release: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "LOCK_TIMEOUT", "50ms")
    monkeypatch.setattr(migrating, "TRIES", 2)
    busy = create_company(slug="busy-one", name="Busy")
    parameters = connection.get_connection_params()
    other = psycopg2.connect(
        **{k: v for k, v in parameters.items() if k not in {"cursor_factory", "client_encoding"}}
    )
    try:
        with other.cursor() as cursor:
            cursor.execute(f'SELECT count(*) FROM "{busy.schema_name}".audit_securityevent')

            with pytest.raises(CommandError) as failure:
                migrate()
    finally:
        other.close()

    assert busy.schema_name in str(failure.value)
    assert "the tables were in use for 2 × 50ms" in str(failure.value)
    for company in Company.objects.exclude(pk=busy.pk):
        assert notes_of(company) == [company.schema_name]
    assert "1 companies migrated" in migrate()


def test_two_runs_at_once_wait_for_one_another(later_release: None) -> None:
    create_company(slug="shared-one", name="Shared")
    said: list[str] = []

    def work() -> None:
        try:
            said.append(migrate())
        finally:
            connection.close()

    runs = [threading.Thread(target=work) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()

    count = Company.objects.count()
    assert sorted(
        line for text in said for line in text.splitlines() if "companies migrated" in line
    ) == [
        f"0 companies migrated, {count} up to date, 0 failed.",
        f"{count} companies migrated, 0 up to date, 0 failed.",
    ]
