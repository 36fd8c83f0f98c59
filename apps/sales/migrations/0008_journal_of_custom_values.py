"""The values of own fields of invoices go into the journal."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("sales", "0007_custom_values"), ("replication", "0001_journal")]
    operations = [CaptureChanges("sales.Invoice", kind="rows")]
