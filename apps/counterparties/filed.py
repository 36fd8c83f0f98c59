"""Files as programs list, fetch and throw them away; ``apps.api.uploads`` takes new ones.

Whoever sees a card sees its files, and whoever may change it adds and removes them: the kind stands
in the API alone, because in the registry its rows would be of one card.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet
from django.http import FileResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.rights import can, visible
from apps.core import objects
from apps.core.objects import Action, Content, Field, ObjectKind, Refused
from apps.counterparties import files
from apps.counterparties.models import Attachment


class Files(ObjectKind):
    """The kind of files: its rows are those of cards that a person sees, or may change."""

    def rows(self, user: Any, *, action: str = "view") -> QuerySet[Any]:
        """Return the files of every card, each version of its own, those in the trash as well."""
        wanted = Q(pk__in=[])
        for key in files.places():
            card = objects.kind(key)
            if not can(user, f"{card.right_object}.view"):
                continue
            cards = card.model._default_manager.filter(**card.only)
            seen = visible(user, cards, f"{card.right_object}.{action}").order_by().values("pk")
            wanted |= Q(kind=key, key__in=seen)
        return Attachment.objects.filter(wanted)


def _throw(is_archived: bool) -> Callable[..., Attachment]:
    def run(*, key: UUID, values: Mapping[str, Any], by: Any) -> Attachment:
        """Put every version of a file into the trash, or bring them back."""
        file = Attachment.objects.get(pk=key)
        try:
            files.card_of(kind=file.kind, key=file.key, by=by, action="change")
        except files.NoSuchCard:
            raise Refused({"": [_("You may read this one, not change it.")]}) from None
        return files.archive_file(file_id=key, is_archived=is_archived)

    return run


def _bytes(*, row: Attachment, user: Any, language: str) -> FileResponse:
    """Send what a file holds; as a program keeps it, nothing is shown in place.

    :raises FileNotFoundError: its bytes are gone.
    """
    source = default_storage.open(files.stored_as(row.digest))
    sent = FileResponse(
        source, as_attachment=True, filename=row.name, content_type=files.ANYTHING
    )
    sent["X-Content-Type-Options"] = "nosniff"
    return sent


def _places() -> list[tuple[str, str]]:
    return [(key, str(objects.kind(key).label)) for key in files.places()]


FILES = Files(
    key="files", label=gettext_lazy("File"), label_plural=gettext_lazy("Files"), icon="paperclip",
    model=Attachment, right="counterparties",
    fields=(
        Field("name", gettext_lazy("Name"), is_writable=False),
        Field("kind", gettext_lazy("Kind of card"), "choice", choices=_places,
              is_writable=False),
        Field("key", gettext_lazy("Card"), "key", is_writable=False),
        Field("version", gettext_lazy("Version"), "number", is_writable=False),
        Field("size", gettext_lazy("Size"), "number", is_writable=False),
        Field("content_type", gettext_lazy("Type"), is_writable=False),
        Field("author", gettext_lazy("Author"), "user", is_writable=False),
        Field("is_archived", gettext_lazy("archived"), "boolean", is_writable=False),
        Field("created_at", gettext_lazy("Entered"), "moment", is_writable=False),
    ),
    actions=(
        Action("trash", gettext_lazy("Into the trash"), "counterparties.view", _throw(True)),
        Action("restore", gettext_lazy("Out of the trash"), "counterparties.view", _throw(False)),
    ),
    contents=(Content("content", gettext_lazy("Content"), files.ANYTHING, _bytes),),
)  # fmt: skip
objects.register_for_programs(FILES)
