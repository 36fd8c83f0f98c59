"""Receivables: a task to call before an invoice falls due, closed when the money has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.activities import moments, telling
from apps.activities.models import (
    OPEN_STATES,
    Activity,
    ActivityKind,
    ActivityLink,
    Importance,
)
from apps.activities.services.doing import complete
from apps.sales.models import Invoice, InvoiceStatus, PaymentState

DAYS_BEFORE = 3
DAYS_MISSED = 7  # what fell due while nobody looked is still told
AT_ONCE = 500
_SOURCE = "receivable:"


@transaction.atomic
def plan_calls(*, now: datetime, language: str) -> list[Activity]:
    """Give the owner a task for each unpaid invoice that falls due within three days.

    Once for each date an invoice has been due on, whatever becomes of the task. The owner is the
    invoice's responsible person, else the customer's. Done any number of times it makes nothing
    twice.
    """
    today = timezone.localtime(now).date()
    waiting = _without_task(today)
    with translation.override(language):
        wanted = [_task(invoice, now=now) for invoice in waiting]
    made = Activity.objects.bulk_create(wanted, ignore_conflicts=True)
    real = {each.source: each for each in Activity.objects.filter(
        pk__in=[each.pk for each in made])}  # fmt: skip
    ActivityLink.objects.bulk_create(
        ActivityLink(activity=real[task.source], kind="invoices", key=invoice.pk)
        for task, invoice in zip(wanted, waiting, strict=True)
        if task.source in real
    )
    for task, invoice in zip(wanted, waiting, strict=True):
        if task.source in real:
            telling.tell(
                task, "payment_expected", users={task.owner_id}, by=None, number=invoice.number,
                customer=invoice.counterparty.name, amount=str(invoice.total - invoice.paid_total),
                currency=invoice.currency, due=invoice.due_on.isoformat() if invoice.due_on else "",
            )  # fmt: skip
    return list(real.values())


@transaction.atomic
def close_call(*, invoice_id: UUID, now: datetime, result: str) -> list[Activity]:
    """Call the task of an invoice done: it is paid, or there is nothing to pay any more."""
    open_ones = Activity.objects.filter(
        source__startswith=f"{_SOURCE}{invoice_id}:", state__in=OPEN_STATES
    )
    return complete(
        ids=list(open_ones.values_list("pk", flat=True)), by=None, now=now, result=result
    )


@transaction.atomic
def close_settled(*, now: datetime, language: str) -> int:
    """Close the tasks of invoices that were settled, or put to another day, meanwhile."""
    open_ones = Activity.objects.filter(source__startswith=_SOURCE, state__in=OPEN_STATES)
    sources = list(open_ones.order_by("pk").values_list("source", flat=True))
    keys = {UUID(source.split(":")[1]) for source in sources}
    invoices = {each.pk: each for each in Invoice.objects.filter(pk__in=keys)}
    closed = 0
    with translation.override(language):
        for source in sources:
            _name, key, due = source.split(":")
            invoice = invoices.get(UUID(key))
            result = _outcome(invoice, due)
            if result:
                close_call(invoice_id=UUID(key), now=now, result=result)
                closed += 1
    return closed


def _outcome(invoice: Invoice | None, due: str) -> str:
    """Return why no call is needed any more; ``""`` when it is."""
    if invoice is None or invoice.status == InvoiceStatus.CANCELLED or invoice.is_archived:
        return _("Cancelled")
    if invoice.payment_state == PaymentState.PAID:
        return _("Paid")
    if invoice.due_on is None or invoice.due_on.isoformat() != due:
        return _("The date of payment was moved.")
    return ""


def _without_task(today: date) -> Sequence[Invoice]:
    unpaid = Invoice.objects.filter(
        status__in=(InvoiceStatus.ISSUED, InvoiceStatus.SENT),
        payment_state__in=(PaymentState.UNPAID, PaymentState.PARTLY_PAID),
        is_archived=False,
        due_on__gte=today - timedelta(days=DAYS_MISSED),
        due_on__lte=today + timedelta(days=DAYS_BEFORE),
    ).select_related("counterparty__responsible", "responsible")
    rows = list(unpaid.order_by("due_on", "pk")[:AT_ONCE])
    known = set(
        Activity.objects.filter(source__in=[_source(each) for each in rows]).values_list(
            "source", flat=True
        )
    )
    return [each for each in rows if _source(each) not in known]


def _task(invoice: Invoice, *, now: datetime) -> Activity:
    owner: User | None = invoice.responsible or invoice.counterparty.responsible
    due_at = moments.whole_day(timezone.localtime(now).date())
    values = {"number": invoice.number, "customer": invoice.counterparty.name}
    return Activity(
        kind=ActivityKind.CALL,
        subject=(_("Call about payment: %(customer)s, invoice %(number)s") % values)[:250],
        importance=Importance.HIGH,
        owner=owner,
        counterparty=invoice.counterparty,
        due_at=due_at,
        planned_at=due_at,
        is_all_day=True,
        text=_("To pay before %(day)s.") % {"day": _day(invoice.due_on)},
        at=now,
        source=_source(invoice),
    )


def _source(invoice: Invoice) -> str:
    return f"{_SOURCE}{invoice.pk}:{invoice.due_on}"


def _day(day: date | None) -> str:
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""
