"""``./kopru up``: from nothing to a serving Köprü, and back to nothing on Ctrl-C."""

from __future__ import annotations

import contextlib
import dbm
import http.client
import os
import pickle
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

from launcher import ports, processes, services
from launcher.errors import Refusal
from launcher.files import DataDir, Held, read_json, write_json
from launcher.prepare import Steps
from launcher.supervisor import Program, Stop, Supervisor

READY_SECONDS = 120.0
QUEUES = "interactive,exchange,bulk,mail"
CODE_SHOWN_SECONDS = 24 * 3600
STARTING_SECONDS = 120.0


@dataclass(frozen=True)
class Options:
    """What the user asked of ``up``."""

    port: int
    demo: bool
    verbose: bool
    host: str = ""  # where pages are served; an office serves its local network by default


def up(data: DataDir, options: Options) -> int:
    """Serve until Ctrl-C; when this data directory is being served already, say where.

    :raises Refusal: it cannot be served; the message says why and what to do.
    """
    data.make()
    signals = Signals()
    try:
        with signals, data.hold():
            return serve(data, options, signals)
    except Held:
        return tell_where(data)
    except Stop:
        print("Stopped.", flush=True)
        return 0


def serve(data: DataDir, options: Options, signals: Signals) -> int:
    """Heal, start, prepare, serve; everything started is stopped on the way out."""
    left = processes.stop_leftovers(data)
    if left:
        print(f"Stopped what a killed run had left: {', '.join(left)}.", flush=True)
    data.run_file.unlink(missing_ok=True)
    ports.require_free(options.port)
    began = time.monotonic()
    children = processes.Children(data)
    print("Starting PostgreSQL and Valkey ...", flush=True)
    with services.running(data, children) as both:
        live_port = ports.free_port(preferred=options.port + 1)
        environment = environment_of(data, both, port=options.port, live_port=live_port)
        steps = Steps(data, children, environment, verbose=options.verbose)
        is_office = data.office_file.exists()
        changed = steps.run(demo=options.demo and not is_office)
        supervisor = Supervisor(
            data=data,
            children=children,
            services=both,
            environment=environment,
            verbose=options.verbose,
        )
        signals.supervisor = supervisor
        try:
            host = options.host or ("0.0.0.0" if is_office else ports.LOOPBACK)  # noqa: S104
            for program in pages(port=options.port, live_port=live_port, host=host):
                supervisor.start(program)
            supervisor.wait_until(
                lambda: answers(options.port), seconds=READY_SECONDS, what="The web server"
            )
            for program in background(data):
                supervisor.start(program)
            told = run_state(data, children, port=options.port, live_port=live_port)
            write_json(data.run_file, told)
            greet(told, data, seconds=time.monotonic() - began)
            if not changed and not is_office:
                supervisor.start_once("ensure_pool")
            supervisor.keep()
        finally:
            with contextlib.suppress(OSError):
                data.run_file.unlink(missing_ok=True)
            if signals.stopping:
                print("\nStopping ...", flush=True)
            supervisor.stop()
    return 0


