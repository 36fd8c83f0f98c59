"""Tags go into the journal."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("core", "0006_tags")]

    operations = [CaptureChanges("core.Tag", kind="rows")]
