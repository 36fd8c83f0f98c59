"""The journal tells of all rows of a statement in one line."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0002_journal"),
        ("replication", "0003_lines_of_many_keys"),
    ]
    operations = [
        CaptureChanges("inventory.Warehouse", kind="keys"),
        CaptureChanges("inventory.StockBalance", kind="keys", route="product"),
    ]
