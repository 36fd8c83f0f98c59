"""PostgreSQL backend: each connection follows the company and the actor of the code that uses it.

Before a statement runs, search path, role, author, origin and cause are brought to what the code is
in; nothing is sent when they already are. A rollback forgets what was set, because PostgreSQL does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import psycopg2
from django.db import DatabaseError
from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantsDatabaseWrapper
from django_tenants.utils import get_public_schema_name

from tenants.context import current_actor, is_schema_owner

if TYPE_CHECKING:
    from tenants.models import Company

# The role comes first: it is given up (none) before another can be taken on.
_APPLY = (
    "RESET ROLE; SELECT set_config('role', %s, false), set_config('search_path', %s, false),"
    " set_config('kopru.author', %s, false), set_config('kopru.origin', %s, false),"
    " set_config('kopru.cause', %s, false)"
)
_has_role: dict[tuple[str, str], bool] = {}


class Named(Protocol):
    """What stands for a company where only the name of a schema is known."""

    schema_name: str


class DatabaseWrapper(TenantsDatabaseWrapper):
    """A connection that enters the company and names the actor by itself."""

    # What django-tenants sets, without a type.
    tenant: Company | Named
    schema_name: str
    search_path_set_schemas: tuple[str, ...] | None
    _setting_search_path: bool

    def _handle_search_path(self, cursor: Any = None) -> None:
        wanted = self._wanted_state()
        if self._setting_search_path or self.search_path_set_schemas == wanted:
            return
        self._setting_search_path = True
        own = cursor is None
        cursor = self.connection.cursor() if own else cursor
        try:
            cursor.execute(_APPLY, wanted)
        except (DatabaseError, psycopg2.InternalError):
            # The transaction has failed already; only a rollback can follow, and it starts afresh.
            self.search_path_set_schemas = None
        else:
            self.search_path_set_schemas = wanted
        finally:
            self._setting_search_path = False
            if own:
                cursor.close()

    def _wanted_state(self) -> tuple[str, str, str, str, str]:
        actor = current_actor()
        path = ", ".join(f'"{name}"' for name in self._get_cursor_search_paths())
        return (
            self._role(), path, str(actor.author or ""), str(actor.origin or ""), actor.cause
        )  # fmt: skip

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
