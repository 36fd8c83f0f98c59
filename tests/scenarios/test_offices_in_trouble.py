"""A centre and two offices as real processes: lines cut and slowed, machines killed, a disk full.

Each case ends alike: another exchange, and both ends hold the same rows.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from launcher import ports
from launcher.files import ROOT
from tests.instances import PATIENCE, Base, Line, Office

COMPANY = "acme"
CUSTOMERS = 2000
SPACE = "kopru-test"
BEYOND, WITHIN = "10.203.117.1", "10.203.117.2"
MADE = f"""
from tenants.services import create_company
from django_tenants.utils import tenant_context
from apps.counterparties.models import Counterparty
from replication.nodes import add_office
from django.utils import timezone
company = create_company(slug="{COMPANY}", name="Acme")
with tenant_context(company):
    Counterparty.objects.bulk_create(
        [Counterparty(name=f"Customer {{n}}", sort_name=f"customer {{n}}") for n in range({CUSTOMERS})])
    for name, prefix in (("Kazan", "KZ"), ("Izmir", "IM")):
        print(add_office(name=name, prefix=prefix, scope={{}}, schedule={{}}, seats=0,
                         now=timezone.now())[1])
"""  # noqa: E501
EDIT_ALL = "UPDATE counterparties_counterparty SET comment = md5(random()::text || id)"


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Base, list[str]]]:
    """A centre that serves, with customers, and the codes of two offices."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("KOPRU_")}
    environment = {**ours, "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    found = Base(tmp_path_factory.mktemp("centre") / "data", environment)
    found.up("--no-demo")
    done = found.kopru("manage", "shell", "--no-imports", "-c", MADE)
    assert done.returncode == 0, done.stdout + done.stderr
    yield found, done.stdout.split()[-2:]
    found.stop()


@pytest.fixture(scope="module")
def centre(places: tuple[Base, list[str]]) -> Base:
    return places[0]


@pytest.fixture(scope="module")
def line(centre: Base) -> Line:
    return Line(centre.port)


@pytest.fixture(scope="module")
def izmir(places: tuple[Base, list[str]], line: Line) -> Iterator[Office]:
    """An office that serves, behind a line that can be cut; on a small disk of its own for root."""
    centre, codes = places
    folder = Path(tempfile.mkdtemp(prefix="kopru-izmir-"))  # the services' user can reach it
    folder.chmod(0o711)
    with contextlib.ExitStack() as left:
        left.callback(shutil.rmtree, folder, ignore_errors=True)
        if is_permitted("mount", "-t", "tmpfs", "-o", "size=900m,mode=0711", "tmpfs", str(folder)):
            left.callback(subprocess.run, ["umount", "-l", str(folder)], check=False)
        address = f"http://{COMPANY}.localhost:{line.port}"
        found = Office(folder / "data", centre.environment, address)
        found.join(codes[1])
        found.up()
        left.callback(found.stop)
        yield found


def is_permitted(*command: str) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


def agree(office: Office) -> None:
    """Let the office exchange once more and compare every row."""
    synced = office.branch("sync")
    assert synced.returncode == 0, synced.stdout + synced.stderr
    verified = office.branch("verify")
    assert "hold the same rows" in verified.stdout, verified.stdout + verified.stderr


def is_waiting_for_a_row(base: Base) -> bool:
    """Tell whether somebody is in the middle of writing and waits for a row that is held."""
    with base.database(COMPANY) as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        return bool(cursor.fetchone()[0])


@contextlib.contextmanager
def a_row_held(base: Base) -> Iterator[None]:
    """Hold one row, so that whoever takes a message in stops in the middle of it."""
    with base.database(COMPANY) as cursor:
        cursor.execute(
            "SELECT id FROM counterparties_counterparty ORDER BY id DESC LIMIT 1 FOR UPDATE"
        )
        with contextlib.suppress(Exception):  # its connection dies with the database
            yield


def kill(command: subprocess.Popen[str]) -> None:
    os.killpg(command.pid, signal.SIGKILL)
    command.wait()


def test_an_office_keeps_no_schemas_for_those_who_sign_up(izmir: Office) -> None:
    with izmir.database(COMPANY) as cursor:
        cursor.execute("SELECT slug FROM public.tenants_company")
        assert cursor.fetchall() == [(COMPANY,)]


def test_a_slow_line_that_breaks_only_takes_longer(
    centre: Base, izmir: Office, line: Line
) -> None:
    centre.sql(COMPANY, EDIT_ALL)
    izmir.sql(COMPANY, "UPDATE counterparties_counterparty SET phone = right(id::text, 12)")
    line.rate, line.bytes_left = 50_000, 60_000
    broken = izmir.branch("sync")
    line.bytes_left = None

    agree(izmir)

    line.mend()
    assert "The line broke" in broken.stdout + broken.stderr


def test_a_centre_killed_while_it_takes_a_message_in_goes_on(centre: Base, izmir: Office) -> None:
    izmir.sql(COMPANY, "UPDATE counterparties_counterparty SET email = right(id::text, 12)")
    with a_row_held(centre):
        sync = izmir.begin("branch", "sync")
        until(lambda: is_waiting_for_a_row(centre))
        centre.kill()
        sync.wait(PATIENCE)
    assert sync.returncode != 0

    centre.up("--no-demo")

    agree(izmir)


def test_an_office_killed_while_it_takes_a_message_in_goes_on(centre: Base, izmir: Office) -> None:
    centre.sql(COMPANY, EDIT_ALL)
    with a_row_held(izmir):
        sync = izmir.begin("branch", "sync")
        until(lambda: is_waiting_for_a_row(izmir))
        izmir.kill()
        kill(sync)

    izmir.up()

    agree(izmir)


def test_an_office_whose_disk_is_full_says_so_and_goes_on_when_there_is_room(
    centre: Base, izmir: Office
) -> None:
    folder = izmir.data.path.parent
    if not os.path.ismount(folder):
        pytest.skip("a small disk of its own can be mounted by root only")
    centre.sql(COMPANY, EDIT_ALL)
    filler = folder / "filler"
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(folder).free - (50 << 20))

    izmir.sql(COMPANY, "UPDATE replication_branchnode SET told = told || '{\"asked\": true}'")
    izmir.sql(COMPANY, "NOTIFY kopru_office")
    until(lambda: fault_of(izmir) == "disk_full")
    izmir.sql(COMPANY, "UPDATE counterparties_counterparty SET email = left(id::text, 12)")
    filler.unlink()

    agree(izmir)
    assert fault_of(izmir) == ""


