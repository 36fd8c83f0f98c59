"""A disk that really fills: the file storage is a file system of half a megabyte.

Mounting one takes root; elsewhere a stand-in refuses to write (``test_faults.py``).
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from exchange.models import FilePart, FileState, UploadedFile
from tests.exchange import messages
from tests.exchange.onec import OneC
from tests.exchange.shelf import Shelf

NO_ROOM = "failure\nThere is no space left on the server."


@pytest.fixture
def small_disk(onec: OneC) -> Iterator[Path]:
    """Where files are stored, with half a megabyte in all."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system takes root")
    place = Path(settings.MEDIA_ROOT)
    options = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(place)]
    mounted = subprocess.run(options, capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"a small file system cannot be mounted here: {mounted.stderr.strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)  # noqa: S607


def fill(disk: Path, *, but: int) -> Path:
    """Leave so many bytes of the disk to others; return the file that takes the rest."""
    free = os.statvfs(disk)
    filler = disk / "somebody-elses"
    filler.write_bytes(b"\0" * (free.f_bavail * free.f_frsize - but))
    return filler


def test_an_upload_that_fills_the_disk_is_refused_and_comes_whole_the_next_time(
    onec: OneC, warehouse: Shelf, small_disk: Path
) -> None:
    onec.portion("import0_1.xml", messages.catalogue(["a"]))
    former = warehouse.body("products", "a")
    news = messages.catalogue([f"p{n:05}" for n in range(700)])
    filler = fill(small_disk, but=64 << 10)
    login = onec.again()
    login.sign_in()
    login.text("catalog", "init")

    answer = login.text("catalog", "file", filename="import0_2.xml", body=news)

    assert len(news) > 64 << 10
    assert answer.startswith(NO_ROOM)
    assert warehouse.body("products", "a") == former
    filler.unlink()
    assert onec.portion("import0_2.xml", news) == "success"
    assert len(warehouse.refs("products")) == 701


def test_an_archive_that_fills_the_disk_while_unpacked_fails_alone(
    onec: OneC, warehouse: Shelf, small_disk: Path
) -> None:
    news = messages.catalogue([f"p{n:05}" for n in range(700)])
    filler = fill(small_disk, but=64 << 10)
    login = onec.again()
    login.sign_in()
    login.text("catalog", "init")
    login.send("catalog", "v8.zip", messages.zipped({"import0_1.xml": news}))

    answer = login.take("catalog", "import0_1.xml")

    assert answer.startswith(NO_ROOM)
    assert (warehouse.refs("products"), FilePart.objects.count()) == ([], 1)
    filler.unlink()
    assert onec.portion("import0_1.xml", news) == "success"
    assert len(warehouse.refs("products")) == 700


def test_a_full_disk_of_the_database_is_told_as_one_and_the_next_run_completes(
    onec: OneC, warehouse: Shelf
) -> None:
    onec.portion("import0_1.xml", messages.catalogue(["a"]))
    former = warehouse.body("products", "a")
    filled = iter([True])

    def run_full(row: object) -> None:
        if getattr(row, "ref", "") == "b" and next(filled, False):
            with connection.cursor() as cursor:  # the server's own words when its disk is full
                cursor.execute(
                    "DO $$ BEGIN RAISE 'could not extend file' USING ERRCODE = '53100'; END $$"
                )

    warehouse.before_store = run_full
    answer = onec.portion("import0_1.xml", messages.catalogue(["a", "b"], name="Screw"))

    assert answer.startswith(NO_ROOM)
    assert warehouse.body("products", "a") == former
    failed = UploadedFile.objects.get(state=FileState.FAILED)
    assert (failed.cause, failed.attempts) == ("disk_full", 1)
    assert onec.portion("import0_1.xml", messages.catalogue(["a", "b"], name="Screw")) == "success"
    assert warehouse.refs("products") == ["a", "b"]
