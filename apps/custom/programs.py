"""Own fields, own objects, cards and menus as programs read and write them.

Whoever may arrange the program may; what is said of a field goes through its form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.accounts.rights import can
from apps.accounts.roles import role_choices
from apps.core import navigation, objects
from apps.core.entering import entered, merged, unchanged
from apps.core.lists import conditions
from apps.core.objects import Action, Document, Field, ObjectKind, Refused
from apps.custom import layouts, menus, own_arrangement, services
from apps.custom.forms import ICONS, FieldForm, ObjectForm
from apps.custom.layouts import GROUP, HIDDEN, TAB, Layout, Part, Tab
from apps.custom.models import CardLayout, CustomField, CustomObject, CustomType, MenuLayout

RIGHT = "customization.change"
_RIGHTS = {"view": RIGHT, "change": RIGHT}
_SAID = (
    "label", "type", "related", "formula", "shown", "rows", "how", "measure", "only", "operator",
    "value", "name_1c", "help", "default", "is_required", "is_unique", "key",
)  # fmt: skip


def _extensible() -> list[tuple[str, Any]]:
    return [(kind.key, kind.label_plural) for kind in objects.kinds() if kind.is_extensible]


# Own fields ---------------------------------------------------------------------------------------


def save_field(
    *, values: Mapping[str, Any], by: Any, key: UUID | None = None, seen: datetime | None = None
) -> CustomField:
    """Add a field to a kind, or change one; its kind, key and type stay.

    :raises Refused: with sentences by field.
    :raises ChangedMeanwhile: the row is newer than ``seen``.
    """
    row = unchanged(CustomField, key, seen) if key is not None else None
    kind = _kind_of(row.kind if row is not None else values.get("kind", ""))
    stands = dict(FieldForm(kind=kind, row=row).initial)
    if "default" in values and values["default"] is None:
        values = {**values, "default": ""}
    given = {name: value for name, value in values.items() if name in _SAID}
    if "choices" in values:
        given["choices"] = "\n".join(str(each.get("label", "")) for each in values["choices"])
    form = FieldForm(merged(stands, given), kind=kind, row=row)
    entered(form)
    if given.get("name_1c") and "name_1c" not in form.fields:
        raise Refused({"name_1c": [_("1C does not know fields of this kind or type.")]})
    if row is None:
        return services.add_field(kind=kind.key, values=form.values())
    return services.change_field(field_id=row.pk, values=form.values())


def _kind_of(key: str) -> ObjectKind:
    kind: ObjectKind | None
    try:
        kind = objects.kind(key)
    except KeyError:
        kind = None
    if kind is None or not kind.is_extensible:
        raise Refused({"kind": [_("Name a kind that takes fields of your own.")]})
    return kind


def _retire_field(*, key: UUID, by: Any) -> None:
    services.retire_field(field_id=key, is_archived=True)


def _bring_field_back(*, key: UUID, values: Mapping[str, Any], by: Any) -> None:
    services.retire_field(field_id=key, is_archived=False)


def _move_field(*, key: UUID, values: Mapping[str, Any], by: Any) -> None:
    """Put a field at a place among those of its kind; the first is 1."""
    row = CustomField.objects.get(pk=key)
    place = values.get("place")
    if place is None or place != int(place) or place < 1:
        raise Refused({"place": [_("The place is a whole number; the first is 1.")]})
    mine = CustomField.objects.filter(kind=row.kind, is_archived=False).exclude(pk=key)
    keys = list(mine.values_list("pk", flat=True))
    keys.insert(int(place) - 1, key)
    services.order_fields(kind=row.kind, keys=keys)


def _of_recipe(name: str) -> Any:
    """Return what reads of a computed field one of the values it is made of."""
    return lambda row: _told(row).get(name, "")


def _told(row: CustomField) -> dict[str, str]:
    """Return what a computed field is made of, everything named by its key."""
    recipe = row.recipe
    if row.type == CustomType.FORMULA:
        return {"formula": recipe.get("formula", "")}
    if row.type == CustomType.LOOKUP:
        return {"shown": f"{recipe['through']}.{recipe['field']}"}
    if row.type != CustomType.ROLLUP:
        return {}
    of = recipe["kind"]
    key, operator, *values = recipe.get("only") or ("", "")
    takes = conditions.OPERATORS[operator].takes if operator else "one"
    return {
        "rows": f"{of}.{recipe['through']}", "how": recipe["how"],
        "measure": f"{of}.{recipe['field']}" if "field" in recipe else "",
        "only": f"{of}.{key}" if key else "", "operator": operator,
        "value": ("; " if takes == "two" else ", ").join(values),
    }  # fmt: skip


objects.register_for_programs(
    ObjectKind(
        key="own_fields", label=gettext_lazy("Own field"), label_plural=gettext_lazy("Own fields"),
        icon="adjustments", model=CustomField, rights_to=_RIGHTS, is_of_centre=True,
        save=save_field, remove=_retire_field,
        fields=(
            Field("kind", gettext_lazy("Object"), "choice", choices=_extensible, is_required=True,
                  is_writable=False, is_of_new=True),
            Field("key", gettext_lazy("Key"), is_writable=False, is_of_new=True),
            Field("label", gettext_lazy("Name"), is_required=True),
            Field("type", gettext_lazy("Type"), "choice", choices=CustomType.choices,
                  is_required=True, is_writable=False, is_of_new=True),
            Field("related", gettext_lazy("Which object"), is_writable=False, is_of_new=True),
            Field("choices", gettext_lazy("Choices"), "rows", is_filterable=False,
                  read=lambda row: [{"value": v, "label": label} for v, label in row.choices],
                  parts=(Field("value", gettext_lazy("Value"), is_writable=False),
                         Field("label", gettext_lazy("Name")))),
            Field("default", gettext_lazy("Value of new rows"), is_filterable=False,
                  read=lambda row: "" if row.default is None else str(row.default)),
            *(
                Field(name, label, "long_text", read=_of_recipe(name), is_filterable=False)
                for name, label in (
                    ("formula", gettext_lazy("Formula")),
                    ("shown", gettext_lazy("Which field of which object")),
                    ("rows", gettext_lazy("Rows that lead here")),
                    ("how", gettext_lazy("How the figure is made")),
                    ("measure", gettext_lazy("Of which field")),
                    ("only", gettext_lazy("Only rows whose field")),
                    ("operator", gettext_lazy("Comparison")),
                    ("value", gettext_lazy("Value")),
                )
            ),
            Field("name_1c", gettext_lazy("Name in 1C")),
            Field("help", gettext_lazy("Explanation")),
            Field("is_required", gettext_lazy("Required"), "boolean"),
            Field("is_unique", gettext_lazy("No two rows with the same value"), "boolean"),
            Field("position", gettext_lazy("Position"), "number", is_writable=False),
            Field("is_archived", gettext_lazy("archived"), "boolean", is_writable=False),
            Field("updated_at", gettext_lazy("changed"), "moment", is_writable=False),
        ),
        actions=(
            Action("bring-back", gettext_lazy("Bring back into use"), RIGHT, _bring_field_back),
            Action("move", gettext_lazy("Move"), RIGHT, _move_field,
                   (Field("place", gettext_lazy("Place"), "number", is_required=True),)),
        ),
    )
)  # fmt: skip


# Own objects --------------------------------------------------------------------------------------


def save_object(
    *, values: Mapping[str, Any], by: Any, key: UUID | None = None, seen: datetime | None = None
) -> CustomObject:
    """Make a kind of the company's own, or change what it is called; its key stays.

    :raises Refused: with sentences by field.
    :raises ChangedMeanwhile: the row is newer than ``seen``.
    """
    row = unchanged(CustomObject, key, seen) if key is not None else CustomObject()
    stands = {name: getattr(row, name) for name in ObjectForm.base_fields}
    told = entered(ObjectForm(merged(stands, values)))
    return services.save_object(values=told, object_id=key)


def _retire_object(*, key: UUID, by: Any) -> None:
    services.retire_object(object_id=key, is_archived=True)


def _bring_object_back(*, key: UUID, values: Mapping[str, Any], by: Any) -> None:
    services.retire_object(object_id=key, is_archived=False)


objects.register_for_programs(
    ObjectKind(
        key="own_objects", label=gettext_lazy("Own object"),
        label_plural=gettext_lazy("Own objects"), icon="adjustments", model=CustomObject,
        rights_to=_RIGHTS, is_of_centre=True, save=save_object, remove=_retire_object,
        fields=(
            Field("key", gettext_lazy("Key"), is_writable=False),
            Field("label", gettext_lazy("Name of one"), is_required=True),
            Field("label_plural", gettext_lazy("Name of many"), is_required=True),
            Field("icon", gettext_lazy("Icon"), "choice", choices=list(ICONS.items())),
            Field("has_counterparty", gettext_lazy("Belongs to a counterparty"), "boolean"),
            Field("directory_1c", gettext_lazy("Directory of 1C")),
            Field("is_archived", gettext_lazy("archived"), "boolean", is_writable=False),
            Field("updated_at", gettext_lazy("changed"), "moment", is_writable=False),
        ),
        actions=(
            Action("bring-back", gettext_lazy("Bring back into use"), RIGHT, _bring_object_back),
        ),
    )
)  # fmt: skip


# Cards --------------------------------------------------------------------------------------------

_TAB_PARTS = (Field("key", gettext_lazy("Key")), Field("label", gettext_lazy("Name")))
_GROUP_PARTS = (
    Field("key", gettext_lazy("Key")), Field("label", gettext_lazy("Name")),
    Field("fields", gettext_lazy("Fields"), help=gettext_lazy("Keys of fields, parted by commas.")),
)  # fmt: skip
_PART_PARTS = (
    Field("key", gettext_lazy("Key")),
    Field("place", gettext_lazy("Place"),
          help=gettext_lazy("left, right, hidden, or tab: with the key of the tab.")),
)  # fmt: skip


def _arrangeable() -> list[tuple[str, Any]]:
    return [(kind.key, kind.label_plural) for kind in layouts.arranged_kinds()]


def save_layout(
    *, values: Mapping[str, Any], by: Any, key: UUID | None = None, seen: datetime | None = None
) -> CardLayout:
    """Arrange the card of a kind for a role, or for everybody; there is one for each.

    :raises Refused: with sentences by field.
    :raises ChangedMeanwhile: the row is newer than ``seen``.
    """
    row = unchanged(CardLayout, key, seen) if key is not None else None
    name, role = (row.kind, row.role) if row is not None else (
        values.get("kind", ""), values.get("role") or ""
    )  # fmt: skip
    if row is None and CardLayout.objects.filter(kind=name, role=role).exists():
        raise Refused({"role": [_("This card is arranged for this role: change that.")]})
    try:
        kind = objects.kind(name)
        stands = layouts.stored_layout(kind, role)
    except KeyError:
        raise Refused({"kind": [_("The card of this kind is not arranged.")]}) from None
    wanted = _arranged(kind, stands, values)
    return layouts.save_layout(kind=kind, role=role, layout=wanted, by=by)


def _arranged(kind: ObjectKind, stands: Layout, values: Mapping[str, Any]) -> Layout:
    """Return an arrangement with what is named of it; what is not named follows.

    :raises Refused: with sentences by field.
    """
    own = {tab.key for tab in stands.card.tabs()}
    labels = {tab.key: str(tab.label) for tab in stands.tabs}
    tabs = list(stands.tabs)
    if "tabs" in values:
        named = [(_key(each, "tabs"), _label(each)) for each in values["tabs"]]
        tabs = [Tab(key, label or labels.get(key, key)) for key, label in dict(named).items()]
        tabs += [tab for tab in stands.tabs if tab.key in own - {each.key for each in tabs}]
        if len(tabs) > layouts.MOST_TABS:
            text = _("A card has at most %(most)d tabs.") % {"most": layouts.MOST_TABS}
            raise Refused({"tabs": [text]})
    parts = list(stands.parts)
    if "groups" in values:
        groups = _groups(kind, values["groups"], stands)
        parts = [each for each in parts if not each.is_group] + groups
    allowed = {*stands.card.columns, HIDDEN, *(f"{TAB}{tab.key}" for tab in tabs)}
    first = f"{TAB}{tabs[0].key}"
    places = {part.key: stands.places.get(part.key, first) for part in parts}
    places = {key: place if place in allowed else first for key, place in places.items()}
    order: list[str] = []
    for each in values.get("parts", ()):
        key, place = str(each.get("key", "")), str(each.get("place", ""))
        if key not in places or place not in allowed:
            text = _("There is no part “%(part)s”, or no place “%(place)s”.")
            raise Refused({"parts": [text % {"part": key[:60], "place": place[:60]}]})
        places[key] = place
        order.append(key)
    known = {part.key: part for part in parts}
    keys = dict.fromkeys([*order, *known])
    return replace(stands, tabs=tabs, parts=[known[key] for key in keys], places=places)


def _groups(kind: ObjectKind, rows: Sequence[Mapping[str, Any]], stands: Layout) -> list[Part]:
    offered = {each.key for each in objects.fields_of(kind)}
    if len(rows) > layouts.MOST_GROUPS:
        text = _("A card has at most %(most)d groups.") % {"most": layouts.MOST_GROUPS}
        raise Refused({"groups": [text]})
    found = {}
    for row in rows:
        key = f"{GROUP}{_key(row, 'groups')}"
        fields = [each.strip() for each in str(row.get("fields") or "").split(",") if each.strip()]
        if not set(fields) <= offered or len(fields) > layouts.MOST_FIELDS:
            raise Refused({"groups": [_("Name fields of this kind.")]})
        label = _label(row)
        if not label:
            raise Refused({"groups": [_("A group of fields has a name.")]})
        found[key] = Part(key, label, "", "custom/_group.html", tuple(dict.fromkeys(fields)))
    return list(found.values())


def _key(row: Mapping[str, Any], field: str) -> str:
    key = str(row.get("key", ""))
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,30}", key):
        raise Refused({field: [_("A key is made of Latin letters, digits, “-” and “_”.")]})
    return key


def _label(row: Mapping[str, Any]) -> str:
    return str(row.get("label") or "").strip()[: layouts.LONGEST_LABEL]


def _reset_layout(*, key: UUID, by: Any) -> None:
    row = CardLayout.objects.get(pk=key)
    try:
        kind = objects.kind(row.kind)
    except KeyError:
        raise Refused({"": [_("The kind is out of use.")]}) from None
    layouts.reset_layout(kind=kind, role=row.role, by=by)


def _groups_told(row: CardLayout) -> list[dict[str, str]]:
    return [{**each, "fields": ",".join(each["fields"])} for each in row.value.get("groups", ())]


objects.register_for_programs(
    ObjectKind(
        key="card_layouts", label=gettext_lazy("Layout of a card"),
        label_plural=gettext_lazy("Layouts of cards"), icon="adjustments", model=CardLayout,
        rights_to=_RIGHTS, is_of_centre=True, save=save_layout, remove=_reset_layout,
        fields=(
            Field("kind", gettext_lazy("Object"), "choice", choices=_arrangeable,
                  is_required=True, is_writable=False, is_of_new=True),
            Field("role", gettext_lazy("Role"), "choice", choices=role_choices, is_writable=False,
                  is_of_new=True, help=gettext_lazy("Nothing: everybody.")),
            Field("tabs", gettext_lazy("Tabs"), "rows", parts=_TAB_PARTS, is_filterable=False,
                  read=lambda row: row.value.get("tabs", [])),
            Field("groups", gettext_lazy("Groups of fields"), "rows", parts=_GROUP_PARTS,
                  read=_groups_told, is_filterable=False),
            Field("parts", gettext_lazy("Parts"), "rows", parts=_PART_PARTS, is_filterable=False,
                  read=lambda row: row.value.get("parts", [])),
            Field("updated_at", gettext_lazy("changed"), "moment", is_writable=False),
        ),
    )
)  # fmt: skip


# Menus --------------------------------------------------------------------------------------------

_ENTRIES = Field(
    "entries", gettext_lazy("Entries"), "rows", is_filterable=False,
    parts=(Field("key", gettext_lazy("Key")),
           Field("is_hidden", pgettext_lazy("entry of a menu", "left out"), "boolean")),
)  # fmt: skip


def _taken_entries(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the entries as a menu is kept.

    :raises Refused: an entry is none of the side bar's.
    """
    known = {item.key for item in navigation.items()}
    found: dict[str, dict[str, Any]] = {}
    for row in values.get("entries", ()):
        key = str(row.get("key", ""))
        if key not in known:
            text = _("There is no entry “%(key)s”.") % {"key": key[:60]}
            raise Refused({"entries": [text]})
        found[key] = {"key": key, "is_hidden": bool(row.get("is_hidden", False))}
    return list(found.values())


