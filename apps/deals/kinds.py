"""Deals and quotations as kinds of objects: what every generic door knows of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.core import objects, tagging
from apps.core.objects import Action, Field, ObjectKind, Refused, Saved
from apps.counterparties import files
from apps.deals import services, words
from apps.deals.models import (
    Deal,
    DealLine,
    LossReason,
    Pipeline,
    Quotation,
    QuotationStatus,
    Source,
    Stage,
    StageKind,
)
from apps.deals.services import DealError, StageNeeds
from apps.deals.services.many import change_deals, require_free_amount
from apps.deals.services.quotations import invoice_deal, quote
from apps.sales.services import LineValues

_KEYS = ("counterparty", "owner", "pipeline", "stage", "price_type", "loss_reason")


def pipeline_choices() -> list[tuple[str, str]]:
    rows = Pipeline.objects.filter(is_archived=False).order_by("position", "id")
    return [(str(row.pk), row.name) for row in rows]


def lines_of(row: Deal | Quotation) -> list[dict[str, Any]]:
    """Return the lines of a deal or quotation, in their order."""
    return [{part.key: getattr(line, part.key) for part in LINE} for line in row.lines.all()]


def stage_choices() -> list[tuple[str, str]]:
    rows = Stage.objects.filter(is_archived=False, pipeline__is_archived=False)
    rows = rows.select_related("pipeline").order_by("pipeline__position", "position", "id")
    has_several = len({row.pipeline_id for row in rows}) > 1
    return [
        (str(row.pk), f"{row.pipeline} · {row}" if has_several else row.name) for row in rows
    ]


def reason_choices() -> list[tuple[str, str]]:
    rows = LossReason.objects.filter(is_archived=False).order_by("position", "id")
    return [(str(row.pk), row.name) for row in rows]


LINE = (
    Field("name", gettext_lazy("Product or service")),
    Field("article", gettext_lazy("Article")),
    Field("quantity", gettext_lazy("Quantity"), "quantity", unit="unit"),
    Field("price", gettext_lazy("Price"), "number"),
    Field("discount_percent", gettext_lazy("Discount, %"), "number"),
    Field("total", gettext_lazy("Amount"), "number"),
)
FIELDS = (
    Field("name", gettext_lazy("Name"), is_required=True, is_sortable=True,
          words=("сделка", "название", "fırsat", "title", "deal")),
    Field("counterparty", gettext_lazy("Customer"), "relation", related="counterparties",
          is_required=True, words=("клиент", "контрагент", "müşteri", "company")),
    Field("pipeline", gettext_lazy("Pipeline"), "choice", path="pipeline", choices=pipeline_choices,
          words=("воронка",)),
    Field("stage", gettext_lazy("Stage"), "choice", path="stage", choices=stage_choices,
          words=("стадия", "этап", "aşama")),
    Field("owner", gettext_lazy("Responsible"), "user", words=("ответственный", "sorumlu")),
    Field("amount", gettext_lazy("Amount"), "money", unit="currency", is_sortable=True,
          words=("сумма", "tutar", "value")),
    Field("currency", gettext_lazy("Currency"), words=("валюта", "para birimi")),
    Field("expected_on", gettext_lazy("Expected on"), "date", is_sortable=True,
          words=("дата закрытия", "close date")),
    Field("source", gettext_lazy("Source"), "choice", choices=Source.choices,
          words=("источник", "kaynak")),
    Field("contract", gettext_lazy("Contract"), words=("договор", "sözleşme")),
    Field("comment", gettext_lazy("Comment"), "long_text", words=("комментарий", "açıklama")),
    Field("loss_reason", gettext_lazy("Reason of loss"), "choice", path="loss_reason",
          choices=reason_choices),
    Field("loss_comment", gettext_lazy("About the loss")),
    Field("tags", gettext_lazy("Tags"), "choices", choices=tagging.choices,
          words=("теги", "метки", "etiketler")),
    Field("opened_at", gettext_lazy("Opened"), "moment", is_writable=False, is_of_new=True,
          words=("дата создания", "создана", "дата начала", "открыта", "created", "created at",
                 "create date", "oluşturma tarihi", "açılış tarihi")),
    Field("stage_since", gettext_lazy("In this stage since"), "moment", is_writable=False),
    Field("touched_at", gettext_lazy("Latest activity"), "moment", is_writable=False,
          is_sortable=True),
    Field("closed_at", gettext_lazy("Closed"), "moment", is_writable=False, is_of_new=True,
          words=("закрыта", "дата завершения", "closed on", "closed date", "kapanış tarihi")),
    Field("lines", gettext_lazy("Lines"), "rows", parts=LINE, read=lines_of,
          is_writable=False, is_filterable=False),
    Field("updated_at", gettext_lazy("changed"), "moment", is_writable=False),
)  # fmt: skip


def save(
    *,
    values: Mapping[str, Any],
    by: Any,
    key: UUID | None = None,
    seen: datetime | None = None,
    lines: Sequence[LineValues] | None = None,
) -> Deal:
    """Open a deal or bring one to these values; see ``apps.core.objects.Save``.

    ``lines``, when told, replace those that stand there.
    """
    taken = _taken(values)
    amount = values.get("amount")
    if key is not None and amount is not None and lines is None:
        has_lines = DealLine.objects.filter(deal=key).exists()
        require_free_amount(Deal.objects.get(pk=key), amount, has_lines=has_lines)
    try:
        return services.save_deal(
            values=taken, by=by, now=timezone.now(), key=key, seen=seen, lines=lines
        )
    except StageNeeds as error:
        raise _needs(error) from error


def save_many(
    *, rows: Sequence[tuple[UUID | None, Mapping[str, Any]]], by: Any
) -> list[Saved]:
    """Open deals one by one, bring thousands to values at once; see ``objects.SaveMany``."""
    kind = objects.kind("deals")
    answers: dict[int, Saved] = {}
    changes: dict[UUID, Mapping[str, Any]] = {}
    for place, (key, values) in enumerate(rows):
        if key is None or key in changes:  # a row named twice is saved as it stands by then
            continue
        try:
            changes[key] = _taken(values)
        except Refused as refused:
            answers[place] = Saved(key, refused=refused)
    found = change_deals(changes=list(changes.items()), by=by, now=timezone.now())
    for place, (key, values) in enumerate(rows):
        if place in answers:
            continue
        told = found.pop(key, None) if key is not None else None
        if key is None or told is None:
            answers[place] = objects.save_one_of_many(kind, key, values, by)
        elif isinstance(told, bool):
            answers[place] = Saved(key, is_changed=told)
        else:
            why = _needs(told) if isinstance(told, StageNeeds) else told
            answers[place] = Saved(key, refused=why)
    return [answers[place] for place in range(len(rows))]


def _needs(error: StageNeeds) -> Refused:
    return Refused({"stage": [words.refusal(error)]})


def _taken(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as the services take them: rows by their keys.

    :raises Refused: one is no key.
    """
    return {name: _key(name, value) if name in _KEYS else value for name, value in values.items()}


