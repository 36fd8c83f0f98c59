"""Command palette, preferences, what a page has missed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from apps.core import navigation
from apps.core import preferences as kept
from apps.core import search as palette
from apps.core.context_processors import DENSITIES, THEMES, allowed
from apps.core.live import missed
from apps.core.searching import folded

RESULTS = 6
_WORDS = re.compile(r"\W+")
A_YEAR = 365 * 24 * 3600


@login_required
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Show what the words find: the palette's list alone, or a page to whoever has no script."""
    query = request.GET.get("q", "").strip()[:100]
    groups: list[tuple[palette.Finder, Sequence[palette.Found]]] = []
    if query.startswith(">"):
        groups = _to_do(request, query[1:])
    elif query:
        for finder in palette.finders():
            if finder.right and not allowed(request.user, finder.right):
                continue
            found = finder.find(request.user, query, RESULTS)
            if found:
                groups.append((finder, found))
        groups.sort(key=lambda group: _distance(query, group[1]))
        groups += _to_do(request, query)
    template = (
        "core/_palette_results.html" if request.headers.get("HX-Request") else "core/search.html"
    )
    answer = render(request, template, {"query": query, "groups": groups})
    answer["Vary"] = "HX-Request, Cookie"
    return answer


def _distance(query: str, found: Sequence[palette.Found]) -> int:
    """Return how far the best result of a group is from what is typed; groups keep their order.

    Who types the beginning of a customer's name means the customer, not its deals.
    """
    wanted = folded(query).strip()
    names = [folded(each.title) for each in found]
    if any(name.startswith(wanted) for name in names):
        return 0
    if any(word.startswith(wanted) for name in names for word in _WORDS.split(name)):
        return 1
    return 2


def _to_do(
    request: HttpRequest, query: str
) -> list[tuple[palette.Finder, Sequence[palette.Found]]]:
    """Return what can be made and where one can go, as far as the words stand in its name."""
    words = folded(query).split()

    def fits(label: Any) -> bool:
        return all(word in folded(str(label)) for word in words)

    def may(right: str) -> bool:
        return allowed(request.user, right)

    made = [
        palette.Found(str(each.label), f"c {each.letter}", each.url)
        for each in navigation.creations(allowed=may)
        if fits(each.label)
    ]
    places = [
        palette.Found(
            str(link.item.label), f"g {link.item.shortcut}" if link.item.shortcut else "", link.url
        )
        for link in navigation.links(path=request.path, allowed=may)
        if fits(link.item.label)
    ]
    groups = (("make", _("Make"), "plus", made), ("go", _("Go to"), "arrow-right", places))
    return [
        (palette.Finder(key, label, icon, "", _nothing), found)
        for key, label, icon, found in groups
        if found
    ]


def _nothing(user: Any, query: str, limit: int) -> Sequence[palette.Found]:
    return ()


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep theme, density and language of this browser, then go back to the page."""
    answer = HttpResponseRedirect(_back(request))
    choices = {
        "theme": ("kopru_theme", THEMES),
        "density": ("kopru_density", DENSITIES),
        "keys": ("kopru_keys", ("on", "off")),
        "language": (settings.LANGUAGE_COOKIE_NAME, [code for code, _name in settings.LANGUAGES]),
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
    back = urlsplit(_back(request))
    asked = QueryDict(back.query, mutable=True)
    if "view" in asked or "cols" in asked:  # of a saved view, which the person changes so
        asked.pop("cols", None)
        if columns and not request.POST.get("usual"):
            asked["cols"] = ",".join(columns)
        return HttpResponseRedirect(back._replace(query=asked.urlencode()).geturl())
    if columns and not request.POST.get("usual"):
        kept.keep(user_id=_person(request), key=key, value=columns)
    else:
        kept.forget(user_id=_person(request), key=key)
    return HttpResponseRedirect(_back(request))


@login_required
@require_GET
def live_changes(request: HttpRequest) -> JsonResponse:
    """Return what changed since a position, for a page without a socket."""
    return JsonResponse(missed(since=request.GET.get("since", ""), user=request.user))


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
