"""pytest plugin of ``./kopru test``: browser tests drive an installed Chromium, or are skipped."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from typing import Any

import pytest
from playwright._impl._driver import compute_driver_executable

from launcher.commands import find_chromium

REASON = "no Chromium is installed here; apt-get install chromium, or set KOPRU_CHROMIUM"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a browser on a machine that cannot drive one."""
    reason = "" if find_chromium() else REASON
    reason = reason or driver_fault()
    if not reason:
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=reason))


@cache
def driver_fault() -> str:
    """Return why the program that drives the browser cannot start; "" when it can."""
    node, *_ = compute_driver_executable()
    try:
        tried = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    except OSError as error:
        return f"the browser's driver {node} does not start: {error.strerror}"
    if tried.returncode == 0:
        return ""
    words = " ".join(tried.stderr.split())
    library = next((word for word in words.split() if ".so" in word), "").rstrip(":")
    more = "; apt-get install libatomic1" if library.startswith("libatomic") else ""
    return f"the browser's driver does not start: {words[:200]}{more}"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the installed Chromium; nothing is downloaded."""
    root = ["--no-sandbox"] if os.geteuid() == 0 else []
    own = {"executable_path": find_chromium(), "args": [*root, "--disable-dev-shm-usage"]}
    return {**browser_type_launch_args, **own}
