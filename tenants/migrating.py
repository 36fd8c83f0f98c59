"""Migrations of all companies: rendered once on the template, replayed as SQL everywhere else.

Each migration of each schema is one short transaction with a lock time limit, so a busy company is
tried again and a failing one does not stop the rest. What was applied stays applied, and the SQL is
kept (``RenderedMigration``): run it again and it goes on where it stopped, as quickly
(``docs/adr/migrations-replayed-as-sql.md``).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import psycopg2
from django.apps import apps
from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.operations import SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder
from django_tenants.migration_executors.base import run_migrations
from django_tenants.utils import schema_context

from tenants.context import as_schema_owner
from tenants.current import enter_public
from tenants.models import Company, RenderedMigration
from tenants.provisioning import roles
from tenants.provisioning.rendering import TEMPLATE

LOCK_TIMEOUT = "2s"
TRIES = 5
_ONE_AT_A_TIME = 0x6B6F_7072_755F_6D67  # "kopru_mg": the advisory lock of this command
Name = tuple[str, str]
Say = Callable[[str], None]


@dataclass
class Outcome:
    """What became of a run over all schemas."""

    migrated: int = 0
    unchanged: int = 0
    failed: dict[str, str] = field(default_factory=dict)  # schema → reason


@dataclass(frozen=True)
class Step:
    """One migration: its SQL, or what it takes to run it by Python in each schema."""

    name: Name
    statements: Sequence[str] | None
    migration: Migration | None = None
    state: Any = None  # of the models, before the migration


def migrate_everything(*, options: dict[str, Any], jobs: int, say: Say) -> Outcome:
    """Migrate ``public``, the template, then all companies and spares; one such run at a time."""
    with _alone(say):
        enter_public()
        wanted = set(MigrationLoader(None).disk_migrations)
        # django-tenants notes every migration in ``public``, those of companies too.
        if not wanted <= _applied(["public"]).get("public", set()):
            say("public")
            _migrate_public(options)
        applied = _applied([TEMPLATE]).get(TEMPLATE)
        if applied is None:
            say("template (first time)")
            migrate_one(schema=TEMPLATE, options=options)
        elif not wanted <= applied:
            _migrate_template(options, say)
        return _migrate_companies(options, jobs, say)


def migrate_one(*, schema: str, options: dict[str, Any]) -> None:
    """Migrate one schema by the ordinary executor, making it when it is not there."""
    with as_schema_owner():
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
        run_migrations((), options, "standard", schema)


@contextmanager
def _alone(say: Say) -> Iterator[None]:
    """Wait until no other run is under way: two would apply one migration twice."""
    values = connection.get_connection_params()
    own = psycopg2.connect(
        **{k: v for k, v in values.items() if k not in {"cursor_factory", "client_encoding"}}
    )
    own.autocommit = True
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ONE_AT_A_TIME])
            if not cursor.fetchone()[0]:
                say("waiting: migrate_schemas is under way elsewhere")
                cursor.execute("SELECT pg_advisory_lock(%s)", [_ONE_AT_A_TIME])
        yield
    finally:
        own.close()  # and with it the lock


def _migrate_public(options: dict[str, Any]) -> None:
    """Migrate the service's own tables; those of companies' rooms are only noted, as they do nothing here.

    To reckon what each of the rooms' migrations would find takes longer than all that is done.
    """
    MigrationRecorder(connection).ensure_schema()
    executor = MigrationExecutor(connection)
    own = {config.label for config in apps.get_app_configs() if config.name in settings.SHARED_APPS}
    leaves = executor.loader.graph.leaf_nodes()
    executor.migrate([leaf for leaf in leaves if leaf[0] in own])
    executor = MigrationExecutor(connection)
    for migration, _ in executor.migration_plan(leaves):
        executor.recorder.record_applied(migration.app_label, migration.name)
    # Signals of a full run come from the ordinary command, now with nothing to do.
    run_migrations((), options, "standard", "public")


# The template ------------------------------------------------------------------------------------
def _migrate_template(options: dict[str, Any], say: Say) -> None:
    """Bring the template up to date; what that takes is kept before it is applied."""
    with schema_context(TEMPLATE):
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        state = executor._create_project_state(  # type: ignore[attr-defined]  # not in the stubs
            with_applied_migrations=True
        )
        for migration, _ in plan:
            say(f"template: {migration}")
            statements = _rendered(migration, state)
            with schema_context("public"):
                RenderedMigration.objects.update_or_create(
                    app=migration.app_label,
                    name=migration.name,
                    defaults={"statements": statements},
                )
            state = executor.apply_migration(state, migration)
    # Signals of a full run (content types) come from the ordinary command, now with nothing to do.
    run_migrations((), options, "standard", TEMPLATE)


def _rendered(migration: Migration, state: Any) -> list[str] | None:
    if not migration.atomic or not all(map(_is_sql, migration.operations)):
        return None
    with connection.schema_editor(collect_sql=True, atomic=True) as editor:
        migration.apply(state.clone(), editor, collect_sql=True)
    return [statement for statement in editor.collected_sql if not statement.startswith("--")]


def _is_sql(operation: Operation) -> bool:
    if isinstance(operation, SeparateDatabaseAndState):
        return all(map(_is_sql, operation.database_operations))
    return bool(operation.reduces_to_sql)


# Companies ---------------------------------------------------------------------------------------
def _migrate_companies(options: dict[str, Any], jobs: int, say: Say) -> Outcome:
    outcome = Outcome()
    companies = Company.objects.order_by("created_at", "id")
    schemas = list(companies.values_list("schema_name", flat=True))
    target, applied = _applied([TEMPLATE])[TEMPLATE], _applied(schemas)
    behind = [schema for schema in schemas if not target <= applied.get(schema, set())]
    outcome.unchanged = len(schemas) - len(behind)
    if not behind:
        return outcome
    steps = _steps(set().union(*(target - applied.get(schema, set()) for schema in behind)))

    def bring(schema: str) -> str | None:
        missing = target - applied.get(schema, set())
        with as_schema_owner():
            if missing <= {step.name for step in steps}:
                return _replay(schema, [step for step in steps if step.name in missing])
            return _run_ordinary(schema, options)

    with ThreadPoolExecutor(max_workers=max(jobs, 1)) as workers:
        results = zip(behind, workers.map(bring, behind), strict=True)
        for done, (schema, reason) in enumerate(results, start=1):
            if reason is None:
                outcome.migrated += 1
            else:
                outcome.failed[schema] = reason
            say(f"{done}/{len(behind)} {schema}{f': {reason}' if reason else ''}")
    return outcome


def _steps(missing: set[Name]) -> list[Step]:
    """Return what is known of these migrations, in the order in which they are applied."""
    kept = {
        (app, name): statements
        for app, name, statements in RenderedMigration.objects.values_list(
            "app", "name", "statements"
        )
    }
    loader = MigrationLoader(None)
    plan = MigrationExecutor(None).migration_plan(loader.graph.leaf_nodes(), clean_start=True)
    steps = []
    for migration, _ in plan:
        name = (migration.app_label, migration.name)
        if name not in missing or name not in kept:
            continue
        state = None
        if kept[name] is None:
            state = loader.project_state(name, at_end=False)
            _ = state.apps  # drawn up once, here: the threads only copy it
        steps.append(Step(name, kept[name], migration, state))
    return steps


def _replay(schema: str, steps: Sequence[Step]) -> str | None:
    """Replay the steps in one schema; return why it failed, ``None`` when it did not."""
    try:
        with schema_context(schema):
            for step in steps:
                _replay_step(step)
            with transaction.atomic(), connection.cursor() as cursor:
                _take_reference_rows(cursor)
                roles.grant(cursor, schema)
    except Exception as error:  # any failure of one company is a line of the report
        return f"{'.'.join(step.name)}: {_reason(error)}"
    finally:
        connection.close()
    return None


def _replay_step(step: Step) -> None:
    for attempt in range(1, TRIES + 1):
        try:
            if step.statements is not None:
                with transaction.atomic(), connection.cursor() as cursor:
                    _be_short(cursor)
                    for statement in step.statements:
                        cursor.execute(statement)
                    _note_applied(cursor, step)
            else:
                _run_python(step)
        except OperationalError as error:
            is_busy = isinstance(error.__cause__, psycopg2.errors.LockNotAvailable)
            if not is_busy or attempt == TRIES:
                raise
            time.sleep(0.2 * attempt)
        else:
            return


def _run_python(step: Step) -> None:
    if step.migration is None:
        raise ValueError(step.name)
    is_atomic = step.migration.atomic
    with transaction.atomic() if is_atomic else nullcontext():
        if is_atomic:
            with connection.cursor() as cursor:
                _be_short(cursor)
        with connection.schema_editor(atomic=is_atomic) as editor:
            step.migration.apply(step.state.clone(), editor)
        with connection.cursor() as cursor:
            _note_applied(cursor, step)


def _run_ordinary(schema: str, options: dict[str, Any]) -> str | None:
    """Migrate by the ordinary executor: for schemas that miss what was never rendered."""
    try:
        run_migrations((), options, "standard", schema)
        with transaction.atomic(), connection.cursor() as cursor:
            roles.grant(cursor, schema)
    except Exception as error:  # any failure of one company is a line of the report
        return _reason(error)
    finally:
        connection.close()
    return None


def _be_short(cursor: Any) -> None:
    cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_TIMEOUT])


def _note_applied(cursor: Any, step: Step) -> None:
    cursor.execute(
        "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", step.name
    )


def _take_reference_rows(cursor: Any) -> None:
    """Add the content types of new models, which Django adds by a signal of its own command."""
    cursor.execute(
        "INSERT INTO django_content_type (app_label, model) SELECT app_label, model"  # noqa: S608
        f' FROM "{TEMPLATE}".django_content_type ON CONFLICT DO NOTHING'
    )


def _reason(error: Exception) -> str:
    if isinstance(error.__cause__, psycopg2.errors.LockNotAvailable):
        return f"the tables were in use for {TRIES} × {LOCK_TIMEOUT}"
    first = (str(error).strip() or "no reason given").splitlines()[0]
    return f"{type(error).__name__}: {first}"


# What is applied where ---------------------------------------------------------------------------
def _applied(schemas: Sequence[str]) -> dict[str, set[Name]]:
    """Return the applied migrations by schema, in one query for a hundred of them."""
    found: dict[str, set[Name]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.nspname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relname = 'django_migrations' AND n.nspname = ANY(%s)",
            [list(schemas)],
        )
        there = [row[0] for row in cursor.fetchall()]
        for start in range(0, len(there), 100):
            union = " UNION ALL ".join(
                f"SELECT '{s}', app, name FROM \"{s}\".django_migrations"  # noqa: S608
                for s in there[start : start + 100]
            )
            cursor.execute(union)
            for schema, app, name in cursor.fetchall():
                found.setdefault(schema, set()).add((app, name))
    return found
