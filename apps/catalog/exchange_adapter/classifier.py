"""Groups, properties with their dictionaries, units, categories and price types.

CommerceML 2.03 to 3.1, «Классификатор» and «ПакетПредложений/ТипыЦен».
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from apps.catalog.exchange_adapter.intake import Intake, stored
from exchange import staging
from exchange.registry import Adapter, StoreContext, Stored, register
from exchange.rows import (
    CategoryRow,
    GroupRow,
    PriceTypeRow,
    ProblemCode,
    PropertyOptionRow,
    PropertyRow,
    UnitRow,
)
from exchange.staging import Merge, Staging
from tenants.current import current_company

BY_REF = "(node_id, ref) WHERE node_id IS NOT NULL"
# A name that a later file leaves out stays; a row that never had one is called by its identifier.
NAME = "COALESCE(NULLIF(i.name, ''), t.name, i.ref)"
FALSE = {"is_archived": "false"}


# Rows made in the CRM become the node's when 1C sends them under the same name. The name is emptied
# so that the merge writes the row and counts it as changed.
def adopting(table: str, stage: str, same: str) -> str:
    return f"""
        UPDATE {table} t SET node_id = %(node)s, ref = s.ref, name = ''
        FROM (SELECT DISTINCT ON (chosen.id) chosen.id, s.ref FROM {stage} s
              JOIN LATERAL (SELECT o.id FROM {table} o
                  WHERE o.node_id IS NULL AND ({same}) ORDER BY o.id LIMIT 1) chosen ON true
              WHERE NOT EXISTS (SELECT 1 FROM {table} e
                  WHERE e.node_id = %(node)s AND e.ref = s.ref)
              ORDER BY chosen.id, s.n) s
        WHERE t.id = s.id"""  # noqa: S608 - names of our own tables


@register
class GroupAdapter(Adapter[GroupRow]):
    """The tree of groups, in any order: a parent may come after its children."""

    row_type = GroupRow
    kind = "groups"
    rank = 20

    stage = Staging(
        "stage_group",
        {
            "n": "int",
            "ref": "text",
            "parent_ref": "text",
            "name": "text",
            "position": "int",
            "is_archived": "boolean",
        },
    )
    merge = Merge(
        table="catalog_productgroup",
        source="SELECT s.*, %(node)s::uuid AS node_id FROM stage_group s",
        key=("node_id", "ref"),
        columns={
            "name": NAME,
            "parent_ref": "i.parent_ref",
            "position": "i.position",
            "is_archived": "i.is_archived",
        },
        arbiter=BY_REF,
    )
    place = """
        UPDATE catalog_productgroup g SET parent_id = p.id, updated_at = %(now)s
        FROM catalog_productgroup c LEFT JOIN catalog_productgroup p
            ON p.node_id = c.node_id AND p.ref = c.parent_ref AND p.id <> c.id
        WHERE c.node_id = %(node)s AND g.id = c.id AND g.parent_id IS DISTINCT FROM p.id
        RETURNING g.id, g.created_at = %(now)s"""

    @transaction.atomic
    def store(self, rows: Sequence[GroupRow], context: StoreContext) -> Stored:
        """Store groups, then set every parent that is known by now."""
        intake = Intake(context, "Группа")
        unique = intake.latest_by_ref(rows)
        self.stage.load(
            (
                n,
                row.ref,
                intake.fit_code(row, row.parent_ref, 120, "Группы"),
                intake.fit(row, row.name, 250, "Наименование"),
                row.position,
                row.is_deleted,
            )
            for n, row in enumerate(unique)
        )
        merged = self.merge.run(context, seen=self.kind)
        staging.fetch(self.place, {"node": str(context.node_id), "now": context.now})
        return stored(intake, rows, merged)

    def finish_run(self, context: StoreContext) -> Stored:
        """Forget what runs of long ago had named."""
        staging.forget_seen(node_id=context.node_id, now=context.now)
        return Stored()


@register
class PropertyAdapter(Adapter[PropertyRow]):
    """Properties; their values come with the products, their dictionaries as rows of their own."""

    row_type = PropertyRow
    kind = "properties"
    rank = 30

    stage = Staging(
        "stage_property",
        {
            "n": "int",
            "ref": "text",
            "name": "text",
            "value_type": "text",
            "is_multiple": "boolean",
            "is_archived": "boolean",
        },
    )
    merge = Merge(
        table="catalog_property",
        source="SELECT s.*, %(node)s::uuid AS node_id FROM stage_property s",
        key=("node_id", "ref"),
        columns={
            "name": NAME,
            "value_type": "COALESCE(NULLIF(i.value_type, ''), t.value_type, 'string')",
            "is_multiple": "i.is_multiple",
            "is_archived": "i.is_archived",
        },
        arbiter=BY_REF,
    )

    @transaction.atomic
    def store(self, rows: Sequence[PropertyRow], context: StoreContext) -> Stored:
        """Store properties."""
        intake = Intake(context, "Свойство")
        self.stage.load(
            (
                n,
                row.ref,
                intake.fit(row, row.name, 250, "Наименование"),
                row.value_type[:10],
                row.is_multiple,
                row.is_deleted,
            )
            for n, row in enumerate(intake.latest_by_ref(rows))
        )
        return stored(intake, rows, self.merge.run(context))


@register
class PropertyOptionAdapter(Adapter[PropertyOptionRow]):
    """Entries of the properties' dictionaries."""

    row_type = PropertyOptionRow
    kind = "property_options"
    rank = 31

    stage = Staging(
        "stage_option", {"n": "int", "property_ref": "text", "ref": "text", "value": "text"}
    )
    merge = Merge(
        table="catalog_propertyoption",
        source="""
            SELECT s.n, s.ref, s.value, %(node)s::uuid AS node_id, p.id AS property_id
            FROM stage_option s LEFT JOIN catalog_property p
                ON p.node_id = %(node)s AND p.ref = s.property_ref""",
        key=("node_id", "property_id", "ref"),
        columns={"value": "i.value"},
        arbiter="(node_id, property_id, ref)",
        defaults=FALSE,
        faults={"unknown_property": "i.property_id IS NULL"},
    )

    @transaction.atomic
    def store(self, rows: Sequence[PropertyOptionRow], context: StoreContext) -> Stored:
        """Store dictionary entries of known properties."""
        intake = Intake(context, "Свойство/ВариантыЗначений/Справочник")
        unique = list(
            {
                (row.property_ref, row.ref): row for row in rows if row.ref and len(row.ref) <= 120
            }.values()
        )
        self.stage.load((n, row.property_ref, row.ref, row.value) for n, row in enumerate(unique))
        merged = self.merge.run(context)
        for fault in merged.faults:
            row = unique[fault.number]
            intake.problem(ProblemCode.UNKNOWN_PROPERTY, row, row.property_ref, kept="nothing")
        return stored(intake, rows, merged, refused=len(merged.faults))


