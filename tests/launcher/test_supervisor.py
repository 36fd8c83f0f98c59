"""Keeping processes."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import pytest

from launcher import processes, supervisor
from launcher.errors import Refusal
from launcher.files import DataDir
from launcher.processes import Children
from launcher.services import Services
from launcher.supervisor import Program, Supervisor


@pytest.fixture
def keeper(data: DataDir, monkeypatch: pytest.MonkeyPatch) -> Supervisor:
    """A supervisor that does not pause before it starts a fallen process again."""
    monkeypatch.setattr(supervisor, "FIRST_PAUSE", 0.0)
    return Supervisor(
        data=data,
        children=Children(data),
        services=Services("", ""),
        environment=dict(os.environ),
        verbose=False,
    )


def python(script: str) -> list[str]:
    """Return the command that runs a script."""
    return [sys.executable, "-c", script]


def test_a_fallen_process_is_started_again(keeper: Supervisor, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    script = f"open({str(mark)!r}, 'a').write('x'); import time; time.sleep(0.05)"
    keeper.start(Program("worker", python(script)))

    keeper.wait_until(
        lambda: mark.exists() and len(mark.read_text()) == 2, seconds=20, what="worker"
    )

    keeper.stop()
    assert mark.read_text().startswith("xx")


def test_a_process_that_never_stands_is_told_with_its_last_words(keeper: Supervisor) -> None:
    keeper.start(Program("web", python("import sys; sys.exit('no such settings')")))

    with pytest.raises(Refusal, match="web does not start: no such settings"):
        keeper.wait_until(lambda: False, seconds=30, what="The web server")

    keeper.stop()


def test_stopping_ends_children_and_grandchildren(keeper: Supervisor, tmp_path: Path) -> None:
    mark = tmp_path / "grandchild"
    script = (
        "import subprocess, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"p = subprocess.Popen(['sleep', '600']); open({str(mark)!r}, 'w').write(str(p.pid));"
        "time.sleep(600)"
    )
    keeper.start(Program("worker", python(script), stop_seconds=0.2))
    keeper.wait_until(lambda: mark.exists() and bool(mark.read_text()), seconds=20, what="worker")
    grandchild = int(mark.read_text())
    began = processes.started_at(grandchild)

    keeper.stop()

    assert began
    assert processes.wait_gone(grandchild, began, seconds=60)


def test_a_child_gets_the_signal_it_is_to_be_stopped_with(
    keeper: Supervisor, tmp_path: Path
) -> None:
    mark = tmp_path / "said"
    script = (
        "import signal, sys, time;"
        f"signal.signal(signal.SIGTERM, lambda *_: (open({str(mark)!r}, 'a').write('bye'),"
        " sys.exit()));"
        f"open({str(mark)!r}, 'w').write('hello '); time.sleep(600)"
    )
    keeper.start(Program("worker", python(script)))
    keeper.wait_until(lambda: mark.exists() and bool(mark.read_text()), seconds=20, what="worker")

    keeper.stop()

    assert mark.read_text() == "hello bye"
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
