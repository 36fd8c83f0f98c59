"""Mentions go into the journal, with the activity they are in."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0004_mentions"),
        ("replication", "0003_lines_of_many_keys"),
    ]
    operations = [CaptureChanges("activities.Mention", kind="rows", route="activity")]
