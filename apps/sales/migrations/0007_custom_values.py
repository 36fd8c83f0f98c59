"""Invoices take fields that administrators add; a conflict may be about one of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sales", "0006_lines_of_made_rows")]

    operations = [
        migrations.AddField(
            model_name="invoice",
            name="custom",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
        migrations.AlterField(
            model_name="invoiceconflict", name="field", field=models.CharField(max_length=80)
        ),
    ]
