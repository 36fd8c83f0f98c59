"""Ports of this machine: which are free, and who has the others."""

from __future__ import annotations

import contextlib
import os
import random
import socket
from pathlib import Path

from launcher.errors import Refusal

LOOPBACK = "127.0.0.1"
# Below those the system gives to whoever calls somebody: between the choice of a port and the start
# of its server, seconds later, no connection stands on it by chance.
OURS = range(20_000, 32_000)
MOST_TRIES = 200


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port(*, preferred: int = 0) -> int:
    """Return ``preferred`` when it is free, else one of ours, else a port the system gives."""
    tried = random.SystemRandom().sample(OURS, MOST_TRIES)
    for port in [preferred, *tried] if preferred else tried:
        if is_free(port):
            return port
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def require_free(port: int) -> None:
    """:raises Refusal: somebody listens on the port already; the message says who."""
    if not 1 <= port <= 65535:
        raise Refusal(f"--port {port}: a port is a number from 1 to 65535.")
    if port < 1024 and os.geteuid() != 0:
        raise Refusal(f"Port {port} is for root only. Choose another: ./kopru up --port 8000")
    if is_free(port):
        return
    other = free_port(preferred=port + 10)
    raise Refusal(
        f"Port {port} is taken by {owner(port)}. Stop it, or choose another port: "
        f"./kopru up --port {other}"
    )


def owner(port: int) -> str:
    """Return a name for whoever listens on the port, as far as this user may see it."""
    sockets = {f"socket:[{inode}]" for inode in listening(port)}
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it ended meanwhile, or belongs to somebody else
            if any(target(link) in sockets for link in (process / "fd").iterdir()):
                words = (process / "cmdline").read_bytes().replace(b"\0", b" ")
                return f"process {process.name} ({words.decode(errors='replace').strip()[:80]})"
    return "another program"


def target(link: Path) -> str:
    """Return what an open file of a process is; empty when it was closed meanwhile."""
    try:
        return str(link.readlink())
    except OSError:
        return ""


def listening(port: int) -> set[str]:
    """Return the inodes of sockets that listen on the port (state 0A of /proc/net/tcp)."""
    inodes = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        if not table.exists():
            continue
        for line in table.read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
                inodes.add(fields[9])
    return inodes
