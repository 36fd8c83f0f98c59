"""Fields have a name in 1C; a directory of 1C may fill an own object."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("custom", "0006_journal_of_recipes")]

    operations = [
        migrations.AddField(
            model_name="customfield",
            name="name_1c",
            field=models.CharField(blank=True, max_length=100, verbose_name="name in 1C"),
        ),
        migrations.AddField(
            model_name="customobject",
            name="directory_1c",
            field=models.CharField(blank=True, max_length=250, verbose_name="directory of 1C"),
        ),
        migrations.AddConstraint(
            model_name="customrow",
            constraint=models.UniqueConstraint(
                condition=models.Q(("node_id__isnull", False)),
                fields=("kind", "node_id", "ref"),
                name="custom_row_unique_ref",
            ),
        ),
    ]
