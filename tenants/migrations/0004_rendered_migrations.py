"""The SQL of migrations, kept so that an interrupted run over all companies goes on quickly."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0003_names_and_pool")]

    operations = [
        migrations.CreateModel(
            name="RenderedMigration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("app", models.CharField(max_length=255)),
                ("name", models.CharField(max_length=255)),
                ("statements", models.JSONField(null=True)),
                ("rendered_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("app", "name"), name="rendered_migration_unique_name"
                    )
                ],
            },
        ),
    ]
