"""Mail of a person who asks for all that is kept of them, or to be erased."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from apps.counterparties import privacy
from apps.counterparties.models import ContactPerson, Counterparty
from apps.mail import files
from apps.mail.models import MailLink, MailMessage
from apps.mail.services import CONTACTS, CUSTOMERS


def tell(subject: ContactPerson | Counterparty) -> dict[str, Any]:
    """Return the messages on the card of a person, the latest first."""
    rows = _messages(subject).order_by("-sent_at", "-id")
    names = ("sent_at", "subject", "from_address", "to_addresses", "text")
    told = {row.pop("pk"): row for row in rows.values("pk", *names)}
    for key, attached in files.of_messages(told).items():
        told[key]["files"] = [file.name for file in attached]
    return {_("messages"): list(told.values())}


def erase(subject: ContactPerson | Counterparty) -> list[privacy.Removed]:
    """Take away the messages on the card of a person, wherever else they stand."""
    count = files.delete_messages(_messages(subject).values_list("pk", flat=True))
    return [privacy.Removed(_("messages"), count)]


def _messages(subject: ContactPerson | Counterparty) -> QuerySet[MailMessage]:
    kind = CONTACTS if isinstance(subject, ContactPerson) else CUSTOMERS
    links = MailLink.objects.filter(kind=kind, key=subject.pk)
    return MailMessage.objects.filter(pk__in=links.values("message"))


privacy.register(privacy.Further(tell, erase))
