"""The journal tells of all rows of a statement in one line."""

from django.db import migrations

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0002_journal"),
        ("replication", "0003_lines_of_many_keys"),
    ]
    operations = [
        CaptureChanges("catalog.ProductGroup", kind="keys"),
        CaptureChanges("catalog.Unit", kind="keys"),
        CaptureChanges("catalog.Property", kind="keys"),
        CaptureChanges("catalog.PropertyOption", kind="keys"),
        CaptureChanges("catalog.Product", kind="keys"),
        CaptureChanges("catalog.ProductPropertyValue", kind="keys", route="product"),
        CaptureChanges("catalog.Characteristic", kind="keys", route="product"),
        CaptureChanges("catalog.PriceType", kind="keys"),
        CaptureChanges("catalog.Price", kind="keys", route="product"),
        CaptureChanges("catalog.ProductFile", kind="keys", route="product"),
    ]
