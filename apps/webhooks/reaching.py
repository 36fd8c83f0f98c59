"""Calling an address that a customer named: never one of our own network.

The name is resolved once, every address it has is looked at, and the call goes to the address that
was looked at, so that a name that points elsewhere a moment later reaches nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

from apps.core.outside import NotOutside, address_of

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
KEPT = 2000  # characters of an answer


class NotReached(Exception):
    """There was no answer, or the address is none that is called; the text says why."""


@dataclass(frozen=True)
class Answer:
    """What an address answered."""

    status: int
    text: str

    @property
    def is_good(self) -> bool:
        """Tell whether the receiver has it."""
        return 200 <= self.status < 300


def require_public(url: str) -> tuple[str, str]:
    """Return host and one address of a web address that may be called.

    :raises NotReached: it is none, its name is unknown, or it lies inside our network.
    """
    parts = urlsplit(url)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise NotReached(_("This is no web address.")) from None
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username:
        raise NotReached(_("This is no web address."))
    if parts.scheme == "http" and not settings.WEBHOOKS_MAY_STAY_INSIDE:
        raise NotReached(_("Only https addresses are called."))
    try:
        address = address_of(
            parts.hostname, port, may_stay_inside=settings.WEBHOOKS_MAY_STAY_INSIDE
        )
    except NotOutside as refused:
        said = _("The name %(host)s is not known.")
        if refused.is_inside:
            said = _("%(host)s lies inside a private network, which is not called.")
        raise NotReached(said % {"host": parts.hostname[:100]}) from refused
    return parts.hostname, address


def post(*, url: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Send a body and return the answer; redirections are not followed.

    :raises NotReached: with the reason as a sentence.
    """
    host, address = require_public(url)
    parts = urlsplit(url)
    literal = f"[{address}]" if ":" in address else address
    there = urlunsplit(
        parts._replace(netloc=f"{literal}:{parts.port}" if parts.port else literal, fragment="")
    )
    named = parts.netloc.rpartition("@")[2]
    try:
        with (
            httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client,
            client.stream(
                "POST", there, content=body, headers={**headers, "Host": named},
                extensions={"sni_hostname": host},
            ) as answer,
        ):  # fmt: skip
            text = b""
            for piece in answer.iter_bytes():
                text += piece
                if len(text) >= KEPT:
                    break
            shown = text[:KEPT].decode("utf-8", "replace").replace("\0", "")
            return Answer(answer.status_code, shown)
    except httpx.TimeoutException:
        raise NotReached(_("It did not answer in time.")) from None
    except (httpx.HTTPError, OSError, ValueError) as error:
        why = {"why": str(error)[:300]}
        raise NotReached(_("It could not be reached: %(why)s") % why) from None
