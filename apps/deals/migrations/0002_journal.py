"""Changes of the room's tables go into the journal."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("deals", "0001_initial"), ("replication", "0001_journal")]
    operations = [
        CaptureChanges("deals.Pipeline", kind="rows"),
        CaptureChanges("deals.Stage", kind="rows", route="pipeline"),
        CaptureChanges("deals.LossReason", kind="rows"),
        CaptureChanges("deals.DealSettings", kind="rows"),
        CaptureChanges("deals.SalesPlan", kind="rows"),
        CaptureChanges("deals.Deal", kind="rows"),
        CaptureChanges("deals.DealLine", kind="rows", route="deal"),
        CaptureChanges("deals.DealParticipant", kind="rows", route="deal"),
        CaptureChanges("deals.DealMember", kind="rows", route="deal"),
        CaptureChanges("deals.StageMove", kind="keys", route="deal"),
        CaptureChanges("deals.DealInvoice", kind="keys", route="deal"),
        CaptureChanges("deals.Quotation", kind="rows", route="deal"),
        CaptureChanges("deals.QuotationLine", kind="rows", route="quotation"),
    ]
