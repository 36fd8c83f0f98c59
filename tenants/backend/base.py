"""PostgreSQL backend: each connection follows the company and the actor of the code that uses it.

Before a statement runs, search path, role, author, origin and cause are brought to what the code is
in; nothing is sent when they already are. That goes in the message of the statement itself, so that
entering a company and naming a person costs no round trip. A rollback forgets what was set, because
PostgreSQL does.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

import psycopg2
import psycopg2.errors
import psycopg2.extensions
from django.conf import settings
from django.db import DatabaseError
from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantsDatabaseWrapper
from django_tenants.utils import get_public_schema_name

from tenants.backend.statements import Repeated, Statements
from tenants.context import current_actor, is_schema_owner

if TYPE_CHECKING:
    from tenants.models import Company

# The role comes first: it is given up (none) before another can be taken on.
_APPLY = (
    "RESET ROLE; SELECT set_config('role', %s, false), set_config('search_path', %s, false),"
    " set_config('kopru.author', %s, false), set_config('kopru.origin', %s, false),"
    " set_config('kopru.cause', %s, false)"
)
# What may stand behind another statement in one message; others (VACUUM, COPY, SET TRANSACTION) are
# sent alone.
JUST_NOW = 1.0  # seconds for which a connection that answered is taken to answer again
_FOLLOWS = (
    "SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "(", "PREPARE", "EXECUTE", "DEALLOCA",
)  # fmt: skip
_has_role: dict[tuple[str, str], bool] = {}
State = tuple[str, str, str, str, str]


class FollowingCursor(psycopg2.extensions.cursor):
    """A cursor whose statements take along what the connection has to be brought to."""

    wrapper: DatabaseWrapper
    _ahead = 0  # bytes of the latest message that are not the statement's own
    _asked: tuple[Any, Any] | None = None  # a statement that was asked by its name

    def execute(self, query: Any, vars: Any = None) -> None:
        """Run a statement in the company and in the name of the code that asks."""
        self._asked = None
        if not isinstance(query, Repeated):
            self._send(query, vars)
            return
        self._asked = (str(query), vars)
        kept = self.wrapper.statements
        try:
            self._send(kept.sent_as(query, vars or (), self.wrapper.path()), vars)
        except psycopg2.errors.InvalidSqlStatementName:
            # Somebody had the session forget what it kept (DISCARD ALL): it is met anew.
            self.wrapper.statements = Statements()
            if self.wrapper.in_atomic_block:
                raise
            self._send(str(query), vars)
        except psycopg2.Error:
            kept.failed()
            raise

    def _send(self, query: Any, vars: Any) -> None:
        self._ahead = 0
        wanted = self.wrapper.wanted()
        if wanted is None or not _may_follow(query):
            self.wrapper.bring()
            super().execute(query, vars)
            self.wrapper.answered_at = monotonic()
            return
        ahead = self.mogrify(f"{_APPLY}; ", wanted)
        statement = self.mogrify(query, vars)
        self.wrapper.search_path_set_schemas = None  # a statement that fails takes it back
        super().execute(ahead + statement)
        self.wrapper.search_path_set_schemas = wanted
        self.wrapper.answered_at = monotonic()
        self._ahead = len(ahead)

    def executemany(self, query: Any, vars_list: Any) -> None:
        """Run a statement many times."""
        self.wrapper.bring()
        super().executemany(query, vars_list)

    def callproc(self, *args: Any, **kwargs: Any) -> Any:
        """Call a procedure."""
        self.wrapper.bring()
        return super().callproc(*args, **kwargs)

    def copy_expert(self, *args: Any, **kwargs: Any) -> None:
        """Copy rows in or out."""
        self.wrapper.bring()
        super().copy_expert(*args, **kwargs)

    def copy_from(self, *args: Any, **kwargs: Any) -> None:
        """Copy rows in."""
        self.wrapper.bring()
        super().copy_from(*args, **kwargs)

    def copy_to(self, *args: Any, **kwargs: Any) -> None:
        """Copy rows out."""
        self.wrapper.bring()
        super().copy_to(*args, **kwargs)

    @property
    def query(self) -> bytes | None:
        """Return the latest statement with its values, for logs and tests."""
        if self._asked is not None:
            written: bytes = self.mogrify(*self._asked)
            return written
        sent: bytes | None = psycopg2.extensions.cursor.query.__get__(self)
        return sent[self._ahead :] if sent is not None else None


def _may_follow(query: Any) -> bool:
    text = query[:40].decode(errors="replace") if isinstance(query, bytes) else query
    return isinstance(text, str) and text.lstrip()[:8].upper().startswith(_FOLLOWS)


class Named(Protocol):
    """What stands for a company where only the name of a schema is known."""

    schema_name: str


class DatabaseWrapper(TenantsDatabaseWrapper):
    """A connection that enters the company and names the actor by itself."""

    # What django-tenants sets, without a type.
    tenant: Company | Named
    schema_name: str
    search_path_set_schemas: State | None
    answered_at = 0.0
    statements: Statements

    def get_new_connection(self, conn_params: Any) -> Any:
        """Connect; what another session kept prepared is not there."""
        self.statements = Statements()
        return super().get_new_connection(conn_params)

    def close_if_health_check_failed(self) -> None:
        """Ask whether the connection still answers, unless it did so a moment ago."""
        if monotonic() - self.answered_at < JUST_NOW:
            return
        super().close_if_health_check_failed()

    def create_cursor(self, name: str | None = None) -> Any:
        """Return a cursor that brings the connection along; one on the server cannot."""
        if name:
            return super().create_cursor(name)
        cursor = self.connection.cursor(cursor_factory=FollowingCursor)
        cursor.tzinfo_factory = self.tzinfo_factory if settings.USE_TZ else None
        cursor.wrapper = self
        return cursor

    def _handle_search_path(self, cursor: Any = None) -> None:
        if cursor is None:  # one on the server, which is declared next
            self.bring()

    def bring(self) -> None:
        """Bring the connection to what the code is in, with a message of its own if need be."""
        wanted = self.wanted()
        if wanted is None:
            return
        try:
            with self.connection.cursor() as cursor:
                cursor.execute(_APPLY, wanted)
        except (DatabaseError, psycopg2.InternalError):
            # The transaction has failed already; only a rollback can follow, and it starts afresh.
            self.search_path_set_schemas = None
        else:
            self.search_path_set_schemas = wanted

    def wanted(self) -> State | None:
        """Return what the connection has to be brought to; ``None`` when it is there."""
        wanted = self._wanted_state()
        return None if self.search_path_set_schemas == wanted else wanted

    def _wanted_state(self) -> State:
        actor = current_actor()
        return (
            self._role(), self.path(), str(actor.author or ""), str(actor.origin or ""), actor.cause
        )  # fmt: skip

    def path(self) -> str:
        """Return the search path of the company the code is in."""
        return ", ".join(f'"{name}"' for name in self._get_cursor_search_paths())

    def _role(self) -> str:
        """Return the company's own role, which is named like its schema; ``none`` for the owner."""
        schema = self.schema_name
        if not schema.startswith("c_") or is_schema_owner():
            return "none"
        key = (str(self.settings_dict["NAME"]), schema)
        if key not in _has_role:
            with self.connection.cursor() as cursor:
                cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [schema])
                _has_role[key] = cursor.fetchone() is not None
        return schema if _has_role[key] else "none"

    @property
    def is_public(self) -> bool:
        """Tell whether the connection is outside every company."""
        return bool(self.schema_name == get_public_schema_name())
