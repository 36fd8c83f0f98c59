"""The forms of the sales room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.catalog.models import Characteristic, PriceType, Product
from apps.core import tagging
from apps.core.models import Organization
from apps.counterparties.models import Counterparty
from apps.inventory.models import Warehouse
from apps.sales.models import Invoice, TradeTerms
from apps.sales.selectors import EditorChoices
from apps.sales.services import InvoiceValues, LineValues

CURRENCIES = ("RUB", "TRY", "USD", "EUR", "KZT", "GBP")
LINE_FIELDS = (
    "id", "product", "characteristic", "name", "article", "unit", "quantity", "price",
    "discount", "tax_rate",
)  # fmt: skip
EMPTY_LINES = 1
MOST_LINES = 500


class Number(forms.DecimalField):
    """A number as people type it: comma or point, blanks between groups."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if isinstance(value, str):
            value = "".join(value.replace("\u202f", "").split()).replace("\u2212", "-")
            value = value.replace(",", ".") if value.count(",") == 1 else value
        return super().to_python(value)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {}


class DateInput(forms.DateInput):
    """A date field of the browser."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class CustomerForm(forms.Form):
    """A form with a customer, who comes by key, or by name from a page without scripts."""

    counterparty_name = forms.CharField(label=_("Customer"), max_length=250)
    counterparty = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, customers: QuerySet[Counterparty], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self._customers = customers  # whom the writer may see
        self.fields["counterparty_name"].widget.attrs |= {
            "autocomplete": "off", "data-customer": "",
        }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        name = data.get("counterparty_name", "")
        if name and not self._known(data.get("counterparty"), name):
            data["counterparty"] = self._by_name(name)
        return data

    def _known(self, key: UUID | None, name: str) -> bool:
        return key is not None and self._customers.filter(pk=key, name=name).exists()

    def _by_name(self, name: str) -> UUID | None:
        found = self._customers.filter(is_archived=False)
        keys = list(found.filter(name__iexact=name).values_list("pk", flat=True)[:2])
        keys = keys or list(found.filter(tax_number=name).values_list("pk", flat=True)[:2])
        if len(keys) == 1:
            return keys[0]
        self.add_error(
            "counterparty_name",
            gettext("Several counterparties are called so: choose one from the list.")
            if keys
            else gettext("There is no such counterparty: choose one from the list."),
        )
        return None


class InvoiceForm(CustomerForm):
    """The head of an invoice."""

    organization = forms.ModelChoiceField(
        label=_("Organization"), queryset=Organization.objects.none(), empty_label=None
    )
    issued_on = forms.DateField(label=_("Date"), widget=DateInput)
    due_on = forms.DateField(label=_("Pay before"), required=False, widget=DateInput)
    price_type = forms.ModelChoiceField(
        label=_("Price type"), queryset=PriceType.objects.none(), required=False
    )
    currency = forms.ChoiceField(label=_("Currency"))
    warehouse = forms.ModelChoiceField(
        label=_("Warehouse"), queryset=Warehouse.objects.none(), required=False
    )
    responsible = forms.ModelChoiceField(
        label=_("Responsible"), queryset=User.objects.none(), required=False
    )
    is_tax_included = forms.BooleanField(label=_("Prices include tax"), required=False)
    comment = forms.CharField(
        label=_("Comment"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    tags = forms.CharField(label=_("Tags"), max_length=1000, required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, queryset in _CHOSEN.items():
            _choice(self, name).queryset = queryset.all()
        codes = dict.fromkeys([currency, *CURRENCIES])
        cast(forms.ChoiceField, self.fields["currency"]).choices = [(code, code) for code in codes]

    def offer(self, choices: EditorChoices) -> None:
        """Let the page offer these choices; what is posted is looked up in the tables."""
        for name in _CHOSEN:
            offered = getattr(choices, name)
            is_needed = self.fields[name].required
            _choice(self, name).choices = offered if is_needed else [("", "—"), *offered]

    def narrow(self, *, price_types: QuerySet[PriceType]) -> None:
        """Take only these price types: those that the person sees."""
        _choice(self, "price_type").queryset = price_types

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        due = data.get("due_on")
        if due and data.get("issued_on") and due < data["issued_on"]:
            self.add_error("due_on", gettext("This is before the date of the invoice."))
        return data

    @staticmethod
    def initial_of(invoice: Invoice) -> dict[str, Any]:
        """Return the head of an invoice as the form shows it."""
        names = ("issued_on", "due_on", "currency", "is_tax_included", "comment", "version")
        return {name: getattr(invoice, name) for name in names} | {
            "organization": invoice.organization_id,
            "price_type": invoice.price_type_id,
            "warehouse": invoice.warehouse_id,
            "responsible": invoice.responsible_id,
            "counterparty": invoice.counterparty_id,
            "counterparty_name": invoice.counterparty.name,
            "tags": tagging.typed(invoice.tags),
        }

    def values(self, lines: LineForms) -> InvoiceValues:
        """Return what was typed as the services take it."""
        data = self.cleaned_data
        return InvoiceValues(
            counterparty_id=data["counterparty"],
            organization_id=data["organization"].pk,
            issued_on=data["issued_on"],
            currency=data["currency"],
            lines=lines.values(),
            due_on=data["due_on"],
            price_type_id=_pk(data["price_type"]),
            warehouse_id=_pk(data["warehouse"]),
            is_tax_included=data["is_tax_included"],
            comment=data["comment"],
            responsible_id=_pk(data["responsible"]),
            tags=tagging.tags_called(data["tags"].split(",")),
        )


_CHOSEN = {
    "organization": Organization.objects.filter(is_archived=False),
    "price_type": PriceType.objects.filter(is_archived=False),
    "warehouse": Warehouse.objects.filter(is_archived=False, is_total=False),
    "responsible": User.objects.filter(is_active=True),
}


class LineForm(forms.Form):
    """One line. A line without a name and a quantity is no line."""

    id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    product = forms.UUIDField(required=False, widget=forms.HiddenInput)
    characteristic = forms.UUIDField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Product or service"), max_length=500)
    article = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)
    unit = forms.CharField(label=_("Unit"), max_length=50, required=False)
    quantity = Number(
        label=_("Quantity"), max_digits=18, decimal_places=3, min_value=Decimal("0.001")
    )
    price = Number(label=_("Price"), max_digits=18, decimal_places=4, min_value=Decimal(0))
    discount = Number(
        label=_("Discount, %"), max_digits=5, decimal_places=2, required=False,
        min_value=Decimal(0), max_value=Decimal(100),
    )  # fmt: skip
    tax_rate = Number(
        label=_("Tax, %"), max_digits=5, decimal_places=2, required=False,
        min_value=Decimal(0), max_value=Decimal(100),
    )  # fmt: skip

    def values(self) -> LineValues:
        """Return the line as the services take it."""
        data = self.cleaned_data
        return LineValues(
            name=data["name"],
            quantity=data["quantity"],
            price=data["price"],
            product_id=data["product"],
            characteristic_id=data["characteristic"],
            article=data["article"],
            unit=data["unit"],
            discount_percent=data["discount"] or Decimal(0),
            tax_rate=data["tax_rate"],
            id=data["id"],
            is_tax_rate_given=True,
        )


class LineForms:
    """All lines of a page: parallel lists of fields, in the order of the page."""

    def __init__(self, forms_: list[LineForm]) -> None:
        self.forms = forms_

    @classmethod
    def posted(cls, data: QueryDict) -> LineForms:
        """Read the lines of a POST; empty ones are left out."""
        columns = [data.getlist(f"line_{name}") for name in LINE_FIELDS]
        rows = [dict(zip(LINE_FIELDS, row, strict=True)) for row in _zipped(columns)]
        rows = [row for row in rows if row["name"].strip() or row["quantity"].strip()]
        _resolve(rows)
        return cls([LineForm(_named(row), auto_id=f"line_{n}_%s") for n, row in enumerate(rows)])

    @classmethod
    def of_lines(cls, lines: Sequence[Any]) -> LineForms:
        """Show the lines of an invoice, or of what has lines like one."""
        made = [LineForm(initial=_shown(line), auto_id=f"line_{n}_%s")
                for n, line in enumerate(lines)]  # fmt: skip
        return cls(made)

    def is_valid(self) -> bool:
        """Tell whether every line can be taken."""
        checked = [form.is_valid() for form in self.forms]  # all of them, for all their errors
        return all(checked)

    def values(self) -> list[LineValues]:
        """Return the lines as the services take them."""
        return [form.values() for form in self.forms]

    def valid_values(self) -> list[LineValues | None]:
        """Return each line that can be taken, ``None`` for one that cannot yet."""
        return [form.values() if form.is_valid() else None for form in self.forms]

    def shown(self, *, empty: int = EMPTY_LINES) -> list[LineForm]:
        """Return the rows of the page: the lines and some empty ones."""
        start = len(self.forms)
        return [*self.forms, *(LineForm(auto_id=f"line_{start + n}_%s") for n in range(empty))]


class SendForm(forms.Form):
    """To whom an invoice is sent, and what the letter says."""

    to = forms.EmailField(label=pgettext_lazy("letter", "To"))
    subject = forms.CharField(label=_("Subject"), max_length=200)
    message = forms.CharField(label=_("Message"), widget=forms.Textarea(attrs={"rows": 7}))


class TermsForm(forms.Form):
    """How one sells to a counterparty."""

    price_type = forms.ModelChoiceField(
        label=_("Price type"), queryset=PriceType.objects.none(), required=False
    )
    payment_days = forms.IntegerField(label=_("Days to pay"), min_value=0, max_value=365)

    def __init__(self, *args: Any, price_types: QuerySet[PriceType], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        _choice(self, "price_type").queryset = price_types.order_by("name", "id")

    @staticmethod
    def initial_of(terms: TradeTerms | None) -> dict[str, Any]:
        """Return the terms as the form shows them."""
        if terms is None:
            return {"payment_days": 5}
        return {"price_type": terms.price_type_id, "payment_days": terms.payment_days}


def day(text: str) -> date | None:
    """Return the date an address holds; ``None`` when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _choice(form: forms.Form, name: str) -> forms.ModelChoiceField[Any]:
    return cast("forms.ModelChoiceField[Any]", form.fields[name])


