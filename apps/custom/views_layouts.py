"""Screens on which administrators arrange cards and menus, for everybody or for one role.

Every button posts the whole arrangement as it stands on the page, so that nothing of it is lost and
the page works without its script; ``do`` says what is done with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts.models import User
from apps.accounts.rights import can, needs
from apps.accounts.roles import role_choices
from apps.core import navigation, objects
from apps.core.objects import ObjectKind
from apps.custom import layouts, menus, own_arrangement
from apps.custom.layouts import GROUP, HIDDEN, LEFT, RIGHT, TAB, Layout, Part, Tab


@require_http_methods(["GET", "POST"])
@needs("customization.change")
def layout(request: HttpRequest, kind: str) -> HttpResponse:
    """Arrange the card of a kind; ``?role=`` for one role."""
    found = _kind(kind)
    role = _role(request)
    user = cast(User, request.user)
    here = _here(reverse("custom:layout", args=[kind]), role)
    if request.method == "POST" and request.POST.get("do") == "reset":
        layouts.reset_layout(kind=found, role=role, by=user)
        messages.success(request, _("The card is as it was before it was arranged."))
        return redirect(here)
    stands = layouts.stored_layout(found, role)
    if request.method == "POST":
        wanted, problem = _done(_posted(request, found, stands), request)
        if problem:
            messages.error(request, problem)
        else:
            layouts.save_layout(kind=found, role=role, layout=wanted, by=user)
            messages.success(request, _("The card is arranged; it counts from the next page."))
        return redirect(here)
    context = _of_layout(found, stands) | {"role": role, "roles": role_choices()}
    return render(request, "custom/layout.html", context)


@require_http_methods(["GET", "POST"])
@needs("customization.change")
def menu(request: HttpRequest) -> HttpResponse:
    """Arrange the side bar; ``?role=`` for one role."""
    role = _role(request)
    user = cast(User, request.user)
    here = _here(reverse("custom:menu"), role)
    if request.method == "POST":
        if request.POST.get("do") == "reset":
            menus.reset_menu(role=role, by=user)
        else:
            menus.save_menu(role=role, entries=_entries(request), by=user)
        messages.success(request, _("The menu is arranged; it counts from the next page."))
        return redirect(here)
    stands = menus.stored_menu(role)
    found = navigation.in_order(navigation.items(), stands)
    context = {
        "role": role, "roles": role_choices(), "hidden": stands.hidden,
        "lists": [
            (_("Daily work"), [each for each in found if not each.group]),
            (_("Settings"), [each for each in found if each.group]),
        ],
    }  # fmt: skip
    return render(request, "custom/menu.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def my_menu(request: HttpRequest) -> HttpResponse:
    """Arrange one's own side bar; the cards one may arrange for oneself are named beside it."""
    user = cast(User, request.user)
    if request.method == "POST":
        if request.POST.get("do") == "reset":
            own_arrangement.forget(user, own_arrangement.MENU)
        else:
            own_arrangement.save_menu(user, _entries(request))
        messages.success(request, _("The menu is arranged; it counts from the next page."))
        return redirect("custom:my_menu")
    stands = own_arrangement.stored_menu(user)
    seen = {link.item.key for link in navigation.links(path="", allowed=_allowed(user))}
    found = [
        each for each in navigation.in_order(navigation.items(), stands) if each.key in seen
    ]
    context = {
        "is_mine": True, "hidden": stands.hidden,
        "cards": [each for each in layouts.arranged_kinds() if _may_see(user, each)],
        "lists": [
            (title, entries) for title, entries in (
                (_("Daily work"), [each for each in found if not each.group]),
                (_("Settings"), [each for each in found if each.group]),
            ) if entries
        ],
    }  # fmt: skip
    return render(request, "custom/menu.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def my_layout(request: HttpRequest, kind: str) -> HttpResponse:
    """Arrange the card of a kind for oneself."""
    found, user = _kind(kind), cast(User, request.user)
    if not _may_see(user, found):
        raise Http404(kind[:60])
    here = reverse("custom:my_layout", args=[kind])
    if request.method == "POST" and request.POST.get("do") == "reset":
        own_arrangement.forget(user, f"{own_arrangement.CARD}{kind}")
        messages.success(request, _("The card is as it was before it was arranged."))
        return redirect(here)
    stands = own_arrangement.stored_layout(user, found)
    if request.method == "POST":
        wanted, problem = _done(_posted(request, found, stands), request)
        if problem:
            messages.error(request, problem)
        else:
            own_arrangement.save_layout(user, found, wanted)
            messages.success(request, _("The card is arranged; it counts from the next page."))
        return redirect(here)
    return render(request, "custom/layout.html", _of_layout(found, stands) | {"is_mine": True})


def _may_see(user: User, kind: ObjectKind) -> bool:
    return can(user, f"{kind.right_object}.view")


def _allowed(user: User) -> Any:
    return lambda right: can(user, right)


def _of_layout(kind: ObjectKind, stands: Layout) -> dict[str, Any]:
    return {
        "kind": kind, "layout": stands,
        "places": _places(stands), "offered": objects.fields_of(kind),
        "own_tabs": {tab.key for tab in stands.tabs} - {tab.key for tab in stands.card.tabs()},
        "groups": [part for part in stands.parts if part.is_group],
    }  # fmt: skip


# What is posted -----------------------------------------------------------------------------------


def _posted(request: HttpRequest, kind: ObjectKind, stands: Layout) -> Layout:
    """Return the arrangement that the page holds; what it cannot know stays as it stands."""
    post = request.POST
    labels = {tab.key: str(tab.label) for tab in stands.tabs}
    tabs = [
        Tab(key, post.get(f"tab_label:{key}", "").strip()[: layouts.LONGEST_LABEL] or labels[key])
        for key in dict.fromkeys(post.getlist("tab")) if key in labels
    ]  # fmt: skip
    tabs += [tab for tab in stands.tabs if tab.key not in {each.key for each in tabs}]
    known = {part.key: part for part in stands.parts}
    keys = [key for key in dict.fromkeys(post.getlist("part")) if key in known]
    keys += [key for key in known if key not in keys]
    parts = [_group(request, kind, known[key]) if known[key].is_group else known[key]
             for key in keys]  # fmt: skip
    allowed = {key for key, _label in _names_of_places(replace(stands, tabs=tabs))}
    places = {}
    for key in keys:
        place = post.get(f"place:{key}", "")
        places[key] = place if place in allowed else stands.places[key]
    return replace(stands, tabs=tabs, parts=parts, places=places)


def _group(request: HttpRequest, kind: ObjectKind, part: Part) -> Part:
    """Return a group as the page names it: its fields in the order in which they were put."""
    if f"group_label:{part.key}" not in request.POST:
        return part
    offered = {each.key for each in objects.fields_of(kind)}
    chosen = request.POST.getlist(f"group_field:{part.key}")
    fields = [key for key in dict.fromkeys(chosen) if key in offered][: layouts.MOST_FIELDS]
    label = request.POST[f"group_label:{part.key}"].strip()[: layouts.LONGEST_LABEL]
    return replace(part, label=label or part.label, fields=tuple(fields))


def _done(layout: Layout, request: HttpRequest) -> tuple[Layout, str]:
    """Return the arrangement with what a button asks for done, or why it cannot be."""
    do, _colon, key = request.POST.get("do", "save").partition(":")
    name = request.POST.get("name", "").strip()[: layouts.LONGEST_LABEL]
    if do in ("up", "down") and key in layout.places:
        return replace(layout, parts=_moved(layout, key, do)), ""
    keys = [tab.key for tab in layout.tabs]
    if do in ("tab_up", "tab_down") and key in keys:
        return replace(layout, tabs=_swapped(layout.tabs, keys, key, do)), ""
    if do == "add_tab":
        return _with_tab(layout, name)
    if do == "remove_tab":
        return _without_tab(layout, key)
    if do == "add_group":
        return _with_group(layout, name)
    if do == "remove_group":
        parts = [part for part in layout.parts if part.key != key or not part.is_group]
        return replace(layout, parts=parts), ""
    return layout, ""


def _with_tab(layout: Layout, name: str) -> tuple[Layout, str]:
    if not name:
        return layout, _("A tab has a name.")
    if len(layout.tabs) >= layouts.MOST_TABS:
        return layout, _("A card has at most %(most)d tabs.") % {"most": layouts.MOST_TABS}
    taken = {tab.key for tab in layout.tabs}
    key = next(f"t{number}" for number in range(1, 100) if f"t{number}" not in taken)
    return replace(layout, tabs=[*layout.tabs, Tab(key, name)]), ""


def _without_tab(layout: Layout, key: str) -> tuple[Layout, str]:
    """Take an own tab away; what stood in it stands in the first one."""
    if key in {tab.key for tab in layout.card.tabs()}:
        return layout, _("This tab belongs to the card. Leave it empty, and it is not shown.")
    tabs = [tab for tab in layout.tabs if tab.key != key]
    first = f"{TAB}{tabs[0].key}"
    places = {
        part: first if place == f"{TAB}{key}" else place for part, place in layout.places.items()
    }
    return replace(layout, tabs=tabs, places=places), ""


def _with_group(layout: Layout, name: str) -> tuple[Layout, str]:
    if not name:
        return layout, _("A group of fields has a name.")
    if sum(part.is_group for part in layout.parts) >= layouts.MOST_GROUPS:
        return layout, _("A card has at most %(most)d groups.") % {"most": layouts.MOST_GROUPS}
    taken = {part.key for part in layout.parts}
    number = next(each for each in range(1, 100) if f"{GROUP}g{each}" not in taken)
    part = Part(f"{GROUP}g{number}", name, RIGHT, "custom/_group.html")
    places = {**layout.places, part.key: f"{TAB}{layout.tabs[0].key}"}
    return replace(layout, parts=[*layout.parts, part], places=places), ""


def _moved(layout: Layout, key: str, way: str) -> list[Part]:
    """Return the parts with one moved a place up or down among those of its column or tab."""
    keys = [part.key for part in layout.parts]
    beside = [each for each in keys if layout.places[each] == layout.places[key]]
    place = beside.index(key) + (-1 if way == "up" else 1)
    if not 0 <= place < len(beside):
        return list(layout.parts)
    first, second = keys.index(key), keys.index(beside[place])
    keys[first], keys[second] = keys[second], keys[first]
    known = {part.key: part for part in layout.parts}
    return [known[each] for each in keys]


def _swapped(rows: Sequence[Any], keys: list[str], key: str, way: str) -> list[Any]:
    found = list(rows)
    place = keys.index(key)
    other = place + (-1 if way.endswith("up") else 1)
    if 0 <= other < len(found):
        found[place], found[other] = found[other], found[place]
    return found


def _entries(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the entries of the menu as the page holds them, with one moved if that is asked."""
    known = {item.key for item in navigation.items()}
    keys = [key for key in dict.fromkeys(request.POST.getlist("entry")) if key in known]
    do, _colon, key = request.POST.get("do", "save").partition(":")
    if do in ("up", "down") and key in keys:
        groups = {item.key: item.group for item in navigation.items()}
        beside = [each for each in keys if groups[each] == groups[key]]
        place = beside.index(key) + (-1 if do == "up" else 1)
        if 0 <= place < len(beside):
            first, second = keys.index(key), keys.index(beside[place])
            keys[first], keys[second] = keys[second], keys[first]
    shown = set(request.POST.getlist("shown"))
    return [{"key": key, "is_hidden": key not in shown} for key in keys]


# What the pages show ------------------------------------------------------------------------------


def _places(layout: Layout) -> list[tuple[str, str, list[Part]]]:
    """Return columns and tabs with their parts, as (key, name, parts)."""
    return [(key, name, layout.at(key)) for key, name in _names_of_places(layout)]


def _names_of_places(layout: Layout) -> list[tuple[str, str]]:
    columns = {LEFT: _("Left column"), RIGHT: _("Right column")}
    found = [(LEFT, columns[LEFT])] if LEFT in layout.card.columns else []
    found += [
        (f"{TAB}{tab.key}", _("Tab “%(name)s”") % {"name": tab.label}) for tab in layout.tabs
    ]
    found += [(RIGHT, columns[RIGHT])] if RIGHT in layout.card.columns else []
    return [*found, (HIDDEN, _("Not shown"))]


def _kind(key: str) -> ObjectKind:
    try:
        found = objects.kind(key)
    except KeyError:
        raise Http404(key[:60]) from None
    if layouts.card_of(found) is None:
        raise Http404(key[:60])
    return found


def _role(request: HttpRequest) -> str:
    """Return the role that the address names; ``""`` for everybody.

    :raises Http404: there is no such role.
    """
    role = request.GET.get("role", "")
    if role and role not in dict(role_choices()):
        raise Http404(role[:40])
    return role


def _here(path: str, role: str) -> str:
    return f"{path}?{urlencode({'role': role})}" if role else path
