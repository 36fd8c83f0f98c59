"""Who asks: a program by its key, or a page of ours by the session; and how far they may go."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.rights import can, fields
from apps.api import tokens
from apps.api.problems import Problem
from apps.core.objects import Document, ObjectKind
from tenants.audit.services import record

_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="Köprü API"'.encode().decode("latin-1")}

Told = ObjectKind | Document


@dataclass(frozen=True)
class Caller:
    """The person in whose name something is asked, the key by which, and its scopes."""

    user: User
    owner: UUID
    scopes: tuple[str, ...]

    def may(self, kind: Told, way: str, right: str = "") -> bool:
        """Tell whether key and person both allow reading or writing a kind."""
        right = right or kind.right_to("view" if way == tokens.READ else "change")
        return tokens.covers(self.scopes, kind=kind.key, way=way) and can(self.user, right)

    def require(self, kind: Told, way: str, right: str = "") -> None:
        """Pass when it is allowed.

        :raises Problem: the key's scopes or the person's role do not give it.
        """
        if not tokens.covers(self.scopes, kind=kind.key, way=way):
            raise Problem(403, _("This key has no scope “%(scope)s”.") % {
                "scope": f"{kind.key}:{way}"
            })  # fmt: skip
        if way == tokens.WRITE and kind.is_of_centre and settings.IS_OFFICE:
            raise Problem(403, _("This is changed at the centre: the office has a copy of it."))
        if not self.may(kind, way, right):
            raise Problem(403, _("The role of this key's owner does not allow that."))


def caller(request: HttpRequest) -> Caller:
    """Return who asks.

    :raises Problem: nobody is named, or the key is not good.
    """
    kind, _blank, secret = request.headers.get("Authorization", "").partition(" ")
    if kind:
        token = None
        if kind.lower() == "bearer":
            token = tokens.holder(secret=secret.strip(), now=timezone.now())
        if token is None or not can(token.user, "api.use"):
            record(
                kind="api.key_refused", address=request.META.get("REMOTE_ADDR"),
                key=secret[: len(tokens.PREFIX) + 5],
            )  # fmt: skip
            raise Problem(401, _("This key is not good (any more)."), headers=_CHALLENGE)
        return Caller(token.user, token.pk, tuple(token.scopes))
    user = request.user
    if not isinstance(user, User) or not user.is_authenticated:
        raise Problem(401, _("Send the key as “Authorization: Bearer …”."), headers=_CHALLENGE)
    _require_own_page(request)
    scopes = (f"{tokens.EVERYTHING}:{tokens.READ}", f"{tokens.EVERYTHING}:{tokens.WRITE}")
    return Caller(user, user.pk, scopes)


def limits(user: User, kind: Told) -> tuple[frozenset[str], frozenset[str]]:
    """Return the fields of a kind that a person does not see, and those they may not change."""
    found = fields(user, kind.key)
    return found.hidden, found.locked


class _OwnPageCheck(CsrfViewMiddleware):
    """Django's check without its page: the answer of the API says why."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponseForbidden:
        return HttpResponseForbidden(reason)


def _no_view(request: HttpRequest) -> HttpResponseForbidden:
    return HttpResponseForbidden()


_own_page_check = _OwnPageCheck(_no_view)


def _require_own_page(request: HttpRequest) -> None:
    """Pass when a request with a session comes from a page of ours.

    :raises Problem: another site may have sent it.
    """
    _own_page_check.process_request(request)
    if _own_page_check.process_view(request, _no_view, (), {}) is not None:
        raise Problem(403, _("With a session this is asked by pages of this address only."))
