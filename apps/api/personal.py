"""What answers that are kept for a day hold of a person who is erased."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from apps.api.models import ApiReplay
from apps.counterparties import privacy
from apps.counterparties.models import ContactPerson, Counterparty


def tell(subject: ContactPerson | Counterparty) -> dict[str, Any]:
    """Return nothing: the answers hold the fields of the card."""
    return {}


def erase(subject: ContactPerson | Counterparty) -> list[privacy.Removed]:
    """Forget the answers that hold a person; the same request is a new one then."""
    kept = ApiReplay.objects.filter(body__id=str(subject.pk))
    return [privacy.Removed(_("answers to programs"), kept.delete()[0])]


privacy.register(privacy.Further(tell, erase))
