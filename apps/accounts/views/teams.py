"""Teams: the tree, and one of them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts import entering
from apps.accounts import teams as work
from apps.accounts.forms import TeamForm
from apps.accounts.models import Team
from apps.accounts.rights import can, needs, signed_in
from apps.core.entering import show
from apps.core.objects import Refused


@require_safe
@needs("roles.view")
def team_list(request: HttpRequest) -> HttpResponse:
    """Show the teams, each below the one it belongs to."""
    context = {"lines": work.tree(), "may_change": can(request.user, "roles.change")}
    return render(request, "accounts/teams.html", context)


@require_http_methods(["GET", "POST"])
@needs("roles.change")
def new(request: HttpRequest) -> HttpResponse:
    """Make a team."""
    return _edit(request, Team())


@require_http_methods(["GET", "POST"])
@needs("roles.change")
def team(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a team and who is in it."""
    return _edit(request, get_object_or_404(Team, pk=pk))


@require_POST
@needs("roles.change")
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Remove a team; its people stay, without one."""
    found = get_object_or_404(Team, pk=pk)
    work.remove_team(team=found, by=signed_in(request))
    messages.success(request, _("“%(name)s” is removed.") % {"name": found.name})
    return redirect("teams")


def _edit(request: HttpRequest, found: Team) -> HttpResponse:
    form = TeamForm(request.POST or None, initial=TeamForm.initial_of(found), team=found)
    if request.method == "POST" and form.is_valid():
        try:
            entering.save_team(team=found, form=form, by=signed_in(request))
        except Refused as refused:
            show(form, refused)
        else:
            messages.success(request, _("“%(name)s” is saved.") % {"name": found.name})
            return redirect("teams")
    context = {"form": form, "team": found, "is_new": found._state.adding}
    status = 422 if form.errors else 200
    return render(request, "accounts/team.html", context, status=status)
