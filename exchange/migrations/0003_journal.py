"""Runs, problems and connections show live: their changes go into the journal."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("exchange", "0002_seen_keys"), ("replication", "0001_journal")]
    operations = [
        CaptureChanges("exchange.Node", kind="keys"),
        CaptureChanges("exchange.ExchangeSession", kind="keys", route="node"),
        CaptureChanges("exchange.UploadedFile", kind="keys", route="session"),
        CaptureChanges("exchange.SessionProblem", kind="keys", route="session"),
    ]
