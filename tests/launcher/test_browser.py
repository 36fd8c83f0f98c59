"""Browser tests on a machine with and without a browser."""

from __future__ import annotations

import pytest

from launcher import browser, commands

pytest_plugins = ["pytester"]
TESTS = """
import pytest

@pytest.mark.browser
def test_screen(): pass

def test_sum(): pass
"""


def test_without_a_browser_its_tests_are_skipped_with_the_command_that_adds_one(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "find_chromium", lambda: None)
    pytester.makeini("[pytest]\nmarkers = browser: x\n")
    pytester.makepyfile(TESTS)

    result = pytester.runpytest_inprocess(
        "-rs", "-p", "no:django", "-p", "no:playwright", plugins=[browser]
    )

    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.fnmatch_lines(["*apt-get install chromium*"])


def test_the_given_browser_is_taken_before_the_installed_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("KOPRU_CHROMIUM", "/opt/browser")

    assert commands.find_chromium() == "/opt/browser"


@pytest.mark.parametrize(
    ("arguments", "added"),
    [
        (["-n", "3"], False),
        (["-n0"], False),
        (["--pdb"], False),
        (["-p", "no:xdist"], False),
        (["-k", "sales", "-x"], True),
    ],
    ids=["number", "none", "debugger", "no xdist", "other words"],
)
def test_tests_run_on_every_core_unless_told_otherwise(arguments: list[str], added: bool) -> None:
    assert bool(commands.workers(arguments)) is added
