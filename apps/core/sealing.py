"""Secrets of other systems, kept encrypted with this server's secret."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet
from django.conf import settings


class Sealing:
    """Locks and opens the secrets of one purpose; those of another are not opened by it."""

    def __init__(self, purpose: str) -> None:
        self._purpose = purpose

    def locked(self, secret: str) -> bytes:
        """Return a secret as it is kept."""
        return self._cipher().encrypt(secret.encode())

    def opened(self, kept: bytes | memoryview) -> str:
        """Return a secret from how it is kept.

        :raises cryptography.fernet.InvalidToken: it was locked with another server's secret.
        """
        return self._cipher().decrypt(bytes(kept)).decode()

    def _cipher(self) -> Fernet:
        key = hashlib.sha256(f"{self._purpose}:{settings.SECRET_KEY}".encode()).digest()
        return Fernet(base64.urlsafe_b64encode(key))
