"""What stands in the security log, in the words of whoever reads it.

A line keeps names and codes as they were written down: ``activities.create=own``, the key of a
list, the key of a row. Here they become words; what has none is left out rather than shown raw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.apps import apps
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import FieldAccess, Role, Scope, User
from apps.accounts.modules import MODULES
from apps.accounts.rights.matrix import ACTION_LABELS, OBJECTS
from apps.accounts.roles import scope_word
from apps.core import naming, objects
from apps.core.lists.screen import title_of
from apps.core.models import Every
from replication.models import BranchNode
from tenants.audit.models import SecurityEvent

SHOWN = 6  # values of one kind; of the rest their number is said
# How the values of a line are called, in the order in which they are told; others are not shown.
LABELS: dict[str, Promise] = {
    "mailbox": _("mailbox"),
    "subject": _("About"), "object": _("About"), "table": _("About"), "kinds": _("About"),
    "role": _("Role"), "team": _("Team"), "list": _("List"), "form": _("Form"),
    "customer": _("Customer"), "person": _("Person"), "office": _("Office"), "name": _("Name"),
    "url": _("Address"), "key": _("Key"), "file": _("File"), "rights": _("Rights"),
    "scopes": _("What it may"), "fields": _("Fields"), "columns": _("Columns"),
    "asked": _("Narrowed by"), "every": _("How often"), "active": _("May sign in"),
    "changed": _("Modules"), "off": _("Switched off"), "people": _("People"),
    "rows": _("Rows"), "lines": _("Lines"), "count": pgettext_lazy("of rows", "Number"),
    "rules": _("After months"), "until": _("Older than"), "tries": _("Tries"), "by": _("By"),
}  # fmt: skip
_SUBJECTS = ("counterparties", "contacts")  # whose personal data is taken out or erased


def names_in(events: Iterable[SecurityEvent]) -> dict[str, str]:
    """Return the names of the rows that lines name by their keys, few queries for all lines."""
    asked: dict[str, set[UUID]] = {"office": set(), "subject": set(), "person": set()}
    for event in events:
        for name, value in (event.detail or {}).items():
            place = "person" if name in ("by", "person") else name
            if place in asked and (key := _uuid(value)):
                asked[place].add(key)
    found: dict[Any, str] = {}
    if asked["person"]:
        found |= naming.names_of(User, asked["person"])
    if asked["office"]:
        found |= naming.names_of(BranchNode, asked["office"])
    for kind in _SUBJECTS if asked["subject"] else ():
        if (known := objects.room_kind(kind)) is not None:
            found |= naming.names_of(known.model, asked["subject"])
    return {str(key): name for key, name in found.items()}


def detail(event: SecurityEvent, names: Mapping[str, str]) -> str:
    """Return the values of a line as words; ``names`` are those of ``names_in``."""
    told = event.detail or {}
    said = []
    for name, label in LABELS.items():
        value = told.get(name)
        text = "" if value in ("", None, [], {}) else _value(name, value, told, names)
        if text:
            said.append(f"{label}: {text}")
    return " · ".join(said)


def _value(name: str, value: Any, told: Mapping[str, Any], names: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        say = _OF_MANY.get(name, _as_it_is)
        return _listed([said for each in value if (said := say(str(each), told))])
    text = str(value)
    if _uuid(text):
        return names.get(text, "")
    return _OF_ONE[name](text) if name in _OF_ONE else text


def _as_it_is(text: str, _told: Mapping[str, Any]) -> str:
    return text


def _listed(said: Sequence[str]) -> str:
    rest = len(said) - SHOWN
    shown = ", ".join(said[:SHOWN])
    if rest <= 0:
        return shown
    more = ngettext("and %(count)d more", "and %(count)d more", rest) % {"count": rest}
    return f"{shown} {more}"


def _right(text: str, _told: Mapping[str, Any]) -> str:
    """``activities.create=own`` → «Tasks, calls and meetings: create (own)»."""
    name, _is, scope = text.partition("=")
    key, _point, action = name.partition(".")
    known = OBJECTS.get(key)
    if known is None:
        return ""
    word = scope_word(key, Scope[scope.upper()]) if scope.upper() in Scope.__members__ else ""
    return f"{known.label}: {ACTION_LABELS.get(action, '')} ({word})"


def _field(text: str, told: Mapping[str, Any]) -> str:
    """``counterparties.phone=hidden`` of a role, or the key of a field of a form."""
    name, _is, how = text.partition("=")
    kind, point, key = name.partition(".")
    if not point:
        return _field_label("counterparties", name)
    word = FieldAccess(how).label if how in FieldAccess.values else gettext("shown")
    return f"{_kind(kind)}: {_field_label(kind, key)} ({word})"


def _column(text: str, told: Mapping[str, Any]) -> str:
    return _field_label(str(told.get("list", "")), text)


def _field_label(kind: str, key: str) -> str:
    """Return how a field is called; heads of tables are words already."""
    known = objects.room_kind(kind)
    fields = {each.key: each.label for each in known.fields} if known is not None else {}
    return str(fields.get(key, key if not key.islower() or " " in key else ""))


def _scope(text: str, _told: Mapping[str, Any]) -> str:
    """``deals:write`` → «Deals: change»."""
    kind, _point, way = text.partition(":")
    label = _kind(kind) or gettext("everything")
    return f"{label}: {gettext('change') if way == 'write' else gettext('see')}"


def _kind(key: str) -> str:
    try:
        return str(objects.kind(key).label_plural)
    except KeyError:
        return ""


def _module(text: str, _told: Mapping[str, Any]) -> str:
    return str(MODULES[text].label) if text in MODULES else ""


def _role(text: str) -> str:
    if text == "*":
        return gettext("Everybody")
    return str(Role(text).label) if text in Role.values else text


def _asked(text: str) -> str:
    """What a list was narrowed by: the words that were searched, and the number of filters."""
    asked = QueryDict(text)
    said = [f"“{asked['q']}”"] if asked.get("q") else []
    filters = len([key for key, value in asked.items() if value and key not in _NO_FILTERS])
    if filters:
        said.append(ngettext("%(count)d filter", "%(count)d filters", filters) % {"count": filters})
    return ", ".join(said)


def _table(text: str) -> str:
    found = (each for each in apps.get_models() if each._meta.db_table == text)
    model = next(found, None)
    return naming.kind_name(model) if model is not None else ""


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) and len(value) == 36 else None
    except ValueError:
        return None


_NO_FILTERS = {"q", "part", "sort", "columns", "after", "before", "kind", "group", "view", "cols"}
_OF_MANY: dict[str, Callable[[str, Mapping[str, Any]], str]] = {
    "rights": _right, "fields": _field, "columns": _column, "scopes": _scope,
    "changed": _module, "off": _module, "kinds": lambda each, _told: _kind(each),
}  # fmt: skip
_OF_ONE: dict[str, Callable[[str], str]] = {
    "role": _role, "list": title_of, "asked": _asked, "table": _table, "object": _kind,
    "until": lambda each: date_format(date.fromisoformat(each)),
    "every": lambda each: str(Every(each).label) if each in Every.values else "",
}  # fmt: skip
