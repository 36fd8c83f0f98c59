"""What a register says of a counterparty, and that it was erased, goes into the journal."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("counterparties", "0009_register_and_erasure")]

    operations = [CaptureChanges("counterparties.Counterparty", kind="rows")]
