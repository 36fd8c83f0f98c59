"""Requests as a kind of objects: what every generic door knows of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.core import objects, tagging
from apps.core.objects import Field, ObjectKind, Saved
from apps.counterparties import files
from apps.service import services
from apps.service.models import RequestKind, RequestState, ServiceRequest
from apps.service.services import RequestValues

FIELDS = (
    Field("subject", gettext_lazy("Subject"), is_required=True),
    Field("kind", gettext_lazy("Kind"), "choice", choices=RequestKind.choices),
    Field("state", gettext_lazy("State"), "choice", choices=RequestState.choices),
    Field(
        "counterparty", gettext_lazy("Counterparty"), "relation", related="counterparties",
        is_required=True,
    ),
    Field("person", gettext_lazy("Contact person"), "relation", related="contacts"),
    Field("text", pgettext_lazy("complaint", "What happened"), "long_text"),
    Field("is_urgent", gettext_lazy("Urgent"), "boolean"),
    Field("owner", gettext_lazy("Responsible"), "user"),
    Field("due_at", gettext_lazy("Deadline"), "moment"),
    Field("resolution", gettext_lazy("What was done"), "long_text"),
    Field("tags", gettext_lazy("Tags"), "choices", choices=tagging.choices),
    Field("taken_at", gettext_lazy("Taken up"), "moment", is_writable=False),
    Field("closed_at", gettext_lazy("Closed"), "moment", is_writable=False),
    Field("created_at", gettext_lazy("Entered"), "moment", is_writable=False, is_sortable=True),
    Field("updated_at", gettext_lazy("changed"), "moment", is_writable=False),
)  # fmt: skip
_COLUMNS = {"counterparty": "counterparty_id", "person": "person_id", "owner": "owner_id"}


@transaction.atomic
def save(
    *,
    values: Mapping[str, Any],
    by: Any,
    key: UUID | None = None,
    seen: datetime | None = None,
) -> ServiceRequest:
    """Make a request or bring one to these values; see ``apps.core.objects.Save``."""
    request = ServiceRequest.objects.select_for_update().get(pk=key) if key else ServiceRequest()
    named = {_COLUMNS.get(name, name): value for name, value in values.items()}
    state = named.pop("state", None)
    if not str(named.get("subject", request.subject)).strip():
        raise objects.Refused({"subject": [_("A request has a subject.")]})
    now = {name: getattr(request, name) for name in services.FIELDS}
    try:
        saved = services.save_request(
            values=replace(RequestValues(**now), **named), by=by, request_id=key, seen=seen
        )
        if state and state != saved.state:
            services.move_requests(keys=[saved.pk], state=state, by=by, now=timezone.now())
            saved.refresh_from_db()
    except services.RequestRefused as error:
        raise _refusal(error) from None
    return saved


def save_many(
    *, rows: Sequence[tuple[UUID | None, Mapping[str, Any]]], by: Any
) -> list[Saved]:
    """Make requests one by one, bring thousands to values at once; see ``objects.SaveMany``."""
    changes: dict[UUID, Mapping[str, Any]] = {}
    unnamed = objects.Refused({"subject": [_("A request has a subject.")]})
    for key, values in rows:
        if key is not None and str(values.get("subject", "-")).strip():
            named = {_COLUMNS.get(name, name): value for name, value in values.items()}
            changes.setdefault(key, named)
    found = services.change_requests(changes=changes, by=by, now=timezone.now())
    answers = []
    for key, values in rows:
        told = found.pop(key, None) if key is not None else None
        if key is not None and key not in changes:
            answers.append(Saved(key, refused=unnamed))
        elif told is None:
            answers.append(objects.save_one_of_many(objects.kind("requests"), key, values, by))
        elif isinstance(told, services.RequestRefused):
            answers.append(Saved(key, refused=_refusal(told)))
        else:
            answers.append(Saved(key, is_changed=told))
    return answers


def _refusal(error: services.RequestRefused) -> objects.Refused:
    """Say what was refused, by the field it is about."""
    match error:
        case services.NoCounterparty():
            return objects.Refused({"counterparty": [_("Choose the customer this is about.")]})
        case services.Gone():
            return objects.Refused({"": [_("It is gone.")]})
        case services.NothingDone():
            return objects.Refused({"resolution": [_("Say what was done.")]})
    text = _("This belongs to another counterparty.")
    return objects.Refused({str(error.args[0]): [text]})


def archive(keys: Collection[UUID], is_archived: bool) -> int:
    """Take requests out of use, or bring them back."""
    return services.archive_requests(ids=keys, is_archived=is_archived)


objects.register(
    ObjectKind(
        key="requests",
        label=gettext_lazy("Service request"),
        label_plural=gettext_lazy("Service requests"),
        icon="help",
        model=ServiceRequest,
        fields=FIELDS,
        card_url_name="service:card",
        list_url_name="service:list",
        title="subject",
        owner="owner",
        handed_over=Q(closed_at__isnull=True),
        office="counterparty__office_id",
        related=("counterparty", "person", "owner"),
        search=("subject__icontains",),
        order="-created_at",
        save=save,
        save_many=save_many,
        archive=archive,
        is_extensible=True,
    )
)
files.register("requests", files.Place(lambda request: request.counterparty_id))
