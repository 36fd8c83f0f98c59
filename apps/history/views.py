"""The change history of a card, and bringing a former value back."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import User
from apps.accounts.rights import NotAllowed, needs, require, visible
from apps.history import selectors, services, tasks
from apps.history.models import RowChange
from apps.history.tracked import Refused, Tracked, card_of, of_table


@require_safe
@needs("history.view")
def history(request: HttpRequest, table: str, pk: UUID) -> HttpResponse:
    """Show who changed what on a card; ``?part=entries`` a page of it alone."""
    card = card_of(table)
    if card is None:
        raise Http404(table)
    require(request.user, card.right)
    row = selectors.row_of(card=card, pk=pk, user=_user(request))
    if row is None:
        raise Http404(str(pk))
    is_complete = True
    below = request.GET.get("below", "")
    if not below:
        is_complete = services.gather_now(now=timezone.now())
        if not is_complete:
            tasks.gather.delay()
    column = request.GET.get("field", "")
    found = selectors.page(
        card=card, pk=pk, user=_user(request), column=column,
        below=int(below) if below.isdecimal() else 0, row=row,
    )  # fmt: skip
    context = {
        "page": found, "card": card, "pk": pk, "title": str(row), "is_complete": is_complete,
        "field": column,
        "columns": selectors.columns(card=card, pk=pk, user=_user(request), row=row),
    }  # fmt: skip
    part = request.GET.get("part") == "entries"
    return render(request, "history/_entries.html" if part else "history/card.html", context)


@require_POST
@needs("history.view")
def restore(request: HttpRequest, change_id: int) -> HttpResponse:
    """Bring one field back to what it was before a change."""
    change, entry = _change(request, change_id)
    column = request.POST.get("column", "")
    if column in selectors.closed_columns(
        card=entry.card, pk=change.owner, user=_user(request)
    ):
        raise NotAllowed(entry.right)
    try:
        services.restore(change_id=change_id, column=column, by=_user(request).pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The former value is back."))
    return _back(request, change, entry)


@require_POST
@needs("history.view")
def bring_back(request: HttpRequest, change_id: int) -> HttpResponse:
    """Make a deleted part of a card anew."""
    change, entry = _change(request, change_id)
    try:
        services.bring_back(change_id=change_id, by=_user(request).pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is back."))
    return _back(request, change, entry)


def _back(request: HttpRequest, change: RowChange, entry: Tracked) -> HttpResponse:
    """Return to the history in which the button stood: that of the card, or of a part's own."""
    table = request.POST.get("on", "")
    key = _key(request.POST.get("of", ""))
    if key is not None and table != entry.card.table and card_of(table) is not None:
        return redirect("history:card", table, key)
    return redirect("history:card", entry.card.table, change.owner)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _change(request: HttpRequest, change_id: int) -> tuple[RowChange, Tracked]:
    """Return a change that the person may undo."""
    change = RowChange.objects.filter(pk=change_id).first()
    entry = of_table(change.table) if change else None
    if change is None or entry is None:
        raise Http404(str(change_id))
    require(request.user, entry.card.right)
    if not entry.right:
        raise NotAllowed(entry.card.right)
    require(request.user, entry.right)
    main = of_table(entry.card.table)
    rows = main.model._default_manager.filter(pk=change.owner) if main else None
    if rows is not None and not visible(request.user, rows, entry.right).exists():
        raise Http404(str(change_id))
    if set(change.changed or {}) & selectors.closed_columns(
        card=entry.card, pk=change.owner, user=_user(request)
    ):
        raise NotAllowed(entry.right)
    return change, entry


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)
