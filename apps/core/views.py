"""Start page, command palette, preferences, what a page has missed."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from apps.core import preferences as kept
from apps.core import search as palette
from apps.core import start as starting
from apps.core.context_processors import DENSITIES, THEMES, allowed
from apps.core.live import missed

RESULTS = 6
A_YEAR = 365 * 24 * 3600


@login_required
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Show what matters today."""
    shown: list[tuple[starting.Section, dict[str, Any]]] = []
    for section in starting.sections():
        if section.right and not allowed(request.user, section.right):
            continue
        context = section.context(request)
        if context is not None:
            shown.append((section, context))
    return render(
        request,
        "core/start.html",
        {
            "tiles": [pair for pair in shown if pair[0].is_tile],
            "sections": [pair for pair in shown if not pair[0].is_tile],
        },
    )


@login_required
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Show what the words find: the palette's list alone, or a page to whoever has no script."""
    query = request.GET.get("q", "").strip()[:100]
    groups = []
    if query:
        for finder in palette.finders():
            if finder.right and not allowed(request.user, finder.right):
                continue
            found = finder.find(request.user, query, RESULTS)
            if found:
                groups.append((finder, found))
    template = (
        "core/_palette_results.html" if request.headers.get("HX-Request") else "core/search.html"
    )
    answer = render(request, template, {"query": query, "groups": groups})
    answer["Vary"] = "HX-Request, Cookie"
    return answer


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep theme, density and language of this browser, then go back to the page."""
    answer = HttpResponseRedirect(_back(request))
    choices = {
        "theme": ("kopru_theme", THEMES),
        "density": ("kopru_density", DENSITIES),
        "language": (settings.LANGUAGE_COOKIE_NAME, [code for code, _ in settings.LANGUAGES]),
    }
    for field, (cookie, values) in choices.items():
        value = request.POST.get(field, "")
        if value in values:
            answer.set_cookie(
                cookie, value, max_age=A_YEAR, samesite="Lax", secure=request.is_secure(),
                httponly=field != "theme",
            )  # fmt: skip
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES) and request.user.is_authenticated:
        get_user_model().objects.filter(pk=request.user.pk).update(language=language)
    return answer


@login_required
@require_POST
def list_columns(request: HttpRequest) -> HttpResponse:
    """Keep which columns of a list this person sees; without any, the usual ones."""
    key = f"columns:{request.POST.get('list', '')}"[:80]
    columns = [name[:60] for name in request.POST.getlist("column")[:100]]
    if columns and not request.POST.get("usual"):
        kept.keep(user_id=_person(request), key=key, value=columns)
    else:
        kept.forget(user_id=_person(request), key=key)
    return HttpResponseRedirect(_back(request))


@login_required
@require_GET
def live_changes(request: HttpRequest) -> JsonResponse:
    """Return what changed since a position, for a page without a socket."""
    return JsonResponse(missed(since=request.GET.get("since", ""), user_id=_person(request)))


def _person(request: HttpRequest) -> UUID:
    """Return the key of whoever is signed in; only views behind sign-in ask."""
    return cast(UUID, request.user.pk)


def _back(request: HttpRequest) -> str:
    """Return the page the form was on; the start page for an address that is not ours."""
    back = request.POST.get("next", "/")
    is_ours = url_has_allowed_host_and_scheme(
        back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return back if is_ours else "/"
