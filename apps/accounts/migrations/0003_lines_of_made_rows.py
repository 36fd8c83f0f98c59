"""Rows that are made are one line of the journal for each statement."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_history")]

    operations = [
        CaptureChanges("accounts.User", kind="rows", without=("password", "last_login")),
    ]
