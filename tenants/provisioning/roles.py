"""A database role for each company: the second wall.

The role is named like the schema and may read and write in it, nowhere else. The login role is a
member and takes it on beside the search path, so a mistake in one ends in an error by the other.
Where the login role may not create roles the wall is not there; ``./kopru doctor`` says so.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connection


@cache
def may_create_roles() -> bool:
    """Tell whether the login role may give companies roles of their own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = session_user"
        )
        return bool(cursor.fetchone()[0])


def create(cursor: Any, schema: str) -> bool:
    """Create the role of a schema with its rights; tell whether that was possible."""
    if not may_create_roles():
        return False
    cursor.execute(f'CREATE ROLE "{schema}" NOLOGIN NOINHERIT')
    _let_login_be(cursor, schema, options="SET TRUE, INHERIT FALSE")
    grant(cursor, schema)
    return True


def _let_login_be(cursor: Any, schema: str, *, options: str) -> None:
    """Make the login role a member; before PostgreSQL 16 membership has no options."""
    cursor.execute("SELECT session_user, current_setting('server_version_num')::int")
    login, version = cursor.fetchone()
    how = f" WITH {options}" if version >= 160000 else ""
    cursor.execute(f'GRANT "{schema}" TO "{login}"{how}')


def grant(cursor: Any, schema: str) -> None:
    """Let the role of a schema read and write in it, now and in tables to come; twice is harmless.

    Nothing happens where the schema has no role.
    """
    cursor.execute(
        "SELECT current_setting('server_version_num')::int FROM pg_roles WHERE rolname = %s",
        [schema],
    )
    found = cursor.fetchone()
    if found is None:
        return
    maintain = ", MAINTAIN" if found[0] >= 170000 else ""
    rights = f"SELECT, INSERT, UPDATE, DELETE{maintain}"
    for statement in (
        f'GRANT USAGE ON SCHEMA "{schema}" TO "{schema}"',
        f'GRANT {rights} ON ALL TABLES IN SCHEMA "{schema}" TO "{schema}"',
        f'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA "{schema}" TO "{schema}"',
        f'ALTER DEFAULT PRIVILEGES IN SCHEMA "{schema}" GRANT {rights} ON TABLES TO "{schema}"',
        f'ALTER DEFAULT PRIVILEGES IN SCHEMA "{schema}"'
        f' GRANT USAGE, SELECT ON SEQUENCES TO "{schema}"',
    ):
        cursor.execute(statement)


def drop(cursor: Any, schema: str) -> None:
    """Drop the role of a schema that is gone; nothing happens when there is none."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [schema])
    if cursor.fetchone():
        # Only who inherits a role's rights may take them away; a superuser needs no grant.
        _let_login_be(cursor, schema, options="INHERIT TRUE")
        cursor.execute(f'DROP OWNED BY "{schema}"')
        cursor.execute(f'DROP ROLE "{schema}"')
