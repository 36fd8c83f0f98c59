"""Forms for the own site, and what was posted."""

import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

import apps.webforms.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="WebForm",
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
                ("name", models.CharField(max_length=80, verbose_name="name")),
                (
                    "key",
                    models.CharField(
                        default=apps.webforms.models.new_key,
                        editable=False,
                        max_length=40,
                        unique=True,
                    ),
                ),
                ("fields", models.JSONField(default=list, verbose_name="fields")),
                ("required", models.JSONField(default=list, verbose_name="required")),
                ("thanks", models.TextField(blank=True, verbose_name="what it says afterwards")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="responsible for the leads",
                    ),
                ),
            ],
            options={
                "verbose_name": "web form",
                "verbose_name_plural": "web forms",
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="WebFormPost",
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
                ("digest", models.CharField(max_length=64)),
                ("counterparty_id", models.UUIDField()),
                (
                    "form",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="posts",
                        to="webforms.webform",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["form", "created_at"], name="web_form_post_by_time")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("form", "digest"), name="web_form_post_once")
                ],
            },
        ),
    ]
