"""Rows that are made are one line of the journal for each statement."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("finance", "0003_payment_by_day")]

    operations = [
        CaptureChanges("finance.Payment", kind="rows"),
    ]
