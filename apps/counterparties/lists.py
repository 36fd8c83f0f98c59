"""The list of counterparties: its columns, filters and what can be done with many at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.core.formats import money_text
from apps.core.lists import BulkAction, ChoiceFilter, Column, Empty, ListScreen
from apps.counterparties import sections, selectors
from apps.counterparties.models import Counterparty
from replication.nodes import known_offices

_ARCHIVE = BulkAction(
    "no", pgettext_lazy("to do", "Archive"), "counterparties:archive", "counterparties.change",
    icon="archive", name="back",
)  # fmt: skip
_BRING_BACK = BulkAction(
    "yes", _("Bring back"), "counterparties:archive", "counterparties.change", name="back"
)


def _owes(partner: Any) -> SafeString:
    """Return the debts of a row, currency by currency."""
    texts = ((money_text(amount, currency),) for currency, amount in partner.debts)
    return format_html_join("", "<div>{}</div>", texts)


def _owes_plainly(partner: Any) -> str:
    return ", ".join(f"{amount:f} {currency}" for currency, amount in partner.debts)


def _office(partner: Any) -> str:
    return str(partner.office_name)


def _people() -> list[tuple[str, str]]:
    return [(str(person.pk), str(person)) for person in selectors.people()]


class CounterpartyList(ListScreen):
    """Counterparties by name, with what they owe."""

    key = "counterparties"
    kind = "counterparties"
    title = _("Counterparties")
    url_name = "counterparties:list"
    columns = (
        Column("name", _("Name"), sort="sort_name", is_link=True, phone="title"),
        Column("tax_number", _("Tax number"), sort="tax_number"),
        Column("phone", _("Phone"), phone="hidden"),
        Column("email", _("E-mail"), phone="hidden"),
        Column("responsible", _("Responsible"), phone="hidden"),
        Column("owes", _("Owes"), _owes, is_numeric=True, phone="figure",
               exported=_owes_plainly),
        Column("office", _("Served by"), _office, is_default=False),
        Column("kind", _("Kind"), "get_kind_display", is_default=False),
        Column("address", _("Address"), is_default=False),
        Column("comment", _("Comment"), is_default=False),
        Column("created", _("Entered"), "created_at", kind="date", is_default=False),
    )  # fmt: skip
    filters = (
        ChoiceFilter("responsible", _("Responsible"), choices=_people),
        ChoiceFilter(
            "archived", _("Archive"), choices=[("yes", _("Archived"))], otherwise=_("In use")
        ),
    )
    search = ("name", "tax number", "phone", "e-mail")
    search_hint = _("Name, tax number, phone or e-mail")
    order = "name"
    tables = ("counterparties_counterparty", "sales_invoice")
    empty = Empty(
        "users",
        _("There are no counterparties yet."),
        _("They come from 1C with the first orders, or are entered by hand."),
        _("New counterparty"),
        "counterparties:new",
    )
    create_url_name = "counterparties:new"
    create_label = _("New counterparty")
    create_right = "counterparties.change"

    def rows(self) -> QuerySet[Any]:
        """Return every counterparty, archived ones too."""
        return Counterparty.objects.select_related("responsible")

    def found(self) -> QuerySet[Any]:
        """Return the counterparties that fit what was asked."""
        return selectors.counterparties(
            selectors.CounterpartyFilter(
                query=self.asked.get("q", "")[:200].replace("\x00", " "),
                responsible_id=_key(self.asked.get("responsible", "")),
                is_archived=self._is_archive,
            )
        )

    def prepare(self, rows: Sequence[Any]) -> None:
        """Add the debts of the page's rows, and the offices that serve them."""
        offices = {key: name for key, name, _is_here in self._offices}
        owed = sections.debts([row.pk for row in rows])
        for row in rows:
            row.debts = owed.get(row.pk, ())
            row.office_name = offices.get(row.office_id, "")

    def url(self, row: Any) -> str:
        """Return the address of a counterparty."""
        return reverse("counterparties:card", args=[row.pk])

    def offered(self) -> Sequence[BulkAction]:
        """Return the way into the archive, or out of it."""
        if self._is_archive:
            return (_BRING_BACK,)
        if any(is_here for _key, _name, is_here in self._offices):
            return (_ARCHIVE,)
        offices = [(str(key), name) for key, name, _is_here in self._offices]
        hand_over = [
            BulkAction(
                key, gettext("Hand over to %(office)s") % {"office": name},
                "counterparties:hand_over", "counterparties.change", icon="building",
                name="office",
            )
            for key, name in offices
        ]  # fmt: skip
        return (_ARCHIVE, *hand_over)

    @cached_property
    def _offices(self) -> list[tuple[UUID, str, bool]]:
        return known_offices()

    @property
    def _is_archive(self) -> bool:
        return self.asked.get("archived") == "yes"


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
