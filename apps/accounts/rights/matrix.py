"""What there is to allow: every object with its actions, and what the built-in roles give.

A right is ``object.action``: ``invoices.issue``. The scope of a right says whose rows it covers.
A new object stands here with what each built-in role gives of it; roles that companies have made
from these follow, until somebody ticks it otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.models import Role, Scope

ROW_ACTIONS = ("view", "create", "edit", "delete", "export")


@dataclass(frozen=True)
class Object:
    """Something rights are given to. ``group`` is where the matrix shows it."""

    key: str
    label: str | Promise
    actions: tuple[str, ...]
    group: str = "company"
    module: str = ""  # without it nobody has these rights


GROUPS: tuple[tuple[str, str | Promise], ...] = (
    ("customers", _("Customers")),
    ("sales", _("Sales")),
    ("catalogue", _("Catalogue and stock")),
    ("work", _("The day")),
    ("data", _("Data")),
    ("company", _("Company")),
)
ACTION_LABELS: dict[str, str | Promise] = {
    "view": _("see"), "create": _("create"), "edit": _("edit"), "delete": _("delete"),
    "export": _("export"), "change": pgettext_lazy("right", "change"), "issue": _("issue"),
    "send": _("send"), "cancel": _("cancel"), "approve": _("approve"), "use": _("use"),
    "merge": pgettext_lazy("right", "merge"),
    "resolve": _("decide"), "share": _("share"), "vip": _("see details of VIP customers"),
    "cost": _("see cost and margin"),
}  # fmt: skip

_TABLE = (
    Object("counterparties", _("Counterparties"), (*ROW_ACTIONS, "vip"), "customers"),
    Object("requests", _("Requests and complaints"), ROW_ACTIONS, "customers", "service"),
    Object("portal", _("Customers' own page"), ("view", "change"), "customers"),
    Object("duplicates", _("Duplicates"), ("view", "merge"), "customers", "duplicates"),
    Object("deals", _("Deals"), ROW_ACTIONS, "sales", "deals"),
    Object("quotations", _("Quotations"), (*ROW_ACTIONS, "approve"), "sales", "deals"),
    Object("pipelines", _("Pipelines"), ("change",), "sales", "deals"),
    Object(
        "invoices", _("Invoices"),
        ("view", "create", "edit", "export", "issue", "send", "cancel"), "sales",
    ),
    Object("payments", _("Payments"), ("view", "edit", "export"), "sales"),
    Object("till", _("Point of sale"), ("use",), "sales", "till"),
    Object("reports", _("Reports"), ("view", "export", "cost"), "sales"),
    Object("products", _("Products and prices"), ROW_ACTIONS, "catalogue"),
    Object("stock", _("Stock"), ("view", "export"), "catalogue"),
    Object("activities", _("Tasks, calls and meetings"), ROW_ACTIONS, "work", "activities"),
    Object("team", _("The team's week"), ("view",), "work", "activities"),
    Object("notifications", _("Notices"), ("view",), "work"),
    Object("views", _("Saved views"), ("share",), "work"),
    Object("history", _("Change history"), ("view",), "data"),
    Object("imports", _("Import"), ("view", "change"), "data", "imports"),
    Object("trash", _("Trash"), ("view", "change"), "data"),
    Object("custom_objects", _("Own objects"), ROW_ACTIONS, "data", "customization"),
    Object("organizations", _("Our organizations"), ("view", "change")),
    Object("exchange", _("Exchange with 1C"), ("view", "change"), module="exchange"),
    Object("offices", _("Offices"), ("view", "change"), module="offices"),
    Object("conflicts", _("Conflicts"), ("view", "resolve"), module="offices"),
    Object("people", _("People"), ("view", "change")),
    Object("roles", _("Roles and teams"), ("view", "change")),
    Object("security", _("Security log"), ("view",)),
    Object("settings", _("Settings"), ("view", "change")),
    Object("customization", _("Own fields"), ("change",), module="customization"),
    Object("api", _("API"), ("use", "change"), module="api"),
    Object("webhooks", _("Webhooks"), ("view", "change"), module="api"),
)  # fmt: skip
OBJECTS: dict[str, Object] = {each.key: each for each in _TABLE}
ACTIONS: dict[str, tuple[str, ...]] = {each.key: each.actions for each in _TABLE}
# What stands in for an action that is not told apart of an object, the first that it has.
_STANDS_IN: dict[str, tuple[str, ...]] = {
    "change": ("edit",), "create": ("change", "edit"), "edit": ("change",),
    "delete": ("change", "edit"), "export": ("view",),
}  # fmt: skip


def _meant(each: Object) -> dict[str, str]:
    """Return every action that may be asked of an object, with the one that is ticked for it."""
    found = {action: action for action in each.actions}
    for asked, others in _STANDS_IN.items():
        known = next((one for one in others if one in each.actions), None)
        if asked not in found and known:
            found[asked] = known
    return found


_MEANT: dict[str, str] = {
    f"{each.key}.{asked}": f"{each.key}.{ticked}"
    for each in _TABLE
    for asked, ticked in _meant(each).items()
}
ALL_RIGHTS: frozenset[str] = frozenset(_MEANT)  # those that stand in for others included

_SELLS = frozenset(
    {
        "counterparties.view", "counterparties.create", "counterparties.edit",
        "counterparties.delete", "counterparties.export", "requests.view", "requests.create",
        "requests.edit", "requests.delete", "requests.export", "duplicates.view",
        "duplicates.merge", "deals.view", "deals.create", "deals.edit", "deals.delete",
        "deals.export", "quotations.view", "quotations.create", "quotations.edit",
        "quotations.delete", "quotations.export", "invoices.view", "invoices.create",
        "invoices.edit", "invoices.export", "invoices.issue", "invoices.send", "invoices.cancel",
        "payments.view", "payments.edit", "payments.export", "till.use", "products.view",
        "products.export",
        "stock.view", "stock.export", "activities.view", "activities.create", "activities.edit",
        "activities.delete", "activities.export", "team.view", "notifications.view",
        "views.share", "history.view", "custom_objects.view", "custom_objects.create",
        "custom_objects.edit", "custom_objects.delete", "custom_objects.export", "imports.view",
        "imports.change", "trash.view", "trash.change", "organizations.view", "conflicts.view",
        "conflicts.resolve", "api.use", "reports.view", "reports.export",
        "portal.view", "portal.change",
    }
)  # fmt: skip
_COUNTS = frozenset(
    {
        "counterparties.view", "counterparties.export", "requests.view", "deals.view",
        "quotations.view", "invoices.view", "invoices.export", "payments.view", "payments.edit",
        "payments.export",
        "products.view", "products.export", "stock.view", "stock.export", "activities.view",
        "activities.create", "activities.edit", "activities.delete", "notifications.view",
        "custom_objects.view", "history.view", "organizations.view", "exchange.view", "api.use",
        "reports.view", "reports.export", "reports.cost",
    }
)  # fmt: skip
# What a head of sales does for the team alone; everything else a manager does is the head's, too.
_OF_TEAM = ("counterparties", "requests", "deals", "quotations", "invoices", "activities")


def _everything() -> dict[str, Scope]:
    return {f"{each.key}.{a}": Scope.ALL for each in OBJECTS.values() for a in each.actions}


def _of_head() -> dict[str, Scope]:
    also = {"quotations.approve", "counterparties.vip", "people.view", "pipelines.change",
            "reports.cost"}  # fmt: skip
    return {
        right: Scope.TEAM if right.partition(".")[0] in _OF_TEAM else Scope.ALL
        for right in sorted(_SELLS | also)
    }


DEFAULTS: dict[str, Mapping[str, Scope]] = {
    Role.OWNER: _everything(),
    Role.ADMINISTRATOR: _everything(),
    Role.HEAD: _of_head(),
    Role.MANAGER: dict.fromkeys(sorted(_SELLS), Scope.ALL),
    Role.ACCOUNTANT: dict.fromkeys(sorted(_COUNTS), Scope.ALL),
}
UNTOUCHABLE = frozenset({Role.OWNER, Role.ADMINISTRATOR})  # may do everything, whatever is ticked


def plain(right: str) -> str:
    """Return the right that is ticked for one that may be asked: to change rows is to edit them.

    :raises KeyError: there is no such right, so the code that asks is wrong.
    """
    return _MEANT[right]


def right_label(right: str) -> str:
    """Return a right in words: «Invoices: cancel»."""
    name, _dot, action = plain(right).partition(".")
    return f"{OBJECTS[name].label}: {ACTION_LABELS[action]}"
