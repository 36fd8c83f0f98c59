"""Invoices take tags, and tell of them."""

import django.contrib.postgres.indexes
from django.db import migrations, models

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [
        ("sales", "0008_journal_of_custom_values"),
        ("replication", "0001_journal"),
    ]

    operations = [
        migrations.AddField(
            model_name="invoice",
            name="tags",
            field=models.JSONField(blank=True, default=list, verbose_name="tags"),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["tags"], name="invoice_by_tag", opclasses=["jsonb_path_ops"]
            ),
        ),
        CaptureChanges("sales.Invoice", kind="rows"),
    ]
