"""What administrators add to the CRM: fields of kinds, and kinds of their own with their rows."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import BaseModel, Extensible, FromNode


class CustomType(models.TextChoices):
    TEXT = "text", _("Text")
    LONG_TEXT = "long_text", _("Long text")
    NUMBER = "number", _("Number")
    MONEY = "money", _("Amount of money")
    DATE = "date", _("Date")
    MOMENT = "moment", _("Date and time")
    BOOLEAN = "boolean", _("Yes or no")
    CHOICE = "choice", _("One of a list")
    CHOICES = "choices", _("Several of a list")
    USER = "user", _("Person of the company")
    RELATION = "relation", _("Another object")
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    URL = "url", _("Web address")
    FORMULA = "formula", _("Formula")
    LOOKUP = "lookup", _("Field of a related object")
    ROLLUP = "rollup", _("Total of related rows")


# Of other fields, by the database: nobody enters them.
COMPUTED = frozenset({CustomType.FORMULA, CustomType.LOOKUP, CustomType.ROLLUP})


class CustomField(BaseModel):
    """A field that administrators added to a kind; its values stand in the row's ``custom``.

    ``key`` begins with ``x_`` and never changes: addresses, imports and programs outside name the
    field by it. An archived field keeps its values and is not shown. A computed one has no values
    of its own, but a ``recipe``.
    """

    kind = models.CharField(max_length=60)
    key = models.CharField(_("key"), max_length=42)
    label = models.CharField(_("name"), max_length=100)
    type = models.CharField(_("type"), max_length=20, choices=CustomType.choices)
    choices = models.JSONField(_("choices"), default=list, blank=True)  # [[value, label], …]
    related = models.CharField(_("which object"), max_length=60, blank=True)
    is_required = models.BooleanField(_("required"), default=False)
    is_unique = models.BooleanField(_("no two rows with the same value"), default=False)
    default = models.JSONField(_("value of new rows"), null=True, blank=True)
    recipe = models.JSONField(_("computed of"), default=dict, blank=True)  # apps.custom.computing
    name_1c = models.CharField(_("name in 1C"), max_length=100, blank=True)  # apps.custom.onec
    help = models.CharField(_("explanation"), max_length=200, blank=True)
    position = models.PositiveIntegerField(default=0)
    is_archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        verbose_name = _("own field")
        verbose_name_plural = _("own fields")
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="custom_field_unique_key")
        ]
        ordering = ["kind", "position", "id"]

    def __str__(self) -> str:
        return self.label


class CustomObject(BaseModel):
    """A kind of object that administrators made: equipment, contracts, vehicles."""

    key = models.CharField(_("key"), max_length=42, unique=True)
    label = models.CharField(_("name of one"), max_length=60)
    label_plural = models.CharField(_("name of many"), max_length=60)
    icon = models.CharField(_("icon"), max_length=40, default="package")
    has_counterparty = models.BooleanField(_("belongs to a counterparty"), default=False)
    directory_1c = models.CharField(_("directory of 1C"), max_length=250, blank=True)
    is_archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        verbose_name = _("own object")
        verbose_name_plural = _("own objects")
        ordering = ["label_plural", "id"]

    def __str__(self) -> str:
        return self.label_plural


class CardLayout(BaseModel):
    """How the card of a kind is arranged for a role; ``role`` is empty for everybody.

    ``value`` holds tabs, groups of fields and the place of each part: ``apps.custom.layouts``.
    """

    kind = models.CharField(max_length=60)
    role = models.CharField(max_length=40, blank=True)  # a built-in role's key, or the role's own
    value = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("layout of a card")
        verbose_name_plural = _("layouts of cards")
        constraints = [
            models.UniqueConstraint(fields=["kind", "role"], name="card_layout_unique_role")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.role or '*'}"


class MenuLayout(BaseModel):
    """The side bar of a role: its entries in order, some left out; ``role`` is empty for all."""

    role = models.CharField(max_length=40, blank=True, unique=True)
    entries = models.JSONField(default=list)  # [{"key": "deals", "is_hidden": false}, …]

    class Meta:
        verbose_name = _("menu of a role")
        verbose_name_plural = _("menus of roles")

    def __str__(self) -> str:
        return self.role or "*"


class PersonalArrangement(BaseModel):
    """The side bar or a card as one person arranged it; it goes with them to every office.

    Its key is made of the person and of what it arranges, so that what two offices keep is one
    row. ``value`` is empty where the person went back to what their role has.
    """

    user_id = models.UUIDField()
    key = models.CharField(max_length=80)  # ``menu``, ``card:deals``
    value = models.JSONField(null=True)

    class Meta:
        verbose_name = _("arrangement of a person")
        verbose_name_plural = _("arrangements of people")
        constraints = [
            models.UniqueConstraint(
                fields=["user_id", "key"], name="personal_arrangement_unique_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.user_id}"


class CustomRow(BaseModel, FromNode, Extensible):
    """One row of a kind that administrators made.

    ``counterparty_id`` is no foreign key: rooms of customers stand above this one.
    """

    kind = models.ForeignKey(CustomObject, on_delete=models.PROTECT, related_name="rows")
    name = models.CharField(_("name"), max_length=250)
    sort_name = models.CharField(max_length=250, editable=False, default="")
    responsible = models.ForeignKey(
        "accounts.User",
        verbose_name=_("responsible"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    counterparty_id = models.UUIDField(_("counterparty"), null=True, blank=True)

    class Meta:
        verbose_name = _("row of an own object")
        verbose_name_plural = _("rows of own objects")
        indexes = [
            models.Index(fields=["kind", "sort_name", "id"], name="custom_row_by_name"),
            models.Index(
                fields=["counterparty_id"],
                condition=models.Q(counterparty_id__isnull=False),
                name="custom_row_of_counterparty",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "node_id", "ref"],
                condition=models.Q(node_id__isnull=False),
                name="custom_row_unique_ref",
            )
        ]

    def __str__(self) -> str:
        return self.name
