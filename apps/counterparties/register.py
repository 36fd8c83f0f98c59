"""What an official register says of a counterparty: offered beside what stands there, never put.

The state a register tells ("in liquidation") is kept on the counterparty; whatever else differs is
taken over only where somebody ticked it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import override

from apps.accounts.models import User
from apps.accounts.rights import can, fields, hidden_of, visible
from apps.core import notices, objects
from apps.counterparties.models import Counterparty
from apps.counterparties.notices import CHECKED, STOPPED
from apps.registers import services
from apps.registers.models import ALARMING, RegisterState
from apps.registers.providers import Entry, NotTold, named
from apps.registers.words import sentence
from tenants.current import current_company

FIELDS = ("name", "full_name", "tax_reason_code", "registration_number", "legal_address")


@dataclass(frozen=True)
class Offered:
    """A field of which the register says something else; empty ones are ticked beforehand."""

    name: str
    label: str | Promise
    here: str
    there: str

    @property
    def is_ticked(self) -> bool:
        """Tell whether nothing of ours would be lost."""
        return not self.here


@dataclass(frozen=True)
class Told:
    """What is shown of an entry: its state, and the fields that differ."""

    entry: Entry
    offered: tuple[Offered, ...]

    @property
    def register(self) -> str | Promise:
        """Return how the register is called."""
        return named(self.entry.register).name

    @property
    def state(self) -> str | Promise:
        """Return the state in words; "" where the register tells none."""
        return RegisterState(self.entry.state).label if self.entry.state else ""

    @property
    def is_alarming(self) -> bool:
        """Tell whether the state is one to look twice at."""
        return self.entry.state in ALARMING


def ask_url(number: str, *, by: Any, but: UUID | None) -> str:
    """Return where a number is asked of its register; "" where it cannot be or they may not."""
    register = services.asked_register(number)
    if register is None or not can(by, "counterparties.edit" if but else "counterparties.create"):
        return ""
    if not services.is_ready(register):
        return ""
    if but is None:
        return reverse("counterparties:register_new")
    return reverse("counterparties:register", args=[but])


def compared(
    entry: Entry, here: Mapping[str, Any], *, by: Any, row: Counterparty | None = None
) -> Told:
    """Compare an entry with what stands on a form or card, by the fields a person may change."""
    kind = objects.kind("counterparties")
    labels = {each.key: each.label for each in objects.fields_of(kind)}
    closed = _closed(by, row)
    found = []
    for name in FIELDS:
        there = entry.values.get(name, "")[: _longest(name)]
        ours = " ".join(str(here.get(name) or "").split())
        if there and there != ours and name not in closed:
            found.append(Offered(name, labels[name], ours, there))
    return Told(entry, tuple(found))


def take(
    partner: Counterparty, *, names: Collection[str], by: Any, now: datetime
) -> tuple[str, ...]:
    """Bring the ticked fields to what the register says of the counterparty's tax number.

    Returns the fields that were changed. What the person may not change stays as it is.

    :raises NotTold, NoKey, NoRegister, UnknownThere: the register gave no entry; nothing changed.
    :raises Refused: a value cannot be saved; nothing changed.
    """
    entry = services.look_up(partner.tax_number)
    told = compared(entry, vars(partner), by=by, row=partner)
    values = {each.name: each.there for each in told.offered if each.name in names}
    if values:
        objects.save(objects.kind("counterparties"), values=values, by=by, key=partner.pk)
    keep_state(partner, entry=entry, now=now)
    return tuple(values)


def check_many(*, keys: Sequence[UUID], by_id: UUID, now: datetime) -> None:
    """Keep what registers say of counterparties that a person may change, and tell the person.

    A register that gives no answer is not asked for the rest; what was told until then is kept.
    """
    user = User.objects.get(pk=by_id)
    rows = visible(user, Counterparty.objects.filter(pk__in=keys), "counterparties.edit")
    told = {"checked": 0, "alarming": 0, "unknown": 0, "unasked": 0}
    silent: dict[str, str] = {}
    with override(user.language or current_company().language):
        for partner in rows.exclude(tax_number="").order_by("pk"):
            told[_checked(partner, silent, now)] += 1
        told["checked"] += told["alarming"]
        kind = STOPPED if silent else CHECKED
        notices.tell(
            users=[by_id], kind=kind, values=told | {"why": " ".join(silent.values())},
            url=reverse("counterparties:list"),
        )  # fmt: skip


def _checked(partner: Counterparty, silent: dict[str, str], now: datetime) -> str:
    """Ask for one of many; return how it is counted."""
    asked = services.asked_register(partner.tax_number)
    if asked is None:
        return "unknown"
    if asked.key in silent:
        return "unasked"
    try:
        entry = services.look_up(partner.tax_number)
    except services.UnknownThere:
        return "unknown"
    except (NotTold, services.NoKey) as refused:
        silent[asked.key] = sentence(asked, refused)
        return "unasked"
    keep_state(partner, entry=entry, now=now)
    return "alarming" if entry.state in ALARMING else "checked"


def keep_state(partner: Counterparty, *, entry: Entry, now: datetime) -> None:
    """Keep what a register says of the counterparty's own number, and when it was asked.

    Whoever has the counterparty open in a form is not stopped by it.
    """
    if services.bare(partner.tax_number) != entry.number:
        return
    Counterparty.objects.filter(pk=partner.pk, tax_number=partner.tax_number).update(
        register_state=entry.state, register_told_at=now
    )


def keep_known(partner: Counterparty, *, now: datetime) -> None:
    """Keep the state a register told of a number while it was typed; nobody is asked for it."""
    if not partner.tax_number or partner.register_state:
        return
    entry = services.known(partner.tax_number)
    if entry is not None:
        keep_state(partner, entry=entry, now=now)


def shown_to(user: Any, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values without those of fields that a person may not fill in."""
    closed = _closed(user, None)
    return {name: value for name, value in values.items() if name not in closed}


def _closed(user: Any, row: Counterparty | None) -> frozenset[str]:
    limits = fields(user, "counterparties")
    hidden = limits.hidden | (hidden_of(user, row) if row is not None else frozenset())
    return frozenset(hidden | limits.read_only)


def _longest(name: str) -> int:
    return int(getattr(Counterparty._meta.get_field(name), "max_length", 0))
