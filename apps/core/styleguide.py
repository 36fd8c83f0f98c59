"""Every piece of the design system on one page, for those who build screens."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

TONES = ("good", "partly", "waiting", "bad", "running", "info", "draft", "off")


class ExampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Name"))
    email = forms.EmailField(label=_("E-mail"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("company", _("Company")), ("person", _("Person"))]
    )
    day = forms.DateField(label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}))
    comment = forms.CharField(label=_("Comment"), widget=forms.Textarea, required=False)
    is_active = forms.BooleanField(label=_("may sign in"), required=False)


@require_safe
@login_required
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every piece; not in production."""
    if settings.IS_PRODUCTION:
        raise Http404("styleguide")
    now = timezone.now()
    return render(
        request,
        "core/styleguide.html",
        {
            "tones": TONES,
            "form": ExampleForm(),
            "wrong": ExampleForm({"email": "nobody"}, prefix="wrong"),
            "amount": Decimal("1234567.89"),
            "debt": Decimal("-12.5"),
            "amount_of_goods": Decimal("1250.500"),
            "moments": (now, now - timedelta(minutes=7), now - timedelta(days=4)),
            "trend": (12, 14, 13, 17, 16, 21, 19, 24, 28, 26, 31),
        },
    )
