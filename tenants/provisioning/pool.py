"""The pool: ready schemas that wait for a company, so that signing up is one row changed.

A spare is made by replaying the template's SQL in one transaction: killed in the middle, nothing
remains. It keeps its schema name for life, because names of schemas are never shown to anybody.
"""

from __future__ import annotations

from typing import Any

import uuid_utils.compat
from django.conf import settings
from django.db import connection, transaction

from tenants.current import enter_public
from tenants.models import Company, CompanyState
from tenants.provisioning import roles
from tenants.provisioning.rendering import TEMPLATE, render

_DATA = (
    "SELECT c.relname, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_class c"
    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " AND a.attgenerated = ''"
    " WHERE c.relnamespace = %s::regnamespace AND c.relkind = 'r' AND NOT c.relispartition"
    " GROUP BY c.relname ORDER BY c.relname"
)
_ONE_AT_A_TIME = 0x6B6F_7072_755F_706C  # "kopru_pl": the advisory lock of refilling


class NoTemplate(RuntimeError):
    """There is no template schema: the migrations have not run yet."""


def refill(*, size: int | None = None) -> int:
    """Make spares until the pool holds ``size`` of them; return how many were made.

    Where another process is at it already, nothing is done.
    """
    wanted = settings.KOPRU_POOL_SIZE if size is None else size
    made = 0
    enter_public()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_ONE_AT_A_TIME])
        if not cursor.fetchone()[0]:
            return made
        try:
            while Company.objects.filter(state=CompanyState.SPARE).count() < wanted:
                make_spare()
                made += 1
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_ONE_AT_A_TIME])
    return made


@transaction.atomic
def make_spare() -> Company:
    """Make one spare and return its row.

    :raises NoTemplate: the migrations have not run yet.
    """
    enter_public()
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [TEMPLATE])
        if not cursor.fetchone()[0]:
            raise NoTemplate(TEMPLATE)
        statements = _template_sql()
        key = uuid_utils.compat.uuid7()
        schema = f"c_{key.hex}"
        cursor.execute(f'CREATE SCHEMA "{schema}"')
        cursor.execute("SELECT set_config('search_path', %s, true)", [f'"{schema}", public'])
        cursor.execute(";\n".join(statements))
        _copy_rows(cursor, schema)
        roles.create(cursor, schema)
        cursor.execute("SELECT set_config('search_path', 'public', true)")
    made: Company = Company.objects.create(
        id=key, schema_name=schema, slug=f"spare-{key.hex[-20:]}", name="", state=CompanyState.SPARE
    )
    return made


def take_spare() -> Company:
    """Return a spare, locked until the transaction ends; makes one when the pool is empty."""
    spares = Company.objects.filter(state=CompanyState.SPARE).order_by("created_at", "id")
    found = spares.select_for_update(skip_locked=True).first()
    return found if found is not None else make_spare()


def drop_schema(company: Company) -> None:
    """Drop a company's schema table by table, then its role; the row is the caller's affair."""
    with connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA IF EXISTS "{company.schema_name}" CASCADE')
        roles.drop(cursor, company.schema_name)


_rendered: dict[str, list[str]] = {}


def _template_sql() -> list[str]:
    """Return the template's SQL, rendered again when a migration has changed it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT current_database() || count(*) || coalesce(max(id), 0)"  # noqa: S608
            f' FROM "{TEMPLATE}".django_migrations'
        )
        version = str(cursor.fetchone()[0])
    if version not in _rendered:
        _rendered.clear()
        _rendered[version] = render(TEMPLATE)
    return _rendered[version]


def _copy_rows(cursor: Any, schema: str) -> None:
    """Copy the rows the template holds (applied migrations, reference rows), and their counters."""
    cursor.execute(_DATA, [TEMPLATE])
    for table, columns in cursor.fetchall():
        cursor.execute(
            f'INSERT INTO "{schema}"."{table}" ({columns}) OVERRIDING SYSTEM VALUE'  # noqa: S608
            f' SELECT {columns} FROM "{TEMPLATE}"."{table}"'
        )
        if cursor.rowcount:
            cursor.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass"
                " AND attidentity <> ''",
                [f'"{schema}"."{table}"'],
            )
            for (column,) in cursor.fetchall():
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence(%s, %s), max({column}))"  # noqa: S608
                    f' FROM "{schema}"."{table}"',
                    [f'"{schema}"."{table}"', column],
                )
