"""PostgreSQL backend: each connection follows the company and the actor of the code that uses it.

Before a statement runs, search path, role, author, origin and cause are brought to what the code is
in; nothing is sent when they already are. A rollback forgets what was set, because PostgreSQL does.
"""

from __future__ import annotations

from typing import Any

import psycopg2
from django.db import DatabaseError
from django_tenants.postgresql_backend.base import DatabaseWrapper as TenantsDatabaseWrapper
from django_tenants.utils import get_public_schema_name

from tenants.context import current_actor

_APPLY = (
    "SELECT set_config('search_path', %s, false), set_config('kopru.author', %s, false),"
    " set_config('kopru.origin', %s, false), set_config('kopru.cause', %s, false)"
)


class DatabaseWrapper(TenantsDatabaseWrapper):
    """A connection that enters the company and names the actor by itself."""

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

    def _wanted_state(self) -> tuple[str, str, str, str]:
        actor = current_actor()
        path = ", ".join(f'"{name}"' for name in self._get_cursor_search_paths())
        return (path, str(actor.author or ""), str(actor.origin or ""), actor.cause)

    @property
    def is_public(self) -> bool:
        """Tell whether the connection is outside every company."""
        return bool(self.schema_name == get_public_schema_name())
