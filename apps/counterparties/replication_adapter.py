"""How counterparties and their people travel: an office may hold its own, or some people's."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.counterparties.files import stored_as
from replication import plan
from replication.registry import declare_local


def people() -> Iterable[tuple[str, str]]:
    """Return whom a counterparty may belong to."""
    found = User.objects.filter(is_active=True).order_by("full_name", "email", "id")
    return [(str(user.pk), str(user)) for user in found]


CUSTOMERS = plan.Rule(
    "counterparties",
    _("Counterparties with their documents"),
    (
        plan.Choice("office", _("of this office"), "t.office_id = %(node)s"),
        plan.Choice(
            "responsible", _("of these people"),
            "t.responsible_id = ANY(%(values)s::uuid[])", people,
        ),
    ),
)  # fmt: skip
plan.travels(
    plan.Travelling(
        "counterparties.Counterparty",
        "rows",
        rule=CUSTOMERS,
        natural_key=("tax_number", "tax_reason_code"),
    )
)
_OF_COUNTERPARTY = (
    "ContactPerson", "BankAccount", "ContactRole", "ContactPoint", "ImportantDate", "Consent",
    "Attachment",
)  # fmt: skip
for label in _OF_COUNTERPARTY:
    plan.travels(plan.Travelling(f"counterparties.{label}", "rows", follows=("counterparty",)))
plan.attaches(plan.Attached("counterparties.Attachment", stored_as))
declare_local("counterparties.HandOver", "taken back where it was done")
