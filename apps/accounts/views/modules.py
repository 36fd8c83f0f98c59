"""Which modules the company uses."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts import entering
from apps.accounts import modules as work
from apps.accounts.rights import can, needs, require, signed_in
from apps.core.objects import Refused


@require_http_methods(["GET", "POST"])
@needs("settings.view")
def modules(request: HttpRequest) -> HttpResponse:
    """Show the modules; POST switches them (``on``, ``seats:<key>``), or sets the small firm."""
    problem = ""
    if request.method == "POST":
        require(request.user, "settings.change")
        problem = _switch(request)
        if not problem:
            messages.success(request, _("The modules are saved. Side bar and menus follow."))
            return redirect("modules")
    context = {
        "rows": work.all_modules(), "problem": problem,
        "may_change": can(request.user, "settings.change"),
    }  # fmt: skip
    status = 422 if problem else 200
    return render(request, "accounts/modules.html", context, status=status)


def _switch(request: HttpRequest) -> str:
    """Switch what was asked; return why not."""
    wanted = set(request.POST.getlist("on"))
    if request.POST.get("preset") == "small":
        wanted = set(work.SMALL_FIRM)
    elif request.POST.get("preset") == "everything":
        wanted = set(work.MODULES)
    seats = {}
    for key in work.MODULES:
        text = request.POST.get(f"seats:{key}", "")
        if text.isascii() and text.isdecimal():
            seats[key] = min(int(text), work.MOST_SEATS)
    try:
        entering.set_modules(
            is_on={key: key in wanted for key in work.MODULES}, seats=seats,
            by=signed_in(request),
        )  # fmt: skip
    except Refused as refused:
        return " ".join(refused.errors[""])
    return ""
