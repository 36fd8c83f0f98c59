"""Changes of the room's tables go into the journal."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("activities", "0001_initial"), ("replication", "0003_lines_of_many_keys")]
    operations = [
        CaptureChanges("activities.Activity", kind="rows"),
        CaptureChanges("activities.ActivityLink", kind="rows", route="activity"),
        CaptureChanges("activities.ActivityPerson", kind="rows", route="activity"),
        CaptureChanges("activities.Comment", kind="rows", route="activity"),
    ]
