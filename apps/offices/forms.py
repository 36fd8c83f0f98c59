"""The form of an office: name, prefix, when it exchanges, and what travels, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from replication import plan
from replication.models import BranchNode

_TIME = re.compile(r"^([01]?\d|2[0-3]):[0-5]\d$")
LONGEST_MINUTES = 7 * 24 * 60


class OfficeForm(forms.Form):
    """What an administrator says of an office; each scope rule has a choice, some have values."""

    name = forms.CharField(label=_("Name"), max_length=100)
    prefix = forms.CharField(  # type: ignore[assignment]  # a field: the form keeps its own
        label=_("Prefix of its document numbers"), max_length=2,
        widget=forms.TextInput(attrs={"autocapitalize": "characters"}),
    )  # fmt: skip
    seats = forms.IntegerField(
        label=_("Seats"), min_value=0, max_value=9999, required=False,
        help_text=_("How many people may work there at once; empty: no limit."),
    )  # fmt: skip
    rhythm = forms.ChoiceField(
        label=_("It exchanges"),
        choices=[("every", _("every so many minutes")), ("at", _("at times of the day")),
                 ("hand", _("by hand only"))],
    )  # fmt: skip
    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=1, max_value=LONGEST_MINUTES, required=False
    )
    times = forms.CharField(label=_("Times"), max_length=200, required=False)

    def __init__(self, *args: Any, node: BranchNode | None = None, **kwargs: Any) -> None:
        initial = {**_initial(node), **kwargs.pop("initial", {})}
        super().__init__(*args, **{"label_suffix": "", **kwargs, "initial": initial})
        if node is not None:
            del self.fields["prefix"]
        for rule in plan.rules():
            choices: list[tuple[str, Any]] = [(plan.EVERYTHING, _("all"))]
            choices += [(each.name, each.label) for each in rule.choices]
            choices += [(plan.NOTHING, _("none"))] if rule.may_be_none else []
            self.fields[f"scope_{rule.name}"] = forms.ChoiceField(
                label=str(rule.label), choices=choices, widget=forms.RadioSelect,
                initial=initial.get(f"scope_{rule.name}", plan.EVERYTHING),
            )  # fmt: skip
            for each in rule.choices:
                if each.options is not None:
                    self.fields[f"values_{rule.name}_{each.name}"] = forms.MultipleChoiceField(
                        label=str(each.label), choices=list(each.options()), required=False,
                        widget=forms.CheckboxSelectMultiple,
                    )  # fmt: skip

    def clean_times(self) -> list[str]:
        found = [each for each in re.split(r"[\s,;]+", self.cleaned_data["times"]) if each]
        wrong = [each for each in found if not _TIME.match(each)]
        if wrong:
            raise forms.ValidationError(
                _("“%(time)s” is not a time. Write it like 09:30.") % {"time": wrong[0]}
            )
        return sorted(f"{int(h):02d}:{m}" for h, m in (each.split(":") for each in found))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("rhythm") == "every" and not data.get("minutes") and "minutes" in data:
            self.add_error("minutes", _("Say after how many minutes."))
        if data.get("rhythm") == "at" and "times" in data and not data["times"]:
            self.add_error("times", _("Say at least one time, like 09:30."))
        for rule in plan.rules():
            chosen = data.get(f"scope_{rule.name}", "")
            name = f"values_{rule.name}_{chosen}"
            if name in self.fields and not data.get(name):
                self.add_error(name, _("Tick at least one."))
        return data

    def scopes(self) -> Iterator[tuple[forms.BoundField, list[tuple[str, forms.BoundField]]]]:
        """Yield each rule's field with the fields of its choices that are ticked."""
        for rule in plan.rules():
            values = [
                (each.name, self[f"values_{rule.name}_{each.name}"])
                for each in rule.choices
                if each.options is not None
            ]
            yield self[f"scope_{rule.name}"], values

    def scope(self) -> dict[str, Any]:
        """Return what was chosen as the engine keeps it; all is not mentioned."""
        found: dict[str, Any] = {}
        for rule in plan.rules():
            chosen = self.cleaned_data.get(f"scope_{rule.name}", plan.EVERYTHING)
            values = self.cleaned_data.get(f"values_{rule.name}_{chosen}") or []
            if chosen != plan.EVERYTHING:
                found[rule.name] = {"choice": chosen, "values": list(values)}
        return found

    def schedule(self) -> dict[str, Any]:
        """Return when the office exchanges as the engine keeps it."""
        data = self.cleaned_data
        if data["rhythm"] == "every":
            return {"every": data["minutes"]}
        return {"at": data["times"]} if data["rhythm"] == "at" else {}


def _initial(node: BranchNode | None) -> dict[str, Any]:
    if node is None:
        return {"rhythm": "every", "minutes": 15}
    values: dict[str, Any] = {"name": node.name, "seats": node.seats or None}
    if "every" in node.schedule:
        values |= {"rhythm": "every", "minutes": int(node.schedule["every"])}
    elif node.schedule.get("at"):
        values |= {"rhythm": "at", "times": ", ".join(node.schedule["at"])}
    else:
        values["rhythm"] = "hand"
    for name, asked in node.scope.items():
        values[f"scope_{name}"] = asked["choice"]
        values[f"values_{name}_{asked['choice']}"] = asked.get("values", [])
    return values
