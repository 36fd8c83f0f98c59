"""Forms that leave out what a person may not see or change."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from apps.accounts.rights import fields, hidden_of


class Withheld(forms.Widget):
    """Stands where a field is that the person does not see: nothing of its value is on the page."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return a word in place of the value."""
        return format_html('<span class="muted">{}</span>', _("hidden by your role"))


def withhold(form: forms.BaseForm, *, user: Any, kind: str, row: Model | None) -> None:
    """Take the fields out of a form that a person may not see or change.

    They keep the values the form began with, whatever is posted; of a new row nothing is hidden
    but what the role hides.
    """
    limits = fields(user, kind)
    hidden = limits.hidden | (hidden_of(user, row) if row is not None else frozenset())
    for name, field in form.fields.items():
        if name in hidden:
            field.disabled = True
            field.widget = Withheld()
        elif name in limits.read_only:
            field.disabled = True
