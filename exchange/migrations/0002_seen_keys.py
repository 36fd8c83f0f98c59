"""What a run has named, so that its end knows what it left out."""

import django.contrib.postgres.fields
import uuid_utils.compat
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_exchange_tables")]

    operations = [
        migrations.CreateModel(
            name="SeenKeys",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("node_id", models.UUIDField()),
                ("session_id", models.UUIDField()),
                ("kind", models.CharField(max_length=20)),
                ("catalog_ref", models.CharField(blank=True, max_length=120)),
                (
                    "keys",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), size=None
                    ),
                ),
            ],
            options={
                "verbose_name": "keys seen in a run",
                "verbose_name_plural": "keys seen in a run",
                "indexes": [
                    models.Index(fields=["node_id", "session_id", "kind"], name="exchange_seen_run")
                ],
            },
        )
    ]
