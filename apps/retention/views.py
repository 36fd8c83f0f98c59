"""The settings page of keeping and erasing."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.rights import needs, require, signed_in
from apps.retention import services
from apps.retention.forms import LONGEST, RulesForm
from apps.retention.kinds import kinds
from tenants.audit.models import SecurityEvent

RUNS = 10


@require_http_methods(["GET", "POST"])
@needs("settings.change")
def rules(request: HttpRequest) -> HttpResponse:
    """Show after how many months what goes, and change it; stricter rules want a word typed."""
    require(request.user, "people.change")
    former = services.rules()
    form = RulesForm(request.POST or None, former=former)
    if form.is_valid():
        services.save_rules(months=form.months(), by=signed_in(request))
        messages.success(request, _("It is saved; it is erased by night."))
        return redirect("retention:rules")
    runs = SecurityEvent.objects.filter(kind="retention.erased").order_by("-at", "-id")[:RUNS]
    context = {
        "form": form, "runs": runs,
        "kinds": [(kept, form[kept.key], form[kept.key].value()) for kept in kinds()],
    }  # fmt: skip
    return render(request, "retention/rules.html", context, status=422 if form.is_bound else 200)


@require_safe
@needs("settings.change")
def preview(request: HttpRequest, kind: str) -> HttpResponse:
    """Count what of a kind would go, for the months that are typed."""
    require(request.user, "people.change")
    kept = next((each for each in kinds() if each.key == kind), None)
    if kept is None:
        raise Http404(kind)
    typed = request.GET.get(kind, "")
    months = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0
    counted = (
        services.preview(kept, months=months, now=timezone.now())
        if 1 <= months <= LONGEST
        else []
    )
    return render(request, "retention/_preview.html", {"counted": counted})
