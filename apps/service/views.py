"""Screens of complaints and service requests: list, board, card, form, report."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.rights import can, needs, visible
from apps.core import tagging
from apps.core.lists import chosen_rows, show_list
from apps.core.meanwhile import differences, seen_as, seen_of
from apps.core.objects import ChangedMeanwhile, Refused
from apps.counterparties.files import files_of
from apps.counterparties.forms import as_key
from apps.counterparties.models import Counterparty
from apps.counterparties.people import people_of
from apps.custom.forms import CustomInputs
from apps.sales.models import Invoice
from apps.service import selectors, services
from apps.service.forms import RequestForm
from apps.service.lists import RequestList
from apps.service.models import RequestState, ServiceRequest
from apps.service.services import RequestValues

_UNDO = Signer(salt="service.requests")
PERIOD = timedelta(days=30)


@require_safe
@needs("requests.view")
def request_list(request: HttpRequest) -> HttpResponse:
    """Show the requests, the latest first; with ``?part=`` the body, rows or count alone."""
    return show_list(request, RequestList(request), template="service/list.html")


@require_safe
@needs("requests.view")
def board(request: HttpRequest) -> HttpResponse:
    """Show the requests by state, the most pressing first; ``?part=body`` without the shell."""
    screen = RequestList(request)
    context = {
        "columns": selectors.board(screen.found()), "now": timezone.now(),
        "states": RequestState.choices, "may_change": can(request.user, "requests.change"),
        "query": request.GET.get("q", ""),
    }  # fmt: skip
    is_part = request.GET.get("part") == "body"
    return render(request, "service/_board.html" if is_part else "service/board.html", context)


@require_safe
@needs("requests.view")
def report(request: HttpRequest) -> HttpResponse:
    """Show open, overdue and average times of the requests of a period, person by person."""
    today = timezone.localdate()
    from_on = _day(request, "from") or today - PERIOD
    until_on = _day(request, "until") or today
    lines = selectors.report(
        request.user, from_on=from_on, until_on=until_on, now=timezone.now()
    )
    context = {"lines": lines[:-1], "whole": lines[-1] if lines else None, "from_on": from_on,
               "until_on": until_on}  # fmt: skip
    return render(request, "service/report.html", context)


@require_safe
@needs("requests.view")
def card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show everything of one request; ``?part=body`` without the shell."""
    rows = visible(request.user, ServiceRequest.objects.all(), "requests.view")
    found: Any = (
        rows.select_related("counterparty", "person", "invoice", "product", "owner", "author")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404(str(pk))
    tagging.named([found])
    context = {
        "row": found, "is_overdue": found.is_overdue(timezone.now()), "kind": "requests",
        "key": pk, "files": files_of(kind="requests", key=pk), "states": RequestState.choices,
        "may_change": can(request.user, "requests.change"),
    }  # fmt: skip
    is_part = request.GET.get("part") == "body"
    return render(request, "service/_card.html" if is_part else "service/card.html", context)


@require_http_methods(["GET", "POST"])
@needs("requests.create")
def request_new(request: HttpRequest) -> HttpResponse:
    """Enter a request; ``?part=of_customer`` the fields that depend on the customer alone."""
    if request.method == "GET" and request.GET.get("part") == "of_customer":
        form = _form(request, None, _partner(request, None), None)
        return render(request, "service/_of_customer.html", {"form": form})
    return _edit(request, None)


@require_http_methods(["GET", "POST"])
@needs("requests.change")
def request_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a request."""
    rows = visible(request.user, ServiceRequest.objects.all(), "requests.change")
    found = rows.select_related("counterparty").filter(pk=pk).first()
    if found is None:
        raise Http404(str(pk))
    return _edit(request, found)


@require_POST
@needs("requests.change")
def move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Bring a request to another state; the toast takes it back."""
    rows = visible(request.user, ServiceRequest.objects.all(), "requests.change")
    if not rows.filter(pk=pk).exists():
        raise Http404(str(pk))
    back = reverse("service:card", args=[pk])
    if request.POST.get("next") == reverse("service:board"):
        back = reverse("service:board")
    return _move(request, [pk], request.POST.get("state", ""), back)


@require_POST
@needs("requests.change")
def bulk(request: HttpRequest) -> HttpResponse:
    """Take up or archive the chosen requests."""
    is_archive = request.POST.get("action") == "archive"
    right = "requests.delete" if is_archive else "requests.change"
    rows = visible(request.user, chosen_rows(RequestList(request)), right)
    keys = list(rows.values_list("pk", flat=True))
    if is_archive:
        count = services.archive_requests(ids=keys)
        text = ngettext("%(count)d was archived.", "%(count)d were archived.", count)
        messages.success(request, text % {"count": count})
        return redirect("service:list")
    return _move(request, keys, RequestState.IN_WORK, reverse("service:list"))


@require_POST
@needs("requests.change")
def undo(request: HttpRequest) -> HttpResponse:
    """Take a move back that the toast of a moment ago offers."""
    try:
        told = _UNDO.unsign_object(request.GET.get("what", ""))
    except BadSignature:
        raise Http404("what") from None
    rows = visible(request.user, ServiceRequest.objects.all(), "requests.change")
    mine = set(rows.filter(pk__in=told).values_list("pk", flat=True))
    services.put_back(before={UUID(k): state for k, state in told.items() if UUID(k) in mine})
    return HttpResponse(status=204)


def _move(request: HttpRequest, keys: list[UUID], state: str, back: str) -> HttpResponse:
    if state not in RequestState.values:
        raise Http404(state)
    try:
        before = services.move_requests(
            keys=keys, state=state, by=request.user, now=timezone.now(),
            resolution=request.POST.get("resolution", "").strip(),
        )  # fmt: skip
    except services.NothingDone:
        messages.error(request, _("Say what was done before you close it. Nothing changed."))
        return redirect(back)
    label = str(RequestState(state).label)
    text = f"{label}: {len(before)}"
    if not request.headers.get("HX-Request"):
        messages.success(request, text)
        return redirect(back)
    token = _UNDO.sign_object({str(key): former for key, former in before.items()})
    answer = HttpResponse(status=204)
    address = f"{reverse('service:undo')}?what={token}"
    answer["HX-Trigger"] = json.dumps(
        {"toast": {"text": text, "undo": {"label": _("Undo"), "url": address}}}
    )
    return answer


def _edit(request: HttpRequest, found: ServiceRequest | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    partner = _partner(request, found)
    form = _form(request, found, partner, data)
    changed: ServiceRequest | None = None
    inputs = CustomInputs("requests", data, row=found, by=request.user)
    if data is not None and form.is_valid() & inputs.is_valid():
        try:
            with transaction.atomic():
                saved = services.save_request(
                    values=_told(form, found), by=request.user,
                    request_id=found.pk if found else None, seen=seen_of(data.get("seen", "")),
                )  # fmt: skip
                inputs.keep(saved, is_new=found is None)
        except Refused as refused:
            inputs.take(refused.errors)
        except services.NoCounterparty:
            form.add_error("counterparty_name", _("Choose the customer this is about."))
        except services.OfSomebodyElse as error:
            form.add_error(str(error.args[0]), _("This belongs to another counterparty."))
        except ChangedMeanwhile as meanwhile:
            changed = ServiceRequest.objects.select_related("counterparty").get(
                pk=meanwhile.row.pk
            )
        else:
            messages.success(request, _("“%(name)s” is saved.") % {"name": saved.subject})
            return redirect("service:card", saved.pk)
    context = {
        "form": form, "row": found, "known_tags": tagging.tags(), "inputs": inputs,
        "seen": seen_as(changed) if changed else request.POST.get("seen") or seen_as(found),
        "differences": differences(form, _initial(changed)) if changed else None,
    }  # fmt: skip
    status = 422 if data is not None else 200
    return render(request, "service/form.html", context, status=status)


def _partner(request: HttpRequest, found: ServiceRequest | None) -> Counterparty | None:
    """Return the customer whose people and invoices the form offers."""
    key = as_key(request.POST.get("counterparty") or request.GET.get("counterparty", ""))
    if key is None:
        return found.counterparty if found else None
    rows = visible(request.user, Counterparty.objects.all(), "counterparties.view")
    return rows.filter(pk=key).first()


def _form(
    request: HttpRequest, found: ServiceRequest | None, partner: Counterparty | None, data: Any
) -> RequestForm:
    people: list[tuple[str, str]] = []
    invoices: list[tuple[str, str]] = []
    initial: dict[str, Any] = {"owner": request.user.pk, "kind": request.GET.get("kind", "service")}
    if partner is not None:
        people = [(str(each.pk), each.full_name) for each in people_of(partner, by=request.user)]
        mine = visible(request.user, Invoice.objects.filter(counterparty=partner), "invoices.view")
        invoices = [
            (str(each.pk), f"{each} · {each.issued_on:%d.%m.%Y}")
            for each in mine.order_by("-issued_on", "-id")[:50]
        ]
        initial |= {
            "counterparty": str(partner.pk), "counterparty_name": partner.name,
            "person": request.GET.get("person", ""),
        }  # fmt: skip
    if found is not None:
        initial |= _initial(found)
    return RequestForm(
        data, initial=initial, by=request.user, people=people, invoices=invoices
    )


def _initial(found: ServiceRequest) -> dict[str, Any]:
    names = ("subject", "kind", "text", "is_urgent", "due_at")
    return {name: getattr(found, name) for name in names} | {
        "counterparty": str(found.counterparty_id),
        "counterparty_name": found.counterparty.name,
        "person": str(found.person_id or ""),
        "invoice": str(found.invoice_id or ""),
        "owner": found.owner_id,
        "tags": tagging.typed(found.tags),
    }


def _told(form: RequestForm, found: ServiceRequest | None) -> RequestValues:
    told = dict(form.cleaned_data)
    told.pop("counterparty_name")
    owner = told.pop("owner")
    return RequestValues(
        subject=told["subject"], kind=told["kind"], text=told["text"],
        is_urgent=told["is_urgent"], due_at=told["due_at"], counterparty_id=told["counterparty"],
        person_id=told["person"], invoice_id=told["invoice"],
        owner_id=owner.pk if owner else None,
        product_id=found.product_id if found else None,
        resolution=found.resolution if found else "",
        tags=tagging.tags_called(told["tags"].split(",")),
    )  # fmt: skip


def _day(request: HttpRequest, name: str) -> Any:
    try:
        return parse_date(request.GET.get(name, ""))
    except ValueError:
        return None
