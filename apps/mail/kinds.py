"""Letters as programs read them: by the rules of this room, not by whose row it is.

The kind stands in the API alone. In the registry every generic door would read its rows by
ownership; who reads a letter is told by boxes and cards (``selectors.readable``).
"""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.accounts.rights import can, visible
from apps.core import objects
from apps.core.objects import Field, ObjectKind
from apps.counterparties.models import Counterparty
from apps.mail import selectors
from apps.mail.models import MailLink, MailMessage


class Letters(ObjectKind):
    """The kind of letters: its rows are those a person may read."""

    def rows(self, user: Any, *, action: str = "view") -> QuerySet[Any]:
        """Return the letters with the customers, as far as the person sees them."""
        partners = Counterparty.objects.all()
        if not can(user, "counterparties.view"):
            partners = partners.none()
        seen = visible(user, partners, "counterparties.view").order_by().values("pk")
        links = MailLink.objects.filter(kind=selectors.CUSTOMERS, counterparty__in=seen)
        return selectors.readable(user).prefetch_related(
            Prefetch("links", queryset=links.order_by("created_at", "pk"), to_attr="seen_links")
        )


def _customers(row: Any) -> list[str]:
    return [str(link.counterparty_id) for link in row.seen_links]


LETTERS = Letters(
    key="letters", label=_("Letter"), label_plural=_("Letters"), icon="mail", model=MailMessage,
    right="activities", search=("search_text__contains",), order="-sent_at",
    has_version=False,
    fields=(
        Field("sent_at", _("Sent at"), "moment", is_writable=False, is_sortable=True),
        Field("subject", _("Subject"), is_writable=False),
        Field("from_name", _("Sender"), is_writable=False),
        Field("from_address", _("Sender's address"), is_writable=False),
        Field("to_addresses", _("Recipients"), "choices", is_writable=False, is_filterable=False),
        Field("is_outgoing", _("From us"), "boolean", is_writable=False),
        Field("is_automatic", _("Written by a machine"), "boolean", is_writable=False),
        Field("counterparties", _("Customers"), "choices", read=_customers, is_writable=False,
              is_filterable=False),
        Field("message_id", _("Message identifier"), is_writable=False),
        Field("thread", _("Conversation"), is_writable=False),
        Field("text", _("Text"), "long_text", is_writable=False, is_filterable=False),
    ),
)  # fmt: skip
objects.register_for_programs(LETTERS)
