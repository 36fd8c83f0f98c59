"""The SQL of a schema, read from the catalogs: what a spare is made of.

Rendered once for the template and replayed for each spare. Needs no ``pg_dump``, so any server will
do (``docs/adr/0002-spares-by-replayed-sql.md``). What this module cannot render yet (a view, a
type) it refuses, so nothing is left out in silence.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

TEMPLATE = "kopru_template"

_TABLES = """
SELECT c.oid, c.relname, c.relkind, c.relpersistence,
       coalesce(array_to_string(c.reloptions, ', '), ''),
       pg_get_partkeydef(c.oid), c.relispartition,
       pg_get_expr(c.relpartbound, c.oid),
       (SELECT p.relname FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent
        WHERE i.inhrelid = c.oid LIMIT 1)
FROM pg_class c
WHERE c.relnamespace = %s::regnamespace AND c.relkind IN ('r', 'p')
ORDER BY c.relispartition, c.relname
"""
_COLUMNS = """
SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
       a.attgenerated, pg_get_expr(d.adbin, d.adrelid),
       CASE WHEN a.attcollation <> t.typcollation THEN
         (SELECT quote_ident(n.nspname) || '.' || quote_ident(o.collname) FROM pg_collation o
          JOIN pg_namespace n ON n.oid = o.collnamespace WHERE o.oid = a.attcollation) END,
       nullif(a.attstattarget, -1)
FROM pg_attribute a
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum
"""
_FUNCTIONS = """
SELECT pg_get_functiondef(oid) FROM pg_proc
WHERE pronamespace = %s::regnamespace ORDER BY proname, oid
"""
# Not-null constraints stand on the columns; those of partitions come from their table.
_CONSTRAINTS = """
SELECT c.relname, k.conname, pg_get_constraintdef(k.oid), k.contype FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid
WHERE k.connamespace = %s::regnamespace AND k.conparentid = 0 AND k.coninhcount = 0
  AND k.contype IN ('p', 'u', 'c', 'x', 'f')
ORDER BY k.contype = 'f', k.contype <> 'p', c.relname, k.conname
"""
# "ON ONLY" is how PostgreSQL writes the index of a partitioned table: its parts would have none.
_INDEXES = """
SELECT CASE c.relkind WHEN 'I' THEN replace(pg_get_indexdef(c.oid), ' ON ONLY ', ' ON ')
       ELSE pg_get_indexdef(c.oid) END FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relnamespace = %s::regnamespace AND NOT c.relispartition
  AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid
                  AND k.contype IN ('p', 'u', 'x'))
ORDER BY c.relname
"""
_TRIGGERS = """
SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = %s::regnamespace AND NOT t.tgisinternal AND t.tgparentid = 0
ORDER BY c.relname, t.tgname
"""
_STATISTICS = """
SELECT pg_get_statisticsobjdef(oid) FROM pg_statistic_ext
WHERE stxnamespace = %s::regnamespace ORDER BY stxname
"""

_COMMENTS = """
SELECT format('COMMENT ON TABLE %%I IS %%L', c.relname, d.description)
FROM pg_description d JOIN pg_class c ON c.oid = d.objoid AND d.classoid = 'pg_class'::regclass
WHERE c.relnamespace = %s::regnamespace AND c.relkind IN ('r', 'p') AND d.objsubid = 0
UNION ALL
SELECT format('COMMENT ON COLUMN %%I.%%I IS %%L', c.relname, a.attname, d.description)
FROM pg_description d JOIN pg_class c ON c.oid = d.objoid AND d.classoid = 'pg_class'::regclass
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid
WHERE c.relnamespace = %s::regnamespace AND c.relkind IN ('r', 'p') AND d.objsubid > 0
UNION ALL
SELECT format('COMMENT ON FUNCTION %%I(%%s) IS %%L', p.proname,
              pg_get_function_identity_arguments(p.oid), d.description)
FROM pg_description d JOIN pg_proc p ON p.oid = d.objoid AND d.classoid = 'pg_proc'::regclass
WHERE p.pronamespace = %s::regnamespace
ORDER BY 1
"""
_FOREIGN = """
SELECT 'relation ' || c.relname FROM pg_class c
WHERE c.relnamespace = %s::regnamespace AND (c.relkind IN ('v', 'm', 'f', 'c')
  OR c.relkind IN ('r', 'p') AND (c.relrowsecurity OR c.relhasrules OR c.relreplident <> 'd')
  OR c.relkind = 'S' AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid
     AND d.classid = 'pg_class'::regclass AND d.deptype = 'i'))
