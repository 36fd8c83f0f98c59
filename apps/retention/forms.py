"""The form of the rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from apps.retention import services
from apps.retention.kinds import kinds

LONGEST = 240


class RulesForm(forms.Form):
    """Months by kind, empty where rows are kept; stricter rules want a word typed."""

    def __init__(self, *args: Any, former: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.former = former
        self.asks = False
        for kept in kinds():
            self.fields[kept.key] = forms.IntegerField(
                label=str(kept.label), required=False, min_value=1, max_value=LONGEST,
                initial=former.get(kept.key),
                widget=forms.NumberInput(attrs={"placeholder": pgettext("erased", "never")}),
            )  # fmt: skip
        self.fields["confirmed"] = forms.CharField(
            label=_("The word"), required=False, max_length=40,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )  # fmt: skip

    @property
    def word(self) -> str:
        """Return the word that is typed."""
        return pgettext("typed to confirm", "erase")

    def months(self) -> dict[str, int]:
        """Return the rules that are wanted."""
        given = self.cleaned_data
        return {kept.key: given[kept.key] for kept in kinds() if given.get(kept.key)}

    def clean(self) -> dict[str, Any]:
        """Ask for the word where more would go than before."""
        data = super().clean() or self.cleaned_data
        self.asks = services.is_stricter(self.months(), than=self.former)
        if self.asks and data.get("confirmed", "").strip().casefold() != self.word.casefold():
            text = gettext("Type the word “%(word)s”: what is erased cannot be brought back.")
            self.add_error("confirmed", text % {"word": self.word})
        return data