def _pk(row: Any) -> UUID | None:
    return row.pk if row else None


def _zipped(columns: list[list[str]]) -> list[tuple[str, ...]]:
    """Return the rows of parallel columns; a page whose columns differ in length gives none."""
    if len({len(column) for column in columns}) != 1:
        return []
    return list(zip(*columns, strict=True))[:MOST_LINES]


def _named(row: dict[str, str]) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(row)
    return data


def _resolve(rows: list[dict[str, str]]) -> None:
    """Find the product of lines typed by article, barcode or whole name (a page without scripts).

    A key that names no product of this company is dropped.
    """
    keys = {row["product"] for row in rows if _is_uuid(row["product"])}
    known = {str(pk) for pk in Product.objects.filter(pk__in=keys).values_list("pk", flat=True)}
    variants = {row["characteristic"] for row in rows if _is_uuid(row["characteristic"])}
    owners = {
        str(pk): str(product)
        for pk, product in Characteristic.objects.filter(pk__in=variants).values_list(
            "pk", "product_id"
        )
    }
    for row in rows:
        if row["product"] not in known:
            row["product"] = row["characteristic"] = ""
        elif owners.get(row["characteristic"]) != row["product"]:
            row["characteristic"] = ""
        if not row["product"] and row["name"].strip():
            _find(row)


def _find(row: dict[str, str]) -> None:
    typed = row["name"].strip()
    same = Q(article__iexact=typed) | Q(barcode=typed)
    found = list(
        Product.objects.filter(same | Q(name=typed), is_archived=False)
        .select_related("unit")
        .order_by("id")[:2]
    )
    if len(found) == 1:
        [product] = found
        row |= {"product": str(product.pk), "name": product.name, "article": product.article}
        row["unit"] = row["unit"] or (product.unit.name if product.unit else "")
        if not row["tax_rate"].strip() and product.tax_rate is not None:
            row["tax_rate"] = f"{product.tax_rate.normalize():f}"


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _shown(line: Any) -> dict[str, Any]:
    def plain(number: Decimal | None) -> str:
        return "" if number is None else f"{number.normalize():f}"

    price = plain(line.price)
    return {
        "id": line.pk,
        "product": line.product_id or "",
        "characteristic": line.characteristic_id or "",
        "name": line.name,
        "article": line.article,
        "unit": line.unit,
        "quantity": plain(line.quantity),
        "price": price if len(price.partition(".")[2]) > 2 else f"{line.price:.2f}",
        "discount": plain(line.discount_percent) if line.discount_percent else "",
        "tax_rate": plain(line.tax_rate),
    }
