"""What the room itself puts on the card of a counterparty: its tabs, files, personal data."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.rights import can
from apps.counterparties import sections
from apps.counterparties.files import files_of
from apps.counterparties.models import Counterparty, CounterpartyKind
from apps.counterparties.sections import Section, Tab


def files_on(partner: Counterparty, user: User) -> dict[str, Any]:
    """Return what the tab of files shows."""
    return {
        "files": files_of(kind="counterparties", key=partner.pk), "kind": "counterparties",
        "key": partner.pk, "may_change": can(user, "counterparties.change"),
    }  # fmt: skip


def consents_on(partner: Any, user: User) -> dict[str, Any]:
    """Return what is shown of a private customer's consents; nothing of a company."""
    return {
        "is_person": partner.kind == CounterpartyKind.PERSON, "consents": partner.leaves,
        "kind": "counterparties", "key": partner.pk,
        "may_change": can(user, "counterparties.change"),
    }  # fmt: skip


sections.register_tab(Tab(sections.TIMELINE, _("What happened"), "history", 10))
sections.register_tab(Tab(sections.TRADE, _("1C"), "arrows-exchange", 20))
sections.register_tab(Tab(sections.FILES, _("Files"), "paperclip", 30))
sections.register_section(
    Section("counterparties/_files.html", files_on, place="middle", tab=sections.FILES)
)
sections.register_section(
    Section("counterparties/_own_consents.html", consents_on, position=200, place="right")
)
