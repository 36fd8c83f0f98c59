"""Which price type is the cost goes into the journal."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("catalog", "0010_journal_of_custom_values"), ("replication", "0001_journal")]
    operations = [CaptureChanges("catalog.PriceType", kind="keys")]
