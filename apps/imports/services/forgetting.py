"""Forgetting what lines of files say of a person who is erased."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from apps.imports.models import ImportedRow, ImportLine


def forget_rows(*, kind: str, keys: Collection[UUID]) -> int:
    """Empty the lines that were about these rows, and what the rows held before; return how many.

    The import itself stays, with its counts.
    """
    written = ImportedRow.objects.filter(kind=kind, key__in=keys)
    about = Q(run__kind=kind, target__in=keys)
    for run, number in written.values_list("run_id", "number"):
        about |= Q(run=run, number=number)
    written.exclude(before=None).update(before={})
    found = ImportLine.objects.filter(about).values("pk")
    return ImportLine.objects.filter(pk__in=found).update(cells=[], values=None, problems=[])
