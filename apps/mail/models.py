"""Boxes, what was read from them, and the cards it stands on."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.core.models import BaseModel
from apps.core.searching import search_column, search_indexes
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
    smtp_host = models.CharField(_("server that sends"), max_length=200, blank=True)
    smtp_port = models.PositiveIntegerField(_("port of sending"), default=465)
    smtp_is_tls = models.BooleanField(_("sending is encrypted from the beginning"), default=True)
    keeps_sent = models.BooleanField(_("its server keeps what is sent by itself"), default=False)
    is_paused = models.BooleanField(_("paused"), default=False)
    read_at = models.DateTimeField(_("latest read"), null=True, blank=True, editable=False)
    problem = models.CharField(max_length=20, blank=True, editable=False)  # of ``reaching``
    problem_detail = models.CharField(max_length=300, blank=True, editable=False)
    send_problem = models.CharField(max_length=20, blank=True, editable=False)  # of the check
    send_problem_detail = models.CharField(max_length=300, blank=True, editable=False)

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
    ``thread`` is the identifier of the first message of its conversation, its own where it is it.
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
    reply_address = models.CharField(max_length=254, blank=True)  # of Reply-To, where it has one
    references = models.JSONField(default=list)  # identifiers of those before it
    thread = models.CharField(max_length=250, blank=True)
    is_automatic = models.BooleanField(_("written by a machine"), default=False)
    search_text = search_column("subject", "from_name", "from_address", "text")

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(fields=["-sent_at", "-id"], name="mail_message_latest"),
            models.Index(fields=["thread"], condition=~Q(thread=""), name="mail_message_thread"),
            models.Index(fields=["from_address", "-sent_at"], name="mail_message_of_sender"),
            *search_indexes("mail_message")[:1],
        ]

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


class SendingState(models.TextChoices):
    """What became of a message of ours; ``unknown``: the line broke before the server's answer."""

    WAITING = "waiting", pgettext_lazy("mail", "Leaves in a moment")
    SENDING = "sending", pgettext_lazy("mail", "Being sent")
    SENT = "sent", pgettext_lazy("mail", "Sent")
    UNKNOWN = "unknown", pgettext_lazy("mail", "Perhaps sent")
    FAILED = "failed", pgettext_lazy("mail", "Not sent")
    HELD = "held", pgettext_lazy("mail", "Taken back")


class MailSending(BaseModel):
    """The way out of a message that is written here: it is handed to a server at most once.

    ``waiting`` messages leave at ``leaves_at``; until then they can be taken back. ``copied_at``
    says since when a copy lies in the box.
    """

    message = models.OneToOneField(MailMessage, on_delete=models.CASCADE, related_name="sending")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="sendings")
    author = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    to = models.JSONField(default=list)
    cc = models.JSONField(default=list)
    in_reply_to = models.CharField(max_length=250, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=SendingState.choices, default=SendingState.WAITING
    )
    leaves_at = models.DateTimeField(_("leaves at"))
    sending_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # since when the state stands
    attempts = models.PositiveSmallIntegerField(default=0)
    refused = models.JSONField(default=list)  # recipients the server did not take
    problem = models.CharField(max_length=20, blank=True)
    problem_detail = models.CharField(max_length=300, blank=True)
    copied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["leaves_at"], condition=Q(state__in=["waiting", "sending"]),
                name="mail_sending_due",
            ),
            models.Index(
                fields=["mailbox", "id"], condition=Q(state="sent", copied_at__isnull=True),
                name="mail_sending_to_copy",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.state} {self.message_id}"


class MailFile(BaseModel):
    """What is attached to a message; its bytes stand in the storage, once for each content."""

    message = models.ForeignKey(MailMessage, on_delete=models.CASCADE, related_name="files")
    place = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("name"), max_length=200)
    digest = models.CharField(max_length=64)  # SHA-256 of the bytes
    size = models.PositiveBigIntegerField(_("size"))
    content_type = models.CharField(max_length=100)  # found by looking, not as the sender said

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "place"], name="mail_file_unique_place")
        ]
        indexes = [models.Index(fields=["digest"], name="mail_file_by_digest")]

    def __str__(self) -> str:
        return self.name


class IgnoredSender(BaseModel):
    """An address whose letters a box leaves out, as long as it belongs to no card."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="ignored")
    address = models.CharField(_("address"), max_length=254)
    author = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name = _("ignored sender")
        verbose_name_plural = _("ignored senders")
        constraints = [
            models.UniqueConstraint(fields=["mailbox", "address"], name="ignored_sender_unique")
        ]

    def __str__(self) -> str:
        return self.address
