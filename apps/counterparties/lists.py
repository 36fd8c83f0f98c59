"""The list of counterparties: its columns, filters and what can be done with many at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from html import escape
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.accounts.rights import visible
from apps.core import tagging
from apps.core.addresses import address_of
from apps.core.formats import money_text
from apps.core.lists import (
    BooleanFilter,
    BulkAction,
    ChoiceFilter,
    Column,
    Empty,
    ListScreen,
    RelatedFilter,
)
from apps.core.searching import matching
from apps.core.templatetags.ui import status
from apps.counterparties import people, sections, selectors
from apps.counterparties.contacts import both_ways, region
from apps.counterparties.duplicates import like_each
from apps.counterparties.models import Counterparty, CounterpartyStatus
from apps.counterparties.templatetags.contacts import tag_list

_ARCHIVE = BulkAction(
    "no", pgettext_lazy("to do", "Archive"), "counterparties:archive", "counterparties.delete",
    icon="archive", name="back",
)  # fmt: skip
_ASK = BulkAction(
    "yes", _("Check with the register"), "counterparties:register_many", "counterparties.change",
    icon="building", name="register",
)  # fmt: skip
_BRING_BACK = BulkAction(
    "yes", _("Bring back"), "counterparties:archive", "counterparties.delete", name="back"
)


def _owes(partner: Any) -> SafeString:
    """Return the debts of a row, currency by currency."""
    if not partner.debts:
        return SafeString("")
    texts = ((money_text(amount, currency),) for currency, amount in partner.debts)
    return format_html_join("", "<div>{}</div>", texts)


def _owes_plainly(partner: Any) -> str:
    return ", ".join(f"{amount:f} {currency}" for currency, amount in partner.debts)


def _office(partner: Any) -> str:
    return str(partner.office_name)


def _name(partner: Any) -> SafeString | str:
    """Return the name with what marks it: a star for a VIP, tags in their colours."""
    if not partner.is_vip and not partner.tags:
        return str(partner.name)
    star = format_html(
        ' <span class="badge is-warning">{}</span>', gettext("VIP")
    ) if partner.is_vip else ""  # fmt: skip
    tags = tag_list(partner.tag_list)
    if not star and not tags:
        return str(partner.name)
    return format_html('<span class="named">{}{}{}</span>', partner.name, star, tags)


def _status(partner: Any) -> SafeString:
    return status(_TONES.get(partner.status, "good"), partner.get_status_display())


_TONES = {"unsorted": "waiting", "lead": "info", "qualified": "running", "rejected": "off"}


def _phone(row: Any) -> SafeString | str:
    """Return the phone as a link that dials."""
    if not row.phone:
        return ""
    link = '<a class="cell-link" href="tel:%s">%s</a>'
    return SafeString(link % tuple(map(escape, both_ways(row.phone, country=region()))))


def _email(row: Any) -> SafeString | str:
    if not row.email:
        return ""
    address = escape(row.email)
    return SafeString(f'<a class="cell-link" href="mailto:{address}">{address}</a>')


def _tag_names(row: Any) -> str:
    return ", ".join(tag.name for tag in row.tag_list)


def _people() -> list[tuple[str, str]]:
    return [(str(person.pk), str(person)) for person in selectors.people()]


class CounterpartyList(ListScreen):
    """Counterparties by name, with what they owe."""

    key = "counterparties"
    kind = "counterparties"
    title = _("Counterparties")
    url_name = "counterparties:list"
    columns = (
        Column("name", _("Name"), _name, sort="sort_name", is_link=True, phone="title",
               exported="name"),
        Column("tax_number", _("Tax number"), sort="tax_number"),
        Column("phone", _("Phone"), _phone, exported="phone"),
        Column("email", _("E-mail"), _email, phone="hidden", exported="email"),
        Column("responsible", _("Responsible"), phone="hidden"),
        Column("owes", _("Owes"), _owes, is_numeric=True, phone="figure",
               exported=_owes_plainly),
        Column("office", _("Served by"), _office, is_default=False),
        Column("kind", _("Kind"), "get_kind_display", is_default=False),
        Column("status", _("Status"), _status, is_default=False,
               exported="get_status_display"),
        Column("source", _("Source"), is_default=False),
        Column("parent", _("Belongs to"), "parent.name", is_default=False),
        Column("tags", _("Tags"), _tag_names, is_default=False),
        Column("address", _("Address"), is_default=False),
        Column("comment", _("Comment"), is_default=False),
        Column("created", _("Entered"), "created_at", kind="date", is_default=False),
    )  # fmt: skip
    filters = (
        ChoiceFilter("responsible", _("Responsible"), choices=_people, read="people"),
        ChoiceFilter(
            "relation", _("Relation"), choices=list(selectors.RELATIONS.items()),
            is_multiple=True, apply=selectors.related_as,
        ),
        ChoiceFilter("status", _("Status"), choices=CounterpartyStatus.choices),
        ChoiceFilter(
            "tag", _("Tag"), choices=tagging.choices, is_multiple=True, apply=selectors.with_tags,
            read="tags",
        ),
        BooleanFilter("vip", _("VIP"), path="is_vip"),
        ChoiceFilter(
            "archived", _("Archive"), choices=[("yes", _("Archived"))], otherwise=_("In use")
        ),
    )
    search = ("name", "tax number", "phone", "e-mail")
    search_hint = _("Name, tax number, phone or e-mail")
    order = "name"
    tables = ("counterparties_counterparty", "sales_invoice")
    reads = ("offices",)
    is_kept = True
    joins = {"parent": "parent"}
    empty = Empty(
        "users",
        _("There are no counterparties yet."),
        _("They come from 1C with the first orders, or are entered by hand."),
        _("New counterparty"),
        "counterparties:new",
    )
    create_url_name = "counterparties:new"
    create_label = _("New counterparty")
    create_right = "counterparties.create"

    def rows(self) -> QuerySet[Any]:
        """Return every counterparty, archived ones too."""
        rows = Counterparty.objects.select_related("responsible")
        return visible(self.request.user, rows, "counterparties.view")

    def found(self) -> QuerySet[Any]:
        """Return the counterparties that fit what was asked."""
        rows = selectors.counterparties(
            selectors.CounterpartyFilter(
                query=self.asked.get("q", "")[:200].replace("\x00", " "),
                responsible_id=_key(self.asked.get("responsible", "")),
                is_archived=self._is_archive,
                status=self._status,
                by=self.request.user,
            )
        ).select_related("responsible")
        rows = visible(self.request.user, rows, "counterparties.view")
        for each in self.filters:
            if each.name in ("relation", "tag", "vip"):
                rows = each.narrow(rows, self.asked)
        return rows

    def prepare(self, rows: Sequence[Any]) -> None:
        """Add the debts of the page's rows, and the offices that serve them."""
        offices = {key: name for key, name, _is_here in self._offices}
        owed = sections.debts([row.pk for row in rows])
        tagging.named(rows, tagging.told(self.furnishing.further.get("tags", ())))
        for row in rows:
            row.debts = owed.get(row.pk, ())
            row.office_name = offices.get(row.office_id, "")

    def url(self, row: Any) -> str:
        """Return the address of a counterparty."""
        return address_of("counterparties:card", row.pk)

    def offered(self) -> Sequence[BulkAction]:
        """Return the way into the archive, or out of it."""
        if self._is_archive:
            return (_BRING_BACK,)
        if any(is_here for _key, _name, is_here in self._offices):
            return (_ARCHIVE, _ASK)
        offices = [(str(key), name) for key, name, _is_here in self._offices]
        hand_over = [
            BulkAction(
                key, gettext("Hand over to %(office)s") % {"office": name},
                "counterparties:hand_over", "counterparties.change", icon="building",
                name="office",
            )
            for key, name in offices
        ]  # fmt: skip
        return (_ARCHIVE, _ASK, *hand_over)

    @cached_property
    def _offices(self) -> list[tuple[UUID, str, bool]]:
        offices = self.furnishing.further.get("offices", ())
        return [(UUID(key), name, is_here) for key, name, is_here in offices]

    @property
    def _is_archive(self) -> bool:
        return self.asked.get("archived") == "yes"

    @property
    def _status(self) -> str:
        asked = self.asked.get("status", "")
        return asked if asked in CounterpartyStatus.values else ""


