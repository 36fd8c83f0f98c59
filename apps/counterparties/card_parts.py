"""What the room itself puts on the card of a counterparty: its tabs, files, personal data."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.models import User
from apps.accounts.rights import can
from apps.counterparties import sections
from apps.counterparties.files import files_of
from apps.counterparties.models import Counterparty, CounterpartyKind
from apps.counterparties.people import people_of
from apps.counterparties.sections import Place, Section, Tab
from apps.counterparties.selectors import hides_contacts
from apps.custom import layouts
from apps.registers.services import asked_register
from replication.nodes import offices_by_name


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


def people_on(partner: Counterparty, user: User) -> dict[str, Any]:
    """Return whom one speaks to there."""
    return {"people": people_of(partner, by=user)}


def reach_on(partner: Any, user: User) -> dict[str, Any]:
    """Return whether the ways to reach it are kept from this person."""
    return {"hides_reach": hides_contacts(user, partner)}


def office_on(partner: Any, user: User) -> dict[str, Any]:
    """Return which office serves it."""
    key = partner.office_id
    return {"office_name": offices_by_name().get(key) if key else ""}


def register_on(partner: Counterparty, user: User) -> dict[str, Any]:
    """Return whether a register can be asked for the tax number."""
    return {"asks_register": asked_register(partner.tax_number) is not None}


sections.register_tab(Tab(sections.TIMELINE, _("What happened"), "history", 10))
sections.register_tab(Tab(sections.TRADE, _("1C"), "arrows-exchange", 20))
sections.register_tab(Tab(sections.FILES, _("Files"), "paperclip", 30))
sections.register_section(
    Section("counterparties/_files.html", files_on, place="middle", tab=sections.FILES,
            label=_("Files"))
)  # fmt: skip
sections.register_section(
    Section("counterparties/_own_consents.html", consents_on, position=200, place="right",
            label=_("Personal data"))
)  # fmt: skip
_OWN: tuple[tuple[str, Any, Place, Any], ...] = (
    ("reach", _("How to reach it"), "left", reach_on),
    ("people", _("Contact persons"), "left", people_on),
    ("about", pgettext_lazy("customer", "About"), "left", office_on),
    ("requisites", _("Requisites"), "left", register_on),
    ("tree", _("Group of companies"), "right", lambda partner, user: {}),
)
for _position, (_name, _label, _place, _context) in enumerate(_OWN):
    sections.register_section(
        Section(
            f"counterparties/card/{_name}.html", _context, position=_position, place=_place,
            label=_label,
        )
    )
layouts.register_card(
    "contacts",
    layouts.Card(
        tabs=lambda: (layouts.Tab("main", _("Main")),),
        parts=lambda: (
            layouts.Part("reach", _("How to reach it"), "left",
                         "counterparties/person/reach.html"),
            layouts.Part("about", pgettext_lazy("customer", "About"), "left",
                         "counterparties/person/about.html"),
            layouts.Part("roles", _("Where this person works"), "tab:main",
                         "counterparties/person/roles.html"),
            layouts.Part("files", _("Files"), "tab:main", "counterparties/_files.html"),
            *sections.person_parts(),
            layouts.Part("consents", _("Personal data"), "right",
                         "counterparties/_consents.html"),
        ),
    ),
)  # fmt: skip
