"""The start page and its arranging: by mouse, by keyboard, without a script."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from apps.core import start as starting
from apps.core.context_processors import allowed


@login_required
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Show what matters today, as the person has arranged it; ``?arrange=yes`` arranges it."""
    desktop = _desktop(request)
    shown: list[tuple[starting.Section, dict[str, Any] | None]] = []
    is_arranging = request.GET.get("arrange") == "yes"
    for section in desktop.shown:
        context = section.context(request)
        if context is not None or (is_arranging and section.label):
            shown.append((section, context))
    return render(
        request,
        "core/start.html",
        {
            "widgets": shown, "desktop": desktop, "is_arranging": is_arranging,
            "may_arrange_roles": allowed(request.user, "customization.change"),
            "roles": _roles(request.user),
        },
    )  # fmt: skip


@login_required
@require_POST
def arrange(request: HttpRequest) -> HttpResponse:
    """Move (``up``, ``down``), ``hide`` or ``show`` a widget, keep an ``order``, or go back.

    ``for_role`` makes the person's arrangement that of everybody of the role.
    """
    desktop = _desktop(request)
    order = [each.key for each in desktop.shown]
    hidden = [each.key for each in desktop.hidden]
    action, key = request.POST.get("do", ""), request.POST.get("widget", "")
    if action == "usual":
        starting.usual(user=request.user)
        return _back()
    if action == "role":
        if not allowed(request.user, "customization.change"):
            raise PermissionDenied
        role = getattr(request.user, "role", "")
        asked = request.POST.get("role", role)[:20]
        starting.arrange(user=request.user, order=order, hidden=hidden, for_role=asked)
        return _back()
    if action == "order":
        wanted = [each for each in request.POST.getlist("order") if each in order]
        order = [*wanted, *(each for each in order if each not in wanted)]
    elif action in ("up", "down") and key in order:
        place = order.index(key)
        other = place + (-1 if action == "up" else 1)
        if 0 <= other < len(order):
            order[place], order[other] = order[other], order[place]
    elif action == "hide" and key in order:
        order.remove(key)
        hidden.append(key)
    elif action == "show" and key in hidden:
        hidden.remove(key)
        order.append(key)
    starting.arrange(user=request.user, order=order, hidden=hidden)
    return HttpResponse(status=204) if request.headers.get("HX-Request") == "true" else _back()


def _desktop(request: HttpRequest) -> starting.Desktop:
    user = request.user
    return starting.desktop(user=user, allowed=lambda right: allowed(user, right))


def _roles(user: Any) -> list[tuple[str, Any]]:
    """Return the roles people may have, as the model of people names them."""
    found = user._meta.get_field("role").flatchoices if hasattr(user, "role") else ()
    return [(str(value), label) for value, label in found]


def _back() -> HttpResponse:
    return redirect(f"{reverse('core:start')}?arrange=yes")
