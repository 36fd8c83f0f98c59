"""Screens of webhooks: which there are, what became of each telling, once more."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.rights import can, needs, signed_in
from apps.core import objects
from apps.webhooks import services
from apps.webhooks.forms import WebhookForm
from apps.webhooks.models import DeliveryState, Webhook, WebhookDelivery
from apps.webhooks.programs import send
from apps.webhooks.reaching import NotReached

SHOWN = 50


@require_safe
@needs("webhooks.view")
def webhook_list(request: HttpRequest) -> HttpResponse:
    """Show the webhooks and how they are doing."""
    hooks = Webhook.objects.annotate(
        waiting=Count("deliveries", filter=Q(deliveries__state=DeliveryState.WAITING)),
        latest=Max("deliveries__delivered_at"),
    ).order_by("name", "id")
    context = {"hooks": hooks, "may_change": can(request.user, "webhooks.change")}
    return render(request, "webhooks/list.html", context)


@require_safe
@needs("webhooks.view")
def card(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a webhook and the log of its deliveries; ``?part=log`` the log alone."""
    hook = get_object_or_404(Webhook.objects.select_related("owner"), pk=pk)
    found = hook.deliveries.order_by("-created_at", "-id")
    if request.GET.get("state") in DeliveryState.values:
        found = found.filter(state=request.GET["state"])
    names = {kind.key: str(kind.label_plural) for kind in objects.kinds()}
    context = {
        "hook": hook, "deliveries": found[:SHOWN], "states": DeliveryState.choices,
        "state": request.GET.get("state", ""), "heard": [names.get(k, k) for k in hook.kinds],
        "may_change": can(request.user, "webhooks.change"),
    }  # fmt: skip
    part = request.GET.get("part") == "log"
    return render(request, "webhooks/_log.html" if part else "webhooks/card.html", context)


@require_http_methods(["GET", "POST"])
@needs("webhooks.change")
def new(request: HttpRequest) -> HttpResponse:
    """Make a webhook."""
    return _form(request, None)


@require_http_methods(["GET", "POST"])
@needs("webhooks.change")
def edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a webhook."""
    return _form(request, get_object_or_404(Webhook, pk=pk))


@require_POST
@needs("webhooks.change")
def remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Remove a webhook."""
    hook = get_object_or_404(Webhook, pk=pk)
    services.remove_webhook(webhook_id=pk, by=signed_in(request))
    messages.success(request, _("“%(name)s” is removed.") % {"name": hook.name})
    return redirect("webhooks:list")


@require_POST
@needs("webhooks.change")
def test(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send an event that tells of nothing."""
    get_object_or_404(Webhook, pk=pk)
    send(services.test_event(webhook_id=pk, now=timezone.now()))
    messages.success(request, _("A test is on its way; the log below tells what became of it."))
    return redirect("webhooks:card", pk)


@require_POST
@needs("webhooks.change")
def replay(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send a delivery once more."""
    found = get_object_or_404(WebhookDelivery, pk=pk)
    send(services.replay(delivery_id=pk, now=timezone.now()))
    messages.success(request, _("It is on its way once more."))
    return redirect("webhooks:card", found.webhook_id)


def _form(request: HttpRequest, hook: Webhook | None) -> HttpResponse:
    initial: dict[str, Any] = {"operations": ["created", "changed"], "is_active": True}
    if hook is not None:
        initial = {
            name: getattr(hook, name)
            for name in ("name", "url", "kinds", "operations", "is_active")
        }
    form = WebhookForm(request.POST or None, initial=initial, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            saved, secret = services.save_webhook(
                **form.cleaned_data, by=signed_in(request),
                now=timezone.now(), webhook_id=hook.pk if hook else None,
            )  # fmt: skip
        except NotReached as error:
            form.add_error("url", str(error))
        else:
            if not secret:
                messages.success(request, _("“%(name)s” is saved.") % {"name": saved.name})
                return redirect("webhooks:card", saved.pk)
            answer = render(request, "webhooks/made.html", {"hook": saved, "secret": secret})
            answer["Cache-Control"] = "no-store"
            return answer
    context = {"form": form, "hook": hook}
    return render(request, "webhooks/form.html", context, status=422 if form.errors else 200)
