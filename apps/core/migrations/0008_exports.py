"""Exports in the background, and by the clock."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0007_journal_of_tags"),
    ]

    operations = [
        migrations.CreateModel(
            name="ExportSchedule",
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
                ("list_key", models.CharField(max_length=60)),
                ("title", models.CharField(max_length=120)),
                ("address", models.TextField(blank=True)),
                ("view_id", models.UUIDField(blank=True, null=True)),
                ("columns", models.JSONField(default=list)),
                ("kind", models.CharField(max_length=4)),
                (
                    "every",
                    models.CharField(
                        choices=[("day", "every day"), ("week", "every week")],
                        max_length=5,
                        verbose_name="how often",
                    ),
                ),
                (
                    "weekday",
                    models.PositiveSmallIntegerField(default=0, verbose_name="day of the week"),
                ),
                ("hour", models.PositiveSmallIntegerField(default=7, verbose_name="hour")),
                ("next_at", models.DateTimeField()),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_active", True)),
                        fields=["next_at", "id"],
                        name="export_schedule_due",
                    ),
                    models.Index(fields=["user_id", "id"], name="export_schedule_of_person"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportJob",
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
                ("list_key", models.CharField(max_length=60)),
                ("title", models.CharField(max_length=120)),
                ("address", models.TextField(blank=True)),
                ("columns", models.JSONField(default=list)),
                ("kind", models.CharField(max_length=4)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("running", "at work"),
                            ("done", "done"),
                            ("refused", "refused"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("file", models.CharField(blank=True, max_length=200)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "schedule",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.exportschedule",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["user_id", "-created_at", "-id"], name="export_job_of_person"
                    ),
                    models.Index(fields=["state", "updated_at"], name="export_job_by_state"),
                ],
            },
        ),
    ]
