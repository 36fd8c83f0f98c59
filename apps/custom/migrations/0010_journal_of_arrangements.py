"""What people arrange goes into the journal, so that it follows them to every office."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("custom", "0009_personal_arrangements"), ("replication", "0001_journal")]
    operations = [CaptureChanges("custom.PersonalArrangement", kind="rows")]
