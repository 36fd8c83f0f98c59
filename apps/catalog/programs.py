"""Products as programs write them: those made in the CRM, as their form does.

What 1C owns is read here and refused when it is written; own fields are written of every product.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.catalog import kinds, services
from apps.catalog.forms import ProductForm
from apps.catalog.models import Product, Unit
from apps.core import objects
from apps.core.objects import Action, Field, Refused

WRITTEN = (
    "name", "article", "code", "barcode", "description", "group", "manufacturer", "is_service",
    "tax_rate", "weight",
)  # fmt: skip


@transaction.atomic
def save(
    *,
    values: Mapping[str, Any],
    by: Any,
    key: UUID | None = None,
    seen: datetime | None = None,
) -> Product:
    """Make a product of the CRM's own or change one; see ``apps.core.objects.Save``."""
    product = kinds.save(values={}, by=by, key=key, seen=seen) if key is not None else None
    if product is not None and not values:
        return product  # own fields alone are kept beside it
    if product is not None and product.node_id is not None:
        raise Refused({name: [_managed(product)] for name in values})
    held = ProductForm.initial_of(product) if product is not None else {}
    given = {name: value for name, value in values.items() if name != "unit"}
    if "unit" in values:
        given["unit"] = _unit(str(values["unit"] or ""))
    form = ProductForm(held | given)
    if not form.is_valid():
        raise Refused({name: [str(each) for each in told] for name, told in form.errors.items()})
    if product is None:
        return services.create_product(values=form.values())
    return services.change_product(product_id=product.pk, values=form.values())


def _archive(is_archived: bool) -> Callable[..., Product]:
    def run(*, key: UUID, values: Mapping[str, Any], by: Any) -> Product:
        """Archive a product of the CRM's own, or bring it back."""
        try:
            services.archive_products(product_ids=[key], is_archived=is_archived)
        except services.ManagedIn1C as refusal:
            raise Refused({"": [
                _("“%(name)s” is managed in 1C: archive it there. Nothing was changed.")
                % {"name": refusal.row}
            ]}) from None  # fmt: skip
        return Product.objects.get(pk=key)

    return run


def _managed(product: Product) -> str:
    return _(
        "“%(name)s” is managed in 1C: change it there, it comes here with the next exchange."
    ) % {"name": product.name}


def _unit(name: str) -> UUID | None:
    """Return the unit that is called so.

    :raises Refused: there is none.
    """
    if not name:
        return None
    found = Unit.objects.filter(name=name, is_archived=False).order_by("pk").first()
    if found is None:
        raise Refused({"unit": [_("There is no such object.")]})
    return found.pk


def _written(field: Field) -> Field:
    if field.key not in (*WRITTEN, "unit"):
        return field
    return replace(field, is_writable=True, is_required=field.key == "name")


_registered = objects.kind("products")
objects.register_for_programs(
    replace(
        _registered,
        fields=tuple(_written(each) for each in _registered.fields),
        save=save,
        is_creatable=True,
        actions=(
            Action("archive", gettext_lazy("Archive"), "products.delete", _archive(True)),
            Action("bring-back", gettext_lazy("Bring back"), "products.delete", _archive(False)),
        ),
    )
)
