"""What has to be true before Köprü serves: tables, spare companies, demo, static files, words.

Each step is remembered by a digest of what it was made from, so that the next start skips it.
"""

from __future__ import annotations

import hashlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg2

from launcher import messages, processes
from launcher.errors import Refusal
from launcher.files import ROOT, DataDir, read_json, write_json

MIGRATION_ROOMS = ("tenants", "replication", "exchange", "apps")


@dataclass(frozen=True)
class Steps:
    """Runs the steps of one data directory, each shown on a line of its own."""

    data: DataDir
    children: processes.Children
    environment: Mapping[str, str]
    verbose: bool = False

    def run(self, *, demo: bool) -> bool:
        """Bring everything up to date; return whether the database had to be changed.

        :raises Refusal: a step failed; the message names it and its log.
        """
        file = self.data.path / "prepared.json"
        done = read_json(file)
        messages.compile_stale(ROOT / "frontend" / "locale")
        static = digest_of_static()
        if done.get("static") != static or not (self.data.path / "static").exists():
            self.step("Collecting static files", "collectstatic", "--no-input", "--verbosity=0")
            done["static"] = static
            write_json(file, done)
        tables = digest_of_migrations(self.environment["KOPRU_DATABASE_URL"])
        applied = applied_migrations(self.environment["KOPRU_DATABASE_URL"])
        changed = done.get("tables") != tables or not applied or done.get("applied") != applied
        if changed:
            done.pop("tables", None)
            write_json(file, done)
            self.step("Bringing the database up to date", "migrate_schemas", "--verbosity=0")
            if self.environment.get("KOPRU_ROLE") != "branch":  # nobody signs up at an office
                self.step("Making spare companies for sign-up", "ensure_pool")
            done["tables"] = tables
            done["applied"] = applied_migrations(self.environment["KOPRU_DATABASE_URL"])
            write_json(file, done)
        # Once made, the demo stays as its user left it: changed, or removed with one click.
        database = done["applied"].rpartition(" ")[2]
        if demo and done.get("demo") != database:
            self.step("Making the demo company", "ensure_demo")
            done["demo"] = database
            write_json(file, done)
        return changed

    def step(self, title: str, *command: str) -> None:
        """Run one management command; its output goes to ``logs/prepare.log``."""
        print(f"{title} ...", flush=True)
        began = time.monotonic()
        log = self.data.logs / "prepare.log"
        with log.open("ab") as output:
            process = processes.start(
                [sys.executable, "-m", "django", *command],
                env=self.environment,
                output=None if self.verbose else output,
                cwd=str(ROOT),
            )
            self.children.add(command[0], process.pid, signal.SIGTERM)
            try:
                code = process.wait()
            except BaseException:
                processes.stop(process, number=signal.SIGTERM, seconds=5)
                raise
            finally:
                self.children.remove(command[0])
        if code:
            raise Refusal(failure(title, command[0], log))
        print(f"{title}: done in {time.monotonic() - began:.1f} s", flush=True)


def failure(title: str, command: str, log: Path) -> str:
    """Return the sentence for a step that failed, with the last thing it said."""
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    said = lines[-1].strip() if lines else "it said nothing"
    if "No space left on device" in said or "DiskFull" in said:
        said = "the disk is full. Free some space and run again"
    return f"{title}: failed ({command}): {said}\nThe whole output is in {log}."


def digest_of_migrations(database_url: str) -> str:
    """Return what changes when a migration, a package or the database changes."""
    files: list[Path] = [ROOT / "requirements" / "base.txt"]
    for room in MIGRATION_ROOMS:
        files += (ROOT / room).rglob("migrations/*.py")
        files += (ROOT / room).rglob("*.sql")
    where = database_url.rpartition("@")[2].partition("/")
    # Of the address the name only: an embedded database may come back on another port.
    return f"{where[2]} {digest(files)}"


def digest_of_static() -> str:
    """Return what changes when a static file changes."""
    folder = ROOT / "frontend" / "static"
    mark = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            status = path.stat()
            mark.update(
                f"{path.relative_to(folder)} {status.st_size} {status.st_mtime_ns}\n".encode()
            )
    mark.update((ROOT / "requirements" / "base.txt").read_bytes())
    return mark.hexdigest()


def digest(files: Iterable[Path]) -> str:
    """Return a digest of the names and contents of files."""
    mark = hashlib.sha256()
    for path in sorted(files):
        mark.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return mark.hexdigest()


def applied_migrations(database_url: str) -> str:
    """Return how many migrations the public schema has, and the database's own number.

    Empty when there are none: the database is new, or was emptied behind our back.
    """
    connection = psycopg2.connect(database_url, connect_timeout=5)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('public.django_migrations') IS NOT NULL")
            row = cursor.fetchone()
            if not (row and row[0]):
                return ""
            cursor.execute(
                "SELECT count(*), (SELECT oid FROM pg_database WHERE datname = current_database())"
                " FROM public.django_migrations"
            )
            row = cursor.fetchone()
            return f"{row[0]} in {row[1]}" if row and row[0] else ""
    finally:
        connection.close()


def plain_run(command: list[str], *, environment: Mapping[str, str]) -> int:
    """Run a command in the user's own terminal and folder; return its exit code.

    Ctrl-C reaches it directly; we wait for what it makes of that.
    """
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process = subprocess.Popen(
            command,
            env=dict(environment),
            preexec_fn=with_own_interrupt(processes.ends_with_parent(signal.SIGTERM)),
        )
        return process.wait()
    finally:
        signal.signal(signal.SIGINT, before)


def with_own_interrupt(first: Callable[[], None]) -> Callable[[], None]:
    """Return ``first``, followed by giving Ctrl-C its usual meaning back."""

    def ask() -> None:
        first()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    return ask
