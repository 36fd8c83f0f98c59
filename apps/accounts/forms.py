"""Forms about people."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts import modules, roles, teams
from apps.accounts.models import Role, Team, User
from apps.accounts.services import Place
from replication.nodes import known_offices


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """What a person may change about themselves."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"))

    class Meta:
        model = User
        fields = ("full_name", "language", "time_zone")
        labels = {"full_name": pgettext_lazy("person", "Name")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["time_zone"]).choices = zone_choices()


class InviteForm(forms.Form):
    """Whom to invite, as what."""

    email = forms.EmailField(label=_("E-mail"))
    role = forms.ChoiceField(label=_("Role"), initial=Role.MANAGER)

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
    """A person's role and place, and whether they may sign in."""

    role = forms.ChoiceField(label=_("Role"))
    team = forms.ModelChoiceField(
        label=_("Team"), queryset=Team.objects.order_by("name", "pk"), required=False
    )
    is_team_head = forms.BooleanField(label=_("Heads the team"), required=False)
    office = forms.ChoiceField(label=_("Works at"), required=False)
    is_active = forms.BooleanField(label=_("May sign in"), required=False)
    without = forms.MultipleChoiceField(
        label=_("Modules not used at this workplace"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = [(str(key), name) for key, name, _is_here in known_offices()]
        self.fields["role"].choices = roles_given_by(by)  # type: ignore[attr-defined]
        self.fields["office"].choices = [("", _("the centre")), *offices]  # type: ignore[attr-defined]
        self.fields["without"].choices = [  # type: ignore[attr-defined]
            (each.key, each.label) for each in modules.MODULES.values()
        ]

    @staticmethod
    def initial_of(person: User) -> dict[str, Any]:
        """Return what the form shows of a person."""
        return {
            "role": roles.choice_of(person), "team": person.team_id,
            "is_team_head": person.is_team_head, "office": str(person.office_id or ""),
            "is_active": person.is_active, "without": person.without_modules,
        }  # fmt: skip

    def place(self) -> Place:
        """Return where the person is to work."""
        data = self.cleaned_data
        return Place(
            team_id=data["team"].pk if data["team"] else None,
            is_team_head=data["is_team_head"],
            office_id=UUID(data["office"]) if data["office"] else None,
            without_modules=data["without"],
        )


class TeamForm(forms.Form):
    """A team: its name, what it belongs to, its people, one of whom heads it."""

    name = forms.CharField(label=_("Name"), max_length=80)
    parent = forms.ModelChoiceField(
        label=_("Belongs to"), queryset=Team.objects.none(), required=False,
        help_text=_("Whoever sees the rows of a team sees those of the teams below it, too."),
    )  # fmt: skip
    head = forms.ModelChoiceField(label=_("Head"), queryset=User.objects.none(), required=False)
    members = forms.ModelMultipleChoiceField(
        label=_("People"), queryset=User.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("A person is in one team: who is ticked here leaves another one."),
    )  # fmt: skip

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        above = [each.pk for each in teams.may_stand_below(team)]
        people = User.objects.filter(is_active=True).order_by("full_name", "email", "pk")
        fields: dict[str, Any] = self.fields
        fields["parent"].queryset = Team.objects.filter(pk__in=above).order_by("name", "pk")
        fields["head"].queryset = people
        fields["members"].queryset = people

    @staticmethod
    def initial_of(team: Team) -> dict[str, Any]:
        """Return what the form shows of a team."""
        if team._state.adding:
            return {}
        people = list(team.members.all())
        head = next((each.pk for each in people if each.is_team_head), None)
        return {
            "name": team.name, "parent": team.parent_id, "head": head,
            "members": [each.pk for each in people],
        }  # fmt: skip


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
        (value, label)
        for value, label in roles.role_choices()
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
