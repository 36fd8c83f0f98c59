"""Counterparties and their people can hold the fields that administrators add."""

from django.db import migrations, models

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("counterparties", "0005_lines_of_made_rows")]

    operations = [
        migrations.AddField(
            "counterparty", "custom", models.JSONField(blank=True, default=dict, editable=False)
        ),
        migrations.AddField(
            "contactperson", "custom", models.JSONField(blank=True, default=dict, editable=False)
        ),
        CaptureChanges("counterparties.Counterparty", kind="rows"),
        CaptureChanges("counterparties.ContactPerson", kind="rows", route="counterparty"),
    ]  # fmt: skip
