"""Layouts of cards and menus, for everybody or for a role."""

import uuid_utils.compat
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("custom", "0002_journal"),
    ]

    operations = [
        migrations.CreateModel(
            name="MenuLayout",
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
                ("role", models.CharField(blank=True, max_length=40, unique=True)),
                ("entries", models.JSONField(default=list)),
            ],
            options={
                "verbose_name": "menu of a role",
                "verbose_name_plural": "menus of roles",
            },
        ),
        migrations.CreateModel(
            name="CardLayout",
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
                ("kind", models.CharField(max_length=60)),
                ("role", models.CharField(blank=True, max_length=40)),
                ("value", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "layout of a card",
                "verbose_name_plural": "layouts of cards",
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "role"), name="card_layout_unique_role")
                ],
            },
        ),
    ]
