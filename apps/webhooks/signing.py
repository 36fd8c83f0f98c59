"""The signature of a delivery: whoever has the secret can tell that it is ours and of now.

``Kopru-Signature: t=<seconds>,v1=<hex>``: HMAC-SHA256 of ``<seconds>.<body>``. Secrets are kept
encrypted with this server's secret.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from apps.core.sealing import Sealing

HEADER = "Kopru-Signature"
_secrets = Sealing("webhooks")
locked, opened = _secrets.locked, _secrets.opened


def new_secret() -> str:
    """Return a secret for a receiver."""
    return "whsec_" + secrets.token_urlsafe(32)


def signature(*, secret: str, body: bytes, seconds: int) -> str:
    """Return the value of the header for a body sent at a moment."""
    signed = hmac.new(secret.encode(), f"{seconds}.".encode() + body, hashlib.sha256)
    return f"t={seconds},v1={signed.hexdigest()}"
