"""The change journal: nothing is forgotten, nothing is read twice, nothing late is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from apps.catalog.models import PriceType, Unit
from apps.core.models import Organization
from apps.counterparties.models import ContactPerson, Counterparty
from apps.finance.models import Payment
from replication import capture, registry
from replication.journal import Change, changed_keys, changes, current_position
from replication.operations import CaptureChanges
from replication.positions import covers
from replication.registry import local_models
from tenants.context import acting
from tenants.models import Company
from tests.replication.writers import Writer, connect, insert_unit


@pytest.fixture
def another_connection(committed: Company) -> Iterator[Callable[[], Writer]]:
    """Make connections of other writers, inside the company."""
    made: list[Writer] = []

    def open_one() -> Writer:
        made.append(connect(committed))
        return made[-1]

    yield open_one
    for one in made:
        one.close()


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
    committed: Company, another_connection: Callable[[], Writer]
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
    assert read_by_numbers(highest) == []


def read_by_numbers(after: int) -> list[UUID]:
    """Read as nobody must: by ``id > last``."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT unnest(keys) FROM replication_journal WHERE id > %s ORDER BY id", [after]
        )
        return [row[0] for row in cursor.fetchall()]


def highest_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM replication_journal")
        return int(cursor.fetchone()[0])


Step = tuple[int, str]  # which of four writers does what; "read" is the reader's


@settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(
    steps=st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from(["write", "write", "commit", "undo", "read"])),
        max_size=40,
    )
)
@example(steps=[(0, "write"), (1, "write"), (1, "commit"), (0, "read"), (0, "commit")])
def test_interleaved_writers_are_each_read_once(committed: Company, steps: list[Step]) -> None:
    written, read = run_steps(committed, steps, SnapshotReader())

    assert sorted(read) == sorted(written)


def test_a_reader_by_numbers_loses_what_the_snapshot_keeps(committed: Company) -> None:
    steps = [(0, "write"), (1, "write"), (1, "commit"), (0, "read"), (0, "commit")]

    written, read = run_steps(committed, steps, NumberReader())

    assert len(written) == 2
    assert len(read) == 1


class SnapshotReader:
    """Reads as everybody must: from position to position."""

    def __init__(self) -> None:
        self.position = current_position()

    def read(self) -> list[UUID]:
        before, self.position = self.position, current_position()
        return [change.key for change in changes(before, self.position)]


class NumberReader:
    """Reads by ``id > last``: the counter-example."""

    def __init__(self) -> None:
        self.highest = highest_number()

    def read(self) -> list[UUID]:
        keys = read_by_numbers(self.highest)
        self.highest = highest_number()
        return keys


def run_steps(
    company: Company, steps: list[Step], reader: SnapshotReader | NumberReader
) -> tuple[list[UUID], list[UUID]]:
    """Return the keys that were committed and those that were read."""
    writers = [connect(company) for _ in range(4)]
    open_keys: list[list[UUID]] = [[] for _ in writers]
    written: list[UUID] = []
    read: list[UUID] = []
    for number, action in [*steps, *((n, "commit") for n in range(4))]:
        if action == "write":
            open_keys[number].append(insert_unit(writers[number], "unit"))
        elif action == "commit":
            writers[number].commit()
            written += open_keys[number]
            open_keys[number] = []
        elif action == "undo":
            writers[number].rollback()
            open_keys[number] = []
        else:
            read += reader.read()
    read += reader.read()
    for writer in writers:
        writer.close()
    return written, read


def test_a_position_taken_while_writing_does_not_pass_over_the_writer(
    committed: Company, another_connection: Callable[[], Writer]
) -> None:
    other = another_connection()
    with transaction.atomic():
        mine = Unit.objects.create(name="written before the position was taken")
        theirs = insert_unit(other, "ends first")
        other.commit()  # now the snapshot's upper end lies above my own transaction
        inside = current_position()

    assert theirs not in [change.key for change in told(inside)]
    assert [change.key for change in told(inside)] == [mine.pk]


