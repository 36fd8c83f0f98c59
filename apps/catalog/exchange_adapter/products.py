"""Products with their groups, property values, files and the variants that stand inside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from apps.catalog.exchange_adapter import variants
from apps.catalog.exchange_adapter.classifier import BY_REF
from apps.catalog.exchange_adapter.intake import REF_LENGTH, Intake, stored
from apps.catalog.exchange_adapter.variants import Variant
from apps.catalog.folding import fold
from exchange import staging
from exchange.registry import Adapter, StoreContext, Stored, register
from exchange.rows import Problem, ProblemCode, ProductRow
from exchange.staging import Merge, Merged, Staging

_WEIGHT_LIMIT = Decimal(10) ** 12
_RATE_LIMIT = Decimal(1000)
_PATH_LENGTH = 500

_stage = Staging(
    "stage_product",
    {
        "n": "int",
        "ref": "text",
        "name": "text",
        "full_name": "text",
        "code": "text",
        "article": "text",
        "barcode": "text",
        "description": "text",
        "group_ref": "text",
        "unit_id": "uuid",
        "manufacturer": "text",
        "country": "text",
        "kind": "text",
        "category_ref": "text",
        "is_service": "boolean",
        "tax_rate": "numeric(5,2)",
        "weight": "numeric(15,3)",
        "attributes": "jsonb",
        "is_archived": "boolean",
        "sort_name": "text",
        "search_text": "text",
    },
)
# A product that says a group we do not know keeps the one it has.
_merge = Merge(
    table="catalog_product",
    source="""
        SELECT s.*, %(node)s::uuid AS node_id, g.id AS group_id,
            COALESCE(NULLIF(s.kind, ''), c.name, '') AS kind_name
        FROM stage_product s
        LEFT JOIN catalog_productgroup g ON g.node_id = %(node)s AND g.ref = s.group_ref
        LEFT JOIN catalog_productcategory c
            ON c.node_id = %(node)s AND c.ref = s.category_ref AND s.category_ref <> ''""",
    key=("node_id", "ref"),
    columns={
        "name": "i.name",
        "full_name": "i.full_name",
        "code": "i.code",
        "article": "i.article",
        "barcode": "i.barcode",
        "description": "i.description",
        "group_id": "CASE WHEN i.group_ref <> '' THEN COALESCE(i.group_id, t.group_id) END",
        "unit_id": "i.unit_id",
        "manufacturer": "i.manufacturer",
        "country": "i.country",
        "kind": "i.kind_name",
        "is_service": "i.is_service",
        "tax_rate": "i.tax_rate",
        "weight": "i.weight",
        "attributes": "i.attributes",
        "is_archived": "i.is_archived",
        "catalog_ref": "CASE WHEN t.is_archived IS FALSE THEN t.catalog_ref ELSE %(catalog)s END",
        "sort_name": "i.sort_name",
        "search_text": "i.search_text",
    },
    arbiter=BY_REF,
)

_group_stage = Staging("stage_product_group", {"product_ref": "text", "group_ref": "text"})
_WANTED_GROUPS = """
    SELECT DISTINCT d.product_id, g.id AS group_id
    FROM stage_product_group s
    JOIN stored_product d ON d.ref = s.product_ref
    JOIN catalog_productgroup g ON g.node_id = %(node)s AND g.ref = s.group_ref"""
_LINK_GROUPS = """
    WITH removed AS (
        DELETE FROM catalog_productgrouplink l USING stored_product d
        WHERE l.product_id = d.product_id AND NOT EXISTS (SELECT 1 FROM wanted_group w
            WHERE w.product_id = l.product_id AND w.group_id = l.group_id)
        RETURNING l.product_id),
    added AS (
        INSERT INTO catalog_productgrouplink (product_id, group_id)
        SELECT w.product_id, w.group_id FROM wanted_group w
        WHERE NOT EXISTS (SELECT 1 FROM catalog_productgrouplink l
            WHERE l.product_id = w.product_id AND l.group_id = w.group_id)
        RETURNING product_id)
    SELECT product_id FROM removed UNION SELECT product_id FROM added"""

_value_stage = Staging(
    "stage_property_value", {"product_ref": "text", "property_ref": "text", "value": "text"}
)
# A value is an entry of the property's dictionary when it is the identifier of one, else itself.
_WANTED_VALUES = """
    SELECT DISTINCT d.product_id, r.id AS property_id, o.id AS option_id,
        CASE WHEN o.id IS NULL THEN s.value ELSE '' END AS value
    FROM stage_property_value s
    JOIN stored_product d ON d.ref = s.product_ref
    JOIN catalog_property r ON r.node_id = %(node)s AND r.ref = s.property_ref
    LEFT JOIN catalog_propertyoption o
        ON o.node_id = %(node)s AND o.property_id = r.id AND o.ref = s.value"""
_SET_VALUES = """
    WITH removed AS (
        DELETE FROM catalog_productpropertyvalue v USING stored_product d
        WHERE d.of_values AND v.product_id = d.product_id
            AND NOT EXISTS (SELECT 1 FROM wanted_value w
                WHERE w.product_id = v.product_id AND w.property_id = v.property_id
                    AND w.option_id IS NOT DISTINCT FROM v.option_id AND w.value = v.value)
        RETURNING v.product_id),
    added AS (
        INSERT INTO catalog_productpropertyvalue
            (id, created_at, updated_at, product_id, property_id, option_id, value)
        SELECT {key}, %(now)s, %(now)s, w.product_id, w.property_id, w.option_id, w.value
        FROM wanted_value w
        WHERE NOT EXISTS (SELECT 1 FROM catalog_productpropertyvalue v
            WHERE v.product_id = w.product_id AND v.property_id = w.property_id
                AND w.option_id IS NOT DISTINCT FROM v.option_id AND w.value = v.value)
        ON CONFLICT DO NOTHING
        RETURNING product_id)
    SELECT product_id FROM removed UNION SELECT product_id FROM added"""

_file_stage = Staging(
    "stage_product_file",
    {
        "product_ref": "text",
        "path": "text",
        "description": "text",
        "is_picture": "boolean",
        "position": "int",
    },
)
_file_merge = Merge(
    table="catalog_productfile",
    source="""
        SELECT 0 AS n, d.product_id, s.path, s.description, s.is_picture, s.position,
            COALESCE(a.digest, '') AS digest, COALESCE(a.size, 0) AS size
        FROM stage_product_file s
        JOIN stored_product d ON d.ref = s.product_ref
        LEFT JOIN catalog_arrivedfile a ON a.node_id = %(node)s AND a.path = s.path""",
    key=("product_id", "path"),
    columns={
        "description": "i.description",
        "is_picture": "i.is_picture",
        "position": "i.position",
        "digest": "i.digest",
        "size": "i.size",
    },
    arbiter="(product_id, path)",
)
_REMOVE_FILES = """
    DELETE FROM catalog_productfile f USING stored_product d
    WHERE d.of_files AND f.product_id = d.product_id
        AND NOT EXISTS (SELECT 1 FROM stage_product_file w
            WHERE w.product_ref = d.ref AND w.path = f.path)
    RETURNING f.product_id"""
_TOUCHED_FILES = """
    SELECT DISTINCT f.product_id FROM catalog_productfile f
    JOIN stored_product d ON d.product_id = f.product_id WHERE f.updated_at = %(now)s"""

# The products of the call and whether 1C says anything of their property values and files at all.
_speaking_stage = Staging(
    "stage_speaking", {"ref": "text", "of_values": "boolean", "of_files": "boolean"}
)
_STORED = """
    SELECT p.id AS product_id, s.ref, s.of_values, s.of_files FROM stage_speaking s
    JOIN catalog_product p ON p.node_id = %(node)s AND p.ref = s.ref"""
# A product whose links, values or files changed has changed itself: its version rises once.
_TOUCH = """
    UPDATE catalog_product SET updated_at = %(now)s
    WHERE id = ANY(%(ids)s::uuid[]) AND updated_at <> %(now)s"""

_ARCHIVE = """
    UPDATE catalog_product p SET is_archived = true, updated_at = %(now)s
    WHERE p.node_id = %(node)s AND p.catalog_ref = %(catalog)s AND NOT p.is_archived
        AND NOT EXISTS (SELECT 1 FROM seen WHERE key = p.id)"""
_MISSING = """
    SELECT count(*), count(*) FILTER (WHERE seen.key IS NULL)
    FROM catalog_product p LEFT JOIN seen ON seen.key = p.id
    WHERE p.node_id = %(node)s AND p.catalog_ref = %(catalog)s AND NOT p.is_archived"""


@register
class ProductAdapter(Adapter[ProductRow]):
    """Products of a catalogue; the bytes of their pictures arrive as files of their own."""

    row_type = ProductRow
    kind = "products"
    rank = 50

    @transaction.atomic
    def store(self, rows: Sequence[ProductRow], context: StoreContext) -> Stored:
        """Store products; what 1C says nothing of (pictures, properties) stays as it is."""
        intake = Intake(context, "Товар")
        unique = intake.latest_by_ref(rows)
        refused = sum(1 for row in rows if not 0 < len(row.ref) <= REF_LENGTH)
        units = _units(unique, context)
        _stage.load(_staged(unique, units, intake))
        merged = _merge.run(context, seen=self.kind)
        touched = _store_belongings(unique, context)
        _note_unknown(unique, intake)
        _store_variants(rows, context, intake)
        also = 0
        if touched:
            also = staging.execute(_TOUCH, {"ids": list(touched), "now": context.now})
        return stored(intake, rows, merged, changed=also, refused=refused)

    @transaction.atomic
    def finish_run(self, context: StoreContext) -> Stored:
        """Archive the products of the catalogue that a full run did not name.

        More than ``archive_limit_percent`` of them at once is refused with a problem: a broken
        export must not empty the catalogue.
        """
        if context.scope != "catalog" or not context.settings.get("archive_missing", True):
            return Stored()
        if not staging.has_seen(context, self.kind):
            return Stored()
        staging.gather_seen(context, self.kind)
        values = {
            "node": str(context.node_id),
            "catalog": context.catalog_ref[:120],
            "now": context.now,
        }
        [(present, missing)] = staging.fetch(_MISSING, values)
        limit = context.settings.get("archive_limit_percent", 50)
        if missing * 100 > present * limit:
            return Stored(problems=[_refused(present, missing, limit)])
        return Stored(archived=staging.execute(_ARCHIVE, values))


def _refused(present: int, missing: int, limit: int) -> Problem:
    return Problem(
        ProblemCode.REFUSED,
        "",
        0,
        "Каталог/Товары",
        f"{missing} / {present} > {limit} %",
        kept="former_value",
    )


def _units(rows: Sequence[ProductRow], context: StoreContext) -> dict[tuple[str, str], str]:
    """Return the key of each unit the rows name; one no directory told of is made."""
    named = {(row.unit_ref, row.unit_name) for row in rows if row.unit_ref or row.unit_name}
    if not named:
        return {}
    known = _known_units(context)
    missing = [pair for pair in named if not _find_unit(known, pair)]
    if missing:
        staging.fetch(
            f"""INSERT INTO catalog_unit (id, created_at, updated_at, node_id, ref, is_archived,
                    code, name, full_name, international)
                SELECT {staging.new_key()}, %(now)s, %(now)s, %(node)s::uuid, u.ref, false, '',
                    u.name, '', ''
                FROM unnest(%(refs)s::text[], %(names)s::text[]) AS u (ref, name)
                ON CONFLICT {BY_REF} DO NOTHING RETURNING id""",  # noqa: S608 - text of our own
            {
                "now": context.now,
                "node": str(context.node_id),
                "refs": [(ref or name)[:120] for ref, name in missing],
                "names": [(name or ref)[:50] for ref, name in missing],
            },
        )
        known = _known_units(context)
    return {pair: _find_unit(known, pair) or "" for pair in named}


def _known_units(context: StoreContext) -> dict[tuple[str, str], str]:
    found = staging.fetch(
        "SELECT id::text, ref, code, lower(name) FROM catalog_unit WHERE node_id = %(node)s"
        " ORDER BY id DESC",
        {"node": str(context.node_id)},
    )
    known: dict[tuple[str, str], str] = {}
    for key, ref, code, name in found:
        known["name", name] = key
        known["code", code] = key
        known["ref", ref] = key
    return known


def _find_unit(known: dict[tuple[str, str], str], pair: tuple[str, str]) -> str | None:
    ref, name = pair
    return (
        (known.get(("ref", ref[:120])) if ref else None)
        or (known.get(("code", ref.strip())) if ref else None)
        or (known.get(("name", name.lower()[:50])) if name else None)
        or (known.get(("ref", name[:120])) if name else None)
    )


def _staged(
    rows: Sequence[ProductRow], units: dict[tuple[str, str], str], intake: Intake
) -> Iterator[tuple[Any, ...]]:
    for n, row in enumerate(rows):
        name = row.name or row.full_name or row.ref
        if not row.name:
            intake.problem(ProblemCode.MISSING_NAME, row, "", element="Наименование")
        name = intake.fit(row, name, 500, "Наименование")
        code = intake.fit_code(row, row.code, 50, "Код")
        article = intake.fit_code(row, row.article, 100, "Артикул")
        barcode = intake.fit_code(row, row.barcode, 50, "Штрихкод")
        sort_name = fold(name)
        yield (
            n,
            row.ref,
            name,
            row.full_name,
            code,
            article,
            barcode,
            row.description,
            row.group_refs[0] if row.group_refs else "",
            units.get((row.unit_ref, row.unit_name)),
            intake.fit(row, row.manufacturer_name, 250, "Изготовитель/Наименование"),
            intake.fit(row, row.country, 100, "Страна"),
            intake.fit(row, row.kind, 250, "ВидНоменклатуры"),
            row.category_ref,
            row.is_service,
            _rate(row, intake),
            _weight(row, intake),
            "{}" if row.characteristic_ref else variants.values_of(row.characteristics),
            row.is_deleted,
            sort_name[:500],
            f"{sort_name} {fold(article)} {fold(code)} {barcode}",  # as services.search_text
        )


def _rate(row: ProductRow, intake: Intake) -> Decimal | None:
    rate = next((tax.rate for tax in row.taxes if tax.rate is not None), None)
    if rate is not None and not 0 <= rate < _RATE_LIMIT:
        intake.problem(
            ProblemCode.TOO_LARGE, row, str(rate), element="СтавкиНалогов/СтавкаНалога/Ставка"
        )
        return None
    return rate


def _weight(row: ProductRow, intake: Intake) -> Decimal | None:
    if row.weight is not None and not -_WEIGHT_LIMIT < row.weight < _WEIGHT_LIMIT:
        intake.problem(ProblemCode.TOO_LARGE, row, str(row.weight), element="Вес")
        return None
    return row.weight


def _store_belongings(rows: Sequence[ProductRow], context: StoreContext) -> set[Any]:
    """Store further groups, property values and files; return the products they changed for."""
    values = {"node": str(context.node_id), "now": context.now}
    touched: set[Any] = set()
    _speaking_stage.load(
        (row.ref, row.property_values is not None, row.files is not None) for row in rows
    )
    staging.derive("stored_product", _STORED, values)
    _group_stage.load((row.ref, ref) for row in rows for ref in row.group_refs[1:])
    staging.derive("wanted_group", _WANTED_GROUPS, values)
    touched.update(key for (key,) in staging.fetch(_LINK_GROUPS, values))
    if any(row.property_values is not None for row in rows):
        _value_stage.load(
            (row.ref, entry.property_ref, entry.value)
            for row in rows
            for entry in row.property_values or ()
            if entry.value
        )
        staging.derive("wanted_value", _WANTED_VALUES, values)
        statement = _SET_VALUES.format(key=staging.new_key())
        touched.update(key for (key,) in staging.fetch(statement, values))
    if any(row.files is not None for row in rows):
        touched.update(_store_files(rows, context, values))
    return touched


def _store_files(
    rows: Sequence[ProductRow], context: StoreContext, values: dict[str, Any]
) -> set[Any]:
    paths = {
        (row.ref, entry.path): (row.ref, entry.path, entry.description[:500], entry.is_picture, n)
        for row in rows
        for n, entry in enumerate(row.files or ())
        if entry.path and len(entry.path) <= _PATH_LENGTH and n < 1000
    }
    _file_stage.load(paths.values())
    touched = {key for (key,) in staging.fetch(_REMOVE_FILES, values)}
    merged: Merged = _file_merge.run(context)
    if merged.created or merged.changed:
        touched.update(key for (key,) in staging.fetch(_TOUCHED_FILES, values))
    return touched


def _note_unknown(rows: Sequence[ProductRow], intake: Intake) -> None:
    """Note groups and properties that nobody has told of."""
    node = {"node": str(intake.context.node_id)}
    groups = {ref for row in rows for ref in row.group_refs}
    unknown = groups - _known("catalog_productgroup", groups, node)
    properties = {entry.property_ref for row in rows for entry in row.property_values or ()}
    strange = properties - _known("catalog_property", properties, node)
    if not unknown and not strange:
        return
    for row in rows:
        for ref in row.group_refs:
            if ref in unknown:
                intake.problem(ProblemCode.UNKNOWN_GROUP, row, ref, element="Группы/Ид")
        for entry in row.property_values or ():
            if entry.property_ref in strange:
                intake.problem(
                    ProblemCode.UNKNOWN_PROPERTY,
                    row,
                    entry.property_ref,
                    element="ЗначенияСвойств/ЗначенияСвойства/Ид",
                )


def _known(table: str, refs: set[str], node: dict[str, str]) -> set[str]:
    if not refs:
        return set()
    found = staging.fetch(
        f"SELECT ref FROM {table} WHERE node_id = %(node)s AND ref = ANY(%(refs)s)",  # noqa: S608
        {**node, "refs": list(refs)},
    )
    return {ref for (ref,) in found}


def _store_variants(rows: Sequence[ProductRow], context: StoreContext, intake: Intake) -> None:
    """Store the characteristics that stand in the identifiers of goods (item#characteristic)."""
    found = {
        (row.ref, row.characteristic_ref): row
        for row in rows
        if row.characteristic_ref and row.ref and len(row.characteristic_ref) <= REF_LENGTH
    }
    if found:
        variants.store_variants(
            (
                Variant(
                    n,
                    row.ref,
                    row.characteristic_ref,
                    variants.name_of(row.characteristics, row.name)[:500],
                    intake.fit_code(row, row.article, 100, "Артикул"),
                    intake.fit_code(row, row.barcode, 50, "Штрихкод"),
                    variants.values_of(row.characteristics),
                    row.is_deleted,
                )
                for n, row in enumerate(found.values())
            ),
            context,
        )
