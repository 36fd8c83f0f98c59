"""Activities take tags, and tell of them."""

import django.contrib.postgres.indexes
from django.db import migrations, models

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0005_mentions_in_the_journal"),
        ("replication", "0001_journal"),
    ]

    operations = [
        migrations.AddField(
            model_name="activity",
            name="tags",
            field=models.JSONField(blank=True, default=list, verbose_name="tags"),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["tags"], name="activity_by_tag", opclasses=["jsonb_path_ops"]
            ),
        ),
        CaptureChanges("activities.Activity", kind="rows"),
    ]
