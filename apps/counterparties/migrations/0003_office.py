"""Which office serves a counterparty; its changes count like those of any other column."""

from django.db import migrations, models

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [
        ("counterparties", "0002_journal"),
    ]

    operations = [
        migrations.AddField(
            model_name="counterparty",
            name="office_id",
            field=models.UUIDField(blank=True, null=True, verbose_name="branch office"),
        ),
        migrations.AddIndex(
            model_name="counterparty",
            index=models.Index(
                condition=models.Q(("office_id__isnull", False)),
                fields=["office_id"],
                name="counterparty_by_office",
            ),
        ),
        CaptureChanges("counterparties.Counterparty", kind="rows"),
    ]
