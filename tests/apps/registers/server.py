"""A small HTTP server that answers as DaData and VIES do."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.serving import SENDS_AT_ONCE, serve

KEY = "0123456789abcdef"


def party(**changed: Any) -> dict[str, Any]:
    """Return an entry of ЕГРЮЛ in the layout of ``findById/party``."""
    data: dict[str, Any] = {
        "inn": "7707083893", "kpp": "773601001", "ogrn": "1027700132195", "okved": "64.19",
        "name": {"short_with_opf": "ПАО СБЕРБАНК", "full_with_opf": "ПУБЛИЧНОЕ ОБЩЕСТВО СБЕРБАНК"},
        "address": {"value": "г Москва, ул Вавилова, д 19"},
        "management": {"name": "Греф Герман Оскарович", "post": "ПРЕЗИДЕНТ"},
        "state": {"status": "ACTIVE"},
    }  # fmt: skip
    return {"value": data["name"]["short_with_opf"], "data": data | changed}


@dataclass
class Asked:
    """One question: path, key and body."""

    path: str
    authorization: str
    body: Any


class RegisterServer(ThreadingHTTPServer):
    """Answers with ``suggestions``, or ``valid`` VAT numbers; ``status`` and ``waits`` spoil it."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.suggestions: list[dict[str, Any]] = [party()]
        self.vat: dict[str, Any] = {
            "isValid": True, "userError": "VALID", "name": "GOOGLE IRELAND LIMITED",
            "address": "3RD FLOOR,\nGORDON HOUSE,\nDUBLIN 4",
        }  # fmt: skip
        self.status = 200
        self.waits = 0.0  # seconds, less where whoever asked has gone
        self.gone = threading.Event()
        self.raw: bytes | None = None
        self.asked: list[Asked] = []
        serve(self)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: RegisterServer
    disable_nagle_algorithm = SENDS_AT_ONCE

    def do_GET(self) -> None:
        self._answer(None, self.server.vat)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        found = [
            each for each in self.server.suggestions if each["data"].get("inn") == body["query"]
        ]
        self._answer(body, {"suggestions": found})

    def _answer(self, body: Any, answer: dict[str, Any]) -> None:
        given = self.headers.get("Authorization", "")
        self.server.asked.append(Asked(self.path, given, body))
        self.server.gone.wait(self.server.waits)
        status = self.server.status
        if body is not None and status == 200 and given != f"Token {KEY}":
            status = 403
        said = self.server.raw if self.server.raw is not None else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if status == 302:
            self.send_header("Location", f"{self.server.address}/elsewhere")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""
