"""Processes: children that end with their parent, and what a killed parent left behind."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from launcher.files import DataDir, read_json, write_json

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def ends_with_parent(number: int) -> Callable[[], None]:
    """Return what a new process does first: ask to get signal ``number`` when its parent dies.

    Linux ties this to the thread that started the process, so children start in the main thread.
    """
    parent = os.getpid()

    def ask() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, number)
            if os.getppid() != parent:
                os._exit(1)

    return ask


def start(
    arguments: Sequence[str],
    *,
    env: Mapping[str, str],
    output: int | IO[Any] | None,
    stop_signal: int = signal.SIGTERM,
    cwd: str = "/",
    **more: Any,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that Ctrl-C reaches only us."""
    return subprocess.Popen(
        arguments,
        env=dict(env),
        stdin=more.pop("stdin", subprocess.DEVNULL),
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=cwd,
        start_new_session=True,
        umask=0o077,  # logins, uploads, mail: nothing here is for other users of the machine
        preexec_fn=ends_with_parent(stop_signal),
        **more,
    )


def stop(process: subprocess.Popen[bytes], *, number: int, seconds: float) -> None:
    """Ask a child to end, take the time it is given, then end its whole group."""
    if process.poll() is None:
        process.send_signal(number)
    finish(process, seconds=seconds)


def finish(process: subprocess.Popen[bytes], *, seconds: float) -> None:
    """Wait for a child that was asked to end; end by force it and whatever it left."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=max(seconds, 0.01))
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def started_at(pid: int) -> str:
    """Return the moment a process began, in the system's ticks; empty when there is none."""
    if Path("/proc/self/stat").exists():
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
        except (OSError, IndexError):
            return ""
    command = ["ps", "-o", "lstart=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def is_running(pid: int, began: str) -> bool:
    """Tell whether this very process still runs; another one that got its number does not count."""
    if not began or started_at(pid) != began:
        return False
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return not Path("/proc/self/stat").exists()


class Children:
    """The record of what runs for one data directory, kept in a file for whoever comes after us."""

    def __init__(self, data: DataDir) -> None:
        self._file = data.children_file
        self._known: dict[str, dict[str, Any]] = {}

    def add(self, name: str, pid: int, stop_signal: int) -> None:
        """Write a child down."""
        self._known[name] = {"pid": pid, "began": started_at(pid), "signal": int(stop_signal)}
        write_json(self._file, self._known)

    def remove(self, name: str) -> None:
        """Forget a child that has ended."""
        if self._known.pop(name, None):
            write_json(self._file, self._known)

    def pids(self) -> dict[str, int]:
        """Return the process ids by name."""
        return {name: child["pid"] for name, child in self._known.items()}


def stop_leftovers(data: DataDir, *, seconds: float = 20) -> list[str]:
    """Stop what an earlier, killed run left running; return the names.

    Call it only while holding the data directory.
    """
    left = {
        name: child
        for name, child in read_json(data.children_file).items()
        if is_running(child["pid"], child["began"])
    }
    # Services go last: the others may want to write down what they were doing.
    ordered = sorted(left, key=lambda name: name in {"postgres", "valkey"})
    for name in ordered:
        tell(left[name]["pid"], left[name]["signal"])
    until = time.monotonic() + seconds
    for name in ordered:
        child = left[name]
        wait_gone(child["pid"], child["began"], seconds=until - time.monotonic())
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child["pid"], signal.SIGKILL)
    data.children_file.unlink(missing_ok=True)
    return ordered


def tell(pid: int, number: int) -> None:
    """Send a signal to a process that may have gone already."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def wait_gone(pid: int, began: str, *, seconds: float) -> bool:
    """Wait for a process that is not our child; tell whether it has gone."""
    until = time.monotonic() + seconds
    while is_running(pid, began):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
