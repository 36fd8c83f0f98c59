"""Calls as a telephone exchange tells of them (``docs/protocol/api.md``).

Events come late, twice and in any order. A call that was answered has a beginning (``starts_at``),
one that is over an end (``ends_at``); ``at`` is the earliest moment told of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db import connection, models, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.rights import opened, visible
from apps.activities import moments
from apps.activities.models import OPEN_STATES, Activity, ActivityKind
from apps.activities.services.doing import archive
from apps.activities.services.saving import ActivityValues, save_activity
from apps.core import notices
from apps.counterparties.contacts import normal
from apps.counterparties.models import (
    ContactPerson,
    ContactPoint,
    Counterparty,
    PhoneEnd,
    PointKind,
)
from apps.counterparties.selectors import having_phone

CONTACTS = "contacts"


class CallState(models.TextChoices):
    RINGING = "ringing"
    ANSWERED = "answered"
    ENDED = "ended"
    MISSED = "missed"


@dataclass(frozen=True)
class CallEvent:
    """What an exchange says of a call: ``call`` is its own identifier, ``number`` the other side's.

    ``person`` is the e-mail of whom of us it concerns; ``number`` is empty when it was withheld.
    """

    call: str
    state: str
    number: str
    at: datetime
    is_incoming: bool = True
    person: str = ""
    recording: str = ""


@transaction.atomic
def take_call(*, event: CallEvent, by: User, now: datetime) -> tuple[Activity, Activity | None]:
    """Enter a call or add to it what an event says; return it, and the task to call back.

    The customer is found by the number among those whom ``by`` sees. An incoming call that nobody
    answered makes one task for the customer's owner; an answer that is told later takes it away.
    The same event again writes nothing and tells nobody.
    """
    digest = hashlib.sha256(event.call.encode()).hexdigest()
    _wait_for_turn(digest)
    known = Activity.objects.filter(source=f"call:{digest}").first()
    if known is None:
        partner = _partner(event.number, by)
        call = _enter(event, partner, by, source=f"call:{digest}")
    else:
        partner, call = known.counterparty, known
        _add(call, event, by)
    task = Activity.objects.filter(source=f"callback:{digest}").first()
    if call.starts_at is not None:
        if task is not None and task.state in OPEN_STATES and not task.is_archived:
            archive(ids=[task.pk], is_archived=True)
        return call, None
    is_missed = event.state == CallState.MISSED and event.is_incoming
    if is_missed and task is None and event.number:
        task = _ask_to_call_back(event, partner, by, now=now, source=f"callback:{digest}")
    return call, task


def _wait_for_turn(digest: str) -> None:
    """Two events of a call at once go one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [digest])


def _partner(number: str, by: User) -> Counterparty | None:
    keys = [row.pk for row in having_phone(number, by=by)] if number else []
    if not keys:
        return None
    rows = Counterparty.objects.filter(pk__in=keys).select_related("responsible")
    return visible(by, rows, "counterparties.view").order_by("sort_name", "id").first()


def _contact(number: str, partner: Counterparty, by: User) -> ContactPerson | None:
    """Return the contact person who is reached at a number, their own or a further one."""
    digits = "".join(letter for letter in number if letter.isdigit())[-10:]
    people = ContactPerson.objects.filter(
        opened(by, ContactPerson, "phone"), counterparty=partner, is_archived=False
    )
    points = ContactPoint.objects.filter(
        counterparty=partner, kind=PointKind.PHONE, person__isnull=False,
        normalized=normal(PointKind.PHONE, number) or "-",
    ).order_by()  # fmt: skip
    found = people.alias(end=PhoneEnd("phone")).filter(
        models.Q(end=digits) | models.Q(pk__in=points.values("person"))
    )
    return found.order_by("full_name", "id").first()


def _whose(event: CallEvent, partner: Counterparty | None, by: User) -> User:
    """Return whose a call is: the person it rings at, if they see the customer, or its owner."""
    person = _person(event.person)
    if partner is None:
        return person or by
    if person is not None and _sees(person, partner):
        return person
    return _owner(partner, by)


def _person(email: str) -> User | None:
    rows = User.objects.filter(email__iexact=email, is_active=True)
    key = rows.values_list("pk", flat=True).first() if email else None
    return User.objects.get(pk=key) if key else None


def _sees(person: User, partner: Counterparty) -> bool:
    rows = Counterparty.objects.filter(pk=partner.pk)
    return visible(person, rows, "counterparties.view").exists()


