"""Who may exchange: HTTP Basic for the first contact, a signed cookie for the rest of a login.

Wrong passwords are slowed down per login and address; the delay doubles from the fifth on. An
unknown
login costs and answers the same as a wrong password.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import uuid_utils.compat
from django.contrib.auth.hashers import check_password, make_password
from django.core import signing
from django.core.cache import cache

from exchange.models import Node
from tenants.audit.services import record
from tenants.current import current_company

COOKIE_NAME = "PHPSESSID"  # any name does; this one surprises nobody's proxy
COOKIE_AGE = timedelta(hours=24)
FREE_TRIES = 5
LONGEST_DELAY = 900  # seconds
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken when typed


class AccessRefused(Exception):
    """The caller is not let in; ``cause`` is a key of ``exchange.sentences.CAUSES``."""

    def __init__(self, cause: str, **values: object) -> None:
        super().__init__(cause)
        self.cause = cause
        self.values = values


class Credentials(NamedTuple):
    login: str
    password: str


def new_password() -> str:
    """Return a password that can be typed: four groups of five characters."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(5)) for _ in range(4))


def set_password(*, node: Node, password: str, now: datetime) -> None:
    """Replace the node's password; cookies given under the former one end."""
    node.password = make_password(password)
    node.password_set_at = now
    node.save(update_fields=["password", "password_set_at"])


def credentials(header: str) -> Credentials | None:
    """Return what an ``Authorization: Basic`` header says, in UTF-8 or windows-1251."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        raw = base64.b64decode(encoded.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("cp1251", errors="replace")
    login, found, password = text.partition(":")
    return Credentials(login, password) if found else None


def sign_in(*, given: Credentials | None, address: str, now: datetime) -> Node:
    """Return the node of a login and password.

    :raises AccessRefused: the header is missing, the password is wrong, too many were, or the
    exchange
        is switched off.
    """
    if given is None:
        raise AccessRefused("no_authorization")
    key = _key(given.login, address)
    until = cache.get(f"{key}:until")
    if until is not None and until > now.timestamp():
        raise AccessRefused("locked", seconds=int(until - now.timestamp()) + 1)
    node = Node.objects.filter(login=given.login).first()
    if not check_password(given.password, node.password if node else _decoy()) or node is None:
        _note_failure(key, given.login, address, now)
        raise AccessRefused("wrong_password")
    cache.delete_many([f"{key}:tries", f"{key}:until"])
    if not node.is_active:
        raise AccessRefused("node_off")
    return node


def new_cookie(*, node: Node) -> tuple[UUID, str]:
    """Return the key of a new login and the value of its cookie."""
    key = uuid_utils.compat.uuid7()
    value = f"{key.hex}.{node.pk.hex}.{_fingerprint(node)}"
    return key, signing.TimestampSigner(sep=".", salt=_salt()).sign(value)


def from_cookie(*, value: str, given: Credentials | None) -> tuple[Node, UUID]:
    """Return the node and the login of a cookie.

    :raises AccessRefused: it is forged, too old, of another company, of a former password, or
    belongs
        to another login than the one sent with it.
    """
    try:
        plain = signing.TimestampSigner(sep=".", salt=_salt()).unsign(value, max_age=COOKIE_AGE)
        key, node_id, fingerprint = plain.split(".")
        node = Node.objects.get(pk=UUID(node_id))
    except (signing.BadSignature, ValueError, Node.DoesNotExist):
        raise AccessRefused("no_session") from None
    if fingerprint != _fingerprint(node) or (given is not None and given.login != node.login):
        raise AccessRefused("no_session")
    if not node.is_active:
        raise AccessRefused("node_off")
    return node, UUID(key)


def session_token(value: str) -> str:
    """Return the ``sessid`` that goes with a cookie; it is given out and never asked for."""
    return hashlib.sha256(value.encode()).hexdigest()[:32]


def _salt() -> str:
    return f"exchange:{current_company().pk}"


def _fingerprint(node: Node) -> str:
    return hashlib.sha256(node.password.encode()).hexdigest()[:16]


def _key(login: str, address: str) -> str:
    return "exchange:tries:" + hashlib.sha256(f"{login}\0{address}".encode()).hexdigest()[:32]


def _note_failure(key: str, login: str, address: str, now: datetime) -> None:
    cache.add(f"{key}:tries", 0, timeout=3600)
    try:
        tries = cache.incr(f"{key}:tries")
    except ValueError:  # it ran out between the two calls
        tries = 1
    record(kind="exchange.password_refused", login=login, address=address or None, tries=tries)
    if tries >= FREE_TRIES:
        delay = min(2 ** (tries - FREE_TRIES + 1), LONGEST_DELAY)
        cache.set(f"{key}:until", now.timestamp() + delay, timeout=LONGEST_DELAY)


_decoys: list[str] = []


def _decoy() -> str:
    """Return a hash to compare with when there is no such login, so that it takes as long."""
    if not _decoys:
        _decoys.append(make_password(secrets.token_hex(8)))
    return _decoys[0]