def archive(keys: Collection[UUID], is_archived: bool) -> int:
    """Take deals out of use, or bring them back."""
    return services.archive_deals(ids=keys, is_archived=is_archived, now=timezone.now())


def _key(name: str, value: Any) -> UUID | None:
    if value in (None, ""):
        return None
    pk = getattr(value, "pk", value)
    try:
        return pk if isinstance(pk, UUID) else UUID(str(pk))
    except ValueError as error:
        raise Refused({name: [_("This is none of the choices.")]}) from error


def _move(*, key: UUID, values: Mapping[str, Any], by: Any) -> Model:
    rest = {name: value for name, value in values.items() if name != "stage"}
    stage_id = _key("stage", values.get("stage"))
    if stage_id is None or not Stage.objects.filter(pk=stage_id, is_archived=False).exists():
        raise Refused({"stage": [_("There is no such stage.")]})
    return _moved(key, stage_id, rest, by)


def _end(kind: StageKind) -> Any:
    def run(*, key: UUID, values: Mapping[str, Any], by: Any) -> Model:
        stage = Stage.objects.filter(
            pipeline__deals=key, kind=kind, is_archived=False
        ).first()  # a pipeline has one end of each kind
        if stage is None:
            raise Refused({"": [_("There is no such stage.")]})
        return _moved(key, stage.pk, values, by)

    return run


