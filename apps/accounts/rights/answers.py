"""What the core asks of the rights without knowing this room (``apps.core.objects.Rights``)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from apps.accounts.modules import MODULES
from apps.accounts.rights import matrix
from apps.accounts.rights.access import access_of
from apps.accounts.rights.fields import NO_MARK, fields, mask, unseen
from apps.accounts.rights.guards import NotAllowed, can, refusals, require_save
from apps.accounts.rights.scope import condition_of, object_of, visible
from apps.core import objects
from apps.core.objects import ObjectKind, Refused, Told, Unseen


class Answers:
    """The one who answers."""

    def narrow(self, user: Any, rows: QuerySet[Any], right: str) -> QuerySet[Any]:
        """Return the rows a right covers for a person."""
        return visible(user, rows, right)

    def narrow_seen(self, user: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows a person sees, whatever kind they are of; of no kind: all of them."""
        name = _object(rows.model)
        return visible(user, rows, f"{name}.view") if name else rows

    def hidden(self, user: Any, model: type[Model]) -> frozenset[str]:
        """Return the keys of the fields that a person does not see of any row."""
        kind = objects.kind_of(model)
        return fields(user, kind.key).hidden if kind is not None else NO_MARK

    def hidden_in(self, user: Any, kind: ObjectKind) -> frozenset[str]:
        """Return the same for one kind, of those that administrators made too."""
        return self.hidden(user, kind.model) | fields(user, kind.key).hidden

    def unseen(self, user: Any, model: type[Model], path: str = "") -> Unseen:
        """Return what a person must not learn of a model's rows, found by a path of the ORM."""
        return unseen(user, model, path)

    def mask(self, user: Any, rows: Sequence[Any]) -> None:
        """Empty what a person does not see of these rows, and of rows that were read with them."""
        mask(user, rows)

    def may_export(self, user: Any, model: type[Model]) -> bool:
        """Tell whether a person may take rows of a model out as a file."""
        name = _object(model)
        right = f"{name}.export"
        return right not in matrix.ALL_RIGHTS or can(user, right)

    def refusals(
        self, user: Any, kind: ObjectKind, rows: Sequence[tuple[UUID | None, Collection[str]]]
    ) -> list[Refused | None]:
        """Return for each row why a person may not save it so."""
        return refusals(user, kind, rows)

    def told(self, user: Any) -> Told:
        """Return what a person's browser is told of changes."""
        access = access_of(user)
        seen: dict[str, int] = {}
        for kind in objects.kinds():
            table = kind.model._meta.db_table
            try:
                scope = access.scope(f"{object_of(kind)}.view")
            except KeyError:
                continue
            if scope:
                is_all = condition_of(user, access, kind, scope) is None
                seen[table] = max(seen.get(table, 0), 2 if is_all else 1)
            else:
                seen.setdefault(table, 0)
        is_narrowed = 1 in seen.values()
        seen |= {
            table: 1 if access.scope(right) else 0 for table, right in objects.unnamed().items()
        }
        return Told(
            silent=frozenset(table for table, how in seen.items() if not how),
            blurred=frozenset(table for table, how in seen.items() if how == 1),
            clear=frozenset(table for table, how in seen.items() if how == 2),
            is_blurred=is_narrowed or not access.scopes,
        )

    def require_save(
        self, user: Any, kind: ObjectKind, key: UUID | None, names: Collection[str]
    ) -> None:
        """Pass when a person may make a row, or change these fields of one.

        :raises NotAllowed: the role does not give the right to this row.
        :raises Refused: a field is hidden or read only for them.
        """
        require_save(user, kind, key, names)


def reason(request: HttpRequest, exception: Exception) -> dict[str, Any]:
    """Return what a refusal page says: the role and the right it lacks, or the module that is off.

    An empty dictionary when the refusal is another one.
    """
    if not isinstance(exception, NotAllowed):
        return {}
    if exception.module_off:
        return {"module": MODULES[exception.module_off].label}
    role = getattr(request.user, "role_name", "")
    return {"role": role, "right": matrix.right_label(exception.right)} if role else {}


def _object(model: type[Model]) -> str:
    """Return the object of the rights for a model; ``""`` for what is of no kind."""
    kind = objects.kind_of(model)
    if kind is None:
        return ""
    try:
        return object_of(kind)
    except KeyError:
        return ""
