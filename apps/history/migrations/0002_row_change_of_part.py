"""The changes of a row that stands on the card of another, found by the row itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("history", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="rowchange",
            index=models.Index(
                condition=models.Q(("key", models.F("owner")), _negated=True),
                fields=["key", "-moment", "-id"],
                name="row_change_of_part",
            ),
        ),
    ]
