"""The columns that say how a notice is told are captured like the others."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("notifications", "0004_how_people_are_told")]
    operations = [
        CaptureChanges("notifications.Notification", kind="keys", route="user"),
    ]
