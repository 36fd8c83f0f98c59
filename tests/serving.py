"""Servers of the tests that answer in a thread of their own."""

from __future__ import annotations

import socketserver
import threading

# An answer of several lines would wait after the first one until the other side says it is there.
SENDS_AT_ONCE = True
# How soon a server that is told to end hears of it; left alone it would look twice a second.
LOOKS_EVERY = 0.01


def serve(server: socketserver.BaseServer) -> threading.Thread:
    """Let a server answer until its ``shutdown`` is called."""
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": LOOKS_EVERY}, daemon=True
    )
    thread.start()
    return thread