UNION ALL
SELECT 'type ' || t.typname FROM pg_type t
WHERE t.typnamespace = %s::regnamespace AND t.typtype IN ('e', 'd', 'r')
UNION ALL
SELECT 'switched trigger ' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = %s::regnamespace AND NOT t.tgisinternal AND t.tgenabled <> 'O'
UNION ALL
SELECT 'counter ' || c.relname FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid
WHERE c.relnamespace = %s::regnamespace
  AND (s.seqstart, s.seqincrement, s.seqmin, s.seqcache, s.seqcycle) <> (1, 1, 1, 1, false)
"""


class CannotRender(NotImplementedError):
    """A schema holds what this module does not know how to make; a spare would lack it."""


def render(schema: str) -> list[str]:
    """Return the statements that make an equal schema, run with it first in the search path.

    The statements name no schema, so they are equal for equal schemas.

    :raises CannotRender: there is something in the schema that the statements would not make.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FOREIGN, [f'"{schema}"'] * 4)
        unknown = [row[0] for row in cursor.fetchall()]
        if unknown:
            raise CannotRender(", ".join(unknown))
        cursor.execute("SELECT set_config('search_path', %s, true)", [f'"{schema}", public'])
        return [statement.replace(f"{schema}.", "") for statement in _statements(cursor, schema)]


def _statements(cursor: Any, schema: str) -> list[str]:
    statements = _tables(cursor, schema)
    constraints = _rows(cursor, _CONSTRAINTS, schema)
    statements += [
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}'
        for table, name, definition, kind in constraints
        if kind != "f"
    ]
    statements += [row[0] for row in _rows(cursor, _INDEXES, schema)]
    statements += [row[0] for row in _rows(cursor, _STATISTICS, schema)]
    statements += [row[0] for row in _rows(cursor, _FUNCTIONS, schema)]
    statements += [row[0] for row in _rows(cursor, _TRIGGERS, schema)]
    statements += [
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}'
        for table, name, definition, kind in constraints
        if kind == "f"
    ]
    cursor.execute(_COMMENTS, [f'"{schema}"'] * 3)
    return statements + [row[0] for row in cursor.fetchall()]


def _tables(cursor: Any, schema: str) -> list[str]:
    statements: list[str] = []
    for oid, name, _kind, persistence, options, key, is_part, bound, parent in _rows(
        cursor, _TABLES, schema
    ):
        unlogged = "UNLOGGED " if persistence == "u" else ""
        if is_part:
            statements.append(f'CREATE {unlogged}TABLE "{name}" PARTITION OF "{parent}" {bound}')
            continue
        cursor.execute(_COLUMNS, [oid])
        columns = cursor.fetchall()
        body = ", ".join(_column(*column[:7]) for column in columns)
        tail = (f" PARTITION BY {key}" if key else "") + (f" WITH ({options})" if options else "")
        statements.append(f'CREATE {unlogged}TABLE "{name}" ({body}){tail}')
        statements += [
            f'ALTER TABLE "{name}" ALTER COLUMN "{column[0]}" SET STATISTICS {column[7]}'
            for column in columns
            if column[7] is not None
        ]
    return statements


def _column(
    name: str, kind: str, is_required: bool, identity: str, generated: str, default: str | None,
    collation: str | None,
) -> str:  # fmt: skip
    words = [f'"{name}"', kind]
    if collation:
        words.append(f"COLLATE {collation}")
    if is_required:
        words.append("NOT NULL")
    if identity:
        words.append(f"GENERATED {'ALWAYS' if identity == 'a' else 'BY DEFAULT'} AS IDENTITY")
    elif generated:
        words.append(
            f"GENERATED ALWAYS AS ({default}) {'STORED' if generated == 's' else 'VIRTUAL'}"
        )
    elif default is not None:
        words.append(f"DEFAULT {default}")
    return " ".join(words)


def _rows(cursor: Any, query: str, schema: str) -> list[Any]:
    cursor.execute(query, [f'"{schema}"'])
    return list(cursor.fetchall())
