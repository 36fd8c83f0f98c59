"""The forms of our own organizations and of the company's settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core import requisites
from apps.core.models import Organization, StockCheck
from apps.core.organizations import FIELDS
from tenants.current import current_company

LONGEST_PREFIX = 2  # with year, block and five digits a number stays within 11 characters


class OrganizationForm(forms.ModelForm):  # type: ignore[type-arg]  # no subscript at run time
    """Requisites of an organization; check digits are looked at."""

    class Meta:
        model = Organization
        fields = (*FIELDS, "is_default")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.fields["invoice_prefix"].widget.attrs["maxlength"] = LONGEST_PREFIX

    def clean_tax_number(self) -> str:
        number = _joined(self.cleaned_data["tax_number"])
        return self._checked(
            "tax_number",
            number,
            requisites.tax_number_problem(
                number,
                currency=current_company().currency,
            ),
        )

    def clean_tax_reason_code(self) -> str:
        code = _joined(self.cleaned_data["tax_reason_code"])
        return self._checked("tax_reason_code", code, requisites.reason_code_problem(code))

    def clean_registration_number(self) -> str:
        number = _joined(self.cleaned_data["registration_number"])
        return self._checked(
            "registration_number", number, requisites.registration_number_problem(number)
        )

    def _checked(self, name: str, value: str, problem: str) -> str:
        before = str(self.initial.get(name) or "")
        return _checked(value, requisites.problem_unless(before, value, problem))

    def clean_invoice_prefix(self) -> str:
        prefix = _joined(self.cleaned_data["invoice_prefix"]).upper()
        if prefix and not (prefix.isalpha() and len(prefix) <= LONGEST_PREFIX):
            # UNF tells numbers apart by their digits only: a digit here could make two alike.
            raise forms.ValidationError(gettext("A prefix is one or two letters, without digits."))
        return prefix

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("bank_code", "bank_account", "correspondent_account"):
            data[name] = _joined(data.get(name, ""))
        for name, problem in (
            ("bank_code", requisites.bank_code_problem(data["bank_code"])),
            ("bank_account", requisites.account_problem(data["bank_account"], data["bank_code"])),
            ("correspondent_account", requisites.correspondent_account_problem(
                data["correspondent_account"], data["bank_code"])),
        ):
            if problem:
                self.add_error(name, problem)
        return data

    def _post_clean(self) -> None:
        """Leave the row alone: the service writes it."""


class SettingsForm(forms.Form):
    """Settings of the company that concern invoices."""

    stock_check = forms.ChoiceField(
        label=_("When an invoice asks for more than is free"), choices=StockCheck.choices
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})


def _joined(text: str) -> str:
    return "".join(text.split())


def _checked(value: str, problem: str) -> str:
    if problem:
        raise forms.ValidationError(problem)
    return value
