"""Tags: words that are put on rows of any kind."""

import uuid_utils.compat
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0005_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tag",
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
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("folded_name", models.CharField(editable=False, max_length=60)),
                ("colour", models.PositiveSmallIntegerField(default=0, verbose_name="colour")),
            ],
            options={
                "verbose_name": "tag",
                "verbose_name_plural": "tags",
                "indexes": [models.Index(fields=["folded_name"], name="tag_by_name")],
            },
        ),
    ]
