"""The data directory: where everything of one installation lies, who may read it, who holds it."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launcher.errors import Refusal

ROOT = Path(__file__).resolve().parent.parent
LEAST_FREE = 300 * 1024 * 1024
SECRETS = ("secret_key", "superuser_password", "database_password", "valkey_password")


class Held(Exception):
    """Another ``kopru`` has this data directory in use."""


@dataclass(frozen=True)
class DataDir:
    """One installation's data; what the launcher writes here only its owner may read."""

    path: Path

    @property
    def run_file(self) -> Path:
        """Addresses, process ids and demo logins, while ``up`` is serving."""
        return self.path / "run.json"

    @property
    def services_file(self) -> Path:
        """Addresses of the services, while anybody keeps them running."""
        return self.path / "services.json"

    @property
    def children_file(self) -> Path:
        """Processes started here, so that a killed run's leftovers can be told from strangers."""
        return self.path / "children.json"

    @property
    def office_file(self) -> Path:
        """There when this is a branch office's base, with what the office is called."""
        return self.path / "office.json"

    @property
    def logs(self) -> Path:
        """Output of the child processes, one file each."""
        return self.path / "logs"

    def make(self) -> None:
        """Make the directory where it is missing and see that it can be written.

        :raises Refusal: it cannot be written, or the disk has no room.
        """
        try:
            if not self.path.exists():
                # Root's services run as another user, who has to pass through here.
                self.path.mkdir(parents=True, mode=0o711 if os.geteuid() == 0 else 0o700)
            self.logs.mkdir(exist_ok=True, mode=0o700)
            write_json(self.path / "write-test.json", {})
            (self.path / "write-test.json").unlink()
        except OSError as error:
            raise unwritable(self.path, error) from None
        free = shutil.disk_usage(self.path).free
        if free < LEAST_FREE:
            raise Refusal(
                f"Only {free // 2**20} MB are free on the disk of {self.path}; "
                f"{LEAST_FREE // 2**20} MB are needed. Free some space or choose another place "
                "with --data-dir."
            )

    @contextlib.contextmanager
    def hold(self) -> Iterator[None]:
        """Keep the directory for this process; the lock ends with the process, however it ends.

        :raises Held: somebody else has it.
        """
        with (self.path / "lock").open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise Held from None
            yield

    def is_held(self) -> bool:
        """Tell whether a living ``kopru`` holds the directory."""
        try:
            with (self.path / "lock").open() as handle:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except OSError:
            return True
        return False

    def secrets(self) -> dict[str, str]:
        """Return this installation's passwords and key, made at the first call."""
        path = self.path / "secrets.json"
        known: dict[str, str] = read_json(path)
        missing = [name for name in SECRETS if name not in known]
        if missing:
            known |= {name: secrets.token_urlsafe(48) for name in missing}
            write_json(path, known)
        return known


def unwritable(path: Path, error: OSError) -> Refusal:
    """Return the sentence for a file that cannot be written."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Refusal(f"The disk of {path} is full. Free some space and run again.")
    return Refusal(
        f"{path} cannot be written ({error.strerror}). Choose another place with --data-dir "
        "or KOPRU_DATA_DIR, or give yourself the right to write there."
    )


def read_json(path: Path) -> dict[str, Any]:
    """Return what the file holds; nothing when it is missing or was cut short."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Replace the file in one step; only its owner may read it."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        json.dump(content, file, indent=2, ensure_ascii=False)
        file.write("\n")
    fresh.replace(path)
