"""What a field is computed of goes into the journal, so that offices have it too."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("custom", "0005_computed_fields"), ("replication", "0001_journal")]
    operations = [CaptureChanges("custom.CustomField", kind="rows")]
