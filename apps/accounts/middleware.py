"""Names the acting user to everything a request changes."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tenants.context import acting


class ActorMiddleware:
    """Changes made while a page is served have the signed-in user as author."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request, "tenant", None) is None or not request.user.is_authenticated:
            return self.get_response(request)
        with acting(author=request.user.pk, cause="screen"):
            return self.get_response(request)
