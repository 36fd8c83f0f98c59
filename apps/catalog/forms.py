"""The form of a product made in the CRM."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.catalog.models import Product, ProductGroup, Unit
from apps.catalog.services import ProductValues


class ProductForm(forms.Form):
    """What a person may say of a product that 1C does not own."""

    name = forms.CharField(label=_("Name"), max_length=500)
    article = forms.CharField(label=_("Article"), max_length=100, required=False)
    code = forms.CharField(label=_("Code"), max_length=50, required=False)
    barcode = forms.CharField(label=_("Barcode"), max_length=50, required=False)
    group = forms.ModelChoiceField(
        label=_("Group"),
        queryset=ProductGroup.objects.filter(is_archived=False).order_by("name", "id"),
        required=False,
    )
    unit = forms.ModelChoiceField(
        label=_("Base unit"),
        queryset=Unit.objects.filter(is_archived=False).order_by("name", "id"),
        required=False,
    )
    manufacturer = forms.CharField(label=_("Manufacturer"), max_length=250, required=False)
    tax_rate = forms.DecimalField(
        label=_("Tax rate, %"), min_value=0, max_value=100, decimal_places=2, required=False
    )
    weight = forms.DecimalField(
        label=_("Weight, kg"), min_value=0, max_digits=15, decimal_places=3, required=False
    )
    is_service = forms.BooleanField(label=_("This is a service"), required=False)
    description = forms.CharField(
        label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 5})
    )

    @staticmethod
    def initial_of(product: Product) -> dict[str, Any]:
        """Return the values of a product as the form shows them."""
        names = (
            "name article code barcode group unit manufacturer tax_rate weight is_service"
            " description"
        )
        return {name: getattr(product, name) for name in names.split()}

    def values(self) -> ProductValues:
        """Return what was typed as the service takes it."""
        data = dict(self.cleaned_data)
        group, unit = data.pop("group"), data.pop("unit")
        return ProductValues(
            **data, group_id=group.pk if group else None, unit_id=unit.pk if unit else None
        )
