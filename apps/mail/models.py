"""Boxes, what was read from them, and the cards it stands on."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.models import BaseModel
from apps.counterparties.models import Counterparty


class Mailbox(BaseModel):
    """A box that is read: of one person, or shared where it has no owner.

    ``shares_matched`` lets everybody who sees a customer read what was exchanged with it; without
    it the owner alone does.
    """

    name = models.CharField(_("name"), max_length=100)
    address = models.EmailField(_("address"), unique=True)
    owner = models.ForeignKey(
        "accounts.User", verbose_name=_("whose box it is"), null=True, blank=True,
        on_delete=models.CASCADE, related_name="+",
    )  # fmt: skip
    shares_matched = models.BooleanField(_("share what is matched with a customer"), default=False)
    imap_host = models.CharField(_("server that is read"), max_length=200)
    imap_port = models.PositiveIntegerField(_("its port"), default=993)
    is_tls = models.BooleanField(_("encrypted from the beginning (TLS)"), default=True)
    login = models.CharField(_("login"), max_length=200)
    secret = models.BinaryField(default=bytes, editable=False)  # encrypted
    is_paused = models.BooleanField(_("paused"), default=False)
    read_at = models.DateTimeField(_("latest read"), null=True, blank=True, editable=False)
    problem = models.CharField(max_length=20, blank=True, editable=False)  # of ``reaching``
    problem_detail = models.CharField(max_length=300, blank=True, editable=False)

    class Meta:
        verbose_name = _("mailbox")
        verbose_name_plural = _("mailboxes")
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=False) | Q(shares_matched=True),
                name="mailbox_shared_shares",
            )
        ]

    def __str__(self) -> str:
        return self.name


class MailFolder(BaseModel):
    """How far a folder is read: numbers of messages mean something within one ``uidvalidity``."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="folders")
    name = models.CharField(max_length=250)
    uidvalidity = models.BigIntegerField(default=0)
    latest_uid = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "name"], name="mail_folder_unique_name")
        ]

    def __str__(self) -> str:
        return self.name


class MailMessage(BaseModel):
    """A message, once, in however many boxes it lies.

    ``problem`` says why a message could not be read whole; what could be read of it is kept.
    """

    message_id = models.CharField(max_length=250, unique=True)
    sent_at = models.DateTimeField(_("sent at"))
    subject = models.CharField(_("subject"), max_length=500, blank=True)
    from_name = models.CharField(_("sender"), max_length=200, blank=True)
    from_address = models.CharField(_("sender's address"), max_length=254, blank=True)
    to_addresses = models.JSONField(_("recipients"), default=list)  # of To and Cc, folded
    text = models.TextField(_("text"), blank=True)
    is_outgoing = models.BooleanField(_("from us"), default=False)
    problem = models.CharField(max_length=10, blank=True)  # "large", "broken"

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [models.Index(fields=["-sent_at", "-id"], name="mail_message_latest")]

    def __str__(self) -> str:
        return self.subject


class MailPlace(BaseModel):
    """Where a message lies: box, folder and number."""

    message = models.ForeignKey(MailMessage, on_delete=models.CASCADE, related_name="places")
    folder = models.ForeignKey(MailFolder, on_delete=models.CASCADE, related_name="+")
    uidvalidity = models.BigIntegerField()
    uid = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["folder", "uidvalidity", "uid"], name="mail_place_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.folder_id} {self.uid}"


class MailLink(BaseModel):
    """A card a message stands on, and the customer the card belongs to."""

    message = models.ForeignKey(MailMessage, on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(max_length=40)
    key = models.UUIDField()
    counterparty = models.ForeignKey(Counterparty, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()  # when the message was sent

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "kind", "key"], name="mail_link_unique")
        ]
        indexes = [models.Index(fields=["kind", "key", "-at", "-id"], name="mail_link_of_card")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
