"""Migrations of all companies: rendered once on the template, replayed as SQL everywhere else.

Each migration of each schema is one short transaction with a lock time limit, so a busy company is
tried again and a failing one does not stop the rest. What was applied stays applied: run it again and
it goes on where it stopped (``docs/adr/0004-migrations-replayed-as-sql.md``).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import psycopg2
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django_tenants.migration_executors.base import run_migrations
from django_tenants.utils import schema_context

from tenants.models import Company
from tenants.provisioning.rendering import TEMPLATE

LOCK_TIMEOUT = "2s"
TRIES = 5
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
    """One migration as SQL; ``statements`` is ``None`` when it needs Python in each schema."""

    name: Name
    statements: tuple[str, ...] | None


def migrate_everything(*, options: dict[str, Any], jobs: int, say: Say) -> Outcome:
    """Migrate ``public``, the template, then all companies and spares."""
    outcome = Outcome()
    connection.set_schema_to_public()
    wanted = _names_on_disk()
    if _applied(["public"]).get("public", set()) < _shared_names(wanted):
        say("public")
        run_migrations((), options, "standard", "public")
    before = _applied([TEMPLATE]).get(TEMPLATE)
    steps = _migrate_template(before, options, say)
    schemas = list(
        Company.objects.order_by("created_at", "id").values_list("schema_name", flat=True)
    )
    target = _applied([TEMPLATE])[TEMPLATE]
    applied = _applied(schemas)
    behind = [schema for schema in schemas if not applied.get(schema, set()) >= target]
    outcome.unchanged = len(schemas) - len(behind)
    _migrate_companies(behind, applied, before or set(), steps, options, jobs, say, outcome)
    return outcome


def migrate_one(*, schema: str, options: dict[str, Any]) -> None:
    """Migrate one schema by the ordinary executor, making it when it is not there."""
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA IF NOT EXISTS "{schema}"')
    run_migrations((), options, "standard", schema)


# The template ------------------------------------------------------------------------------------
def _migrate_template(before: set[Name] | None, options: dict[str, Any], say: Say) -> list[Step]:
    """Bring the template up to date and return what that took, for the others."""
    if before is None:
        say("template (first time)")
        migrate_one(schema=TEMPLATE, options=options)
        return []
    steps: list[Step] = []
    with schema_context(TEMPLATE):
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not plan:
            return []
        state = executor._create_project_state(with_applied_migrations=True)
        for migration, _ in plan:
            say(f"template: {migration}")
            steps.append(_rendered(migration, state))
            state = executor.apply_migration(state, migration)
    # Signals of a full run (content types) come from the ordinary command, now with nothing to do.
    run_migrations((), options, "standard", TEMPLATE)
    return steps


def _rendered(migration: Migration, state: Any) -> Step:
    name = (migration.app_label, migration.name)
    if not all(_is_sql(operation) for operation in migration.operations):
        return Step(name, None)
    with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
        migration.apply(state.clone(), editor, collect_sql=True)
    statements = tuple(s for s in editor.collected_sql if not s.startswith("--"))
    return Step(name, statements)


def _is_sql(operation: Any) -> bool:
    return bool(operation.reduces_to_sql)


# Companies ---------------------------------------------------------------------------------------
def _migrate_companies(
    schemas: Sequence[str], applied: dict[str, set[Name]], before: set[Name], steps: list[Step],
    options: dict[str, Any], jobs: int, say: Say, outcome: Outcome,
) -> None:  # fmt: skip
    can_replay = bool(steps) and all(step.statements is not None for step in steps)
    done = 0
    quick = [s for s in schemas if can_replay and applied.get(s) == before]
    slow = [s for s in schemas if s not in set(quick)]

    def note(schema: str, reason: str | None) -> None:
        nonlocal done
        done += 1
        if reason is None:
            outcome.migrated += 1
        else:
            outcome.failed[schema] = reason
        say(f"{done}/{len(schemas)} {schema}{f': {reason}' if reason else ''}")

    if quick:
        address = connection.get_connection_params()
        with ThreadPoolExecutor(max_workers=max(jobs, 1)) as workers:
            for schema, reason in zip(
                quick, workers.map(lambda s: _replay(s, steps, address), quick), strict=True
            ):
                note(schema, reason)
    for schema in slow:
        try:
            run_migrations((), options, "standard", schema)
        except Exception as error:
            connection.close()
            note(schema, f"{type(error).__name__}: {error}".strip())
        else:
            note(schema, None)


def _replay(schema: str, steps: Iterable[Step], address: dict[str, Any]) -> str | None:
    """Replay the steps in one schema; return why it failed, ``None`` when it did not."""
    values = {k: v for k, v in address.items() if k not in {"cursor_factory", "client_encoding"}}
    own = psycopg2.connect(**values)
    try:
        for step in steps:
            reason = _replay_step(own, schema, step)
            if reason is not None:
                return f"{step.name[0]}.{step.name[1]}: {reason}"
    finally:
        own.close()
    return None


def _replay_step(own: Any, schema: str, step: Step) -> str | None:
    for attempt in range(1, TRIES + 1):
        try:
            with own, own.cursor() as cursor:
                cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
                cursor.execute(
                    "SELECT set_config('search_path', %s, true)", [f'"{schema}", public']
                )
                for statement in step.statements or ():
                    cursor.execute(statement)
                cursor.execute(
                    "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())",
                    step.name,
                )
        except psycopg2.errors.LockNotAvailable:
            if attempt == TRIES:
                return f"the tables were in use for {TRIES} × {LOCK_TIMEOUT}"
            time.sleep(0.2 * attempt)
        except psycopg2.Error as error:
            return str(error).strip().splitlines()[0]
        else:
            return None
    return None


# What is applied where -----------------------------------------------------------------------------
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


def _names_on_disk() -> set[Name]:
    return set(MigrationExecutor(None).loader.disk_migrations)


def _shared_names(names: set[Name]) -> set[Name]:
    """Return all names: django-tenants records every migration in ``public``, run or not."""
    return names
