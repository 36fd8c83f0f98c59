"""Give further groups of a product keys of their own, so that they travel to branch offices."""

import uuid_utils.compat
from django.db import migrations, models

from replication.operations import CaptureChanges


class Migration(migrations.Migration):
    dependencies = [("catalog", "0006_history"), ("replication", "0004_offices")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    [
                        'ALTER TABLE "catalog_productgrouplink" DROP COLUMN "id"',
                        'ALTER TABLE "catalog_productgrouplink" ADD COLUMN "id" uuid NOT NULL'
                        " DEFAULT gen_random_uuid()"
                        ' CONSTRAINT "catalog_productgrouplink_pkey" PRIMARY KEY',
                        'ALTER TABLE "catalog_productgrouplink" ALTER COLUMN "id" DROP DEFAULT',
                    ],
                    migrations.RunSQL.noop,
                ),
            ],
            state_operations=[
                migrations.AlterField(
                    "productgrouplink", "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
        ),
        CaptureChanges("catalog.ProductGroupLink", kind="keys", route="product"),
    ]  # fmt: skip
