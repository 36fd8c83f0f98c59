"""``./kopru doctor``: looks at what Köprü needs, one line each, with what to do where it lacks."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg2
import redis

from launcher import commands, ports, prepare, processes, services
from launcher.errors import Refusal
from launcher.files import DataDir, Held, read_json

ROOMY = 2 * 2**30


@dataclass(frozen=True)
class Finding:
    """One thing looked at; ``advice`` is empty when it is as it should be."""

    what: str
    state: str
    advice: str = ""

    def __str__(self) -> str:
        mark = "attention" if self.advice else "ok"
        line = f"{mark:<10} {self.what}: {self.state}"
        return f"{line}\n{'':<11}{self.advice}" if self.advice else line


def doctor(data: DataDir, *, port: int) -> int:
    """Print the findings; return 1 when one needs attention."""
    attention = False
    for finding in findings(data, port=port):
        attention = attention or bool(finding.advice)
        print(finding, flush=True)
    return int(attention)


def findings(data: DataDir, *, port: int) -> Iterator[Finding]:
    """Look at the machine first, then at the services, then at what is in them."""
    yield Finding("Python", f"{platform.python_version()} ({sys.executable})")
    try:
        data.make()
    except Refusal as refusal:
        yield Finding("data directory", str(data.path), str(refusal))
        return
    yield disk(data)
    yield port_state(data, port=port)
    yield chromium()
    attached = commands.attach(data)
    if attached is not None:
        yield from of_services(attached["KOPRU_DATABASE_URL"], attached["KOPRU_REDIS_URL"], data)
        return
    try:
        with data.hold():
            processes.stop_leftovers(data)
            with services.running(data, processes.Children(data)) as both:
                yield from of_services(both.database_url, both.redis_url, data)
    except Held:
        yield Finding("services", "being started by another kopru", "Run again in a moment.")
    except Refusal as refusal:
        yield Finding("services", "not available", str(refusal))


def disk(data: DataDir) -> Finding:
    """Look at the room on the disk."""
    free = shutil.disk_usage(data.path).free
    advice = "" if free > ROOMY else "Free some space: PostgreSQL stops when the disk is full."
    return Finding("data directory", f"{data.path}, {free / 2**30:.1f} GB free", advice)


def port_state(data: DataDir, *, port: int) -> Finding:
    """Look at the port pages are served at."""
    if read_json(data.run_file).get("port") == port and data.is_held():
        return Finding("port", f"{port}, Köprü is serving")
    if ports.is_free(port):
        return Finding("port", f"{port} is free")
    return Finding(
        "port", f"{port} is taken by {ports.owner(port)}", "Stop it or use ./kopru up --port …"
    )


def chromium() -> Finding:
    """Look for the browser of the browser tests."""
    found = commands.find_chromium()
    if found:
        return Finding("Chromium", found)
    return Finding(
        "Chromium", "not installed", "Only browser tests need it: apt-get install chromium"
    )


def of_services(database_url: str, redis_url: str, data: DataDir) -> Iterator[Finding]:
    """Look at both services and what is in them."""
    connection = psycopg2.connect(database_url, connect_timeout=5)
    try:
        with connection.cursor() as cursor:
            yield from of_database(cursor)
    finally:
        connection.close()
    yield from of_redis(redis.Redis.from_url(redis_url, decode_responses=True))
    yield migrations(database_url, data)


def of_database(cursor: psycopg2.extensions.cursor) -> Iterator[Finding]:
    """Look at version, locale, rights and limits of the database."""
    version = _one(cursor, "SHOW server_version")
    yield Finding("PostgreSQL", str(version))
    works = _one(cursor, "SELECT lower('ЯБЛОКО') = 'яблоко' AND 'яблоко' ~* 'ЯБЛ'")
    locale = _one(cursor, "SELECT datcollate FROM pg_database WHERE datname = current_database()")
    yield Finding(
        "locale",
        f"{locale}, Cyrillic search {'works' if works else 'finds nothing'}",
        "" if works else "Make the database anew with LOCALE 'C.UTF-8' and encoding UTF8.",
    )
    may = _one(
        cursor, "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
    )
    yield Finding(
        "role",
        f"{_one(cursor, 'SELECT current_user')} {'may' if may else 'may not'} make roles",
        "" if may else "Each company has a role of its own: ALTER ROLE … CREATEROLE",
    )
    locks = int(str(_one(cursor, "SHOW max_locks_per_transaction")))
    yield Finding(
        "lock table",
        f"max_locks_per_transaction = {locks}",
        "" if locks >= 512 else "Set it to 512: making a company takes 2,700 locks at once.",
    )


def of_redis(client: redis.Redis) -> Iterator[Finding]:
    """Look at the settings jobs rely on."""
    information = client.info("server")
    version = information.get("valkey_version") or information.get("redis_version")
    yield Finding("Valkey", str(version))
    try:
        policy = client.config_get("maxmemory-policy").get("maxmemory-policy", "")
        file = client.config_get("appendonly").get("appendonly", "")
    except redis.ResponseError:
        yield Finding("Valkey settings", "hidden by its operator")
        return
    finally:
        client.close()
    yield Finding(
        "Valkey settings",
        f"maxmemory-policy {policy}, appendonly {file}",
        "" if policy == "noeviction" and file == "yes" else (
            "Jobs wait here: set maxmemory-policy noeviction and appendonly yes."
        ),
    )  # fmt: skip


def migrations(database_url: str, data: DataDir) -> Finding:
    """Look whether the tables are those of this release."""
    applied = prepare.applied_migrations(database_url)
    if not applied:
        return Finding("tables", "none yet", "Run ./kopru up, or ./kopru manage migrate_schemas")
    done = read_json(data.path / "prepared.json")
    if done.get("tables") == prepare.digest_of_migrations(database_url):
        return Finding("tables", f"up to date ({applied.split()[0]} migrations in public)")
    return Finding("tables", "of another release", "The next ./kopru up brings them up to date.")


def _one(cursor: psycopg2.extensions.cursor, query: str) -> object:
    cursor.execute(query)
    row = cursor.fetchone()
    return row[0] if row else None
