"""The peer of ``bench replication``: PostgreSQL's own logical replication between two clusters.

The same rows in tables of the same columns and indexes, without foreign keys and triggers (native
replication runs with them off); the same transactions while the subscription is disabled.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2

from launcher import postgres
from launcher.files import DataDir

PATIENCE = 600.0


class Native:
    """Two clusters of their own, made for this and thrown away."""

    def __init__(self, publisher: Any, subscriber: Any, address: str) -> None:
        self.publisher, self.subscriber, self.address = publisher, subscriber, address

    def first_copy(self, *, tables: dict[str, list[str]], rows: dict[str, bytes]) -> float:
        """Make the tables, fill the publisher's, subscribe; return the seconds of the copy."""
        for end in (self.publisher, self.subscriber):
            for statements in tables.values():
                for statement in statements:
                    end.execute(statement)
        for table, data in rows.items():
            self.publisher.copy_expert(f"COPY {table} FROM STDIN", io.BytesIO(data))
        self.publisher.execute(f"CREATE PUBLICATION bench FOR TABLE {', '.join(tables)}")
        began = time.perf_counter()
        self.subscriber.execute(
            f"CREATE SUBSCRIPTION bench CONNECTION '{self.address}' PUBLICATION bench"
        )
        self.wait("SELECT bool_and(srsubstate = 'r') FROM pg_subscription_rel")
        return time.perf_counter() - began

    def catch_up(self, *, edits: list[str]) -> float:
        """Edit while the subscription is off; return the seconds until both ends are equal."""
        self.subscriber.execute("ALTER SUBSCRIPTION bench DISABLE")
        self.wait("SELECT count(*) = 0 FROM pg_stat_subscription WHERE pid IS NOT NULL")
        for statement in edits:
            self.publisher.execute(statement)
        self.publisher.execute("SELECT pg_current_wal_lsn()::text")
        end = self.publisher.fetchone()[0]
        began = time.perf_counter()
        self.subscriber.execute("ALTER SUBSCRIPTION bench ENABLE")
        self.wait(
            "SELECT count(*) > 0 FROM pg_stat_replication WHERE replay_lsn >= %s::pg_lsn",
            end, at=self.publisher,
        )  # fmt: skip
        return time.perf_counter() - began

    def wait(self, question: str, *values: Any, at: Any = None) -> None:
        """Ask until the answer is yes.

        :raises TimeoutError: it never is.
        """
        cursor = at or self.subscriber
        until = time.monotonic() + PATIENCE
        while True:
            cursor.execute(question, values or None)
            if cursor.fetchone()[0]:
                return
            if time.monotonic() > until:
                raise TimeoutError(question)
            time.sleep(0.02)


@contextmanager
def two_clusters() -> Iterator[Native]:
    """Start two clusters with ``wal_level = logical``; stop and remove them afterwards."""
    with tempfile.TemporaryDirectory(prefix="kopru-native-") as folder:
        ends, running = [], []
        try:
            for name in ("publisher", "subscriber"):
                data = DataDir(Path(folder) / name)
                data.make()
                password = data.secrets()["superuser_password"]
                cluster = postgres.prepare(data, preferred_port=0)
                command = [*postgres.arguments(cluster, careless=False), "-c", "wal_level=logical"]
                process = subprocess.Popen(  # noqa: S603 - our own program
                    command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/",
                    env=postgres.environment(), **cluster.identity.popen,
                )  # fmt: skip
                running.append(process)
                postgres.wait_ready(cluster, process, password=password)
                ends.append((cluster, password))
            cursors = [_cursor(cluster.port, password) for cluster, password in ends]
            address = (
                f"host=127.0.0.1 port={ends[0][0].port} user={postgres.SUPERUSER}"
                f" password={ends[0][1]} dbname=postgres"
            )
            yield Native(cursors[0], cursors[1], address)
        finally:
            for process in running:
                process.send_signal(2)
            for process in running:
                process.wait()
            for cluster, _password in ends:
                shutil.rmtree(cluster.folder, ignore_errors=True)


def _cursor(port: int, password: str) -> Any:
    connection = psycopg2.connect(
        host="127.0.0.1", port=port, user=postgres.SUPERUSER, password=password, dbname="postgres"
    )
    connection.autocommit = True
    return connection.cursor()
