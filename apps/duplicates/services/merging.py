"""Making one row of several: everything that refers to any of them refers to the one that stays.

Foreign keys are found in the models and lines by kind and key in ``core.links``, so a room added
later is moved without a word here. The rows that go are archived, keep their identities of 1C, and
lead to the one that stays (``selectors.survivor``): the next exchange and a branch office that
still writes to them end there. A kind without a bin gives its rows up; whole copies stay in the
merge.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core import bulk, links, objects
from apps.core.objects import Field, Led, ObjectKind, Refused
from apps.duplicates.models import DuplicatePair, Merge, MergedRow, PairState
from replication import conflicts
from tenants.context import acting

MOST = 5
SURE = 90
FOLLOWED = timedelta(days=60)  # so long late references to merged rows are led on
OWN = "custom."  # before the key of an own field, among what was moved
_PARTS = 500


class NotMergeable(Exception):
    """Fewer than two rows, more than five, or some that the person may not change."""


class CannotMerge(Exception):
    """The values chosen for the one that stays were refused; nothing was changed."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused)
        self.refused = refused


@transaction.atomic
def merge(
    *, kind: ObjectKind, kept: UUID, away: Sequence[UUID], values: Mapping[str, Any], by: User
) -> Merge:
    """Make the rows ``away`` part of ``kept``; ``values`` are those that shall stand there.

    :raises NotMergeable: there are not two to five rows, all of which the person may change.
    :raises CannotMerge: the room refused the values.
    """
    keys = list(dict.fromkeys([kept, *away]))
    if not 2 <= len(keys) <= MOST:
        raise NotMergeable
    allowed = kind.rows(by, action="change").filter(pk__in=keys).values_list("pk", flat=True)
    if set(allowed) != set(keys):
        raise NotMergeable
    rows = bulk.current(kind.model, keys)
    away = keys[1:]
    names = {row.pk: str(row) for row in kind.model._base_manager.filter(pk__in=keys)}
    done = Merge(
        kind=kind.key, kept=kept, by=by, title=names[kept][:250],
        former_titles=[names[key][:250] for key in away], before=dict(rows[kept]),
        rows=[rows[key] for key in away],
    )  # fmt: skip
    with acting(author=by.pk, cause="merge"):
        for key in away:
            _move(done, kind, key, kept)
        _put_away(kind, away, kept)
        _save_values(kind, kept, values, rows[kept], by)
        made = kind.merged(kept, [rows[key] for key in keys]) if kind.merged is not None else ()
    for each in made:
        if isinstance(each, Led):
            done.moved.append([each.row._meta.db_table, each.row._meta.pk.column,
                               _plain(each.row.pk), each.column, _plain(each.former),
                               _plain(each.now)])  # fmt: skip
    new = [each for each in made if not isinstance(each, Led)]
    done.before["@made"] = [[row._meta.db_table, row._meta.pk.column, row.pk] for row in new]
    given = bulk.current(kind.model, [kept])[kept]
    done.before["@given"] = {
        name: value for name, value in given.items() if value != rows[kept][name]
    }
    done.title = str(kind.model._base_manager.get(pk=kept))[:250]
    done.save()
    MergedRow.objects.filter(kind=kind.key, kept__in=away).update(kept=kept)
    MergedRow.objects.bulk_create(
        MergedRow(merge=done, kind=kind.key, key=key, kept=kept,
                  node_id=rows[key].get("node_id"), ref=rows[key].get("ref") or "")
        for key in away
    )  # fmt: skip
    _close_pairs(kind, keys, by)
    return done


def merge_sure(*, kind: ObjectKind, pairs: Sequence[UUID], by: User) -> tuple[int, int]:
    """Merge pairs by the rule that loses nothing: empty fields of the older are filled.

    Returns how many were merged and how many were left: not sure enough, gone, or refused.
    """
    merged = left = 0
    for pair in DuplicatePair.objects.filter(
        pk__in=pairs, kind=kind.key, state=PairState.OPEN
    ).order_by("-score", "pk"):
        kept, away = pair.first, pair.second  # keys tell the older row
        rows = bulk.columns_of(kind.model)
        found = {
            row["id"]: row
            for row in kind.model._base_manager.filter(pk__in=[kept, away]).values(*rows)
        }
        is_gone = len(found) < 2 or any(row.get("is_archived") for row in found.values())
        if pair.score < SURE or is_gone:
            left += 1
            continue
        try:
            values = filled(kind, found, kept, [away])
            merge(kind=kind, kept=kept, away=[away], values=values, by=by)
        except (NotMergeable, CannotMerge):
            left += 1
        else:
            merged += 1
    return merged, left


