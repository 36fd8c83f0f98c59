"""The steps of an import as tests take them."""

from __future__ import annotations

import io
from typing import Any

from django.utils import timezone

from apps.accounts.models import User
from apps.imports import services
from apps.imports.models import ImportRun


def brought(text: str | bytes, *, by: User, kind: str = "counterparties") -> ImportRun:
    """Return the run of a file that was looked into."""
    data = text.encode() if isinstance(text, str) else text
    return services.begin(
        kind=kind, file_name="customers.csv", source=io.BytesIO(data), size=len(data), by=by
    )


def checked(run: ImportRun, **settings: Any) -> ImportRun:
    """Return the run after its check, the columns as they were guessed."""
    meanings = settings.pop("meanings", run.meanings)
    mapping = settings.pop("mapping", run.mapping)
    services.choose(
        run=run, mapping=mapping, settings={**run.settings, **settings}, meanings=meanings
    )
    services.check(run=run)
    run.refresh_from_db()
    return run


def written(run: ImportRun) -> ImportRun:
    """Return the run after its lines were written."""
    services.start_writing(run=run, now=timezone.now())
    services.write(run=run)
    run.refresh_from_db()
    return run


def imported(
    text: str | bytes, *, by: User, kind: str = "counterparties", **said: Any
) -> ImportRun:
    """Return the run of a file that went all the way."""
    return written(checked(brought(text, by=by, kind=kind), **said))


def undone(run: ImportRun) -> ImportRun:
    """Return the run after it was taken back."""
    services.start_undo(run=run)
    services.undo(run=run)
    run.refresh_from_db()
    return run
