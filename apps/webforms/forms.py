"""The form by which administrators make a web form."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from apps.accounts.models import User


class WebFormForm(forms.Form):
    """What is asked for, what is said afterwards, whose the leads are."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    owner = forms.ModelChoiceField(
        label=gettext_lazy("Responsible for the leads"), required=False,
        queryset=User.objects.filter(is_active=True).order_by("full_name", "email", "id"),
        help_text=gettext_lazy("Nobody: whoever accepts one."),
    )  # fmt: skip
    thanks = forms.CharField(
        label=gettext_lazy("What it says afterwards"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)
