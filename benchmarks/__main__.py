"""``./kopru bench NAME [--json FILE] [options]``: run one measurement in a database of its own.

A measurement is a module of this folder with ``run(arguments) -> dict``; it prints its table, the
dictionary is what ``--json`` writes. Absolute times of shared machines mean little: read the
ratios.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pkgutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql


def main(arguments: list[str]) -> int:
    """Run the measurement named first."""
    parser = argparse.ArgumentParser(prog="kopru bench", description=__doc__)
    parser.add_argument("name", choices=sorted(_names()))
    parser.add_argument("--json", type=Path, help="write the figures into this file")
    parser.add_argument("--keep", action="store_true", help="use one database again and again")
    options, rest = parser.parse_known_args(arguments)
    with _own_database(is_kept=options.keep):
        _prepare()
        module = importlib.import_module(f"benchmarks.{options.name.replace('-', '_')}")
        figures = module.run(rest)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2, default=str) + "\n")
    return 0


def _names() -> Iterator[str]:
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if not module.name.startswith("_"):
            yield module.name.replace("_", "-")


@contextmanager
def _own_database(*, is_kept: bool) -> Iterator[None]:
    """Point the settings at a fresh database beside the one in use; drop it afterwards.

    One that is kept is found again by the next run that keeps it, with all that was filled in.
    """
    address = os.environ["KOPRU_DATABASE_URL"]
    parts = urlsplit(address)
    name = f"{parts.path.strip('/')}_bench_{'kept' if is_kept else os.getpid()}"
    connection = psycopg2.connect(address)
    connection.autocommit = True
    identifier = sql.Identifier(name)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(identifier))
        os.environ["KOPRU_DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{name}"))
        yield
    finally:
        from django.db import connections

        connections.close_all()
        if not is_kept:
            _drop(connection, identifier)
        connection.close()
        os.environ["KOPRU_DATABASE_URL"] = address


def _drop(connection: Any, database: sql.Identifier) -> None:
    drop = sql.SQL("DROP DATABASE IF EXISTS {}").format(database)
    with connection.cursor() as cursor:
        try:  # autovacuum makes way for this one only, forgotten connections for the other
            cursor.execute(drop)
        except psycopg2.errors.ObjectInUse:
            cursor.execute(drop + sql.SQL(" WITH (FORCE)"))


def _prepare() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django  # the settings read the address of the database when they load
    from django.core.management import call_command

    django.setup()
    call_command("migrate_schemas", verbosity=0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
