"""The calendar: layers of dated things, each read for a span of days and moved by its own rules.

Rooms register layers; kinds of objects with a date are layers by themselves (a deal's close date,
a custom date of an administrator), moved by the kind's own ``save``.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.accounts.models import User
from apps.accounts.rights import ALL_RIGHTS, can, opened, unseen, visible
from apps.activities import moments, repeating, selectors, services, words
from apps.activities.models import OPEN_STATES, Activity, ActivityKind, ActivityState
from apps.core import objects
from apps.core.objects import Field, ObjectKind
from apps.counterparties.models import ContactPerson, Counterparty, DateKind, ImportantDate, Yearly
from apps.sales.models import Invoice, InvoiceStatus, PaymentState
from apps.sales.services.due import move_due

AT_MOST = 600  # of a layer in a span
HALF_HOUR = timedelta(minutes=30)
CUSTOMERS_VIEW = "counterparties.view"
_BIRTHDAY = DateKind.BIRTHDAY.label
_YEARLY = {"contacts-born_on"}  # stand in the layer of important dates, on their day of each year


class NotMovable(Exception):
    """This cannot be put to another day, or not by this person; nothing was changed."""


@dataclass(frozen=True)
class Event:
    """Something at a time; ``ends`` is the last day of a whole-day event, else a moment."""

    layer: str
    key: UUID
    title: str
    starts: datetime
    ends: datetime
    is_all_day: bool
    url: str
    icon: str = "circle"
    who: str = ""
    is_movable: bool = True
    is_done: bool = False
    is_late: bool = False

    @property
    def first_day(self) -> date:
        """Return the day it begins."""
        return moments.day_of(self.starts, is_all_day=self.is_all_day)

    @property
    def last_day(self) -> date:
        """Return the day it ends; what ends at midnight ends the day before."""
        if self.is_all_day:
            return moments.day_of(self.ends, is_all_day=True)
        return max(self.first_day, timezone.localtime(self.ends - timedelta(seconds=1)).date())


@dataclass(frozen=True)
class Span:
    """What is looked at: days, whose, by whom."""

    first: date
    until: date
    viewer: User
    person: UUID | None  # None: everybody
    now: datetime


@dataclass(frozen=True)
class Move:
    """Where something is put."""

    key: UUID
    to: date
    at: time | None
    is_all_day: bool | None
    minutes: int | None
    by: User


@dataclass(frozen=True)
class Layer:
    """One layer: how it is read for a span, and how one of it is moved."""

    key: str
    label: str | Promise
    read: Callable[[Span], Sequence[Event]]
    move: Callable[[Move], None] | None = None
    right: str = ""
    is_shown: bool = True  # unless the person chose
    order: int = 100


_layers: dict[str, Layer] = {}


def register(layer: Layer) -> None:
    """Add a layer; registered again it replaces the former one."""
    _layers[layer.key] = layer


def layers(user: Any) -> list[Layer]:
    """Return the layers a person may look at, in their order."""
    known = [*_layers.values(), *_of_kinds()]
    allowed = [each for each in known if not each.right or can(user, each.right)]
    return sorted(allowed, key=lambda each: (each.order, each.key))


def events(span: Span, shown: Sequence[Layer]) -> list[Event]:
    """Return what stands in the span, a query for each layer."""
    found = [event for layer in shown for event in layer.read(span)]
    return sorted(found, key=lambda each: (each.starts, str(each.key)))


# Activities ---------------------------------------------------------------------------------------


def _activities(*kinds: str, layer: str) -> Callable[[Span], Sequence[Event]]:
    def read(span: Span) -> Sequence[Event]:
        rows = selectors.seen_by(span.viewer).filter(kind__in=kinds, is_archived=False)
        rows = rows.exclude(state=ActivityState.DECLINED)
        if span.person is not None:
            rows = rows.filter(Q(owner=span.person) | Q(pk__in=_taking_part(span.person)))
        days = moments.on_days(span.first, span.until)
        runs_in = Q(
            starts_at__lt=moments.midnight(span.until), ends_at__gte=moments.midnight(span.first)
        )
        repeats = Q(state__in=OPEN_STATES, planned_at__lt=moments.midnight(span.until)) & ~Q(
            recurrence=""
        )
        found = rows.filter(days | runs_in | repeats).order_by("planned_at", "pk")[:AT_MOST]
        return [event for each in found for event in _shown(each, span, layer)]

    return read


def _taking_part(person: UUID) -> Any:
    return Activity.objects.filter(people__user=person, people__role="participant").values("pk")


def _shown(each: Activity, span: Span, layer: str) -> list[Event]:
    if each.planned_at is None:
        return []
    shown = []
    length = each.ends_at - each.starts_at if each.ends_at and each.starts_at else timedelta()
    own = _event(each, each.planned_at, length, layer, span)
    if own.first_day < span.until and own.last_day >= span.first:
        shown.append(own)
    if each.recurrence and each.state in OPEN_STATES:
        since = max(each.planned_at + timedelta(minutes=1), moments.midnight(span.first))
        until = moments.midnight(span.until)
        for at in repeating.moments(
            each.recurrence, start=each.planned_at, since=since, until=until
        ):
            moment = moments.whole_day(timezone.localtime(at).date()) if each.is_all_day else at
            shown.append(_event(each, moment, length, layer, span, is_movable=False))
    return shown


def _event(
    each: Activity, at: datetime, length: timedelta, layer: str, span: Span, *,
    is_movable: bool = True,
) -> Event:  # fmt: skip
    return Event(
        layer=layer, key=each.pk, title=each.subject, starts=at,
        ends=at + (length if each.is_all_day else max(length, HALF_HOUR)),
        is_all_day=each.is_all_day, url=reverse("activities:card", args=[each.pk]),
        icon=words.icon(each.kind), who=str(each.owner or ""),
        is_movable=is_movable and each.is_open and can(span.viewer, "activities.change"),
        is_done=each.state == ActivityState.DONE,
        is_late=each.is_open
        and moments.is_late(each.planned_at, is_all_day=each.is_all_day, now=span.now),
    )  # fmt: skip


def _move_activity(move: Move) -> None:
    rows = selectors.seen_by(move.by, action="change").filter(pk=move.key, state__in=OPEN_STATES)
    if not rows.exists():
        raise NotMovable(move.key)
    services.reschedule(
        ids=[move.key], by=move.by, to=move.to, at=move.at, is_all_day=move.is_all_day,
        minutes=move.minutes,
    )  # fmt: skip


# Invoices -----------------------------------------------------------------------------------------


def _invoices(span: Span) -> Sequence[Event]:
    rows = visible(span.viewer, Invoice.objects.select_related("counterparty"), "invoices.view")
    rows = rows.filter(
        due_on__gte=span.first, due_on__lt=span.until, is_archived=False,
        status__in=(InvoiceStatus.ISSUED, InvoiceStatus.SENT),
    )  # fmt: skip
    if span.person is not None:
        rows = rows.filter(responsible=span.person)
    may_move = can(span.viewer, "invoices.change")
    today = timezone.localtime(span.now).date()
    shown = []
    for each in rows.order_by("due_on", "pk")[:AT_MOST]:
        is_paid = each.payment_state == PaymentState.PAID
        moment = moments.whole_day(each.due_on or today)
        shown.append(
            Event(
                layer="invoices", key=each.pk, title=f"{each.number} {each.counterparty}",
                starts=moment, ends=moment, is_all_day=True, icon="cash",
                url=reverse("sales:card", args=[each.pk]), is_movable=may_move and not is_paid,
                is_done=is_paid, is_late=not is_paid and (each.due_on or today) < today,
            )
        )  # fmt: skip
    return shown


def _move_invoice(move: Move) -> None:
    rows = visible(move.by, Invoice.objects.all(), "invoices.change")
    if not rows.filter(pk=move.key).exists():
        raise NotMovable(move.key)
    move_due(invoice_id=move.key, due_on=move.to, by=move.by, now=timezone.now())


# Days that matter to customers, birthdays of contact persons --------------------------------------


def _important_dates(span: Span) -> Sequence[Event]:
    """Return what comes again every year on its day of this one; February 29 on the 28th else."""
    viewer, days = span.viewer, _days_of(span)
    people = ContactPerson.objects.filter(is_archived=False, counterparty__is_archived=False)
    people = visible(viewer, people, CUSTOMERS_VIEW).filter(
        opened(viewer, ContactPerson, "born_on")
    )
    partners = visible(viewer, Counterparty.objects.filter(is_archived=False), CUSTOMERS_VIEW)
    partners = partners.filter(unseen(viewer, Counterparty).is_open)
    if span.person is not None:
        people = people.filter(counterparty__responsible=span.person)
        partners = partners.filter(responsible=span.person)
    born = people.annotate(yearly=Yearly("born_on")).filter(
        born_on__isnull=False, yearly__in=days
    )
    dates = ImportantDate.objects.filter(counterparty__in=partners.order_by().values("pk"))
    dates = dates.annotate(yearly=Yearly("on")).filter(
        Q(is_yearly=True, yearly__in=days)
        | Q(is_yearly=False, on__gte=span.first, on__lt=span.until)
    )
    found = [
        _on_day("contacts", each.pk, days[each.yearly], f"{each.full_name}: {_BIRTHDAY}")
        for each in born.order_by("yearly", "pk")[:AT_MOST]
    ]
    for each in dates.select_related("counterparty").order_by("yearly", "pk")[:AT_MOST]:
        on = days[each.yearly] if each.is_yearly else each.on
        title = f"{each.counterparty}: {each}"
        found.append(_on_day("counterparties", each.counterparty_id, on, title))
    return found


def _days_of(span: Span) -> dict[int, date]:
    """Return the days of a span by month and day, as ``Yearly`` counts them."""
    found: dict[int, date] = {}
    for at in range((span.until - span.first).days):
        day = span.first + timedelta(days=at)
        found.setdefault(day.month * 100 + day.day, day)
        if (day.month, day.day) == (2, 28) and not isleap(day.year):
            found[229] = day
    return found


def _on_day(kind: str, key: UUID, on: date, title: str) -> Event:
    moment = moments.whole_day(on)
    return Event(
        layer="dates", key=key, title=title, starts=moment, ends=moment, is_all_day=True,
        icon="star", url=reverse(objects.kind(kind).card_url_name, args=[key]), is_movable=False,
    )  # fmt: skip


# Any kind of object with a date -------------------------------------------------------------------


def _of_kinds() -> list[Layer]:
    return [
        Layer(
            key=f"{kind.key}-{field.key}", label=f"{kind.label_plural}: {field.label}",
            read=_dated(kind, field), right=f"{kind.right_object}.view", order=200,
            move=_mover(kind, field) if kind.save is not None and field.is_writable else None,
            is_shown=kind.save is not None and field.is_writable and not field.is_custom,
        )
        for kind in objects.kinds()
        if f"{kind.right_object}.view" in ALL_RIGHTS and kind.key not in _layers
        for field in objects.fields_of(kind)
        if field.type == "date" and field.is_filterable and field.read is None
        and f"{kind.key}-{field.key}" not in _YEARLY
    ]  # fmt: skip


def _dated(kind: ObjectKind, field: Field) -> Callable[[Span], Sequence[Event]]:
    def read(span: Span) -> Sequence[Event]:
        rows = kind.rows(span.viewer)
        as_kept = field.stored or (lambda day: day)
        first, until = as_kept(span.first), as_kept(span.until)
        rows = rows.filter(**{f"{field.source}__gte": first, f"{field.source}__lt": until})
        rows = rows.filter(opened(span.viewer, kind.model, field.key))
        if span.person is not None and kind.owner:
            rows = rows.filter(**{kind.owner: span.person})
        found = []
        for row in rows.order_by(field.source, "pk")[:AT_MOST]:
            day = objects.value_of(field, row)
            if isinstance(day, str):
                day = date.fromisoformat(day)
            moment = moments.whole_day(day)
            found.append(
                Event(
                    layer=f"{kind.key}-{field.key}", key=row.pk, title=str(row), starts=moment,
                    ends=moment, is_all_day=True, url=_address(kind, row.pk), icon=kind.icon,
                    is_movable=kind.save is not None and field.is_writable,
                )
            )  # fmt: skip
        return found

    return read


def _mover(kind: ObjectKind, field: Field) -> Callable[[Move], None]:
    def move(asked: Move) -> None:
        right = f"{kind.right_object}.change"
        if right not in ALL_RIGHTS or kind.save is None:
            raise NotMovable(asked.key)
        if not kind.rows(asked.by, action="change").filter(pk=asked.key).exists():
            raise NotMovable(asked.key)
        objects.save(kind, values={field.key: asked.to}, by=asked.by, key=asked.key)

    return move


def _address(kind: ObjectKind, key: UUID) -> str:
    try:
        return reverse(kind.card_url_name, args=[key])
    except NoReverseMatch:
        return ""


_TASKS, _MEETINGS = (ActivityKind.TASK, ActivityKind.CALL), (ActivityKind.MEETING,)
for _key, _label, _kinds, _order in (
    ("meetings", pgettext_lazy("calendar", "Meetings"), _MEETINGS, 10),
    ("tasks", pgettext_lazy("calendar", "Tasks and calls"), _TASKS, 20),
    ("absences", pgettext_lazy("calendar", "Absences"), (ActivityKind.ABSENCE,), 30),
):
    register(
        Layer(
            _key, _label, _activities(*_kinds, layer=_key), _move_activity, "activities.view",
            order=_order,
        )
    )  # fmt: skip
register(
    Layer("dates", _("Important dates and birthdays"), _important_dates, right=CUSTOMERS_VIEW,
          order=50)
)  # fmt: skip
register(
    Layer("invoices", _("Invoices to be paid"), _invoices, _move_invoice, "invoices.view", order=40)
)
