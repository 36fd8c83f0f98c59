"""A small IMAP server: what a reader asks, answered over a real line."""

from __future__ import annotations

import re
import socketserver
from dataclasses import dataclass, field
from typing import Any

from tests.serving import SENDS_AT_ONCE, serve


@dataclass
class Folder:
    """Messages by number."""

    uidvalidity: int = 1
    messages: dict[int, bytes] = field(default_factory=dict)


class ImapServer(socketserver.ThreadingTCPServer):
    """Serves ``folders`` to whoever knows the password; ``cuts_at`` breaks the line once there."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.folders = {"INBOX": Folder(), "Sent": Folder()}
        self.password = "correct horse"
        self.cuts_at: int | None = None
        self.asked: list[str] = []
        self.appended: list[bytes] = []
        serve(self)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])


class _Session(socketserver.StreamRequestHandler):
    server: ImapServer
    disable_nagle_algorithm = SENDS_AT_ONCE

    def handle(self) -> None:
        """Answer until the other side leaves."""
        self._say("* OK ready")
        folder = Folder()
        for line in self.rfile:
            tag, _space, asked = line.decode().strip().partition(" ")
            self.server.asked.append(asked)
            verb = asked.split(" ")[0].upper()
            if verb == "CAPABILITY":
                self._say("* CAPABILITY IMAP4rev1")
            elif verb == "LOGIN" and self.server.password not in asked:
                self._say(f"{tag} NO [AUTHENTICATIONFAILED] Invalid credentials")
                continue
            elif verb == "LIST":
                self._say('* LIST (\\HasNoChildren) "/" "INBOX"')
                self._say('* LIST (\\HasNoChildren \\Sent) "/" "Sent"')
            elif verb == "EXAMINE":
                found = self.server.folders.get(asked.split(" ")[1].strip('"'))
                if found is None:
                    self._say(f"{tag} NO no such folder")
                    continue
                folder = found
                self._say(f"* {len(folder.messages)} EXISTS")
                self._say(f"* OK [UIDVALIDITY {folder.uidvalidity}] valid")
            elif verb == "APPEND":
                self._take(asked)
            elif verb == "UID" and "SEARCH" in asked:
                self._say("* SEARCH " + " ".join(map(str, _above(folder, asked))))
            elif verb == "UID" and "RFC822.SIZE" in asked:
                for uid in map(int, asked.split(" ")[2].split(",")):
                    size = len(folder.messages[uid])
                    self._say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {size})")
            elif verb == "UID" and not self._sent(folder, int(asked.split(" ")[2])):
                return
            elif verb == "LOGOUT":
                self._say("* BYE now")
                self._say(f"{tag} OK done")
                return
            self._say(f"{tag} OK done")

    def _take(self, asked: str) -> None:
        """Put what follows into a folder (RFC 3501, 6.3.11)."""
        self._say("+ go on")
        raw = self.rfile.read(int(asked.rsplit("{", 1)[1].rstrip("}")))
        self.rfile.readline()
        self.server.appended.append(raw)
        into = self.server.folders[asked.split(" ")[1].strip('"')].messages
        into[max(into, default=0) + 1] = raw

    def _sent(self, folder: Folder, uid: int) -> bool:
        body = folder.messages[uid]
        self._say(f"* {uid} FETCH (UID {uid} BODY[] {{{len(body)}}}")
        if uid == self.server.cuts_at:
            self.server.cuts_at = None
            self.wfile.write(body[: len(body) // 2])
            return False
        self.wfile.write(body)
        self._say(")")
        return True

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


def _above(folder: Folder, asked: str) -> list[Any]:
    found = re.search(r"UID SEARCH UID (\d+):\*", asked)
    numbers = sorted(folder.messages)
    if found is None:
        return numbers
    return [uid for uid in numbers if uid >= int(found[1])] or numbers[-1:]