def save_menu(
    *, values: Mapping[str, Any], by: Any, key: UUID | None = None, seen: datetime | None = None
) -> MenuLayout:
    """Arrange the side bar of a role, or everybody's; there is one for each.

    :raises Refused: with sentences by field.
    :raises ChangedMeanwhile: the row is newer than ``seen``.
    """
    row = unchanged(MenuLayout, key, seen) if key is not None else None
    role = row.role if row is not None else values.get("role") or ""
    if row is None and MenuLayout.objects.filter(role=role).exists():
        raise Refused({"role": [_("The menu of this role is arranged: change that.")]})
    entries = _taken_entries(values) if "entries" in values or row is None else row.entries
    return menus.save_menu(role=role, entries=entries, by=by)


def _reset_menu(*, key: UUID, by: Any) -> None:
    menus.reset_menu(role=MenuLayout.objects.get(pk=key).role, by=by)


objects.register_for_programs(
    ObjectKind(
        key="menus", label=gettext_lazy("Menu of a role"),
        label_plural=gettext_lazy("Menus of roles"), icon="adjustments", model=MenuLayout,
        rights_to=_RIGHTS, is_of_centre=True, save=save_menu, remove=_reset_menu,
        fields=(
            Field("role", gettext_lazy("Role"), "choice", choices=role_choices, is_writable=False,
                  is_of_new=True, help=gettext_lazy("Nothing: everybody.")),
            _ENTRIES,
            Field("updated_at", gettext_lazy("changed"), "moment", is_writable=False),
        ),
    )
)  # fmt: skip


def _my_menu(*, by: Any) -> dict[str, Any]:
    """Return one's own side bar in its order."""
    stands = own_arrangement.stored_menu(by)
    seen = {link.item.key for link in navigation.links(path="", allowed=partial(can, by))}
    found = navigation.in_order(navigation.items(), stands)
    return {
        "entries": [
            {"key": each.key, "is_hidden": each.key in stands.hidden}
            for each in found if each.key in seen
        ]
    }  # fmt: skip


def _save_my_menu(*, values: Mapping[str, Any], by: Any) -> None:
    """Keep one's own side bar; no entries at all go back to that of the role."""
    if "entries" not in values:
        return
    entries = _taken_entries(values)
    if entries:
        own_arrangement.save_menu(by, entries)
    else:
        own_arrangement.forget(by, own_arrangement.MENU)


objects.register_document(
    Document(
        key="my_menu", label=gettext_lazy("My menu"),
        rights_to={"view": "api.use", "change": "api.use"}, read=_my_menu, save=_save_my_menu,
        fields=(_ENTRIES,),
    )
)  # fmt: skip
