"""The form that connects a box."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.mail.models import Mailbox

OTHER = "other"


@dataclass(frozen=True)
class Provider:
    """What is known of a provider: its servers, and whether it keeps what is sent by itself."""

    name: str
    imap_host: str
    smtp_host: str
    smtp_port: int = 465
    smtp_is_tls: bool = True
    keeps_sent: bool = False

    def values(self) -> dict[str, Any]:
        """Return the fields of a box there."""
        named = {key: value for key, value in asdict(self).items() if key != "name"}
        return named | {"imap_port": 993, "is_tls": True}


PROVIDERS = {
    "gmail": Provider("Gmail", "imap.gmail.com", "smtp.gmail.com", keeps_sent=True),
    "yandex": Provider("Яндекс", "imap.yandex.ru", "smtp.yandex.ru"),
    "mailru": Provider("Mail.ru", "imap.mail.ru", "smtp.mail.ru"),
    "yahoo": Provider("Yahoo", "imap.mail.yahoo.com", "smtp.mail.yahoo.com"),
    "icloud": Provider("iCloud", "imap.mail.me.com", "smtp.mail.me.com", 587, False),
}
_HOSTS = {each.imap_host: key for key, each in PROVIDERS.items()}
_SERVERS = ("imap_host", "imap_port", "is_tls", "smtp_host", "smtp_port", "smtp_is_tls",
            "keeps_sent")  # fmt: skip


class MailboxForm(forms.Form):
    """Address and password for a known provider; another names its server."""

    provider = forms.ChoiceField(
        label=_("Provider"),
        choices=[*((key, each.name) for key, each in PROVIDERS.items()), (OTHER, _("Another"))],
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
    smtp_host = forms.CharField(
        label=_("Server that sends"), max_length=200, required=False,
        help_text=_("Empty: the box is only read."),
    )  # fmt: skip
    smtp_port = forms.IntegerField(
        label=_("Port of sending"), required=False,
        validators=[MinValueValidator(1), MaxValueValidator(65535)],
    )  # fmt: skip
    smtp_is_tls = forms.BooleanField(
        label=_("Sending is encrypted from the beginning (TLS)"), required=False
    )
    keeps_sent = forms.BooleanField(
        label=_("The server puts what is sent into the folder of sent messages by itself"),
        required=False,
    )
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
            data |= PROVIDERS[data["provider"]].values()
        elif not data.get("imap_host"):
            self.add_error("imap_host", _("Name the server that is read."))
        data["imap_port"] = data.get("imap_port") or 993
        data["smtp_port"] = data.get("smtp_port") or (465 if data.get("smtp_is_tls") else 587)
        taken = Mailbox.objects.filter(address__iexact=data.get("address") or "")
        if self.row is not None:
            taken = taken.exclude(pk=self.row.pk)
        if taken.exists():
            self.add_error("address", _("This address is connected already."))
        return data


def _initial(row: Mailbox | None) -> dict[str, Any]:
    if row is None:
        return {
            "provider": "gmail", "shares_matched": True, "is_tls": True, "imap_port": 993,
            "smtp_is_tls": True, "smtp_port": 465,
        }  # fmt: skip
    names = ("name", "address", "owner", "shares_matched", *_SERVERS, "login", "is_paused")
    shown = {name: getattr(row, name) for name in names}
    return shown | {"provider": _HOSTS.get(row.imap_host, OTHER)}
