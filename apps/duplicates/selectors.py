"""Reading duplicates: who is like this, what is to be looked at, where a merged row went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.accounts.rights import ALL_RIGHTS, can, mask, opened, unseen
from apps.core import comparing, links, objects
from apps.core.objects import Field, ObjectKind
from apps.duplicates.models import DuplicatePair, Merge, MergedRow, PairState
from apps.duplicates.services.finding import compared_fields, searched_kinds
from apps.duplicates.services.parting import UNDOABLE

SEVERAL = 5
DEAD = timedelta(days=730)


@dataclass(frozen=True)
class Like:
    """A row that may be the same as what is being entered, and the fields that say so."""

    row: Any
    fields: tuple[str, ...]


def like(
    kind: ObjectKind, values: Mapping[str, Any], *, by: Any, but: UUID | None = None
) -> list[Like]:
    """Return the rows a person may see that share a strong field, phone, e-mail or the name.

    The door for warnings while somebody types: one query for each field that is filled.
    """
    hits: dict[UUID, list[str]] = {}
    for field in [*compared_fields(kind), *_title(kind)]:
        value = comparing.comparable(kind, field, values.get(field.key))
        if len(value) < 4:
            continue
        rows = _living(kind, kind.rows(by)).order_by()
        rows = rows.filter(opened(by, kind.model, field.key))
        rows = rows.annotate(compared=comparing.expression(kind, field)).filter(compared=value)
        for key in rows.values_list("pk", flat=True)[:SEVERAL]:
            hits.setdefault(key, []).append(str(field.label))
    hits.pop(but, None)  # type: ignore[arg-type]
    found = {row.pk: row for row in kind.rows(by).filter(pk__in=list(hits)[:SEVERAL])}
    mask(by, list(found.values()))
    ranked = sorted(hits, key=lambda key: -len(hits[key]))
    return [Like(found[key], tuple(hits[key])) for key in ranked if key in found]


def survivor(kind: str, key: UUID) -> UUID:
    """Return the row a key leads to: itself, or the one it was merged into."""
    found = MergedRow.objects.filter(kind=kind, key=key).values_list("kept", flat=True).first()
    return found or key


def led_to(kind: ObjectKind, key: UUID, *, by: Any) -> UUID | None:
    """Return the row into which one was merged, if it was and the person sees it."""
    kept = survivor(kind.key, key)
    if kept == key or not kind.rows(by).filter(pk=kept).exists():
        return None
    return kept


def survivor_by_ref(kind: str, node_id: UUID, ref: str) -> UUID | None:
    """Return the row into which the one with this identifier of 1C was merged, if it was."""
    found = MergedRow.objects.filter(kind=kind, node_id=node_id, ref=ref)
    return found.values_list("kept", flat=True).first()


def mergeable_kinds(user: Any) -> list[ObjectKind]:
    """Return the kinds whose duplicates a person may merge."""
    return [
        kind for kind in searched_kinds()
        if f"{kind.right_object}.change" in ALL_RIGHTS
        and can(user, f"{kind.right_object}.change")
    ]  # fmt: skip


def pairs(kind: ObjectKind, user: Any) -> QuerySet[DuplicatePair]:
    """Return the open pairs of rows a person may see both of, the surest first."""
    mine = _living(kind, kind.rows(user)).order_by().only("pk")
    found = DuplicatePair.objects.filter(
        Exists(mine.filter(pk=OuterRef("first"))), Exists(mine.filter(pk=OuterRef("second"))),
        kind=kind.key, state=PairState.OPEN,
    ).order_by("-score", "pk")  # fmt: skip
    closed = unseen(user, kind.model)
    alike = Q()
    for key in closed.keys:
        alike |= Q(reasons__contains=[key])
    if not alike:
        return found
    both = Q()
    if closed.closed - closed.hidden:  # two open rows may tell what they share
        shown = mine.filter(closed.is_open)
        both = Exists(shown.filter(pk=OuterRef("first"))) & Exists(
            shown.filter(pk=OuterRef("second"))
        )
        for key in closed.hidden:
            both &= ~Q(reasons__contains=[key])
    return found.filter(~alike | both) if both else found.exclude(alike)


def mergeable(kind: ObjectKind, user: Any) -> QuerySet[Any]:
    """Return the rows of a kind that a person may merge: those they may change and see whole.

    Else the details of a VIP customer would come into the open with the row that takes them over.
    """
    return kind.rows(user, action="change").filter(unseen(user, kind.model).is_open)


def of_mergeable(
    kind: ObjectKind, found: QuerySet[DuplicatePair], user: Any
) -> QuerySet[DuplicatePair]:
    """Keep the pairs of which a person may merge both rows."""
    mine = mergeable(kind, user).order_by().only("pk")
    return found.filter(
        Exists(mine.filter(pk=OuterRef("first"))), Exists(mine.filter(pk=OuterRef("second")))
    )


def with_rows(
    kind: ObjectKind, found: Sequence[DuplicatePair], *, by: Any
) -> list[dict[str, Any]]:
    """Return pairs with their rows and the words for what is alike, two queries at most."""
    keys = {key for pair in found for key in (pair.first, pair.second)}
    rows = kind.model._default_manager.select_related(*kind.related).in_bulk(keys)
    mask(by, list(rows.values()))
    words = {each.key: str(each.label) for each in objects.fields_of(kind)}
    words["name"] = words["~name"] = next(
        (str(each.label) for each in kind.fields if each.source == kind.title), ""
    )
    told = []
    for pair in found:
        if pair.first in rows and pair.second in rows:
            reasons = [
                {"label": words.get(reason, reason), "is_near": reason.startswith("~")}
                for reason in pair.reasons
            ]
            told.append(
                {"pair": pair, "first": rows[pair.first], "second": rows[pair.second],
                 "reasons": reasons}
            )  # fmt: skip
    return told


def merges(user: Any, *, now: datetime) -> QuerySet[Merge]:
    """Return the merges that can still be undone, the latest first."""
    rows = Merge.objects.filter(created_at__gt=now - UNDOABLE).exclude(rows=[])
    rows = rows.select_related("by")
    kinds = [kind.key for kind in mergeable_kinds(user)]
    rows = rows.filter(kind__in=kinds)
    if not can(user, "settings.change"):
        rows = rows.filter(by=user)
    return rows.order_by("-created_at", "-pk")


# The report ---------------------------------------------------------------------------------------


def incomplete(kind: ObjectKind, user: Any) -> QuerySet[Any]:
    """Return living rows that nobody could reach or recognise: every such field is empty."""
    empty = Q()
    for field in compared_fields(kind):
        if field.is_custom:
            continue
        column = kind.model._meta.get_field(field.source)
        empty &= Q(**{f"{field.source}__isnull": True}) if column.null else Q(**{field.source: ""})
    return _living(kind, mergeable(kind, user)).filter(empty)


def dead(kind: ObjectKind, user: Any, *, now: datetime) -> QuerySet[Any]:
    """Return living rows that nothing refers to and nobody has touched for two years."""
    rows = _living(kind, kind.rows(user, action="change"))
    rows = rows.filter(updated_at__lt=now - DEAD)
    for model, field in links.references(kind.model):
        if _is_of_trade(kind, model):
            rows = rows.filter(
                ~Exists(model._base_manager.filter(**{field.attname: OuterRef("pk")}))
            )
    return rows


def _is_of_trade(kind: ObjectKind, model: Any) -> bool:
    """Tell whether a row that refers speaks of dealings; parts of the row itself do not."""
    return bool(model._meta.app_label != kind.model._meta.app_label)


def _title(kind: ObjectKind) -> list[Field]:
    return [each for each in kind.fields if kind.title and each.source == kind.title]


def _living(kind: ObjectKind, rows: QuerySet[Any]) -> QuerySet[Any]:
    has_bin = any(each.name == "is_archived" for each in kind.model._meta.concrete_fields)
    return rows.filter(is_archived=False) if has_bin else rows
