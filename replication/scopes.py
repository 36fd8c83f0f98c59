"""Which rows an office holds: scope rules over tables, and what moves in and out of them.

An unrestricted table travels whole and is not listed. Of a restricted one the rows that the office
holds are listed (``Membership``), as of the latest message packed: what changed is compared with
that list, so a row that comes into scope is sent whole with what hangs on it, and one that leaves
is withdrawn. A row that another one in scope points to is held as a reference and goes with the
latest of those. Source: replication reference, chapter 6.6.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from replication import plan
from replication.models import BranchNode
from replication.nodes import require_scope
from replication.plan import Travelling

_TEMPORARY = """
CREATE TEMP TABLE IF NOT EXISTS moving (
    table_name text NOT NULL, key uuid NOT NULL, operation "char", latest "char",
    author uuid, at timestamptz, PRIMARY KEY (table_name, key)) ON COMMIT DROP;
CREATE TEMP TABLE IF NOT EXISTS former (key uuid PRIMARY KEY, old jsonb NOT NULL) ON COMMIT DROP;
CREATE TEMP TABLE IF NOT EXISTS candidate (key uuid PRIMARY KEY) ON COMMIT DROP;
CREATE TEMP TABLE IF NOT EXISTS entered (
    table_name text NOT NULL, key uuid NOT NULL, PRIMARY KEY (table_name, key)) ON COMMIT DROP;
CREATE TEMP TABLE IF NOT EXISTS parted (
    table_name text NOT NULL, key uuid NOT NULL, is_gone boolean NOT NULL,
    PRIMARY KEY (table_name, key)) ON COMMIT DROP;
