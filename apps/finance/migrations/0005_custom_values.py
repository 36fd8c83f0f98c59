"""Payments take fields that administrators add."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("finance", "0004_lines_of_made_rows")]

    operations = [
        migrations.AddField(
            model_name="payment",
            name="custom",
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
    ]
