"""Changes of the room's tables go into the journal."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("counterparties", "0001_initial"), ("replication", "0001_journal")]
    operations = [
        CaptureChanges("counterparties.Counterparty", kind="rows"),
        CaptureChanges("counterparties.ContactPerson", kind="rows", route="counterparty"),
        CaptureChanges("counterparties.BankAccount", kind="rows", route="counterparty"),
    ]