def fault_of(office: Office) -> str:
    with office.database(COMPANY) as cursor:
        cursor.execute("SELECT fault FROM replication_branchnode")
        return str(cursor.fetchone()[0])


@pytest.fixture
def kazan(
    places: tuple[Base, list[str]], tmp_path: Path
) -> Iterator[tuple[Office, Callable[[str], Any]]]:
    """An office in a network of its own, 64 KB/s from the centre, and what changes its link."""
    centre, codes = places
    pair = [f"{SPACE}0", f"{SPACE}1"]
    inside = ["ip", "netns", "exec", SPACE]
    with contextlib.ExitStack() as left:
        lock = left.enter_context((Path(tempfile.gettempdir()) / f"{SPACE}.lock").open("w"))
        fcntl.flock(lock, fcntl.LOCK_EX)  # another run on this machine has its turn first
        for leftover in (["netns", "del", SPACE], ["link", "del", pair[0]]):
            is_permitted("ip", *leftover)
        if not is_permitted("ip", "netns", "add", SPACE):
            pytest.skip("networks of their own can be made by root only")
        left.callback(subprocess.run, ["ip", "netns", "del", SPACE], check=False)
        for command in (
            ["ip", "link", "add", pair[0], "type", "veth", "peer", "name", pair[1]],
            ["ip", "link", "set", pair[1], "netns", SPACE],
            ["ip", "addr", "add", f"{BEYOND}/30", "dev", pair[0]],
            ["ip", "link", "set", pair[0], "up"],
            [*inside, "ip", "addr", "add", f"{WITHIN}/30", "dev", pair[1]],
            [*inside, "ip", "link", "set", pair[1], "up"],
            [*inside, "ip", "link", "set", "lo", "up"],
        ):
            if not is_permitted(*command):
                pytest.skip(f"not permitted here: {' '.join(command)}")
        line = Line(centre.port, BEYOND)
        port = ports.free_port()
        relay = subprocess.Popen(
            [*inside, sys.executable, "-c", RELAY, str(port), BEYOND, str(line.port)],
            env=centre.environment,
        )  # fmt: skip
        left.callback(relay.wait)
        left.callback(relay.terminate)
        found = Office(
            tmp_path / "kazan", centre.environment, f"http://{COMPANY}.localhost:{port}", inside
        )
        found.join(codes[0])
        is_permitted("tc", "qdisc", "add", "dev", pair[0], "root", "tbf", "rate", "512kbit",
                     "burst", "8k", "latency", "2s")  # fmt: skip
        yield found, lambda state: is_permitted("ip", "link", "set", pair[0], state)


RELAY = """
import sys, time
from tests.instances import Line
line = Line(int(sys.argv[3]), target_host=sys.argv[2], port=int(sys.argv[1]))
while True:
    time.sleep(60)
"""


def test_an_office_in_a_network_of_its_own_waits_for_a_dead_link(
    centre: Base, kazan: tuple[Office, Callable[[str], Any]]
) -> None:
    office, link = kazan
    centre.sql(COMPANY, EDIT_ALL)
    carried = Path(f"/sys/class/net/{SPACE}0/statistics/tx_bytes")
    before = int(carried.read_text())
    sync = office.begin("branch", "sync")
    until(lambda: int(carried.read_text()) > before + 30_000)

    link("down")
    time.sleep(2)
    link("up")

    assert sync.wait(PATIENCE) == 0, sync.stdout.read() if sync.stdout else ""
    agree(office)
