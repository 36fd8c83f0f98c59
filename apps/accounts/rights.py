"""Who may do what: one matrix for screens, lists, exports and the API.

A right is ``object.action``: ``invoices.issue``. Owners and administrators may do everything, but
only owners make or change owners; what the others may do stands in ``_RIGHTS``.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from apps.accounts.models import Role, User

ACTIONS: dict[str, tuple[str, ...]] = {
    "products": ("view", "change"),
    "stock": ("view",),
    "counterparties": ("view", "change"),
    "invoices": ("view", "change", "issue", "send", "cancel"),
    "payments": ("view",),
    "organizations": ("view", "change"),
    "exchange": ("view", "change"),
    "people": ("view", "change"),
    "settings": ("view", "change"),
    "notifications": ("view",),
    "offices": ("view", "change"),
    "conflicts": ("view", "resolve"),
    "history": ("view",),
    "deals": ("view", "change"),
    "quotations": ("view", "change", "approve"),
    "pipelines": ("change",),
    "activities": ("view", "change"),
    "team": ("view",),
    "requests": ("view", "change"),
    "imports": ("view", "change"),
    "duplicates": ("view", "merge"),
    "trash": ("view", "change"),
    "views": ("share",),
    "customization": ("change",),
    "custom_objects": ("view", "change"),
    "roles": ("view", "change"),
    "api": ("use", "change"),
    "webhooks": ("view", "change"),
    "security": ("view",),
}
ALL_RIGHTS = frozenset(f"{name}.{action}" for name, acts in ACTIONS.items() for action in acts)

_RIGHTS: dict[str, frozenset[str]] = {
    Role.OWNER: ALL_RIGHTS,
    Role.ADMINISTRATOR: ALL_RIGHTS,
    Role.MANAGER: frozenset(
        {
            "products.view", "stock.view", "counterparties.view", "counterparties.change",
            "invoices.view", "invoices.change", "invoices.issue", "invoices.send",
            "invoices.cancel", "payments.view", "organizations.view", "notifications.view",
            "conflicts.view", "conflicts.resolve", "history.view",
            "deals.view", "deals.change", "quotations.view", "quotations.change",
            "activities.view", "activities.change", "team.view", "requests.view",
            "requests.change", "imports.view", "imports.change", "duplicates.view",
            "duplicates.merge", "trash.view", "trash.change", "views.share", "api.use",
            "custom_objects.view", "custom_objects.change",
        }
    ),
    Role.ACCOUNTANT: frozenset(
        {
            "products.view", "stock.view", "counterparties.view", "invoices.view", "payments.view",
            "organizations.view", "exchange.view", "notifications.view",
            "history.view", "deals.view", "quotations.view", "activities.view",
            "activities.change", "requests.view", "api.use",
            "custom_objects.view",
        }
    ),
}  # fmt: skip


class NotAllowed(PermissionDenied):
    """The person's role does not give this right."""

    def __init__(self, right: str) -> None:
        super().__init__(right)
        self.right = right


def can(user: Any, right: str) -> bool:
    """Tell whether a user has a right; nobody who is not signed in has any.

    :raises KeyError: there is no such right, so the code that asks is wrong.
    """
    if right not in ALL_RIGHTS:
        raise KeyError(right)
    if not isinstance(user, User) or not user.is_active:
        return False
    return right in _RIGHTS.get(user.role, frozenset())


def require(user: Any, right: str) -> None:
    """Pass when the user has the right.

    :raises NotAllowed: the role does not give it.
    """
    if not can(user, right):
        raise NotAllowed(right)


def visible(user: Any, rows: QuerySet[Any], right: str) -> QuerySet[Any]:
    """Return the rows that a right covers for a person; none without the right.

    Every list, count, card, search, autocomplete, export and door of the API reads through this:
    ``visible(request.user, Deal.objects.all(), "deals.view")``.

    :raises KeyError: there is no such right, so the code that asks is wrong.
    """
    return rows if can(user, right) else rows.none()


View = Callable[..., HttpResponse]


def needs(right: str) -> Callable[[View], View]:
    """Guard a view: sign in first, then have the right."""
    if right not in ALL_RIGHTS:
        raise KeyError(right)

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            require(request.user, right)
            return view(request, *args, **kwargs)

        guarded.right = right  # type: ignore[attr-defined]  # the route test reads it
        return guarded

    return guard
