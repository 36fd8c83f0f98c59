"""First steps, and taking the demonstration away."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.accounts.models import User
from apps.accounts.rights import needs
from apps.core.models import CompanySettings, Organization
from apps.onboarding.services.removing import demo_node, remove_demo
from exchange.models import Node


def first_steps(request: HttpRequest) -> dict[str, Any] | None:
    """Return the steps a new company has before it; nothing when all are done, or at an office."""
    if settings.IS_OFFICE:
        return None
    demo = CompanySettings.objects.filter(pk=1, has_demo_data=True).exists()
    steps = [
        ("organization", Organization.objects.filter(is_archived=False).exists()),
        ("exchange", Node.objects.filter(latest_contact_at__isnull=False).exists()),
        ("people", User.objects.count() > 1),
    ]
    if all(done for _name, done in steps) and not demo:
        return None
    return {"steps": dict(steps), "has_demo": demo}


@needs("settings.change")
@require_POST
def remove(request: HttpRequest) -> HttpResponse:
    """Take the demonstration away with one click."""
    kept = remove_demo(node=demo_node())
    if kept:
        messages.success(
            request,
            ngettext(
                "The demonstration is gone. %(number)s product stays in the archive, because an "
                "invoice of yours names it.",
                "The demonstration is gone. %(number)s products stay in the archive, because "
                "invoices of yours name them.",
                kept,
            )
            % {"number": kept},
        )
    else:
        messages.success(request, _("The demonstration is gone."))
    return redirect("core:start")
