"""The one place that reads the environment: every setting is a variable named ``KOPRU_…``.

All variables are listed in ``docs/operations/configuration.md``.
"""

from __future__ import annotations

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent


class ConfigurationError(SystemExit):
    """A variable is missing or wrong; the message names it and says what it should hold."""


def text(name: str, default: str | None = None) -> str:
    """Return the variable ``name``; ``default`` when it is not set.

    :raises ConfigurationError: it is not set and has no default.
    """
    value = os.environ.get(name, "")
    if value:
        return value
    if default is None:
        raise ConfigurationError(f"{name} is not set. See docs/operations/configuration.md.")
    return default


def integer(name: str, default: int) -> int:
    """Return ``name`` as a whole number.

    :raises ConfigurationError: it is not a whole number.
    """
    value = os.environ.get(name, "")
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        raise ConfigurationError(f'{name}: "{value}" is not a whole number.') from None


def truth(name: str, *, default: bool) -> bool:
    """Return ``name`` as yes or no (``1 yes true on`` / ``0 no false off``).

    :raises ConfigurationError: it is neither.
    """
    value = os.environ.get(name, "").lower()
    if not value:
        return default
    if value in {"1", "yes", "true", "on"}:
        return True
    if value in {"0", "no", "false", "off"}:
        return False
    raise ConfigurationError(f'{name}: "{value}" is neither yes nor no.')


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """Return ``name`` as networks, parted by commas: ``10.0.0.0/8, 127.0.0.1``.

    :raises ConfigurationError: one of them is not a network.
    """
    words = [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]
    try:
        return [ip_network(word, strict=False) for word in words]
    except ValueError as error:
        raise ConfigurationError(f"{name}: {error}.") from None


def database(name: str, default: str | None = None) -> dict[str, object]:
    """Return Django's connection parameters from a ``postgresql://`` address.

    :raises ConfigurationError: it is missing or not such an address.
    """
    address = text(name, default)
    parts = urlsplit(address)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ConfigurationError(f"{name} must look like postgresql://user:password@host:5432/name")
    return {
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
    }
