"""What is sold: groups, products, characteristics, properties, price types and prices."""

from __future__ import annotations

import uuid_utils.compat
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import BaseModel, Extensible, FromNode
from apps.core.searching import search_column, search_indexes


def unique_ref(name: str) -> models.UniqueConstraint:
    """One row for each identifier of a node."""
    return models.UniqueConstraint(
        fields=["node_id", "ref"], condition=models.Q(node_id__isnull=False), name=name
    )


class ProductGroup(BaseModel, FromNode):
    """A place in the tree of groups."""

    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="children"
    )
    # What 1C says stands above; the parent itself may come later.
    parent_ref = models.CharField(max_length=120, blank=True, editable=False)
    name = models.CharField(_("name"), max_length=250)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("product group")
        verbose_name_plural = _("product groups")
        constraints = [unique_ref("product_group_unique_ref")]

    def __str__(self) -> str:
        return self.name


class Unit(BaseModel, FromNode):
    """What a product is counted in."""

    code = models.CharField(_("code"), max_length=10, blank=True)
    name = models.CharField(_("name"), max_length=50)
    full_name = models.CharField(_("full name"), max_length=150, blank=True)
    international = models.CharField(_("international code"), max_length=10, blank=True)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [unique_ref("unit_unique_ref")]

    def __str__(self) -> str:
        return self.name


class Property(BaseModel, FromNode):
    """A property that products may have."""

    name = models.CharField(_("name"), max_length=250)
    value_type = models.CharField(max_length=10, default="string")
    is_multiple = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("property")
        verbose_name_plural = _("properties")
        constraints = [unique_ref("property_unique_ref")]

    def __str__(self) -> str:
        return self.name


class PropertyOption(BaseModel, FromNode):
    """An entry of a property's dictionary."""

    property = models.ForeignKey(Property, on_delete=models.CASCADE, related_name="options")
    value = models.TextField(_("value"))

    class Meta:
        verbose_name = _("property option")
        verbose_name_plural = _("property options")
        constraints = [
            models.UniqueConstraint(
                fields=["node_id", "property", "ref"], name="property_option_unique_ref"
            )
        ]

    def __str__(self) -> str:
        return self.value


class ProductCategory(BaseModel, FromNode):
    """«Категория» of 1C: names the kind of a product that does not say it itself."""

    name = models.CharField(_("name"), max_length=250)

    class Meta:
        verbose_name = _("product category")
        verbose_name_plural = _("product categories")
        constraints = [unique_ref("product_category_unique_ref")]

    def __str__(self) -> str:
        return self.name


class Product(BaseModel, FromNode, Extensible):
    """A nomenclature item.

    The indexes are few on purpose: each one is paid for by every row of an exchange.
    """

    name = models.CharField(_("name"), max_length=500)
    full_name = models.TextField(_("full name"), blank=True)
    code = models.CharField(_("code"), max_length=50, blank=True)
    article = models.CharField(_("article"), max_length=100, blank=True)
    barcode = models.CharField(_("barcode"), max_length=50, blank=True)
    description = models.TextField(_("description"), blank=True)
    group = models.ForeignKey(
        ProductGroup,
        verbose_name=_("group"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="products",
        db_index=False,  # product_by_group begins with it
    )
    unit = models.ForeignKey(
        Unit,
        verbose_name=_("base unit"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    manufacturer = models.CharField(_("manufacturer"), max_length=250, blank=True)
    country = models.CharField(_("country"), max_length=100, blank=True)
    kind = models.CharField(_("kind"), max_length=250, blank=True)
    is_service = models.BooleanField(_("service"), default=False)
    tax_rate = models.DecimalField(
        _("tax rate, %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    weight = models.DecimalField(
        _("weight, kg"), max_digits=15, decimal_places=3, null=True, blank=True
    )
    attributes = models.JSONField(default=dict, editable=False)  # {"Colour": "red"} as sent
    # Given by the database where an exchange writes rows past the ORM.
    custom = models.JSONField(default=dict, db_default={}, blank=True, editable=False)
    catalog_ref = models.CharField(max_length=120, blank=True, editable=False)
    sort_name = models.CharField(max_length=500, editable=False, default="")  # folded
    search_text = search_column("name", "article", "code", "barcode")

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [unique_ref("product_unique_ref")]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="product_by_name"),
            models.Index(fields=["group", "sort_name", "id"], name="product_by_group"),
            *search_indexes("product")[:1],  # by part only: an exchange pays for each index
        ]

    def __str__(self) -> str:
        return self.name


class ProductGroupLink(models.Model):
    """Further groups of a product; the first one stands on the product."""

    id = models.UUIDField(primary_key=True, default=uuid_utils.compat.uuid7, editable=False)
    product = models.ForeignKey(
        Product,
        on_delete=models.CASCADE,
        related_name="group_links",
        db_index=False,
        db_constraint=False,
    )
    group = models.ForeignKey(
        ProductGroup, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "group"], name="product_group_link_unique")
        ]

    def __str__(self) -> str:
        return f"{self.product_id} in {self.group_id}"


