"""Changes of the room's tables go into the journal."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("sales", "0001_initial"), ("replication", "0001_journal")]
    operations = [
        CaptureChanges("sales.TradeTerms", kind="rows", route="counterparty"),
        CaptureChanges("sales.Invoice", kind="rows"),
        CaptureChanges("sales.InvoiceLine", kind="rows", route="invoice"),
        CaptureChanges("sales.InvoicePayment", kind="rows", route="invoice"),
        CaptureChanges("sales.Delivery", kind="rows", route="invoice"),
        CaptureChanges("sales.InvoiceConflict", kind="rows", route="invoice"),
        CaptureChanges("sales.InvoiceEvent", kind="keys", route="invoice"),
    ]
