"""Which modules the company uses."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.accounts import modules as work
from apps.accounts.rights import can, needs, require, signed_in

MOST_SEATS = 100_000


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


def no_seat_text(error: work.NoSeatLeft) -> str:
    """Say that a module has fewer workplaces than people."""
    return _("“%(module)s” has %(seats)d workplaces, and %(people)d people would use it.") % {
        "module": error.module.label, "seats": error.seats, "people": error.people,
    }  # fmt: skip


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
            seats[key] = min(int(text), MOST_SEATS)
    try:
        work.set_modules(
            is_on={key: key in wanted for key in work.MODULES}, seats=seats,
            by=signed_in(request),
        )  # fmt: skip
    except work.OfficesJoined:
        return _("There are branch offices: close them first, else they exchange unseen.")
    except work.NoSeatLeft as error:
        return no_seat_text(error)
    return ""
