"""The signature of a delivery: whoever has the secret can tell that it is ours and of now.

``Kopru-Signature: t=<seconds>,v1=<hex>``: HMAC-SHA256 of ``<seconds>.<body>``. Secrets are kept
encrypted with this server's secret.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from cryptography.fernet import Fernet
from django.conf import settings

HEADER = "Kopru-Signature"


def new_secret() -> str:
    """Return a secret for a receiver."""
    return "whsec_" + secrets.token_urlsafe(32)


def locked(secret: str) -> bytes:
    """Return a secret as it is kept."""
    return _cipher().encrypt(secret.encode())


def opened(kept: bytes | memoryview) -> str:
    """Return a secret from how it is kept."""
    return _cipher().decrypt(bytes(kept)).decode()


def signature(*, secret: str, body: bytes, seconds: int) -> str:
    """Return the value of the header for a body sent at a moment."""
    signed = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256)
    return f"t={seconds},v1={signed.hexdigest()}"


def _cipher() -> Fernet:
    key = hashlib.sha256(b"webhooks:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
