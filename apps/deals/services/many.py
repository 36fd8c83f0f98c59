"""Thousands of deals at once: the rules of one by one, written by a few statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.core import bulk, events
from apps.core.objects import Refused
from apps.counterparties.models import Counterparty
from apps.deals.models import Deal, DealLine, LossReason, Stage, StageKind
from apps.deals.services import happenings
from apps.deals.services.deals import (
    bring_to,
    check,
    note_moves,
    require_fields,
    set_values,
)
from apps.deals.services.errors import StageNeeds

Change = tuple[UUID, Mapping[str, Any]]


@transaction.atomic
def change_deals(
    *, changes: Sequence[Change], by: User | None, now: datetime
) -> dict[UUID, bool | Refused | StageNeeds]:
    """Bring deals to values, each as ``save_deal`` would; return what became of them by key.

    ``True`` where a deal differed, ``False`` where it stood so already; ``Refused`` or
    ``StageNeeds`` where it may not be so: that deal stays as it is, the others do not.
    """
    known = _Known(changes)
    former = bulk.columns_now(known.deals.values())
    found: dict[UUID, bool | Refused | StageNeeds] = {}
    kept: list[Deal] = []
    moved: list[tuple[Deal, UUID]] = []
    for key, values in changes:
        deal = known.deals.get(key)
        if deal is None:
            found[key] = Refused({"": [_("It is gone.")]})
            continue
        try:
            require_free_amount(deal, values.get("amount"), has_lines=deal.has_lines)
            known.require_partner(values)
            is_changed = set_values(deal, values, known.partners)
            check(deal, values)
            stage = known.stage(deal, values)
            if stage.pk != deal.stage_id:
                require_fields(deal, stage)
                moved.append((deal, bring_to(deal, stage, now=now)))
                is_changed = True
        except (Refused, StageNeeds) as error:
            found[key] = error
            continue
        if is_changed:
            deal.touched_at = now
        kept.append(deal)
        found[key] = is_changed
    bulk.update_changed(Deal, former, kept, now=now)
    note_moves(moved, by=by, now=now)
    owners = {
        deal.pk: deal.owner_id for deal in kept if deal.owner_id != former[deal.pk]["owner_id"]
    }
    if owners:
        events.publish(happenings.DealsHandedOver(owners, by.pk if by else None))
    return found


def require_free_amount(deal: Deal, amount: Decimal | None, *, has_lines: bool) -> None:
    """Pass when the amount may be said: that of a deal with lines is what they come to.

    :raises Refused: it has lines, and comes to another amount.
    """
    if amount is not None and deal.amount != amount and has_lines:
        raise Refused({"amount": [_("The amount is what the lines of the deal come to.")]})


class _Known:
    """What changing deals needs to know, read once for all of them."""

    def __init__(self, changes: Sequence[Change]) -> None:
        lines = DealLine.objects.filter(deal=OuterRef("pk"))
        rows = Deal.objects.select_for_update(of=("self",)).annotate(has_lines=Exists(lines))
        rows = rows.select_related("counterparty", "stage__pipeline")
        rows = rows.filter(pk__in=[key for key, _values in changes])
        self.deals: dict[UUID, Any] = {deal.pk: deal for deal in rows.order_by("pk")}
        named = {values["counterparty"] for _key, values in changes if values.get("counterparty")}
        self.partners = {deal.counterparty_id: deal.counterparty for deal in self.deals.values()}
        self.partners |= Counterparty.objects.in_bulk(named - self.partners.keys())
        self._stages: list[Stage] = []
        if any(values.get("stage") or values.get("pipeline") for _key, values in changes):
            self._stages = self._read_stages()

    def require_partner(self, values: Mapping[str, Any]) -> None:
        """Pass when the customer that is named is there.

        :raises Refused: there is none.
        """
        partner = values.get("counterparty")
        if partner and partner not in self.partners:
            sentence = _("There is no such counterparty in use.")
            raise Refused({"counterparty": [sentence]})

    def stage(self, deal: Deal, values: Mapping[str, Any]) -> Stage:
        """Return the stage a deal is to stand in.

        :raises Refused: there is no such stage or pipeline.
        """
        wanted, pipeline = values.get("stage"), values.get("pipeline")
        if wanted:
            found = next((each for each in self._stages if each.pk == wanted), None)
            if found is None:
                raise Refused({"stage": [_("There is no such stage.")]})
            return found
        if pipeline in (None, deal.pipeline_id):
            return deal.stage
        of_it = (each for each in self._stages if each.pipeline_id == pipeline)
        first = next((each for each in of_it if each.kind == StageKind.OPEN), None)
        if first is None:
            raise Refused({"pipeline": [_("There is no such pipeline.")]})
        return first

    def _read_stages(self) -> list[Stage]:
        reasons = Exists(LossReason.objects.filter(is_archived=False))
        rows = Stage.objects.filter(is_archived=False).annotate(has_reasons=reasons)
        return list(rows.select_related("pipeline").order_by("position", "id"))
