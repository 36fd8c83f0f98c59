"""SQL of the triggers that fill the change journal, generated for each table from its columns.

Three kinds, as measured (``docs/adr/0003-journal-by-triggers.md``): ``keys`` for bulk data, one
statement trigger with transition tables for each operation; ``fields``, the same with old and new
values of some columns of updated rows, for bulk data that has a history; ``rows`` where changed
columns with their old values are kept, a row trigger with plain comparisons (rows that are made are
one line for each statement there, too: of them only the keys are told). An update that changes
nothing but ``updated_at`` writes nothing. The functions name no schema: a company's schema may be
renamed and its SQL replayed elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from django.db import models

Kind = Literal["keys", "fields", "rows"]
CHANNEL = "kopru_journal"
NOT_COMPARED = ("updated_at",)
ROWS_OF_A_LINE = 2000  # of kind "fields": a line stays far below the largest JSON of PostgreSQL

_ACTOR = (
    "nullif(current_setting('kopru.author', true), '')::uuid, "
    "nullif(current_setting('kopru.origin', true), '')::uuid, "
    "coalesce(current_setting('kopru.cause', true), '')"
)
_COLUMNS = "(table_name, key, route, operation, changed, author, origin, cause)"
_LINE_COLUMNS = "(table_name, keys, routes, operation, author, origin, cause)"


class NotCapturable(ValueError):
    """The table has no single UUID key."""


def function_name(table: str) -> str:
    """Return the name of the table's trigger function."""
    return f"journal_{table}"[:63]


def install(
    model: type[models.Model], *, kind: Kind, route: str | None, without: Sequence[str] = ()
) -> list[str]:
    """Return the statements that install (or renew) the capture of a table.

    ``route`` is the column with the key of the row's parent, told with each change; columns in
    ``without`` are neither compared nor told.

    :raises NotCapturable: its key is not one UUID.
    """
    table = model._meta.db_table
    statements = [_function(model, kind, route, without), *uninstall(table, with_function=False)]
    name = function_name(table)
    if kind == "rows":
        return [
            *statements,
            f'CREATE TRIGGER journal_rows AFTER UPDATE OR DELETE ON "{table}"'
            f' FOR EACH ROW EXECUTE FUNCTION "{name}"()',
            f'CREATE TRIGGER journal_insert AFTER INSERT ON "{table}"'
            f' REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION "{name}"()',
        ]
    for operation, tables in (
        ("INSERT", "NEW TABLE AS new_rows"),
        ("UPDATE", "OLD TABLE AS old_rows NEW TABLE AS new_rows"),
        ("DELETE", "OLD TABLE AS old_rows"),
    ):
        statements.append(
            f'CREATE TRIGGER journal_{operation.lower()} AFTER {operation} ON "{table}"'
            f' REFERENCING {tables} FOR EACH STATEMENT EXECUTE FUNCTION "{name}"()'
        )
    return statements


def uninstall(table: str, *, with_function: bool = True) -> list[str]:
    """Return the statements that end the capture of a table."""
    names = ("journal_rows", "journal_insert", "journal_update", "journal_delete")
    statements = [f'DROP TRIGGER IF EXISTS {name} ON "{table}"' for name in names]
    if with_function:
        statements.append(f'DROP FUNCTION IF EXISTS "{function_name(table)}"()')
    return statements


def body(
    model: type[models.Model], *, kind: Kind, route: str | None, without: Sequence[str] = ()
) -> str:
    """Return the body of the trigger function, as it stands in the database."""
    key, columns = _key_and_columns(model, without)
    routed = _route_column(model, route)
    table = model._meta.db_table
    if kind == "rows":
        return _rows_body(table, key, columns, routed, without)
    return _keys_body(table, key, columns, routed, _told(model) if kind == "fields" else ())


def _function(
    model: type[models.Model], kind: Kind, route: str | None, without: Sequence[str]
) -> str:
    name = function_name(model._meta.db_table)
    return (
        f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS'
        f" $journal${body(model, kind=kind, route=route, without=without)}$journal$"
    )


def _key_and_columns(
    model: type[models.Model], without: Sequence[str] = ()
) -> tuple[str, list[str]]:
    key: models.Field[Any, Any] = model._meta.pk
    if not isinstance(key, models.UUIDField):
        raise NotCapturable(model._meta.label)
    columns = sorted(  # by name: where a field stands in its class makes no difference
        str(field.column)
        for field in model._meta.concrete_fields
        if field is not key
        and field.column not in (*NOT_COMPARED, *without)
        and not isinstance(field, models.GeneratedField)  # it follows from the others
    )
    return str(key.column), columns


def _told(model: type[models.Model]) -> list[str]:
    """Return the columns whose values people read of: those they can see in a form."""
    _, columns = _key_and_columns(model)
    told = {str(each.column) for each in model._meta.concrete_fields if each.editable}
    return [column for column in columns if column in told and column != "created_at"]


def _route_column(model: type[models.Model], route: str | None) -> str | None:
    return model._meta.get_field(route).column if route else None  # type: ignore[union-attr]


