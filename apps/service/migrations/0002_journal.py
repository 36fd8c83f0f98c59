"""Requests go into the journal."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("service", "0001_initial")]

    operations = [CaptureChanges("service.ServiceRequest", kind="rows", route="counterparty")]
