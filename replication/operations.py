"""Migration operations of the journal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.migrations.operations.base import Operation

from replication.capture import Kind, install, uninstall


class CaptureChanges(Operation):
    """Let triggers write the changes of a model's table into the journal.

    Run it again (in a later migration) whenever a column was added, so that its changes count too:
    a test compares the installed functions with the models.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(
        self, model: str, *, kind: Kind, route: str | None = None, without: Sequence[str] = ()
    ) -> None:
        self.model, self.kind, self.route, self.without = model, kind, route, tuple(without)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return what a migration file holds."""
        values: dict[str, Any] = {"kind": self.kind}
        if self.route:
            values["route"] = self.route
        if self.without:
            values["without"] = self.without
        return type(self).__name__, [self.model], values

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Change nothing: the models stay as they are."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Install the triggers."""
        model = to_state.apps.get_model(self.model)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            for statement in install(model, kind=self.kind, route=self.route, without=self.without):
                schema_editor.execute(statement)

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """Remove the triggers."""
        model = from_state.apps.get_model(self.model)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            for statement in uninstall(model._meta.db_table):
                schema_editor.execute(statement)

    def describe(self) -> str:
        """Say what the operation does."""
        return f"Capture the changes of {self.model} ({self.kind})"
