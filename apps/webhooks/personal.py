"""What the log of webhooks keeps of a person who is erased."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from apps.counterparties import privacy
from apps.counterparties.models import ContactPerson, Counterparty
from apps.webhooks.models import WebhookDelivery


def tell(subject: ContactPerson | Counterparty) -> dict[str, Any]:
    """Return nothing: what was told to programs are the fields of the card, as they stand there."""
    return {}


def erase(subject: ContactPerson | Counterparty) -> list[privacy.Removed]:
    """Take the deliveries that tell of a person out of the log."""
    told = WebhookDelivery.objects.filter(payload__id=str(subject.pk))
    return [privacy.Removed(_("deliveries to programs"), told.delete()[0])]


privacy.register(privacy.Further(tell, erase))
