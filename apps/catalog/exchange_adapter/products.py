"""Products with their groups, property values, files and the variants that stand inside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction

from apps.catalog import own
from apps.catalog.exchange_adapter import variants
from apps.catalog.exchange_adapter.classifier import BY_REF
from apps.catalog.exchange_adapter.goods import Goods
from apps.catalog.exchange_adapter.intake import REF_LENGTH, Intake, stored
from apps.catalog.exchange_adapter.variants import Variant
from apps.catalog.folding import fold
from apps.custom import onec
from apps.custom.fields import named_in_1c
from exchange import staging
from exchange.registry import PreparedAdapter, StoreContext, Stored, register
from exchange.rows import Problem, ProblemCode, ProductRow
from exchange.staging import Encoded, Merge, Staging

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
        "unit_no": "int",
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
        "of_values": "boolean",  # 1C says something of its property values, of its files
        "of_files": "boolean",
    },
)
_unit_stage = Staging("stage_unit_key", {"no": "int", "unit_id": "uuid"})
# A product that says a group we do not know keeps the one it has.
_merge = Merge(
    table="catalog_product",
    source="""
        SELECT s.*, %(node)s::uuid AS node_id, g.id AS group_id, u.unit_id,
            COALESCE(NULLIF(s.kind, ''), c.name, '') AS kind_name
        FROM stage_product s
        LEFT JOIN stage_unit_key u ON u.no = s.unit_no
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
    },
    arbiter=BY_REF,
)

# The products of the batch as they are stored; what belongs to them names their number.
_stored = Staging(
    "stored_product",
    {"n": "int", "product_id": "uuid", "of_values": "boolean", "of_files": "boolean"},
)
_FIND_STORED = """
    SELECT s.n, p.id, s.of_values, s.of_files FROM stage_product s
    JOIN LATERAL (SELECT id FROM catalog_product
        WHERE node_id = %(node)s AND ref = s.ref LIMIT 1) p ON true"""
_touched = Staging("touched_product", {"product_id": "uuid"})

_group_stage = Staging("stage_product_group", {"n": "int", "group_ref": "text"})
_WANTED_GROUPS = """
    SELECT DISTINCT d.product_id, g.id AS group_id
    FROM stage_product_group s
    JOIN stored_product d ON d.n = s.n
    JOIN catalog_productgroup g ON g.node_id = %(node)s AND g.ref = s.group_ref"""
_LINK_GROUPS = """
    WITH removed AS (
        DELETE FROM catalog_productgrouplink l USING stored_product d
        WHERE l.product_id = d.product_id AND NOT EXISTS (SELECT 1 FROM wanted_group w
            WHERE w.product_id = l.product_id AND w.group_id = l.group_id)
        RETURNING l.product_id),
    added AS (
        INSERT INTO catalog_productgrouplink (id, product_id, group_id)
        SELECT gen_random_uuid(), w.product_id, w.group_id FROM wanted_group w
        WHERE NOT EXISTS (SELECT 1 FROM catalog_productgrouplink l
            WHERE l.product_id = w.product_id AND l.group_id = w.group_id)
        RETURNING product_id)
    INSERT INTO touched_product SELECT product_id FROM removed UNION SELECT product_id FROM added"""

_value_stage = Staging(
    "stage_property_value", {"n": "int", "property_ref": "text", "value": "text"}
)
# A value is an entry of the property's dictionary when it is the identifier of one, else itself.
_WANTED_VALUES = """
    SELECT row_number() OVER () AS n, found.* FROM (
    SELECT DISTINCT d.product_id, r.id AS property_id, o.id AS option_id,
        CASE WHEN o.id IS NULL THEN s.value ELSE '' END AS value
    FROM stage_property_value s
    JOIN stored_product d ON d.n = s.n
    JOIN catalog_property r ON r.node_id = %(node)s AND r.ref = s.property_ref
    LEFT JOIN catalog_propertyoption o
        ON o.node_id = %(node)s AND o.property_id = r.id AND o.ref = s.value) found"""
_PRESENT_VALUES = """
    SELECT v.id, v.product_id, v.property_id, v.option_id, v.value
    FROM stored_product d CROSS JOIN LATERAL (
        SELECT * FROM catalog_productpropertyvalue WHERE product_id = d.product_id OFFSET 0) v
    WHERE d.of_values"""
