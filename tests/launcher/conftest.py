"""Fixtures: a data directory of its own for each test, and no addresses from the outside."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.files import DataDir


@pytest.fixture(autouse=True)
def _nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test run's own services must not leak into what is tested here."""
    for name in ("DATABASE_URL", "REDIS_URL", "PG_BIN", "VALKEY_BIN", "DATA_DIR"):
        monkeypatch.delenv(f"KOPRU_{name}", raising=False)


@pytest.fixture
def data() -> Iterator[DataDir]:
    """An empty data directory that the services' user can reach."""
    folder = Path(tempfile.mkdtemp(prefix="kopru-launcher-"))
    if os.geteuid() == 0:
        folder.chmod(0o711)
    data = DataDir(folder)
    data.make()
    yield data
    shutil.rmtree(folder)
