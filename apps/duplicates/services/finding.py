"""Looking through all rows of a kind for pairs that may be one: set-based, a statement a step.

Strong fields (a tax number), phones, e-mails and names tell; each is a chance that two rows are
one, and the chances add up. Different strong fields speak against it. Names are compared without
their legal forms, their words in order of the alphabet; near ones by trigrams among those that
begin or end alike, so a million rows need no comparison of each with each.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from apps.core import comparing, objects
from apps.core.objects import Field, ObjectKind
from apps.duplicates.models import Search

MOST_PAIRS = 20_000
LEAST = 40  # of a hundred: below, a pair is not worth a look
_LARGEST_GROUP = 12  # more rows with one phone: a switchboard, not one customer
_LARGEST_BLOCK = 60
_NEAR = 0.55
_STRONG = (
    "tax_number", "registration_number", "code", "article", "barcode", "card_number",
)  # fmt: skip
_CHANCE = {"strong": 0.93, "email": 0.75, "phone": 0.7, "name": 0.62, "near": 0.42}
_AGAINST = 0.5  # what is left of the chance when strong fields differ
_FORMS = (
    "ооо|оао|зао|пао|ао|ип|нко|тоо|чп|пк|общество с ограниченной ответственностью|ltd|llc|inc|corp|"
    "gmbh|co|limited|company|as|a s|sti|ltd sti|san|tic|sanayi|ticaret|ve|anonim|sirketi"
)
_CORE = (
    "(SELECT coalesce(string_agg(w, ' ' ORDER BY w), '') FROM regexp_split_to_table(btrim("
    f"regexp_replace(regexp_replace(title, '[^[:alnum:]]+', ' ', 'g'), '\\m({_FORMS})\\M', ' ',"
    " 'g')), '\\s+') AS w)"
)


def start(*, kind: str) -> Search:
    """Note that a search of a kind begins."""
    return Search.objects.update_or_create(kind=kind, defaults={"is_running": True})[0]


@transaction.atomic
def find(*, kind: ObjectKind, now: datetime) -> int:
    """Search all rows of a kind and keep the pairs; what a person has decided stays decided."""
    search = Search.objects.select_for_update().get_or_create(kind=kind.key)[0]
    fields = compared_fields(kind)
    with connection.cursor() as cursor:
        rows = _gather(cursor, kind, fields)
        cursor.execute(
            "CREATE TEMP TABLE alike (first uuid, second uuid, reason text, chance float8)"
            " ON COMMIT DROP"
        )
        for place, field in enumerate(fields):
            _pair_equal(cursor, f"f{place}", field.key, _CHANCE[_weight(field)])
        if kind.title:
            _pair_names(cursor)
        found = _keep(cursor, kind, fields, now)
        cursor.execute("DROP TABLE alike; DROP TABLE looked_at")
    search.is_running, search.found, search.row_count = False, found, rows
    search.finished_at = now
    search.save()
    return found


def compared_fields(kind: ObjectKind) -> list[Field]:
    """Return the fields whose equal values make two rows suspicious, the strongest first."""
    found = []
    for each in objects.fields_of(kind):
        is_column = not each.read and (each.is_custom or _is_column(kind, each.source))
        if is_column and _weight(each):
            found.append(each)
    return sorted(found, key=lambda each: ("strong", "email", "phone").index(_weight(each)))


def searched_kinds() -> list[ObjectKind]:
    """Return the kinds in which duplicates can be found and merged, parents before their parts."""
    found = [
        kind for kind in objects.kinds()
        if kind.makes_rows and kind.title and compared_fields(kind)
    ]  # fmt: skip
    return sorted(found, key=lambda kind: kind.parent is not None)


def _weight(field: Field) -> str:
    if field.type in ("email", "phone"):
        return field.type
    return "strong" if field.is_unique or field.key in _STRONG else ""


def _is_column(kind: ObjectKind, path: str) -> bool:
    return any(path in (each.name, each.attname) for each in kind.model._meta.concrete_fields)


def _gather(cursor: Any, kind: ObjectKind, fields: list[Field]) -> int:
    """Copy what is compared of every living row into a temporary table."""
    rows = kind.model._default_manager.filter(**kind.only).order_by()
    if _is_column(kind, "is_archived"):
        rows = rows.filter(is_archived=False)
    told: dict[str, Any] = {
        f"f{place}": comparing.expression(kind, field) for place, field in enumerate(fields)
    }
    told["title_told"] = comparing.folded_title(kind)
    sql, parameters = (
        rows.annotate(**told)
        .values_list("pk", "title_told", *(f"f{n}" for n in range(len(fields))))
        .query.sql_with_params()
    )  # fmt: skip
    columns = ", ".join(f"f{place}" for place in range(len(fields)))
    named = f"(id, title{', ' + columns if columns else ''})"
    cursor.execute(
        f"CREATE TEMP TABLE looked_at {named} ON COMMIT DROP AS {sql}",
        parameters,
    )
    cursor.execute(
        f"ALTER TABLE looked_at ADD core text; UPDATE looked_at SET core = {_CORE};"
        "ANALYZE looked_at; SELECT count(*) FROM looked_at"
    )
    return int(cursor.fetchone()[0])


def _pair_equal(cursor: Any, column: str, reason: str, chance: float) -> None:
    cursor.execute(
        f"""
        INSERT INTO alike
        SELECT a, b, %s, %s FROM (
            SELECT array_agg(id ORDER BY id) AS ids FROM looked_at
            WHERE length({column}::text) >= 5 GROUP BY {column}
            HAVING count(*) BETWEEN 2 AND {_LARGEST_GROUP}
        ) g, unnest(ids) a, unnest(ids) b WHERE a < b
        """,
        [reason, chance],
    )


def _pair_names(cursor: Any) -> None:
    """Pair rows of the same name, then those of near names within a block of the alphabet."""
    cursor.execute(
        f"""
        INSERT INTO alike
        SELECT a, b, 'name', {_CHANCE["name"]} FROM (
            SELECT array_agg(id ORDER BY id) AS ids FROM looked_at
            WHERE length(core) >= 4 GROUP BY core
            HAVING count(*) BETWEEN 2 AND {_LARGEST_GROUP}
        ) g, unnest(ids) a, unnest(ids) b WHERE a < b
        """
    )
    for block in ("left(core, 6)", "right(core, 6)"):
        cursor.execute(
            f"""
            INSERT INTO alike
            WITH blocks AS MATERIALIZED (
                SELECT {block} AS block FROM looked_at WHERE length(core) >= 8
                GROUP BY 1 HAVING count(*) BETWEEN 2 AND {_LARGEST_BLOCK}
            ), members AS MATERIALIZED (
                SELECT l.id, l.core, b.block FROM looked_at l JOIN blocks b ON {block} = b.block
                WHERE length(l.core) >= 8
            )
            SELECT a.id, b.id, '~name', {_CHANCE["near"]} FROM members a
            JOIN members b ON a.block = b.block AND a.id < b.id AND a.core <> b.core
            WHERE abs(length(a.core) - length(b.core)) <= 8
            AND similarity(a.core, b.core) >= {_NEAR}
            """
        )


def _keep(cursor: Any, kind: ObjectKind, fields: list[Field], now: datetime) -> int:
    """Store the surest pairs; open ones that are not found any more go."""
    strong = [f"f{place}" for place, field in enumerate(fields) if _weight(field) == "strong"]
    differs = " OR ".join(
        f"(a.{c}::text <> '' AND b.{c}::text <> '' AND a.{c} <> b.{c})" for c in strong
    )
    cursor.execute(
        f"""
        CREATE TEMP TABLE found_pairs ON COMMIT DROP AS
        WITH told AS (
            SELECT DISTINCT first, second, reason, chance FROM alike
        ), summed AS (
            SELECT first, second, 1 - exp(sum(ln(1 - chance))) AS chance,
                array_agg(reason ORDER BY chance DESC, reason) AS reasons
            FROM told GROUP BY first, second
        )
        SELECT s.first, s.second, s.reasons,
            round(100 * s.chance * CASE WHEN {differs or "false"} THEN {_AGAINST} ELSE 1 END)::int
                AS score
        FROM summed s JOIN looked_at a ON a.id = s.first JOIN looked_at b ON b.id = s.second
        """
    )
    cursor.execute(
        """
        INSERT INTO duplicates_duplicatepair
            (id, created_at, updated_at, kind, first, second, score, reasons, state)
        SELECT gen_random_uuid(), %(now)s, %(now)s, %(kind)s, first, second, score,
            to_jsonb(reasons), 'open'
        FROM found_pairs WHERE score >= %(least)s ORDER BY score DESC, first, second LIMIT %(most)s
        ON CONFLICT (kind, first, second) DO UPDATE
            SET score = EXCLUDED.score, reasons = EXCLUDED.reasons, updated_at = EXCLUDED.updated_at
            WHERE duplicates_duplicatepair.state <> 'dismissed'
        """,
        {"now": now, "kind": kind.key, "least": LEAST, "most": MOST_PAIRS},
    )
    cursor.execute(
        "DELETE FROM duplicates_duplicatepair WHERE kind = %s AND state = 'open'"
        " AND updated_at < %s",
        [kind.key, now],
    )
    cursor.execute(
        "UPDATE duplicates_duplicatepair SET state = 'open' WHERE kind = %s AND state = 'merged'"
        " AND updated_at = %s",  # parted since: both are there again
        [kind.key, now],
    )
    cursor.execute("DROP TABLE found_pairs")
    cursor.execute(
        "SELECT count(*) FROM duplicates_duplicatepair WHERE kind = %s AND state = 'open'",
        [kind.key],
    )
    return int(cursor.fetchone()[0])


