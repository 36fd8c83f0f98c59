"""Whoever one trades with."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.models import BaseModel, Extensible, FromNode


class PhoneEnd(models.Func):
    """The last ten digits of a phone number: the same however it was written."""

    template = r"right(regexp_replace(%(expressions)s, '\D', '', 'g'), 10)"
    output_field = models.CharField()


class CounterpartyKind(models.TextChoices):
    COMPANY = "company", _("Company")
    PERSON = "person", _("Person")


class Counterparty(BaseModel, FromNode, Extensible):
    """A company or a person one sells to or buys from."""

    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=CounterpartyKind.choices,
        default=CounterpartyKind.COMPANY,
    )
    name = models.CharField(_("name"), max_length=250)
    full_name = models.CharField(_("full name"), max_length=500, blank=True)
    tax_number = models.CharField(_("tax number"), max_length=20, blank=True, db_index=True)
    tax_reason_code = models.CharField(_("tax reason code (KPP)"), max_length=9, blank=True)
    registration_number = models.CharField(_("registration number"), max_length=20, blank=True)
    address = models.CharField(_("address"), max_length=500, blank=True)
    legal_address = models.CharField(_("legal address"), max_length=500, blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    comment = models.TextField(_("comment"), blank=True)
    responsible = models.ForeignKey(
        "accounts.User",
        verbose_name=_("responsible"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    card_number = models.CharField(_("customer card"), max_length=40, blank=True)  # bare
    office_id = models.UUIDField(_("branch office"), null=True, blank=True)  # who serves it
    sort_name = models.CharField(max_length=250, editable=False, default="")

    class Meta:
        verbose_name = _("counterparty")
        verbose_name_plural = _("counterparties")
        constraints = [
            models.UniqueConstraint(
                fields=["node_id", "ref"],
                condition=models.Q(node_id__isnull=False),
                name="counterparty_unique_ref",
            )
        ]
        indexes = [
            models.Index(fields=["sort_name", "id"], name="counterparty_by_name"),
            models.Index(
                fields=["card_number"], condition=~models.Q(card_number=""),
                name="counterparty_by_card",
            ),
            models.Index(
                PhoneEnd("phone"), condition=~models.Q(phone=""), name="counterparty_by_phone"
            ),
            models.Index(
                fields=["office_id"], condition=models.Q(office_id__isnull=False),
                name="counterparty_by_office",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class ContactPerson(BaseModel, Extensible):
    """A person at a counterparty."""

    counterparty = models.ForeignKey(
        Counterparty, on_delete=models.CASCADE, related_name="contact_persons"
    )
    full_name = models.CharField(_("name"), max_length=150)
    job_title = models.CharField(_("job title"), max_length=150, blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)

    class Meta:
        verbose_name = _("contact person")
        verbose_name_plural = _("contact persons")
        indexes = [
            models.Index(
                PhoneEnd("phone"), condition=~models.Q(phone=""), name="contact_person_by_phone"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.full_name


class BankAccount(BaseModel):
    """An account of a counterparty."""

    counterparty = models.ForeignKey(
        Counterparty, on_delete=models.CASCADE, related_name="bank_accounts"
    )
    number = models.CharField(_("account number or IBAN"), max_length=40)
    bank_name = models.CharField(_("bank"), max_length=250, blank=True)
    bank_code = models.CharField(_("bank code (BIC)"), max_length=20, blank=True)
    correspondent_account = models.CharField(_("correspondent account"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("bank account")
        verbose_name_plural = _("bank accounts")
        constraints = [
            models.UniqueConstraint(
                fields=["counterparty", "number"], name="bank_account_unique_number"
            )
        ]

    def __str__(self) -> str:
        return self.number
