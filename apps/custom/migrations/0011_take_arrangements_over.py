"""Arrangements that were kept as preferences of this office become rows of their people.

The preferences stay: the version before reads them as long as it runs beside this one.
"""

from django.db import migrations

TAKE_OVER = """
INSERT INTO custom_personalarrangement (id, created_at, updated_at, user_id, key, value)
SELECT md5(user_id::text || ':' || key)::uuid, now(), now(), user_id, key, value
FROM core_userpreference WHERE key = 'menu' OR left(key, 5) = 'card:'
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("custom", "0010_journal_of_arrangements"),
        ("core", "0003_user_preference"),
    ]
    operations = [migrations.RunSQL(TAKE_OVER, migrations.RunSQL.noop)]
