"""What fields and objects are called in 1C goes into the journal."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("custom", "0007_names_in_1c"), ("replication", "0001_journal")]
    operations = [
        CaptureChanges("custom.CustomField", kind="rows"),
        CaptureChanges("custom.CustomObject", kind="rows"),
    ]
