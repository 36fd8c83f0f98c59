"""What the change journal costs who writes, with and without capture in one run.

One update of many rows, and many transactions of one row (run inside the server, where nothing
else costs, and by a client), each for both kinds of trigger; several writers that commit at once,
with and without the notice to the pump; updates that change nothing. Rounds are interleaved and
the best of each counts: read the ratios.
"""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from django.db import connection

Figures = dict[str, Any]
TABLES = {"keys": "catalog_price", "rows": "counterparties_counterparty"}


def run(arguments: list[str]) -> Figures:
    """Measure, print the table and return the figures."""
    options = _options(arguments)
    from tenants.services import create_company  # settings are ready only now

    company = create_company(slug="bench-journal", name="Bench")
    bench = Bench(company.schema_name, options)
    bench.fill()
    figures = bench.measure()
    _print(figures)
    return figures


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="kopru bench journal", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--singles", type=int, default=20_000)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--commits", type=int, default=250, help="commits of each writer")
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args(arguments)


class Bench:
    """Tables of one company, filled, with capture switched on and off."""

    def __init__(self, schema: str, options: argparse.Namespace) -> None:
        self.schema, self.options = schema, options
        self.main = self.connect()

    def connect(self) -> Any:
        """Return a connection of the owner of the tables, inside the schema."""
        values = connection.get_connection_params()
        for name in ("cursor_factory", "client_encoding"):
            values.pop(name, None)
        made = psycopg2.connect(**values)
        made.autocommit = True
        with made.cursor() as cursor:
            cursor.execute(f'SET search_path TO "{self.schema}", public')
        return made

    def fill(self) -> None:
        """Fill one table of each kind."""
        for kind, table in TABLES.items():
            with self.switched(kind, "none"):
                self.execute(f"TRUNCATE {table} CASCADE")
                self.execute(self.filling(table), self.options.rows)
            self.execute(f"VACUUM ANALYZE {table}")

    def filling(self, table: str) -> str:
        """Return an INSERT of rows that differ in their key and one number."""
        with self.main.cursor() as cursor:
            cursor.execute(
                "SELECT column_name, udt_name FROM information_schema.columns"
                " WHERE table_schema = %s AND table_name = %s AND is_nullable = 'NO'"
                " AND is_generated = 'NEVER'",
                [self.schema, table],
            )
            columns = dict(cursor.fetchall())
        values = ", ".join(_value(kind) for kind in columns.values())
        names = ", ".join(f'"{name}"' for name in columns)
        return f"INSERT INTO {table} ({names}) SELECT {values} FROM generate_series(1, %s) AS n"  # noqa: S608

    def measure(self) -> Figures:
        """Return seconds, lines and ratios."""
        options, figures = self.options, {}
        for kind, table in TABLES.items():
            best: dict[str, dict[str, float]] = {"none": {}, "capture": {}}
            for _ in range(options.rounds):
                for way, found in best.items():
                    with self.switched(kind, way):
                        for name, call in self.works(table).items():
                            found[name] = min(found.get(name, 1e9), _timed(call))
                    self.execute("TRUNCATE replication_journal")
                    self.execute(f"VACUUM {table}")
            figures[kind] = {
                name: {
                    "none_s": best["none"][name], "capture_s": best["capture"][name],
                    "ratio": best["capture"][name] / best["none"][name],
                }
                for name in best["none"]
            }  # fmt: skip
            self.execute(f"UPDATE {table} SET updated_at = now()")  # noqa: S608
            figures[kind]["lines_of_no_change"] = self.value(
                "SELECT count(*) FROM replication_journal"
            )
        figures["at_once"] = self.at_once()
        figures["options"] = vars(options)
        return figures

    def works(self, table: str) -> dict[str, Callable[[], None]]:
        """Return what is measured: one large update, many small transactions."""
        key = self.value(f"SELECT id FROM {table} LIMIT 1")  # noqa: S608
        column = self.counter(table)
        bulk = f"UPDATE {table} SET {column} = {self.next(column)}"  # noqa: S608
        single = (
            f"DO $$ BEGIN FOR n IN 1..{self.options.singles} LOOP"  # noqa: S608
            f" UPDATE {table} SET {column} = {self.next(column)} WHERE id = '{key}';"
            " COMMIT; END LOOP; END $$"
        )
        one = f"UPDATE {table} SET {column} = {self.next(column)} WHERE id = '{key}'"  # noqa: S608

        def from_outside() -> None:
            for _ in range(self.options.singles):
                self.execute(one)

        return {
            "bulk": lambda: self.execute(bulk),
            "single": lambda: self.execute(single),
            "client": from_outside,
        }

    @staticmethod
    def counter(table: str) -> str:
        """Return the column that is changed; it stands in no index."""
        return "amount" if table == TABLES["keys"] else "phone"

    @staticmethod
    def next(column: str) -> str:
        """Return the expression of its next value."""
        return f"{column} + 1" if column == "amount" else f"({column}::bigint + 1)::text"

    def at_once(self) -> Figures:
        """Return commits a second of several writers: bare, captured, captured without notices."""
        table = TABLES["keys"]
        rates: dict[str, float] = {}
        for _ in range(self.options.rounds):
            for way in ("none", "capture", "without notices"):
                with self.switched("keys", way):
                    rates[way] = max(rates.get(way, 0), self.rate(table))
        return {
            "commits_per_second": rates,
            "ratio": rates["none"] / rates["capture"],
            "ratio_without_notices": rates["none"] / rates["without notices"],
        }

    def rate(self, table: str) -> float:
        """Let the writers commit updates of rows of their own."""
        column, count = self.counter(table), self.options.commits
        with self.main.cursor() as cursor:
            cursor.execute(f"SELECT id FROM {table} LIMIT %s", [self.options.writers])  # noqa: S608
            keys = [row[0] for row in cursor.fetchall()]
        writers = [self.connect() for _ in keys]

        def write(writer: Any, key: str) -> None:
            with writer.cursor() as cursor:
                for _ in range(count):
                    cursor.execute(
                        f"UPDATE {table} SET {column} = {self.next(column)} WHERE id = %s",  # noqa: S608
                        [key],
                    )

        threads = [
            threading.Thread(target=write, args=pair) for pair in zip(writers, keys, strict=True)
        ]
        seconds = _timed(lambda: _together(threads))
        for writer in writers:
            writer.close()
        return float(len(keys) * count / seconds)

    @contextmanager
    def switched(self, kind: str, way: str) -> Iterator[None]:
        """Switch the capture of a table off (``none``), or its notices."""
        table = TABLES[kind]
        if way == "none":
            self.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        source = self.value(f"SELECT pg_get_functiondef('journal_{table}'::regproc)")
        if way == "without notices":
            self.execute(source.replace("PERFORM pg_notify", "PERFORM concat").replace("%", "%%"))
        yield
        if way == "without notices":
            self.execute(source.replace("%", "%%"))
        if way == "none":
            self.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")

    def execute(self, sql: str, *values: Any) -> None:
        """Run a statement."""
        with self.main.cursor() as cursor:
            cursor.execute(sql, values or None)

    def value(self, sql: str) -> Any:
        """Return one value."""
        with self.main.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0]


