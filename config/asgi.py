"""Sockets under ASGI; pages are served under WSGI."""

import os
from collections.abc import Awaitable, Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import path, re_path  # noqa: E402

from apps.core.consumers import LiveConsumer  # noqa: E402


async def no_pages(
    scope: dict[str, Any],
    receive: Callable[..., Awaitable[Any]],
    send: Callable[..., Awaitable[Any]],
) -> None:
    """Answer plain requests: this port has sockets only."""
    body = b"Sockets only. Pages are served on the main address.\n"
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 404, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def no_socket(
    scope: dict[str, Any],
    receive: Callable[..., Awaitable[Any]],
    send: Callable[..., Awaitable[Any]],
) -> None:
    """Refuse sockets at other addresses."""
    await receive()
    await send({"type": "websocket.close", "code": 4404})


application = ProtocolTypeRouter(
    {
        "http": no_pages,
        "websocket": URLRouter(
            [path("ws/live/", LiveConsumer.as_asgi()), re_path("", no_socket)]  # type: ignore[arg-type]
        ),
    }
)
