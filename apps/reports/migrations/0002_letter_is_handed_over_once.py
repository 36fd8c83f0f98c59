"""That a letter is being sent is noted before it is handed over; so is that nobody knows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="figuresletter",
            name="sending_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="figuresletter",
            name="sending_on",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="figuresletter",
            name="uncertain_on",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
    ]