_SET_VALUES = """
    WITH removed AS (
        DELETE FROM catalog_productpropertyvalue WHERE id IN (
            SELECT v.id FROM present_value v WHERE NOT EXISTS (SELECT 1 FROM wanted_value w
                WHERE w.product_id = v.product_id AND w.property_id = v.property_id
                    AND w.option_id IS NOT DISTINCT FROM v.option_id AND w.value = v.value))
        RETURNING product_id),
    added AS (
        INSERT INTO catalog_productpropertyvalue
            (id, created_at, updated_at, product_id, property_id, option_id, value)
        SELECT {key}, %(now)s, %(now)s, w.product_id, w.property_id, w.option_id, w.value
        FROM wanted_value w
        WHERE NOT EXISTS (SELECT 1 FROM present_value v
            WHERE v.product_id = w.product_id AND v.property_id = w.property_id
                AND w.option_id IS NOT DISTINCT FROM v.option_id AND w.value = v.value)
        RETURNING product_id)
    INSERT INTO touched_product SELECT product_id FROM removed UNION SELECT product_id FROM added"""

_file_stage = Staging(
    "stage_product_file",
    {
        "n": "int",
        "product": "int",
        "path": "text",
        "description": "text",
        "is_picture": "boolean",
        "position": "int",
    },
)
_file_merge = Merge(
    table="catalog_productfile",
    source="""
        SELECT s.n, d.product_id, s.path, s.description, s.is_picture, s.position,
            COALESCE(a.digest, '') AS digest, COALESCE(a.size, 0) AS size
        FROM stage_product_file s
        JOIN stored_product d ON d.n = s.product
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
    WITH removed AS (
        DELETE FROM catalog_productfile f USING stored_product d
        WHERE d.of_files AND f.product_id = d.product_id
            AND NOT EXISTS (SELECT 1 FROM stage_product_file w
                WHERE w.product = d.n AND w.path = f.path)
        RETURNING f.product_id)
    INSERT INTO touched_product SELECT DISTINCT product_id FROM removed"""
_TOUCHED_FILES = """
    INSERT INTO touched_product SELECT DISTINCT f.product_id FROM catalog_productfile f
    JOIN stored_product d ON d.product_id = f.product_id WHERE f.updated_at = %(now)s"""
_TOUCHED_OWN = "INSERT INTO touched_product SELECT unnest(%(keys)s::uuid[])"
# A product whose links, values or files changed has changed itself: its version rises once.
_TOUCH = """
    UPDATE catalog_product SET updated_at = %(now)s
    WHERE id IN (SELECT product_id FROM touched_product) AND updated_at <> %(now)s"""

_ARCHIVE = """
    UPDATE catalog_product p SET is_archived = true, updated_at = %(now)s
    WHERE p.node_id = %(node)s AND p.catalog_ref = %(catalog)s AND NOT p.is_archived
        AND NOT EXISTS (SELECT 1 FROM seen WHERE key = p.id)"""
_MISSING = """
    SELECT count(*), count(*) FILTER (WHERE seen.key IS NULL)
    FROM catalog_product p LEFT JOIN seen ON seen.key = p.id
    WHERE p.node_id = %(node)s AND p.catalog_ref = %(catalog)s AND NOT p.is_archived"""


class _Products(NamedTuple):
    intake: Intake
    read: int
    refused: int
    unique: list[ProductRow]
    units: list[tuple[str, str]]  # what the rows call their units, by number
    encoded: Encoded
    groups: Encoded
    values: Encoded | None  # nothing: no row speaks of values
    files: Encoded | None
    group_refs: set[str]
    property_refs: set[str]
    variants: Encoded


@register
class ProductAdapter(PreparedAdapter[ProductRow, _Products]):
    """Products of a catalogue; the bytes of their pictures arrive as files of their own."""

    row_type = ProductRow
    kind = "products"
    rank = 50

    def prepare(self, rows: Sequence[ProductRow], context: StoreContext) -> _Products:
        """Keep the last row of each product and encode it with what belongs to it."""
        intake = Intake(context, "Товар")
        unique = intake.latest_by_ref(rows)
        units: dict[tuple[str, str], int] = {}
        encoded = _stage.encode(_staged(unique, units, intake))
        speaks_of_values = any(row.property_values is not None for row in unique)
        speaks_of_files = any(row.files is not None for row in unique)
        return _Products(
            intake,
            len(rows),
            sum(1 for row in rows if not 0 < len(row.ref) <= REF_LENGTH),
            unique,
            list(units),
            encoded,
            _group_stage.encode(
                (n, ref) for n, row in enumerate(unique) for ref in row.group_refs[1:]
            ),
            _value_stage.encode(
                (n, entry.property_ref, entry.value)
                for n, row in enumerate(unique)
                for entry in row.property_values or ()
                if entry.value
            )
            if speaks_of_values
            else None,
            _file_stage.encode(_files_of(unique)) if speaks_of_files else None,
            {ref for row in unique for ref in row.group_refs},
            {entry.property_ref for row in unique for entry in row.property_values or ()},
            _variants(rows, context, intake),
        )

    @transaction.atomic
    def apply(self, prepared: _Products, context: StoreContext) -> Stored:
        """Store products; what 1C says nothing of (pictures, properties) stays as it is."""
        values = {"node": str(context.node_id), "now": context.now}
        _unit_stage.load(enumerate(_units(prepared.units, context)))
        _stage.load(prepared.encoded)
        merged = _merge.run(context, seen=self.kind)
        _touched.load(())
        _store_belongings(prepared, context, values)
        _fill_own_fields(prepared, context)
        also = staging.execute(_TOUCH, values)
        _note_unknown(prepared)
        if prepared.variants.has_rows:
            variants.store_variants(prepared.variants, context)
        return stored(
            prepared.intake, prepared.read, merged, changed=also, refused=prepared.refused
        )

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


def _units(named: Sequence[tuple[str, str]], context: StoreContext) -> list[str | None]:
    """Return the key of each unit the rows name; one no directory told of is made."""
    if not named:
        return []
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
    return [_find_unit(known, pair) for pair in named]


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
    rows: Sequence[ProductRow], units: dict[tuple[str, str], int], intake: Intake
) -> Iterator[tuple[Any, ...]]:
    for n, row in enumerate(rows):
        unit = row.unit_ref, row.unit_name
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
            units.setdefault(unit, len(units)) if any(unit) else None,
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
            row.property_values is not None,
            row.files is not None,
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


