"""Counterparties as a kind of object: what every generic door knows of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import objects
from apps.core.objects import Field, ObjectKind
from apps.counterparties import bulk, services
from apps.counterparties.models import Counterparty, CounterpartyKind
from apps.counterparties.services import CounterpartyValues

FIELDS = (
    Field("name", gettext_lazy("Name"), is_required=True, is_sortable=True, path="name"),
    Field("kind", gettext_lazy("Kind"), "choice", choices=CounterpartyKind.choices),
    Field("full_name", gettext_lazy("Full name")),
    Field("tax_number", gettext_lazy("Tax number"), words=("инн", "vkn", "tckn", "inn", "vat")),
    Field("tax_reason_code", gettext_lazy("Tax reason code (KPP)"), words=("кпп",)),
    Field("registration_number", gettext_lazy("Registration number"), words=("огрн",)),
    Field("phone", gettext_lazy("Phone"), "phone", is_sensitive=True, words=("тел", "телефон")),
    Field("email", gettext_lazy("E-mail"), "email", is_sensitive=True, words=("почта", "mail")),
    Field("address", gettext_lazy("Address"), is_sensitive=True),
    Field("legal_address", gettext_lazy("Legal address"), is_sensitive=True),
    Field("card_number", gettext_lazy("Customer card")),
    Field("responsible", gettext_lazy("Responsible"), "user"),
    Field("comment", gettext_lazy("Comment"), "long_text"),
    Field("created_at", gettext_lazy("Entered"), "moment", is_writable=False),
    Field("updated_at", gettext_lazy("changed"), "moment", is_writable=False),
)
_COLUMNS = {"responsible": "responsible_id"}


@transaction.atomic
def save(
    *,
    values: Mapping[str, Any],
    by: Any,
    key: UUID | None = None,
    seen: datetime | None = None,
) -> Counterparty:
    """Make a counterparty or bring one to these values; see ``apps.core.objects.Save``."""
    partner = Counterparty.objects.select_for_update().get(pk=key) if key else Counterparty()
    if key and seen is not None and partner.updated_at > seen:
        raise objects.ChangedMeanwhile(partner)
    named = {_COLUMNS.get(name, name): value for name, value in values.items()}
    if not str(named.get("name", partner.name)).strip():
        raise objects.Refused({"name": [_("A counterparty has a name.")]})
    now = {name: getattr(partner, name) for name in services._FIELDS}
    wanted = replace(CounterpartyValues(**now), **named)
    return services.save_counterparty(values=wanted, counterparty_id=key)


def archive(keys: Collection[UUID], is_archived: bool) -> int:
    """Take counterparties out of use, or bring them back."""
    return services.archive_counterparties(ids=list(keys), is_archived=is_archived)


objects.register(
    ObjectKind(
        key="counterparties",
        label=gettext_lazy("Counterparty"),
        label_plural=gettext_lazy("Counterparties"),
        icon="users",
        model=Counterparty,
        fields=FIELDS,
        card_url_name="counterparties:card",
        list_url_name="counterparties:list",
        title="name",
        owner="responsible",
        office="office_id",
        related=("responsible",),
        search=("sort_name__contains",),
        order="sort_name",
        save=save,
        save_many=bulk.save_many,
        archive=archive,
        is_extensible=True,
    )
)