def _value(kind: str) -> str:
    return {
        "uuid": "gen_random_uuid()", "timestamptz": "now()", "date": "current_date",
        "bool": "false", "numeric": "1", "int2": "1", "int4": "1", "int8": "1",
        "jsonb": "'{}'::jsonb",
    }.get(kind, "'1'")  # fmt: skip


def _timed(call: Callable[[], None]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _together(threads: list[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _print(figures: Figures) -> None:
    options = figures["options"]
    print(f"\n{'':42}{'none':>10}{'capture':>10}{'ratio':>8}")
    for kind in TABLES:
        for name, words in (
            ("bulk", f"{options['rows']:,} rows in one update, s"),
            ("single", f"{options['singles']:,} in the server, us each"),
            ("client", f"{options['singles']:,} of a client, us each"),
        ):
            found = figures[kind][name]
            factor = 1 if name == "bulk" else 1e6 / options["singles"]
            print(
                f"{kind + ': ' + words:42}{found['none_s'] * factor:10.2f}"
                f"{found['capture_s'] * factor:10.2f}{found['ratio']:8.2f}"
            )
        print(f"{kind}: lines of an update without a change: {figures[kind]['lines_of_no_change']}")
    rates = figures["at_once"]["commits_per_second"]
    print(f"\n{options['writers']} writers at once, commits/s: " + ", ".join(
        f"{way} {rate:,.0f}" for way, rate in rates.items()
    ))  # fmt: skip
