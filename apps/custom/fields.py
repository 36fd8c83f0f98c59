"""What administrators made, as the registry of kinds knows it: read once for each request."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from apps.core.objects import Field, ObjectKind
from apps.custom import values
from apps.custom.models import CustomField, CustomObject, CustomRow
from apps.custom.rows import archive, own_fields, saver
from tenants.current import company_or_none

PREFIX = "x_"
OBJECT_PREFIX = "o_"
_MEMO, _MEMO_KINDS = "_kopru_custom", "_kopru_custom_kinds"


def custom_fields(kind: str) -> Sequence[Field]:
    """Return the custom fields of a kind in their order."""
    found: Sequence[Field] = _known(_MEMO, _fields).get(kind, ())
    return found


def custom_kinds() -> Sequence[ObjectKind]:
    """Return the kinds that administrators of this company made."""
    return _known(_MEMO_KINDS, _kinds) or ()


def forget() -> None:
    """Let the next question read anew: something was changed in this request."""
    company = company_or_none()
    for memo in (_MEMO, _MEMO_KINDS) if company is not None else ():
        company.__dict__.pop(memo, None)


def field_of(row: CustomField) -> Field:
    """Return a custom field as every generic door knows it."""

    def value(of: Any) -> Any:
        return values.read(row.type, (of.custom or {}).get(row.key))

    return Field(
        key=row.key,
        label=row.label,
        type=row.type,  # type: ignore[arg-type]
        path=f"custom__{row.key}",
        choices=tuple((str(value), str(label)) for value, label in row.choices or ()),
        related=row.related,
        read=value,
        stored=lambda given: values.stored(row.type, given),
        is_required=row.is_required,
        is_unique=row.is_unique,
        is_sortable=row.type not in {"long_text", "choices"},
        is_custom=True,
        help=row.help,
    )


def kind_of(row: CustomObject) -> ObjectKind:
    """Return a kind that administrators made as every generic door knows it."""
    return ObjectKind(
        key=row.key,
        label=row.label,
        label_plural=row.label_plural,
        icon=row.icon,
        model=CustomRow,
        fields=own_fields(has_counterparty=row.has_counterparty),
        card_url_name="custom:row",
        title="name",
        owner="responsible",
        related=("responsible", "kind"),
        search=("sort_name__contains",),
        order="sort_name",
        save=saver(row.pk),
        archive=archive,
        is_extensible=True,
        right="custom_objects",
        only={"kind_id": row.pk},
    )


def _known(memo: str, read: Callable[[], Any]) -> Any:
    """Return what was read once for this request; fields and kinds are asked for apart."""
    company = company_or_none()
    if company is None:  # outside every company there is none
        return {}
    memos = company.__dict__
    if memo not in memos:
        memos[memo] = read()
    return memos[memo]


def _fields() -> dict[str, list[Field]]:
    found = defaultdict(list)
    for row in CustomField.objects.filter(is_archived=False):
        found[row.kind].append(field_of(row))
    return dict(found)


def _kinds() -> list[ObjectKind]:
    return [kind_of(row) for row in CustomObject.objects.filter(is_archived=False)]
