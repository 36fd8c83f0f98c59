"""Commands of ``./kopru``; the script beside this folder has made the environment by now."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from launcher import branch, commands, doctor, up
from launcher.errors import Refusal
from launcher.files import ROOT, DataDir, unwritable
from launcher.supervisor import Stop

USAGE = """\
Köprü: a CRM in step with 1C:Enterprise.

  ./kopru up [--port 8000] [--no-demo] [--data-dir DIR] [--verbose]
                          start everything; Ctrl-C stops everything
  ./kopru test [ARGS]     run the tests (arguments go to pytest)
  ./kopru branch join ADDRESS CODE [--port 8000] [--no-serve]
                          make this machine a branch office, copy its data, serve it
  ./kopru branch sync|status|verify [--repair]
  ./kopru branch export|import FILE
  ./kopru manage COMMAND  run a management command
  ./kopru onec COMMAND    the simulated 1C
  ./kopru bench NAME [--json FILE]
  ./kopru doctor          look at what Köprü needs

Data stays in .kopru/ or in KOPRU_DATA_DIR. Every KOPRU_… variable is listed in
docs/operations/configuration.md."""


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code; a refusal is one sentence, never a traceback."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    try:
        if command == "up":
            return run_up(rest)
        if command == "test":
            return commands.test(rest)
        if command == "doctor":
            return run_doctor(rest)
        if command == "branch":
            return run_branch(rest)
        several = {"manage": commands.manage, "onec": commands.onec, "bench": commands.bench}
        if command in several:
            return several[command](data_dir(None), rest)
    except Refusal as refusal:
        print(f"kopru: {refusal}", file=sys.stderr, flush=True)
        return 1
    except OSError as error:
        if error.filename is None:
            raise
        print(f"kopru: {unwritable(Path(str(error.filename)), error)}", file=sys.stderr, flush=True)
        return 1
    except (KeyboardInterrupt, Stop):
        return 130
    wanted = command in {"", "help", "-h", "--help"}
    print(USAGE, file=sys.stdout if wanted else sys.stderr)
    if not wanted:
        print(f"\nkopru: there is no command {command}.", file=sys.stderr)
    return 0 if wanted else 2


def run_up(arguments: list[str]) -> int:
    """Read the options of ``up`` and serve."""
    parser = argparse.ArgumentParser(prog="./kopru up")
    parser.add_argument("--port", type=int, default=commands.DEFAULT_PORT, help="port of the pages")
    parser.add_argument("--host", default="", help="address to serve at (an office: every one)")
    parser.add_argument("--no-demo", action="store_true", help="make no demo company")
    parser.add_argument("--data-dir", help="where the data stays (default .kopru/)")
    parser.add_argument("--verbose", action="store_true", help="show what the processes say")
    given = parser.parse_args(arguments)
    options = up.Options(
        port=given.port, demo=not given.no_demo, verbose=given.verbose, host=given.host
    )
    return up.up(data_dir(given.data_dir), options)


def run_branch(arguments: list[str]) -> int:
    """Read the options of ``branch`` and join, exchange, tell or compare."""
    parser = argparse.ArgumentParser(prog="./kopru branch")
    several = parser.add_subparsers(dest="what", required=True)
    join = several.add_parser("join", help="make this machine a branch office")
    join.add_argument("address", help="of the company at the centre: https://acme.example.com")
    join.add_argument("code", help="the one-time code that the centre's screen shows")
    join.add_argument("--port", type=int, default=commands.DEFAULT_PORT)
    join.add_argument("--host", default="", help="address to serve at (default: every one)")
    join.add_argument("--no-serve", action="store_true", help="copy only")
    join.add_argument("--verbose", action="store_true")
    for name, words in (
        ("sync", "exchange with the centre now"), ("status", "how this office stands"),
        ("verify", "compare this office with the centre"),
    ):  # fmt: skip
        several.add_parser(name, help=words)
    for name, words in (
        ("export", "write what waits for the centre into a file"),
        ("import", "take in a file that the centre made"),
    ):  # fmt: skip
        several.add_parser(name, help=words).add_argument("file")
    join.add_argument(
        "--no-copy", action="store_true", help="join only; the copy comes with a file (import)"
    )
    several.choices["verify"].add_argument(
        "--repair", action="store_true", help="have rows that differ sent again"
    )
    for each in several.choices.values():
        each.add_argument("--data-dir")
    given = parser.parse_args(arguments)
    data = data_dir(given.data_dir)
    if given.what != "join":
        return branch.run(
            data, given.what, repair=getattr(given, "repair", False),
            file=getattr(given, "file", ""),
        )  # fmt: skip
    options = up.Options(port=given.port, demo=False, verbose=given.verbose, host=given.host)
    return branch.join(
        data, options, address=given.address, code=given.code,
        serve=not (given.no_serve or given.no_copy), copy=not given.no_copy,
    )  # fmt: skip


def run_doctor(arguments: list[str]) -> int:
    """Read the options of ``doctor`` and look."""
    parser = argparse.ArgumentParser(prog="./kopru doctor")
    parser.add_argument("--port", type=int, default=commands.DEFAULT_PORT)
    parser.add_argument("--data-dir")
    given = parser.parse_args(arguments)
    return doctor.doctor(data_dir(given.data_dir), port=given.port)


def data_dir(given: str | None) -> DataDir:
    """Return the data directory: the option, else ``KOPRU_DATA_DIR``, else ``.kopru/``."""
    place = given or os.environ.get("KOPRU_DATA_DIR") or str(ROOT / ".kopru")
    return DataDir(Path(place).expanduser().absolute())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
