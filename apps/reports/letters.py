"""The morning letter: chosen figures, in the language and the time zone of whom it is for.

It holds what its person may see at that moment, and is handed to the mail server at most once for
each day: that it is being sent is committed before. Where nobody knows whether the server has it
(the worker died, or the line broke, before the answer), it is not sent again: its person reads on
the page of the letter that it may be missing. What the server refuses is tried again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.http import QueryDict
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from apps.accounts.models import User
from apps.accounts.rights import can
from apps.core import post
from apps.notifications.choosing import zone_of
from apps.reports import figures, showing
from apps.reports.models import FiguresLetter, Rhythm, SavedReport
from apps.reports.periods import Period
from tenants.current import current_company, current_schema
from tenants.models import Company

MONDAY, SATURDAY = 0, 5
A_DAY = timedelta(days=1)
MOST_REPORTS, MOST_ROWS = 5, 5
HANDING = timedelta(minutes=5)  # longer than the task may run: whoever began before is gone


@dataclass(frozen=True)
class Part:
    """A saved report in the letter: its name, its heads and its first rows."""

    name: str
    url: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    problem: str = ""


def due(*, now: datetime) -> list[tuple[UUID, date]]:
    """Return who is due a letter, with the day where they are."""
    rows = FiguresLetter.objects.exclude(rhythm=Rhythm.NEVER).filter(user__is_active=True)
    found = []
    for letter in rows.select_related("user").order_by("pk"):
        local = now.astimezone(zone_of(letter.user))
        if local.time() >= letter.at and letter.sent_on != local.date() and (
            _is_day_of(letter.rhythm, local.date())
        ):  # fmt: skip
            found.append((letter.user_id, local.date()))
    return found


def mail(*, user_id: UUID, day: date, now: datetime) -> bool:
    """Mail a person the letter of a day; tell whether it left: never a second time.

    :raises OSError: the mail server did not take it; it is still due.
    """
    letter = _begun(user_id, day, now)
    if letter is None:
        return False
    user = User.objects.get(pk=user_id)
    if not user.is_active or not can(user, "reports.view"):
        _ended(letter, sent_on=day)
        return False
    try:
        with override(user.language or _company().language), timezone.override(zone_of(user)):
            message = _message(letter, user, day)
        is_there = post.hand_over(message)
    except Exception:  # nothing has left: it is due as before
        _ended(letter)
        raise
    _ended(letter, sent_on=day, uncertain_on=None if is_there else day)
    return is_there


@transaction.atomic
def _begun(user_id: UUID, day: date, now: datetime) -> FiguresLetter | None:
    """Note that the letter of a day is being sent; ``None`` where it is not to be sent.

    A sending that began and never ended is noted as uncertain, and not repeated.
    """
    letter = FiguresLetter.objects.select_for_update().filter(user=user_id).first()
    if letter is None or letter.rhythm == Rhythm.NEVER or letter.sent_on == day:
        return None
    if letter.sending_on is not None and letter.sending_at is not None:
        if now - letter.sending_at < HANDING:
            return None
        letter.uncertain_on = letter.sending_on
        if letter.sending_on == day:
            _ended(letter, sent_on=day, uncertain_on=day)
            return None
    letter.sending_on, letter.sending_at = day, now
    letter.save(update_fields=["sending_on", "sending_at", "uncertain_on", "updated_at"])
    return letter


def _ended(letter: FiguresLetter, **said: date | None) -> None:
    """Note how the sending ended; with nothing said the letter is due as before."""
    for name, value in said.items():
        setattr(letter, name, value)
    letter.sending_on = letter.sending_at = None
    letter.save(update_fields=["sending_on", "sending_at", *said, "updated_at"])


def period_of(rhythm: str, day: date) -> Period:
    """Return of which days a letter tells: the day before, the week before, since Friday."""
    if rhythm == Rhythm.WEEKLY:
        return Period(day - timedelta(days=7), day - A_DAY)
    back = 3 if rhythm == Rhythm.WORKDAYS and day.weekday() == MONDAY else 1
    return Period(day - timedelta(days=back), day - A_DAY)


def stop_token(user_id: UUID) -> str:
    """Return what the address that ends the letters carries; good in this company only."""
    return signing.dumps(str(user_id), salt=_salt())


def read_stop_token(token: str) -> UUID | None:
    """Return whose letters an address ends; ``None`` for one that is not ours."""
    try:
        return UUID(signing.loads(token, salt=_salt()))
    except (signing.BadSignature, ValueError):
        return None


def _message(letter: FiguresLetter, user: User, day: date) -> EmailMultiAlternatives:
    period = period_of(letter.rhythm, day)
    begin, end = (date_format(each, "SHORT_DATE_FORMAT") for each in (
        period.from_on, period.until_on))  # fmt: skip
    days = begin if begin == end else f"{begin} – {end}"
    stop = f"{_address()}{reverse('reports:stop', args=[stop_token(user.pk)])}"
    context = {
        "company": _company(), "days": days, "address": _address(), "stop_url": stop,
        "settings_url": f"{_address()}{reverse('reports:letter')}",
        "figures": figures.told(
            user, period=period, currency=_company().currency, chosen=letter.figures
        ),
        "parts": _parts(user, day),
    }  # fmt: skip
    subject = _("%(company)s: figures of %(days)s") % {"company": _company().name, "days": days}
    host = urlsplit(_address()).hostname or "localhost"
    message = EmailMultiAlternatives(
        subject, render_to_string("reports/letter.txt", context), settings.DEFAULT_FROM_EMAIL,
        [user.email],
        headers={
            "Message-ID": f"<figures-{user.pk}-{day:%Y%m%d}@{host}>",
            "List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )  # fmt: skip
    message.attach_alternative(render_to_string("reports/letter.html", context), "text/html")
    return message


def _parts(user: User, day: date) -> list[Part]:
    """Return the saved reports of the letter, each with its first rows."""
    kept = SavedReport.objects.filter(user=user, is_mailed=True).order_by("name", "pk")
    parts = []
    for each in kept[:MOST_REPORTS]:
        table = showing.table_of(
            user, each.report, QueryDict(each.asked), today=day, size=MOST_ROWS
        )
        url = f"{_address()}{showing.url_of(each)}"
        rows = [table.shown(row) for row in table.rows]
        parts.append(Part(each.name, url, table.heads, rows, table.problem))
    return parts


def _is_day_of(rhythm: str, day: date) -> bool:
    if rhythm == Rhythm.WEEKLY:
        return day.weekday() == MONDAY
    return rhythm == Rhythm.DAILY or day.weekday() < SATURDAY


def _company() -> Company:
    return current_company()


def _address() -> str:
    scheme, _sep, host = settings.PUBLIC_URL.partition("://")
    return f"{scheme}://{_company().slug}.{host}"


def _salt() -> str:
    return f"reports.letter:{current_schema()}"
