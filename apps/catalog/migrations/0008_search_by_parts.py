"""What people search products by is computed by the database, in bare Latin letters.

An exchange of the former version that runs while this is migrated fails whole and comes again.
"""

from django.db import migrations

from apps.core.searching import search_column, search_indexes
from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("catalog", "0007_group_links_travel"), ("tenants", "0005_folding")]

    operations = [
        migrations.RemoveIndex("product", "product_by_text"),
        migrations.RemoveField("product", "search_text"),
        migrations.AddField(
            "product", "search_text", search_column("name", "article", "code", "barcode")
        ),
        migrations.AddIndex("product", search_indexes("product")[0]),
        CaptureChanges("catalog.Product", kind="fields"),
    ]
