"""The change journal: nothing is forgotten, nothing is read twice, nothing late is lost."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import psycopg2
import pytest
from django.apps import apps
from django.db import connection, transaction

from apps.catalog.models import PriceType, Unit
from apps.core.models import Organization
from apps.counterparties.models import ContactPerson, Counterparty
from replication import capture
from replication.journal import Change, changed_keys, changes, current_position
from replication.registry import local_models
from tenants.context import acting
from tenants.models import Company


@pytest.fixture
def another_connection(committed: Company) -> Iterator[Callable[[], psycopg2.extensions.connection]]:
    """Make connections of other writers, inside the company."""
    made = []

    def connect() -> psycopg2.extensions.connection:
        values = connection.get_connection_params()
        one = psycopg2.connect(
            dbname=values["dbname"], user=values.get("user"), password=values.get("password"),
            host=values.get("host"), port=values.get("port"),
        )  # fmt: skip
        with one.cursor() as cursor:
            cursor.execute(f'SET search_path TO "{committed.schema_name}", public')
        one.commit()
        made.append(one)
        return one

    yield connect
    for one in made:
        one.close()


def insert_unit(writer: psycopg2.extensions.connection, name: str) -> UUID:
    key = uuid4()
    with writer.cursor() as cursor:
        cursor.execute(
            "INSERT INTO catalog_unit (id, created_at, updated_at, ref, is_archived, code, name,"
            " full_name, international) VALUES (%s, now(), now(), '', false, '', %s, '', '')",
            [str(key), name],
        )
    return key


def told(after: str, **conditions: object) -> list[Change]:
    return list(changes(after, **conditions))  # type: ignore[arg-type]


def test_a_change_is_told_with_author_and_cause(committed: Company) -> None:
    author = uuid4()
    before = current_position()

    with acting(author=author, cause="screen"):
        Unit.objects.create(name="pcs")

    (change,) = told(before)
    assert (change.table, change.operation) == ("catalog_unit", "I")
    assert (change.author, change.cause) == (author, "screen")


def test_changed_columns_are_kept_with_both_values(committed: Company) -> None:
    partner = Counterparty.objects.create(name="Nail Ltd", phone="1")
    before = current_position()

    Counterparty.objects.filter(pk=partner.pk).update(phone="2")

    (change,) = told(before)
    assert change.changed == {"phone": ["1", "2"]}


def test_an_update_that_changes_nothing_is_not_told(committed: Company) -> None:
    partner = Counterparty.objects.create(name="Nail Ltd")
    Unit.objects.create(name="pcs")
    before = current_position()

    partner.save()
    Unit.objects.update(name="pcs")

    assert told(before) == []


def test_a_deleted_row_is_told_with_its_parent_and_its_values(committed: Company) -> None:
    partner = Counterparty.objects.create(name="Nail Ltd")
    person = ContactPerson.objects.create(counterparty=partner, full_name="Ann")
    key, before = person.pk, current_position()

    person.delete()

    (change,) = told(before)
    assert (change.key, change.route, change.operation) == (key, partner.pk, "D")
    assert change.changed is not None
    assert change.changed["full_name"] == ["Ann", None]


def test_raw_sql_and_bulk_writes_are_told(committed: Company) -> None:
    before = current_position()

    PriceType.objects.bulk_create([PriceType(name=f"type {n}", currency="RUB") for n in range(3)])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalog_pricetype SET currency = 'USD'")

    assert [change.operation for change in told(before)] == ["I"] * 3 + ["U"] * 3


def test_what_is_rolled_back_is_not_told(committed: Company) -> None:
    before = current_position()

    with transaction.atomic():
        Unit.objects.create(name="pcs")
        transaction.set_rollback(True)

    assert told(before) == []


def test_a_transaction_that_commits_late_is_not_lost(
    committed: Company, another_connection: Callable[[], psycopg2.extensions.connection]
) -> None:
    early, late = another_connection(), another_connection()
    start = current_position()
    first = insert_unit(late, "begun first, committed last")
    second = insert_unit(early, "begun last, committed first")
    early.commit()

    seen = told(start)
    middle, highest = current_position(), max(change.id for change in seen)
    late.commit()

    assert [change.key for change in seen] == [second]
    assert [change.key for change in told(middle)] == [first]
    # A reader that goes by numbers has passed it already: this is what the snapshot is for.
    assert [c.key for c in told(start) if c.id > highest] == []


@pytest.mark.parametrize("seed", range(5))
def test_interleaved_writers_are_each_read_once(
    committed: Company,
    another_connection: Callable[[], psycopg2.extensions.connection],
    seed: int,
) -> None:
    chance = random.Random(seed)  # noqa: S311
    writers = [another_connection() for _ in range(4)]
    written: list[UUID] = []
    read: list[UUID] = []
    position = current_position()

    for step in range(120):
        writer = chance.choice(writers)
        action = chance.random()
        if action < 0.6:
            written.append(insert_unit(writer, f"unit {step}"))
        elif action < 0.85:
            writer.commit()
        else:
            now = current_position()
            read += [change.key for change in changes(position, now)]
            position = now
    for writer in writers:
        writer.commit()
    read += [change.key for change in changes(position)]

    assert sorted(read) == sorted(written)


def test_a_reader_may_ask_for_some_tables_only(committed: Company) -> None:
    before = current_position()
    Unit.objects.create(name="pcs")
    Organization.objects.create(name="Acme")

    found = changed_keys(before, tables=["core_organization"])

    assert list(found) == ["core_organization"]


def test_too_many_keys_are_told_as_the_whole_table(committed: Company) -> None:
    before = current_position()
    Unit.objects.bulk_create([Unit(name=f"unit {n}") for n in range(5)])

    assert changed_keys(before, at_most=4) == {"catalog_unit": None}


def captured_tables() -> dict[str, str]:
    """Return the function body by table, as installed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT c.relname, p.prosrc FROM pg_trigger t JOIN pg_class c"
            " ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE c.relnamespace = current_schema()::regnamespace"
            " AND t.tgname LIKE 'journal\\_%' AND NOT t.tgisinternal"
        )
        return dict(cursor.fetchall())


def test_installed_triggers_know_every_column_of_their_table(company: Company) -> None:
    models = {model._meta.db_table: model for model in apps.get_models()}

    for table, source in captured_tables().items():
        kind: capture.Kind = "keys" if "new_rows" in source else "rows"
        columns = capture.body(models[table], kind=kind, route=None)
        for field in models[table]._meta.concrete_fields:
            if f'"{field.column}"' in columns:
                assert f'"{field.column}"' in source, f"{table}.{field.column}: capture it again"


def test_every_model_is_captured_or_declared_local_with_a_reason(company: Company) -> None:
    captured = set(captured_tables())
    local = local_models()
    ours = ("apps.", "exchange", "tenants.audit", "replication")

    forgotten = [
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith(ours)
        and model._meta.db_table not in captured
        and not local.get(model._meta.label_lower)
    ]

    assert forgotten == []
