"""The form of a counterparty with its people and accounts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit
from uuid import UUID

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.rights import visible
from apps.core import requisites, tagging
from apps.core.folding import fold
from apps.counterparties import contacts, selectors
from apps.counterparties.contacts import PointValues
from apps.counterparties.models import (
    Counterparty,
    CounterpartyKind,
    CounterpartyStatus,
    DateKind,
    PointKind,
)
from apps.counterparties.services import (
    AccountValues,
    ContactValues,
    CounterpartyValues,
    DateValues,
)
from replication.nodes import offices_by_name, this_office
from tenants.current import current_company

MOST_ACCOUNTS, MOST_POINTS, MOST_DATES = 20, 30, 20  # of one customer


class CounterpartyForm(forms.Form):
    """What a person may say of a counterparty; check digits are looked at."""

    name = forms.CharField(
        label=_("Name"), max_length=250, widget=forms.TextInput({"autofocus": True})
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=CounterpartyKind.choices)
    status = forms.ChoiceField(
        label=_("Status"), choices=CounterpartyStatus.choices, required=False
    )
    is_customer = forms.BooleanField(label=_("Customer"), required=False)
    is_supplier = forms.BooleanField(label=_("Supplier"), required=False)
    is_partner = forms.BooleanField(label=_("Partner"), required=False)
    is_competitor = forms.BooleanField(label=_("Competitor"), required=False)
    is_vip = forms.BooleanField(label=_("VIP"), required=False)
    source = forms.CharField(label=_("Source"), max_length=80, required=False)
    website = forms.CharField(label=_("Website"), max_length=200, required=False)
    tags = forms.CharField(label=_("Tags"), max_length=1000, required=False)
    parent = forms.CharField(required=False, widget=forms.HiddenInput)
    parent_name = forms.CharField(label=_("Belongs to"), max_length=250, required=False)
    preferences = forms.CharField(
        label=_("Preferences"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
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

    def __init__(self, *args: Any, by: Any, but: UUID | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.by, self.but = by, but
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

    def clean_status(self) -> str:
        return self.cleaned_data["status"] or self.initial.get("status") or "customer"

    def clean_phone(self) -> str:
        return self._checked(
            "phone", self.cleaned_data["phone"].strip(),
            contacts.problem(PointKind.PHONE, self.cleaned_data["phone"]),
        )  # fmt: skip

    def clean_website(self) -> str:
        """Keep what browsers can open; ``www.`` alone is told as https."""
        address = str(self.cleaned_data["website"]).strip()
        if not address or address == self.initial.get("website"):
            return address
        if "://" not in address:
            address = f"https://{address}"
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or "." not in parts.netloc:
            raise forms.ValidationError(gettext("A website looks like www.example.com."))
        return address

    def clean_parent(self) -> UUID | None:
        """Return the key that was chosen; where only a name was typed, the one who is called so."""
        return chosen_counterparty(self, "parent", by=self.by, but=self.but)

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
                currency=current_company().currency,
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
        others = {"office", "tags", "parent", "parent_name"}
        names = [name for name in CounterpartyForm.base_fields if name not in others]
        return {name: getattr(partner, name) for name in names} | {
            "office": partner.office_id,
            "tags": tagging.typed(partner.tags),
            "parent": str(partner.parent_id or ""),
            "parent_name": partner.parent.name if partner.parent else "",
        }

    def values(self, rows: Rows, partner: Counterparty | None = None) -> CounterpartyValues:
        """Return what was typed as the service takes it; ``partner`` is what stands there now.

        What the form did not carry stays as it is.
        """
        data = dict(self.cleaned_data)
        responsible = data.pop("responsible")
        parent_id = data.pop("parent")
        data.pop("parent_name")
        office_id = data.pop("office", partner.office_id if partner else None)
        return CounterpartyValues(
            **data | {"tags": tagging.tags_called(data["tags"].split(","))},
            rejected_because=partner.rejected_because if partner else "",
            responsible_id=responsible.pk if responsible else None,
            office_id=office_id,
            parent_id=parent_id,
            contact_persons=_values(rows.people, ContactValues, "full_name"),
            bank_accounts=_values(rows.accounts, AccountValues, "number"),
            points=_values(rows.points, PointValues, "value"),
            dates=_values(rows.dates, DateValues, "on"),
        )


@dataclass(frozen=True)
class Rows:
    """The lists within a form; ``None`` where the form did not carry one."""

    people: forms.BaseFormSet[Any] | None = None
    accounts: forms.BaseFormSet[Any] | None = None
    points: forms.BaseFormSet[Any] | None = None
    dates: forms.BaseFormSet[Any] | None = None

    def are_valid(self) -> bool:
        """Look at all of them, so that every mistake is named at once."""
        lists = (self.people, self.accounts, self.points, self.dates)
        told = [each.is_valid() for each in lists if each is not None]
        return all(told)


def chosen_counterparty(
    form: forms.Form, name: str, *, by: Any, but: UUID | None = None
) -> UUID | None:
    """Return the counterparty chosen in a box: its key, or the only one called as was typed.

    Only those that the person may see; whoever stands there already stays.

    :raises ValidationError: nobody, or several, are called so.
    """
    typed = str(form.data.get(form.add_prefix(f"{name}_name"), "")).strip()
    key = as_key(str(form.cleaned_data.get(name) or ""))
    if not typed and f"{name}_name" in form.fields:
        return None
    if key is not None and str(key) == str(form.initial.get(name)):
        return key
    rows = visible(by, Counterparty.objects.all(), "counterparties.view")
    if key is not None and rows.filter(pk=key).exclude(pk=but).exists():
        return key
    called = rows.filter(sort_name=fold(typed)[:250], is_archived=False)
    found = list(called.exclude(pk=but).values_list("pk", flat=True)[:2])
    if len(found) == 1:
        return UUID(str(found[0]))
    text = gettext("Nobody is called “%(name)s”: choose from the list.") % {"name": typed}
    raise forms.ValidationError(text)


def as_key(text: str) -> UUID | None:
    """Return a key; ``None`` for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


