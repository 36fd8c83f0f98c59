"""Saved lists and tags were made side by side."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0005_lists"), ("core", "0006_journal_of_tags")]

    operations = []
