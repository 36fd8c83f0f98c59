"""Forms about people."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import Role, User


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a person may change about themselves."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"))

    class Meta:
        model = User
        fields = ("full_name", "language", "time_zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = zone_choices()


class InviteForm(forms.Form):
    """Whom to invite, as what."""

    email = forms.EmailField(label=_("E-mail"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MANAGER)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles_given_by(by)  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        """Refuse an e-mail that somebody of the company has."""
        email = str(self.cleaned_data["email"]).strip().lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(_("This person is in your company already."))
        return email


class PersonForm(forms.Form):
    """A person's role, and whether they may sign in."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    is_active = forms.BooleanField(label=_("May sign in"), required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles_given_by(by)  # type: ignore[attr-defined]


class JoinForm(forms.Form):
    """What an invited person adds."""

    full_name = forms.CharField(label=_("Your name"), max_length=150)
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least 10 characters."),
    )

    def clean_password(self) -> str:
        """Refuse a password that is easy to guess."""
        password = str(self.cleaned_data["password"])
        password_validation.validate_password(password)
        return password


def roles_given_by(user: User) -> list[tuple[str, str]]:
    """Return the roles this person may give: only owners make owners."""
    return [
        (value, str(label))
        for value, label in Role.choices
        if value != Role.OWNER or user.role == Role.OWNER
    ]


def zone_choices() -> list[tuple[str, str]]:
    """Return the time zones people live in."""
    names = sorted(
        zone
        for zone in available_timezones()
        if zone.split("/")[0] in {"Europe", "Asia", "Africa", "America", "Australia", "Pacific"}
    )
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in names)]