class ProductPropertyValue(BaseModel):
    """A value of a property of a product: an option, or free text."""

    product = models.ForeignKey(
        Product,
        on_delete=models.CASCADE,
        related_name="property_values",
        db_index=False,
        db_constraint=False,
    )
    property = models.ForeignKey(
        Property, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    option = models.ForeignKey(
        PropertyOption,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    value = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "product",
                "property",
                "option",
                models.functions.MD5("value"),
                name="product_property_value_unique",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return self.value


class Characteristic(BaseModel, FromNode):
    """A variant of a product."""

    product = models.ForeignKey(
        Product,
        on_delete=models.CASCADE,
        related_name="characteristics",
        db_index=False,
        db_constraint=False,
    )
    name = models.CharField(_("name"), max_length=500)
    article = models.CharField(_("article"), max_length=100, blank=True)
    barcode = models.CharField(_("barcode"), max_length=50, blank=True)
    values = models.JSONField(_("values"), default=dict)  # {"Colour": "red"}

    class Meta:
        verbose_name = _("characteristic")
        verbose_name_plural = _("characteristics")
        constraints = [
            models.UniqueConstraint(fields=["product", "ref"], name="characteristic_unique_ref")
        ]

    def __str__(self) -> str:
        return self.name


class PriceType(BaseModel, FromNode):
    """Retail, wholesale …"""

    name = models.CharField(_("name"), max_length=250)
    currency = models.CharField(_("currency"), max_length=3)
    is_tax_included = models.BooleanField(_("tax included"), default=True)
    is_default = models.BooleanField(_("used by default"), default=False)
    # What goods cost: seen by those who may see the cost. An exchange writes past the ORM.
    is_cost = models.BooleanField(_("the cost"), default=False, db_default=False)

    class Meta:
        verbose_name = _("price type")
        verbose_name_plural = _("price types")
        constraints = [unique_ref("price_type_unique_ref")]

    def __str__(self) -> str:
        return self.name


class Price(BaseModel):
    """An amount for one product (or one characteristic of it) and price type.

    Without foreign key constraints, like all that comes with the products: they cost 20 µs a row
    and three quarters of an import's writing (``docs/adr``); rows come only from set-based services
    that join to what they point at.
    """

    product = models.ForeignKey(
        Product,
        on_delete=models.CASCADE,
        related_name="prices",
        db_index=False,
        db_constraint=False,
    )
    characteristic = models.ForeignKey(
        Characteristic,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="prices",
        db_index=False,
        db_constraint=False,
    )
    price_type = models.ForeignKey(
        PriceType,
        on_delete=models.CASCADE,
        related_name="prices",
        db_index=False,
        db_constraint=False,
    )
    amount = models.DecimalField(_("price"), max_digits=18, decimal_places=4)
    currency = models.CharField(_("currency"), max_length=3)
    unit = models.CharField(_("unit"), max_length=50, blank=True)
    coefficient = models.DecimalField(max_digits=15, decimal_places=5, default=1)

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "characteristic", "price_type"],
                name="price_unique",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"


class ProductFile(BaseModel):
    """A picture or another file of a product, as 1C names it; the bytes stand in the storage."""

    product = models.ForeignKey(
        Product,
        on_delete=models.CASCADE,
        related_name="files",
        db_index=False,
        db_constraint=False,
    )
    path = models.CharField(max_length=500)  # as sent: import_files/ab/….jpg, or a web address
    description = models.CharField(max_length=500, blank=True)
    is_picture = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the bytes; "" = not arrived
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "path"], name="product_file_unique_path")
        ]
        indexes = [models.Index(fields=["path"], name="product_file_by_path")]

    def __str__(self) -> str:
        return self.path


class ArrivedFile(BaseModel):
    """Bytes that 1C sent under a path; they may come before the product that names them."""

    node_id = models.UUIDField()
    path = models.CharField(max_length=500)
    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["node_id", "path"], name="arrived_file_unique_path")
        ]

    def __str__(self) -> str:
        return self.path


class DirectoryEntry(BaseModel, FromNode):
    """A row of a free directory of 1C: brands, collections, whatever a company keeps there."""

    directory_ref = models.CharField(max_length=120, editable=False)
    directory_name = models.CharField(_("directory"), max_length=250, blank=True)
    name = models.CharField(_("name"), max_length=500)
    values = models.JSONField(_("values"), default=dict)  # {"Colour": "red"} as sent

    class Meta:
        verbose_name = _("entry of a directory")
        verbose_name_plural = _("entries of directories")
        constraints = [
            models.UniqueConstraint(
                fields=["node_id", "directory_ref", "ref"], name="directory_entry_unique_ref"
            )
        ]
        indexes = [models.Index(fields=["directory_name", "name", "id"], name="directory_by_name")]

    def __str__(self) -> str:
        return self.name
