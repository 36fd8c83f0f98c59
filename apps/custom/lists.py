"""The list of rows of an own object: its columns are the object's fields."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTransform
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts.rights import visible
from apps.core import objects
from apps.core.addresses import address_of
from apps.core.folding import fold
from apps.core.lists import ChoiceFilter, Column, Empty, ListScreen
from apps.core.objects import Field, ObjectKind, value_of
from apps.custom.models import CustomRow
from apps.custom.selectors import text_of

PREFIX = "own"  # of the keys of these lists: ``own.o_machines``
_KINDS = {"number": "number", "money": "number", "date": "date", "moment": "moment"}


class OwnRows(ListScreen):
    """Rows of one kind of the company's own, by name."""

    search = ("sort_name__contains",)
    search_hint = _("Name")
    order = "name"
    tables = ("custom_customrow",)
    create_right = "custom_objects.create"
    url_name = "custom:rows"
    filters = (
        ChoiceFilter(
            "archived", _("Archive"), choices=[("yes", _("Archived"))], otherwise=_("In use")
        ),
    )

    def __init__(self, request: HttpRequest, kind: ObjectKind) -> None:
        self._kind = kind
        self.key = f"{PREFIX}.{kind.key}"  # type: ignore[misc]
        self.kind = kind.key  # type: ignore[misc]
        self.columns = columns_of(kind)
        super().__init__(request)
        self.title = kind.label_plural  # type: ignore[misc]
        self.create_label = kind.label  # type: ignore[misc]
        self.empty = Empty(kind.icon, _("There is nothing here yet."))

    def rows(self) -> QuerySet[Any]:
        """Return the rows the person may see, in use or archived."""
        rows = CustomRow.objects.filter(**self._kind.only).select_related("responsible")
        wanted = self.asked.get("sort", "").removeprefix("-")
        if any(each.key == wanted and each.is_custom for each in objects.fields_of(self._kind)):
            rows = rows.annotate(**{f"by_{wanted}": KeyTransform(wanted, "custom")})
        return visible(self.request.user, rows, "custom_objects.view").filter(
            is_archived=self.asked.get("archived") == "yes"
        )

    def matching(self, rows: QuerySet[Any], words: Any) -> QuerySet[Any]:
        """Return the rows in whose name each word stands."""
        for word in words:
            rows = rows.filter(sort_name__contains=fold(word))
        return rows

    def url(self, row: Any) -> str:
        """Return the address of a row."""
        return address_of("custom:row", row.pk)

    @property
    def create_url(self) -> str:
        """Return the address of the form of a new row."""
        return reverse("custom:row_new", args=[self._kind.key])


def rows_of(request: HttpRequest, key: str) -> OwnRows:
    """Return the list of the rows of an own object.

    :raises KeyError: there is no such object.
    """
    found = objects.kind(key)
    if found.model is not CustomRow:
        raise KeyError(key)
    return OwnRows(request, found)


def columns_of(kind: ObjectKind) -> list[Column]:
    """Return a column for each field of a kind; the first five are shown by default."""
    made = []
    for place, field in enumerate(objects.fields_of(kind)):
        made.append(
            Column(
                field.key, field.label, _reader(field), kind=_KINDS.get(field.type, "text"),  # type: ignore[arg-type]
                sort=_sort(field),
                is_default=(place < 5 and field.key not in {"created_at", "updated_at"})
                or ((field.is_custom or field.computed is not None) and place < 8),
                is_link=field.key == "name",
                phone="title" if field.key == "name" else "meta",
            )
        )  # fmt: skip
    return made


def _sort(field: Field) -> str:
    """Return what the list is sorted by; an annotation for what stands in ``custom``."""
    if field.key == "name":
        return "sort_name"
    if field.computed is not None:
        return field.key
    return f"by_{field.key}" if field.is_custom and field.is_sortable else ""


def _reader(field: Field) -> Any:
    def shown(row: Any) -> Any:
        value = value_of(field, row)
        if field.type == "user" and field.read is None:
            return getattr(row, field.source, None)
        if isinstance(value, UUID):
            return row.__dict__.get("_names", {}).get(value, "…")
        return value if field.type in _KINDS else text_of(field, value)

    return shown
