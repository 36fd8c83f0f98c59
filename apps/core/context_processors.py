"""What every page of a company needs."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from apps.core import navigation, remembered
from apps.core.ahead import read_ahead
from apps.core.frame import PageFrame, frame_of
from tenants.current import company_of_or_none

THEMES = ("system", "light", "dark")
DENSITIES = ("normal", "compact", "comfortable")
_allowed: Any = None


def rights_are(check: Any) -> None:
    """Let the room of accounts say who may see what: ``check(user, right)``."""
    global _allowed
    _allowed = check


def allowed(user: Any, right: str) -> bool:
    """Tell whether a user has a right, by the rule the accounts registered."""
    return bool(_allowed(user, right)) if _allowed is not None else False


class Rights:
    """``rights.invoices_issue`` in templates: whether one has the right ``invoices.issue``."""

    def __init__(self, user: Any) -> None:
        self._user = user

    def __getitem__(self, name: str) -> bool:
        return allowed(self._user, name.replace("_", ".", 1))


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return company, navigation, theme and languages of the page."""
    user = getattr(request, "user", None)
    theme = request.COOKIES.get("kopru_theme", "system")
    density = request.COOKIES.get("kopru_density", "normal")
    look = {
        "theme": theme if theme in THEMES else "system",
        "density": density if density in DENSITIES else "normal",
        "has_keys": request.COOKIES.get("kopru_keys", "on") != "off",
    }

    def is_inside() -> bool:
        has_company = company_of_or_none(request) is not None
        return has_company and user is not None and user.is_authenticated

    @cache
    def around() -> tuple[list[navigation.NavLink], remembered.SideBar]:
        if not is_inside():
            return [], remembered.SideBar()
        with read_ahead([*navigation.cached_by(user), remembered.cached_by(user)]):
            links = navigation.links(
                path=request.path, allowed=lambda right: allowed(user, right), user=user
            )
            return links, remembered.side_bar(request)

    def creations() -> list[navigation.Creation]:
        if not is_inside():
            return []
        return navigation.creations(allowed=lambda right: allowed(user, right))

    shown_links = SimpleLazyObject(lambda: around()[0])

    @cache
    def frame() -> PageFrame:
        return frame_of(
            getattr(request, "tenant", None), links=shown_links, creations=creations(), look=look,
            has_notices=is_inside() and allowed(user, "notifications.view"),
        )  # fmt: skip

    return {
        **look,
        "page_frame": frame,
        "side_bar": SimpleLazyObject(lambda: around()[1]),
        "company": company_of_or_none(request),
        "nav_links": shown_links,
        "creations": SimpleLazyObject(creations),
        "rights": Rights(user),
        "site_languages": settings.LANGUAGES,
        "is_office": settings.IS_OFFICE,
    }
