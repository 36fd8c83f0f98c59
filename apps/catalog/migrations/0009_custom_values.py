"""Products take fields that administrators add; one price type may be the cost."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0008_search_by_parts")]

    operations = [
        migrations.AddField(
            model_name="product",
            name="custom",
            field=models.JSONField(blank=True, db_default={}, default=dict, editable=False),
        ),
        migrations.AddField(
            model_name="pricetype",
            name="is_cost",
            field=models.BooleanField(db_default=False, default=False, verbose_name="the cost"),
        ),
    ]
