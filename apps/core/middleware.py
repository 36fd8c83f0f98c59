"""What every page tells the browser: where its parts may come from, where a lost session leads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.core import navigation, objects
from apps.core.installed import tag_of
from apps.core.live import socket_address
from apps.core.navigation import needs_centre
from replication.nodes import this_office
from tenants.current import company_of_or_none

Answer = Callable[[HttpRequest], HttpResponse]


class ContentPolicyMiddleware:
    """Forbid everything that does not come from our own address; nothing inline, no ``eval``.

    A view that sent a policy of its own keeps it.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if answer.get("Content-Type", "").startswith("text/html"):
            answer.headers.setdefault("Content-Security-Policy", _policy(request))
        return answer


class PlainTextMiddleware:
    """Refuse addresses with the character zero, which no text of the database can hold."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_1c = "1c" in request.path  # 1C reads plain words, and its door looks at names itself
        if "%00" in request.META.get("QUERY_STRING", "") and not is_1c:
            raise BadRequest("the address holds the character zero")
        return self.get_response(request)


class FragmentMiddleware:
    """A part of a page that would become the sign-in form sends the whole page there instead."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if request.headers.get("HX-Request") != "true" or answer.status_code != 302:
            return answer
        if urlsplit(answer["Location"]).path != settings.LOGIN_URL:
            return answer
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        back = page.path + (f"?{page.query}" if page.query else "")
        moved = HttpResponse(status=204)
        moved["HX-Redirect"] = f"{settings.LOGIN_URL}?next={quote(back or '/')}"
        return moved


class KeptPagesMiddleware:
    """Say whose page this is, and whether a browser may keep it to be read without a line.

    Lists and cards of daily work are kept. A view that sets ``request.kept_nowhere`` showed what is
    not to lie on a device.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        user = getattr(request, "user", None)
        is_page = answer.get("Content-Type", "").startswith("text/html")
        tenant = getattr(request, "tenant", None)
        if user is None or tenant is None or not is_page or request.headers.get("HX-Request"):
            return answer
        if not user.is_authenticated:
            answer["X-Kopru-Person"] = "nobody"
            return answer
        answer["X-Kopru-Person"] = tag_of(user, tenant.schema_name)
        if answer.status_code == 200 and _may_be_kept(request):
            answer["X-Kopru-Keep"] = "yes"
        return answer


def _may_be_kept(request: HttpRequest) -> bool:
    found = request.resolver_match
    if request.method != "GET" or found is None or getattr(request, "kept_nowhere", False):
        return False
    named = {
        name for each in objects.registered() for name in (each.card_url_name, each.list_url_name)
    }
    return found.view_name in navigation.daily() | named


class AtOfficeMiddleware:
    """At an office, say in a sentence where to do what needs the centre, instead of doing it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Answer in place of a view that needs the centre."""
        found = request.resolver_match
        if not settings.IS_OFFICE or found is None or not needs_centre(found.view_name):
            return None
        office = this_office()
        address = f"{office.address}{request.path}" if office is not None else ""
        context = {"address": address if request.user.is_authenticated else ""}
        return render(request, "core/at_centre.html", context, status=403)


def _policy(request: HttpRequest) -> str:
    """Return the policy; sign-up leads from the public address to that of the new company."""
    socket = socket_address(request) if company_of_or_none(request) is not None else ""
    public = urlsplit(settings.PUBLIC_URL)
    port = f":{public.port}" if public.port else ""
    companies = f"{public.scheme}://*.{settings.BASE_DOMAIN}{port}"
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            f"connect-src 'self' {urlsplit(socket)._replace(path='').geturl()}".strip(),
            "manifest-src 'self'",
            "frame-src 'self'",  # files of the company, seen in place
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            f"form-action 'self' {settings.PUBLIC_URL} {companies}",
        )
    )
