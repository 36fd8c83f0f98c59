"""Readers that keep their place, and what was purged."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("replication", "0001_journal")]
    operations = [
        migrations.CreateModel(
            name="JournalPurge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("through", models.BigIntegerField()),
                ("lines", models.BigIntegerField()),
                ("purged_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "journal purge",
                "verbose_name_plural": "journal purges",
            },
        ),
        migrations.CreateModel(
            name="Reader",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, unique=True)),
                ("position", models.TextField()),
                ("updated_at", models.DateTimeField()),
                ("lines_behind", models.BigIntegerField(default=0)),
                ("oldest_unread_at", models.DateTimeField(null=True)),
                ("alarmed_at", models.DateTimeField(null=True)),
                ("released_at", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name": "journal reader",
                "verbose_name_plural": "journal readers",
            },
        ),
    ]
