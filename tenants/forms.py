"""The forms of the public site."""

from __future__ import annotations

from typing import Any, cast
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from tenants.names import NameFault
from tenants.services import name_fault
from tenants.signup import SignUp

SENTENCES = {
    NameFault.TOO_SHORT: _("At least 3 letters."),
    NameFault.TOO_LONG: _("At most 32 letters."),
    NameFault.SHAPE: _("Latin letters, digits and single hyphens, no hyphen at the ends."),
    NameFault.RESERVED: _("This name is kept for the service. Choose another one."),
    NameFault.TAKEN: _("This name, or one that looks like it, is taken. Choose another one."),
}
CURRENCIES = [
    ("RUB", _("Russian rouble, ₽")), ("TRY", _("Turkish lira, ₺")), ("USD", _("US dollar, $")),
    ("EUR", _("Euro, €")), ("KZT", _("Kazakhstani tenge, ₸")), ("BYN", _("Belarusian rouble")),
    ("UZS", _("Uzbekistani sum")), ("AMD", _("Armenian dram")), ("GEL", _("Georgian lari")),
    ("AZN", _("Azerbaijani manat")), ("KGS", _("Kyrgyzstani som")), ("GBP", _("Pound sterling, £")),
]  # fmt: skip
_BY_LANGUAGE = {"ru": ("RUB", "Europe/Moscow"), "tr": ("TRY", "Europe/Istanbul")}
_REGIONS = {"Europe", "Asia", "Africa", "America", "Australia", "Pacific", "Atlantic", "Indian"}


class SignUpForm(forms.Form):
    """What a company tells to begin."""

    name = forms.CharField(label=_("Company"), max_length=200)
    slug = forms.CharField(label=_("Address"), max_length=40)
    full_name = forms.CharField(label=_("Your name"), max_length=150, required=False)
    email = forms.EmailField(label=_("E-mail"))
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"))
    currency = forms.ChoiceField(label=_("Currency"), choices=CURRENCIES)
    with_demo = forms.BooleanField(
        label=_("Fill it with a demonstration catalogue, removed with one click"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(z for z in available_timezones() if z.split("/")[0] in _REGIONS)
        cast(forms.ChoiceField, self.fields["time_zone"]).choices = [
            ("UTC", "UTC"),
            *((z, z.replace("_", " ")) for z in zones),
        ]

    @staticmethod
    def defaults(language: str) -> dict[str, Any]:
        """Return what is usual where this language is spoken."""
        currency, zone = _BY_LANGUAGE.get(language, ("USD", "UTC"))
        return {"language": language, "currency": currency, "time_zone": zone, "with_demo": True}

    def clean_slug(self) -> str:
        """Refuse a name that cannot be had."""
        slug = str(self.cleaned_data["slug"]).strip().lower()
        fault = name_fault(slug)
        if fault is not None:
            raise forms.ValidationError(SENTENCES[fault])
        return slug

    def clean_password(self) -> str:
        """Refuse a password that is easy to guess."""
        password = str(self.cleaned_data["password"])
        password_validation.validate_password(password)
        return password

    def asked(self) -> SignUp:
        """Return what was asked for."""
        return SignUp(**{**self.cleaned_data, "email": self.cleaned_data["email"].lower()})


class FindForm(forms.Form):
    """The way to one's company."""

    slug = forms.CharField(label=_("Address of your company"), max_length=60)

    def clean_slug(self) -> str:
        """Take ``acme`` out of whatever was pasted."""
        text = str(self.cleaned_data["slug"]).strip().lower()
        host = text.split("//")[-1].split("/")[0].split(":")[0]
        return host.removesuffix(f".{settings.BASE_DOMAIN}")


class FindByMailForm(forms.Form):
    """The way to one's company when its address is forgotten."""

    email = forms.EmailField(label=_("Your e-mail"))
