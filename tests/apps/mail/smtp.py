"""A small SMTP server: what a sender says, answered over a real line."""

from __future__ import annotations

import base64
import socketserver
from dataclasses import dataclass, field

from tests.serving import SENDS_AT_ONCE, serve


@dataclass
class Taken:
    """A message as the server has it."""

    sender: str = ""
    to: list[str] = field(default_factory=list)
    raw: bytes = b""


class SmtpServer(socketserver.ThreadingTCPServer):
    """Takes messages of whoever knows the password.

    ``refuses`` are recipients it does not take; ``answer`` replaces the one to a message;
    ``cuts`` breaks the line at that word: ``DATA`` before, ``.`` after the message.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.password = "correct horse"
        self.refuses: set[str] = set()
        self.answer = "250 taken"
        self.cuts = ""
        self.asked: list[str] = []
        self.taken: list[Taken] = []
        serve(self)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


class _Session(socketserver.StreamRequestHandler):
    server: SmtpServer
    disable_nagle_algorithm = SENDS_AT_ONCE

    def handle(self) -> None:
        """Answer until the other side leaves."""
        self._say("220 ready")
        mail = Taken()
        for line in self.rfile:
            asked = line.decode().strip()
            verb = asked.split(" ")[0].upper()
            self.server.asked.append(asked)
            if verb == self.server.cuts:
                return
            if verb == "EHLO":
                self._say("250-here")
                self._say("250 AUTH PLAIN")
            elif verb == "AUTH":
                told = base64.b64decode(asked.split(" ")[2]).decode().split("\0")[2]
                is_known = told == self.server.password
                self._say("235 welcome" if is_known else "535 5.7.8 wrong password")
            elif verb == "MAIL":
                mail = Taken(sender=_address(asked))
                self._say("250 fine")
            elif verb == "RCPT" and _address(asked) in self.server.refuses:
                self._say("550 5.1.1 no such person")
            elif verb == "RCPT":
                mail.to.append(_address(asked))
                self._say("250 fine")
            elif verb == "DATA":
                self._say("354 go on")
                mail.raw = self._message()
                if self.server.answer.startswith("250"):
                    self.server.taken.append(mail)
                if self.server.cuts == ".":
                    return
                self._say(self.server.answer)
            elif verb == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _message(self) -> bytes:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


def _address(asked: str) -> str:
    return asked.partition("<")[2].partition(">")[0]
