"""Rows that are made are one line of the journal for each statement."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("core", "0003_user_preference")]

    operations = [
        CaptureChanges("core.Organization", kind="rows"),
    ]
