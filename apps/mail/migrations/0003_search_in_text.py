"""Searching finds words of the text, too; open pages are told of new letters."""

import django.contrib.postgres.indexes
from django.db import migrations, models

import apps.core.searching
from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0002_writing"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="mailmessage", name="mail_message_by_part"),
        migrations.RemoveField(model_name="mailmessage", name="search_text"),
        migrations.AddField(
            model_name="mailmessage",
            name="search_text",
            field=models.GeneratedField(
                db_persist=True,
                expression=apps.core.searching.Joined(
                    models.Value(" "),
                    apps.core.searching.Folded(
                        apps.core.searching.Joined(
                            models.F("subject"),
                            models.Value(" "),
                            models.F("from_name"),
                            models.Value(" "),
                            models.F("from_address"),
                            models.Value(" "),
                            models.F("text"),
                        )
                    ),
                ),
                output_field=models.TextField(),
            ),
        ),
        migrations.AddIndex(
            model_name="mailmessage",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_text"], name="mail_message_by_part", opclasses=["gin_trgm_ops"]
            ),
        ),
        CaptureChanges("mail.MailMessage", kind="keys"),
        CaptureChanges("mail.MailSending", kind="keys"),
    ]
