"""Roles: the list, the matrix of one, two side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts import entering
from apps.accounts import roles as work
from apps.accounts.models import AccessRole, FieldAccess, Role, Scope
from apps.accounts.rights import can, matrix, needs, signed_in
from apps.accounts.rights.matrix import right_label
from apps.core.objects import Refused

_PRESETS = {"own": Scope.OWN, "team": Scope.TEAM, "all": Scope.ALL}


@require_safe
@needs("roles.view")
def role_list(request: HttpRequest) -> HttpResponse:
    """Show every role and how many people have it."""
    context = {"rows": work.all_roles(), "may_change": can(request.user, "roles.change")}
    return render(request, "accounts/roles.html", context)


@require_safe
@needs("roles.view")
def compare(request: HttpRequest) -> HttpResponse:
    """Show two roles side by side; ``?only=other`` what differs."""
    left = _chosen(request.GET.get("left", Role.MANAGER))
    right = _chosen(request.GET.get("right", Role.HEAD))
    only = request.GET.get("only") == "other"
    rows = [each for each in work.compared(left, right) if each.is_other or not only]
    context = {
        "left": left, "right": right, "rows": rows, "only": only, "choices": work.role_choices(),
        "left_value": left.key or str(left.pk), "right_value": right.key or str(right.pk),
    }  # fmt: skip
    return render(request, "accounts/roles_compare.html", context)


@require_http_methods(["GET", "POST"])
@needs("roles.change")
def new(request: HttpRequest) -> HttpResponse:
    """Make a role of the company's own from a built-in one (``?base=``)."""
    asked = (request.POST if request.method == "POST" else request.GET).get("base", "")
    return _edit(request, AccessRole(base=asked if asked in work.CHANGEABLE else Role.MANAGER))


@require_http_methods(["GET", "POST"])
@needs("roles.change")
def built_in(request: HttpRequest, key: str) -> HttpResponse:
    """Tick a built-in role otherwise."""
    if key not in work.CHANGEABLE:
        raise Http404(key)
    return _edit(request, work.built_in(key))


@require_http_methods(["GET", "POST"])
@needs("roles.change")
def role(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tick a role of the company's own."""
    return _edit(request, get_object_or_404(AccessRole, pk=pk))


@require_POST
@needs("roles.change")
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Remove a role nobody has, or bring a built-in one back to what it gave at first."""
    found = get_object_or_404(AccessRole, pk=pk)
    name, is_system = str(found), found.is_system
    try:
        entering.remove_role(role=found, by=signed_in(request))
    except Refused as refused:
        messages.error(request, " ".join(refused.errors[""]))
        return redirect("role", pk)
    if is_system:
        messages.success(request, _("“%(name)s” gives what it gave at first.") % {"name": name})
    else:
        messages.success(request, _("“%(name)s” is removed.") % {"name": name})
    return redirect("roles")


def _edit(request: HttpRequest, found: AccessRole) -> HttpResponse:
    problem = ""
    ticked = work.ticked(found)
    scopes, fields, name = ticked.scopes, ticked.fields, found.name
    if request.method == "POST":
        scopes, fields = _scopes(request.POST), _fields(request.POST)
        name = request.POST.get("name", "").strip()[:80]
        problem = _save(request, found, name, scopes, fields)
        if not problem and "preset" not in request.POST:
            messages.success(request, _("The role is saved and counts from the next page."))
            return redirect("roles")
    context = {
        "role": found, "name": name, "problem": problem, "is_new": found._state.adding,
        "groups": _groups(scopes), "kinds": _kinds(fields), "row_actions": _row_actions(),
        "accesses": FieldAccess.choices,
        "bases": [(key, Role(key).label) for key in work.CHANGEABLE],
    }  # fmt: skip
    status = 422 if problem else 200
    return render(request, "accounts/role.html", context, status=status)


def _save(
    request: HttpRequest, found: AccessRole, name: str, scopes: work.Scopes, fields: work.Fields
) -> str:
    """Save what was ticked; return why not, ``""`` when it is saved or only looked at."""
    if "preset" in request.POST:
        return ""
    try:
        entering.save_role(
            role=found, name=name, scopes=scopes, fields=fields, by=signed_in(request)
        )
    except Refused as refused:
        return " ".join(each for sentences in refused.errors.values() for each in sentences)
    return ""


def _scopes(posted: Mapping[str, Any]) -> dict[str, Scope]:
    """Return what was ticked; a preset sets the rows of every object that has owners."""
    preset = _PRESETS.get(posted.get("preset", ""))
    found = {}
    for each in matrix.OBJECTS.values():
        offered = work.scopes_offered(each.key)
        for action in each.actions:
            right = f"{each.key}.{action}"
            text = str(posted.get(right, "0"))
            scope = Scope(int(text)) if text.isdecimal() and int(text) in offered else Scope.NONE
            if scope and preset and len(offered) > 2 and work.is_scoped(action):
                scope = preset
            if scope and not work.is_scoped(action):
                scope = Scope.ALL
            found[right] = scope
    return {right: scope for right, scope in found.items() if scope}


def _fields(posted: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    found = {}
    for kind, fields in work.kinds_with_fields():
        for each in fields:
            how = str(posted.get(f"field:{kind.key}.{each.key}", ""))
            if how in FieldAccess.values:
                found[kind.key, each.key] = how
    return found


def _groups(scopes: work.Scopes) -> list[dict[str, Any]]:
    """Return the matrix as the page shows it: groups of objects, a cell for each action."""
    groups = []
    for key, label in matrix.GROUPS:
        lines = [
            {
                "object": each,
                "cells": [_cell(each, action, scopes) for action in matrix.ROW_ACTIONS],
                "further": [
                    _cell(each, action, scopes)
                    for action in each.actions if action not in matrix.ROW_ACTIONS
                ],
            }
            for each in matrix.OBJECTS.values() if each.group == key
        ]  # fmt: skip
        groups.append({"label": label, "lines": lines})
    return groups


def _cell(each: matrix.Object, action: str, scopes: work.Scopes) -> dict[str, Any] | None:
    if action not in each.actions:
        return None
    right = f"{each.key}.{action}"
    scope = scopes.get(right, Scope.NONE)
    offered = work.scopes_offered(each.key, action)
    return {
        "right": right, "scope": int(scope), "label": right_label(right),
        "word": matrix.ACTION_LABELS[action], "is_ticked": bool(scope),
        "offered": [(int(one), Scope(one).label) for one in offered] if len(offered) > 2 else [],
    }  # fmt: skip


def _kinds(fields: work.Fields) -> list[dict[str, Any]]:
    return [
        {
            "kind": kind,
            "lines": [
                {
                    "name": f"field:{kind.key}.{each.key}", "label": each.label,
                    "access": fields.get((kind.key, each.key), ""),
                }
                for each in known
            ],
        }
        for kind, known in work.kinds_with_fields()
    ]  # fmt: skip


def _row_actions() -> list[Any]:
    return [matrix.ACTION_LABELS[action] for action in matrix.ROW_ACTIONS]


def _chosen(value: str) -> AccessRole:
    try:
        base, own = work.read_choice(value)
    except KeyError as error:
        raise Http404(value) from error
    return own or work.built_in(base)
