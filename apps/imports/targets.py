"""What a column of a file can mean: fields of the kind, identities, and the rows that belong to it.

Read from the table of kinds, so a field registered there, or added by an administrator, can be
imported without a word here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from apps.accounts.rights import ALL_RIGHTS, can
from apps.core import comparing, objects
from apps.core.objects import Field, ObjectKind

KEY, REF, ENTERED = "id", "ref", "created_at"
_STRONG = (
    "tax_number", "code", "number", "article", "barcode", "card_number", "registration_number",
)  # fmt: skip
_MATCHING = {"text", "phone", "email", "number"}


@dataclass(frozen=True)
class Target:
    """One thing a column can mean; ``key`` is ``field`` or ``kind.field`` of a row below."""

    key: str
    label: str
    field: Field
    kind: ObjectKind
    is_child: bool = False
    is_part: bool = False  # a child that is named by its fields alone: the bank, the account

    @property
    def may_match(self) -> bool:
        """Whether rows can be recognised by it."""
        if self.is_child:
            return False
        return self.field.key in (KEY, REF) or (
            self.field.type in _MATCHING and not self.field.read
        )

    @property
    def is_strong(self) -> bool:
        """Whether it tells one row from every other."""
        key = self.field.key
        return key in (KEY, REF) or self.field.is_unique or key in _STRONG


def importable_kinds(user: Any) -> list[ObjectKind]:
    """Return the kinds a person may bring rows of, by name."""
    found = [kind for kind in objects.kinds() if may_import(user, kind)]
    return sorted(found, key=lambda kind: str(kind.label_plural).lower())


def may_import(user: Any, kind: ObjectKind) -> bool:
    """Tell whether a person may write rows of a kind."""
    rights = [f"{kind.right_object}.{action}" for action in ("create", "change")]
    return kind.save is not None and any(r in ALL_RIGHTS and can(user, r) for r in rights)


def targets(kind: ObjectKind) -> list[Target]:
    """Return everything a column can mean, in the order of the form."""
    return [*_own(kind), *_identities(kind), *_children(kind)]


def by_key(kind: ObjectKind) -> dict[str, Target]:
    """Return the targets by their keys."""
    return {each.key: each for each in targets(kind)}


def child_kinds(kind: ObjectKind) -> Iterator[tuple[ObjectKind, Field]]:
    """Yield the kinds whose rows belong to rows of this one, with the field that says to which."""
    for each in (*objects.kinds(), *(part.kind for part in objects.parts())):
        if each.parent is None or each.parent[1] != kind.key or each.save is None:
            continue
        link = next(
            (f for f in each.fields if f.type == "relation" and f.related == kind.key), None
        )
        if link is not None and link.is_writable:
            yield each, link


def _own(kind: ObjectKind) -> Iterator[Target]:
    for each in objects.fields_of(kind):
        is_taken = each.is_writable or each.is_of_new
        if is_taken and each.type not in ("file", "formula"):
            yield Target(each.key, str(each.label), each, kind)


def _identities(kind: ObjectKind) -> Iterator[Target]:
    columns = {each.name for each in kind.model._meta.concrete_fields}
    known = {each.key for each in kind.fields if each.is_writable}
    if REF in columns and REF not in known:
        yield Target(REF, _("Identifier in 1C"), Field(REF, _("Identifier in 1C")), kind)
    if isinstance(kind.model._meta.pk, models.UUIDField):
        yield Target(KEY, _("Identifier here"), Field(KEY, _("Identifier here")), kind)
    has_own = any(each.is_of_new for each in kind.fields)  # that say it in the kind's words
    if ENTERED in columns and ENTERED not in known and not has_own:
        entered = Field(ENTERED, _("Entered on"), "moment")
        yield Target(ENTERED, _("Entered on"), entered, kind)


def _children(kind: ObjectKind) -> Iterator[Target]:
    for child, link in child_kinds(kind):
        for each in child.fields:
            if each.is_writable and each.key != link.key and each.type not in ("file", "formula"):
                label = f"{child.label}: {each.label}"
                yield Target(
                    f"{child.key}.{each.key}", label, each, child, is_child=True,
                    is_part=objects.part(child.key) is not None,
                )  # fmt: skip


def kind_named(key: str) -> ObjectKind:
    """Return a kind, or the part of a card that an import brings.

    :raises KeyError: there is none.
    """
    part = objects.part(key)
    return part.kind if part is not None else objects.kind(key)


def usual_match(kind: ObjectKind, mapped: list[str]) -> list[str]:
    """Return by what rows are recognised when nobody says: the strong keys, else the weaker."""
    known = by_key(kind)
    found = [known[key] for key in mapped if key in known and known[key].may_match]
    strong = [each.key for each in found if each.is_strong]
    if strong:
        return sorted(strong, key=lambda key: (key != KEY, key != REF, mapped.index(key)))
    reach = [each.key for each in found if each.field.type in ("email", "phone")]
    if reach:
        return sorted(reach, key=lambda key: known[key].field.type)
    return [each.key for each in found if comparing.is_title(kind, each.field)]
