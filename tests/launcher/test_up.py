"""``./kopru up`` from the outside: served, told, and gone without a trace."""

from __future__ import annotations

import http.client
import os
import shelve
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher import ports, processes, up
from launcher.files import ROOT, DataDir, read_json

PATIENCE = 240


def launcher(*arguments: str) -> list[str]:
    """Return the command that runs the launcher in this environment."""
    return [sys.executable, "-m", "launcher", *arguments]


@pytest.fixture
def environment(data: DataDir) -> dict[str, str]:
    """An environment without the test run's own settings."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("KOPRU_")}
    return {**ours, "PYTHONPATH": str(ROOT), "KOPRU_DATA_DIR": str(data.path)}


@pytest.fixture
def served(data: DataDir, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A running ``up``."""
    port = ports.free_port()
    run = subprocess.Popen(launcher("up", "--no-demo", "--port", str(port)), env=environment)
    until = time.monotonic() + PATIENCE
    while not data.run_file.exists() and run.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    yield run
    run.terminate()
    run.wait()


def test_up_serves_tells_where_and_leaves_nothing_behind(
    data: DataDir, environment: dict[str, str], served: subprocess.Popen[bytes]
) -> None:
    told = read_json(data.run_file)
    children = read_json(data.children_file)
    connection = http.client.HTTPConnection(ports.LOOPBACK, told["port"])
    connection.request("GET", "/readyz", headers={"Host": "localhost"})
    ready = connection.getresponse().status
    again = subprocess.run(launcher("up"), env=environment, capture_output=True, check=False)

    served.send_signal(signal.SIGINT)
    served.wait()

    assert ready == 200
    assert stat.S_IMODE(data.path.joinpath("secrets.json").stat().st_mode) == 0o600
    assert {"postgres", "valkey", "web", "live", "journal", "worker", "beat"} <= set(told["pids"])
    assert f"already running at {told['public_url']}/" in again.stdout.decode()
    assert not data.run_file.exists()
    assert not any(processes.is_running(one["pid"], one["began"]) for one in children.values())


@pytest.mark.parametrize("left", [0, 7, 60])
def test_a_clock_s_file_that_a_power_cut_has_left_hinders_nobody(tmp_path: Path, left: int) -> None:
    schedule = tmp_path / "celerybeat-schedule"
    with shelve.open(str(schedule)) as kept:  # noqa: S301 - our own file
        kept["entries"] = {"look": "at noon" * 40}
    for path in tmp_path.iterdir():
        os.truncate(path, left)

    up.forget_broken(schedule)

    with shelve.open(str(schedule)) as kept:  # noqa: S301 - our own file
        assert dict(kept) == {}


def test_a_clock_s_file_that_can_be_read_is_kept(tmp_path: Path) -> None:
    schedule = tmp_path / "celerybeat-schedule"
    up.forget_broken(schedule)  # there is none yet
    with shelve.open(str(schedule)) as kept:  # noqa: S301 - our own file
        kept["entries"] = {"look": "at noon"}

    up.forget_broken(schedule)

    with shelve.open(str(schedule)) as kept:  # noqa: S301 - our own file
        assert dict(kept) == {"entries": {"look": "at noon"}}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["frobnicate"], "there is no command frobnicate"),
        (["up", "--data-dir", "/proc/kopru"], "cannot be written"),
        (["up", "--port", "99999"], "a port is a number from 1 to 65535"),
    ],
    ids=["unknown command", "unwritable place", "no such port"],
)
def test_a_refusal_is_a_sentence_and_no_traceback(
    environment: dict[str, str], arguments: list[str], said: str
) -> None:
    told = subprocess.run(
        launcher(*arguments), env=environment, capture_output=True, text=True, check=False
    )

    assert told.returncode != 0
    assert said in told.stderr
    assert "Traceback" not in told.stderr
