"""How a person has furnished a list: its views, columns and their widths, in one query."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet
from django.db.models.functions import JSONObject
from django.http import HttpRequest

from apps.core import saved
from apps.core.models import SavedView, UserPreference

_VIEW = ("id", "list_key", "name", "address", "sharing", "user_id", "is_default", "position")


@dataclass
class Furnishing:
    """What a list looks like for a person."""

    views: list[SavedView] = field(default_factory=list)
    columns: Any = None
    widths: Any = None


def furnishing(request: HttpRequest, list_key: str) -> Furnishing:
    """Return how a person sees a list."""
    user = request.user
    if not user.is_authenticated:
        return Furnishing()
    views = saved.seen_by(user).filter(list_key=list_key).order_by("position", "id")
    keys = [f"columns:{list_key}", f"widths:{list_key}"]
    liked = UserPreference.objects.filter(user_id=user.pk, key__in=keys)
    found = (
        get_user_model()
        .objects.filter(pk=user.pk)
        .values_list(
            _rows(views[: saved.MOST_VIEWS], *_VIEW),
            _rows(liked, "key", "value"),
        )
        .first()
    )
    if found is None:
        return Furnishing()
    kept = {row["key"]: row["value"] for row in found[1]}
    return Furnishing(
        saved.in_order(_view(row) for row in found[0]), kept.get(keys[0]), kept.get(keys[1])
    )


def _rows(found: QuerySet[Any], *names: str) -> ArraySubquery:
    return ArraySubquery(found.values(row=JSONObject(**{name: name for name in names})))


def _view(row: dict[str, Any]) -> SavedView:
    keys = {name: UUID(row[name]) for name in ("id", "user_id")}
    return SavedView(**{**row, **keys})
