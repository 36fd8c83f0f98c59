"""Names the acting user to everything a request changes."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.functional import LazyObject

from tenants.context import acting


class ActorMiddleware:
    """Changes made while a page is served have the signed-in user as author."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request, "tenant", None) is None or not request.user.is_authenticated:
            return self.get_response(request)
        if isinstance(request.user, LazyObject):  # asked for hundreds of times from here on
            request.user = request.user._wrapped
        self._take_language_and_zone(request)
        try:
            with acting(author=request.user.pk, cause="screen"):
                return self.get_response(request)
        finally:
            timezone.deactivate()

    @staticmethod
    def _take_language_and_zone(request: HttpRequest) -> None:
        """Speak the person's language, unless this browser has another, in their time zone."""
        user, company = request.user, request.tenant
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            language = user.language or company.language
            translation.activate(language)
            request.LANGUAGE_CODE = language
        timezone.activate(ZoneInfo(user.time_zone or company.time_zone or "UTC"))
