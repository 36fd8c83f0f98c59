"""PostgreSQL and Valkey for one data directory: given by address, or embedded and started here.

Order of choice, for each of the two: an address in ``KOPRU_DATABASE_URL`` / ``KOPRU_REDIS_URL``
is used and nothing is started; else the programs named by ``KOPRU_PG_BIN`` /
``KOPRU_VALKEY_BIN``; else those of the installed wheels; else one sentence that names the package
to install.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import redis

from launcher import postgres, processes, valkey
from launcher.errors import Refusal
from launcher.files import DataDir, read_json, write_json

OLDEST_POSTGRES = 15
Restart = Callable[[], "subprocess.Popen[bytes]"]


@dataclass
class Started:
    """A service that runs as our child, and how it is started and stopped."""

    name: str
    process: subprocess.Popen[bytes]
    restart: Restart
    stop_signal: int
    stop_seconds: float


@dataclass
class Services:
    """Addresses of both services, and the ones we started ourselves."""

    database_url: str
    redis_url: str
    programs: Path | None = None
    started: list[Started] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        """Return the variables a process needs to use the services."""
        found = {"KOPRU_DATABASE_URL": self.database_url, "KOPRU_REDIS_URL": self.redis_url}
        if self.programs:
            found["KOPRU_PG_BIN"] = str(self.programs)
        return found


@contextlib.contextmanager
def running(
    data: DataDir, children: processes.Children, *, careless: bool = False
) -> Iterator[Services]:
    """Yield both services, ready; stop on the way out what was started on the way in.

    The caller holds the data directory.

    :param careless: a test run: faster, and not safe against a power cut.
    :raises Refusal: one of them cannot be had; the message says which and what to do.
    """
    ports = read_json(data.path / "ports.json")
    services = Services("", "")
    try:
        given = os.environ.get("KOPRU_DATABASE_URL")
        if given:
            check_database(given)
            services.database_url = given
        else:
            start_postgres(services, data, children, ports, careless=careless)
        given = os.environ.get("KOPRU_REDIS_URL")
        if given:
            check_redis(given)
            services.redis_url = given
        else:
            start_valkey(services, data, children, ports, careless=careless)
        write_json(data.path / "ports.json", ports)
        write_json(data.services_file, services.environment())
        yield services
    finally:
        data.services_file.unlink(missing_ok=True)
        for service in reversed(services.started):
            processes.stop(
                service.process, number=service.stop_signal, seconds=service.stop_seconds
            )
            children.remove(service.name)


def check_database(url: str) -> None:
    """:raises Refusal: no PostgreSQL that we can use answers at the address."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise Refusal("KOPRU_DATABASE_URL must look like postgresql://user:password@host:5432/name")
    where = f"{parts.hostname or 'localhost'}:{parts.port or 5432}"
    try:
        connection = psycopg2.connect(url, connect_timeout=5)
    except psycopg2.Error as error:
        said = " ".join(str(error).split())
        raise Refusal(
            f"KOPRU_DATABASE_URL: no connection to {where}{parts.path} ({said}). Start that "
            "database or correct the address; without the variable an embedded one is started."
        ) from None
    major = connection.server_version // 10000
    connection.close()
    if major < OLDEST_POSTGRES:
        raise Refusal(
            f"KOPRU_DATABASE_URL: PostgreSQL {major} answers at {where}; "
            f"{OLDEST_POSTGRES} or newer is needed."
        )


def check_redis(url: str) -> None:
    """:raises Refusal: no Valkey or Redis answers at the address."""
    parts = urlsplit(url)
    if parts.scheme not in {"redis", "rediss", "unix"}:
        raise Refusal("KOPRU_REDIS_URL must look like redis://:password@host:6379/0")
    try:
        client = redis.Redis.from_url(url, socket_connect_timeout=5)
        client.ping()
    except (redis.RedisError, ValueError) as error:
        where = f"{parts.hostname or 'localhost'}:{parts.port or 6379}"
        raise Refusal(
            f"KOPRU_REDIS_URL: no Valkey or Redis at {where} ({error}). Start it or correct the "
            "address; without the variable an embedded one is started."
        ) from None
    client.close()


def start_postgres(
    services: Services,
    data: DataDir,
    children: processes.Children,
    ports: dict[str, int],
    *,
    careless: bool,
) -> None:
    """Start the embedded PostgreSQL and make our role and database in it."""
    cluster = postgres.prepare(data, preferred_port=ports.get("postgres", 0))
    secrets = data.secrets()

    def launch() -> subprocess.Popen[bytes]:
        with cluster.log.open("ab") as log:
            process = processes.start(
                postgres.arguments(cluster, careless=careless),
                env=postgres.environment(),
                output=log,
                stop_signal=signal.SIGINT,
                **cluster.identity.popen,
            )
        children.add("postgres", process.pid, signal.SIGINT)
        return process

    process = launch()
    services.started.append(Started("postgres", process, launch, signal.SIGINT, 60))
    superuser = secrets["superuser_password"]
    postgres.wait_ready(cluster, process, password=superuser)
    password = secrets["database_password"]
    postgres.make_database(cluster, superuser=superuser, password=password)
    ports["postgres"] = cluster.port
    services.programs = cluster.programs
    services.database_url = postgres.address(
        port=cluster.port, user=postgres.ROLE, password=password, name=postgres.DATABASE
    )


def start_valkey(
    services: Services,
    data: DataDir,
    children: processes.Children,
    ports: dict[str, int],
    *,
    careless: bool,
) -> None:
    """Start the embedded Valkey."""
    server = valkey.prepare(data, preferred_port=ports.get("valkey", 0))
    password = data.secrets()["valkey_password"]
    settings = valkey.configuration(server, password=password, careless=careless)

    def launch() -> subprocess.Popen[bytes]:
        with server.log.open("ab") as log:
            process = processes.start(
                [str(server.program), "-"],
                env=postgres.environment(),
                output=log,
                stdin=subprocess.PIPE,
                **server.identity.popen,
            )
        children.add("valkey", process.pid, signal.SIGTERM)
        if process.stdin:
            with contextlib.suppress(BrokenPipeError):  # it ended at once; its log says why
                process.stdin.write(settings)
                process.stdin.close()
        return process

    process = launch()
    services.started.append(Started("valkey", process, launch, signal.SIGTERM, 20))
    services.redis_url = f"redis://:{password}@127.0.0.1:{server.port}/0"
    valkey.wait_ready(server, process, url=services.redis_url)
    ports["valkey"] = server.port
