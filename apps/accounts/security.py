"""The security log as people read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db.models import Q, QuerySet
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts import security_words
from apps.accounts.models import User
from apps.core.lists import ChoiceFilter, Column, DateRangeFilter, Empty, ListScreen
from tenants.audit.models import SecurityEvent
from tenants.audit.services import record

# What stands in front of the point of a kind of event; a new one has to be added here.
GROUPS: dict[str, str | Promise] = {
    "mail": _("Mailboxes"), "registers": _("Company register"),
    "retention": _("Keeping and erasing"),
    "sign_in": _("Signing in"), "people": _("People"), "roles": _("Roles"), "teams": _("Teams"),
    "modules": _("Modules"), "list": _("Lists taken out"), "vip": _("Details of VIP customers"),
    "api": _("API"), "webhooks": _("Webhooks"), "exchange": _("Exchange with 1C"),
    "portal": _("Customers' own page"), "office": _("Offices"), "webhook": _("Webhooks"),
    "webforms": _("Web forms"), "layouts": _("Cards and menus"), "menus": _("Cards and menus"),
    "import": _("Import"), "bin": _("Bin"), "personal_data": _("Personal data"),
}  # fmt: skip
WORDS: dict[str, str | Promise] = {
    "sign_in.done": _("signed in"), "sign_in.refused": _("refused: wrong password"),
    "sign_in.locked": _("refused: too many wrong passwords"),
    "sign_in.no_seat": _("refused: no seat left at the office"),
    "people.invited": _("invited"), "people.joined": _("joined"),
    "people.changed": _("a person's role or place was changed"),
    "roles.changed": _("a role was changed"), "roles.removed": _("a role was removed"),
    "teams.changed": _("a team was changed"), "teams.removed": _("a team was removed"),
    "modules.changed": _("modules were switched"),
    "list.exported": _("a list was taken out"),
    "vip.read": _("the card of a VIP customer was opened"),
    "portal.link_made": _("a customer's link was made"),
    "portal.link_ended": _("a customer's link was ended"),
    "portal.link_refused": _("refused: a customer's link that is not good"),
    "api.key_made": _("a key was made"), "api.key_withdrawn": _("a key was withdrawn"),
    "api.key_refused": _("refused: a key that is not good"),
    "exchange.password_refused": _("refused: wrong password of 1C"),
    "exchange.name_refused": _("refused: the name of a file"),
    "exchange.document_refused": _("refused: a hostile document"),
    "exchange.archive_refused": _("refused: a hostile archive"),
    "exchange.upload_refused": _("refused: a file that was sent"),
    "office.joined": _("an office was joined"), "office.code_refused": _("refused: a wrong code"),
    "office.file_refused": _("refused: a file of an office"),
    "office.refused": _("refused: a change an office may not make"),
    "office.discarded": _("a change of an office was given up"),
    "people.handed_over": _("everything of a person was handed over"),
    "list.export_fetched": _("a file of a list was fetched"),
    "list.export_sent": _("a list was sent by the clock"),
    "list.export_scheduled": _("a list will be sent by the clock"),
    "list.export_stopped": _("a list is sent no more"),
    "personal_data.exported": _("what is kept of a person was taken out"),
    "personal_data.erased": _("what was kept of a person was erased"),
    "webforms.changed": _("a web form was changed"),
    "webforms.trapped": _("refused: a machine filled in a web form"),
    "retention.changed": _("when what is erased was changed"),
    "retention.erased": _("old rows were erased by the clock"),
    "registers.key_saved": _("the key to a register was saved"),
    "registers.key_removed": _("the key to a register was removed"),
    "mail.box_saved": _("a mailbox was connected or changed"),
    "webhook.saved": _("a webhook was changed"), "webhook.removed": _("a webhook was removed"),
    "layouts.changed": _("a card was arranged"), "menus.changed": _("the menu was arranged"),
    "import.started": _("an import was begun"), "bin.purged": _("rows were deleted for good"),
}  # fmt: skip
_ONCE = timedelta(minutes=10)


def _word(event: SecurityEvent) -> str:
    return str(WORDS.get(event.kind, event.kind))


def _group(event: SecurityEvent) -> str:
    return str(GROUPS.get(event.kind.partition(".")[0], event.kind.partition(".")[0]))


def _kinds() -> list[tuple[str, Any]]:
    return list(GROUPS.items())


def _of_groups(rows: QuerySet[Any], wanted: Sequence[str]) -> QuerySet[Any]:
    some = Q(pk__in=[])
    for each in wanted:
        some |= Q(kind__startswith=f"{each}.")
    return rows.filter(some)


def _people() -> list[tuple[str, str]]:
    people = User.objects.order_by("full_name", "email", "pk")
    return [(person.email, str(person)) for person in people]


class SecurityLog(ListScreen):
    """What concerned the safety of the company, the latest first."""

    key = "security"
    title = _("Security log")
    url_name = "security"
    columns = (
        Column("at", _("When"), kind="moment", sort="at", phone="meta"),
        Column("group", pgettext_lazy("of an event", "Area"), _group),
        Column("what", _("What"), _word, phone="title"),
        Column("login", _("Who"), sort="login"),
        Column("address", _("Address"), phone="hidden"),
        Column("detail", _("Details"), lambda row: row.said, phone="wide"),
    )
    filters = (
        ChoiceFilter("area", pgettext_lazy("of an event", "Area"), choices=_kinds,
                     is_multiple=True, apply=_of_groups),
        ChoiceFilter("login", _("Who"), choices=_people),
        DateRangeFilter("day", _("When"), path="at__date", ends=("from", "until")),
    )  # fmt: skip
    search = ("login__icontains", "kind__icontains", "detail__icontains")
    search_hint = _("Person, event or detail")
    order = "-at"
    export_right = "security.view"
    empty = Empty("lock", _("Nothing has happened yet."))

    def rows(self) -> QuerySet[Any]:
        """Return every event."""
        return SecurityEvent.objects.all()

    def prepare(self, rows: Sequence[Any]) -> None:
        """Say the details of each line in words."""
        names = security_words.names_in(rows)
        for row in rows:
            row.said = security_words.detail(row, names)


@receiver(user_logged_in)
def _note_sign_in(sender: Any, request: HttpRequest | None, user: Any, **values: Any) -> None:
    """Write down who signed in, and from where."""
    if isinstance(user, User):
        meta = request.META if request is not None else {}
        record(kind="sign_in.done", login=user.email, address=meta.get("REMOTE_ADDR"))


def note_reading(*, request: HttpRequest, row: Any) -> None:
    """Write down that the card of a VIP customer was opened; once in ten minutes for a person."""
    request.kept_nowhere = True  # type: ignore[attr-defined]  # read here and now, or not at all
    login = getattr(request.user, "email", "")
    since = timezone.now() - _ONCE
    known = SecurityEvent.objects.filter(
        kind="vip.read", login=login, at__gt=since, detail__key=str(row.pk)
    )
    if not known.exists():
        record(
            kind="vip.read", login=login, address=request.META.get("REMOTE_ADDR"),
            key=str(row.pk), name=str(row),
        )  # fmt: skip
