"""Commands that need the services for a while: ``manage``, ``onec``, ``bench``, ``test``.

While ``up`` runs they use its services; otherwise they start their own and stop them at the end.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from launcher import messages, prepare, processes, services
from launcher.errors import Refusal
from launcher.files import ROOT, DataDir, Held, read_json
from launcher.up import environment_of

DEFAULT_PORT = 8000
WAIT_SECONDS = 120.0
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def manage(data: DataDir, arguments: Sequence[str]) -> int:
    """Run a Django management command."""
    return with_services(data, [sys.executable, "-m", "django", *arguments])


def onec(data: DataDir, arguments: Sequence[str]) -> int:
    """Run the simulated 1C."""
    return with_services(data, [sys.executable, "-m", "onec", *arguments])


def bench(data: DataDir, arguments: Sequence[str]) -> int:
    """Run a benchmark."""
    return with_services(data, [sys.executable, "-m", "benchmarks", *arguments])


def with_services(data: DataDir, command: list[str]) -> int:
    """Run a command with the services of this data directory; return its exit code."""
    data.make()
    messages.compile_stale(ROOT / "frontend" / "locale")
    until = time.monotonic() + WAIT_SECONDS
    while True:
        attached = attach(data)
        if attached is not None:
            with in_use(data):
                return prepare.plain_run(command, environment=attached)
        try:
            with data.hold():
                return with_own_services(data, command)
        except Held:
            if time.monotonic() > until:
                raise Refusal(f"Another kopru keeps {data.path} without serving it.") from None
            time.sleep(0.1)


def attach(data: DataDir) -> dict[str, str] | None:
    """Return the environment of the services somebody keeps running here, if anybody does."""
    if not data.is_held():
        return None
    kept = read_json(data.services_file)
    if not kept:
        return None
    told = read_json(data.run_file)
    both = services.Services(kept["KOPRU_DATABASE_URL"], kept["KOPRU_REDIS_URL"])
    if "KOPRU_PG_BIN" in kept:
        both.programs = Path(kept["KOPRU_PG_BIN"])
    port = told.get("port", DEFAULT_PORT)
    return environment_of(data, both, port=port, live_port=told.get("live_port", port + 1))


def with_own_services(data: DataDir, command: list[str]) -> int:
    """Start the services, run the command, wait for others who joined, stop the services."""
    processes.stop_leftovers(data)
    children = processes.Children(data)
    with services.running(data, children) as both:
        environment = environment_of(data, both, port=DEFAULT_PORT, live_port=DEFAULT_PORT + 1)
        code = prepare.plain_run(command, environment=environment)
        data.services_file.unlink(missing_ok=True)
        wait_for_users(data)
    return code


@contextlib.contextmanager
def in_use(data: DataDir) -> Iterator[None]:
    """Tell whoever keeps the services that somebody else uses them."""
    with (data.path / "users.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield


def wait_for_users(data: DataDir) -> None:
    """Wait until nobody else uses the services any more."""
    with (data.path / "users.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)


def test(arguments: Sequence[str]) -> int:
    """Run the tests on services of their own; the last line is pytest's summary."""
    messages.compile_stale(ROOT / "frontend" / "locale")
    with test_data() as data:
        processes.stop_leftovers(data)
        children = processes.Children(data)
        with services.running(data, children, careless=True) as both:
            environment = environment_of(data, both, port=DEFAULT_PORT, live_port=0)
            environment |= {"KOPRU_MODE": "test", "KOPRU_LIVE_PORT": "0"}
            chromium = find_chromium()
            if chromium:
                environment["KOPRU_CHROMIUM"] = chromium
            os.chdir(ROOT)
            command = [sys.executable, "-m", "pytest", "-p", "launcher.browser"]
            command += [*workers(arguments), *arguments]
            return prepare.plain_run(command, environment=environment)


@contextlib.contextmanager
def test_data() -> Iterator[DataDir]:
    """Yield the tests' own data directory; a passing one where theirs is in use or unwritable."""
    with contextlib.ExitStack() as stack:
        data = DataDir(ROOT / ".kopru-test")
        try:
            data.make()
            stack.enter_context(data.hold())
        except (Held, Refusal):
            passing = Path(tempfile.mkdtemp(prefix="kopru-test-"))
            stack.callback(shutil.rmtree, passing, ignore_errors=True)
            if os.geteuid() == 0:
                passing.chmod(0o711)  # our own folder: the services' user passes through it
            data = DataDir(passing)
            data.make()
            stack.enter_context(data.hold())
        yield data


def workers(arguments: Sequence[str]) -> list[str]:
    """Return one pytest worker for each core, unless the user has said how to run.

    Tests come to them in groups (``tests/conftest.py``), in the order in which they stand there.
    """
    own = ("-n", "--numprocesses", "--pdb", "--trace", "--collect-only", "--co", "-h", "--help")
    if any(word.startswith("-n") or word.split("=")[0] in own for word in arguments):
        return []
    if any(word in {"no:xdist", "-pno:xdist"} for word in arguments):
        return []
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2
    return ["-n", str(cores), "--dist", "loadgroup", "--no-loadscope-reorder"]


def find_chromium() -> str | None:
    """Return the installed Chromium: ``KOPRU_CHROMIUM``, else what is on the path."""
    given = os.environ.get("KOPRU_CHROMIUM")
    if given:
        return given
    return next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)
