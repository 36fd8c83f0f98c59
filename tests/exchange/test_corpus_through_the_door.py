"""Real files of 1C installations, uploaded as 1C does and taken by the rooms of the CRM, twice.

No file fails, and the second time creates and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from exchange import services
from exchange.models import Configuration, FileState, UploadedFile
from exchange.transports import commerceml_http
from tenants.models import Company
from tests.conftest import empty_company
from tests.exchange.onec import OneC

pytestmark = pytest.mark.corpus


@pytest.fixture
def real_rooms(volga: Company, monkeypatch: pytest.MonkeyPatch) -> Iterator[Company]:
    """The company with the adapters that the rooms register, emptied afterwards."""
    monkeypatch.setattr(commerceml_http, "LONG_POLL", 1.0)
    yield volga
    empty_company("^(catalog|inventory|sales|counterparties|finance)_")


def projects(corpus: Path) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for path in sorted((corpus / "commerceml" / "files").rglob("*")):
        if path.is_file():
            found.setdefault(path.relative_to(corpus / "commerceml" / "files").parts[0], []).append(
                path
            )
    return found


def exchange(path: Path, password: str) -> UploadedFile:
    """Send one file in one login and have it imported."""
    onec = OneC(login="1c", password=password)
    onec.sign_in()
    onec.text("catalog", "init")
    onec.send("catalog", path.name, path.read_bytes(), part=200_000)
    onec.take("catalog", path.name)
    return UploadedFile.objects.order_by("-id")[0]


def test_every_file_of_the_corpus_is_taken_and_the_second_time_changes_nothing(
    corpus: Path, real_rooms: Company
) -> None:
    failed: list[str] = []
    restless: dict[str, dict[str, Any]] = {}
    for name, paths in projects(corpus).items():
        made, password = services.connect(
            name=name, kind=Configuration.OTHER, login="1c", now=timezone.now()
        )
        for path in paths:
            first, again = exchange(path, password), exchange(path, password)
            if first.state != FileState.DONE:
                failed.append(f"{name}: {path.name}: {first.cause} {first.cause_values}")
            moved = {
                kind: numbers
                for kind, numbers in again.counts.items()
                if numbers.get("created") or numbers.get("changed")
            }
            if moved:
                restless[f"{name}/{path.name}"] = moved
        made.login = name[:60]
        made.save()

    assert failed == []
    assert restless == {}
