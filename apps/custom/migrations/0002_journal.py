"""Changes of the room's tables go into the journal."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("custom", "0001_initial"), ("replication", "0001_journal")]
    operations = [
        CaptureChanges("custom.CustomField", kind="rows"),
        CaptureChanges("custom.CustomObject", kind="rows"),
        CaptureChanges("custom.CustomRow", kind="rows"),
    ]
