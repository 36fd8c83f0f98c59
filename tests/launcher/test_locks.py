"""The locked packages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

LOCKS = sorted((Path(__file__).parents[2] / "requirements").glob("*.txt"))


def packages(lock: Path) -> set[str]:
    """Return the names a lock file holds."""
    return set(re.findall(r"^([a-z0-9-]+)==", lock.read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_package_has_a_hash_and_no_address(lock: Path) -> None:
    entries = re.split(r"\n(?=[a-z])", lock.read_text())

    assert all("--hash=sha256:" in entry for entry in entries)
    assert not re.search(r"://|--index|--extra-index|--find-links|--trusted", lock.read_text())


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
@pytest.mark.parametrize("name", ["psycopg", "psycopg-binary", "psycopg-c", "weasyprint"])
def test_what_would_break_the_house_is_not_locked(lock: Path, name: str) -> None:
    assert name not in packages(lock)


def test_locks_agree_on_every_version() -> None:
    pinned: dict[str, set[str]] = {}
    for lock in LOCKS:
        for name, version in re.findall(r"^([a-z0-9-]+)==(\S+)", lock.read_text(), re.MULTILINE):
            pinned.setdefault(name, set()).add(version)

    assert {name: found for name, found in pinned.items() if len(found) > 1} == {}
