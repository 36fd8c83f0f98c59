"""Modules: parts of the program that a company switches on and off, and who works with which.

A module that is off gives nobody its rights: it is absent from side bar, palette, menus and pages
at once, and its addresses say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import CompanyModule, User
from replication.nodes import known_offices
from tenants.audit.services import record


@dataclass(frozen=True)
class Module:
    """A part of the program that not every company needs."""

    key: str
    label: str | Promise
    text: str | Promise
    icon: str


MODULES: dict[str, Module] = {
    each.key: each
    for each in (
        Module("deals", _("Deals and quotations"),
               _("Pipelines, the board, forecasts, quotations from the catalogue."), "cash"),
        Module("activities", _("Tasks and calendar"),
               _("Tasks, calls and meetings, reminders, the team's week."), "calendar"),
        Module("service", _("Requests and complaints"),
               _("What customers ask and complain of, with a deadline."), "help"),
        Module("till", _("Point of sale"),
               _("Selling over the counter with a scanner."), "barcode"),
        Module("offices", _("Branch offices"),
               _("Offices that work on a copy of their own, also without a line."),
               "building-warehouse"),
        Module("exchange", _("Exchange with 1C"),
               _("Connecting a 1C and watching its runs."), "arrows-exchange"),
        Module("imports", _("Import"),
               _("Taking tables of other programs in."), "upload"),
        Module("duplicates", _("Duplicates"),
               _("Finding and joining what was entered twice."), "copy"),
        Module("customization", _("Own fields and objects"),
               _("Fields and kinds of objects of the company's own."), "adjustments"),
        Module("api", _("API and webhooks"),
               _("Access for other programs."), "plug-connected"),
    )
}  # fmt: skip
MOST_SEATS = 100_000
SMALL_FIRM = frozenset({"activities", "exchange", "imports"})


class ModuleError(Exception):
    """Modules were not changed."""


class OfficesJoined(ModuleError):
    """Branch offices exist: they would exchange where nobody can look."""


class NoSeatLeft(ModuleError):
    """More people work with a module than it has workplaces."""

    def __init__(self, module: Module, people: int, seats: int) -> None:
        super().__init__(module.key)
        self.module, self.people, self.seats = module, people, seats


@dataclass(frozen=True)
class ModuleRow:
    """A module as the company has it: switched on, workplaces (0: any number), people using it."""

    module: Module
    is_on: bool
    seats: int
    people: int


def all_modules() -> list[ModuleRow]:
    """Return the modules as they stand; one that nobody has touched is on."""
    stored = {each.key: each for each in CompanyModule.objects.all()}
    without = list(User.objects.filter(is_active=True).values_list("without_modules", flat=True))
    rows = []
    for each in MODULES.values():
        row = stored.get(each.key)
        people = sum(each.key not in (left or ()) for left in without)
        rows.append(ModuleRow(each, row.is_on if row else True, row.seats if row else 0, people))
    return rows


@transaction.atomic
def set_modules(*, is_on: Mapping[str, bool], seats: Mapping[str, int], by: User) -> list[str]:
    """Switch modules and limit their workplaces, from everybody's next page; return what changed.

    :raises OfficesJoined: see the class.
    :raises NoSeatLeft: see the class.
    """
    if not is_on.get("offices", True) and known_offices():
        raise OfficesJoined
    changed = []
    for row in all_modules():
        key = row.module.key
        wanted = (is_on.get(key, row.is_on), seats.get(key, row.seats))
        if wanted == (row.is_on, row.seats):
            continue
        if wanted[0] and wanted[1] and row.people > wanted[1]:
            raise NoSeatLeft(row.module, row.people, wanted[1])
        CompanyModule.objects.update_or_create(
            key=key, defaults={"is_on": wanted[0], "seats": wanted[1]}
        )
        changed.append(key)
    if changed:
        off = sorted(key for key in MODULES if not is_on.get(key, True))
        record(kind="modules.changed", login=by.email, changed=changed, off=off)
    return changed


def require_seats(*, person: User, without: list[str]) -> None:
    """Pass when every module that a person is to work with has a workplace left.

    :raises NoSeatLeft: see the class.
    """
    for row in all_modules():
        key = row.module.key
        had = person.is_active and not person._state.adding and key not in person.without_modules
        if key in without or had or not row.seats or not row.is_on:
            continue
        if row.people >= row.seats:
            raise NoSeatLeft(row.module, row.people + 1, row.seats)
