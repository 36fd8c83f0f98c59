"""The data directory."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from launcher.errors import Refusal
from launcher.files import DataDir, Held, read_json, write_json


def test_passwords_are_made_once_and_only_their_owner_reads_them(data: DataDir) -> None:
    first = data.secrets()

    assert data.secrets() == first
    assert stat.S_IMODE((data.path / "secrets.json").stat().st_mode) == 0o600
    assert len(set(first.values())) == len(first)


def test_a_file_cut_short_counts_as_empty(data: DataDir) -> None:
    (data.path / "ports.json").write_text('{"postgres": 54')

    assert read_json(data.path / "ports.json") == {}


def test_a_file_is_replaced_whole(data: DataDir) -> None:
    write_json(data.run_file, {"port": 1})
    write_json(data.run_file, {"port": 2})

    assert read_json(data.run_file) == {"port": 2}
    assert not data.run_file.with_name("run.json.new").exists()


def test_a_directory_is_held_by_one_at_a_time(data: DataDir) -> None:
    with data.hold():
        assert data.is_held()
        with pytest.raises(Held), data.hold():
            pass

    assert not data.is_held()


def test_a_directory_that_cannot_be_made_is_a_sentence() -> None:
    with pytest.raises(Refusal, match=r"/proc/kopru cannot be written .*--data-dir"):
        DataDir(Path("/proc/kopru")).make()


def test_a_full_disk_is_a_sentence(data: DataDir, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("launcher.files.LEAST_FREE", 2**60)

    with pytest.raises(Refusal, match="MB are free on the disk of"):
        data.make()
