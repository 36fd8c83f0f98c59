"""Merging by programs: two to five customers or contact persons become one, and part again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import bulk, objects
from apps.core.objects import Action, Field, ObjectKind, Refused
from apps.duplicates import comparing, selectors, services
from apps.duplicates.models import Merge
from apps.duplicates.services.merging import MOST, filled

KINDS = ("counterparties", "contacts")
RIGHT = "duplicates.merge"

MERGED = (
    Field("others", gettext_lazy("Those that become part of it"), "rows", is_required=True,
          parts=(Field("id", gettext_lazy("Key"), "key", is_required=True),)),
    Field("take", gettext_lazy("Whose value stays"), "rows",
          help=gettext_lazy("Without it, empty fields are filled and nothing is lost."),
          parts=(Field("field", gettext_lazy("Field"), is_required=True),
                 Field("from", gettext_lazy("Key"), "key", is_required=True))),
)  # fmt: skip


def _merge(kind: ObjectKind) -> Callable[..., Model]:
    def run(*, key: UUID, values: Mapping[str, Any], by: Any) -> Model:
        """Make others part of a row; each field keeps its value, or takes that of a row named."""
        keys = list(dict.fromkeys([key, *(each["id"] for each in values.get("others") or ())]))
        found = {row.pk: row for row in selectors.mergeable(kind, by).filter(pk__in=keys)}
        if not 2 <= len(keys) <= MOST or set(found) != set(keys):
            raise Refused({"others": [_("Name one to four others, all of them yours to change.")]})
        taken = filled(kind, _columns(kind, keys), key, keys[1:])
        said = {each["field"]: str(each["from"]) for each in values.get("take") or ()}
        unknown = [
            name for name, of in said.items()
            if name not in {each.key for each in objects.fields_of(kind)} or UUID(of) not in found
        ]  # fmt: skip
        if unknown:
            sentence = _("There is no field “%(name)s”.") % {"name": unknown[0][:60]}
            raise Refused({"take": [sentence]})
        taken |= comparing.chosen_values(kind, found, said)
        try:
            services.merge(kind=kind, kept=key, away=keys[1:], values=taken, by=by)
        except services.CannotMerge as error:
            raise error.refused from error
        except services.NotMergeable:
            sentence = _("Name one to four others, all of them yours to change.")
            raise Refused({"others": [sentence]}) from None
        return kind.model._default_manager.get(pk=key)

    return run


def _part(kind: ObjectKind) -> Callable[..., Model]:
    def run(*, key: UUID, values: Mapping[str, Any], by: Any) -> Model:
        """Undo the latest merge into a row, as long as that is possible."""
        now = timezone.now()
        mine = selectors.merges(by, now=now).filter(kind=kind.key, kept=key, undone_at=None)
        latest: Merge | None = mine.order_by("-created_at", "-id").first()
        if latest is None:
            raise Refused({"": [_("Nothing was merged into it that could be parted again.")]})
        try:
            services.part(merge=latest, by=by, now=now)
        except services.CannotPart:
            sentence = _("Nothing was merged into it that could be parted again.")
            raise Refused({"": [sentence]}) from None
        return kind.model._default_manager.get(pk=key)

    return run


def _columns(kind: ObjectKind, keys: list[UUID]) -> dict[UUID, dict[str, Any]]:
    names = bulk.columns_of(kind.model)
    rows = kind.model._base_manager.filter(pk__in=keys).values(*names)
    return {row["id"]: row for row in rows}


def register() -> None:
    """Let programs merge what people merge side by side."""
    for key in KINDS:
        kind = objects.kind(key)
        told = objects.program_kinds().get(key) or kind
        actions = (
            Action("merge", gettext_lazy("Merge"), RIGHT, _merge(kind), MERGED),
            Action("part", gettext_lazy("Part again"), RIGHT, _part(kind)),
        )
        objects.register_for_programs(replace(told, actions=(*told.actions, *actions)))
