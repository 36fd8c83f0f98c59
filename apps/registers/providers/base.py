"""What every register has: which numbers are its own, and how it is asked.

The hosts are fixed by the settings; nothing that a person types becomes part of a host name.
"""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import httpx
from django.conf import settings
from django.utils.functional import Promise

SECONDS = 5.0  # from the call to the last byte of the answer
LARGEST = 512 * 1024
KEY, DENIED, BUSY, BROKEN, SLOW, LINE, WORDS = (
    "key", "denied", "busy", "broken", "slow", "line", "words",
)  # fmt: skip


class NotTold(Exception):
    """A register gave no answer; ``code`` says why, ``detail`` in its own words."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail[:200]


@dataclass(frozen=True)
class Entry:
    """A company as a register tells it; ``values`` by field of a counterparty, none empty."""

    register: str
    number: str
    state: str
    values: Mapping[str, str] = field(default_factory=dict)
    head: str = ""
    activity: str = ""


class Register(ABC):
    """One register. ``example`` is a number it certainly knows."""

    key: ClassVar[str]
    name: ClassVar[str | Promise]
    country: ClassVar[str | Promise]
    wants_key: ClassVar[bool]
    example: ClassVar[str]

    @abstractmethod
    def takes(self, number: str, *, currency: str) -> bool:
        """Tell whether a number can stand in this register."""

    @abstractmethod
    def ask(self, number: str, *, secret: str) -> Entry | None:
        """Return what it says of a number; ``None`` when it knows nobody.

        :raises NotTold: it gave no answer.
        """


def called(
    register: str, path: str, *, body: Mapping[str, str] | None = None, secret: str = ""
) -> Any:
    """Return the JSON a register answers: one try, five seconds, redirections not followed.

    :raises NotTold: with its reason.
    """
    headers = {"Accept": "application/json"}
    if secret:
        headers["Authorization"] = f"Token {secret}"
    until = time.monotonic() + SECONDS
    try:
        with (
            httpx.Client(timeout=SECONDS, follow_redirects=False, trust_env=False) as client,
            client.stream(
                "POST" if body is not None else "GET",
                settings.REGISTER_ADDRESSES[register] + path, json=body, headers=headers,
            ) as answer,
        ):  # fmt: skip
            _require_good(answer.status_code)
            return json.loads(_read(answer, until))
    except httpx.TimeoutException as error:
        raise NotTold(SLOW) from error
    except (httpx.HTTPError, OSError) as error:
        raise NotTold(LINE, str(error)) from error
    except ValueError as error:
        raise NotTold(WORDS) from error


def _read(answer: httpx.Response, until: float) -> bytes:
    read = b""
    for piece in answer.iter_bytes():
        read += piece
        if time.monotonic() > until:
            raise NotTold(SLOW)
        if len(read) > LARGEST:
            raise NotTold(WORDS)
    return read


def _require_good(status: int) -> None:
    if status == 200:
        return
    if status == 401:
        raise NotTold(KEY)
    if status in (402, 403):
        raise NotTold(DENIED)
    if status == 429:
        raise NotTold(BUSY)
    raise NotTold(BROKEN if status >= 500 else WORDS, str(status))
