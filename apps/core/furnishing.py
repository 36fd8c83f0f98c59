"""How a person has furnished a list: its views, columns and their widths, in one statement.

What else a list needs around its rows (the people and tags its filters offer) is read by the same
statement: rooms register it as a reading, lists and their filters name it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest

from apps.core import saved
from apps.core.models import SavedView

_READ = """
SELECT (SELECT coalesce(json_agg(json_build_array(v.id, v.list_key, v.name, v.address, v.sharing,
            v.user_id, v.is_default, v.position, v.updated_at) ORDER BY v.position, v.id), '[]')
        FROM (SELECT * FROM core_savedview WHERE list_key = %(list)s AND (user_id = %(user)s
            OR sharing = 'company' OR sharing = 'team' AND team_id = %(team)s)
            ORDER BY position, id LIMIT %(most)s) v)::text,
    (SELECT coalesce(json_object_agg(p.key, p.value), '{{}}') FROM core_userpreference p
        WHERE p.user_id = %(user)s AND p.key IN (%(columns)s, %(widths)s))::text,
    json_build_object({further})::text
"""
_VIEW = (
    "id", "list_key", "name", "address", "sharing", "user_id", "is_default", "position",
    "updated_at",
)  # fmt: skip


_readings: dict[str, str] = {}


def register_reading(name: str, sql: str) -> None:
    """Let lists read this by name: an SQL expression of one JSON array of rows, key first.

    It names its tables with aliases of its own: it stands among other expressions.
    """
    _readings[name] = sql


@dataclass
class Furnishing:
    """What a list looks like for a person, and what was read with it by name."""

    views: list[SavedView] = field(default_factory=list)
    columns: Any = None
    widths: Any = None
    further: Mapping[str, Any] = field(default_factory=dict)
    read: tuple[str, ...] = ()  # all of it as it was read


def furnishing(request: HttpRequest, list_key: str, readings: Iterable[str] = ()) -> Furnishing:
    """Return how a person sees a list, with these readings."""
    user = request.user
    if not user.is_authenticated:
        return Furnishing()
    asked = {
        "list": list_key, "user": user.pk, "team": getattr(user, "team_id", None),
        "most": saved.MOST_VIEWS, "columns": f"columns:{list_key}", "widths": f"widths:{list_key}",
    }  # fmt: skip
    parts = ", ".join(f"'{name}', {_readings[name]}" for name in sorted(readings))
    with connection.cursor() as cursor:
        cursor.execute(_READ.format(further=parts), asked)
        texts = cursor.fetchone()
    views, kept, read = map(json.loads, texts)
    return Furnishing(
        saved.in_order(map(_view, views)), kept.get(asked["columns"]), kept.get(asked["widths"]),
        read, texts,
    )  # fmt: skip


def _view(values: list[Any]) -> SavedView:
    row = dict(zip(_VIEW, values, strict=True))
    keys = {name: UUID(row[name]) for name in ("id", "user_id")}
    return SavedView(**{**row, **keys, "updated_at": datetime.fromisoformat(row["updated_at"])})
