"""The values of own fields of payments go into the journal."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("finance", "0005_custom_values"), ("replication", "0001_journal")]
    operations = [CaptureChanges("finance.Payment", kind="rows")]
