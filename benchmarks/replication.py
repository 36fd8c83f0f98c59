"""``./kopru bench replication``: first copy and catch-up between a centre and an office.

Two companies of one cluster stand for the two ends; messages pass in memory, as bytes. The work is
that of the replication reference, chapter 2, on our own tables: counterparties, their people and
accounts. First everything is copied, then transactions of five inserts and five updates run at the
centre, then half of them on each side. Beside it, in the same run: COPY of the same rows into the
same tables (foreign keys and indexes on, capture off), and batches of JSON with ``ON CONFLICT``.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django_tenants.utils import tenant_context

from benchmarks._native import two_clusters

Figures = dict[str, Any]
PARTNERS, PEOPLE = "counterparties_counterparty", "counterparties_contactperson"
COLUMNS = """(id, created_at, updated_at, full_name, job_title, phone, email,
    counterparty_id/*people*/)"""
FILL_PARTNERS = f"""
INSERT INTO {PARTNERS} (id, created_at, updated_at, kind, name, full_name, tax_number,
    tax_reason_code, registration_number, address, legal_address, phone, email, comment,
    sort_name, ref, is_archived, card_number/*partners*/)
SELECT gen_random_uuid(), now(), now(), 'company', 'Customer ' || n, 'Customer number ' || n,
    '', '', '', 'Street ' || n %% 997 || ', house ' || n %% 89, '', '+7 900 ' || n,
    'mail' || n || '@x.example', '', 'customer ' || n, '', false, ''/*=partners*/
FROM generate_series(1, %s) n
"""
FILL_PEOPLE = f"""
INSERT INTO {PEOPLE} {COLUMNS}
SELECT gen_random_uuid(), now(), now(), 'Person ' || n, 'manager', '+7 901 ' || n, '',
    p.id/*=people*/
FROM (SELECT id, row_number() OVER () AS n FROM {PARTNERS}) p, generate_series(1, %s) k
"""
CHANGE = f"""
DO $$ DECLARE i integer; BEGIN FOR i IN 1..%(count)s LOOP
    INSERT INTO {PEOPLE} {COLUMNS}
    SELECT gen_random_uuid(), now(), now(), 'New ' || i, 'buyer', '+7 902 ' || i, '', id/*=people*/
    FROM bench_keys WHERE n BETWEEN %(first)s + i * 5 AND %(first)s + i * 5 + 4;
    UPDATE {PARTNERS} SET phone = phone || '1', comment = 'called ' || i WHERE id IN (
        SELECT id FROM bench_keys WHERE n BETWEEN %(first)s + i * 5 AND %(first)s + i * 5 + 4);
    COMMIT;
