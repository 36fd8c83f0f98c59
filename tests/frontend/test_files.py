"""What stands in ``frontend/``: nothing inline, every icon drawn, vendored files as they came."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parent.parent.parent
STATIC = ROOT / "frontend" / "static"
TEMPLATES = ROOT / "frontend" / "templates"
PAGES = sorted(TEMPLATES.rglob("*.html"))
INLINE = re.compile(
    r"""<script(?![^>]*\bsrc=)|<style\b|\sstyle\s*=\s*["']|\son[a-z]+\s*=\s*["']|hx-on|["']js:"""
)
ICON = re.compile(r"""\{%\s*(?:icon|empty)\s+["']([a-z0-9-]+)["']""")
ICON_IN_PYTHON = re.compile(r"""\bicon=["']([a-z0-9-]+)["']""")


def test_no_page_holds_what_the_policy_forbids() -> None:
    found = [
        f"{page.relative_to(ROOT)}: {match.group(0)}"
        for page in PAGES
        for match in INLINE.finditer(page.read_text(encoding="utf-8"))
    ]

    assert found == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(TEMPLATES)))
def test_a_template_can_be_read(page: Path) -> None:
    get_template(str(page.relative_to(TEMPLATES)))


def test_every_icon_in_use_is_drawn() -> None:
    sprite = (STATIC / "icons.svg").read_text(encoding="utf-8")
    drawn = set(re.findall(r'<symbol id="([a-z0-9-]+)"', sprite))
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    code = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "apps").rglob("*.py"))

    assert {*ICON.findall(pages), *ICON_IN_PYTHON.findall(code)} - drawn == set()


@pytest.mark.parametrize(
    "sums",
    [*sorted((STATIC / "vendor").rglob("SHA256SUMS")), ROOT / "tests/browser/vendor/SHA256SUMS"],
    ids=lambda sums: sums.parent.name,
)
def test_vendored_files_are_as_they_came_with_their_licence(sums: Path) -> None:
    lines = [line.split(maxsplit=1) for line in sums.read_text(encoding="utf-8").splitlines()]

    assert (sums.parent / "LICENSE").stat().st_size > 100
    for digest, name in lines:
        assert hashlib.sha256((sums.parent / name.strip()).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize(
    ("files", "limit"),
    [
        (("css/app.css",), 30_000),
        (("js/app.js", "js/live.js"), 12_000),
        (("js/app.js", "js/live.js", "vendor/htmx-4.0.1/htmx.min.js",
          "vendor/htmx-4.0.1/hx-preload.min.js"), 45_000),
        (("icons.svg",), 12_000),
    ],
    ids=["style", "own script", "all script", "icons"],
)  # fmt: skip
def test_what_every_page_loads_stays_small(files: tuple[str, ...], limit: int) -> None:
    assert sum(len(gzip.compress((STATIC / name).read_bytes(), 9)) for name in files) <= limit
