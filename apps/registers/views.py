"""The settings page of registers."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.rights import needs, signed_in
from apps.registers import services
from apps.registers.forms import KeyForm
from apps.registers.providers import REGISTERS, DaData, NotTold, named
from apps.registers.words import sentence


@require_http_methods(["GET", "POST"])
@needs("settings.change")
def settings(request: HttpRequest) -> HttpResponse:
    """Show the registers, and keep the key to the one that wants one."""
    form = KeyForm(request.POST or None)
    if form.is_valid():
        services.save_key(
            register=DaData.key, key=form.cleaned_data["key"], by=signed_in(request)
        )
        messages.success(request, _("The key is saved. “Check” tells whether it works."))
        return redirect("registers:settings")
    context = {"form": form, "registers": [(each, services.is_ready(each)) for each in REGISTERS]}
    return render(request, "registers/settings.html", context, status=422 if form.is_bound else 200)


@require_POST
@needs("settings.change")
def forget(request: HttpRequest) -> HttpResponse:
    """Take the key to a register away."""
    services.save_key(register=DaData.key, key="", by=signed_in(request))
    messages.success(request, _("The key is removed; nothing is looked up there any more."))
    return redirect("registers:settings")


@require_POST
@needs("settings.change")
def check(request: HttpRequest, register: str) -> HttpResponse:
    """Ask a register for a company it knows, and say what is wrong."""
    try:
        asked = named(register)
    except LookupError:
        raise Http404(register) from None
    try:
        services.check(asked)
    except (services.NoKey, services.UnknownThere, NotTold) as error:
        messages.error(request, sentence(asked, error))
    else:
        messages.success(request, _("%(register)s answers.") % {"register": asked.name})
    return redirect("registers:settings")
