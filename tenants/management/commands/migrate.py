"""``migrate`` is ``migrate_schemas``: there is no database with one schema here."""

from tenants.management.commands.migrate_schemas import Command

__all__ = ["Command"]
