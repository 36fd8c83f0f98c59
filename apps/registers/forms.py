"""The form of a key."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class KeyForm(forms.Form):
    """The key that a register gave the company."""

    key = forms.CharField(
        label=pgettext_lazy("to a register", "API key"), max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def clean_key(self) -> str:
        """Keep what can stand in a header: visible Latin letters, digits and signs."""
        key = "".join(self.cleaned_data["key"].split())
        if not key.isascii() or not key.isprintable():
            raise forms.ValidationError(_("A key holds Latin letters and digits only."))
        return key
