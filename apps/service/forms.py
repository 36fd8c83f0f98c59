"""The form of a complaint or service request."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.models import User
from apps.counterparties.forms import chosen_counterparty
from apps.service.models import RequestKind


class RequestForm(forms.Form):
    """What people say of a request; contact person and invoice are those of its customer."""

    subject = forms.CharField(
        label=_("Subject"), max_length=200, widget=forms.TextInput({"autofocus": True})
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=RequestKind.choices)
    counterparty = forms.CharField(required=False, widget=forms.HiddenInput)
    counterparty_name = forms.CharField(label=_("Counterparty"), max_length=250)
    person = forms.TypedChoiceField(
        label=_("Contact person"), required=False, coerce=UUID, empty_value=None
    )
    invoice = forms.TypedChoiceField(
        label=_("Invoice"), required=False, coerce=UUID, empty_value=None
    )
    owner = forms.ModelChoiceField(
        label=_("Responsible"), queryset=User.objects.none(), required=False
    )
    due_at = forms.DateTimeField(
        label=_("Deadline"), required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    is_urgent = forms.BooleanField(label=_("Urgent"), required=False)
    text = forms.CharField(
        label=pgettext_lazy("complaint", "What happened"), required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    tags = forms.CharField(label=_("Tags"), max_length=1000, required=False)

    def __init__(
        self, *args: Any, by: Any, people: list[tuple[str, str]],
        invoices: list[tuple[str, str]], **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.by = by
        users = User.objects.filter(is_active=True).order_by("full_name", "email", "id")
        cast("forms.ModelChoiceField[User]", self.fields["owner"]).queryset = users
        for name, offered in (("person", people), ("invoice", invoices)):
            field = cast("forms.TypedChoiceField", self.fields[name])
            field.choices = [("", "—"), *offered]

    def clean_counterparty(self) -> UUID | None:
        return chosen_counterparty(self, "counterparty", by=self.by)
