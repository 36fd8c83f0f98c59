"""Payments are shown newest first, a page at a time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("finance", "0002_journal")]

    operations = [
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["paid_on", "id"], name="payment_by_day"),
        )
    ]
