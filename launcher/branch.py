"""``./kopru branch``: a branch office on this machine, from a one-time code to a serving copy."""

from __future__ import annotations

import sys
from pathlib import Path

from launcher import commands, messages, prepare, processes, services
from launcher.errors import Refusal
from launcher.files import ROOT, DataDir, Held
from launcher.prepare import Steps
from launcher.up import Options, environment_of, up

COMMANDS = {
    "sync": "office_sync", "status": "office_status", "verify": "office_verify",
    "export": "office_export", "import": "office_import",
}  # fmt: skip


def join(
    data: DataDir, options: Options, *, address: str, code: str, serve: bool, copy: bool = True
) -> int:  # fmt: skip
    """Join the centre, copy what the office holds, and serve it.

    What was cut goes on when it is run again, with the same code or any.

    :raises Refusal: the directory holds something else, or the centre refuses.
    """
    data.make()
    messages.compile_stale(ROOT / "frontend" / "locale")
    if (data.path / "demo_logins.json").exists() and not data.office_file.exists():
        raise Refusal(
            f"{data.path} holds a Köprü that is not an office. Choose another place with "
            "--data-dir."
        )
    try:
        with data.hold():
            processes.stop_leftovers(data)
            children = processes.Children(data)
            print("Starting PostgreSQL and Valkey ...", flush=True)
            with services.running(data, children) as both:
                environment = environment_of(
                    data, both, port=options.port, live_port=options.port + 1
                ) | {"KOPRU_ROLE": "branch"}
                Steps(data, children, environment, verbose=options.verbose).run(demo=False)
                told = str(data.office_file)
                command = [sys.executable, "-m", "django", "office_join", address, code, told]
                command += [] if copy else ["--no-copy"]
                failed = prepare.plain_run(command, environment=environment)
    except Held:
        raise Refusal(f"Another kopru uses {data.path}. Stop it first.") from None
    if failed or not serve:
        return failed
    return up(data, options)


def run(data: DataDir, what: str, *, repair: bool = False, file: str = "") -> int:
    """Exchange now or by a file, tell how the office stands, or compare it with the centre.

    :raises Refusal: there is no office here.
    """
    if not data.office_file.exists():
        raise Refusal(
            f"{data.path} is no branch office. Make it one: ./kopru branch join ADDRESS CODE"
        )
    command = [sys.executable, "-m", "django", COMMANDS[what]]
    if file:
        command.append(str(Path(file).expanduser().absolute()))
    return commands.with_services(data, [*command, "--repair"] if repair else command)