def _owner(partner: Counterparty | None, by: User) -> User:
    owner = partner.responsible if partner is not None else None
    return owner if owner is not None and owner.is_active else by


def _enter(event: CallEvent, partner: Counterparty | None, by: User, *, source: str) -> Activity:
    whose = _whose(event, partner, by)
    contact = _contact(event.number, partner, by) if partner is not None else None
    # The number of a known customer is not repeated: that of a VIP is not for everybody.
    name = (contact or partner or event.number) if event.number else ""
    with _in_language_of(whose):
        who = str(name or _("withheld number"))
        subject = _("Incoming call: %(who)s") if event.is_incoming else _("Outgoing call: %(who)s")
        is_over = event.state in {CallState.ENDED, CallState.MISSED}
        starts_at = event.at if event.state == CallState.ANSWERED else None
        ends_at = event.at if is_over else None
        call = save_activity(
            values=ActivityValues(
                kind=ActivityKind.CALL, subject=(subject % {"who": who})[:250],
                text=_recording(event), starts_at=starts_at, ends_at=ends_at, owner_id=whose.pk,
                counterparty_id=partner.pk if partner else None, result=_result(starts_at, ends_at),
            ),
            by=by, now=event.at, cards_of=[(CONTACTS, contact.pk)] if contact else [],
            is_done=True, source=source,
        )  # fmt: skip
    if event.is_incoming and event.state == CallState.RINGING and event.number:
        _tell_ringing(event.number, partner, whose, by)
    return call


def _tell_ringing(number: str, partner: Counterparty | None, whose: User, by: User) -> None:
    if partner is None:
        url = f"{reverse('counterparties:new')}?{urlencode({'phone': number})}"
        notices.tell(users=[whose.pk], kind="call_unknown", values={"number": number}, url=url)
        return
    values = {"customer": partner.name, "owner": str(_owner(partner, by))}
    url = reverse("counterparties:card", args=[partner.pk])
    notices.tell(users=[whose.pk], kind="call_ringing", values=values, url=url)


def _add(call: Activity, event: CallEvent, by: User) -> None:
    """Bring a call to what is known of it now; what was told before is not lost."""
    before = (call.starts_at, call.ends_at, call.at, call.text)
    if event.state == CallState.ANSWERED:
        call.starts_at = min(call.starts_at or event.at, event.at)
    elif event.state == CallState.ENDED:
        call.ends_at = max(call.ends_at or event.at, event.at)
    elif event.state == CallState.MISSED and call.starts_at is None:
        call.ends_at = call.ends_at or event.at
    if call.starts_at and call.ends_at:
        call.ends_at = max(call.starts_at, call.ends_at)
    call.at = min(call.at, event.at)
    with _in_language_of(by):
        recording = _recording(event)
        if recording and recording not in call.text:
            call.text = "\n".join(filter(None, [call.text, recording]))
        if before == (call.starts_at, call.ends_at, call.at, call.text):
            return
        if before[:2] != (call.starts_at, call.ends_at):
            call.result = _result(call.starts_at, call.ends_at)
    call.planned_at, call.completed_at = call.starts_at, call.at
    call.save()


def _result(starts_at: datetime | None, ends_at: datetime | None) -> str:
    if ends_at is None:
        return ""
    if starts_at is None:
        return _("Nobody answered.")
    minutes, seconds = divmod(int((ends_at - starts_at).total_seconds()), 60)
    return _("Talked for %(minutes)d min %(seconds)d s.") % {"minutes": minutes, "seconds": seconds}


def _recording(event: CallEvent) -> str:
    return _("Recording: %(url)s") % {"url": event.recording} if event.recording else ""


def _ask_to_call_back(
    event: CallEvent, partner: Counterparty | None, by: User, *, now: datetime, source: str
) -> Activity:
    whose = _owner(partner, by) if partner is not None else _whose(event, None, by)
    with _in_language_of(whose):
        subject = _("Call back %(who)s") % {"who": partner or event.number}
    values = ActivityValues(
        kind=ActivityKind.TASK, subject=subject[:250], owner_id=whose.pk, is_all_day=True,
        counterparty_id=partner.pk if partner else None,
        due_at=moments.whole_day(timezone.localtime(now).date()),
    )  # fmt: skip
    return save_activity(values=values, by=by, now=now, source=source)


@contextmanager
def _in_language_of(person: User) -> Iterator[None]:
    with translation.override(person.language or translation.get_language()):
        yield