def filled(
    kind: ObjectKind, rows: Mapping[UUID, Mapping[str, Any]], kept: UUID, away: Sequence[UUID]
) -> dict[str, Any]:
    """Return what the one that stays takes from the others, in order, so that nothing is lost.

    Empty fields are filled, own ones too; what is true of one is true of both (a VIP customer
    stays one); lists are put together.
    """
    columns = {each.name: name for name, each in bulk.columns_of(kind.model).items()}
    found = {}
    for field in objects.fields_of(kind):
        column = "custom" if field.is_custom else columns.get(field.source)
        if not field.is_writable or column is None or field.computed is not None:
            continue
        mine, *theirs = [_value_in(rows[key], field, column) for key in (kept, *away)]
        value = _put_together(field, mine, theirs)
        if value != mine:
            found[field.key] = value
    return found


def _value_in(row: Mapping[str, Any], field: Field, column: str) -> Any:
    return (row["custom"] or {}).get(field.key) if field.is_custom else row.get(column)


def _put_together(field: Field, mine: Any, theirs: Sequence[Any]) -> Any:
    if field.type == "choices":
        return list(dict.fromkeys(each for value in (mine, *theirs) for each in value or ()))
    if field.type == "boolean" and not mine:
        return True if any(theirs) else mine
    if mine not in (None, "", []):
        return mine
    return next((each for each in theirs if each not in (None, "", [])), mine)


def follow_late(*, now: datetime) -> int:
    """Lead on what has come to refer to merged rows since: from an office without a line, say.

    Returns how many references were moved.
    """
    count = 0
    recent = MergedRow.objects.filter(merge__created_at__gt=now - FOLLOWED).select_related("merge")
    for row in recent.order_by("pk"):
        kind = objects.kind(row.kind)
        with transaction.atomic(), acting(cause="merge"):
            before = len(row.merge.moved)
            _move(row.merge, kind, row.key, row.kept)
            if len(row.merge.moved) > before:
                row.merge.save(update_fields=["moved", "removed", "updated_at"])
                count += len(row.merge.moved) - before
    return count


def forget(*, kind: str, key: UUID) -> list[UUID]:
    """Forget the copies that merges keep of a row; return the rows that went into it.

    These merges cannot be undone any more; who asks for a row that went is led on as before.
    """
    merges = Merge.objects.filter(kind=kind, kept=key)
    merges.update(before={}, rows=[], moved=[], removed=[], title="", former_titles=[])
    gone = MergedRow.objects.filter(kind=kind, kept=key).order_by("pk")
    return list(gone.values_list("key", flat=True))


def what_moves(kind: ObjectKind, keys: Sequence[UUID]) -> list[tuple[str, dict[UUID, int]]]:
    """Return for each sort of thing that refers to rows how many do, by row."""
    found = []
    for model, column in _references(kind.model):
        rows = model._base_manager.filter(**{f"{column}__in": keys}).order_by()
        counts = dict(rows.values_list(column).annotate(n=models.Count("pk")))
        if counts:
            found.append((str(model._meta.verbose_name_plural), counts))
    for other, field in links.own_references(kind):
        rows = links.rows_by_own(other, field, keys).order_by()
        told = Counter(UUID(row) for row in rows.values_list(field.source, flat=True))
        if told:
            found.append((str(other.label_plural), dict(told)))
    for link in links.all_links():
        if not link.has_kind:
            continue
        rows = link.model._base_manager.filter(kind=kind.key, key__in=keys).order_by()
        counts = dict(rows.values_list("key").annotate(n=models.Count("pk")))
        if counts:
            found.append((str(link.model._meta.verbose_name_plural), counts))
    return found


# How it is done -----------------------------------------------------------------------------------


def _references(model: type[models.Model]) -> Iterator[tuple[type[models.Model], str]]:
    """Yield (model, attribute) of every foreign key to the rows of a model."""
    for related, field in links.references(model):
        yield related, field.attname


def _column(model: type[models.Model], attribute: str) -> str:
    return next(
        str(field.column) for field in model._meta.concrete_fields if field.attname == attribute
    )


def _move(done: Merge, kind: ObjectKind, away: UUID, kept: UUID) -> None:
    for model, attribute in _references(kind.model):
        column = _column(model, attribute)
        _move_rows(done, model, column, away, kept, "")
    for link in links.all_links():
        name = kind.key if link.has_kind else ""
        _move_rows(done, link.model, link.column, away, kept, name)
    for other, field in links.own_references(kind):
        _move_own(done, other, field, away, kept)


