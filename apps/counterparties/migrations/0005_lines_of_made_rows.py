"""Rows that are made are one line of the journal for each statement."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("counterparties", "0004_customer_card")]

    operations = [
        CaptureChanges("counterparties.Counterparty", kind="rows"),
        CaptureChanges("counterparties.ContactPerson", kind="rows", route="counterparty"),
        CaptureChanges("counterparties.BankAccount", kind="rows", route="counterparty"),
    ]