@register
class UnitAdapter(Adapter[UnitRow]):
    """Units; one made in the CRM is taken over when 1C sends the same code or name."""

    row_type = UnitRow
    kind = "units"
    rank = 10

    stage = Staging(
        "stage_unit",
        {
            "n": "int",
            "ref": "text",
            "code": "text",
            "name": "text",
            "full_name": "text",
            "international": "text",
            "is_archived": "boolean",
        },
    )
    adopt = adopting(
        "catalog_unit",
        "stage_unit",
        "s.name <> '' AND (lower(o.name) = lower(s.name) OR (s.code <> '' AND o.code = s.code))",
    )
    merge = Merge(
        table="catalog_unit",
        source="SELECT s.*, %(node)s::uuid AS node_id FROM stage_unit s",
        key=("node_id", "ref"),
        columns={
            "name": "COALESCE(NULLIF(i.name, ''), NULLIF(t.name, ''), left(i.ref, 50))",
            "code": "COALESCE(NULLIF(i.code, ''), t.code, '')",
            "full_name": "COALESCE(NULLIF(i.full_name, ''), t.full_name, '')",
            "international": "COALESCE(NULLIF(i.international, ''), t.international, '')",
            "is_archived": "i.is_archived",
        },
        arbiter=BY_REF,
    )

    @transaction.atomic
    def store(self, rows: Sequence[UnitRow], context: StoreContext) -> Stored:
        """Store units; what a later file leaves out of one stays."""
        intake = Intake(context, "БазоваяЕдиница")
        self.stage.load(
            (
                n,
                row.ref,
                intake.fit_code(row, row.code, 10, "Код"),
                intake.fit(row, row.name, 50, ""),
                intake.fit(row, row.full_name, 150, "НаименованиеПолное"),
                intake.fit_code(row, row.international, 10, "МеждународноеСокращение"),
                row.is_deleted,
            )
            for n, row in enumerate(intake.latest_by_ref(rows))
        )
        staging.execute(self.adopt, {"node": str(context.node_id)})
        return stored(intake, rows, self.merge.run(context))


