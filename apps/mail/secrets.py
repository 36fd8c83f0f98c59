"""Passwords of boxes, kept encrypted with this server's secret."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet
from django.conf import settings


def locked(password: str) -> bytes:
    """Return a password as it is kept."""
    return _cipher().encrypt(password.encode())


def opened(kept: bytes | memoryview) -> str:
    """Return a password from how it is kept."""
    return _cipher().decrypt(bytes(kept)).decode()


def _cipher() -> Fernet:
    key = hashlib.sha256(b"mail:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