END LOOP; END $$
"""


def run(arguments: list[str]) -> Figures:
    """Measure, print the table and return the figures."""
    parser = argparse.ArgumentParser(prog="kopru bench replication", description=__doc__)
    parser.add_argument("--partners", type=int, default=50_000)
    parser.add_argument("--transactions", type=int, default=10_000)
    parser.add_argument("--no-native", action="store_true", help="without the peer")
    parser.add_argument(
        "--memory", action="store_true",
        help="only the memory that both ends take, for twice as many rows as --partners",
    )
    options = parser.parse_args(arguments)
    if options.memory:
        figures = Bench(options).measure_memory()
        _print_memory(figures)
        return figures
    figures = Bench(options).measure()
    _print(figures)
    return figures


class Bench:
    """Two companies and the link between them."""

    def __init__(self, options: argparse.Namespace) -> None:
        from replication import nodes
        from tenants.services import create_company

        self.options = options
        self.memory, self.peaks = 0.0, list[tuple[float, float]]()
        self.centre = create_company(slug="bench-centre", name="Centre")
        self.office = create_company(slug="bench-office", name="Office")
        self.bare = create_company(slug="bench-bare", name="Bare")
        private, public = nodes.new_key_pair()
        with tenant_context(self.centre):
            _node, code = nodes.add_office(
                name="Office", prefix="OF", scope={}, schedule={}, seats=0, now=timezone.now()
            )
            joined = nodes.accept(code=code, public_key=public, told={}, now=timezone.now())
        with tenant_context(self.office):
            nodes.begin_branch(joined=joined, address="", private_key=private)

    def measure(self) -> Figures:
        """Return rows a second and bytes of a row, ours and the limits, in one run."""
        partners, count = self.options.partners, self.options.transactions
        self.sql(self.centre, FILL_PARTNERS, partners)
        self.sql(self.centre, FILL_PEOPLE, 1)
        rows = 2 * partners
        figures: Figures = {"options": vars(self.options)}
        self.memory, self.peaks = _resident(), []
        figures["copy_limit"] = rows / _timed(self.copy_bare)
        if not self.options.no_native:
            figures["native"] = self.native(rows, count)
        seconds, size = self.travel(self.centre, self.office)
        figures["first_copy"] = {"rows_s": rows / seconds, "bytes": size / rows}
        for company in (self.centre, self.office):
            self.sql(company, "DROP TABLE IF EXISTS bench_keys")
            self.sql(
                company,
                "CREATE TABLE bench_keys AS SELECT id, row_number() OVER (ORDER BY id) AS n"
                f" FROM {PARTNERS}",
            )
            self.sql(company, "CREATE INDEX ON bench_keys (n)")
        self.sql(self.centre, CHANGE, count=count, first=0)
        figures["json_limit"] = 10 * count / self.json_bare()
        seconds, size = self.travel(self.centre, self.office)
        figures["catch_up"] = {"rows_s": 10 * count / seconds, "bytes": size / (10 * count)}
        half = min(count, partners // 10 - 1) // 2
        self.sql(self.centre, CHANGE, count=half, first=0)
        self.sql(self.office, CHANGE, count=half, first=half * 5 + 5)
        up, up_size = self.travel(self.office, self.centre)
        down, down_size = self.travel(self.centre, self.office)
        figures["both_ways"] = {
            "rows_s": 20 * half / (up + down), "bytes": (up_size + down_size) / (20 * half),
            "up_rows_s": 10 * half / up, "down_rows_s": 10 * half / down,
        }  # fmt: skip
        figures["peak_mb"] = {
            "first_copy": self.peaks[0], "most": (max(p for p, _ in self.peaks),
                                                  max(r for _, r in self.peaks)),
        }  # fmt: skip
        figures["equal"] = self.fingerprints(self.centre) == self.fingerprints(self.office)
        return figures

    def measure_memory(self) -> Figures:
        """Copy all rows, change each of them, catch up both ways; return the peaks."""
        partners = self.options.partners
        self.sql(self.centre, FILL_PARTNERS, partners)
        self.sql(self.centre, FILL_PEOPLE, 1)
        self.memory, self.peaks = _resident(), []
        figures: Figures = {"rows": 2 * partners, "start_mb": self.memory}
        began = time.perf_counter()
        self.travel(self.centre, self.office)
        for company, word in ((self.centre, "c"), (self.office, "o")):
            self.sql(company, f"UPDATE {PARTNERS} SET comment = comment || '{word}'")
            self.sql(company, f"UPDATE {PEOPLE} SET job_title = job_title || '{word}'")
            if company is self.centre:
                self.travel(self.centre, self.office)
            else:
                self.travel(self.office, self.centre)
        figures["seconds"] = time.perf_counter() - began
        names = ("first copy", "catch-up, down", "catch-up, up")
        figures["peaks"] = dict(zip(names, self.peaks, strict=True))
        figures["equal"] = self.fingerprints(self.centre) == self.fingerprints(self.office)
        return figures

    def native(self, rows: int, count: int) -> Figures:
        """Let PostgreSQL replicate the same rows and edits between two clusters of its own."""
        with connection.cursor() as cursor, two_clusters() as peer:
            tables, data = {}, {}
            for table in (PARTNERS, PEOPLE):
                tables[table] = _plain_table(cursor, self.centre.schema_name, table)
                out = io.BytesIO()
                cursor.copy_expert(f'COPY "{self.centre.schema_name}".{table} TO STDOUT', out)
                data[table] = out.getvalue()
            first = peer.first_copy(tables=tables, rows=data)
            keys = f"CREATE TABLE bench_keys AS SELECT id, row_number() OVER (ORDER BY id) AS n FROM {PARTNERS}"  # noqa: E501
            change = (_complete(CHANGE) % {"count": count, "first": 0}).replace("%%", "%")
            edits = [keys, "CREATE INDEX ON bench_keys (n)", change]
            caught = peer.catch_up(edits=edits)
        return {"first_rows_s": rows / first, "catch_up_rows_s": 10 * count / caught}

    def travel(self, origin: Any, target: Any) -> tuple[float, int]:
        """Pack at one end, take in at the other; return seconds and bytes."""
        from replication.messages import Message
        from replication.models import BranchNode, OutgoingMessage
        from replication.packing import acknowledge, pack
        from replication.receiving import receive

        began, size = time.perf_counter(), 0
        _forget_peak()
        with tenant_context(origin):
            node = BranchNode.objects.get()
            first = node.sent_number + 1
            pack(node=node, now=timezone.now())
        packing = _peak() - self.memory
        _forget_peak()
        for number in range(first, node.sent_number + 1):
            with tenant_context(origin):
                found = OutgoingMessage.objects.get(number=number)
                data = Message(
                    bytes(found.head), bytes(found.signature), bytes(found.body)
                ).encode()
            size += len(data)
            with tenant_context(target):
                receive(
                    node=BranchNode.objects.get(), message=Message.decode(data),
                    now=timezone.now(),
                )  # fmt: skip
        seconds = time.perf_counter() - began
        self.peaks.append((packing, _peak() - self.memory))
        with tenant_context(origin):
            acknowledge(node=BranchNode.objects.get(), number=node.sent_number)
        return seconds, size

    def copy_bare(self) -> None:
        """COPY the same rows out of the centre and into empty tables like its own."""
        for table in (PARTNERS, PEOPLE):
            into = io.BytesIO()
            with connection.cursor() as cursor:
                cursor.copy_expert(f'COPY "{self.centre.schema_name}".{table} TO STDOUT', into)
                into.seek(0)
                name = f'"{self.bare.schema_name}".{table}'
                with transaction.atomic():
                    cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
                    cursor.copy_expert(f"COPY {name} FROM STDIN", into)
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")

    def json_bare(self) -> float:
        """Bring changed rows in as JSON batches of 5,000 with ``ON CONFLICT``; return seconds."""
        total = 0.0
        with connection.cursor() as cursor:
            for table in (PARTNERS, PEOPLE):
                source = f'"{self.centre.schema_name}".{table}'
                target = f'"{self.bare.schema_name}".{table}'
                cursor.execute(f"ALTER TABLE {target} DISABLE TRIGGER USER")
                cursor.execute(
                    "SELECT string_agg(format('%%I', column_name), ', '),"
                    " string_agg(format('%%1$I = excluded.%%1$I', column_name), ', ')"
                    " FILTER (WHERE column_name <> 'id')"
                    " FROM information_schema.columns WHERE table_schema = %s AND table_name = %s"
                    " AND is_generated = 'NEVER'",
                    [self.centre.schema_name, table],
                )
                columns, sets = cursor.fetchone()
                where = "comment <> ''" if table == PARTNERS else "full_name LIKE 'New%'"
                cursor.execute(
                    "SELECT json_agg(p.t)::text FROM (SELECT t, (row_number() OVER () - 1) / 5000"
                    f" AS b FROM {source} t WHERE {where}) p GROUP BY b"
                )
                batches = [row[0] for row in cursor.fetchall()]
                began = time.perf_counter()
                for batch in batches:
                    cursor.execute(
                        f"INSERT INTO {target} ({columns}) SELECT {columns}"
                        " FROM json_populate_recordset("
                        f"NULL::{target}, %s::json) ON CONFLICT (id) DO UPDATE SET {sets}",
                        [batch],
                    )
                total += time.perf_counter() - began
                cursor.execute(f"ALTER TABLE {target} ENABLE TRIGGER USER")
        return total

    def fingerprints(self, company: Any) -> Any:
        """Return the hashes of both tables."""
        from replication.checking import fingerprints
        from replication.models import BranchNode

        with tenant_context(company):
            return fingerprints(node=BranchNode.objects.get())

    def sql(self, company: Any, text: str, *values: Any, **named: Any) -> None:
        """Run a statement of the owner inside a company."""
        text = _complete(text)
        with connection.cursor() as cursor:
            cursor.execute(f'SET search_path TO "{company.schema_name}", public')
            if named:
                text, values = text % named, ()
            cursor.execute(text, values or None)
            cursor.execute("SET search_path TO public")


def _complete(text: str) -> str:
    """Return a statement with the columns that it does not name, at their defaults."""
    from replication import plan
    from replication.staged import defaults_for

    for name, table, known in (("partners", PARTNERS, FILL_PARTNERS), ("people", PEOPLE, COLUMNS)):
        if f"/*{name}*/" not in text:
            continue
        entry = next(each for each in plan.all_travelling() if each.table == table)
        named = [word.strip() for word in known.partition("(")[2].partition("/*")[0].split(",")]
        more = defaults_for(entry, named)
        with connection.cursor() as cursor:
            values = [cursor.mogrify("%s", [value]).decode() for value in more.values()]
        text = text.replace(f"/*{name}*/", "".join(f', "{column}"' for column in more))
        text = text.replace(f"/*={name}*/", "".join(f", {value}" for value in values))
    return text


def _plain_table(cursor: Any, schema: str, table: str) -> list[str]:
    """Return the statements of a table with the same columns, key and indexes, nothing else."""
    cursor.execute(
        "SELECT string_agg(format('%%I %%s%%s', a.attname, format_type(a.atttypid, a.atttypmod),"
        " CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END), ', ' ORDER BY a.attnum)"
        " FROM pg_attribute a WHERE a.attrelid = %s::regclass AND a.attnum > 0"
        " AND NOT a.attisdropped AND a.attgenerated = ''",
        [f'"{schema}".{table}'],
    )
    columns = cursor.fetchone()[0]
    cursor.execute(
        "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass"
        " AND NOT indisprimary", [f'"{schema}".{table}'],
    )  # fmt: skip
    indexes = [row[0].replace(f"{schema}.", "").replace(f'"{schema}".', "") for row in
               cursor.fetchall()]  # fmt: skip
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attgenerated <> ''",
        [f'"{schema}".{table}'],
    )
    generated = [row[0] for row in cursor.fetchall()]
    indexes = [each for each in indexes if not any(name in each for name in generated)]
    return [f"CREATE TABLE {table} ({columns}, PRIMARY KEY (id))", *indexes]


def _resident() -> float:
    return _status("VmRSS:")


def _peak() -> float:
    return _status("VmHWM:")


def _forget_peak() -> None:
    """Let the kernel count the peak of this process anew (proc(5), clear_refs)."""
    Path("/proc/self/clear_refs").write_text("5")


def _status(name: str) -> float:
    """Return megabytes of this process's memory."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


