"""The list of mail: what came to and went from the boxes a person may see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.models import User
from apps.accounts.rights import can, signed_in
from apps.core.lists import ChoiceFilter, Column, DateRangeFilter, Empty, ListScreen
from apps.core.searching import matching
from apps.core.templatetags.ui import icon, status
from apps.mail import selectors
from apps.mail.models import MailFile, MailLink, MailMessage, SendingState

_TONES = {
    SendingState.WAITING: "running", SendingState.SENDING: "running",
    SendingState.UNKNOWN: "partly", SendingState.FAILED: "bad", SendingState.HELD: "off",
}  # fmt: skip


def _subject(row: Any) -> SafeString:
    told = row.subject or _("(no subject)")
    clip = icon("paperclip", "tiny") if row.has_files else ""
    state = row.sending.state if hasattr(row, "sending") else SendingState.SENT
    if state == SendingState.SENT:
        return format_html("{} {}", told, clip)
    return format_html(
        "{} {} {}", told, clip, status(_TONES[state], row.sending.get_state_display())
    )


def _who(row: Any) -> SafeString | str:
    if row.is_outgoing:
        return format_html("→ {}", ", ".join(row.to_addresses[:3]))
    return str(row.from_name or row.from_address)


def _direction(rows: QuerySet[Any], wanted: Sequence[str]) -> QuerySet[Any]:
    return rows.filter(is_outgoing=wanted[0] == "out")


def _whose(rows: QuerySet[Any], wanted: Sequence[str]) -> QuerySet[Any]:
    links = MailLink.objects.filter(message=OuterRef("pk"))
    return rows.filter(Exists(links) if wanted[0] == "customer" else ~Exists(links))


def _in_boxes(rows: QuerySet[Any], wanted: Sequence[str]) -> QuerySet[Any]:
    return rows.filter(selectors.in_box(Q(pk__in=wanted)))


class MailList(ListScreen):
    """Letters, the latest first."""

    key = "mail"
    title = _("Mail")
    url_name = "mail:list"
    columns = (
        Column("subject", _("Subject"), _subject, is_link=True, phone="title", exported="subject"),
        Column("who", _("From or to"), _who, phone="wide"),
        Column("cards", _("Customer"), "cards_cell", phone="wide", exported=None),
        Column("sent_at", _("When"), kind="moment", sort="sent_at", phone="figure"),
        Column("from_address", _("Sender's address"), is_default=False),
    )
    search = ("subject", "from_name")
    search_hint = _("Subject, sender or words of the text")
    order = "-sent_at"
    tables = ("mail_mailmessage", "mail_mailsending")
    export_right = "activities.export"
    # Of what is offered where no box is connected.
    create_url_name, create_right = "mail:box_new", "settings.change"
    empty = Empty("mail", _("No letters yet"), _("What comes to connected boxes stands here."))

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.filters = (  # type: ignore[misc]
            ChoiceFilter("box", _("Mailbox"), choices=self._boxes, apply=_in_boxes),
            ChoiceFilter("direction", _("Direction"), apply=_direction, choices=(
                ("in", pgettext_lazy("mail", "Received")), ("out", pgettext_lazy("mail", "Sent")),
            )),
            ChoiceFilter("whose", _("Whose"), apply=_whose, choices=(
                ("customer", _("With a customer")), ("unknown", _("Of unknown senders")),
            )),
            DateRangeFilter("date", _("Date"), path="sent_at"),
        )  # fmt: skip
        if not selectors.boxes_to_read(signed_in(request)).exists():
            self.empty = _no_boxes(request)

    @property
    def _user(self) -> User:
        return signed_in(self.request)

    def _boxes(self) -> list[tuple[str, str]]:
        return [(str(box.pk), box.name) for box in selectors.boxes_to_read(self._user)]

    def rows(self) -> QuerySet[Any]:
        """Return the letters the person may read."""
        files = MailFile.objects.filter(message=OuterRef("pk"))
        rows = selectors.readable(self._user).annotate(has_files=Exists(files))
        return rows.select_related("sending").defer("text", "search_text")

    def matching(self, rows: QuerySet[Any], words: Sequence[str]) -> QuerySet[Any]:
        """Return those in whose subject, sender or text each word stands."""
        return matching(rows, " ".join(words), by=self.request.user)

    def prepare(self, rows: Sequence[Any]) -> None:
        """Say of each letter on which customers it stands."""
        names = selectors.customers_of([row.pk for row in rows], user=self._user)
        for row in rows:
            row.cards_cell = format_html_join(
                ", ", '<a class="link" href="{}">{}</a>',
                (
                    (reverse("counterparties:card", args=[each.pk]), each.name)
                    for each in names.get(row.pk, ())
                ),
            )  # fmt: skip

    def url(self, row: MailMessage) -> str:
        """Return the address of a letter."""
        return reverse("mail:message", args=[row.pk])


def _no_boxes(request: HttpRequest) -> Empty:
    if not can(request.user, "settings.change"):
        told = _("An administrator connects them under Settings, Mailboxes.")
        return Empty("mail", _("No mailboxes yet"), told)
    told = _("Connect the box your customers write to: address and password are enough.")
    return Empty(
        "mail", _("No mailboxes yet"), told, _("Connect a mailbox"), "mail:box_new"
    )