class PointForm(forms.Form):
    """A further phone, e-mail or address; an emptied value takes it away."""

    kind = forms.ChoiceField(label=_("Kind"), choices=PointKind.choices, required=False)
    value = forms.CharField(label=_("Value"), max_length=500, required=False)
    label = forms.CharField(label=_("Label"), max_length=40, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["kind"] = data.get("kind") or PointKind.PHONE
        data["value"] = str(data.get("value", "")).strip()
        is_as_before = data["value"] == self.initial.get("value")
        problem = contacts.problem(data["kind"], data["value"]) if data["value"] else ""
        if problem and not is_as_before:
            self.add_error("value", problem)
        return data


class DateForm(forms.Form):
    """A day that matters; an emptied day takes it away."""

    on = forms.DateField(
        label=_("Date"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=DateKind.choices, required=False)
    label = forms.CharField(label=_("What it is"), max_length=100, required=False)
    is_yearly = forms.BooleanField(label=_("every year"), required=False, initial=True)

    def clean_kind(self) -> str:
        return str(self.cleaned_data["kind"] or DateKind.BIRTHDAY)


class ContactForm(forms.Form):
    """A contact person; an emptied name takes the person away."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    full_name = forms.CharField(
        label=pgettext_lazy("person", "Name"), max_length=150, required=False
    )
    job_title = forms.CharField(label=_("Job title"), max_length=150, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=50, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"]).strip()
        before = str(self.initial.get("phone") or "")
        return _checked(phone, "" if phone == before else contacts.problem("phone", phone))


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
            data[name] == str(self.initial.get(name) or "")
            for name in ("number", "bank_code", "correspondent_account")
        )
        problems = requisites.problems_of_account(
            number=data["number"], bank_code=data["bank_code"],
            correspondent_account=data["correspondent_account"],
        )  # fmt: skip
        for name, problem in problems.items() if not is_as_before else ():
            self.add_error(name, problem)
        return data


ContactFormSet = forms.formset_factory(ContactForm, extra=1, max_num=50)
AccountFormSet = forms.formset_factory(AccountForm, extra=1, max_num=MOST_ACCOUNTS)
PointFormSet = forms.formset_factory(PointForm, extra=1, max_num=MOST_POINTS)
DateFormSet = forms.formset_factory(DateForm, extra=1, max_num=MOST_DATES)
V = TypeVar("V")


def _values(
    formset: forms.BaseFormSet[Any] | None, made: Callable[..., V], key: str
) -> list[V] | None:
    """Return the rows that hold anything under ``key``, each value once."""
    if formset is None:
        return None
    found: dict[Any, V] = {}
    for form in formset:
        row = getattr(form, "cleaned_data", {})
        if row.get(key):
            told = {name: row[name] for name in form.fields if row.get(name) is not None}
            found.setdefault((row[key], row.get("kind")), made(**told))
    return list(found.values())


def _checked(value: str, problem: str) -> str:
    if problem:
        raise forms.ValidationError(problem)
    return value
