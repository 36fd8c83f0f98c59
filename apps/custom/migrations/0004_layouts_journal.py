"""Changes of layouts and menus go into the journal, so that offices have them too."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("custom", "0003_layouts"), ("replication", "0001_journal")]
    operations = [
        CaptureChanges("custom.CardLayout", kind="rows"),
        CaptureChanges("custom.MenuLayout", kind="rows"),
    ]
