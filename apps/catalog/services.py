"""What people and 1C do with the catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import BinaryIO, Literal
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from apps.catalog.folding import fold
from apps.catalog.models import ArrivedFile, Price, PriceType, Product, ProductFile

FILE_LIMIT = 50 * 1024 * 1024
Outcome = Literal["created", "changed", "unchanged"]


class CatalogError(Exception):
    """A refusal of the catalogue."""


class FileRefused(CatalogError):
    """The file is larger than the catalogue keeps."""


class ManagedIn1C(CatalogError):
    """1C owns the row: it is changed there and comes here with the next exchange."""

    def __init__(self, row: Product | PriceType) -> None:
        super().__init__(str(row))
        self.row = row


@dataclass(frozen=True)
class ProductValues:
    """What a person may say of a product made in the CRM."""

    name: str
    article: str = ""
    code: str = ""
    barcode: str = ""
    description: str = ""
    manufacturer: str = ""
    group_id: UUID | None = None
    unit_id: UUID | None = None
    tax_rate: Decimal | None = None
    weight: Decimal | None = None
    is_service: bool = False


# Products made in the CRM -----------------------------------------------------------------------


@transaction.atomic
def create_product(*, values: ProductValues) -> Product:
    """Create a product of the CRM's own."""
    product = Product()
    _apply(product, values)
    product.save(force_insert=True)
    return product


@transaction.atomic
def change_product(*, product_id: UUID, values: ProductValues) -> Product:
    """Change a product of the CRM's own; values that are the same write nothing.

    :raises ManagedIn1C: 1C owns it; nothing was changed.
    :raises Product.DoesNotExist: there is no such product.
    """
    product = Product.objects.select_for_update().get(pk=product_id)
    _require_own(product)
    if _apply(product, values):
        product.save()
    return product


@transaction.atomic
def archive_products(*, product_ids: Sequence[UUID], is_archived: bool = True) -> int:
    """Archive products of the CRM's own or bring them back; return how many changed.

    :raises ManagedIn1C: 1C owns one of them; none was changed.
    """
    found = list(Product.objects.select_for_update().filter(pk__in=product_ids).order_by("pk"))
    for product in found:
        _require_own(product)
    changed = [product for product in found if product.is_archived != is_archived]
    for product in changed:
        product.is_archived = is_archived
        product.save(update_fields=["is_archived", "updated_at"])
    return len(changed)


@transaction.atomic
def set_price(*, product_id: UUID, price_type_id: UUID, amount: Decimal) -> Price:
    """Set the price of a product of the CRM's own; the same price again writes nothing.

    :raises ManagedIn1C: 1C owns the product or the price type; the price stays.
    """
    product = Product.objects.select_for_update().get(pk=product_id)
    _require_own(product)
    price_type = PriceType.objects.get(pk=price_type_id)
    if price_type.node_id is not None:
        raise ManagedIn1C(price_type)
    price, is_new = Price.objects.get_or_create(
        product=product,
        characteristic=None,
        price_type=price_type,
        defaults={"amount": amount, "currency": price_type.currency},
    )
    if not is_new and price.amount != amount:
        price.amount = amount
        price.save(update_fields=["amount", "updated_at"])
    return price


def _require_own(product: Product) -> None:
    if product.node_id is not None:
        raise ManagedIn1C(product)


def _apply(product: Product, values: ProductValues) -> bool:
    """Write the values into the product; tell whether any was different."""
    wanted = {
        **values.__dict__,
        "sort_name": fold(values.name)[:500],
    }
    changed = {name: value for name, value in wanted.items() if getattr(product, name) != value}
    for name, value in changed.items():
        setattr(product, name, value)
    return bool(changed)


# Files of 1C ------------------------------------------------------------------------------------


def stored_as(digest: str) -> str:
    """Return the name under which the storage holds bytes with this digest."""
    return f"catalog/{digest[:2]}/{digest}"


@transaction.atomic
def attach_file(
    *, node_id: UUID, path: str, source: BinaryIO, digest: str, size: int, now: datetime
) -> Outcome:
    """Keep the bytes 1C sent under ``path`` and give them to the products that name it.

    Products that name the path later get them then. Bytes of equal content are stored once.

    :raises FileRefused: they are larger than ``FILE_LIMIT``.
    """
    if size > FILE_LIMIT:
        raise FileRefused(path, size)
    arrived = ArrivedFile.objects.filter(node_id=node_id, path=path).first()
    name = stored_as(digest)
    if not default_storage.exists(name):
        default_storage.save(name, File(source))
    attached = (
        ProductFile.objects.filter(product__node_id=node_id, path=path)
        .exclude(digest=digest)
        .update(digest=digest, size=size, updated_at=now)
    )
    if arrived is None:
        ArrivedFile.objects.create(node_id=node_id, path=path, digest=digest, size=size)
        return "created"
    if arrived.digest == digest and not attached:
        return "unchanged"
    ArrivedFile.objects.filter(pk=arrived.pk).update(digest=digest, size=size, updated_at=now)
    return "changed"
