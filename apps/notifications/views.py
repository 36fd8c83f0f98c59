"""The bell, the list of notices, how one wants to be told; each person sees their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import User
from apps.accounts.rights import can, needs
from apps.core import notices
from apps.core.notices import BELL, BROWSER, DIGEST, MAIL, Topic
from apps.notifications import choosing, services
from apps.notifications.forms import NoticeForm
from apps.notifications.models import NoticeSettings, Notification
from apps.notifications.words import icon, sentence

PAGE = 50
IN_BELL = 8
LOOKED_AT = 40  # of which the bell makes its groups
FRESH = timedelta(minutes=2)
AT_ONCE = 5


@dataclass
class Group:
    """Notices about the same thing, as one line of the bell: the latest says it."""

    notice: Notification
    text: str
    icon: str
    count: int = 1
    is_new: bool = False


@require_safe
@needs("notifications.view")
def notice_list(request: HttpRequest) -> HttpResponse:
    """Show notices, newest first; ``?part=bell`` the bell of the page, ``?part=rows`` more.

    ``?part=fresh`` answers with what a browser is to show by itself.
    """
    part = request.GET.get("part", "")
    if part == "bell":
        return render(request, "notifications/_bell.html", _bell(_me(request)))
    if part == "fresh":
        return _fresh(_me(request), after=_key(request.GET.get("after", "")))
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
    services.mark_read(user=_me(request), now=timezone.now(), ids=_with_others(notice))
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


@require_http_methods(["GET", "POST"])
@needs("notifications.view")
def settings(request: HttpRequest) -> HttpResponse:
    """Show and keep how a person wants to be told: topic by channel, quiet hours, the digest."""
    me = _me(request)
    topics = [each for each in notices.topics() if not each.right or can(me, each.right)]
    kept = NoticeSettings.objects.filter(user=me).first()
    form = NoticeForm(request.POST or None, initial=NoticeForm.initial_of(kept))
    if request.method == "POST" and form.is_valid():
        channels = {each.key: request.POST.getlist(f"topic-{each.key}") for each in topics}
        choosing.choose(user=me, channels=channels, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("notifications:settings")
    context = {
        "form": form,
        "rows": [_row(each, kept) for each in topics],
        "channels": ((BELL, _("Bell")), (BROWSER, _("Browser")), (MAIL, _("E-mail at once")),
                     (DIGEST, _("Letter of the day"))),
        "zone": choosing.zone_of(me),
    }  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "notifications/settings.html", context, status=status)


def _row(topic: Topic, kept: NoticeSettings | None) -> tuple[Topic, list[tuple[str, bool]]]:
    chosen = choosing.channels_for(kept, topic.key)
    return topic, [(channel, channel in chosen) for channel in (BELL, BROWSER, MAIL, DIGEST)]


def _me(request: HttpRequest) -> User:
    return cast(User, request.user)


def _page(user: User, *, size: int, after: UUID | None = None) -> dict[str, Any]:
    mine = Notification.objects.filter(user=user, is_in_bell=True)
    found = mine.order_by("-created_at", "-id")
    if after is not None:
        found = found.filter(pk__lt=after)  # keys are in the order of time
    rows = list(found[: size + 1])
    return {
        "notices": [(notice, sentence(notice), icon(notice)) for notice in rows[:size]],
        "following": rows[size - 1].pk if len(rows) > size else None,
        "unread": mine.filter(read_at__isnull=True).count(),
    }


def _bell(user: User) -> dict[str, Any]:
    """Return the latest notices, those about the same thing as one line."""
    mine = Notification.objects.filter(user=user, is_in_bell=True)
    groups: dict[str, Group] = {}
    for notice in mine.order_by("-created_at", "-id")[:LOOKED_AT]:
        group = groups.get(notice.url or str(notice.pk))
        if group is None:
            group = Group(notice, sentence(notice), icon(notice))
            groups[notice.url or str(notice.pk)] = group
        else:
            group.count += 1
        group.is_new = group.is_new or notice.read_at is None
    return {
        "groups": list(groups.values())[:IN_BELL],
        "unread": mine.filter(read_at__isnull=True).count(),
    }


def _fresh(user: User, *, after: UUID | None) -> JsonResponse:
    """Return what a browser is to show by itself; nothing in quiet hours."""
    now = timezone.now()
    kept = NoticeSettings.objects.filter(user=user).first()
    rows = Notification.objects.filter(
        user=user, is_for_browser=True, read_at__isnull=True, created_at__gte=now - FRESH
    )
    if after is not None:
        rows = rows.filter(pk__gt=after)
    if choosing.quiet_until(kept, zone=choosing.zone_of(user), now=now) is not None:
        rows = rows.none()
    shown = [
        {"id": str(each.pk), "text": sentence(each), "url": f"/notifications/{each.pk}/"}
        for each in rows.order_by("created_at", "pk")[:AT_ONCE]
    ]
    return JsonResponse({"notices": shown})


def _with_others(notice: Notification) -> list[UUID]:
    """Return the notice and the unread ones about the same thing."""
    if not notice.url:
        return [notice.pk]
    same = Notification.objects.filter(user=notice.user_id, url=notice.url, read_at__isnull=True)
    return [notice.pk, *same.values_list("pk", flat=True)[:1000]]


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
