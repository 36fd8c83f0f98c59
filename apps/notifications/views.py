"""The bell and the list of notices; each person sees their own."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import User
from apps.accounts.rights import needs
from apps.notifications import services
from apps.notifications.models import Notification
from apps.notifications.words import icon, sentence

PAGE = 50
IN_BELL = 8


@require_safe
@needs("notifications.view")
def notice_list(request: HttpRequest) -> HttpResponse:
    """Show notices, newest first; ``?part=bell`` the bell of the page, ``?part=rows`` more."""
    part = request.GET.get("part", "")
    if part == "bell":
        return render(request, "notifications/_bell.html", _page(_me(request), size=IN_BELL))
    context = _page(_me(request), size=PAGE, after=_key(request.GET.get("after", "")))
    template = "notifications/_rows.html" if part == "rows" else "notifications/list.html"
    return render(request, template, context)


@require_safe
@needs("notifications.view")
def open_notice(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what a notice is about, and count it as read."""
    notice = Notification.objects.filter(user=_me(request), pk=pk).first()
    if notice is None:
        return redirect("notifications:list")
    services.mark_read(user=_me(request), now=timezone.now(), ids=[pk])
    return redirect(notice.url or "notifications:list")


@require_POST
@needs("notifications.view")
def read(request: HttpRequest) -> HttpResponse:
    """Mark the given notices as read, or all of them."""
    ids = [key for key in map(_key, request.POST.getlist("id")) if key]
    services.mark_read(user=_me(request), now=timezone.now(), ids=ids or None)
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        return redirect(back)
    return redirect("notifications:list")


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)


def _page(user: User, *, size: int, after: UUID | None = None) -> dict[str, Any]:
    mine = Notification.objects.filter(user=user)
    found = mine.order_by("-created_at", "-id")
    if after is not None:
        found = found.filter(pk__lt=after)  # keys are in the order of time
    rows = list(found[: size + 1])
    return {
        "notices": [(notice, sentence(notice), icon(notice)) for notice in rows[:size]],
        "following": rows[size - 1].pk if len(rows) > size else None,
        "unread": mine.filter(read_at__isnull=True).count(),
    }


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
