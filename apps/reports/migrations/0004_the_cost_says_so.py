"""The price type that is the cost says so itself, for who may not see it, at every office too."""

from django.db import migrations

MARK = """
    UPDATE catalog_pricetype SET is_cost = true, updated_at = now()
    WHERE NOT is_cost AND id IN (SELECT cost_price_type_id FROM reports_reportsettings)"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0003_report_by_any_field"),
        ("catalog", "0010_journal_of_custom_values"),
    ]
    operations = [migrations.RunSQL(MARK, migrations.RunSQL.noop)]
