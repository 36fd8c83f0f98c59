"""The form of a webhook."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from apps.accounts.rights import can
from apps.core import objects


class WebhookForm(forms.Form):
    """Where to, and of what."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    url = forms.CharField(
        label=gettext_lazy("Address"), max_length=500,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )  # fmt: skip
    operations = forms.MultipleChoiceField(
        label=gettext_lazy("When"), widget=forms.CheckboxSelectMultiple,
        choices=[
            ("created", gettext_lazy("made")), ("changed", gettext_lazy("changed")),
            ("deleted", gettext_lazy("deleted")),
        ],
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("What it hears of"), widget=forms.CheckboxSelectMultiple
    )
    is_active = forms.BooleanField(label=gettext_lazy("Active"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["kinds"].choices = [  # type: ignore[attr-defined]
            (kind.key, kind.label_plural)
            for kind in objects.kinds()
            if can(user, f"{kind.right_object}.view")
        ]
