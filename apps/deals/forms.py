"""The forms of the room of deals."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core import objects, tagging
from apps.core.objects import Field
from apps.counterparties.selectors import people
from apps.deals.models import (
    Deal,
    DealSettings,
    Document,
    EntersOn,
    LossReason,
    Quotation,
    Source,
    Stage,
)
from apps.deals.selectors.finding import stages_by_pipeline
from apps.sales.forms import CURRENCIES, CustomerForm, DateInput, Number
from apps.sales.selectors import editor_choices

EMPTY = [("", "—")]


class DealForm(CustomerForm):
    """The head of a deal."""

    name = forms.CharField(label=_("Name"), max_length=250, required=False)
    stage = forms.ChoiceField(label=_("Stage"))
    owner = forms.ChoiceField(label=_("Responsible"), required=False)
    amount = Number(
        label=_("Amount"), max_digits=18, decimal_places=2, required=False, min_value=Decimal(0)
    )
    currency = forms.ChoiceField(label=_("Currency"))
    expected_on = forms.DateField(label=_("Expected on"), required=False, widget=DateInput)
    source = forms.ChoiceField(label=_("Source"), required=False)
    price_type = forms.ChoiceField(label=_("Price type"), required=False)
    is_tax_included = forms.BooleanField(label=_("Prices include tax"), required=False)
    contract = forms.CharField(label=_("Contract"), max_length=100, required=False)
    comment = forms.CharField(
        label=_("Comment"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    tags = forms.CharField(label=_("Tags"), max_length=1000, required=False)
    seen = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    field_order = ("name", "counterparty_name")

    def __init__(
        self, *args: Any, currency: str, by: Any = None, chosen: UUID | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        grouped = [
            (name, [(str(stage.pk), stage.name) for stage in stages])
            for name, stages in stages_by_pipeline().items()
        ]
        _choices(self, "stage", grouped if len(grouped) > 1 else grouped[0][1] if grouped else [])
        self.has_stages = bool(grouped)
        offered = editor_choices(by, price_type=chosen)  # people and price types in one query
        _choices(self, "owner", [*EMPTY, *offered.responsible])
        _choices(self, "source", [*EMPTY, *Source.choices])
        _choices(self, "price_type", [*EMPTY, *offered.price_type])
        codes = dict.fromkeys([currency, *CURRENCIES])
        _choices(self, "currency", [(code, code) for code in codes])

    def clean_name(self) -> str:
        """Ask for a name; a deal with lines has got one from them."""
        name = str(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(self.fields["name"].error_messages["required"])
        return name

    def values(self) -> dict[str, Any]:
        """Return what was typed by key of the kind's field."""
        data = self.cleaned_data
        plain = (
            "name", "amount", "currency", "expected_on", "source", "is_tax_included", "contract",
            "comment",
        )  # fmt: skip
        return {name: data[name] for name in plain} | {
            "counterparty": data["counterparty"],
            "stage": UUID(data["stage"]),
            "owner": UUID(data["owner"]) if data["owner"] else None,
            "price_type": UUID(data["price_type"]) if data["price_type"] else None,
            "amount": data["amount"] or Decimal(0),
            "tags": tagging.tags_called(data["tags"].split(",")),
        }

    @staticmethod
    def initial_of(deal: Deal) -> dict[str, Any]:
        """Return the head of a deal as the form shows it."""
        names = (
            "name", "currency", "expected_on", "source", "is_tax_included", "contract", "comment",
        )  # fmt: skip
        return {name: getattr(deal, name) for name in names} | {
            "amount": f"{deal.amount:f}",
            "counterparty": deal.counterparty_id,
            "counterparty_name": deal.counterparty.name,
            "stage": deal.stage_id,
            "owner": deal.owner_id or "",
            "price_type": deal.price_type_id or "",
            "tags": tagging.typed(deal.tags),
            "seen": deal.updated_at.isoformat(),
        }

    def shown(self, name: str, value: Any) -> str:
        """Return a value of a field as a person reads it."""
        field = self.fields.get(name)
        if value in (None, ""):
            return "—"
        if isinstance(field, forms.ChoiceField):
            return _labels(field).get(str(value), str(value))
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        return str(value)


class StageForm(forms.Form):
    """What a stage asks for, in a small form: only the fields that are missing."""

    def __init__(self, *args: Any, deal: Deal, stage: Stage, missing: Sequence[str], **kw: Any):
        super().__init__(*args, **{"label_suffix": "", **kw})
        self.deal, self.stage = deal, stage
        kind = objects.kind("deals")
        for key in missing:
            field = _form_field(kind.field(key))
            field.required = True
            self.fields[key] = field
        if "loss_reason" in missing:
            self.fields["loss_comment"] = forms.CharField(
                label=_("About the loss"), required=False, max_length=500
            )

    def values(self) -> dict[str, Any]:
        """Return what was entered by key of the kind's field."""
        kind = objects.kind("deals")
        return {
            key: UUID(value) if kind.field(key).type in ("user", "relation") else value
            for key, value in self.cleaned_data.items()
        }


class QuotationForm(forms.Form):
    """What may change of a quotation."""

    valid_until = forms.DateField(label=_("Valid until"), widget=DateInput)
    terms = forms.CharField(
        label=_("Terms"), required=False, widget=forms.Textarea(attrs={"rows": 5})
    )

    @staticmethod
    def initial_of(quotation: Quotation) -> dict[str, Any]:
        """Return a quotation as the form shows it."""
        return {"valid_until": quotation.valid_until, "terms": quotation.terms}


