"""Forms of the exchange screens."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.connections import words
from exchange.models import Configuration, Node
from exchange.options import EXCHANGED_KINDS, NodeOptions


class ConnectForm(forms.Form):
    """Which 1C is connected, and what it is called here."""

    kind = forms.ChoiceField(
        label=_("Which program is it?"), choices=Configuration.choices, widget=forms.RadioSelect
    )
    name = forms.CharField(
        label=_("What shall it be called here?"), max_length=100, initial="1С", strip=True
    )


class SettingsForm(forms.Form):
    """What a connection exchanges and how."""

    name = forms.CharField(label=_("Name"), max_length=100)
    is_active = forms.BooleanField(label=_("Exchange is allowed"), required=False)
    exchanged = forms.MultipleChoiceField(
        label=_("What is exchanged"),
        choices=[(kind, words.KINDS[kind]) for kind in EXCHANGED_KINDS],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    archive_missing = forms.BooleanField(
        label=_("Archive products that a full export does not name"), required=False
    )
    archive_limit_percent = forms.IntegerField(
        label=_("Never archive more than this share at once, in percent"),
        min_value=0,
        max_value=100,
    )
    zero_missing_stock = forms.BooleanField(
        label=_("Set stock to zero where a full export does not name it"), required=False
    )
    create_orders_from_1c = forms.BooleanField(
        label=_("Create invoices for orders that began in 1C"), required=False
    )
    send_from_status = forms.ChoiceField(
        label=_("Invoices go to 1C"),
        choices=[
            ("issued", _("as soon as they are issued")),
            ("sent", _("only when they are sent to the customer")),
        ],
        required=False,
    )
    accepts_zip = forms.BooleanField(label=_("Let 1C send archives (faster)"), required=False)
    file_limit = forms.IntegerField(
        label=_("Largest part of a file, in bytes"),
        min_value=65536,
        max_value=1 << 30,
        help_text=_("Smaller than what any server in between lets through."),
    )
    silence_seconds = forms.IntegerField(
        label=_("Import files that nobody asks for after this many seconds"),
        min_value=5,
        max_value=3600,
    )
    gap_minutes = forms.IntegerField(
        label=_("A pause of so many minutes ends a run"), min_value=1, max_value=240
    )
    retention_days = forms.IntegerField(
        label=_("Keep the raw files for so many days"), min_value=1, max_value=365
    )

    @classmethod
    def of(cls, node: Node, data: Any = None) -> SettingsForm:
        """Return the form filled with a connection's settings."""
        options = node.options
        initial = {name: getattr(options, name) for name in _OPTIONS}
        initial |= {
            "name": node.name,
            "is_active": node.is_active,
            "accepts_zip": node.accepts_zip,
            "file_limit": node.file_limit,
            "exchanged": [kind for kind in EXCHANGED_KINDS if options.takes(kind)],
        }
        return cls(data, initial=initial)

    def options(self, former: NodeOptions) -> NodeOptions:
        """Return the settings a person chose; what the form does not show stays as it was."""
        given = {name: self.cleaned_data[name] for name in _OPTIONS}
        stored = former.stored() | {name: value for name, value in given.items() if value != ""}
        chosen = self.cleaned_data["exchanged"]
        stored["exchanged"] = {kind: kind in chosen for kind in EXCHANGED_KINDS}
        return NodeOptions.read(stored)


_OPTIONS = (
    "archive_missing",
    "archive_limit_percent",
    "zero_missing_stock",
    "create_orders_from_1c",
    "send_from_status",
    "silence_seconds",
    "gap_minutes",
    "retention_days",
)


class FileForm(forms.Form):
    """A file exported from 1C, brought by hand."""

    file = forms.FileField(label=_("CommerceML file or archive"))
