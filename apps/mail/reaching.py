"""A box of another server by IMAP (RFC 3501): nothing is marked, nothing deleted.

The one thing that is put into it is the copy of what was sent from here.
"""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.conf import settings

from apps.core.outside import NotOutside, address_of
from apps.mail import secrets
from apps.mail.models import Mailbox

TIMEOUT = 30.0
LARGEST = 25 * 1024 * 1024
NAME, PRIVATE, OPEN, LOGIN, CERTIFICATE, FOLDER, LINE = (
    "name", "private", "open", "login", "certificate", "folder", "line",
)  # fmt: skip
_MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
_SENT = re.compile(rb'^\((?P<flags>[^)]*)\) (?:"[^"]*"|NIL) (?P<name>.+)$')
_SIZE = re.compile(rb"UID (\d+).*?RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+).*?UID (\d+)")


class NotReached(Exception):
    """A box could not be read; ``code`` says why, ``detail`` in the words of the other side."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail[:300]


class Box:
    """A signed-in box."""

    def __init__(self, line: imaplib.IMAP4) -> None:
        self._line = line

    def sent_folder(self) -> str | None:
        r"""Return the folder the server marks as ``\Sent`` (RFC 6154); ``None``: it marks none."""
        _said, rows = self._line.list()
        for row in rows:
            found = _SENT.match(row) if isinstance(row, bytes) else None
            if found and rb"\sent" in found["flags"].lower():
                return found["name"].decode("ascii", "replace").strip('"')
        return None

    def open_folder(self, name: str) -> int:
        """Open a folder for reading alone and return its ``UIDVALIDITY``.

        :raises NotReached: there is no such folder.
        """
        said, _rows = self._line.select(f'"{name}"', readonly=True)
        if said != "OK":
            raise NotReached(FOLDER, name)
        _said, values = self._line.response("UIDVALIDITY")
        return int(values[0]) if values and values[0] else 0

    def uids(self, *, after: int, since: date) -> list[int]:
        """Return the numbers above ``after``, ascending; with ``0`` those since a day."""
        asked = f"UID {after + 1}:*"
        if not after:
            asked = f"SINCE {since.day}-{_MONTHS[since.month - 1]}-{since.year}"
        said, rows = self._line.uid("SEARCH", asked)
        if said != "OK":
            raise NotReached(LINE, asked)
        # «7:*» names the last message even where its number is lower.
        return sorted(uid for uid in map(int, (rows[0] or b"").split()) if uid > after)

    def sizes(self, uids: list[int]) -> dict[int, int]:
        """Return the size of each message, in bytes; those gone meanwhile are absent."""
        _said, rows = self._line.uid("FETCH", ",".join(map(str, uids)), "(UID RFC822.SIZE)")
        found: dict[int, int] = {}
        for row in rows:
            match = _SIZE.search(row) if isinstance(row, bytes) else None
            if match:
                uid, size = match[1] or match[4], match[2] or match[3]
                found[int(uid)] = int(size)
        return found

    def fetch(self, uid: int, *, head_only: bool) -> bytes | None:
        """Return a message, or its head; ``None`` when it is gone meanwhile."""
        part = "(BODY.PEEK[HEADER])" if head_only else "(BODY.PEEK[])"
        _said, rows = self._line.uid("FETCH", str(uid), part)
        return next((row[1] for row in rows if isinstance(row, tuple)), None)

    def append(self, folder: str, raw: bytes, *, at: datetime) -> None:
        r"""Put a message into a folder, as read (``\Seen``).

        :raises NotReached: the server does not take it.
        """
        moment = imaplib.Time2Internaldate(at)
        said, rows = self._line.append(f'"{folder}"', r"(\Seen)", moment, raw)
        if said != "OK":
            raise NotReached(FOLDER, f"{folder}: {_words(Exception(rows[0] if rows else ''))}")


def outside(host: str, port: int) -> str:
    """Return the address of a box's server.

    :raises NotReached: its name is unknown, or it lies inside our network.
    """
    try:
        return address_of(host, port, may_stay_inside=settings.MAIL_MAY_STAY_INSIDE)
    except NotOutside as refused:
        raise NotReached(PRIVATE if refused.is_inside else NAME, host) from refused


@contextmanager
def opened(mailbox: Mailbox) -> Iterator[Box]:
    """Sign in to a box, and leave it in any case.

    :raises NotReached: with its reason; a line that breaks later raises it as well.
    """
    address = outside(mailbox.imap_host, mailbox.imap_port)
    line: imaplib.IMAP4 | None = None
    try:
        line = _connected(mailbox, address)
        try:
            line.login(mailbox.login, secrets.opened(mailbox.secret))
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as error:
            raise NotReached(LOGIN, _words(error)) from error
        yield Box(line)
    except ssl.SSLCertVerificationError as error:
        raise NotReached(CERTIFICATE, error.verify_message) from error
    except (imaplib.IMAP4.error, OSError) as error:
        raise NotReached(LINE, _words(error)) from error
    finally:
        if line is not None:
            _leave(line)


class _Plain(imaplib.IMAP4):
    """A line to the address that was looked at; the name is what its certificate has to bear."""

    def __init__(self, address: str, *args: Any, **kwargs: Any) -> None:
        self._address = address
        super().__init__(*args, **kwargs)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        return socket.create_connection((self._address, self.port), timeout)


class _Encrypted(imaplib.IMAP4_SSL):
    """The same, encrypted from its beginning."""

    def __init__(self, address: str, *args: Any, **kwargs: Any) -> None:
        self._address = address
        super().__init__(*args, **kwargs)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        line = socket.create_connection((self._address, self.port), timeout)
        encrypted: socket.socket = self.ssl_context.wrap_socket(line, server_hostname=self.host)
        return encrypted


def _connected(mailbox: Mailbox, address: str) -> imaplib.IMAP4:
    """Return an encrypted line; only one inside our network may stay open to be read.

    :raises NotReached: the server offers no encryption.
    """
    host, port = mailbox.imap_host, mailbox.imap_port
    context = ssl.create_default_context()
    if mailbox.is_tls:
        return _Encrypted(address, host, port, ssl_context=context, timeout=TIMEOUT)
    line = _Plain(address, host, port, timeout=TIMEOUT)
    if "STARTTLS" in line.capabilities:
        line.starttls(context)
    elif not settings.MAIL_MAY_STAY_INSIDE:
        _leave(line)
        raise NotReached(OPEN, host)
    return line


def _leave(line: imaplib.IMAP4) -> None:
    try:
        line.logout()
    except (imaplib.IMAP4.error, OSError):
        line.shutdown()  # the line is broken: there is nobody to say goodbye to


def _words(error: Exception) -> str:
    told = error.args[0] if error.args else ""
    return told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told or error)
