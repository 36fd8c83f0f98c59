"""Saved views as they were before a change, so that they can be brought back."""

import uuid_utils.compat
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0008_exports"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerView",
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
                ("view_id", models.UUIDField()),
                ("list_key", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=80)),
                ("address", models.TextField(blank=True)),
                (
                    "sharing",
                    models.CharField(
                        choices=[
                            ("private", "Only me"),
                            ("team", "My team"),
                            ("company", "Everybody"),
                        ],
                        max_length=10,
                    ),
                ),
                ("user_id", models.UUIDField()),
                ("team_id", models.UUIDField(blank=True, null=True)),
                ("is_default", models.BooleanField(default=False)),
                ("position", models.PositiveIntegerField(default=0)),
                ("changed_by_id", models.UUIDField()),
                ("changed_at", models.DateTimeField()),
                ("followed_by", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["list_key", "-changed_at", "-id"], name="former_view_of_list"
                    ),
                    models.Index(fields=["changed_at"], name="former_view_by_age"),
                ],
            },
        ),
    ]