def _timed(call: Callable[[], None]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def _print_memory(figures: Figures) -> None:
    print(f"\n{figures['rows']:,} rows; the process has {figures['start_mb']:.0f} MB at the start")
    for name, (packing, receiving) in figures["peaks"].items():
        print(f"  {name:16} packing +{packing:.0f} MB, taking in +{receiving:.0f} MB (limit 200)")
    print(f"  {figures['seconds']:.0f} s; both sides hold the same rows: {figures['equal']}")


def _print(figures: Figures) -> None:
    first, catch, both = figures["first_copy"], figures["catch_up"], figures["both_ways"]
    copy, limit = figures["copy_limit"], figures["json_limit"]
    print(f"\n{'':34}{'rows/s':>10}{'bytes/row':>11}{'of limit':>10}")
    print(f"{'limit: COPY into the same tables':34}{copy:10,.0f}")
    print(f"{'first copy':34}{first['rows_s']:10,.0f}{first['bytes']:11.0f}"
          f"{first['rows_s'] / copy:10.2f}")  # fmt: skip
    print(f"{'limit: JSON batches, ON CONFLICT':34}{limit:10,.0f}")
    print(f"{'catch-up, centre to office':34}{catch['rows_s']:10,.0f}{catch['bytes']:11.0f}"
          f"{catch['rows_s'] / limit:10.2f}")  # fmt: skip
    print(f"{'catch-up both ways, merged':34}{both['rows_s']:10,.0f}{both['bytes']:11.0f}"
          f"{both['rows_s'] / limit:10.2f}")  # fmt: skip
    if native := figures.get("native"):
        print(f"{'PostgreSQL natively, first copy':34}{native['first_rows_s']:10,.0f}"
              f"{'':11}{native['first_rows_s'] / copy:10.2f}")  # fmt: skip
        print(f"{'PostgreSQL natively, catch-up':34}{native['catch_up_rows_s']:10,.0f}"
              f"{'':11}{native['catch_up_rows_s'] / limit:10.2f}")  # fmt: skip
    packed, received = figures["peak_mb"]["first_copy"]
    print(f"  memory above start, first copy: packing +{packed:.0f} MB, taking in"
          f" +{received:.0f} MB")  # fmt: skip
    print(f"  up {both['up_rows_s']:,.0f} rows/s, down {both['down_rows_s']:,.0f} rows/s;"
          f" both sides hold the same rows: {figures['equal']}")  # fmt: skip
