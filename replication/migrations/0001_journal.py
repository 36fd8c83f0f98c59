"""The change journal of a company, partitioned by time."""

from django.db import migrations

JOURNAL = """
CREATE TABLE replication_journal (
    id bigint GENERATED ALWAYS AS IDENTITY,
    xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
    moment timestamptz NOT NULL DEFAULT transaction_timestamp(),
    table_name text NOT NULL,
    key uuid NOT NULL,
    route uuid,
    operation "char" NOT NULL,
    changed jsonb,
    author uuid,
    origin uuid,
    cause text NOT NULL DEFAULT ''
) PARTITION BY RANGE (moment);
CREATE INDEX replication_journal_by_transaction ON replication_journal (xid);
CREATE INDEX replication_journal_by_key ON replication_journal (key);
CREATE TABLE replication_journal_default PARTITION OF replication_journal DEFAULT;
"""


class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.RunSQL(JOURNAL, reverse_sql="DROP TABLE replication_journal CASCADE")]