def _moved(key: UUID, stage_id: UUID, values: Mapping[str, Any], by: Any) -> Model:
    try:
        return services.move_deal(
            deal_id=key, stage_id=stage_id, by=by, now=timezone.now(), values=values
        )
    except StageNeeds as error:
        sentence = words.refusal(error)
        raise Refused({name: [sentence] for name in error.missing}) from error


def _make(make: Any) -> Any:
    def run(*, key: UUID, values: Mapping[str, Any], by: Any) -> Model:
        try:
            made: Model = make(
                deal_id=key, by=by, today=timezone.localdate(), now=timezone.now()
            )
        except DealError as error:
            raise Refused({"": [words.refusal(error)]}) from error
        return made

    return run


def _fields(*names: str) -> tuple[Field, ...]:
    return tuple(each for each in FIELDS if each.key in names)


objects.register(
    ObjectKind(
        key="deals",
        label=gettext_lazy("Deal"),
        label_plural=gettext_lazy("Deals"),
        icon="target",
        model=Deal,
        fields=FIELDS,
        card_url_name="deals:card",
        list_url_name="deals:list",
        title="name",
        owner="owner",
        handed_over=Q(closed_at__isnull=True),
        participants=("members__user",),
        office="counterparty__office_id",
        parent=("counterparty", "counterparties"),
        related=("counterparty", "owner", "pipeline", "stage", "loss_reason"),
        search=("search_name__contains",),
        order="-touched_at",
        save=save,
        save_many=save_many,
        archive=archive,
        is_extensible=True,
        hideable=("source", "contract", "comment", "loss_comment"),
        prefetch=("lines",),
        actions=(
            Action("move", gettext_lazy("Move to a stage"), "deals.change", _move,
                   _fields("stage")),
            Action("win", pgettext_lazy("deal", "Win"), "deals.change", _end(StageKind.WON)),
            Action("lose", pgettext_lazy("deal", "Lose"), "deals.change", _end(StageKind.LOST),
                   _fields("loss_reason", "loss_comment")),
            Action("quote", gettext_lazy("Make a quotation"), "quotations.create", _make(quote)),
            Action("invoice", gettext_lazy("Make an invoice"), "invoices.create",
                   _make(invoice_deal)),
        ),
    )
)  # fmt: skip
objects.register(
    ObjectKind(
        key="quotations",
        label=gettext_lazy("Quotation"),
        label_plural=gettext_lazy("Quotations"),
        icon="file-text",
        model=Quotation,
        fields=(
            Field("number", gettext_lazy("Number"), is_writable=False, is_sortable=True),
            Field("deal", gettext_lazy("Deal"), "relation", related="deals", is_writable=False),
            Field("status", gettext_lazy("Status"), "choice", choices=QuotationStatus.choices,
                  is_writable=False),
            Field("issued_on", gettext_lazy("Date"), "date", is_writable=False, is_sortable=True),
            Field("valid_until", gettext_lazy("Valid until"), "date", is_writable=False),
            Field("total", gettext_lazy("Total"), "money", unit="currency", is_writable=False),
            Field("currency", gettext_lazy("Currency"), is_writable=False),
            Field("author", gettext_lazy("Author"), "user", is_writable=False),
            Field("terms", gettext_lazy("Terms"), "long_text", is_writable=False),
            Field("lines", gettext_lazy("Lines"), "rows", parts=LINE, read=lines_of,
                  is_writable=False, is_filterable=False),
            Field("updated_at", gettext_lazy("changed"), "moment", is_writable=False),
        ),
        card_url_name="deals:quotation",
        list_url_name="deals:quotations",
        title="number",
        owner="author",
        handed_over=~Q(status__in=[QuotationStatus.ACCEPTED, QuotationStatus.DECLINED]),
        office="deal__counterparty__office_id",
        parent=("deal", "deals"),
        related=("deal__counterparty", "author"),
        search=("number__icontains",),
        order="-issued_on",
        prefetch=("lines",),
    )
)  # fmt: skip
files.register("deals", files.Place(lambda deal: deal.counterparty_id))
