"""Making forms, and taking what is posted through them.

A post makes one unsorted counterparty, however often it comes; whoever posts gets nothing to see
but the form and its thanks. What looks like a machine is thanked and kept nowhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import transaction
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core import notices, objects
from apps.core.lists import fields as typing_of
from apps.core.objects import Field, Refused
from apps.counterparties.models import CounterpartyKind, CounterpartyStatus
from apps.webforms.models import WebForm, WebFormPost
from tenants.audit.services import record
from tenants.context import acting

KIND = "counterparties"
NOTICE = "web_lead"
TRAP = "homepage"  # people do not see this field, machines fill it
SUBMISSION = "submission"  # the page's own token: the same page sent twice is one lead
MOST_FORMS = 50
WINDOW = 600  # seconds
MOST_OF_ADDRESS, MOST_OF_FORM = 10, 120  # posts in a window
LONGEST = 5000
_OWN = ("name", "phone", "email", "address", "website", "comment")
_TYPES = frozenset(
    {"text", "long_text", "number", "date", "boolean", "choice", "phone", "email", "url"}
)


class TooOften(RuntimeError):
    """More posts than one address, or one form, takes for a while; nothing was kept."""


class TooManyForms(ValueError):
    """The company has as many forms as it may; nothing was made."""


@dataclass(frozen=True)
class FormValues:
    """What an administrator says of a form."""

    name: str
    fields: Sequence[str]
    required: Sequence[str]
    thanks: str
    owner_id: UUID | None
    is_active: bool = True


def offered_fields() -> list[Field]:
    """Return what a form may ask for: the usual, and fields that administrators added."""
    kind = objects.kind(KIND)
    known = {field.key: field for field in objects.fields_of(kind)}
    own = [known[key] for key in _OWN]
    return [*own, *(each for each in known.values() if each.is_custom and each.type in _TYPES)]


def fields_of(form: WebForm) -> list[Field]:
    """Return the fields of a form in their order; one that was taken away is left out."""
    known = {field.key: field for field in offered_fields()}
    return [known[key] for key in form.fields if key in known]


def forms() -> QuerySet[Any]:
    """Return the forms of the company, with the number of leads each has brought."""
    return WebForm.objects.select_related("owner").annotate(leads=Count("posts"))


@transaction.atomic
def save_form(*, values: FormValues, by: Any, form_id: UUID | None = None) -> WebForm:
    """Make a form or change one; its key stays, and with it every snippet.

    :raises TooManyForms: the company has enough.
    """
    form = WebForm.objects.select_for_update().get(pk=form_id) if form_id else WebForm()
    if form_id is None and WebForm.objects.count() >= MOST_FORMS:
        raise TooManyForms
    offered = [field.key for field in offered_fields()]
    wanted = [key for key in dict.fromkeys(["name", *values.fields]) if key in offered]
    form.name, form.thanks, form.is_active = values.name, values.thanks, values.is_active
    form.fields, form.owner_id = wanted, values.owner_id
    form.required = [key for key in wanted if key == "name" or key in values.required]
    form.save()
    record(kind="webforms.changed", login=by.email, form=form.name, fields=form.fields)
    return form


def too_many() -> str:
    """Say that there are as many forms as there may be."""
    return _("There are %(most)d forms already.") % {"most": MOST_FORMS}


def form_at(key: str) -> WebForm:
    """Return the form in use that a key names, in this company.

    :raises WebForm.DoesNotExist: there is none.
    """
    return WebForm.objects.get(key=key[:40], is_active=True)


def take(
    *, form: WebForm, given: Mapping[str, str], address: str, now: datetime
) -> UUID | None:
    """Take what was posted: make an unsorted lead, or return the one it made before.

    ``None``: a machine filled the trap, and nothing was kept.

    :raises TooOften: see the class.
    :raises Refused: with sentences by field; nothing was kept.
    """
    _spend(form, address)
    if given.get(TRAP, "").strip():
        record(kind="webforms.trapped", address=address, form=form.name)
        return None
    values = _values(form, given)
    digest = _digest(form, given, values, now)
    with transaction.atomic(), acting(author=None, cause="form"):
        # Whoever posts the same at the same time waits here for the first.
        WebForm.objects.select_for_update().get(pk=form.pk)
        known = WebFormPost.objects.filter(form=form, digest=digest).first()
        if known is not None:
            return known.counterparty_id
        lead = objects.save(objects.kind(KIND), values=values, by=None)
        WebFormPost.objects.create(form=form, digest=digest, counterparty_id=lead.pk)
        notices.tell(
            users=[form.owner_id], kind=NOTICE, values={"who": str(lead), "form": form.name},
            url=reverse("counterparties:inbox"),
        )  # fmt: skip
    return UUID(str(lead.pk))


def _values(form: WebForm, given: Mapping[str, str]) -> dict[str, Any]:
    errors: dict[str, list[str]] = {}
    values: dict[str, Any] = {}
    for field in fields_of(form):
        text = given.get(field.key, "").replace("\0", "")[: LONGEST + 1].strip()
        if field.type == "boolean":
            text = "yes" if text else "no"
        if not text and field.key in form.required:
            errors[field.key] = [_("This field is required.")]
            continue
        try:
            values[field.key] = _checked(field, typing_of.typed(field, [text]) if text else None)
        except Refused as refused:
            errors |= refused.errors
    if errors:
        raise Refused(errors)
    told = {key: value for key, value in values.items() if value is not None}
    return told | {
        "kind": CounterpartyKind.PERSON, "status": CounterpartyStatus.UNSORTED,
        "source": form.name, "responsible": form.owner_id, "is_customer": True,
    }  # fmt: skip


def _checked(field: Field, value: Any) -> Any:
    """Pass a value that the column can hold.

    :raises Refused: it is too long.
    """
    if value is None or field.is_custom:
        return value
    try:
        column: Any = objects.kind(KIND).model._meta.get_field(field.source)
        column.run_validators(value)
    except FieldDoesNotExist:
        return value
    except ValidationError as error:
        raise Refused({field.key: error.messages}) from error
    return value


def _digest(
    form: WebForm, given: Mapping[str, str], values: Mapping[str, Any], now: datetime
) -> str:
    """Return what two posts of the same share: the page's token, else the words and the day."""
    token = given.get(SUBMISSION, "")[:80]
    said = {key: str(value) for key, value in sorted(values.items())}
    told = json.dumps([str(form.pk), token or f"{now:%Y-%m-%d}", said])
    return hashlib.sha256(told.encode()).hexdigest()


def _spend(form: WebForm, address: str) -> None:
    for name, most in ((f"a:{address}", MOST_OF_ADDRESS), (f"f:{form.pk}", MOST_OF_FORM)):
        key = f"webform:{name}"
        cache.add(key, 0, timeout=WINDOW)
        if cache.incr(key) > most:
            raise TooOften(name)
