"""How one person likes a screen."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0002_journal")]
    operations = [
        migrations.CreateModel(
            name="UserPreference",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("user_id", models.UUIDField()),
                ("key", models.CharField(max_length=80)),
                ("value", models.JSONField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user_id", "key"), name="user_preference_unique_key"
                    )
                ],
            },
        ),
    ]