def _move_own(done: Merge, kind: ObjectKind, field: Field, away: UUID, kept: UUID) -> None:
    """Let rows whose own field leads to one row lead to the other."""
    rows = links.rows_by_own(kind, field, [away]).select_for_update().order_by("pk")
    table, pk = kind.model._meta.db_table, str(kind.model._meta.pk.column)
    for key in list(rows.values_list("pk", flat=True)):
        lead_own(table, pk, key, field.key, former=away, to=kept)
        done.moved.append([table, pk, _plain(key), f"{OWN}{field.key}", str(away)])


def lead_own(table: str, pk: str, key: Any, name: str, *, former: Any, to: Any) -> None:
    """Let an own field of a row lead to another row, unless it leads elsewhere by now."""
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{table}" SET custom = jsonb_set(custom, ARRAY[%s], to_jsonb(%s::text)),'
            f' updated_at = now() WHERE "{pk}" = %s AND custom ->> %s = %s',
            [name, str(to), key, name, str(former)],
        )


def _move_rows(
    done: Merge, model: type[models.Model], column: str, away: UUID, kept: UUID, kind: str
) -> None:
    """Let rows of one table refer to the one that stays; what would be there twice goes."""
    table, pk = model._meta.db_table, model._meta.pk.column
    condition = " AND kind = %s" if kind else ""
    values = [kind] if kind else []
    stamp = ", updated_at = now()" if _has_moment(model) else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "{pk}" FROM "{table}" WHERE "{column}" = %s{condition} ORDER BY "{pk}"'
            " FOR UPDATE",
            [str(away), *values],
        )
        keys = [row[0] for row in cursor.fetchall()]
        for part in (keys[n : n + _PARTS] for n in range(0, len(keys), _PARTS)):
            try:
                with transaction.atomic():
                    cursor.execute(
                        f'UPDATE "{table}" SET "{column}" = %s{stamp} WHERE "{pk}" IN %s',
                        [str(kept), tuple(part)],
                    )
            except IntegrityError:
                _move_singly(done, model, column, part, kept)
            else:
                done.moved += [[table, pk, _plain(key), column, str(away)] for key in part]


def _move_singly(
    done: Merge, model: type[models.Model], column: str, keys: Sequence[Any], kept: UUID
) -> None:
    """Move rows one by one, because one of them stands at the other row already: that one goes."""
    table, pk = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        for key in keys:
            cursor.execute(
                f'SELECT to_jsonb(t), "{column}"::text FROM "{table}" t WHERE "{pk}" = %s', [key]
            )
            row, away = cursor.fetchone()
            try:
                with transaction.atomic():
                    cursor.execute(
                        f'UPDATE "{table}" SET "{column}" = %s WHERE "{pk}" = %s', [str(kept), key]
                    )
            except IntegrityError:
                done.removed.append([table, json.loads(row) if isinstance(row, str) else row])
                model._base_manager.filter(pk=key).delete()
            else:
                done.moved.append([table, pk, _plain(key), column, away])


def _put_away(kind: ObjectKind, keys: Sequence[UUID], kept: UUID) -> None:
    if _has_bin(kind):
        rows = kind.model._base_manager.filter(pk__in=keys, is_archived=False)
        rows.update(is_archived=True, updated_at=timezone.now())
        return
    kind.model._base_manager.filter(pk__in=keys).delete()
    for key in keys:  # an office that changes such a row changes the one that stays
        conflicts.remember_alias(kind.model._meta.db_table, former=key, key=kept)


def _save_values(
    kind: ObjectKind, kept: UUID, values: Mapping[str, Any], before: Mapping[str, Any], by: User
) -> None:
    columns = {each.name: name for name, each in bulk.columns_of(kind.model).items()}
    fields = {each.key: each for each in objects.fields_of(kind)}
    changed = {
        key: value for key, value in values.items()
        if key in fields and fields[key].is_writable
        and before.get(columns.get(fields[key].source, ""), _plain) != value
    }  # fmt: skip
    if not changed:
        return
    try:
        objects.save(kind, values=changed, by=by, key=kept)
    except Refused as refused:
        raise CannotMerge(refused) from refused


def _close_pairs(kind: ObjectKind, keys: Sequence[UUID], by: User) -> None:
    pairs = DuplicatePair.objects.filter(kind=kind.key, state=PairState.OPEN)
    now = timezone.now()
    inside = pairs.filter(first__in=keys, second__in=keys)
    inside.update(state=PairState.MERGED, decided_by=by, decided_at=now)
    gone = keys[1:]
    pairs.filter(models.Q(first__in=gone) | models.Q(second__in=gone)).delete()


def _has_bin(kind: ObjectKind) -> bool:
    return any(each.name == "is_archived" for each in kind.model._meta.concrete_fields)


def _has_moment(model: type[models.Model]) -> bool:
    return any(each.name == "updated_at" for each in model._meta.concrete_fields)


def _plain(key: Any) -> Any:
    return str(key) if isinstance(key, UUID) else key
