"""Deals, who takes part, what is sold, and each step they took."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.catalog.models import Characteristic, PriceType, Product
from apps.core.models import BaseModel, Extensible, Tagged
from apps.counterparties.models import ContactPerson, Counterparty
from apps.deals.models.pipelines import LossReason, Pipeline, Stage
from apps.sales.models import Invoice


class Source(models.TextChoices):
    CALL = "call", pgettext_lazy("source", "Call")
    MAIL = "mail", pgettext_lazy("source", "Mail")
    SITE = "site", pgettext_lazy("source", "Web site")
    FRIEND = "friend", pgettext_lazy("source", "Recommendation")
    FAIR = "fair", pgettext_lazy("source", "Trade fair")
    ADVERTISING = "advertising", pgettext_lazy("source", "Advertising")
    AGAIN = "again", pgettext_lazy("source", "Bought before")
    OTHER = "other", pgettext_lazy("source", "Other")


class ParticipantRole(models.TextChoices):
    DECIDES = "decides", pgettext_lazy("participant", "Decides")
    BUYS = "buys", pgettext_lazy("participant", "Buys")
    USES = "uses", pgettext_lazy("participant", "Uses")
    ADVISES = "advises", pgettext_lazy("participant", "Advises")
    PAYS = "pays", pgettext_lazy("participant", "Pays")
    OTHER = "other", pgettext_lazy("participant", "Other")


class MemberRole(models.TextChoices):
    SELLS = "sells", pgettext_lazy("member", "Sells")
    PLANS = "plans", pgettext_lazy("member", "Plans technically")
    SHIPS = "ships", pgettext_lazy("member", "Ships")
    COUNTS = "counts", pgettext_lazy("member", "Keeps the books")
    HELPS = "helps", pgettext_lazy("member", "Helps")


class Deal(BaseModel, Extensible, Tagged):
    """A sale on its way.

    ``touched_at`` is the latest moment somebody did something about it; the columns of the board
    stand in its order. While it has lines, the amount is what they come to.
    """

    name = models.CharField(_("name"), max_length=250)
    search_name = models.CharField(max_length=500, editable=False, default="")  # folded
    counterparty = models.ForeignKey(
        Counterparty, verbose_name=_("customer"), on_delete=models.PROTECT, related_name="deals"
    )
    owner = models.ForeignKey(
        "accounts.User", verbose_name=_("responsible"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    pipeline = models.ForeignKey(
        Pipeline, verbose_name=_("pipeline"), on_delete=models.PROTECT, related_name="deals"
    )
    stage = models.ForeignKey(
        Stage, verbose_name=_("stage"), on_delete=models.PROTECT, related_name="deals"
    )
    stage_since = models.DateTimeField(_("in this stage since"), default=timezone.now)
    opened_at = models.DateTimeField(_("opened"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    touched_at = models.DateTimeField(_("latest activity"), default=timezone.now)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2, default=0)
    currency = models.CharField(_("currency"), max_length=3)
    price_type = models.ForeignKey(
        PriceType, verbose_name=_("price type"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    is_tax_included = models.BooleanField(_("prices include tax"), default=True)
    expected_on = models.DateField(_("expected on"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=20, choices=Source.choices, blank=True)
    loss_reason = models.ForeignKey(
        LossReason, verbose_name=_("reason of loss"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    loss_comment = models.CharField(_("about the loss"), max_length=500, blank=True)
    contract = models.CharField(_("contract"), max_length=100, blank=True)
    comment = models.TextField(_("comment"), blank=True)
    is_archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        verbose_name = _("deal")
        verbose_name_plural = _("deals")
        indexes = [
            models.Index(
                fields=["stage", "-touched_at", "-id"], condition=models.Q(is_archived=False),
                name="deal_by_column",
            ),
            models.Index(
                fields=["pipeline", "stage", "currency"], include=["amount"],
                condition=models.Q(is_archived=False, closed_at__isnull=True),
                name="deal_sums_of_columns",
            ),
            models.Index(fields=["-touched_at", "-id"], name="deal_by_touch"),
            GinIndex(fields=["tags"], opclasses=["jsonb_path_ops"], name="deal_by_tag"),
            models.Index(fields=["-amount", "-id"], name="deal_by_amount"),
            models.Index(fields=["name", "id"], name="deal_by_name"),
            models.Index(fields=["expected_on", "id"], name="deal_by_expected"),
            models.Index(fields=["pipeline", "opened_at"], name="deal_by_opening"),
            models.Index(
                fields=["closed_at"], condition=models.Q(closed_at__isnull=False),
                name="deal_by_closing",
            ),
            models.Index(fields=["counterparty", "-opened_at"], name="deal_by_counterparty"),
            models.Index(fields=["owner", "stage", "-touched_at"], name="deal_by_owner"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Tell whether it is neither won nor lost."""
        return self.closed_at is None


