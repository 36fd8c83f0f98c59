"""A message handed to the server of its box by SMTP (RFC 5321), at the address looked at.

Whoever calls learns which of three it is: the server has it, it has it not, or nobody knows.
"""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from apps.mail import secrets
from apps.mail.models import Mailbox
from apps.mail.reaching import CERTIFICATE, LINE, LOGIN, OPEN, TIMEOUT, NotReached, outside

REFUSED, LATER = "refused", "later"
_READY = 354  # the server waits for the message
_YES = range(200, 300)
_NOT_NOW = range(400, 500)


class Lost(Exception):
    """The line broke after the message was given and before the answer: it may have arrived."""


class Outgoing:
    """A signed-in line."""

    def __init__(self, line: smtplib.SMTP) -> None:
        self._line = line

    def hand_over(self, raw: bytes, *, sender: str, to: Sequence[str]) -> list[str]:
        """Give a message to the server; return those of its recipients that it did not take.

        :raises NotReached: the server has not taken it; ``LATER`` where it asks to come again.
        :raises Lost: nobody knows.
        """
        self._asked(*self._line.mail(sender))
        answers = [(address, self._line.rcpt(address)) for address in to]
        refused = [address for address, (code, _said) in answers if code not in _YES]
        if len(refused) == len(to):
            self._asked(*answers[0][1])
        code, said = self._line.docmd("DATA")
        if code != _READY:
            raise _refusal(code, said)
        try:
            code, said = self._given(raw)
        except (smtplib.SMTPException, OSError) as error:
            raise Lost(str(error)) from error
        self._asked(code, said)
        return refused

    def _given(self, raw: bytes) -> tuple[int, bytes]:
        """Send the message itself and wait for the answer (RFC 5321, 4.5.2: dots are doubled)."""
        lines = [b"." + line if line.startswith(b".") else line for line in raw.splitlines()]
        self._line.send(b"\r\n".join([*lines, b".", b""]))
        return self._line.getreply()

    @staticmethod
    def _asked(code: int, said: bytes) -> None:
        if code not in _YES:
            raise _refusal(code, said)


@contextmanager
def opened(mailbox: Mailbox) -> Iterator[Outgoing]:
    """Sign in to the server that sends for a box, and leave it in any case.

    :raises NotReached: with its reason; nothing has left.
    """
    address = outside(mailbox.smtp_host, mailbox.smtp_port)
    line: smtplib.SMTP | None = None
    try:
        line = _connected(mailbox, address)
        line.login(mailbox.login, secrets.opened(mailbox.secret))
        yield Outgoing(line)
    except smtplib.SMTPAuthenticationError as error:
        raise NotReached(LOGIN, _told(error.smtp_error)) from error
    except ssl.SSLCertVerificationError as error:
        raise NotReached(CERTIFICATE, error.verify_message) from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPNotSupportedError as error:  # it offers no way to sign in
        raise NotReached(REFUSED, str(error)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotReached(LINE, str(error)) from error
    finally:
        if line is not None:
            _leave(line)


class _Plain(smtplib.SMTP):
    """A line to the address that was looked at; the name is what its certificate has to bear."""

    def __init__(self, address: str, *args: Any, **kwargs: Any) -> None:
        self._address = address
        super().__init__(*args, **kwargs)

    def _get_socket(self, _host: str, port: int, timeout: float) -> socket.socket:
        return socket.create_connection((self._address, port), timeout)


class _Encrypted(smtplib.SMTP_SSL):
    """The same, encrypted from its beginning."""

    def __init__(self, address: str, *args: Any, **kwargs: Any) -> None:
        self._address = address
        super().__init__(*args, **kwargs)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        line = socket.create_connection((self._address, port), timeout)
        encrypted: socket.socket = self.context.wrap_socket(line, server_hostname=host)
        return encrypted


def _connected(mailbox: Mailbox, address: str) -> smtplib.SMTP:
    """Return an encrypted line; only one inside our network may stay open to be read.

    :raises NotReached: the server offers no encryption.
    """
    host, port = mailbox.smtp_host, mailbox.smtp_port
    context, name = ssl.create_default_context(), urlsplit(settings.PUBLIC_URL).hostname
    if mailbox.smtp_is_tls:
        return _Encrypted(
            address, host, port, local_hostname=name, timeout=TIMEOUT, context=context
        )
    line = _Plain(address, host, port, local_hostname=name, timeout=TIMEOUT)
    line.ehlo()
    if line.has_extn("starttls"):
        line.starttls(context=context)
        line.ehlo()
    elif not settings.MAIL_MAY_STAY_INSIDE:
        _leave(line)
        raise NotReached(OPEN, host)
    return line


def _leave(line: smtplib.SMTP) -> None:
    try:
        line.quit()
    except (smtplib.SMTPException, OSError):
        line.close()  # the line is broken: there is nobody to say goodbye to


def _refusal(code: int, said: bytes | str) -> NotReached:
    return NotReached(LATER if code in _NOT_NOW else REFUSED, f"{code} {_told(said)}")


def _told(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
