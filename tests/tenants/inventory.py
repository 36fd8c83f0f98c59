"""Everything that stands in a schema, read from the catalogs without a look at how it was made."""

from __future__ import annotations

import re

from django.db import connection

QUERIES = {
    "tables": """
        SELECT c.relname, c.relkind, c.relpersistence, c.relispartition, c.reloptions::text,
               c.relreplident, c.relrowsecurity, pg_get_partkeydef(c.oid),
               pg_get_expr(c.relpartbound, c.oid),
               (SELECT p.relname FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent
                WHERE i.inhrelid = c.oid)
        FROM pg_class c WHERE c.relnamespace = {s} AND c.relkind IN ('r', 'p', 'v', 'm', 'f')""",
    "columns": """
        SELECT c.relname, row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum), a.attname,
               format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
               pg_get_expr(d.adbin, d.adrelid), a.attcollation, a.attstorage, a.attcompression,
               a.attstattarget, a.attoptions::text
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = {s} AND c.relkind IN ('r', 'p') AND a.attnum > 0
          AND NOT a.attisdropped""",
    "indexes": """
        SELECT c.relname, pg_get_indexdef(c.oid), i.indisunique, i.indisprimary, i.indisvalid,
               i.indisclustered, i.indnullsnotdistinct, c.reloptions::text
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = {s}""",
    "constraints": """
        SELECT c.relname, k.conname, k.contype, pg_get_constraintdef(k.oid), k.convalidated,
               k.condeferrable, k.condeferred
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE c.relnamespace = {s}""",
    "triggers": """
        SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid), t.tgenabled
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = {s} AND NOT t.tgisinternal""",
    "functions": """
        SELECT p.proname, pg_get_function_identity_arguments(p.oid), pg_get_functiondef(p.oid)
        FROM pg_proc p WHERE p.pronamespace = {s}""",
    "sequences": """
        SELECT c.relname, s.seqtypid::regtype::text, s.seqstart, s.seqincrement, s.seqmin, s.seqmax,
               s.seqcache, s.seqcycle, d.refobjid::regclass::text, d.refobjsubid > 0, d.deptype
        FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
        LEFT JOIN pg_depend d ON d.objid = c.oid AND d.classid = 'pg_class'::regclass
          AND d.deptype IN ('a', 'i')
        WHERE c.relnamespace = {s}""",
    "statistics": """
        SELECT stxname, pg_get_statisticsobjdef(oid) FROM pg_statistic_ext
        WHERE stxnamespace = {s}""",
    "types": """
        SELECT typname, typtype FROM pg_type
        WHERE typnamespace = {s} AND typtype IN ('e', 'd', 'r', 'm')""",
    "comments": """
        SELECT i.type, i.identity, d.description
        FROM pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid) i
        WHERE i.schema = {name}""",
}
# Parts of the journal are made month by month, in each company when its turn comes.
_OF_A_MONTH = re.compile(r"replication_journal_\d{4}_\d\d")
# What PostgreSQL words anew each time it reads an expression: casts and the brackets around them.
_CASTS = re.compile(r"::(text|character varying|numeric|integer)(\[\])?|[()]")


def inventory(schema: str) -> dict[str, set[tuple[str, ...]]]:
    """Return, for each kind of thing, everything of that kind in the schema; names it nowhere."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('search_path', %s, false)", [f'"{schema}", public'])
        for kind, query in QUERIES.items():
            cursor.execute(
                query.replace("{s}", f"'\"{schema}\"'::regnamespace").replace(
                    "{name}", f"'{schema}'"
                )
            )
            found[kind] = {
                tuple(_CASTS.sub("", str(value).replace(f"{schema}.", "")) for value in row)
                for row in cursor.fetchall()
                if not any(_OF_A_MONTH.search(str(value)) for value in row)
            }
        cursor.execute("SELECT set_config('search_path', 'public', false)")
    return found


def differences(one: str, other: str) -> list[str]:
    """Return what stands in one of two schemas only; nothing when they are equal."""
    first, second = inventory(one), inventory(other)
    return [f"{kind}: {thing}" for kind in QUERIES for thing in sorted(first[kind] ^ second[kind])]
