"""What a register says of a counterparty goes into the journal."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("counterparties", "0009_register_state")]

    operations = [CaptureChanges("counterparties.Counterparty", kind="rows")]
