"""Forms of activities: the short one of a timeline, and the whole one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.activities import moments, repeating
from apps.activities.models import Activity, ActivityKind, Importance, PartRole
from apps.activities.services import ActivityValues
from apps.core import tagging
from apps.core.objects import Refused
from apps.counterparties.models import Counterparty

_MOMENTS = ("starts_at", "due_at", "ends_at")


def _moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=False, widget=widget)


def _people() -> Any:
    return User.objects.filter(is_active=True).order_by("full_name", "email", "id")


class ActivityForm(forms.Form):
    """Everything a person may say of an activity; ``seen`` is the version that was shown."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ActivityKind.choices)
    subject = forms.CharField(
        label=_("Subject"), max_length=250, widget=forms.TextInput({"autofocus": True})
    )
    text = forms.CharField(
        label=_("Text"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    starts_at = _moment(_("Begins"))
    due_at = _moment(_("Due"))
    ends_at = _moment(_("Ends"))
    is_all_day = forms.BooleanField(label=_("All day"), required=False)
    importance = forms.ChoiceField(
        label=_("Importance"), choices=Importance.choices, required=False
    )
    owner = forms.ModelChoiceField(
        label=_("Responsible"), queryset=User.objects.none(), required=False
    )
    counterparty = forms.UUIDField(required=False, widget=forms.HiddenInput)
    place = forms.CharField(label=_("Place"), max_length=250, required=False)
    tags = forms.CharField(label=_("Tags"), max_length=1000, required=False)
    remind_at = _moment(_("Remind at"))
    remind_rule = forms.ChoiceField(
        label=_("Remind"), choices=repeating.REMINDERS, required=False
    )
    recurrence = forms.ChoiceField(label=_("Repeats"), choices=repeating.RULES, required=False)
    participants = forms.ModelMultipleChoiceField(
        label=_("Participants"), queryset=User.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    watchers = forms.ModelMultipleChoiceField(
        label=_("Watchers"), queryset=User.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    result = forms.CharField(
        label=_("Result"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        for name in ("owner", "participants", "watchers"):
            cast("forms.ModelChoiceField[User]", self.fields[name]).queryset = _people()
        rule = str(self.initial.get("recurrence") or "")
        if rule and rule not in dict(repeating.RULES):
            field = cast("forms.ChoiceField", self.fields["recurrence"])
            field.choices = [*repeating.RULES, (rule, rule)]

    @staticmethod
    def initial_of(activity: Activity) -> dict[str, Any]:
        """Return the values of an activity as the form shows them."""
        people = list(activity.people.all())
        shown: dict[str, Any] = {
            name: getattr(activity, name)
            for name in ActivityForm.base_fields
            if hasattr(activity, name)
        }
        if activity.is_all_day:
            for name in _MOMENTS:
                if shown[name] is not None:
                    day = moments.day_of(shown[name], is_all_day=True)
                    shown[name] = moments.midnight(day)
        return shown | {
            "owner": activity.owner_id,
            "tags": tagging.typed(activity.tags),
            "counterparty": activity.counterparty_id,
            "participants": [e.user_id for e in people if e.role == PartRole.PARTICIPANT],
            "watchers": [e.user_id for e in people if e.role == PartRole.WATCHER],
            "seen": activity.updated_at.isoformat(),
        }

    def values(self) -> ActivityValues:
        """Return what was typed, as the service takes it."""
        data = self.cleaned_data
        whole = data["is_all_day"] or data["kind"] == ActivityKind.ABSENCE
        found = {name: _kept(data[name], whole) for name in _MOMENTS}
        return ActivityValues(
            kind=data["kind"], subject=data["subject"], text=data["text"], place=data["place"],
            importance=data["importance"] or Importance.NORMAL, is_all_day=whole,
            owner_id=data["owner"].pk if data["owner"] else None,
            counterparty_id=data["counterparty"], remind_at=data["remind_at"],
            remind_rule=data["remind_rule"], recurrence=data["recurrence"], result=data["result"],
            tags=tagging.tags_called(data["tags"].split(",")),
            **found,
        )  # fmt: skip

    def people(self) -> dict[str, set[UUID]]:
        """Return who takes part and who watches."""
        return {
            name: {each.pk for each in self.cleaned_data[name]}
            for name in ("participants", "watchers")
        }

    def seen_at(self) -> datetime | None:
        """Return the moment of the version that was shown; ``None`` when none was."""
        text = self.cleaned_data["seen"]
        try:
            return datetime.fromisoformat(text) if text else None
        except ValueError:
            return None

    def take(self, refused: Refused) -> None:
        """Show what the service refused at its fields."""
        for name, sentences in refused.errors.items():
            for sentence in sentences:
                self.add_error(name if name in self.fields else None, sentence)


class ComposerForm(forms.Form):
    """The short form of a timeline: what, when, who."""

    kind = forms.ChoiceField(choices=[
        (value, label) for value, label in ActivityKind.choices if value != ActivityKind.ABSENCE
    ])  # fmt: skip
    text = forms.CharField(label=_("Text"), max_length=20000)
    when = _moment(_("When"))
    owner = forms.ModelChoiceField(
        label=_("Responsible"), queryset=User.objects.none(), required=False
    )
    importance = forms.ChoiceField(
        label=_("Importance"), choices=Importance.choices, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        cast("forms.ModelChoiceField[User]", self.fields["owner"]).queryset = _people()

    def values(self, *, now: datetime) -> tuple[ActivityValues, bool]:
        """Return the values, and whether it is done already: a call without a time to come."""
        data = self.cleaned_data
        subject, _line, rest = data["text"].strip().partition("\n")
        kind, when = data["kind"], data["when"]
        if len(subject) > 250:
            subject, rest = subject[:249] + "…", data["text"].strip()
        is_done = kind == ActivityKind.NOTE or (
            kind in (ActivityKind.CALL, ActivityKind.MEETING) and (when is None or when <= now)
        )
        if kind == ActivityKind.NOTE:
            rest = data["text"].strip() if rest else ""
        starts = when or now if kind == ActivityKind.MEETING else None
        values = ActivityValues(
            kind=kind, subject=subject, text=rest.strip(),
            importance=data["importance"] or Importance.NORMAL,
            owner_id=data["owner"].pk if data["owner"] else None,
            starts_at=starts,
            due_at=when if kind in (ActivityKind.TASK, ActivityKind.CALL) else None,
        )  # fmt: skip
        return values, is_done


def differences(form: ActivityForm, current: Activity) -> list[tuple[str, str, str]]:
    """Return (field, theirs, yours) where a version saved meanwhile differs from what was typed."""
    theirs, yours = ActivityValues.of(current), form.values()
    labels: Mapping[str, str] = {
        "owner_id": "owner", "counterparty_id": "counterparty",
    }  # fmt: skip
    found = []
    for name in ActivityValues.__dataclass_fields__:
        first, second = getattr(theirs, name), getattr(yours, name)
        if first == second:
            continue
        field = form.fields[labels.get(name, name)]
        label = str(field.label or _("Counterparty"))
        found.append((label, _shown(name, first), _shown(name, second)))
    return found


def _shown(name: str, value: Any) -> str:
    if value in (None, ""):
        return "—"
    if name == "owner_id":
        return str(User.objects.filter(pk=value).first() or "—")
    if name == "counterparty_id":
        return str(Counterparty.objects.filter(pk=value).first() or "—")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return str(_("yes")) if value else str(_("no"))
    for choices in (ActivityKind.choices, Importance.choices, repeating.RULES):
        if value in dict(choices):
            return str(dict(choices)[value])
    return str(value)


def _kept(moment: datetime | None, whole: bool) -> datetime | None:
    if moment is None or not whole:
        return moment
    return moments.whole_day(timezone.localtime(moment).date())
