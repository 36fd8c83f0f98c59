"""Every variable that is read stands in the documentation, and none that is not."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = re.compile(r"KOPRU_[A-Z_]*[A-Z]")
ROOMS = ("apps", "config", "exchange", "replication", "tenants", "launcher", "benchmarks")


def read() -> set[str]:
    files = [ROOT / "kopru", *(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))]
    return {name for path in files for name in NAME.findall(path.read_text(encoding="utf-8"))}


def documented() -> set[str]:
    text = (ROOT / "docs" / "operations" / "configuration.md").read_text(encoding="utf-8")
    return set(NAME.findall(text))


def test_every_variable_is_documented() -> None:
    assert read() - documented() == set()


def test_no_variable_is_documented_that_nobody_reads() -> None:
    assert documented() - read() == set()
