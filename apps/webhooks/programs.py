"""Webhooks and their log as programs read and write them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.core import objects
from apps.core.entering import entered, merged, unchanged
from apps.core.objects import Action, Field, ObjectKind, Refused
from apps.webhooks import services
from apps.webhooks.forms import WebhookForm
from apps.webhooks.models import DeliveryState, Webhook, WebhookDelivery
from apps.webhooks.reaching import NotReached
from apps.webhooks.tasks import deliver

SHORTEST, LONGEST = 24, 100  # characters of a secret
_NAMES = ("name", "url", "kinds", "operations", "is_active")


def save_webhook(
    *, values: Mapping[str, Any], by: Any, key: UUID | None = None, seen: datetime | None = None
) -> Webhook:
    """Make a webhook with a secret that the receiver has, or change one; its secret stays.

    :raises Refused: with sentences by field.
    :raises ChangedMeanwhile: the row is newer than ``seen``.
    """
    hook = unchanged(Webhook, key, seen) if key is not None else Webhook()
    secret = "" if key is not None else _checked(str(values.get("secret", "")))
    stands = {name: getattr(hook, name) for name in _NAMES}
    told = entered(WebhookForm(merged(stands, values), user=by))
    try:
        saved, _secret = services.save_webhook(
            **told, by=by, now=timezone.now(), webhook_id=key, secret=secret
        )
    except NotReached as error:
        raise Refused({"url": [str(error)]}) from error
    return saved


def _checked(secret: str) -> str:
    is_long = SHORTEST <= len(secret) <= LONGEST
    if not is_long or not secret.isascii() or not secret.isprintable():
        text = _("A secret has %(least)d to %(most)d printable ASCII characters.")
        raise Refused({"secret": [text % {"least": SHORTEST, "most": LONGEST}]})
    return secret


def _remove(*, key: UUID, by: Any) -> None:
    services.remove_webhook(webhook_id=key, by=by)


def _test(*, key: UUID, values: Mapping[str, Any], by: Any) -> None:
    send(services.test_event(webhook_id=key, now=timezone.now()))


def _replay(*, key: UUID, values: Mapping[str, Any], by: Any) -> None:
    send(services.replay(delivery_id=key, now=timezone.now()))


def send(delivery: WebhookDelivery) -> None:
    """Send a delivery as soon as it is kept."""
    transaction.on_commit(partial(deliver.delay, delivery_id=str(delivery.pk)))


def _heard_of() -> list[tuple[str, Any]]:
    return [(kind.key, kind.label_plural) for kind in objects.kinds()]


objects.register_for_programs(
    ObjectKind(
        key="webhooks", label=gettext_lazy("Webhook"), label_plural=gettext_lazy("Webhooks"),
        icon="plug-connected", model=Webhook, save=save_webhook, remove=_remove,
        fields=(
            Field("name", gettext_lazy("Name"), is_required=True),
            Field("url", gettext_lazy("Address"), "url", is_required=True),
            Field("secret", gettext_lazy("Secret"), is_required=True, is_writable=False,
                  is_of_new=True, is_filterable=False, read=lambda row: "",
                  help=gettext_lazy("That of the receiver; told when it is made, never read.")),
            Field("kinds", gettext_lazy("What it hears of"), "choices", choices=_heard_of,
                  is_required=True),
            Field("operations", gettext_lazy("When"), "choices", is_required=True, choices=(
                ("created", gettext_lazy("made")), ("changed", gettext_lazy("changed")),
                ("deleted", gettext_lazy("deleted")),
            )),
            Field("is_active", gettext_lazy("Active"), "boolean"),
            Field("owner", gettext_lazy("Responsible"), "user", is_writable=False),
            Field("failing_since", gettext_lazy("Failing since"), "moment", is_writable=False),
            Field("stopped_reason", gettext_lazy("Why it is stopped"), is_writable=False),
            Field("updated_at", gettext_lazy("changed"), "moment", is_writable=False),
        ),
        actions=(Action("test", gettext_lazy("Send a test"), "webhooks.change", _test),),
    )
)  # fmt: skip
objects.register_for_programs(
    ObjectKind(
        key="webhook_deliveries", label=gettext_lazy("Delivery"),
        label_plural=gettext_lazy("Deliveries"), icon="plug-connected", model=WebhookDelivery,
        right="webhooks",
        fields=(
            Field("webhook", gettext_lazy("Webhook"), "relation", related="webhooks",
                  is_writable=False),
            Field("event", gettext_lazy("Event"), is_writable=False),
            Field("state", pgettext_lazy("of a delivery", "State"), "choice",
                  choices=DeliveryState.choices, is_writable=False),
            Field("attempts", gettext_lazy("Attempts"), "number", is_writable=False),
            Field("status", gettext_lazy("Answered"), "number", is_writable=False),
            Field("answer", gettext_lazy("Answer"), "long_text", is_writable=False,
                  is_filterable=False),
            Field("payload", gettext_lazy("What was sent"), "long_text", is_writable=False,
                  is_filterable=False,
                  read=lambda row: json.dumps(row.payload, ensure_ascii=False)),
            Field("next_at", gettext_lazy("Next attempt"), "moment", is_writable=False),
            Field("delivered_at", gettext_lazy("Delivered at"), "moment", is_writable=False),
            Field("created_at", gettext_lazy("created"), "moment", is_writable=False),
        ),
        actions=(
            Action("replay", gettext_lazy("Send once more"), "webhooks.change", _replay),
        ),
    )
)  # fmt: skip
