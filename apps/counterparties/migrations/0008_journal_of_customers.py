"""What belongs to customers goes into the journal."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("counterparties", "0007_customers")]

    operations = [
        CaptureChanges("counterparties.Counterparty", kind="rows"),
        CaptureChanges("counterparties.ContactPerson", kind="rows", route="counterparty"),
        CaptureChanges("counterparties.ContactRole", kind="rows", route="counterparty"),
        CaptureChanges("counterparties.ContactPoint", kind="rows", route="counterparty"),
        CaptureChanges("counterparties.ImportantDate", kind="rows", route="counterparty"),
        CaptureChanges("counterparties.Consent", kind="rows", route="counterparty"),
        CaptureChanges("counterparties.Attachment", kind="rows", route="counterparty"),
    ]
