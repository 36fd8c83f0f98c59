"""Deals take tags, and tell of them."""

import django.contrib.postgres.indexes
from django.db import migrations, models

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("deals", "0002_journal"), ("replication", "0001_journal")]

    operations = [
        migrations.AddField(
            model_name="deal",
            name="tags",
            field=models.JSONField(blank=True, default=list, verbose_name="tags"),
        ),
        migrations.AddIndex(
            model_name="deal",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["tags"], name="deal_by_tag", opclasses=["jsonb_path_ops"]
            ),
        ),
        CaptureChanges("deals.Deal", kind="rows"),
    ]