class PeopleList(ListScreen):
    """Contact persons by name."""

    key = "contacts"
    kind = "contacts"
    title = _("Contact persons")
    url_name = "counterparties:people"
    columns = (
        Column("full_name", pgettext_lazy("person", "Name"), sort="full_name", is_link=True,
               phone="title"),
        Column("counterparty", _("Counterparty"), "counterparty.name"),
        Column("job_title", _("Job title")),
        Column("phone", _("Phone"), _phone, exported="phone"),
        Column("email", _("E-mail"), _email, phone="hidden", exported="email"),
        Column("born_on", _("Birthday"), kind="date", is_default=False),
        Column("tags", _("Tags"), _tag_names, is_default=False),
        Column("created", _("Entered"), "created_at", kind="date", is_default=False),
    )  # fmt: skip
    filters = (
        RelatedFilter("counterparty", _("Counterparty"), model=Counterparty),
        ChoiceFilter(
            "tag", _("Tag"), choices=tagging.choices, is_multiple=True, apply=selectors.with_tags,
            read="tags",
        ),
        ChoiceFilter(
            "archived", _("Archive"), choices=[("yes", _("Archived"))], otherwise=_("In use"),
            apply=lambda rows, _values: rows,
        ),
    )  # fmt: skip
    search = ("name", "phone", "e-mail")
    search_hint = _("Name, phone or e-mail")
    order = "full_name"
    tables = ("counterparties_contactperson",)
    is_kept = True
    empty = Empty(
        "user",
        _("There are no contact persons yet."),
        _("Enter whom one speaks to at a customer."),
        _("New contact person"),
        "counterparties:person_new",
    )
    create_url_name = "counterparties:person_new"
    create_label = _("New contact person")
    create_right = "counterparties.create"

    def rows(self) -> QuerySet[Any]:
        """Return every contact person, archived ones too."""
        return visible(self.request.user, people.rows(), "counterparties.view")

    def found(self) -> QuerySet[Any]:
        """Return those that fit what was asked."""
        return super().found().filter(is_archived=self._is_archive)

    def matching(self, rows: QuerySet[Any], words: Sequence[str]) -> QuerySet[Any]:
        """Return whom the words name, by any part of name, phone or e-mail."""
        return matching(rows, " ".join(words), by=self.request.user)

    def prepare(self, rows: Sequence[Any]) -> None:
        """Add the tags of the page's rows."""
        tagging.named(rows, tagging.told(self.furnishing.further.get("tags", ())))

    def url(self, row: Any) -> str:
        """Return the address of a contact person."""
        return address_of("counterparties:person", row.pk)

    def offered(self) -> Sequence[BulkAction]:
        """Return the way into the archive, or out of it."""
        key, label = ("yes", _("Bring back")) if self._is_archive else ("no", _ARCHIVE.label)
        return (
            BulkAction(
                key, label, "counterparties:people_archive", "counterparties.delete",
                icon="archive", name="back",
            ),
        )  # fmt: skip

    @property
    def _is_archive(self) -> bool:
        return self.asked.get("archived") == "yes"


