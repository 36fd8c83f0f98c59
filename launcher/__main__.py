"""Commands of ``./kopru``; the script beside this folder has made the environment by now."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from launcher import commands, doctor, up
from launcher.errors import Refusal
from launcher.files import ROOT, DataDir, unwritable
from launcher.supervisor import Stop

USAGE = """\
Köprü: a CRM in step with 1C:Enterprise.

  ./kopru up [--port 8000] [--no-demo] [--data-dir DIR] [--verbose]
                          start everything; Ctrl-C stops everything
  ./kopru test [ARGS]     run the tests (arguments go to pytest)
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
    parser.add_argument("--no-demo", action="store_true", help="make no demo company")
    parser.add_argument("--data-dir", help="where the data stays (default .kopru/)")
    parser.add_argument("--verbose", action="store_true", help="show what the processes say")
    given = parser.parse_args(arguments)
    options = up.Options(port=given.port, demo=not given.no_demo, verbose=given.verbose)
    return up.up(data_dir(given.data_dir), options)


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
