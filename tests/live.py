"""A real socket server, a real pump and browsers' sockets, for tests of live screens."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import redis.exceptions
import uvicorn
from django.test import Client
from django_tenants.utils import tenant_context
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from apps.accounts.models import Role, User
from replication.pump import Pump, Send
from tenants.models import Company

SECONDS = 60.0  # what a test waits for at most: what comes ends it, a busy machine is late


@contextlib.contextmanager
def socket_server(port: int = 0) -> Iterator[int]:
    """Serve sockets on a port, by default a free one; yield the port."""
    from config.asgi import application

    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    server = uvicorn.Server(
        uvicorn.Config(application, lifespan="off", log_level="error", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(SECONDS)
        listening.close()


class RunningPump:
    """A pump in a thread; what it sends can be held back, as a line that fails does."""

    def __init__(self, **arguments: Any) -> None:
        self.pump = Pump(**arguments)
        self.is_listening = threading.Event()
        self._stop = threading.Event()
        listen, wait = self.pump.listen, self.pump.wait

        def look(listener: Any, *, timeout: float = 0.05) -> set[str]:
            self.is_listening.set()
            return wait(listener, timeout=timeout)

        self.pump.listen, self.pump.wait = listen, look  # type: ignore[method-assign]
        self.thread = threading.Thread(
            target=self.pump.run, kwargs={"is_stopped": self._stop.is_set}, daemon=True
        )

    def __enter__(self) -> RunningPump:
        self.thread.start()
        assert self.is_listening.wait(SECONDS)
        return self

    def __exit__(self, *failure: object) -> None:
        self._stop.set()
        self.thread.join(SECONDS)


class Faulty:
    """A channel layer that loses or refuses messages when told to."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.loses = False
        self.refusals = 0

    def __call__(self, group: str, message: dict[str, Any]) -> None:
        if self.refusals:
            self.refusals -= 1
            raise redis.exceptions.ConnectionError("refused by the test")
        if not self.loses:
            self._send(group, message)


def person(company: Company, name: str) -> User:
    """Make a manager of the company."""
    with tenant_context(company):
        return User.objects.create_user(
            email=f"{name}@{company.slug}.example", password="correct horse battery",
            role=Role.MANAGER, full_name=name.title(),
        )  # fmt: skip


def cookie_of(company: Company, user: User) -> str:
    """Sign a person in and return the Cookie header of their browser."""
    client = Client(headers={"host": f"{company.slug}.localhost"})
    with tenant_context(company):
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


class Page:
    """A page with its socket."""

    def __init__(self, port: int, host: str, cookie: str, *, origin: str | None = None) -> None:
        self._opening = connect(
            f"ws://{host}:{port}/ws/live/",
            sock=socket.create_connection(("127.0.0.1", port), timeout=SECONDS),
            origin=Origin(origin or f"http://{host}:8000"),
            additional_headers={"Cookie": cookie} if cookie else None,
            close_timeout=1,
        )
        self.socket: ClientConnection = self._opening.__enter__()

    def ask(self, since: str | None) -> dict[str, Any]:
        """Name the page's position; return the answer."""
        self.socket.send(json.dumps({"since": since}))
        return self.next()

    def next(self, *, seconds: float = SECONDS) -> dict[str, Any]:
        """Return the next event; beats are passed over."""
        while True:
            event = json.loads(self.socket.recv(timeout=seconds))
            if "beat" not in event:
                return dict(event)

    def hears_nothing(self, *, seconds: float = 0.4) -> bool:
        """Tell whether no event comes for a while."""
        try:
            self.next(seconds=seconds)
        except TimeoutError:
            return True
        return False

    def closed_with(self) -> int:
        """Wait until the server closes; return the code."""
        try:
            while True:
                self.socket.recv(timeout=SECONDS)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006

    def close(self) -> None:
        """Close the page."""
        self.socket.close()
