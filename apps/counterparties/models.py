"""Whoever one trades with."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.models import BaseModel, Extensible, FromNode, Tagged
from apps.core.searching import search_column, search_indexes
from apps.registers.models import ALARMING, RegisterState


class PhoneEnd(models.Func):
    """The last ten digits of a phone number: the same however it was written."""

    template = r"right(regexp_replace(%(expressions)s, '\D', '', 'g'), 10)"
    output_field = models.CharField()


class Yearly(models.Func):
    """Month and day of a date as one number, 1203 for December 3: the same every year."""

    template = (
        "(extract(month from %(expressions)s)::integer * 100"
        " + extract(day from %(expressions)s)::integer)"
    )
    output_field = models.IntegerField()


class CounterpartyKind(models.TextChoices):
    COMPANY = "company", _("Company")
    PERSON = "person", _("Person")


class CounterpartyStatus(models.TextChoices):
    """How far one has come with a counterparty; ``unsorted`` waits to be accepted or declined."""

    UNSORTED = "unsorted", pgettext_lazy("counterparty", "Unsorted")
    LEAD = "lead", pgettext_lazy("counterparty", "Lead")
    QUALIFIED = "qualified", pgettext_lazy("counterparty", "Qualified")
    CUSTOMER = "customer", pgettext_lazy("counterparty", "Active")
    REJECTED = "rejected", pgettext_lazy("counterparty", "Rejected")


class Counterparty(BaseModel, FromNode, Extensible, Tagged):
    """A company or a person one sells to, buys from, or hopes to.

    ``phone``, ``email`` and ``address`` are the main ones, which 1C, documents and the point of
    sale take; further ones are ``ContactPoint`` rows, whose texts ``further_contacts`` repeats for
    the search.
    """

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
    status = models.CharField(
        _("status"), max_length=10, choices=CounterpartyStatus.choices,
        default=CounterpartyStatus.CUSTOMER,
    )  # fmt: skip
    rejected_because = models.CharField(_("reason for declining"), max_length=200, blank=True)
    is_customer = models.BooleanField(_("customer"), default=True)
    is_supplier = models.BooleanField(_("supplier"), default=False)
    is_partner = models.BooleanField(_("partner"), default=False)
    is_competitor = models.BooleanField(_("competitor"), default=False)
    is_vip = models.BooleanField(_("VIP"), default=False)
    source = models.CharField(_("source"), max_length=80, blank=True)
    website = models.CharField(_("website"), max_length=200, blank=True)
    preferences = models.TextField(_("preferences"), blank=True)
    register_state = models.CharField(  # as the register told it of this tax number
        _("state in the register"), max_length=15, choices=RegisterState.choices, blank=True,
        editable=False, default="", db_default="",
    )  # fmt: skip
    register_told_at = models.DateTimeField(
        _("register asked"), null=True, blank=True, editable=False
    )
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    parent = models.ForeignKey(
        "self", verbose_name=_("belongs to"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="children",
    )  # fmt: skip
    sort_name = models.CharField(max_length=250, editable=False, default="")
    further_contacts = models.TextField(editable=False, blank=True, default="")
    search_text = search_column(
        "name", "full_name", "tax_number", "email", "card_number", "further_contacts",
        digits=("phone",),
    )  # fmt: skip

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
            models.Index(
                fields=["status", "-created_at", "-id"],
                condition=~models.Q(status=CounterpartyStatus.CUSTOMER),
                name="counterparty_by_status",
            ),
            models.Index(
                Lower("email"), condition=~models.Q(email=""), name="counterparty_by_email"
            ),
            GinIndex(fields=["tags"], opclasses=["jsonb_path_ops"], name="counterparty_by_tag"),
            *search_indexes("counterparty"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def is_alarming(self) -> bool:
        """Tell whether the register says that one should look twice."""
        return self.register_state in ALARMING


class ContactPerson(BaseModel, Extensible, Tagged):
    """A person at a counterparty; ``ContactRole`` rows say at which others, and as what."""

    counterparty = models.ForeignKey(
        Counterparty, on_delete=models.CASCADE, related_name="contact_persons"
    )
    full_name = models.CharField(_("name"), max_length=150)
    job_title = models.CharField(_("job title"), max_length=150, blank=True)
    phone = models.CharField(_("phone"), max_length=50, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    born_on = models.DateField(_("birthday"), null=True, blank=True)
    preferences = models.TextField(_("preferences"), blank=True)
    comment = models.TextField(_("comment"), blank=True)
    is_archived = models.BooleanField(_("archived"), default=False)
    further_contacts = models.TextField(editable=False, blank=True, default="")
    search_text = search_column(
        "full_name", "email", "job_title", "further_contacts", digits=("phone",)
    )

    class Meta:
        verbose_name = _("contact person")
        verbose_name_plural = _("contact persons")
        indexes = [
            models.Index(
                PhoneEnd("phone"), condition=~models.Q(phone=""), name="contact_person_by_phone"
            ),
            models.Index(
                Lower("email"), condition=~models.Q(email=""), name="contact_person_by_email"
            ),
            models.Index(fields=["full_name", "id"], name="contact_person_by_name"),
            models.Index(
                Yearly("born_on"), condition=models.Q(born_on__isnull=False),
                name="contact_person_by_birthday",
            ),
            GinIndex(fields=["tags"], opclasses=["jsonb_path_ops"], name="contact_person_by_tag"),
            *search_indexes("contact_person"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.full_name


class ContactRole(BaseModel):
    """What a person is at a further counterparty: the accountant of two firms."""

    counterparty = models.ForeignKey(
        Counterparty, on_delete=models.CASCADE, related_name="further_people"
    )
    person = models.ForeignKey(ContactPerson, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(_("role"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("role of a contact person")
        verbose_name_plural = _("roles of contact persons")
        constraints = [
            models.UniqueConstraint(
                fields=["counterparty", "person"], name="contact_role_unique_person"
            )
        ]

    def __str__(self) -> str:
        return self.role


class PointKind(models.TextChoices):
    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    ADDRESS = "address", _("Address")


class ContactPoint(BaseModel):
    """A further phone, e-mail or address of a counterparty, or of a person there.

    ``normalized`` is what two spellings of one value share: +79161234567 for a phone.
    """

    counterparty = models.ForeignKey(Counterparty, on_delete=models.CASCADE, related_name="points")
    person = models.ForeignKey(
        ContactPerson, null=True, blank=True, on_delete=models.CASCADE, related_name="points"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=PointKind.choices)
    label = models.CharField(_("label"), max_length=40, blank=True)  # mobile, warehouse …
    value = models.CharField(_("value"), max_length=500)
    normalized = models.CharField(max_length=254, editable=False, blank=True)

    class Meta:
        verbose_name = _("phone, e-mail or address")
        verbose_name_plural = _("phones, e-mails and addresses")
        indexes = [
            models.Index(
                fields=["normalized"], condition=~models.Q(normalized=""), name="point_by_value"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.value


class DateKind(models.TextChoices):
    BIRTHDAY = "birthday", _("Birthday")
    ANNIVERSARY = "anniversary", _("Anniversary")
    OTHER = "other", pgettext_lazy("important date", "Other")


class ImportantDate(BaseModel):
    """A day that matters to a counterparty: every year, or once."""

    counterparty = models.ForeignKey(Counterparty, on_delete=models.CASCADE, related_name="dates")
    kind = models.CharField(
        _("kind"), max_length=15, choices=DateKind.choices, default=DateKind.BIRTHDAY
    )
    label = models.CharField(_("label"), max_length=100, blank=True)
    on = models.DateField(_("date"))
    is_yearly = models.BooleanField(_("every year"), default=True)

    class Meta:
        verbose_name = _("important date")
        verbose_name_plural = _("important dates")
        indexes = [models.Index(Yearly("on"), name="important_date_by_day")]

    def __str__(self) -> str:
        return self.label or str(DateKind(self.kind).label)


class Consent(BaseModel):
    """A person's leave to keep and use their data: when, by which text, and until when."""

    counterparty = models.ForeignKey(
        Counterparty, on_delete=models.CASCADE, related_name="consents"
    )
    person = models.ForeignKey(
        ContactPerson, null=True, blank=True, on_delete=models.CASCADE, related_name="consents"
    )
    given_on = models.DateField(_("given on"))
    text_version = models.CharField(_("text and version"), max_length=100)
    channel = models.CharField(_("how it was given"), max_length=100, blank=True)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")

    def __str__(self) -> str:
        return f"{self.text_version} {self.given_on:%Y-%m-%d}"


class Attachment(BaseModel):
    """A file on a card: ``kind`` and ``key`` name the card, its bytes stand in the storage.

    Any kind of object may have files; where ``counterparty`` is known they travel with it to its
    branch office. The same name again is a further version.
    """

    kind = models.CharField(max_length=40)
    key = models.UUIDField()
    counterparty = models.ForeignKey(
        Counterparty, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    name = models.CharField(_("name"), max_length=200)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    digest = models.CharField(max_length=64)  # SHA-256 of the bytes
    size = models.PositiveBigIntegerField(_("size"))
    content_type = models.CharField(max_length=100)  # found by looking, not as the browser said
    author = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    is_archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        indexes = [
            models.Index(fields=["kind", "key", "name", "-version"], name="attachment_of_card"),
            models.Index(fields=["digest"], name="attachment_by_digest"),
        ]

    def __str__(self) -> str:
        return self.name


class HandOver(BaseModel):
    """What one person handed over to another in one action, so that it can be taken back."""

    giver = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    receiver = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    author = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    keys = models.JSONField(default=dict)  # {kind: [keys of the rows that changed]}
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.giver_id} to {self.receiver_id}"


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
