"""The user services run as: PostgreSQL refuses root, so root hands them to a user of their own.

No folder's rights are ever loosened for that user. What it cannot reach is copied, or kept, below
``/var/lib/kopru``.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from launcher.errors import Refusal

LIBRARY = Path("/var/lib/kopru")
NAME = "kopru"


@dataclass(frozen=True)
class Identity:
    """Who a service runs as; ``user`` is nobody in particular when it is ourselves."""

    user: pwd.struct_passwd | None = None

    @property
    def popen(self) -> dict[str, Any]:
        """Arguments for ``subprocess`` that start a process as this user."""
        if self.user is None:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Give one file or folder to this user."""
        if self.user is not None:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)

    def can(self, test: str, path: Path) -> bool:
        """Tell whether this user passes ``test -r``, ``-w`` or ``-x`` on the path."""
        command = ["/bin/sh", "-c", f'test {test} "$1"', "sh", str(path)]
        return subprocess.run(command, cwd="/", check=False, **self.popen).returncode == 0


def choose(*, keep_owner_of: Path | None = None) -> Identity:
    """Return who the services run as: ourselves, or as root a user made for it.

    :param keep_owner_of: data of an earlier run; whoever owns it goes on owning it.
    :raises Refusal: root, and no user to hand over to.
    """
    if os.geteuid() != 0:
        return Identity()
    if keep_owner_of is not None and keep_owner_of.exists() and keep_owner_of.stat().st_uid != 0:
        try:
            return Identity(pwd.getpwuid(keep_owner_of.stat().st_uid))
        except KeyError:
            raise Refusal(
                f"{keep_owner_of} belongs to user number {keep_owner_of.stat().st_uid}, who does "
                "not exist on this machine. Give it to one who does (chown -R), then run again."
            ) from None
    make_user()
    for name in (NAME, "postgres", "nobody"):
        try:
            return Identity(pwd.getpwnam(name))
        except KeyError:
            continue
    raise Refusal(
        "PostgreSQL does not run as root, and no other user could be made. "
        "Run: useradd --system kopru"
    )


def make_user() -> None:
    """Make the system user where the machine lets us; others serve where it does not."""
    try:
        pwd.getpwnam(NAME)
    except KeyError:
        program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
        if program:
            command = [program, "--system", "--no-create-home", "--user-group"]
            command += ["--home-dir", str(LIBRARY), "--shell", "/usr/sbin/nologin", NAME]
            subprocess.run(command, check=False, capture_output=True)


def reachable_home(identity: Identity, data: Path) -> Path:
    """Return where the services' own files go: ``data``, or a place this user can reach."""
    if identity.can("-x", data):
        return data
    home = LIBRARY / "data" / hashlib.sha256(str(data).encode()).hexdigest()[:12]
    home.mkdir(parents=True, exist_ok=True, mode=0o755)
    return home


def reachable_programs(identity: Identity, folders: list[Path], probe: Path) -> Path | None:
    """Return ``None`` when this user can run ``probe``, else where copies of ``folders`` stand.

    :param folders: folders that must stay beside each other (programs and their libraries).
    """
    if identity.can("-x", probe) and identity.can("-r", probe):
        return None
    mark = hashlib.sha256(f"{probe}{probe.stat().st_mtime_ns}{probe.stat().st_size}".encode())
    place = LIBRARY / "programs" / mark.hexdigest()[:12]
    if not place.exists():
        fresh = place.with_name(f"{place.name}.{os.getpid()}")
        for folder in folders:
            shutil.copytree(folder, fresh / folder.name, symlinks=True)
        for entry in [fresh, *fresh.rglob("*")]:
            if not entry.is_symlink():  # our own copy: anybody may read and run it
                runs = entry.is_dir() or entry.stat().st_mode & 0o100
                entry.chmod(0o755 if runs else 0o644)
        try:
            fresh.rename(place)
        except OSError:  # somebody else was quicker
            shutil.rmtree(fresh)
    return place
