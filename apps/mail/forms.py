"""The form that connects a box."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.mail.models import Mailbox

OTHER = "other"
PROVIDERS = {
    "gmail": ("Gmail", "imap.gmail.com"),
    "yandex": ("Яндекс", "imap.yandex.ru"),
    "mailru": ("Mail.ru", "imap.mail.ru"),
    "yahoo": ("Yahoo", "imap.mail.yahoo.com"),
    "icloud": ("iCloud", "imap.mail.me.com"),
}
_HOSTS = {host: key for key, (_name, host) in PROVIDERS.items()}


class MailboxForm(forms.Form):
    """Address and password for a known provider; another names its server."""

    provider = forms.ChoiceField(
        label=_("Provider"),
        choices=[*((key, name) for key, (name, _host) in PROVIDERS.items()), (OTHER, _("Another"))],
        help_text=_("All of these want an app password, made in the settings of the mailbox."),
    )
    name = forms.CharField(label=_("Name"), max_length=100)
    address = forms.EmailField(label=_("E-mail"))
    password = forms.CharField(
        label=_("Password"), max_length=200, required=False, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    owner = forms.ModelChoiceField(
        label=_("Whose box it is"), queryset=User.objects.none(), required=False,
        help_text=_("Nobody: it is shared."),
    )  # fmt: skip
    shares_matched = forms.BooleanField(
        label=_("Share what is matched with a customer"), required=False
    )
    imap_host = forms.CharField(label=_("Server"), max_length=200, required=False)
    imap_port = forms.IntegerField(
        label=_("Port"), required=False,
        validators=[MinValueValidator(1), MaxValueValidator(65535)],
    )  # fmt: skip
    is_tls = forms.BooleanField(label=_("Encrypted from the beginning (TLS)"), required=False)
    login = forms.CharField(
        label=_("Login"), max_length=200, required=False, help_text=_("Empty: the address.")
    )
    is_paused = forms.BooleanField(label=_("Paused"), required=False)

    def __init__(self, *args: Any, row: Mailbox | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "initial": _initial(row), **kwargs})
        self.row = row
        people = User.objects.filter(is_active=True).order_by("full_name", "email", "id")
        cast("forms.ModelChoiceField[User]", self.fields["owner"]).queryset = people
        self.fields["password"].required = row is None
        if row is not None:
            self.fields["password"].help_text = _("Empty: as it is.")

    def clean(self) -> dict[str, Any]:
        """Fill in what a known provider says, and look whether the address is taken."""
        data = super().clean() or {}
        if data.get("provider") in PROVIDERS:
            data |= {
                "imap_host": PROVIDERS[data["provider"]][1], "imap_port": 993, "is_tls": True,
            }  # fmt: skip
        elif not data.get("imap_host"):
            self.add_error("imap_host", _("Name the server that is read."))
        data["imap_port"] = data.get("imap_port") or 993
        taken = Mailbox.objects.filter(address__iexact=data.get("address") or "")
        if self.row is not None:
            taken = taken.exclude(pk=self.row.pk)
        if taken.exists():
            self.add_error("address", _("This address is connected already."))
        return data


def _initial(row: Mailbox | None) -> dict[str, Any]:
    if row is None:
        return {"provider": "gmail", "shares_matched": True, "is_tls": True, "imap_port": 993}
    names = ("name", "address", "owner", "shares_matched", "imap_host", "imap_port", "is_tls",
             "login", "is_paused")  # fmt: skip
    shown = {name: getattr(row, name) for name in names}
    return shown | {"provider": _HOSTS.get(row.imap_host, OTHER)}
