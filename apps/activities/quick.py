"""A task from one line of words: «Call Anna tomorrow 10:00», «завтра в 9 счёт», «yarın 14:30»."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from apps.activities import moments
from apps.activities.models import ActivityKind, Importance
from apps.activities.services import ActivityValues
from apps.core.folding import fold

# Words of every language are understood in every language; folded, so that ё and ş may be left out.
_DAYS = {
    "today": 0, "сегодня": 0, "bugun": 0,
    "tomorrow": 1, "завтра": 1, "yarin": 1,
    "послезавтра": 2, "obur gun": 2, "day after tomorrow": 2,
}  # fmt: skip
_WEEKDAYS = (
    ("monday", "понедельник", "pazartesi"), ("tuesday", "вторник", "sali"),
    ("wednesday", "среда", "среду", "carsamba"), ("thursday", "четверг", "persembe"),
    ("friday", "пятница", "пятницу", "cuma"), ("saturday", "суббота", "субботу", "cumartesi"),
    ("sunday", "воскресенье", "pazar"),
)  # fmt: skip
_KINDS = (
    (ActivityKind.CALL, ("call", "phone", "позвонить", "звонок", "ara", "arama", "telefon")),
    (ActivityKind.MEETING, ("meet", "meeting", "встреча", "встретиться", "toplanti", "gorusme")),
)
_NEXT_WEEK = ("next week", "следующей неделе", "gelecek hafta", "haftaya")
_BEFORE = r"(?:(?:on|at|by|in|в|во|на|к|до|saat)\s+)?"
_CLOCK = re.compile(rf"(?<!\S){_BEFORE}(\d{{1,2}})[:.](\d{{2}})(?!\S|\.\d)", re.IGNORECASE)
_HOUR = re.compile(r"(?<!\S)(?:at|в|saat)\s+(\d{1,2})(?!\S)", re.IGNORECASE)
_DATE = re.compile(
    rf"(?<!\S){_BEFORE}(?:(\d{{4}})-(\d{{2}})-(\d{{2}})|(\d{{1,2}})\.(\d{{1,2}})(?:\.(\d{{4}}))?)(?!\S)"
)
_IMPORTANT = re.compile(r"(?<!\S)!{1,3}(?!\S)|!{2,}$")
_USUAL_HOUR = time(10)


def read(line: str, *, now: datetime, language: str) -> ActivityValues:
    """Return what a line of words means; words that mean nothing are the subject."""
    text = " ".join(line.split())
    importance = Importance.NORMAL
    if _IMPORTANT.search(text):
        importance, text = Importance.HIGH, _IMPORTANT.sub("", text)
    today = timezone.localtime(now).date()
    text, day = _without_day(text, today)
    text, at = _without_clock(text)
    kind = _kind(text)
    if day is None and at is not None:
        passed = timezone.localtime(now).time() >= at
        day = today + timedelta(days=1) if passed else today
    moment, is_all_day = None, False
    if day is not None:
        is_all_day = at is None and kind != ActivityKind.MEETING
        moment = (
            moments.whole_day(day) if is_all_day
            else timezone.make_aware(datetime.combine(day, at or _USUAL_HOUR))
        )  # fmt: skip
    if kind == ActivityKind.MEETING and moment is None:
        kind = ActivityKind.TASK
    starts_at = moment if kind == ActivityKind.MEETING else None
    return ActivityValues(
        kind=kind, subject=" ".join(text.split())[:250], importance=importance,
        starts_at=starts_at, due_at=None if starts_at else moment, is_all_day=is_all_day,
    )  # fmt: skip


def _without_day(text: str, today: date) -> tuple[str, date | None]:
    found = _DATE.search(text)
    if found is not None:
        year, month, day_of, day, month_of, year_of = found.groups()
        try:
            if year:
                named = date(int(year), int(month), int(day_of))
            else:
                named = date(int(year_of or today.year), int(month_of), int(day))
                if not year_of and named < today:
                    named = named.replace(year=today.year + 1)
        except ValueError:
            named = None
        if named is not None:
            return text[: found.start()] + " " + text[found.end() :], named
    for words, away in sorted(_DAYS.items(), key=lambda pair: -len(pair[0])):
        rest = _cut(text, words)
        if rest is not None:
            return rest, today + timedelta(days=away)
    for words in _NEXT_WEEK:
        rest = _cut(text, words)
        if rest is not None:
            return rest, today + timedelta(days=7 - today.weekday())
    for place, names in enumerate(_WEEKDAYS):
        for name in names:
            rest = _cut(text, name)
            if rest is not None:
                return rest, today + timedelta(days=(place - today.weekday() - 1) % 7 + 1)
    return text, None


def _without_clock(text: str) -> tuple[str, time | None]:
    for pattern in (_CLOCK, _HOUR):
        found = pattern.search(text)
        if found is None:
            continue
        hour, minute = int(found.group(1)), int(found.group(2)) if pattern is _CLOCK else 0
        if hour < 24 and minute < 60:
            return text[: found.start()] + " " + text[found.end() :], time(hour, minute)
    return text, None


def _cut(text: str, words: str) -> str | None:
    """Return the text without these words and a preposition before them; ``None``: not there.

    Folding keeps the number of words, so words are compared folded and cut from what was typed.
    """
    typed, wanted = text.split(), words.split()
    folded = [fold(each).strip(",") for each in typed]
    for at in range(len(typed) - len(wanted) + 1):
        if folded[at : at + len(wanted)] == wanted:
            begin = at - 1 if at and folded[at - 1] in ("on", "by", "в", "во", "на", "к") else at
            return " ".join([*typed[:begin], *typed[at + len(wanted) :]])
    return None


def _kind(text: str) -> str:
    words = set(fold(text).replace(",", " ").split())
    return next((kind for kind, names in _KINDS if words & set(names)), ActivityKind.TASK)
