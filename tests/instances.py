"""Real processes for tests of offices: a line that can be cut and slowed, bases in directories."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2

from launcher import ports
from launcher.files import DataDir, read_json

PATIENCE = 300


class Line:
    """The line to the centre: may be cut between two requests, or in the middle of an answer."""

    def __init__(
        self, target: int, host: str = ports.LOOPBACK, *, target_host: str = ports.LOOPBACK,
        port: int = 0,
    ) -> None:  # fmt: skip
        self.target = (target_host, target)
        self.is_cut = False
        self.bytes_left: int | None = None  # of what comes down; then the line is gone
        self.is_gone = threading.Event()  # since they have come down
        self.rate = 0  # bytes a second each way; 0: as fast as it can
        self.open: set[socket.socket] = set()
        self.server = socket.create_server((host, port))
        self.port = int(self.server.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Pull the cable."""
        self.is_cut = True
        for each in list(self.open):
            _hang_up(each)

    def mend(self) -> None:
        self.is_cut, self.bytes_left, self.rate = False, None, 0
        self.is_gone.clear()

    def _accept(self) -> None:
        while True:
            try:
                caller, _ = self.server.accept()
            except OSError:
                return
            if self.is_cut:
                caller.close()
                continue
            try:
                centre = socket.create_connection(self.target)
            except OSError:  # the centre is down; the line goes on
                caller.close()
                continue
            self.open |= {caller, centre}
            threading.Thread(target=self._carry, args=(caller, centre), daemon=True).start()
            threading.Thread(target=self._carry, args=(centre, caller, True), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, is_down: bool = False) -> None:
        try:
            while data := source.recv(self.rate // 10 or 65536):
                if self.rate:
                    time.sleep(len(data) / self.rate)
                if is_down and self.bytes_left is not None:
                    data = data[: self.bytes_left]
                    self.bytes_left -= len(data)
                target.sendall(data)
                if self.bytes_left == 0 and is_down:
                    self.is_gone.set()
                    break
        except OSError:
            pass
        for each in (source, target):
            _hang_up(each)
            self.open.discard(each)


def _hang_up(end: socket.socket) -> None:
    """Close a connection under whoever still reads from it."""
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


class Base:
    """A Köprü in a directory of its own, run by the documented commands.

    ``within`` begins each command: what puts it into a network namespace, for example.
    """

    def __init__(
        self, folder: Path, environment: dict[str, str], within: Sequence[str] = ()
    ) -> None:
        self.data = DataDir(folder)
        self.environment = {**environment, "KOPRU_DATA_DIR": str(folder)}
        self.within = [*within]
        self.run: subprocess.Popen[bytes] | None = None
        self.url = ""

    def command(self, *arguments: str) -> list[str]:
        return [*self.within, sys.executable, "-m", "launcher", *arguments]

    def kopru(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments), env=self.environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command and go on."""
        return subprocess.Popen(
            self.command(*arguments), env=self.environment, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def up(self, *arguments: str, port: int = 0) -> None:
        """Serve; the port stays the same when it is started again."""
        self.port = port or getattr(self, "port", 0) or ports.free_port()
        self.data.run_file.unlink(missing_ok=True)
        self.run = subprocess.Popen(
            self.command("up", "--port", str(self.port), *arguments),
            env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + PATIENCE
        while not self.data.run_file.exists() and time.monotonic() < until:
            assert self.run.poll() is None
            time.sleep(0.1)
        self.url = f"http://localhost:{self.port}"

    def kill(self) -> None:
        """Kill every process of it at once, as a power cut does."""
        assert self.run is not None
        for pid in _with_children(read_json(self.data.run_file)["pids"].values()):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.run.kill()
        self.run.wait()

    def stop(self) -> None:
        if self.run is not None and self.run.poll() is None:
            self.run.terminate()
            self.run.wait()

    @contextmanager
    def database(self, company: str) -> Iterator[Any]:
        """Give a cursor at the database of a company, past the program; its end rolls back."""
        address = read_json(self.data.services_file)["KOPRU_DATABASE_URL"]
        connection = psycopg2.connect(address)
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT schema_name FROM public.tenants_company WHERE slug = %s", [company]
                )
                cursor.execute(f'SET search_path TO "{cursor.fetchone()[0]}"')
                yield cursor
        finally:
            connection.close()

    def sql(self, company: str, statement: str, *values: Any) -> None:
        """Change something, past the program."""
        with self.database(company) as cursor:
            cursor.execute(statement, values or None)
            cursor.connection.commit()


class Office(Base):
    """A branch office in a directory of its own."""

    def __init__(
        self, folder: Path, environment: dict[str, str], centre: str, within: Sequence[str] = ()
    ) -> None:
        super().__init__(folder, environment, within)
        self.centre = centre

    def branch(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command; while the office's own process meets the centre, wait for its turn."""
        until = time.monotonic() + PATIENCE
        while True:
            done = self.kopru("branch", *arguments)
            if "under way already" not in done.stderr or time.monotonic() > until:
                return done

    def join(self, code: str) -> str:
        done = self.branch("join", self.centre, code, "--no-serve")
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def _with_children(pids: Iterable[int]) -> list[int]:
    """Return processes with all that they have started."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has ended since
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found = [*pids]
    for each in found:
        found += [pid for pid, parent in parents.items() if parent == each and pid not in found]
    return found
