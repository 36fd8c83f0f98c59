"""Rows that are made are one line of the journal for each statement."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("sales", "0005_status_in_1c")]

    operations = [
        CaptureChanges("sales.TradeTerms", kind="rows", route="counterparty"),
        CaptureChanges("sales.Invoice", kind="rows"),
        CaptureChanges("sales.InvoiceLine", kind="rows", route="invoice"),
        CaptureChanges("sales.InvoicePayment", kind="rows", route="invoice"),
        CaptureChanges("sales.Delivery", kind="rows", route="invoice"),
        CaptureChanges("sales.InvoiceConflict", kind="rows", route="invoice"),
    ]
