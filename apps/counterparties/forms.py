"""The form of a counterparty with its people and accounts."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django import forms
from django.db import connection
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import requisites
from apps.counterparties import selectors
from apps.counterparties.models import Counterparty, CounterpartyKind
from apps.counterparties.services import AccountValues, ContactValues, CounterpartyValues
from replication.nodes import offices_by_name, this_office


class CounterpartyForm(forms.Form):
    """What a person may say of a counterparty; check digits are looked at."""

    name = forms.CharField(label=_("Name"), max_length=250)
    kind = forms.ChoiceField(label=_("Kind"), choices=CounterpartyKind.choices)
    full_name = forms.CharField(label=_("Full name"), max_length=500, required=False)
    tax_number = forms.CharField(label=_("Tax number"), max_length=20, required=False)
    tax_reason_code = forms.CharField(
        label=_("Tax reason code (KPP)"), max_length=9, required=False
    )
    registration_number = forms.CharField(
        label=_("Registration number"), max_length=20, required=False
    )
    phone = forms.CharField(label=_("Phone"), max_length=50, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    responsible = forms.ModelChoiceField(
        label=_("Responsible"), queryset=User.objects.none(), required=False
    )
    office = forms.TypedChoiceField(
        label=_("Served by"), required=False, coerce=UUID, empty_value=None
    )
    legal_address = forms.CharField(label=_("Legal address"), max_length=500, required=False)
    address = forms.CharField(label=_("Address"), max_length=500, required=False)
    card_number = forms.CharField(label=_("Customer card"), max_length=60, required=False)
    comment = forms.CharField(
        label=_("Comment"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, but: UUID | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.but = but
        people = User.objects.filter(is_active=True).order_by("full_name", "email", "id")
        cast("forms.ModelChoiceField[User]", self.fields["responsible"]).queryset = people
        offices = offices_by_name()
        if offices and this_office() is None:
            named = [(str(key), name) for key, name in offices.items()]
            cast("forms.TypedChoiceField", self.fields["office"]).choices = [
                ("", _("the centre")), *named
            ]  # fmt: skip
        else:
            del self.fields["office"]

    def clean_card_number(self) -> str:
        number = selectors.bare_card(self.cleaned_data["card_number"])
        others = [each for each in selectors.having_card(number) if each.pk != self.but]
        if others:
            raise forms.ValidationError(
                gettext("“%(name)s” has this card already.") % {"name": others[0].name}
            )
        return number

    def clean_tax_number(self) -> str:
        number = "".join(self.cleaned_data["tax_number"].split())
        return self._checked(
            "tax_number",
            number,
            requisites.tax_number_problem(
                number,
                currency=connection.tenant.currency,  # type: ignore[attr-defined]
            ),
        )

    def clean_tax_reason_code(self) -> str:
        code = "".join(self.cleaned_data["tax_reason_code"].split())
        return self._checked("tax_reason_code", code, requisites.reason_code_problem(code))

    def clean_registration_number(self) -> str:
        number = "".join(self.cleaned_data["registration_number"].split())
        return self._checked(
            "registration_number", number, requisites.registration_number_problem(number)
        )

    def _checked(self, name: str, value: str, problem: str) -> str:
        before = str(self.initial.get(name) or "")
        return _checked(value, requisites.problem_unless(before, value, problem))

    @staticmethod
    def initial_of(partner: Counterparty) -> dict[str, Any]:
        """Return the values of a counterparty as the form shows them."""
        names = [name for name in CounterpartyForm.base_fields if name != "office"]
        return {"office": partner.office_id} | {name: getattr(partner, name) for name in names}

    def values(
        self, people: forms.BaseFormSet[Any], accounts: forms.BaseFormSet[Any],
        partner: Counterparty | None = None,
    ) -> CounterpartyValues:  # fmt: skip
        """Return what was typed as the service takes it; ``partner`` is what stands there now."""
        data = dict(self.cleaned_data)
        responsible = data.pop("responsible")
        office_id = data.pop("office", partner.office_id if partner else None)
        return CounterpartyValues(
            **data,
            responsible_id=responsible.pk if responsible else None,
            office_id=office_id,
            contact_persons=[ContactValues(**row) for row in _rows(people, "full_name")],
            bank_accounts=[AccountValues(**row) for row in _rows(accounts, "number")],
        )


class ContactForm(forms.Form):
    """A contact person; an emptied name takes the person away."""

    full_name = forms.CharField(
        label=pgettext_lazy("person", "Name"), max_length=150, required=False
    )
    job_title = forms.CharField(label=_("Job title"), max_length=150, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=50, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)


class AccountForm(forms.Form):
    """A bank account; an emptied number takes the account away."""

    number = forms.CharField(label=_("Account number or IBAN"), max_length=40, required=False)
    bank_name = forms.CharField(label=_("Bank"), max_length=250, required=False)
    bank_code = forms.CharField(label=_("BIC"), max_length=20, required=False)
    correspondent_account = forms.CharField(
        label=_("Correspondent account"), max_length=40, required=False
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("number", "bank_code", "correspondent_account"):
            data[name] = "".join(data.get(name, "").split())
        is_as_before = all(
            data[name] == str(self.initial.get(name) or "") for name in ("number", "bank_code")
        )
        for name, problem in (
            ("bank_code", requisites.bank_code_problem(data["bank_code"])),
            ("number", requisites.account_problem(data["number"], data["bank_code"])),
        ):
            if problem and not is_as_before:
                self.add_error(name, problem)
        return data


ContactFormSet = forms.formset_factory(ContactForm, extra=1, max_num=50)
AccountFormSet = forms.formset_factory(AccountForm, extra=1, max_num=20)


def _rows(formset: forms.BaseFormSet[Any], key: str) -> list[dict[str, Any]]:
    """Return the rows that hold anything under ``key``, each key once."""
    found: dict[str, dict[str, Any]] = {}
    for form in formset:
        row = getattr(form, "cleaned_data", {})
        if row.get(key):
            found.setdefault(row[key], {name: row.get(name, "") for name in form.fields})
    return list(found.values())


def _checked(value: str, problem: str) -> str:
    if problem:
        raise forms.ValidationError(problem)
    return value
