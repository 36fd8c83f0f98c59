"""What people arrange for themselves, as rows that travel."""

import uuid_utils.compat
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("custom", "0008_journal_of_names_in_1c"),
    ]

    operations = [
        migrations.CreateModel(
            name="PersonalArrangement",
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
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="changed")),
                ("user_id", models.UUIDField()),
                ("key", models.CharField(max_length=80)),
                ("value", models.JSONField(null=True)),
            ],
            options={
                "verbose_name": "arrangement of a person",
                "verbose_name_plural": "arrangements of people",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user_id", "key"), name="personal_arrangement_unique_key"
                    )
                ],
            },
        ),
    ]
