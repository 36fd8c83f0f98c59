"""pytest plugin of ``./kopru test``: browser tests drive an installed Chromium, or are skipped."""

from __future__ import annotations

import os
from typing import Any

import pytest

from launcher.commands import find_chromium

REASON = "no Chromium is installed here; apt-get install chromium, or set KOPRU_CHROMIUM"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a browser on a machine without one."""
    if find_chromium():
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=REASON))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the installed Chromium; nothing is downloaded."""
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    own = {"executable_path": find_chromium(), "args": [*root, "--disable-dev-shm-usage"]}
    return {**browser_type_launch_args, **own}
