"""Names the acting user to everything a request changes."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.functional import LazyObject

from apps.accounts.models import User
from tenants.context import acting
from tenants.current import company_of_or_none
from tenants.models import Company


class ActorMiddleware:
    """Changes made while a page is served have the signed-in user as author."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user, company = request.user, company_of_or_none(request)
        if company is None or not isinstance(user, User):
            return self.get_response(request)
        if isinstance(user, LazyObject):  # asked for hundreds of times from here on
            request.user = user = user._wrapped
        self._take_language_and_zone(request, user, company)
        try:
            with acting(author=user.pk, cause="screen"):
                return self.get_response(request)
        finally:
            timezone.deactivate()

    @staticmethod
    def _take_language_and_zone(request: HttpRequest, user: User, company: Company) -> None:
        """Speak the person's language, unless this browser has another, in their time zone."""
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            language = user.language or company.language
            translation.activate(language)
            request.LANGUAGE_CODE = language
        timezone.activate(ZoneInfo(user.time_zone or company.time_zone or "UTC"))