def environment_of(
    data: DataDir, both: services.Services, *, port: int, live_port: int
) -> dict[str, str]:
    """Return the environment of every process of this installation."""
    return {
        **os.environ,
        **both.environment(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "KOPRU_MODE": os.environ.get("KOPRU_MODE", "local"),
        "KOPRU_DATA_DIR": str(data.path),
        "KOPRU_SECRET_KEY": os.environ.get("KOPRU_SECRET_KEY") or data.secrets()["secret_key"],
        "KOPRU_PUBLIC_URL": f"http://localhost:{port}",
        "KOPRU_LIVE_URL": f"ws://localhost:{live_port}",
        "KOPRU_LIVE_PORT": str(live_port),
        "KOPRU_ROLE": "branch" if data.office_file.exists() else "centre",
        "PYTHONUNBUFFERED": "1",
    }


def pages(*, port: int, live_port: int, host: str = ports.LOOPBACK) -> list[Program]:
    """Return the two servers: pages under WSGI, sockets under ASGI."""
    web = ["-m", "gunicorn", "config.wsgi:application", "--bind", f"{host}:{port}"]
    web += ["--worker-class", "gthread", "--workers", "2", "--threads", "16", "--timeout", "60"]
    web += [
        "--graceful-timeout",
        "5",
        "--keep-alive",
        "5",
        "--access-logfile",
        "-",
        "--no-control-socket",
    ]
    live = ["-m", "uvicorn", "config.asgi:application", "--host", host]
    live += ["--port", str(live_port), "--lifespan", "off", "--timeout-graceful-shutdown", "3"]
    live += ["--ws-max-size", "65536"]  # pages send a position and little else
    return [
        Program("web", [sys.executable, *web]),
        Program("live", [sys.executable, *live]),
    ]


def background(data: DataDir) -> list[Program]:
    """Return what works behind the pages."""
    celery = [sys.executable, "-m", "celery", "-A", "config.celery"]
    worker = ["worker", "-Q", QUEUES, "-c", "2", "--without-gossip", "--without-mingle"]
    schedule = data.path / "celerybeat-schedule"
    forget_broken(schedule)
    beat = ["beat", "-s", str(schedule), "--pidfile="]
    office = [Program("office", [sys.executable, "-m", "django", "run_office_exchange"])]
    return [
        *(office if data.office_file.exists() else []),
        Program("journal", [sys.executable, "-m", "django", "run_journal_pump"]),
        Program("worker", [*celery, *worker, "-l", "INFO"]),
        Program("beat", [*celery, *beat, "-l", "INFO"]),
    ]


def forget_broken(schedule: Path) -> None:
    """Remove what is kept of the clock's latest turns when a power cut left it unreadable.

    The clock would end at each start because of it. Without it every turn counts from now.
    """
    try:
        with dbm.open(str(schedule), "r") as kept:
            is_whole = all(kept[key].endswith(pickle.STOP) for key in kept.keys())  # noqa: SIM118
    except (*dbm.error, ValueError, SyntaxError):  # each kind of file has its own
        is_whole = False
    if not is_whole:
        for path in schedule.parent.glob(f"{schedule.name}*"):
            path.unlink(missing_ok=True)


def answers(port: int) -> bool:
    """Tell whether ``/readyz`` says yes."""
    connection = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def run_state(
    data: DataDir, children: processes.Children, *, port: int, live_port: int
) -> dict[str, Any]:
    """Return what run.json holds, the contract with other programs."""
    demo = read_json(data.path / "demo_logins.json")
    logins = demo.get("logins", demo)
    company = demo.get("company", "demo") if logins else None
    host = f"{company}.localhost" if company else "localhost"
    office = read_json(data.office_file)
    company = company or office.get("company")
    return {
        "public_url": f"http://localhost:{port}",
        "company_url": f"http://{host}:{port}" if company else None,
        "live_url": f"ws://{host}:{live_port}/ws/live/",
        "port": port,
        "live_port": live_port,
        "data_dir": str(data.path),
        "pids": {"supervisor": os.getpid(), **children.pids()},
        "logins": logins,
        **_office_code(data, demo),
    }


def _office_code(data: DataDir, demo: dict[str, Any]) -> dict[str, str]:
    """Return the one-time code of the demonstration's branch office, on its first day only."""
    made = data.path / "demo_logins.json"
    if not demo.get("office_code") or time.time() - made.stat().st_mtime > CODE_SHOWN_SECONDS:
        return {}
    return {"office_code": demo["office_code"]}


def greet(told: dict[str, Any], data: DataDir, *, seconds: float) -> None:
    """Print where Köprü is and who may enter."""
    print(f"\nKöprü is serving ({seconds:.1f} s).\n", flush=True)
    print(f"  public site   {told['public_url']}/")
    office = read_json(data.office_file)
    if office:
        print(f"  office        {office['name']} of {office['company_name']}; sign in as usual")
    elif told["company_url"]:
        print(f"  demo company  {told['company_url']}/")
    for name, login in told["logins"].items():
        print(f"    {name:<15}{login['user']:<30}{login['password']}")
    if told.get("office_code"):
        print(
            "\n  a branch office of it, from another terminal:\n"
            f"    ./kopru branch join {told['company_url']} {told['office_code']}"
            f" --data-dir .kopru-office --port {told['port'] + 100}"
        )
    print(f"\n  logs in {data.logs}; Ctrl-C stops everything.\n", flush=True)


def tell_where(data: DataDir) -> int:
    """Say where the running ``up`` serves; one that is just starting is waited for."""
    until = time.monotonic() + STARTING_SECONDS
    while data.is_held():
        told = read_json(data.run_file)
        if told:
            print(f"Köprü is already running at {told['public_url']}/", flush=True)
            if told["company_url"]:
                print(f"  demo company  {told['company_url']}/", flush=True)
            return 0
        if time.monotonic() > until:
            break
        time.sleep(0.2)
    raise Refusal(
        f"Another kopru uses {data.path} and is not serving. Wait for it to end, or choose "
        "another place with --data-dir."
    )


class Signals:
    """Turns Ctrl-C, SIGTERM and a closed terminal into ``Stop``, once; the second time hurries."""

    NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self) -> None:
        self.stopping = False
        self.supervisor: Supervisor | None = None
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Signals:
        self._before = {number: signal.signal(number, self._arrived) for number in self.NUMBERS}
        return self

    def __exit__(self, *failure: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _arrived(self, number: int, frame: FrameType | None) -> None:
        if not self.stopping:
            self.stopping = True
            raise Stop
        if self.supervisor:
            self.supervisor.hurry()
