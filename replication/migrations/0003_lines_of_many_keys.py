"""A line of the journal may hold the keys of all rows that one statement changed."""

from django.db import migrations

FORWARDS = """
ALTER TABLE replication_journal ADD COLUMN keys uuid[], ADD COLUMN routes uuid[];
ALTER TABLE replication_journal ALTER COLUMN key DROP NOT NULL;
ALTER TABLE replication_journal ADD CONSTRAINT replication_journal_names_rows
    CHECK ((key IS NULL) <> (keys IS NULL));
DROP INDEX replication_journal_by_key;
CREATE INDEX replication_journal_by_key ON replication_journal (key) WHERE key IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("replication", "0002_readers")]
    operations = [migrations.RunSQL(FORWARDS, reverse_sql=migrations.RunSQL.noop)]