def _reach(row: Any) -> SafeString | str:
    """Return phone and e-mail, one below the other."""
    parts = [each for each in (_phone(row), _email(row)) if each]
    return format_html_join("", "<div>{}</div>", ((each,) for each in parts)) if parts else ""


def _wrote(row: Any) -> SafeString | str:
    return format_html('<div class="wrote">{}</div>', row.comment) if row.comment else ""


def _verdict(row: Any) -> SafeString:
    """Return the two buttons with which a waiting request is decided, without leaving the list."""
    return format_html(
        '<span class="row"><button class="btn-outline btn-sm" name="to" value="lead"'
        ' formaction="{0}" hx-post="{0}" hx-swap="none" data-accept>{1}</button>'
        '<button class="btn-ghost btn-sm" name="to" value="rejected"'
        ' formaction="{0}" hx-post="{0}" hx-swap="none" data-decline>{2}</button></span>',
        f"{reverse('counterparties:lead', args=[row.pk])}?from=inbox", pgettext("lead", "Accept"),
        pgettext("lead", "Decline"),
    )  # fmt: skip


class InboxList(ListScreen):
    """Requests that wait to be accepted or declined, the oldest first."""

    key = "inbox"
    title = _("Unsorted")
    url_name = "counterparties:inbox"
    columns = (
        Column("name", _("Name"), sort="sort_name", is_link=True, phone="title"),
        Column("verdict", _("Accept or decline"), _verdict, exported=None, phone="wide",
               is_head_hidden=True),
        Column("reach", _("Phone and e-mail"), _reach, exported=None, phone="wide"),
        Column("comment", _("What they wrote"), _wrote, exported="comment", phone="wide"),
        Column("like", _("Perhaps entered already"), "like_cell", exported=None, phone="wide"),
        Column("source", _("Source")),
        Column("created", _("Entered"), "created_at", kind="moment", sort="created_at"),
        Column("phone", _("Phone"), is_default=False),
        Column("email", _("E-mail"), is_default=False),
    )  # fmt: skip
    search = ("name", "phone", "e-mail")
    search_hint = _("Name, phone or e-mail")
    order = "created"
    tables = ("counterparties_counterparty",)
    actions = (
        BulkAction("lead", pgettext_lazy("lead", "Accept"), "counterparties:lead_bulk",
                   "counterparties.change", icon="check", name="to"),
        BulkAction("rejected", pgettext_lazy("lead", "Decline"), "counterparties:lead_bulk",
                   "counterparties.change", icon="x", name="to"),
    )  # fmt: skip
    empty = Empty(
        "inbox",
        _("Nothing waits."),
        _("Requests from forms, letters and imports stand here until somebody accepts them."),
    )

    def rows(self) -> QuerySet[Any]:
        """Return what waits and the person may see."""
        rows = Counterparty.objects.filter(
            status=CounterpartyStatus.UNSORTED, is_archived=False
        ).select_related("responsible")
        return visible(self.request.user, rows, "counterparties.view")

    def matching(self, rows: QuerySet[Any], words: Sequence[str]) -> QuerySet[Any]:
        """Return those that the words name."""
        return matching(rows, " ".join(words), by=self.request.user)

    def prepare(self, rows: Sequence[Any]) -> None:
        """Say of each row who is entered already with the same phone or e-mail."""
        for row, found in like_each(rows, by=self.request.user).items():
            row.like_cell = format_html_join(
                ", ", '<a class="link" href="{}">{}</a>',
                ((reverse("counterparties:card", args=[each.pk]), each.name) for each in found),
            )  # fmt: skip

    def url(self, row: Any) -> str:
        """Return the address of the request's card."""
        return address_of("counterparties:card", row.pk)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
