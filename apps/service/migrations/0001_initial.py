"""Complaints and service requests."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("catalog", "0007_group_links_travel"),
        ("counterparties", "0007_customers"),
        ("sales", "0006_lines_of_made_rows"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ServiceRequest",
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
                ("custom", models.JSONField(blank=True, default=dict, editable=False)),
                ("tags", models.JSONField(blank=True, default=list, verbose_name="tags")),
                (
                    "kind",
                    models.CharField(
                        choices=[("complaint", "Complaint"), ("service", "Service request")],
                        default="service",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("subject", models.CharField(max_length=200, verbose_name="subject")),
                ("text", models.TextField(blank=True, verbose_name="what happened")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("new", "New"),
                            ("in_work", "In work"),
                            ("waiting", "Waiting for the customer"),
                            ("solved", "Solved"),
                            ("rejected", "Declined"),
                        ],
                        default="new",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("is_urgent", models.BooleanField(default=False, verbose_name="urgent")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="deadline")),
                ("taken_at", models.DateTimeField(blank=True, null=True, verbose_name="taken up")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                ("resolution", models.TextField(blank=True, verbose_name="what was done")),
                ("is_archived", models.BooleanField(default=False, verbose_name="archived")),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="entered by",
                    ),
                ),
                (
                    "counterparty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="counterparties.counterparty",
                        verbose_name="counterparty",
                    ),
                ),
                (
                    "invoice",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="sales.invoice",
                        verbose_name="invoice",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="responsible",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="counterparties.contactperson",
                        verbose_name="contact person",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="catalog.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "service request",
                "verbose_name_plural": "service requests",
                "indexes": [
                    models.Index(fields=["-created_at", "-id"], name="request_by_moment"),
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=["due_at", "id"],
                        name="request_open_by_deadline",
                    ),
                    models.Index(
                        fields=["counterparty", "-created_at"], name="request_by_counterparty"
                    ),
                    models.Index(fields=["owner", "state"], name="request_by_owner"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["tags"], name="request_by_tag", opclasses=["jsonb_path_ops"]
                    ),
                ],
            },
        ),
    ]