def _files_of(rows: Sequence[ProductRow]) -> Iterator[tuple[Any, ...]]:
    n = 0
    for product, row in enumerate(rows):
        paths = set()
        for position, entry in enumerate((row.files or ())[:1000]):
            if 0 < len(entry.path) <= _PATH_LENGTH and entry.path not in paths:
                paths.add(entry.path)
                yield n, product, entry.path, entry.description[:500], entry.is_picture, position
                n += 1


def _store_belongings(prepared: _Products, context: StoreContext, values: dict[str, Any]) -> None:
    """Store further groups, property values and files; note the products they changed for."""
    _stored.fill(_FIND_STORED, values)
    _group_stage.load(prepared.groups)
    staging.derive("wanted_group", _WANTED_GROUPS, values)
    staging.execute(_LINK_GROUPS, values)
    if prepared.values is not None:
        _value_stage.load(prepared.values)
        staging.derive("wanted_value", _WANTED_VALUES, values)
        staging.derive("present_value", _PRESENT_VALUES, values)
        staging.execute(_SET_VALUES.format(key=staging.numbered_key("w.n")), values)
    if prepared.files is not None:
        _file_stage.load(prepared.files)
        staging.execute(_REMOVE_FILES, values)
        merged = _file_merge.run(context)
        if merged.created or merged.changed:
            staging.execute(_TOUCHED_FILES, values)


def _fill_own_fields(prepared: _Products, context: StoreContext) -> None:
    """Bring own fields that stand in properties to what the batch says of them."""
    if prepared.values is None or not named_in_1c(onec.GOODS):
        return
    keys = [
        key for (key,) in staging.fetch("SELECT product_id FROM stored_product WHERE of_values", {})
    ]
    lines = {row.ref: row for row in prepared.unique}
    filled = own.fill_products(now=None, keys=keys, node_id=context.node_id)
    staging.execute(_TOUCHED_OWN, {"keys": filled.changed})
    for each in filled.unread:
        prepared.intake.problem(
            each.code, lines[each.ref], each.text,
            element=f"ЗначенияСвойств/ЗначенияСвойства/{each.field.name_1c}", kept="former_value",
        )  # fmt: skip


def _note_unknown(prepared: _Products) -> None:
    """Note groups and properties that nobody has told of."""
    intake = prepared.intake
    node = {"node": str(intake.context.node_id)}
    unknown = prepared.group_refs - _known("catalog_productgroup", prepared.group_refs, node)
    strange = prepared.property_refs - _known("catalog_property", prepared.property_refs, node)
    if not unknown and not strange:
        return
    for row in prepared.unique:
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


def _variants(rows: Sequence[ProductRow], context: StoreContext, intake: Intake) -> Encoded:
    """Return the characteristics that stand in the identifiers of goods (item#characteristic)."""
    number = Goods.of(context).number
    found = {
        number(row.ref, row.characteristic_ref): row
        for row in rows
        if row.characteristic_ref and row.ref and len(row.characteristic_ref) <= REF_LENGTH
    }
    return variants.encode(
        Variant(
            n,
            k,
            row.characteristic_ref,
            variants.name_of(row.characteristics, row.name)[:500],
            intake.fit_code(row, row.article, 100, "Артикул"),
            intake.fit_code(row, row.barcode, 50, "Штрихкод"),
            variants.values_of(row.characteristics),
            row.is_deleted,
        )
        for n, (k, row) in enumerate(found.items())
    )
