"""Invoices and payments as kinds of objects: what every generic door knows of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import objects, tagging
from apps.core.models import Organization
from apps.core.objects import Action, ChangedMeanwhile, Field, ObjectKind, Refused, Saved
from apps.counterparties.models import Counterparty
from apps.finance.models import Payment, PaymentKind
from apps.sales import services, told_lines, words
from apps.sales.models import (
    DeliveryState,
    Invoice,
    InvoiceLine,
    InvoiceStatus,
    PaymentState,
)
from apps.sales.services import InvoiceChangedMeanwhile, InvoiceValues, LineValues, SalesError
from apps.sales.services.invoices import default_organization, locked

LINE_PARTS = (
    *told_lines.LINE_PARTS,
    Field("shipped_quantity", gettext_lazy("Shipped"), "quantity", is_writable=False),
)
_HEAD = {
    "counterparty": "counterparty_id", "organization": "organization_id",
    "issued_on": "issued_on", "currency": "currency", "due_on": "due_on",
    "price_type": "price_type_id", "warehouse": "warehouse_id",
    "is_tax_included": "is_tax_included", "comment": "comment", "responsible": "responsible_id",
}  # fmt: skip


def _lines(invoice: Invoice) -> list[dict[str, Any]]:
    return [
        {**told_lines.told(line), "shipped_quantity": line.shipped_quantity}
        for line in invoice.lines.all()
    ]


@transaction.atomic
def save(
    *,
    values: Mapping[str, Any],
    by: Any,
    key: UUID | None = None,
    seen: datetime | None = None,
) -> Invoice:
    """Make a draft or change an invoice; lines, when named, replace all that were there.

    Tags alone are put on an invoice that is shipped or paid, too.
    """
    former = locked(key) if key else None
    if former is not None and seen is not None and former.updated_at > seen:
        raise ChangedMeanwhile(former)
    tags = [str(key) for key in values["tags"] or ()] if "tags" in values else None
    if former is not None and tags is not None and values.keys() == {"tags"}:
        return services.tag_invoice(invoice_id=former.pk, tags=tags)
    head = {_HEAD[name]: value for name, value in values.items() if name in _HEAD}
    if former is not None:
        head = {column: getattr(former, column) for column in _HEAD.values()} | head
    else:
        head = _defaults(by) | {name: value for name, value in head.items() if value is not None}
    _require(head)
    lines = (
        _line_values(values["lines"], head, former, by)
        if "lines" in values
        else _lines_as_they_are(former)
    )
    wanted = InvoiceValues(**head, lines=lines, tags=tags)
    now = timezone.now()
    try:
        if former is None:
            return services.create_invoice(values=wanted, by=by, now=now)
        return services.change_invoice(
            invoice_id=former.pk, values=wanted, version=former.version, by=by, now=now
        )
    except InvoiceChangedMeanwhile as error:
        raise ChangedMeanwhile(error.current) from error
    except SalesError as error:
        raise Refused({"": [words.refusal(error)]}) from error


@transaction.atomic
def save_payment(
    *, values: Mapping[str, Any], by: Any, key: UUID | None = None, seen: datetime | None = None
) -> Payment:
    """Hold a payment back for its own fields: 1C says everything else.

    :raises ChangedMeanwhile: the payment is newer than ``seen``.
    """
    assert key is not None  # noqa: S101  (the kind is not creatable)
    payment = Payment.objects.select_for_update().get(pk=key)
    if seen is not None and payment.updated_at > seen:
        raise ChangedMeanwhile(payment)
    return payment


@transaction.atomic
def save_many(
    *, rows: Sequence[tuple[UUID | None, Mapping[str, Any]]], by: Any
) -> list[Saved]:
    """Bring heads of thousands of invoices to values at once; see ``objects.SaveMany``.

    New ones, and values that totals of lines follow from, go one by one.
    """
    wanted = {
        key: {_HEAD[name]: value for name, value in values.items() if name in _HEAD}
        for key, values in rows if key is not None
    }  # fmt: skip
    alone = {key for key, values in rows if key is None or not _is_free(values)}
    missing = _missing(wanted)
    changes = {k: v for k, v in wanted.items() if k not in alone and k not in missing}
    found = services.change_heads(changes=changes, by=by, now=timezone.now())
    answers = []
    for key, values in rows:
        if key is not None and key in missing and key not in alone:
            answers.append(Saved(key, refused=missing[key]))
            continue
        told = found.pop(key, None) if key is not None else None
        if told is None:
            answers.append(objects.save_one_of_many(objects.kind("invoices"), key, values, by))
        elif isinstance(told, bool):
            answers.append(Saved(key, is_changed=told))
        else:
            answers.append(Saved(key, refused=Refused({"": [words.refusal(told)]})))
    return answers


def _is_free(values: Mapping[str, Any]) -> bool:
    return all(_HEAD.get(name) in services.FREE for name in values)


def _missing(wanted: Mapping[UUID, Mapping[str, Any]]) -> dict[UUID, Refused]:
    """Return which invoices would have no customer or nobody who sells."""
    asked = {
        "counterparty_id": (Counterparty, "counterparty", _("An invoice needs a customer.")),
        "organization_id": (
            Organization, "organization", _("An invoice needs an organization that sells."),
        ),
    }  # fmt: skip
    found: dict[UUID, Refused] = {}
    for column, (model, field, sentence) in asked.items():
        named = {key: values[column] for key, values in wanted.items() if column in values}
        rows = model._default_manager.filter(pk__in={*named.values()} - {None})
        there = set(rows.values_list("pk", flat=True)) if named else set()
        for key, value in named.items():
            if value not in there:
                found[key] = Refused({field: [sentence]})
    return found


def _defaults(by: Any) -> dict[str, Any]:
    organization = default_organization()
    return {
        "organization_id": organization.pk if organization else None,
        "issued_on": timezone.localdate(), "responsible_id": getattr(by, "pk", None),
    }  # fmt: skip


def _require(head: Mapping[str, Any]) -> None:
    errors: dict[str, list[str]] = {}
    customer, seller = head.get("counterparty_id"), head.get("organization_id")
    if customer is None or not Counterparty.objects.filter(pk=customer).exists():
        errors["counterparty"] = [_("An invoice needs a customer.")]
    if seller is None or not Organization.objects.filter(pk=seller).exists():
        errors["organization"] = [_("An invoice needs an organization that sells.")]
    currency = str(head.get("currency") or "")
    if len(currency) != 3 or not currency.isalpha() or not currency.isupper():
        errors["currency"] = [_("A currency is three capital letters, like RUB.")]
    if errors:
        raise Refused(errors)


def _line_values(
    given: Sequence[Mapping[str, Any]] | None, head: Mapping[str, Any], former: Invoice | None,
    by: Any,
) -> list[LineValues]:  # fmt: skip
    known = former.lines.values_list("pk", flat=True) if former is not None else ()
    of = told_lines.Document(set(known), head.get("price_type_id"), str(head["currency"]))
    return told_lines.line_values(given, of=of, by=by)


def _lines_as_they_are(invoice: Invoice | None) -> list[LineValues]:
    if invoice is None:
        return []
    return [told_lines.as_it_is(line) for line in invoice.lines.all()]


def _step(run: Any) -> Any:
    def step(*, key: UUID, values: Mapping[str, Any], by: Any) -> Invoice:
        try:
            return run(invoice_id=key, by=by, now=timezone.now())  # type: ignore[no-any-return]
        except SalesError as error:
            raise Refused({"": [words.refusal(error)]}) from error

    return step


objects.register(
    ObjectKind(
        key="invoices",
        label=gettext_lazy("Invoice"),
        label_plural=gettext_lazy("Invoices"),
        icon="file-invoice",
        model=Invoice,
        fields=(
            Field("number", gettext_lazy("Number"), is_writable=False, is_sortable=True),
            Field("issued_on", gettext_lazy("Date"), "date", is_sortable=True),
            Field("due_on", gettext_lazy("Pay before"), "date"),
            Field("counterparty", gettext_lazy("Customer"), "relation", related="counterparties",
                  is_required=True),
            Field("organization", gettext_lazy("Organization"), "relation",
                  related="organizations"),
            Field("price_type", gettext_lazy("Price type"), "relation", related="price_types"),
            Field("warehouse", gettext_lazy("Warehouse"), "relation", related="warehouses"),
            Field("currency", gettext_lazy("Currency"), is_required=True),
            Field("is_tax_included", gettext_lazy("prices include tax"), "boolean"),
            Field("status", gettext_lazy("Status"), "choice", choices=InvoiceStatus.choices,
                  is_writable=False),
            Field("payment_state", gettext_lazy("Payment"), "choice",
                  choices=PaymentState.choices, is_writable=False),
            Field("delivery_state", gettext_lazy("Delivery"), "choice",
                  choices=DeliveryState.choices, is_writable=False),
            Field("total", gettext_lazy("Total"), "money", unit="currency", is_writable=False,
                  is_sortable=True),
            Field("tax_total", gettext_lazy("Tax"), "money", unit="currency", is_writable=False),
            Field("paid_total", gettext_lazy("Paid"), "money", unit="currency",
                  is_writable=False),
            Field("comment", gettext_lazy("Comment"), "long_text"),
            Field("responsible", gettext_lazy("Responsible"), "user"),
            Field("tags", gettext_lazy("Tags"), "choices", choices=tagging.choices,
                  words=("теги", "метки", "etiketler")),
            Field("lines", gettext_lazy("Lines"), "rows", read=_lines, parts=LINE_PARTS,
                  is_filterable=False),
            Field("created_at", gettext_lazy("Entered"), "moment", is_writable=False),
            Field("updated_at", gettext_lazy("changed"), "moment", is_writable=False),
        ),
        card_url_name="sales:card",
        list_url_name="sales:list",
        title="number",
        owner="responsible",
        handed_over=~Q(status=InvoiceStatus.CANCELLED)
        & ~Q(payment_state=PaymentState.PAID, delivery_state=DeliveryState.SHIPPED),
        parent=("counterparty", "counterparties"),
        hideable=("comment", "responsible", "due_on"),
        related=("counterparty", "responsible"),
        prefetch=(Prefetch("lines", InvoiceLine.objects.order_by("position", "id")),),
        search=("number__icontains", "counterparty__sort_name__contains"),
        order="-issued_on",
        is_extensible=True,
        save=save,
        save_many=save_many,
        actions=(
            Action("issue", gettext_lazy("Issue"), "invoices.issue",
                   _step(services.issue_invoice)),
            Action("mark-sent", gettext_lazy("Sent to the customer"), "invoices.send",
                   _step(services.mark_sent)),
            Action("cancel", gettext_lazy("Cancel"), "invoices.cancel",
                   _step(services.cancel_invoice)),
        ),
    )
)  # fmt: skip
objects.register(
    ObjectKind(
        key="payments",
        label=gettext_lazy("Payment"),
        label_plural=gettext_lazy("Payments"),
        icon="cash",
        model=Payment,
        fields=(
            Field("number", gettext_lazy("Number"), is_writable=False),
            Field("paid_on", gettext_lazy("Date"), "date", is_writable=False, is_sortable=True),
            Field("counterparty", gettext_lazy("Customer"), "relation", related="counterparties",
                  is_writable=False),
            Field("kind", gettext_lazy("Kind"), "choice", choices=PaymentKind.choices,
                  is_writable=False),
            Field("amount", gettext_lazy("Amount"), "money", unit="currency", is_writable=False),
            Field("currency", gettext_lazy("Currency"), is_writable=False),
            Field("purpose", gettext_lazy("Purpose"), is_writable=False),
            Field("updated_at", gettext_lazy("changed"), "moment", is_writable=False),
        ),
        card_url_name="sales:payment",
        list_url_name="sales:payments",
        hideable=("purpose",),
        parent=("counterparty", "counterparties"),
        order="-paid_on",
        is_extensible=True,
        save=save_payment,
        is_creatable=False,
    )
)  # fmt: skip
objects.register(
    ObjectKind(
        key="organizations",
        label=gettext_lazy("Organization"),
        label_plural=gettext_lazy("Our organizations"),
        icon="building",
        model=Organization,
        fields=(
            Field("name", gettext_lazy("Name"), path="name", is_writable=False),
            Field("full_name", gettext_lazy("Full name"), is_writable=False),
            Field("tax_number", gettext_lazy("Tax number"), is_writable=False),
            Field("is_default", gettext_lazy("Used by default"), "boolean", is_writable=False),
            Field("updated_at", gettext_lazy("changed"), "moment", is_writable=False),
        ),
        right="organizations",
    )
)
