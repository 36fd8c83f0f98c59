"""Customers as a sales manager knows them: status, roles, further contacts, dates, files."""

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models

import apps.core.searching


class Migration(migrations.Migration):
    dependencies = [
        ("counterparties", "0006_custom_values"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
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
                ("kind", models.CharField(max_length=40)),
                ("key", models.UUIDField()),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                ("digest", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField(verbose_name="size")),
                ("content_type", models.CharField(max_length=100)),
                ("is_archived", models.BooleanField(default=False, verbose_name="archived")),
            ],
            options={
                "verbose_name": "file",
                "verbose_name_plural": "files",
            },
        ),
        migrations.CreateModel(
            name="Consent",
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
                ("given_on", models.DateField(verbose_name="given on")),
                ("text_version", models.CharField(max_length=100, verbose_name="text and version")),
                (
                    "channel",
                    models.CharField(blank=True, max_length=100, verbose_name="how it was given"),
                ),
                (
                    "withdrawn_on",
                    models.DateField(blank=True, null=True, verbose_name="withdrawn on"),
                ),
            ],
            options={
                "verbose_name": "consent",
                "verbose_name_plural": "consents",
            },
        ),
        migrations.CreateModel(
            name="ContactPoint",
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
                (
                    "kind",
                    models.CharField(
                        choices=[("phone", "Phone"), ("email", "E-mail"), ("address", "Address")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=40, verbose_name="label")),
                ("value", models.CharField(max_length=500, verbose_name="value")),
                ("normalized", models.CharField(blank=True, editable=False, max_length=254)),
            ],
            options={
                "verbose_name": "phone, e-mail or address",
                "verbose_name_plural": "phones, e-mails and addresses",
            },
        ),
        migrations.CreateModel(
            name="ContactRole",
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
                ("role", models.CharField(blank=True, max_length=150, verbose_name="role")),
            ],
            options={
                "verbose_name": "role of a contact person",
                "verbose_name_plural": "roles of contact persons",
            },
        ),
        migrations.CreateModel(
            name="HandOver",
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
                ("keys", models.JSONField(default=dict)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ImportantDate",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("birthday", "Birthday"),
                            ("anniversary", "Anniversary"),
                            ("other", "Other"),
                        ],
                        default="birthday",
                        max_length=15,
                        verbose_name="kind",
                    ),
                ),
                ("label", models.CharField(blank=True, max_length=100, verbose_name="label")),
                ("on", models.DateField(verbose_name="date")),
                ("is_yearly", models.BooleanField(default=True, verbose_name="every year")),
            ],
            options={
                "verbose_name": "important date",
                "verbose_name_plural": "important dates",
            },
        ),
        migrations.AddField(
            model_name="contactperson",
            name="born_on",
            field=models.DateField(blank=True, null=True, verbose_name="birthday"),
        ),
        migrations.AddField(
            model_name="contactperson",
            name="comment",
            field=models.TextField(blank=True, verbose_name="comment"),
        ),
        migrations.AddField(
            model_name="contactperson",
            name="further_contacts",
            field=models.TextField(blank=True, default="", editable=False),
        ),
        migrations.AddField(
            model_name="contactperson",
            name="is_archived",
            field=models.BooleanField(default=False, verbose_name="archived"),
        ),
        migrations.AddField(
            model_name="contactperson",
            name="preferences",
            field=models.TextField(blank=True, verbose_name="preferences"),
        ),
        migrations.AddField(
            model_name="counterparty",
            name="further_contacts",
            field=models.TextField(blank=True, default="", editable=False),
        ),
        migrations.AddField(
            model_name="counterparty",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="children",
                to="counterparties.counterparty",
                verbose_name="belongs to",
            ),
        ),
        migrations.AddField(
            model_name="contactperson",
            name="tags",
            field=models.JSONField(blank=True, default=list, verbose_name="tags"),
        ),
        migrations.AddField(
            model_name="counterparty",
            name="is_competitor",
            field=models.BooleanField(default=False, verbose_name="competitor"),
        ),
        migrations.AddField(
            model_name="counterparty",
            name="is_customer",
            field=models.BooleanField(default=True, verbose_name="customer"),
        ),
        migrations.AddField(
            model_name="counterparty",
            name="is_partner",
            field=models.BooleanField(default=False, verbose_name="partner"),
        ),
        migrations.AddField(
            model_name="counterparty",
            name="is_supplier",
            field=models.BooleanField(default=False, verbose_name="supplier"),
        ),
        migrations.AddField(
            model_name="counterparty",
            name="is_vip",
            field=models.BooleanField(default=False, verbose_name="VIP"),
        ),
        migrations.AddField(
            model_name="counterparty",
            name="preferences",
            field=models.TextField(blank=True, verbose_name="preferences"),
        ),
        migrations.AddField(
            model_name="counterparty",
            name="rejected_because",
            field=models.CharField(blank=True, max_length=200, verbose_name="reason for declining"),
        ),
        migrations.AddField(
            model_name="counterparty",
            name="source",
            field=models.CharField(blank=True, max_length=80, verbose_name="source"),
        ),
        migrations.AddField(
            model_name="counterparty",
            name="status",
            field=models.CharField(
                choices=[
                    ("unsorted", "Unsorted"),
                    ("lead", "Lead"),
                    ("qualified", "Qualified"),
                    ("customer", "Active"),
                    ("rejected", "Rejected"),
                ],
                default="customer",
                max_length=10,
                verbose_name="status",
            ),
        ),
        migrations.AddField(
            model_name="counterparty",
            name="tags",
            field=models.JSONField(blank=True, default=list, verbose_name="tags"),
        ),
        migrations.AddField(
            model_name="counterparty",
            name="website",
            field=models.CharField(blank=True, max_length=200, verbose_name="website"),
        ),
        migrations.AddField(
            model_name="attachment",
            name="author",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="attachment",
            name="counterparty",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="counterparties.counterparty",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="counterparty",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="consents",
                to="counterparties.counterparty",
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="person",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="consents",
                to="counterparties.contactperson",
            ),
        ),
        migrations.AddField(
            model_name="contactpoint",
            name="counterparty",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="points",
                to="counterparties.counterparty",
            ),
        ),
        migrations.AddField(
            model_name="contactpoint",
            name="person",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="points",
                to="counterparties.contactperson",
            ),
        ),
        migrations.AddField(
            model_name="contactrole",
            name="counterparty",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="further_people",
                to="counterparties.counterparty",
            ),
        ),
        migrations.AddField(
            model_name="contactrole",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="roles",
                to="counterparties.contactperson",
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="author",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="giver",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="receiver",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="importantdate",
            name="counterparty",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="dates",
                to="counterparties.counterparty",
            ),
        ),
        migrations.AddField(
            model_name="contactperson",
            name="search_text",
            field=models.GeneratedField(
                db_persist=True,
                expression=apps.core.searching.Joined(
                    models.Value(" "),
                    apps.core.searching.Folded(
                        apps.core.searching.Joined(
                            models.F("full_name"),
                            models.Value(" "),
                            models.F("email"),
                            models.Value(" "),
                            models.F("job_title"),
                            models.Value(" "),
                            models.F("further_contacts"),
                        )
                    ),
                    models.Value(" "),
                    apps.core.searching.Digits(models.F("phone")),
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddField(
            model_name="counterparty",
            name="search_text",
            field=models.GeneratedField(
                db_persist=True,
                expression=apps.core.searching.Joined(
                    models.Value(" "),
                    apps.core.searching.Folded(
                        apps.core.searching.Joined(
                            models.F("name"),
                            models.Value(" "),
                            models.F("full_name"),
                            models.Value(" "),
                            models.F("tax_number"),
                            models.Value(" "),
                            models.F("email"),
                            models.Value(" "),
                            models.F("card_number"),
                            models.Value(" "),
                            models.F("further_contacts"),
                        )
                    ),
                    models.Value(" "),
                    apps.core.searching.Digits(models.F("phone")),
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            model_name="contactperson",
            index=models.Index(
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("email", ""), _negated=True),
                name="contact_person_by_email",
            ),
        ),
        migrations.AddIndex(
            model_name="contactperson",
            index=models.Index(fields=["full_name", "id"], name="contact_person_by_name"),
        ),
        migrations.AddIndex(
            model_name="contactperson",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["tags"], name="contact_person_by_tag", opclasses=["jsonb_path_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="contactperson",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_text"], name="contact_person_by_part", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="contactperson",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Left("search_text", 40), name="text_pattern_ops"
                ),
                name="contact_person_by_start",
            ),
        ),
        migrations.AddIndex(
            model_name="counterparty",
            index=models.Index(
                condition=models.Q(("status", "customer"), _negated=True),
                fields=["status", "-created_at", "-id"],
                name="counterparty_by_status",
            ),
        ),
        migrations.AddIndex(
            model_name="counterparty",
            index=models.Index(
                django.db.models.functions.text.Lower("email"),
                condition=models.Q(("email", ""), _negated=True),
                name="counterparty_by_email",
            ),
        ),
        migrations.AddIndex(
            model_name="counterparty",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["tags"], name="counterparty_by_tag", opclasses=["jsonb_path_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="counterparty",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_text"], name="counterparty_by_part", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddIndex(
            model_name="counterparty",
            index=models.Index(
                django.contrib.postgres.indexes.OpClass(
                    django.db.models.functions.text.Left("search_text", 40), name="text_pattern_ops"
                ),
                name="counterparty_by_start",
            ),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(
                fields=["kind", "key", "name", "-version"], name="attachment_of_card"
            ),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(fields=["digest"], name="attachment_by_digest"),
        ),
        migrations.AddIndex(
            model_name="contactpoint",
            index=models.Index(
                condition=models.Q(("normalized", ""), _negated=True),
                fields=["normalized"],
                name="point_by_value",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactrole",
            constraint=models.UniqueConstraint(
                fields=("counterparty", "person"), name="contact_role_unique_person"
            ),
        ),
    ]