class DealParticipant(BaseModel):
    """A contact person of the customer, or of somebody else, with a part in a deal."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey(
        ContactPerson, verbose_name=_("contact person"), on_delete=models.CASCADE, related_name="+"
    )
    role = models.CharField(
        _("role"), max_length=10, choices=ParticipantRole.choices, default=ParticipantRole.OTHER
    )

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.UniqueConstraint(fields=["deal", "person"], name="deal_participant_unique")
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.role}"


class DealMember(BaseModel):
    """One of our own people with a part in a deal, beside its owner."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(
        "accounts.User", verbose_name=_("person"), on_delete=models.CASCADE, related_name="+"
    )
    role = models.CharField(
        _("role"), max_length=10, choices=MemberRole.choices, default=MemberRole.HELPS
    )

    class Meta:
        verbose_name = _("team member")
        verbose_name_plural = _("team members")
        constraints = [models.UniqueConstraint(fields=["deal", "user"], name="deal_member_unique")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role}"


class TradedLine(BaseModel):
    """A line as deals and quotations have it: what, how much, for how much."""

    position = models.PositiveSmallIntegerField(default=0)
    product = models.ForeignKey(
        Product, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    characteristic = models.ForeignKey(
        Characteristic, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("name"), max_length=500)
    article = models.CharField(_("article"), max_length=100, blank=True)
    unit = models.CharField(_("unit"), max_length=50, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=3)
    price = models.DecimalField(_("price"), max_digits=18, decimal_places=4)
    discount_percent = models.DecimalField(
        _("discount, %"), max_digits=5, decimal_places=2, default=0
    )
    tax_rate = models.DecimalField(
        _("tax rate, %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    total = models.DecimalField(_("total"), max_digits=18, decimal_places=2)
    tax = models.DecimalField(_("tax"), max_digits=18, decimal_places=2, default=0)

    class Meta:
        abstract = True
        ordering = ("position", "id")

    def __str__(self) -> str:
        return f"{self.position}. {self.name}"

    def values(self) -> dict[str, Any]:
        """Return what a copy of the line in another document has."""
        names = (
            "position", "product_id", "characteristic_id", "name", "article", "unit", "quantity",
            "price", "discount_percent", "tax_rate", "total", "tax",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}


class DealLine(TradedLine):
    """A line of a deal."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="lines")

    class Meta(TradedLine.Meta):
        verbose_name = _("deal line")
        verbose_name_plural = _("deal lines")
        abstract = False


class StageMove(BaseModel):
    """A deal came to a stage: when, from which, by whom. The first has no former stage."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="moves")
    former = models.ForeignKey(
        Stage, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    stage = models.ForeignKey(Stage, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        indexes = [
            models.Index(fields=["deal", "at"], name="stage_move_by_time"),
            models.Index(fields=["stage", "at"], name="stage_move_by_stage"),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.at:%Y-%m-%d}"


class DealInvoice(BaseModel):
    """An invoice that was made of a deal."""

    deal = models.ForeignKey(Deal, on_delete=models.CASCADE, related_name="invoice_links")
    invoice = models.OneToOneField(Invoice, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.deal_id}: {self.invoice_id}"