def _keys_body(
    table: str, key: str, columns: Sequence[str], route: str | None, told: Sequence[str]
) -> str:
    """One line for each statement, with the keys of all its rows: a bulk writes few lines."""

    def insert(alias: str, operation: str, source: str) -> str:
        routes = f'array_agg({alias}."{route}")' if route else "NULL::uuid[]"
        return (
            f"INSERT INTO replication_journal {_LINE_COLUMNS} SELECT '{table}',"  # noqa: S608
            f" array_agg({alias}.\"{key}\"), {routes}, '{operation}', {_ACTOR}"
            f" FROM {source} HAVING count(*) > 0;"
        )

    def insert_with_values(source: str) -> str:
        routes = f'array_agg("n_{route}")' if route else "NULL::uuid[]"
        named = dict.fromkeys([key, *told, *([route] if route else [])])
        both = ", ".join(f'n."{c}" AS "n_{c}", o."{c}" AS "o_{c}"' for c in named)
        # Old and new values column by column, in the order of the keys: an object for each row
        # costs three times as much.
        values = ", ".join(
            f'\'{c}\', CASE WHEN bool_or("n_{c}" IS DISTINCT FROM "o_{c}") THEN'
            f' jsonb_build_array(to_jsonb(array_agg("o_{c}")), to_jsonb(array_agg("n_{c}"))) END'
            for c in told
        )
        return (
            f"INSERT INTO replication_journal {_LINE_COLUMNS[:-1]}, changed) SELECT '{table}',"  # noqa: S608
            f" array_agg(\"n_{key}\"), {routes}, 'U', {_ACTOR},"
            f" nullif(jsonb_strip_nulls(jsonb_build_object({values})), '{{}}'::jsonb)"
            f" FROM (SELECT {both}, row_number() OVER () / {ROWS_OF_A_LINE} AS line FROM {source})"
            " found GROUP BY line;"
        )

    new = ", ".join(f'n."{column}"' for column in columns)
    old = ", ".join(f'o."{column}"' for column in columns)
    # The plan of a session's first update, mostly of one row, serves all its later ones. Joined by
    # a nested loop, an import that follows on the same connection would take hours (10,000 rows:
    # 7 s). A full join is never planned as one; setting enable_nestloop for the function costs
    # each call a fifth of itself. What has no partner (a changed key) falls out again by
    # "coalesce", which the planner cannot turn into an inner join.
    changed = (
        f'new_rows n FULL JOIN old_rows o ON o."{key}" = n."{key}"'
        f" WHERE ROW({new}) IS DISTINCT FROM ROW({old})"
        f' AND coalesce(o."{key}" = n."{key}", false)'
    )
    return f"""
BEGIN
  IF TG_OP = 'UPDATE' THEN
    {insert_with_values(changed) if told else insert("n", "U", changed)}
  ELSIF TG_OP = 'INSERT' THEN
    {insert("n", "I", "new_rows n")}
  ELSE
    {insert("o", "D", "old_rows o")}
  END IF;
  IF FOUND THEN
    PERFORM pg_notify('{CHANNEL}', TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END;
"""


def _rows_body(
    table: str, key: str, columns: Sequence[str], route: str | None, without: Sequence[str] = ()
) -> str:
    compare = "\n".join(
        f'    IF NEW."{c}" IS DISTINCT FROM OLD."{c}" THEN c := c || jsonb_build_object('
        f'\'{c}\', jsonb_build_array(OLD."{c}", NEW."{c}")); END IF;'
        for c in columns
    )

    def insert(row: str, operation: str, changed: str) -> str:
        routed = f'{row}."{route}"' if route else "NULL::uuid"
        return (
            f"INSERT INTO replication_journal {_COLUMNS} VALUES ('{table}', {row}.\"{key}\","  # noqa: S608
            f" {routed}, '{operation}', {changed}, {_ACTOR});"
        )

    hidden = "".join(f" - '{column}'" for column in without)
    gone = (
        "(SELECT jsonb_object_agg(e.key, jsonb_build_array(e.value, NULL))"  # noqa: S608
        f" FROM jsonb_each(to_jsonb(OLD){hidden}) e)"
    )
    routes = f'array_agg(n."{route}")' if route else "NULL::uuid[]"
    made = (
        f"INSERT INTO replication_journal {_LINE_COLUMNS} SELECT '{table}', array_agg(n.\"{key}\"),"  # noqa: S608
        f" {routes}, 'I', {_ACTOR} FROM new_rows n HAVING count(*) > 0;"
    )
    return f"""
DECLARE c jsonb := '{{}}';
BEGIN
  IF TG_OP = 'INSERT' THEN
    {made}
    IF FOUND THEN
      PERFORM pg_notify('{CHANNEL}', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
  ELSIF TG_OP = 'UPDATE' THEN
{compare}
    IF c = '{{}}' THEN
      RETURN NULL;
    END IF;
    {insert("NEW", "U", "c")}
  ELSE
    {insert("OLD", "D", gone)}
  END IF;
  PERFORM pg_notify('{CHANNEL}', TG_TABLE_SCHEMA);
  RETURN NULL;
END;
"""
