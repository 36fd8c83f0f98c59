"""The values of own fields of products go into the journal."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("catalog", "0009_custom_values"), ("replication", "0001_journal")]
    operations = [CaptureChanges("catalog.Product", kind="fields")]
