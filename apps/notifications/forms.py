"""The form of how a person wants to be told."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.notifications.models import NoticeSettings


def _hour(label: Any, *, is_required: bool = False) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=is_required, widget=widget)


class NoticeForm(forms.Form):
    """Quiet hours and the letter of the day; the channels stand in a table of their own."""

    quiet_from = _hour(_("Quiet from"))
    quiet_until = _hour(_("Quiet until"))
    is_weekend_quiet = forms.BooleanField(label=_("Quiet on Saturday and Sunday"), required=False)
    digest_at = _hour(_("Letter of the day at"), is_required=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    @staticmethod
    def initial_of(kept: NoticeSettings | None) -> dict[str, Any]:
        """Return what is in force."""
        if kept is None:
            return {"digest_at": time(8, 30)}
        return {name: getattr(kept, name) for name in NoticeForm.base_fields}

    def clean(self) -> dict[str, Any]:
        """Quiet hours have a beginning and an end, or neither."""
        data = super().clean() or self.cleaned_data
        if (data.get("quiet_from") is None) != (data.get("quiet_until") is None):
            self.add_error("quiet_until", _("Say both when it begins and when it ends."))
        return data