class PipelineForm(forms.Form):
    """A pipeline."""

    name = forms.CharField(label=_("Name"), max_length=100)
    is_default = forms.BooleanField(label=_("New deals begin here"), required=False)


class StageEditForm(forms.Form):
    """A stage of a pipeline."""

    name = forms.CharField(label=_("Name"), max_length=100)
    probability = forms.IntegerField(label=_("Probability, %"), min_value=0, max_value=100)
    rotting_days = forms.IntegerField(
        label=_("Untouched for too long after, days"), min_value=1, max_value=999, required=False
    )
    most_deals = forms.IntegerField(
        label=_("At most, deals"), min_value=1, max_value=9999, required=False
    )
    required_fields = forms.MultipleChoiceField(
        label=_("Fields that must be filled"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    makes = forms.ChoiceField(label=_("Makes a document"), required=False)
    enters_on = forms.ChoiceField(label=_("Deals come here by themselves when"), required=False)

    OF_OPEN = ("probability", "rotting_days", "most_deals")  # won is certain, lost is impossible

    def __init__(self, *args: Any, stage: Stage | None = None, **kwargs: Any) -> None:
        initial = self.initial_of(stage) if stage is not None else {"probability": 50}
        super().__init__(*args, **{"label_suffix": "", "initial": initial, **kwargs})
        if stage is not None and stage.kind != "open":
            for name in self.OF_OPEN:
                self.fields[name].required = False
                self.fields[name].disabled = True
        kind = objects.kind("deals")
        fixed = {"name", "counterparty", "pipeline", "stage", "currency", "loss_reason"}
        _choices(
            self, "required_fields",
            [
                (each.key, str(each.label))
                for each in objects.fields_of(kind)
                if each.is_writable and each.key not in fixed
            ],
        )  # fmt: skip
        _choices(self, "makes", [("", gettext("Nothing")), *Document.choices])
        _choices(self, "enters_on", [("", gettext("Only by hand")), *EntersOn.choices])

    @staticmethod
    def initial_of(stage: Stage) -> dict[str, Any]:
        """Return a stage as the form shows it."""
        names = (
            "name", "probability", "rotting_days", "most_deals", "required_fields", "makes",
            "enters_on",
        )  # fmt: skip
        return {name: getattr(stage, name) for name in names}


class ReasonsForm(forms.Form):
    """The reasons of loss, one a line."""

    names = forms.CharField(
        label=_("Reasons of loss, one a line"), widget=forms.Textarea(attrs={"rows": 7}),
        required=False,
    )  # fmt: skip


class RulesForm(forms.Form):
    """The rules of selling."""

    discount_limit = Number(
        label=_("Discount without approval up to, %"), max_digits=5, decimal_places=2,
        min_value=Decimal(0), max_value=Decimal(100),
    )  # fmt: skip
    quotation_days = forms.IntegerField(
        label=_("A quotation is valid for, days"), min_value=1, max_value=999
    )
    quotation_terms = forms.CharField(
        label=_("Terms on every quotation"), required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip

    @staticmethod
    def initial_of(rules: DealSettings) -> dict[str, Any]:
        """Return the rules as the form shows them."""
        return {
            "discount_limit": f"{rules.discount_limit.normalize():f}",
            "quotation_days": rules.quotation_days,
            "quotation_terms": rules.quotation_terms,
        }


class DecisionForm(forms.Form):
    """Why a quotation is not approved, or was declined."""

    reason = forms.CharField(label=pgettext_lazy("why", "Reason"), max_length=500, required=False)


def _form_field(field: Field) -> forms.Field:
    """Return the form field in which a field of a kind is entered."""
    if field.key == "loss_reason":
        rows = LossReason.objects.filter(is_archived=False).order_by("position", "id")
        reasons = [(str(row.pk), row.name) for row in rows]
        return forms.ChoiceField(
            label=str(field.label), choices=reasons, widget=forms.RadioSelect
        )
    if field.type in ("money", "number", "quantity"):
        least = Decimal("0.01") if field.type == "money" else None
        return Number(label=str(field.label), max_digits=18, decimal_places=2, min_value=least)
    if field.type == "date":
        return forms.DateField(label=str(field.label), widget=DateInput)
    if field.type == "user":
        return forms.ChoiceField(label=str(field.label), choices=[*EMPTY, *_people()])
    if field.type == "choice":
        return forms.ChoiceField(label=str(field.label), choices=[*EMPTY, *field.offered()])
    if field.type == "boolean":
        return forms.BooleanField(label=str(field.label))
    widget = forms.Textarea(attrs={"rows": 3}) if field.type == "long_text" else None
    return forms.CharField(label=str(field.label), max_length=2000, widget=widget)


def _people() -> list[tuple[str, str]]:
    return [(str(user.pk), str(user)) for user in people()]


def _choices(form: forms.Form, name: str, choices: Any) -> None:
    cast(forms.ChoiceField, form.fields[name]).choices = choices


def _labels(field: forms.ChoiceField) -> dict[str, str]:
    found: dict[str, str] = {}
    for value, label in cast(Any, field.choices):
        if isinstance(label, list | tuple):
            found |= {str(key): str(text) for key, text in label}
        else:
            found[str(value)] = str(label)
    return found


def owner_of(text: str) -> User | None:
    """Return the person an address or a form names; ``None`` when it is none."""
    try:
        return User.objects.filter(pk=UUID(text), is_active=True).first()
    except ValueError:
        return None