def test_two_positions_divide_what_lies_between(committed: Company) -> None:
    positions = [current_position()]
    for number in range(3):
        Unit.objects.create(name=f"unit {number}")
        positions.append(current_position())

    parts = [len(told(after, until=until)) for after, until in pairwise(positions)]

    assert parts == [1, 1, 1]
    assert all(covers(late, early) for early, late in pairwise(positions))


def test_a_decimal_keeps_its_digits(committed: Company) -> None:
    payment = Payment.objects.create(
        amount=Decimal("1.10"), currency="RUB", paid_on=date(2026, 3, 1)
    )
    before = current_position()

    Payment.objects.filter(pk=payment.pk).update(amount=Decimal("0.30"))

    (change,) = told(before)
    assert change.changed == {"amount": [Decimal("1.10"), Decimal("0.30")]}


def test_a_bulk_update_after_single_ones_stays_quick(committed: Company) -> None:
    Unit.objects.bulk_create([Unit(name=f"unit {n}") for n in range(15_000)])
    one = Unit.objects.first()
    assert one is not None
    for number in range(8):  # the plan of these serves all later updates of the session
        Unit.objects.filter(pk=one.pk).update(full_name=f"once {number}")

    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '5s'")  # by a nested loop: 225,000,000 comparisons
        cursor.execute("UPDATE catalog_unit SET full_name = 'all'")
        cursor.execute("RESET statement_timeout")

    assert not Unit.objects.exclude(full_name="all").exists()


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


def test_installed_triggers_are_those_of_the_models_of_today(company: Company) -> None:
    loader = MigrationLoader(connection)
    captured: dict[str, CaptureChanges] = {
        operation.model.lower(): operation
        for key in dict.fromkeys(
            key for node in loader.graph.leaf_nodes() for key in loader.graph.forwards_plan(node)
        )
        for operation in loader.disk_migrations[key].operations
        if isinstance(operation, CaptureChanges)
    }
    expected = {}
    for label, operation in captured.items():
        model = apps.get_model(label)
        source = capture.body(
            model, kind=operation.kind, route=operation.route, without=operation.without
        )
        expected[model._meta.db_table] = source

    assert captured_tables() == expected, "a column changed: capture the model again"


def test_capture_can_be_taken_back_and_installed_again(company: Company) -> None:
    operation = CaptureChanges("catalog.Unit", kind="keys")
    state = MigrationLoader(connection).project_state()
    source = captured_tables()["catalog_unit"]
    with connection.schema_editor() as editor:
        editor.execute("RESET ROLE")  # migrations run as the owner of the schema

        operation.database_backwards("catalog", editor, state, state)
        assert "catalog_unit" not in captured_tables()
        operation.database_forwards("catalog", editor, state, state)

        assert captured_tables()["catalog_unit"] == source


def test_a_model_without_a_uuid_key_cannot_be_captured() -> None:
    with pytest.raises(capture.NotCapturable):
        capture.install(apps.get_model("replication.Reader"), kind="keys", route=None)


def forgotten() -> list[str]:
    """Return the models that are neither captured nor declared local with a reason."""
    captured = set(captured_tables())
    local = local_models()
    ours = ("apps.", "exchange", "tenants.audit", "replication")
    return [
        model._meta.label
        for model in apps.get_models()
        if model.__module__.startswith(ours)
        and model._meta.db_table not in captured
        and not local.get(model._meta.label_lower)
    ]


def test_every_model_is_captured_or_declared_local_with_a_reason(company: Company) -> None:
    assert forgotten() == []


def test_a_model_that_nobody_has_declared_is_named(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(registry._local, "history.rowchange")
    with connection.schema_editor() as editor:
        editor.execute("RESET ROLE")
        for statement in capture.uninstall("counterparties_bankaccount", with_function=False):
            editor.execute(statement)

        assert sorted(forgotten()) == ["counterparties.BankAccount", "history.RowChange"]
