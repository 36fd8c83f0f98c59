"""Capture the changes of people, without their passwords."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("replication", "0004_offices"),
    ]

    operations = [
        CaptureChanges("accounts.User", kind="rows", without=("password", "last_login")),
    ]
