"""Changes of the room's tables go into the journal."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial"), ("replication", "0003_lines_of_many_keys")]
    operations = [CaptureChanges("portal.PortalMessage", kind="rows", route="counterparty")]
