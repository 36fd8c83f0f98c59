"""What the screens of deals share."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists
from django.http import Http404, HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from apps.accounts.models import User
from apps.accounts.rights import signed_in, visible
from apps.core.objects import Refused
from apps.deals import words
from apps.deals.models import Deal, LossReason, Pipeline, Quotation, Stage
from apps.deals.selectors.cards import with_lines
from apps.deals.services.errors import DealError


def person(request: HttpRequest) -> User:
    """Return who is signed in; the views are guarded."""
    return signed_in(request)


def key(text: str) -> UUID | None:
    """Return the key an address holds; ``None`` when it is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def deal_or_404(
    request: HttpRequest, pk: UUID, *, action: str = "view", has_lines: bool = False
) -> Deal:
    """Return a deal that the person may see, or change; with its lines for ``lines_of``."""
    rows = Deal.objects.select_related(
        "counterparty", "owner", "pipeline", "stage", "price_type", "loss_reason"
    )
    rows = with_lines(rows) if has_lines else rows
    found = visible(request.user, rows, f"deals.{action}").filter(pk=pk).first()
    if found is None:
        raise Http404(str(pk))
    return cast(Deal, found)


def quotation_or_404(request: HttpRequest, pk: UUID, *, action: str = "view") -> Quotation:
    """Return a quotation that the person may see, or change."""
    rows = Quotation.objects.select_related(
        "deal__counterparty", "deal__stage", "organization", "author", "decided_by", "invoice"
    )
    found = visible(request.user, rows, f"quotations.{action}").filter(pk=pk).first()
    if found is None:
        raise Http404(str(pk))
    return cast(Quotation, found)


def stage_or_404(pk: Any) -> Stage:
    """Return a stage in use."""
    wanted = pk if isinstance(pk, UUID) else key(str(pk))
    reasons = LossReason.objects.filter(is_archived=False)
    rows = Stage.objects.select_related("pipeline").filter(is_archived=False)
    rows = rows.annotate(has_reasons=Exists(reasons))
    found = rows.filter(pk=wanted).first() if wanted else None
    if found is None:
        raise Http404(str(pk))
    return found


def pipeline_or_404(pk: UUID) -> Pipeline:
    """Return a pipeline in use."""
    found = Pipeline.objects.filter(pk=pk, is_archived=False).first()
    if found is None:
        raise Http404(str(pk))
    return found


def refused(request: HttpRequest, error: DealError | Refused) -> None:
    """Say on the next page what was refused."""
    if isinstance(error, Refused):
        for sentences in error.errors.values():
            for sentence in sentences:
                messages.error(request, sentence)
        return
    messages.error(request, words.refusal(error))


def back_to(request: HttpRequest, otherwise: str) -> str:
    """Return the address the form came from, when it is one of ours."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if wanted and is_ours else otherwise
