"""Keeps the processes of one Köprü running: starts, restarts with patience, stops in order."""

from __future__ import annotations

import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from launcher import processes
from launcher.errors import Refusal
from launcher.files import ROOT, DataDir
from launcher.services import Services, Started

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0
HOPELESS_AFTER = 3
LARGEST_LOG = 10 * 2**20
COLOURS = (36, 32, 33, 35, 34, 96, 92, 93)


class Stop(BaseException):
    """Ctrl-C or SIGTERM arrived."""


@dataclass(frozen=True)
class Program:
    """A process to keep running."""

    name: str
    arguments: list[str]
    stop_seconds: float = 10.0


@dataclass
class Kept:
    """A process being kept, and how often it has fallen since it last stood firm."""

    name: str
    process: subprocess.Popen[bytes]
    restart: Callable[[], subprocess.Popen[bytes]]
    stop_signal: int
    stop_seconds: float
    began: float = field(default_factory=time.monotonic)
    falls: int = 0
    again_at: float | None = None


class Supervisor:
    """Parent of everything ``up`` runs."""

    def __init__(
        self,
        *,
        data: DataDir,
        children: processes.Children,
        services: Services,
        environment: Mapping[str, str],
        verbose: bool,
    ) -> None:
        self._data = data
        self._children = children
        self._services = services
        self._environment = environment
        self._verbose = verbose
        self._once: list[Kept] = []
        self._kept: list[Kept] = [self._of_service(service) for service in services.started]

    def start(self, program: Program) -> None:
        """Start a program and keep it."""

        def launch() -> subprocess.Popen[bytes]:
            return self._launch(program)

        self._kept.append(
            Kept(program.name, launch(), launch, signal.SIGTERM, program.stop_seconds)
        )

    def start_once(self, *command: str) -> None:
        """Run a management command beside everything else, once; it is not started again."""
        name = command[0]
        program = Program(name, [sys.executable, "-m", "django", *command])
        self._once.append(Kept(name, self._launch(program), _never, signal.SIGTERM, 5.0))

    def wait_until(self, ready: Callable[[], bool], *, seconds: float, what: str) -> None:
        """Keep everything running until ``ready()`` is true.

        :raises Refusal: it did not become true in time, or a process falls again and again.
        """
        until = time.monotonic() + seconds
        while not ready():
            self.look(give_up=True)
            if time.monotonic() > until:
                raise Refusal(f"{what} did not answer in {seconds:.0f} s; see {self._data.logs}.")
            time.sleep(0.05)

    def keep(self) -> None:
        """Keep everything running until a signal ends it (``Stop``)."""
        while True:
            self.look(give_up=False)
            select.select([], [], [], 0.25)

    def look(self, *, give_up: bool) -> None:
        """Restart what has fallen, each time after a longer pause.

        :raises Refusal: ``give_up`` and a process has fallen several times in a row.
        """
        now = time.monotonic()
        for kept in [once for once in self._once if once.process.poll() is not None]:
            self._once.remove(kept)
            self._children.remove(kept.name)
            if kept.process.returncode:
                print(f"{kept.name} failed: {self._last_words(kept.name)}", flush=True)
        for kept in self._kept:
            if kept.again_at is not None:
                if now >= kept.again_at:
                    self._raise_again(kept)
            elif kept.process.poll() is not None:
                self._fallen(kept, now=now, give_up=give_up)

    def stop(self) -> None:
        """Stop our programs together, the newest first; who started the services stops them."""
        programs = [*self._kept, *self._once]
        programs = [kept for kept in programs if not self._is_service(kept.name)]
        standing = [kept for kept in reversed(programs) if kept.process.poll() is None]
        for kept in standing:
            kept.process.send_signal(kept.stop_signal)
        began = time.monotonic()
        for kept in reversed(programs):
            spent = time.monotonic() - began
            processes.finish(kept.process, seconds=kept.stop_seconds - spent)
            self._children.remove(kept.name)

    def hurry(self) -> None:
        """End our programs at once (a second Ctrl-C); services still end in order."""
        for kept in [*self._kept, *self._once]:
            if not self._is_service(kept.name) and kept.process.poll() is None:
                kept.process.kill()

    def _fallen(self, kept: Kept, *, now: float, give_up: bool) -> None:
        processes.finish(kept.process, seconds=0)
        kept.falls = 1 if now - kept.began > STEADY_AFTER else kept.falls + 1
        if give_up and kept.falls >= HOPELESS_AFTER:
            raise Refusal(f"{kept.name} does not start: {self._last_words(kept.name)}")
        pause = min(FIRST_PAUSE * 2 ** (kept.falls - 1), LONGEST_PAUSE)
        kept.again_at = now + pause
        print(
            f"{kept.name} ended ({_ending(kept.process.returncode)}); again in {pause:.0f} s. "
            f"Log: {self._log(kept.name)}",
            flush=True,
        )

    def _raise_again(self, kept: Kept) -> None:
        kept.again_at = None
        kept.process = kept.restart()
        kept.began = time.monotonic()
        for service in self._services.started:
            if service.name == kept.name:
                service.process = kept.process

    def _launch(self, program: Program) -> subprocess.Popen[bytes]:
        log = self._log(program.name)
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".log.1"))
        with log.open("ab") as output:
            process = processes.start(
                program.arguments,
                env=self._environment,
                output=subprocess.PIPE if self._verbose else output,
                cwd=str(ROOT),
            )
        self._children.add(program.name, process.pid, signal.SIGTERM)
        if process.stdout:
            colour = COLOURS[len(self._kept) % len(COLOURS)]
            threading.Thread(
                target=_relay, args=(process.stdout, log, program.name, colour), daemon=True
            ).start()
        return process

    def _log(self, name: str) -> Path:
        return self._data.logs / f"{name}.log"

    def _last_words(self, name: str) -> str:
        log = self._log(name)
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        said = [line.strip() for line in lines if line.strip()]
        return f"{said[-1] if said else 'it said nothing'}\nThe whole output is in {log}."

    def _is_service(self, name: str) -> bool:
        return any(service.name == name for service in self._services.started)

    @staticmethod
    def _of_service(service: Started) -> Kept:
        return Kept(
            service.name,
            service.process,
            service.restart,
            service.stop_signal,
            service.stop_seconds,
        )


def _never() -> subprocess.Popen[bytes]:
    raise AssertionError("a command that runs once is not started again")


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"


def _relay(stream: IO[bytes], log: Path, name: str, colour: int) -> None:
    """Copy a child's lines to its log and, with its name before them, to the terminal."""
    painted = f"\033[{colour}m{name:>8}\033[0m" if sys.stdout.isatty() else f"{name:>8}"
    with log.open("ab") as file:
        for line in stream:
            file.write(line)
            file.flush()
            print(f"{painted} | {line.decode(errors='replace').rstrip()}", flush=True)
