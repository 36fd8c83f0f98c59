"""Forms of the room: keeping a report, the letter, how the company counts."""

from __future__ import annotations

from datetime import time
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.catalog.models import PriceType
from apps.reports.figures import offered
from apps.reports.models import FiguresLetter, ReportKind, ReportSettings, Rhythm, SavedReport

MOST_ASKED = 30_000  # letters of an address: conditions in Cyrillic are six for each


class KeepForm(forms.Form):
    """A report under a name."""

    name = forms.CharField(label=_("Name"), max_length=100)
    report = forms.ChoiceField(choices=ReportKind.choices)
    asked = forms.CharField(max_length=MOST_ASKED, required=False)
    is_pinned = forms.BooleanField(label=_("Show it on my desktop"), required=False)


class LetterForm(forms.Form):
    """How often the letter comes, at what hour, and what stands in it."""

    rhythm = forms.ChoiceField(label=_("How often"), choices=Rhythm.choices)
    at = forms.TimeField(
        label=_("At"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    figures = forms.MultipleChoiceField(
        label=_("Figures"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reports = forms.MultipleChoiceField(
        label=_("My saved reports, their first rows"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any, **values: Any) -> None:
        kept = FiguresLetter.objects.filter(user=user).first()
        mine = list(SavedReport.objects.filter(user=user).order_by("name", "pk"))
        figures = offered(user)
        chosen = kept.figures if kept and kept.figures else [each.key for each in figures]
        initial = {
            "rhythm": kept.rhythm if kept else Rhythm.NEVER, "at": kept.at if kept else time(8, 0),
            "figures": chosen, "reports": [str(each.pk) for each in mine if each.is_mailed],
        }  # fmt: skip
        super().__init__(*args, **{"initial": initial, "label_suffix": "", **values})
        self.fields["figures"].choices = [(each.key, each.label) for each in figures]  # type: ignore[attr-defined]
        self.fields["reports"].choices = [(str(each.pk), each.name) for each in mine]  # type: ignore[attr-defined]
        if not mine:
            del self.fields["reports"]

    def values(self) -> dict[str, Any]:
        """Return what the service takes."""
        data = self.cleaned_data
        return {
            "rhythm": data["rhythm"], "at": data["at"], "figures": data["figures"],
            "reports": [UUID(key) for key in data.get("reports", ())],
        }  # fmt: skip


class SettingsForm(forms.ModelForm):  # type: ignore[type-arg]
    """How the company counts."""

    class Meta:
        model = ReportSettings
        fields = ("cost_price_type", "sleeping_days", "lost_days")
        labels = {
            "cost_price_type": _("Price type that is the cost"),
            "sleeping_days": _("Days without a purchase until a customer sleeps"),
            "lost_days": _("Days without a purchase until a customer is lost"),
        }  # fmt: skip

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **values})
        known = PriceType.objects.filter(is_archived=False).order_by("name", "pk")
        self.fields["cost_price_type"].queryset = known  # type: ignore[attr-defined]
        self.fields["cost_price_type"].empty_label = _("The cost is not known")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Nobody is lost before they sleep."""
        data = super().clean() or self.cleaned_data
        sleeping, lost = data.get("sleeping_days"), data.get("lost_days")
        if sleeping and lost and lost <= sleeping:
            self.add_error("lost_days", _("A customer is lost later than it sleeps."))
        return data
