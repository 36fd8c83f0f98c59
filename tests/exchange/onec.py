"""A 1C for tests: one object is one HTTP login, as strict about answers as real clients."""

from __future__ import annotations

import base64
import io
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from tenants.current import way_back

DOOR = "/bitrix/admin/1c_exchange.php"


class OneC:
    """Calls the door of a company and reads the answers as 1C does."""

    def __init__(
        self, *, login: str, password: str, host: str = "volga.localhost", door: str = DOOR
    ) -> None:
        self.login, self.password, self.host, self.door = login, password, host, door
        self.cookie = ""
        self.client = Client(headers={"host": host})

    def again(self) -> OneC:
        """Return the same 1C before a new login."""
        return OneC(login=self.login, password=self.password, host=self.host, door=self.door)

    def ask(
        self, subject: str, mode: str, *, body: bytes | None = None, post: bool = False, **more: Any
    ) -> Any:
        """Make one request and return the response."""
        query = urlencode({"type": subject, "mode": mode, **more})
        return self.raw(query, body=body, post=post)

    def raw(
        self,
        query: str,
        *,
        body: bytes | None = None,
        post: bool = False,
        is_header_lost: bool = False,
        announced: int | None = None,
    ) -> Any:
        headers = {"authorization": self._basic(), "user-agent": "1C+Enterprise/8.3"}
        if is_header_lost:
            del headers["authorization"]
        if self.cookie:
            headers["cookie"] = self.cookie
        address, come_back = f"{self.door}?{query}", way_back()
        with come_back():  # a request leaves the company it was in
            if body is None and not post:
                return self.client.get(address, headers=headers)
            return self.client.post(
                address,
                data=body or b"",
                content_type="application/octet-stream",
                headers=headers,
                **self._broken_off(body, announced),
            )

    def text(self, subject: str, mode: str, **more: Any) -> str:
        """Make one request and return the text of its answer; 200 is the only status there is."""
        response = self.ask(subject, mode, **more)
        assert response.status_code == 200
        assert not response.content.startswith(b"\xef\xbb\xbf")
        assert int(response["Content-Length"]) == len(response.content)
        return str(response.content, "utf-8")

    def sign_in(self, subject: str = "catalog") -> list[str]:
        """Sign in and keep the cookie exactly as line 2 and 3 say it."""
        lines = self.text(subject, "checkauth").split("\n")
        assert lines[0] == "success", lines
        self.cookie = f"{lines[1]}={lines[2]}"
        return lines

    def send(self, subject: str, name: str, body: bytes, *, part: int = 0) -> None:
        """Send a file in parts."""
        step = part or len(body)
        for start in range(0, len(body), step):
            answer = self.text(subject, "file", body=body[start : start + step], filename=name)
            assert answer == "success", answer

    def take(self, subject: str, name: str) -> str:
        """Ask for the import until it is over and return the last answer."""
        for _ in range(50):
            answer = self.text(subject, "import", filename=name)
            if answer.split("\n")[0] != "progress":
                return answer
        raise AssertionError("the import has no end")

    def portion(self, name: str, body: bytes, subject: str = "catalog", **init: str) -> str:
        """Do what УТ does for one portion: a login of its own, then init, file, import."""
        login = self.again()
        login.sign_in(subject)
        login.text(subject, "init", **init)
        login.send(subject, name, body)
        return login.take(subject, name)

    def _broken_off(self, body: bytes | None, announced: int | None) -> dict[str, Any]:
        """A request that announces more bytes than come."""
        if announced is None:
            return {}
        return {"CONTENT_LENGTH": str(announced), "wsgi.input": io.BytesIO(body or b"")}

    def _basic(self) -> str:
        return "Basic " + base64.b64encode(f"{self.login}:{self.password}".encode()).decode()
