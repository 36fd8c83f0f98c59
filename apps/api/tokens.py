"""Making, checking and withdrawing keys of programs."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from apps.accounts.models import User
from apps.api.models import ApiToken
from tenants.audit.services import record
from tenants.prepared import Prepared

PREFIX = "kopru_"
READ, WRITE = "read", "write"
EVERYTHING = "*"
_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def make_token(
    *, user: User, name: str, scopes: Sequence[str], expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """Make a key; return it and its secret, which is shown this once and never again."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user, name=name.strip()[:100], prefix=secret[: len(PREFIX) + 5],
        digest=_digest(secret), scopes=sorted(set(scopes)), expires_at=expires_at,
    )  # fmt: skip
    record(kind="api.key_made", login=user.email, key=token.prefix, scopes=token.scopes)
    return token, secret


@transaction.atomic
def revoke(*, token_id: UUID, by: User, now: datetime) -> ApiToken:
    """Withdraw a key at once; a withdrawn one stays so."""
    token = ApiToken.objects.select_for_update().get(pk=token_id)
    if token.revoked_at is None:
        token.revoked_at = now
        token.save()
        record(kind="api.key_withdrawn", login=by.email, key=token.prefix)
    return token


def holder(*, secret: str, now: datetime) -> ApiToken | None:
    """Return the key with this secret, if it is good and its person may sign in."""
    if not secret.startswith(PREFIX) or len(secret) > 100:
        return None
    token = _good.first(_digest(secret), now)
    if token is None:
        return None
    token.user = User.objects.get(pk=token.user_id)  # with their rights
    if (token.used_at is None or token.used_at < now - _NOTED_EVERY):
        ApiToken.objects.filter(pk=token.pk).update(used_at=now)
    return token


def _good_ones(digest: str, now: datetime) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(
        Q(expires_at__isnull=True) | Q(expires_at__gt=now), digest=digest,
        revoked_at__isnull=True, user__is_active=True,
    )  # fmt: skip


_good = Prepared(_good_ones, "a digest", datetime(2000, 1, 1, tzinfo=UTC))


def covers(scopes: Sequence[str], *, kind: str, way: str) -> bool:
    """Tell whether scopes cover reading or writing a kind; writing is no reading."""
    return bool({f"{kind}:{way}", f"{EVERYTHING}:{way}"} & set(scopes))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
