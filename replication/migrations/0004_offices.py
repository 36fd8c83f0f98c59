"""Branch offices: links, messages, what they hold, conflicts, quarantine."""

import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [
        ("replication", "0003_lines_of_many_keys"),
    ]

    operations = [
        migrations.CreateModel(
            name="Alias",
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
                ("table", models.CharField(max_length=63)),
                ("former", models.UUIDField()),
                ("key", models.UUIDField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("table", "former"), name="alias_unique_former")
                ],
            },
        ),
        migrations.CreateModel(
            name="BranchNode",
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
                (
                    "side",
                    models.CharField(
                        choices=[("centre", "Centre"), ("branch", "Branch office")],
                        default="centre",
                        max_length=6,
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("prefix", models.CharField(max_length=2, verbose_name="number prefix")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting for the office to join"),
                            ("copying", "First copy under way"),
                            ("live", "In exchange"),
                            ("needs_image", "Needs a new copy"),
                            ("revoked", "Access withdrawn"),
                        ],
                        default="waiting",
                        max_length=12,
                    ),
                ),
                ("scope", models.JSONField(default=dict)),
                ("schedule", models.JSONField(default=dict)),
                ("number_block", models.PositiveSmallIntegerField(default=0)),
                ("seats", models.PositiveSmallIntegerField(default=0, verbose_name="seats")),
                ("join_code_digest", models.CharField(blank=True, max_length=64)),
                ("join_code_until", models.DateTimeField(null=True)),
                ("incarnation", models.UUIDField(default=uuid_utils.compat.uuid7)),
                ("public_key", models.BinaryField(default=bytes)),
                ("private_key", models.BinaryField(default=bytes)),
                ("address", models.CharField(blank=True, max_length=300)),
                ("company_id", models.UUIDField(null=True)),
                ("sent_number", models.PositiveBigIntegerField(default=0)),
                ("acknowledged_number", models.PositiveBigIntegerField(default=0)),
                ("received_number", models.PositiveBigIntegerField(default=0)),
                ("is_within_batch", models.BooleanField(default=False)),
                ("position", models.TextField(blank=True)),
                ("acknowledged_position", models.TextField(blank=True)),
                ("scope_sent", models.JSONField(null=True)),
                ("whole_sent", models.JSONField(default=dict)),
                ("clock_offset", models.FloatField(default=0)),
                ("met_at", models.DateTimeField(null=True)),
                ("tried_at", models.DateTimeField(null=True)),
                ("fault", models.CharField(blank=True, max_length=300)),
                ("told", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "branch office",
                "verbose_name_plural": "branch offices",
                "constraints": [
                    models.UniqueConstraint(fields=("prefix",), name="branch_node_unique_prefix"),
                    models.UniqueConstraint(
                        condition=models.Q(("join_code_digest", ""), _negated=True),
                        fields=("join_code_digest",),
                        name="branch_node_unique_code",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Conflict",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("field", "Both changed the same field"),
                            ("deleted", "One deleted what the other changed"),
                            ("parent", "One deleted what the other added to"),
                            ("same_key", "Both entered the same"),
                            ("renamed", "A name or number was given out twice"),
                        ],
                        max_length=10,
                    ),
                ),
                ("table", models.CharField(max_length=63)),
                ("key", models.UUIDField()),
                ("other_key", models.UUIDField(null=True)),
                ("column", models.CharField(blank=True, max_length=63)),
                ("base", models.JSONField(null=True)),
                ("centre", models.JSONField(null=True)),
                ("branch", models.JSONField(null=True)),
                ("centre_author", models.UUIDField(null=True)),
                ("branch_author", models.UUIDField(null=True)),
                ("centre_at", models.DateTimeField(null=True)),
                ("branch_at", models.DateTimeField(null=True)),
                (
                    "winner",
                    models.CharField(
                        choices=[
                            ("centre", "Centre"),
                            ("branch", "Office"),
                            ("sum", "Sum of both"),
                            ("nobody", "Nobody yet"),
                        ],
                        max_length=6,
                    ),
                ),
                ("policy", models.CharField(max_length=10)),
                ("number", models.PositiveBigIntegerField(default=0)),
                ("is_open", models.BooleanField(default=True)),
                ("resolved_by", models.UUIDField(null=True)),
                ("resolved_at", models.DateTimeField(null=True)),
                ("taken", models.CharField(blank=True, max_length=6)),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="conflicts",
                        to="replication.branchnode",
                    ),
                ),
            ],
            options={
                "verbose_name": "conflict",
                "verbose_name_plural": "conflicts",
                "indexes": [
                    models.Index(fields=["-created_at", "-id"], name="conflict_latest"),
                    models.Index(fields=["key"], name="conflict_by_row"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Departed",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("table", models.CharField(max_length=63)),
                ("key", models.UUIDField()),
                ("number", models.PositiveBigIntegerField()),
                (
                    "node",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="replication.branchnode",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("node", "table", "key"), name="departed_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("table", models.CharField(max_length=63)),
                ("key", models.UUIDField()),
                ("is_reference", models.BooleanField(default=False)),
                (
                    "node",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="replication.branchnode",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("node", "table", "key"), name="membership_unique"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MessageLog",
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
                (
                    "direction",
                    models.CharField(choices=[("in", "Received"), ("out", "Sent")], max_length=3),
                ),
                ("incarnation", models.UUIDField()),
                ("number", models.PositiveBigIntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("rows", models.PositiveIntegerField(default=0)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("parked", models.PositiveIntegerField(default=0)),
                ("conflicts", models.PositiveIntegerField(default=0)),
                ("seconds", models.FloatField(default=0)),
                ("position", models.TextField(blank=True)),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="replication.branchnode",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("node", "direction", "incarnation", "number"),
                        name="message_log_number",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MessagePart",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveBigIntegerField()),
                ("offset", models.PositiveBigIntegerField()),
                ("data", models.BinaryField()),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="replication.branchnode",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("node", "number", "offset"), name="message_part_offset"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OutgoingMessage",
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
                ("number", models.PositiveBigIntegerField()),
                ("head", models.BinaryField()),
                ("signature", models.BinaryField()),
                ("body", models.BinaryField()),
                ("rows", models.PositiveIntegerField(default=0)),
                ("position", models.TextField(blank=True)),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outgoing",
                        to="replication.branchnode",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("node", "number"), name="outgoing_message_number"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ParkedChange",
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
                ("number", models.PositiveBigIntegerField()),
                ("table", models.CharField(max_length=63)),
                ("key", models.UUIDField()),
                ("operation", models.CharField(max_length=8)),
                ("author", models.UUIDField(null=True)),
                ("changed_at", models.DateTimeField(null=True)),
                ("row", models.JSONField()),
                ("reason", models.CharField(max_length=20)),
                ("detail", models.CharField(blank=True, max_length=300)),
                ("tried_at", models.DateTimeField(null=True)),
                ("tries", models.PositiveIntegerField(default=0)),
                (
                    "node",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parked",
                        to="replication.branchnode",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("node", "table", "key", "operation", "number"),
                        name="parked_change_unique",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Resend",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("table", models.CharField(max_length=63)),
                ("key", models.UUIDField()),
                (
                    "node",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="replication.branchnode",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("node", "table", "key"), name="resend_unique")
                ],
            },
        ),
        CaptureChanges("replication.BranchNode", kind="keys"),
        CaptureChanges("replication.MessageLog", kind="keys", route="node"),
        CaptureChanges("replication.ParkedChange", kind="keys", route="node"),
        CaptureChanges("replication.Conflict", kind="keys", route="node"),
    ]
