"""Web forms as programs read and write them; a form is taken out of use, never removed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.utils.translation import gettext_lazy

from apps.core import objects
from apps.core.entering import entered, merged, unchanged
from apps.core.objects import Field, ObjectKind, Refused
from apps.webforms import services
from apps.webforms.forms import WebFormForm
from apps.webforms.models import WebForm
from apps.webforms.services import FormValues


def save_form(
    *, values: Mapping[str, Any], by: Any, key: UUID | None = None, seen: datetime | None = None
) -> WebForm:
    """Make a form or change one; its key stays, and with it every snippet.

    :raises Refused: with sentences by field.
    :raises ChangedMeanwhile: the row is newer than ``seen``.
    """
    row = unchanged(WebForm, key, seen) if key is not None else WebForm()
    stands = {
        "name": row.name, "owner": row.owner_id, "thanks": row.thanks, "is_active": row.is_active,
    }  # fmt: skip
    told = entered(WebFormForm(merged(stands, values)))
    try:
        return services.save_form(
            values=FormValues(
                name=told["name"], fields=values.get("fields", row.fields),
                required=values.get("required", row.required), thanks=told["thanks"],
                owner_id=told["owner"].pk if told["owner"] else None, is_active=told["is_active"],
            ),
            by=by, form_id=key,
        )  # fmt: skip
    except services.TooManyForms as error:
        raise Refused({"": [services.too_many()]}) from error


class _Forms(ObjectKind):
    """Web forms with the number of leads each has brought."""

    def rows(self, user: Any, *, action: str = "view") -> Any:
        """Return the forms, for whoever has the right."""
        return super().rows(user, action=action).annotate(leads=Count("posts"))


def _offered() -> list[tuple[str, Any]]:
    return [(each.key, each.label) for each in services.offered_fields()]


objects.register_for_programs(
    _Forms(
        key="web_forms", label=gettext_lazy("Web form"), label_plural=gettext_lazy("Web forms"),
        icon="file-text", model=WebForm, is_of_centre=True, save=save_form,
        rights_to={"view": "customization.change", "change": "customization.change"},
        fields=(
            Field("name", gettext_lazy("Name"), is_required=True),
            Field("key", gettext_lazy("Key"), is_writable=False),
            Field("fields", gettext_lazy("Fields"), "choices", choices=_offered),
            Field("required", gettext_lazy("Required"), "choices", choices=_offered),
            Field("owner", gettext_lazy("Responsible for the leads"), "user"),
            Field("thanks", gettext_lazy("What it says afterwards"), "long_text"),
            Field("is_active", gettext_lazy("In use"), "boolean"),
            Field("leads", gettext_lazy("Leads"), "number", is_writable=False,
                  is_filterable=False),
            Field("updated_at", gettext_lazy("changed"), "moment", is_writable=False),
        ),
    )
)  # fmt: skip