@register
class CategoryAdapter(Adapter[CategoryRow]):
    """«Категория»: names the kind of products that only point at it."""

    row_type = CategoryRow
    kind = "categories"
    rank = 35

    stage = Staging(
        "stage_category", {"n": "int", "ref": "text", "name": "text", "is_archived": "boolean"}
    )
    merge = Merge(
        table="catalog_productcategory",
        source="SELECT s.*, %(node)s::uuid AS node_id FROM stage_category s",
        key=("node_id", "ref"),
        columns={"name": NAME, "is_archived": "i.is_archived"},
        arbiter=BY_REF,
    )

    @transaction.atomic
    def store(self, rows: Sequence[CategoryRow], context: StoreContext) -> Stored:
        """Store categories."""
        intake = Intake(context, "Категория")
        self.stage.load(
            (n, row.ref, intake.fit(row, row.name, 250, "Наименование"), row.is_deleted)
            for n, row in enumerate(intake.latest_by_ref(rows))
        )
        return stored(intake, rows, self.merge.run(context))


@register
class PriceTypeAdapter(Adapter[PriceTypeRow]):
    """Price types: matched by identifier, then by name with one that belongs to no 1C yet."""

    row_type = PriceTypeRow
    kind = "price_types"
    rank = 40

    stage = Staging(
        "stage_price_type",
        {
            "n": "int",
            "ref": "text",
            "name": "text",
            "currency": "text",
            "is_tax_included": "boolean",
            "is_archived": "boolean",
        },
    )
    adopt = adopting(
        "catalog_pricetype", "stage_price_type", "s.name <> '' AND lower(o.name) = lower(s.name)"
    )
    merge = Merge(
        table="catalog_pricetype",
        source="SELECT s.*, %(node)s::uuid AS node_id FROM stage_price_type s",
        key=("node_id", "ref"),
        columns={
            "name": NAME,
            "currency": "COALESCE(NULLIF(i.currency, ''), NULLIF(t.currency, ''), %(currency)s)",
            "is_tax_included": "COALESCE(i.is_tax_included, t.is_tax_included, true)",
            "is_archived": "i.is_archived",
        },
        arbiter=BY_REF,
        defaults={"is_default": "false"},
    )

    @transaction.atomic
    def store(self, rows: Sequence[PriceTypeRow], context: StoreContext) -> Stored:
        """Store price types; an unknown currency is the company's own."""
        intake = Intake(context, "ТипЦены")
        self.stage.load(
            (
                n,
                row.ref,
                intake.fit(row, row.name, 250, "Наименование"),
                row.currency[:3],
                row.tax_included,
                row.is_deleted,
            )
            for n, row in enumerate(intake.latest_by_ref(rows))
        )
        staging.execute(self.adopt, {"node": str(context.node_id)})
        currency = current_company().currency
        return stored(intake, rows, self.merge.run(context, parameters={"currency": currency}))
