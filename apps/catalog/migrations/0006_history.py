"""Keep old and new values of products and prices: their cards tell who changed what."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("catalog", "0005_directories")]

    operations = [
        CaptureChanges("catalog.Product", kind="fields"),
        CaptureChanges("catalog.Price", kind="fields", route="product"),
    ]