TRUNCATE moving, former, candidate, entered, parted
"""
BYTES_OF_A_ROW = 60  # on the wire, packed: what an office's administrator is told beforehand


class Count(NamedTuple):
    """How much of a table a scope takes in."""

    entry: Travelling
    rows: int
    bytes: int


def prepare(cursor: Any) -> None:
    """Make the temporary tables of a packing: they go with the transaction."""
    cursor.execute(_TEMPORARY)


def restricted(scope: Mapping[str, Any]) -> dict[str, Travelling]:
    """Return the tables of which the scope takes in a part, parents before children."""
    found: dict[str, Travelling] = {}
    for entry in plan.all_travelling():
        if _choice(entry, scope) != plan.EVERYTHING or any(
            table in found for _column, table in _followed(entry)
        ):
            found[entry.table] = entry
    return found


def entitlement(entry: Travelling, scope: Mapping[str, Any], node: UUID) -> tuple[str, Values]:
    """Return the condition, over ``t``, by which an office is entitled to a row, and its values.

    Rows that follow others are judged by the list of those (``Membership``), not by their rules.
    """
    values: Values = {"node": str(node)}
    parts = [_rule_condition(entry, scope, values)]
    limited = restricted(scope)
    follows = []
    for column, table in _followed(entry):
        if table not in limited:
            follows.append(f't."{column}" IS NOT NULL')
            continue
        follows.append(
            "EXISTS (SELECT FROM replication_membership held WHERE held.node_id = %(node)s"
            f' AND held."table" = \'{table}\' AND held.key = t."{column}"'
            " AND NOT held.is_reference)"
        )
    if follows:
        parts.append("(" + " OR ".join(follows) + ")")
    return " AND ".join(part for part in parts if part) or "true", values


Values = dict[str, Any]


def follow(cursor: Any, *, node: BranchNode, is_everything: bool) -> None:
    """Bring the list of what an office holds up to date, inside a packing.

    Reads the temporary table ``moving`` (keys that changed) and leaves in it what is to be sent;
    what is to be withdrawn stands in ``parted`` afterwards. With ``is_everything`` every row is
    looked at: a first copy, or a changed scope.
    """
    limited = restricted(node.scope)
    touched: set[str] = set()  # tables of which rows may have come or gone
    for entry in limited.values():
        if _gather(cursor, node, entry, touched, is_everything=is_everything):
            _judge(cursor, node, entry)
            touched.add(entry.table)
    parted = _tables_in(cursor, "parted")
    for entry in reversed(list(limited.values())):
        _sweep(cursor, node, entry, parted)
    # Rows sent may point to rows that are not held otherwise: those come along, for this only.
    moving = _tables_in(cursor, "moving")
    for entry in reversed(plan.all_travelling()):
        for column, table in entry.parents:
            if table in limited and table != entry.table:
                _refer(cursor, node, entry, column, table, moving)
    for table in limited:
        _refer_within(cursor, node, limited[table], moving)


def _tables_in(cursor: Any, name: str) -> set[str]:
    """Return the tables that a temporary table speaks of: nothing is asked of the others."""
    cursor.execute(f"SELECT DISTINCT table_name FROM {name}")
    return {row[0] for row in cursor.fetchall()}


@transaction.atomic
def preview(*, scope: Mapping[str, Any], node: UUID | None = None) -> list[Count]:
    """Return how many rows, and bytes on the wire, an office with this scope would hold.

    Counts by the rules themselves, table by table, without making or changing an office.

    :raises OfficeRefused: the scope names a rule or choice there is not.
    """
    require_scope(scope)
    limited = restricted(scope)
    counts = []
    with connection.cursor() as cursor:
        for entry in plan.all_travelling():
            condition, values = _standing(entry, scope, limited, node)
            cursor.execute(
                f'SELECT count(*) FROM "{entry.table}" t WHERE {condition}',
                values,
            )
            rows = cursor.fetchone()[0]
            counts.append(Count(entry, rows, rows * BYTES_OF_A_ROW))
    return counts


@transaction.atomic
def change_scope(*, node: BranchNode, scope: Mapping[str, Any]) -> None:
    """Give an office another scope; the next message brings or withdraws the difference.

    :raises OfficeRefused: the scope names a rule or choice there is not.
    """
    require_scope(scope)
    BranchNode.objects.filter(pk=node.pk).update(scope=dict(scope))
    node.scope = dict(scope)


# Rules -----------------------------------------------------------------------------------------
def _choice(entry: Travelling, scope: Mapping[str, Any]) -> str:
    asked = scope.get(entry.rule.name) if entry.rule else None
    return str(asked["choice"]) if asked else plan.EVERYTHING


def _rule_condition(entry: Travelling, scope: Mapping[str, Any], values: Values) -> str:
    chosen = _choice(entry, scope)
    if entry.rule is None or chosen == plan.EVERYTHING:
        return ""
    if chosen == plan.NOTHING:
        return "false"
    choice = entry.rule.choice(chosen)
    if choice is None:
        return "false"  # of a rule that a newer program no longer has: rather too little
    name = f"values_{entry.rule.name}"
    values[name] = list(scope[entry.rule.name].get("values", []))
    return "(" + choice.where.replace("%(values)s", f"%({name})s") + ")"


def _followed(entry: Travelling) -> list[tuple[str, str]]:
    """(column, table) of the foreign keys that a row follows."""
    wanted = {str(entry.model._meta.get_field(name).column) for name in entry.follows}  # type: ignore[union-attr]
    return [each for each in entry.parents if each[0] in wanted]


def _standing(
    entry: Travelling, scope: Mapping[str, Any], limited: Mapping[str, Travelling],
    node: UUID | None, alias: str = "t", depth: int = 0,
) -> tuple[str, Values]:  # fmt: skip
    """Return the condition by the rules alone: followed rows are judged in nested conditions."""
    values: Values = {"node": str(node) if node else None}
    own = _rule_condition(entry, scope, values)
    parts = [own.replace("t.", f"{alias}.") if alias != "t" else own]
    follows = []
    for column, table in _followed(entry):
        parent = plan.of_table(table)
        if parent is None or table not in limited or table == entry.table:
            follows.append(f'{alias}."{column}" IS NOT NULL')
            continue
        inner = f"t{depth + 1}"
        condition, more = _standing(parent, scope, limited, node, inner, depth + 1)
        values.update(more)
        key = parent.columns[0]
        follows.append(
            f'EXISTS (SELECT FROM "{table}" {inner} WHERE'
            f' {inner}."{key}" = {alias}."{column}" AND {condition})'
        )
    if follows:
        parts.append("(" + " OR ".join(follows) + ")")
    return " AND ".join(part for part in parts if part) or "true", values


# Steps -----------------------------------------------------------------------------------------
def _gather(
    cursor: Any, node: BranchNode, entry: Travelling, touched: Collection[str], *,
    is_everything: bool,
) -> int:  # fmt: skip
    """Put into ``candidate`` the keys of one table that may have come or gone; return how many.

    ``touched`` are the tables above it that had any.
    """
    table, key = entry.table, entry.columns[0]
    cursor.execute(
        "INSERT INTO candidate SELECT key FROM moving WHERE table_name = %s ON CONFLICT DO NOTHING",
        [table],
    )
    found = int(cursor.rowcount)
    if is_everything:
        cursor.execute(
            f'INSERT INTO candidate SELECT "{key}" FROM "{table}" ON CONFLICT DO NOTHING'
        )
        found += int(cursor.rowcount)
        cursor.execute(
            'INSERT INTO candidate SELECT key FROM replication_membership WHERE node_id = %s'
            ' AND "table" = %s ON CONFLICT DO NOTHING',
            [node.pk, table],
        )  # fmt: skip
        return found + int(cursor.rowcount)
    for column, parent in _followed(entry):
        for moved in ("entered", "parted") if parent in touched else ():
            cursor.execute(
                f'INSERT INTO candidate SELECT t."{key}" FROM {moved} m'
                f' JOIN "{table}" t ON t."{column}" = m.key WHERE m.table_name = %s'
                " ON CONFLICT DO NOTHING",
                [parent],
            )
            found += cursor.rowcount
    return found


def _judge(cursor: Any, node: BranchNode, entry: Travelling) -> None:
    """Sort the candidates of one table into those that enter, stay, and part; none are left."""
    table, key = entry.table, entry.columns[0]
    condition, values = entitlement(entry, node.scope, node.pk)
    values["table"] = table
    cursor.execute(
        "CREATE TEMP TABLE entitled ON COMMIT DROP AS"
        f' SELECT c.key FROM candidate c JOIN "{table}" t ON t."{key}" = c.key'
        f" WHERE {condition}",
        values,
    )
    cursor.execute(
        """
        WITH fresh AS (
            INSERT INTO replication_membership AS held (node_id, "table", key, is_reference)
            SELECT %(node)s, %(table)s, key, false FROM entitled
            ON CONFLICT (node_id, "table", key) DO UPDATE SET is_reference = false
                WHERE held.is_reference
            RETURNING key),
        noted AS (INSERT INTO entered SELECT %(table)s, key FROM fresh ON CONFLICT DO NOTHING)
        INSERT INTO moving (table_name, key) SELECT %(table)s, key FROM fresh
        ON CONFLICT DO NOTHING
        """,
        values,
    )
    _part(cursor, entry, values, "SELECT key FROM candidate EXCEPT SELECT key FROM entitled")
    # What the office was refused and does not hold it has to give up.
    cursor.execute(
        f"""
        INSERT INTO parted
        SELECT m.table_name, m.key, t."{key}" IS NULL
        FROM moving m JOIN replication_resend r
            ON r.node_id = %(node)s AND r."table" = m.table_name AND r.key = m.key
        LEFT JOIN "{table}" t ON t."{key}" = m.key
        WHERE m.table_name = %(table)s AND NOT EXISTS (
            SELECT FROM replication_membership held
            WHERE held.node_id = %(node)s AND held."table" = m.table_name AND held.key = m.key)
        ON CONFLICT DO NOTHING
        """,
        values,
    )
    # What is neither held nor enters is not the office's business.
    cursor.execute(
        """
        DELETE FROM moving m WHERE m.table_name = %(table)s AND NOT EXISTS (
            SELECT FROM replication_membership held
            WHERE held.node_id = %(node)s AND held."table" = m.table_name AND held.key = m.key)
        """,
        values,
    )
    cursor.execute("DROP TABLE entitled; TRUNCATE candidate")


def _part(cursor: Any, entry: Travelling, values: Values, keys: str) -> int:
    """Withdraw listed rows, but for those that another row in scope points to; return how many."""
    table, key = entry.table, entry.columns[0]
    held = " AND ".join(f"NOT {each}" for each in _references(entry)) or "true"
    cursor.execute(
        f"""
        WITH going AS (
            SELECT c.key, t."{key}" IS NULL AS is_gone
            FROM ({keys}) c LEFT JOIN "{table}" t ON t."{key}" = c.key
            WHERE t."{key}" IS NULL OR ({held})),
        gone AS (
            DELETE FROM replication_membership held USING going
            WHERE held.node_id = %(node)s AND held."table" = %(table)s AND held.key = going.key
            RETURNING held.key, going.is_gone)
        INSERT INTO parted SELECT %(table)s, key, is_gone FROM gone ON CONFLICT DO NOTHING
        """,
        values,
    )
    gone = int(cursor.rowcount)
    cursor.execute(  # what stays because something points to it does so as a reference
        f"""
        UPDATE replication_membership held SET is_reference = true
        FROM ({keys}) c WHERE held.node_id = %(node)s AND held."table" = %(table)s
            AND held.key = c.key AND NOT held.is_reference
        """,
        values,
    )
    return gone


def _references(entry: Travelling) -> list[str]:
    """Return conditions over ``t``: a row of a restricted table that is held points to it."""
    found = []
    for other in plan.all_travelling():
        if other.table == entry.table:
            continue
        for column, table in other.parents:
            if table != entry.table or column in {each[0] for each in _followed(other)}:
                continue
            found.append(
                f'EXISTS (SELECT FROM "{other.table}" r JOIN replication_membership h'
                f" ON h.node_id = %(node)s AND h.\"table\" = '{other.table}'"
                f' AND h.key = r."{other.columns[0]}" WHERE r."{column}" = t."{entry.columns[0]}")'
            )
    return found


def _sweep(cursor: Any, node: BranchNode, entry: Travelling, parted: set[str]) -> None:
    """Withdraw references of which the latest row that pointed to them has parted.

    ``parted`` are the tables that rows have parted from; this one joins them when it loses some.
    """
    values: Values = {"node": str(node.pk), "table": entry.table}
    for other in plan.all_travelling():
        if other.table not in parted:
            continue
        for column, table in other.parents:
            if table != entry.table or other.table == entry.table:
                continue
            if _part(
                cursor, entry, {**values, "from": other.table},
                f'SELECT DISTINCT r."{column}" AS key FROM parted p JOIN "{other.table}" r'
                f' ON r."{other.columns[0]}" = p.key JOIN replication_membership m'
                f' ON m.node_id = %(node)s AND m."table" = %(table)s AND m.key = r."{column}"'
                " AND m.is_reference WHERE p.table_name = %(from)s",
            ):  # fmt: skip
                parted.add(entry.table)


def _refer(
    cursor: Any, node: BranchNode, entry: Travelling, column: str, table: str, moving: set[str]
) -> int:
    """Let rows that a table's moving rows point to come along; return how many.

    ``moving`` are the tables of which rows move; ``table`` joins them when some do.
    """
    if entry.table not in moving:
        return 0
    cursor.execute(
        f"""
        WITH fresh AS (
            INSERT INTO replication_membership (node_id, "table", key, is_reference)
            SELECT DISTINCT %(node)s::uuid, %(parent)s, t."{column}", true
            FROM moving m JOIN "{entry.table}" t ON t."{entry.columns[0]}" = m.key
            WHERE m.table_name = %(table)s AND t."{column}" IS NOT NULL
            ON CONFLICT DO NOTHING RETURNING key),
        back AS (DELETE FROM parted p USING fresh
            WHERE p.table_name = %(parent)s AND p.key = fresh.key)
        INSERT INTO moving (table_name, key) SELECT %(parent)s, key FROM fresh
        ON CONFLICT DO NOTHING
        """,
        {"node": str(node.pk), "table": entry.table, "parent": table},
    )
    if cursor.rowcount > 0:
        moving.add(table)
    return int(cursor.rowcount)


def _refer_within(cursor: Any, node: BranchNode, entry: Travelling, moving: set[str]) -> None:
    """Let the ancestors of rows in a tree come along, level by level."""
    for column, table in entry.parents:
        while table == entry.table and _refer(cursor, node, entry, column, table, moving) > 0:
            pass
