"""Search by parts of words: the trigram index of PostgreSQL, once for all companies."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tenants", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public",
            migrations.RunSQL.noop,
        )
    ]
